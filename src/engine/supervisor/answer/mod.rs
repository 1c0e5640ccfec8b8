//! From the results of a plan's steps to an answer that a label manager acts on: a line that answers, tables,
//! findings, advice, and what could not be seen. Every number is a [`Figure`](crate::model::task::Figure) that
//! names the place which it comes from; sums and differences that no tool computed are not told.

mod artists;
mod changes;
mod comparison;
mod draft;
mod earnings;
mod files;
mod format;
mod general;
mod in_territory;
mod knowledge;
mod known_words;
mod label_earnings;
mod markdown;
mod model;
mod node;
mod plans;
mod records;
mod releases;
mod report;
mod rows;
mod sources;
mod text;
mod trends;
mod unseen;
mod validate;
mod written;

pub use markdown::markdown;
pub(super) use model::write_with_model;
pub use validate::{Unsupported, validate};
pub use written::{RULES, written};

use crate::model::task::{Line, Plan, StepView, TaskAnswer, TaskRequest, Workflow, Writer};
use draft::{Draft, said};
use node::Node;

/// What an answer is made from.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// What was asked.
    pub request: &'a TaskRequest,
    /// What was understood, in one line.
    pub understood_line: Option<&'a str>,
    /// The plan.
    pub plan: &'a Plan,
    /// How far its steps are and what they found.
    pub steps: &'a [StepView],
}

/// Writes the answer. Where steps failed or were left out it is partial and says so.
pub fn write(found: &Found<'_>) -> TaskAnswer {
    let workflow = found.plan.workflow;
    let mut results = Node::results(found);
    // What was looked up beside the question comes after what answers it.
    results.sort_by_key(|result| workflow.is_some_and(|workflow| is_beside(workflow, result.tool())));
    let mut draft = Draft::default();
    for result in &results {
        // Where the question is answered, records of the catalogue say nothing more to whoever asked; but a week
        // has its releases.
        let is_question = workflow.is_some_and(|workflow| workflow != Workflow::WeeklyReport);
        let is_more = is_question && draft.headline.is_some() && is_of_catalogue(result.tool());
        if workflow == Some(Workflow::ChangeRelease) {
            changes::told(result, found, &mut draft);
        } else if !is_more {
            compose(workflow, result, &mut draft);
        }
    }
    general::fill(&results, &mut draft);
    unseen::tell(found, &results, &mut draft);
    let mut answer = TaskAnswer {
        headline: draft.headline.unwrap_or_else(|| nothing(found)),
        tables: draft.tables,
        findings: draft.findings,
        advice: draft.advice,
        unseen: draft.unseen,
        sources: Vec::new(),
        writer: Writer::Patchline,
    };
    tidy(&mut answer);
    sources::number(&mut answer, found);
    answer
}

fn tidy(answer: &mut TaskAnswer) {
    let advice = answer.advice.iter_mut().flat_map(|advice| [&mut advice.action, &mut advice.reason]);
    let lines = answer.findings.iter_mut().chain(advice).chain(&mut answer.unseen);
    std::iter::once(&mut answer.headline).chain(lines).for_each(draft::tidy);
}

/// Writes what a step found, as the workflow needs it. The tools of a step decide, not its place in the plan.
fn compose(workflow: Option<Workflow>, result: &Node<'_>, draft: &mut Draft) {
    match (result.tool(), workflow) {
        (_, Some(Workflow::WeeklyReport)) => report::section(result, draft),
        ("analyze_artist_performance", Some(Workflow::StreamAuthenticity))
        | ("assess_stream_authenticity", _) => {
            artists::authenticity(result, draft);
        }
        ("analyze_artist_performance", Some(Workflow::ExplainChange)) | ("explain_change", _) => {
            artists::explanation(result, draft);
        }
        ("analyze_artist_performance", _) => artists::performance(result, draft),
        ("compare_artists", _) => comparison::comparison(result, draft),
        ("identify_genre_trends", Some(Workflow::Breakouts)) | ("find_breakouts", _) => {
            trends::breakouts(result, draft);
        }
        ("identify_genre_trends", _) => trends::genres(result, draft),
        ("generate_release_insights", _) => releases::insights(result, draft),
        ("recommend_release_date", _) => releases::date(result, draft),
        ("plan_promotion", Some(Workflow::WaterfallPlan)) | ("plan_waterfall", _) => {
            plans::waterfall(result, draft);
        }
        ("plan_promotion", _) => plans::promotion(result, draft),
        ("process_audio", _) => files::checked(result, draft),
        ("list_audio_files", Some(Workflow::CheckUpload)) => files::newest(result, draft),
        ("music_knowledge_search", _) => knowledge::found(result, leads(workflow), draft),
        ("generate_music_insights", _) => knowledge::answered(result, leads(workflow), draft),
        ("get_contract", _) => files::contract(result, draft),
        ("summarize_earnings", _) => label_earnings::summary(result, draft),
        ("query_database", Some(Workflow::Earnings)) => earnings::statement(result, draft),
        ("scan_analytics_data", _) => rows::daily(result, draft),
        ("query_performance_logs", Some(Workflow::AssetAccess)) => records::access(result, draft),
        ("query_performance_logs", _) => records::logs(result, draft),
        ("find_asset_access", _) => records::uses_of_file(result, draft),
        ("analyze_user_activity", _) => records::activity(result, draft),
        ("check_system_health", _) => records::health(result, draft),
        ("get_performance_metrics", _) => records::metrics(result, draft),
        ("list_database_instances" | "list_knowledge_bases", _) => records::services(result, draft),
        // A waveform is for the eye.
        ("get_waveform", _) => {}
        _ => rows::found(result, draft),
    }
}

/// Whether a tool reads records of artists or releases as they are stored.
fn is_of_catalogue(tool: &str) -> bool {
    matches!(tool, "query_artist_data" | "query_release_data")
}

/// Whether a tool looks something up that only helps to answer.
fn is_beside(workflow: Workflow, tool: &str) -> bool {
    match tool {
        "music_knowledge_search" | "generate_music_insights" => !leads(Some(workflow)),
        "scan_analytics_data"
        | "list_contracts"
        | "list_audio_files"
        | "get_audio_file"
        | "get_artwork"
        | "list_knowledge_bases"
        | "list_database_instances" => true,
        tool => is_of_catalogue(tool),
    }
}

/// Whether the knowledge base is what was asked, and not only a help beside the figures.
fn leads(workflow: Option<Workflow>) -> bool {
    matches!(workflow, None | Some(Workflow::Knowledge))
}

fn nothing(found: &Found<'_>) -> Line {
    let is_done = found.steps.iter().any(|step| step.result.is_some());
    said(if is_done {
        "The steps are done, but nothing that they found answers this."
    } else {
        "There is no answer: no step could find anything."
    })
}

#[cfg(test)]
mod tests;
