//! The plan of each workflow.

mod changes;
mod figures;
mod ledger;
mod library;
mod records;
mod releases;

use super::draft::{Call, Draft};
use super::tools::Tools;
use crate::engine::supervisor::understand::Understood;
use crate::model::task::{Plan, Problem, Workflow};

/// Whom one plan looks at, at most.
pub(super) const MOST_ARTISTS: usize = 8;

/// Plans a workflow.
pub(super) fn plan(understood: &Understood, tools: &Tools<'_>) -> Result<Plan, Problem> {
    let mut draft = Draft::new(tools);
    match understood.workflow {
        Workflow::ArtistPerformance => figures::performance(understood, tools, &mut draft)?,
        Workflow::ExplainChange => figures::change(understood, tools, &mut draft)?,
        Workflow::StreamAuthenticity => figures::authenticity(understood, tools, &mut draft)?,
        Workflow::CompareArtists => figures::comparison(understood, tools, &mut draft)?,
        Workflow::Breakouts | Workflow::GenreTrends => figures::trends(understood, &mut draft)?,
        Workflow::WeeklyReport => figures::week(understood, tools, &mut draft),
        Workflow::ReleaseInsights => releases::insights(understood, &mut draft)?,
        Workflow::ReleaseDate => releases::date(understood, &mut draft)?,
        Workflow::WaterfallPlan => releases::waterfall(understood, &mut draft)?,
        Workflow::PromotionPlan => releases::promotion(understood, &mut draft)?,
        Workflow::ChangeRelease => changes::release(understood, &mut draft)?,
        Workflow::CheckUpload => library::upload(understood, tools, &mut draft)?,
        Workflow::Knowledge => library::knowledge(understood, &mut draft)?,
        Workflow::ContractSummary => library::contract(understood, &mut draft)?,
        Workflow::Earnings => ledger::earnings(understood, &mut draft)?,
        Workflow::AssetAccess => records::access(understood, tools, &mut draft)?,
        Workflow::PerformanceLogs => records::logs(understood, &mut draft)?,
        Workflow::SystemHealth => records::health(understood, &mut draft)?,
    }
    let artists = understood.artists.len();
    if artists > MOST_ARTISTS {
        draft.leave_out(format!(
            "{artists} artists were asked for, and one task looks at the first {MOST_ARTISTS} of them."
        ));
    }
    draft.finish(understood.workflow)
}

/// A search of the knowledge base for what the label has to keep to.
fn rules(question: &str) -> Call {
    Call::of("music_knowledge_search", "Look up the rules").with("query", question).with("maxResults", 5)
}
