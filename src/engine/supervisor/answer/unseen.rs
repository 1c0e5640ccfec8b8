//! What could not be seen: steps without a result, limits that the tools told, data that is old or invented.

use super::Found;
use super::draft::{Draft, said, words};
use super::format::Form;
use super::node::Node;
use super::validate::record;
use crate::model::task::{Line, PlannedStep, StepState, StepView, Workflow};
use jiff::civil::Date;

/// Figures older than this many days when the task ended are called old: services deliver within a week.
const DAYS_UNTIL_OLD: i32 = 8;

/// Adds all of it.
pub(super) fn tell(found: &Found<'_>, results: &[Node<'_>], draft: &mut Draft) {
    let best = found.plan.workflow.and_then(best_tool);
    if best.is_some_and(|best| !found.plan.steps.iter().any(|step| step.tool == best)) {
        draft.unseen.push(said(
            "The analysis that answers this best could not be used here, so that nothing is proven; this is what other steps found.",
        ));
    }
    let names_the_file = found.plan.steps.iter().any(|step| step.tool == "find_asset_access");
    if found.plan.workflow == Some(Workflow::AssetAccess) && !names_the_file {
        draft.unseen.push(said(
            "The log tells who opened or listed files, not which ones: these calls may be about any file of any artist.",
        ));
    }
    draft.unseen.extend(found.plan.left_out.iter().map(|what| Line(vec![words(record(what))])));
    for planned in &found.plan.steps {
        let step = found.steps.iter().find(|step| step.id == planned.id);
        draft.unseen.extend(without_result(planned, step));
    }
    for result in results {
        for note in ["notes", "notEnoughData"].into_iter().flat_map(|name| result.list(name)) {
            draft.unseen.extend(note.note().filter(|line| !draft.unseen.iter().any(|told| same(told, line))));
        }
        draft.unseen.extend(result.get("notice").and_then(|notice| notice.note()));
        old(result, draft);
        if result.holds("truncated") {
            let line = "There was more than the step could read, so that counts may be too small.";
            draft.unseen.push(Line(vec![words(line)]));
        }
        if result.get("nextCursor").is_some() || result.get("nextToken").is_some() {
            let line = "There are more pages than the one that was read: ";
            draft.unseen.push(Line(vec![words(line), words(record(&result.planned.title)), words(".")]));
        }
    }
    let sample = words("Sample data: these figures are of the label invented to try Patchline.");
    if results.iter().any(|result| result.holds("sample")) {
        draft.unseen.push(Line(vec![sample]));
    }
}

/// The tool that answers a workflow; none where any of several does.
fn best_tool(workflow: Workflow) -> Option<&'static str> {
    match workflow {
        Workflow::ArtistPerformance | Workflow::ExplainChange | Workflow::StreamAuthenticity => {
            Some("analyze_artist_performance")
        }
        Workflow::Breakouts | Workflow::GenreTrends => Some("identify_genre_trends"),
        Workflow::WeeklyReport => Some("generate_weekly_report"),
        Workflow::CompareArtists => Some("compare_artists"),
        Workflow::ReleaseInsights => Some("generate_release_insights"),
        Workflow::ReleaseDate => Some("recommend_release_date"),
        Workflow::WaterfallPlan | Workflow::PromotionPlan => Some("plan_promotion"),
        Workflow::CheckUpload => Some("process_audio"),
        Workflow::ChangeRelease => Some("update_release_data"),
        Workflow::Knowledge
        | Workflow::Earnings
        | Workflow::ContractSummary
        | Workflow::AssetAccess
        | Workflow::PerformanceLogs
        | Workflow::SystemHealth => None,
    }
}

fn same(one: &Line, other: &Line) -> bool {
    use crate::model::task::Piece::Quoted;
    match (one.0.as_slice(), other.0.as_slice()) {
        ([Quoted(one)], [Quoted(other)]) => one.text == other.text,
        _ => false,
    }
}

fn without_result(planned: &PlannedStep, step: Option<&StepView>) -> Option<Line> {
    let state = step.map_or(StepState::Waiting, |step| step.state);
    let what = match state {
        StepState::Done if step.is_some_and(|step| step.result.is_some()) => return None,
        StepState::Done => " ended without a result",
        StepState::Failed => " could not be done",
        StepState::Skipped => " was left out",
        StepState::Cancelled => " was stopped",
        StepState::Waiting | StepState::Running => " has not ended yet",
    };
    let mut pieces = vec![words(record(&planned.title)), words(what)];
    match step.and_then(|step| step.problem.as_deref()).map(record).filter(|problem| !problem.is_empty()) {
        Some(problem) => pieces.extend([words(": "), words(problem)]),
        None => pieces.push(words(".")),
    }
    Some(Line(pieces))
}

/// Says so where figures are older than services usually take to deliver them, or where there are none.
fn old(result: &Node<'_>, draft: &mut Draft) {
    let Some(of) = result.value.get("asOf").filter(|of| !of.is_array()) else { return };
    if of.is_null() {
        let line = " has no data to go by.";
        draft.unseen.push(Line(vec![words(record(&result.planned.title)), words(line)]));
        return;
    }
    let date = |text: &str| text.get(..10)?.parse::<Date>().ok();
    let ended = result.step.ended_at.as_deref().and_then(date);
    let newest = of.as_str().and_then(date);
    let Some((newest, ended)) = newest.zip(ended) else { return };
    let age = newest.until(ended).map_or(0, |span: jiff::Span| span.get_days());
    if age > DAYS_UNTIL_OLD {
        draft.missing(result.show("asOf", Form::Day).map(|day| {
            vec![words("The newest figures are of "), day, words("; what happened since is not in them.")]
        }));
    }
}
