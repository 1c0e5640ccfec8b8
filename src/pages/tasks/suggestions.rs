//! What can be asked: sentences that work as they are, and sentences with a gap to fill.

use super::address::{self, FIELD};
use crate::components::icon::{Glyph, Icon};
use crate::model::role::Role;
use crate::model::task::Workflow;
use leptos::prelude::*;

/// The beginning of a task.
struct Suggestion {
    workflow: Workflow,
    sentence: &'static str,
    /// Whether something has to be filled in where the dots are.
    has_gap: bool,
    /// The roles that it is for, besides admins.
    roles: &'static [Role],
}

const EVERYBODY: &[Role] = &[Role::Artist, Role::Producer, Role::Manager, Role::Label];
const OFFICE: &[Role] = &[Role::Manager, Role::Label];
const WITH_ARTISTS: &[Role] = &[Role::Artist, Role::Manager, Role::Label];
const WITH_FILES: &[Role] = &[Role::Producer, Role::Label];

const fn ready(workflow: Workflow, sentence: &'static str, roles: &'static [Role]) -> Suggestion {
    Suggestion { workflow, sentence, has_gap: false, roles }
}

const fn template(workflow: Workflow, sentence: &'static str, roles: &'static [Role]) -> Suggestion {
    Suggestion { workflow, sentence, has_gap: true, roles }
}

/// At least one for each workflow.
const SUGGESTIONS: [Suggestion; 20] = [
    ready(Workflow::Breakouts, "Which artists are breaking out?", OFFICE),
    ready(Workflow::GenreTrends, "How do the genres do over the last 90 days?", OFFICE),
    ready(Workflow::WeeklyReport, "Write the weekly label report", &[Role::Label]),
    ready(Workflow::Earnings, "What did we earn last quarter, and who gets paid?", &[Role::Label]),
    ready(Workflow::Knowledge, "How loud may a master be for Spotify?", EVERYBODY),
    ready(Workflow::Knowledge, "How early must a release be pitched to playlists?", EVERYBODY),
    ready(Workflow::SystemHealth, "Is everything working?", &[]),
    ready(Workflow::PerformanceLogs, "Which calls were slow in the last 24 hours?", &[]),
    template(Workflow::ArtistPerformance, "How is “…” doing this month against last?", WITH_ARTISTS),
    template(Workflow::ExplainChange, "Why did the streams of “…” change last month?", WITH_ARTISTS),
    template(Workflow::StreamAuthenticity, "Are the streams of “…” real?", WITH_ARTISTS),
    template(Workflow::CompareArtists, "Compare “…” with similar artists", OFFICE),
    template(Workflow::GenreTrends, "Which genres grow in “…”?", OFFICE),
    template(Workflow::ReleaseInsights, "How is the release “…” doing?", WITH_ARTISTS),
    template(Workflow::ReleaseDate, "When should we release “…”?", OFFICE),
    template(Workflow::WaterfallPlan, "Make a waterfall plan for the album “…”", OFFICE),
    template(Workflow::PromotionPlan, "Plan the promotion of “…” with a pitch", OFFICE),
    template(Workflow::CheckUpload, "Check the upload “…”", WITH_FILES),
    template(Workflow::ContractSummary, "Summarise the contract “…”", OFFICE),
    template(Workflow::AssetAccess, "Who accessed the file “…”?", WITH_FILES),
];

fn is_for(suggestion: &Suggestion, role: Role) -> bool {
    role == Role::Admin || suggestion.roles.contains(&role)
}

/// What somebody of a role can ask. Each is a link that fills the form.
#[component]
pub fn Suggestions(
    /// Who asks.
    role: Role,
) -> impl IntoView {
    let of = |has_gap: bool| {
        let fitting = SUGGESTIONS.iter().filter(|one| one.has_gap == has_gap && is_for(one, role));
        fitting.map(link).collect_view()
    };
    view! {
        <section class="panel task-suggestions" aria-labelledby="suggestions">
            <h2 id="suggestions">"What you can ask"</h2>
            <h3 id="suggestions-ready">"Ready to send"</h3>
            <ul aria-labelledby="suggestions-ready">{of(false)}</ul>
            <h3 id="suggestions-templates">"Templates"</h3>
            <p class="task-quiet">"Put a name in the place of the dots."</p>
            <ul aria-labelledby="suggestions-templates">{of(true)}</ul>
        </section>
    }
}

fn link(suggestion: &Suggestion) -> impl IntoView + use<> {
    let address = format!("{}#{FIELD}", address::with_task(suggestion.sentence));
    let (workflow, sentence) = (suggestion.workflow.label(), suggestion.sentence);
    view! {
        <li>
            <a href=address class="task-suggestion" data-noscroll="">
                <span class="task-suggestion-workflow">{workflow}</span>
                <span>{sentence}</span>
                <Icon glyph=Glyph::Forward />
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_sentence_for_each_workflow_and_something_for_each_role() {
        for workflow in Workflow::ALL {
            assert!(SUGGESTIONS.iter().any(|one| one.workflow == workflow), "{workflow:?}");
        }
        for role in Role::ALL {
            assert!(SUGGESTIONS.iter().any(|one| !one.has_gap && is_for(one, role)), "{role:?}");
        }
    }

    #[test]
    fn a_gap_is_where_dots_are() {
        for one in &SUGGESTIONS {
            assert_eq!(one.sentence.contains('…'), one.has_gap, "{}", one.sentence);
        }
    }
}
