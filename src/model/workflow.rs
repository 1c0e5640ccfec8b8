//! The workflows as people and AI clients find them: of each a tool and a sentence that begins it, from one table. A
//! prompt, a button and a schedule are made of it.

use super::role::Role;
use super::task::Workflow;

/// Where a name stands in a sentence.
const GAP: &str = "{}";

/// What a workflow has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// An artist.
    Artist,
    /// A release.
    Release,
    /// A file.
    File,
    /// A contract.
    Contract,
    /// A question.
    Question,
}

impl Need {
    /// The name of the argument.
    pub fn id(self) -> &'static str {
        match self {
            Self::Artist => "artist",
            Self::Release => "release",
            Self::File => "file",
            Self::Contract => "contract",
            Self::Question => "question",
        }
    }

    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Artist => "Artist",
            Self::Release => "Release",
            Self::File => "File",
            Self::Contract => "Contract",
            Self::Question => "Question",
        }
    }

    /// What it is.
    pub fn description(self) -> &'static str {
        match self {
            Self::Artist => "The artist's id, or the name where only one artist has it.",
            Self::Release => "The release's id.",
            Self::File => "The name of the file in the bucket of audio.",
            Self::Contract => "The contract's file name, or the artist whose it is.",
            Self::Question => "A question about the industry, its rules and its law.",
        }
    }
}

/// A sentence that somebody may send.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// The sentence, with `{}` where a name has to be put.
    text: &'static str,
    /// The roles that it is for, besides admins.
    roles: &'static [Role],
}

impl Sentence {
    /// Whether a name has to be put into it.
    pub fn has_gap(&self) -> bool {
        self.text.contains(GAP)
    }

    /// The sentence with dots where a name has to be put.
    pub fn with_dots(&self) -> String {
        self.with("…")
    }

    /// The sentence with a name.
    pub fn with(&self, name: &str) -> String {
        self.text.replace(GAP, name)
    }

    /// Whether somebody of a role can send it.
    pub fn is_for(&self, role: Role) -> bool {
        role == Role::Admin || self.roles.contains(&role)
    }
}

/// A workflow as it is found.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowEntry {
    /// Which one.
    pub workflow: Workflow,
    /// The name of its prompt.
    pub prompt: &'static str,
    /// The tool that does what is its own of it, for whoever calls tools. The answer to a task may take more steps.
    pub tool: &'static str,
    /// What it answers, in a sentence.
    pub description: &'static str,
    /// What it has to be told; none where it is about the whole label.
    pub need: Option<Need>,
    /// Sentences that begin it. The first is the one of its prompt.
    pub sentences: &'static [Sentence],
}

impl WorkflowEntry {
    /// The sentence of its prompt.
    pub fn first(&self) -> Option<&'static Sentence> {
        self.sentences.first()
    }

    /// The sentence of a schedule: one that works as it is, where there is one. A change is not made again and again.
    pub fn scheduled(&self, role: Role) -> Option<&'static Sentence> {
        if self.workflow == Workflow::ChangeRelease {
            return None;
        }
        let mut fitting = self.sentences.iter().filter(|sentence| sentence.is_for(role));
        let first = fitting.clone().next();
        fitting.find(|sentence| !sentence.has_gap()).or(first)
    }
}

const EVERYBODY: &[Role] = &[Role::Artist, Role::Producer, Role::Manager, Role::Label];
const OFFICE: &[Role] = &[Role::Manager, Role::Label];
const WITH_ARTISTS: &[Role] = &[Role::Artist, Role::Manager, Role::Label];
const WITH_FILES: &[Role] = &[Role::Producer, Role::Label];
const LABEL: &[Role] = &[Role::Label];
const ADMINS: &[Role] = &[];

const fn said(text: &'static str, roles: &'static [Role]) -> Sentence {
    Sentence { text, roles }
}

const fn entry(
    workflow: Workflow,
    prompt: &'static str,
    tool: &'static str,
    description: &'static str,
    need: Option<Need>,
    sentences: &'static [Sentence],
) -> WorkflowEntry {
    WorkflowEntry { workflow, prompt, tool, description, need, sentences }
}

/// Every workflow.
pub const WORKFLOWS: [WorkflowEntry; 19] = [
    entry(
        Workflow::ArtistPerformance,
        "artist_performance",
        "analyze_artist_performance",
        "How an artist does this month against last, and whether that is more than chance.",
        Some(Need::Artist),
        &[said("How is “{}” doing this month against last?", WITH_ARTISTS)],
    ),
    entry(
        Workflow::Breakouts,
        "breakouts",
        "find_breakouts",
        "Which artists of the label are breaking out.",
        None,
        &[said("Which artists are breaking out?", OFFICE)],
    ),
    entry(
        Workflow::CompareArtists,
        "compare_artists",
        "compare_artists",
        "An artist beside others like them.",
        Some(Need::Artist),
        &[said("Compare “{}” with similar artists", OFFICE)],
    ),
    entry(
        Workflow::GenreTrends,
        "genre_trends",
        "identify_genre_trends",
        "How the genres do, by territory.",
        None,
        &[
            said("How do the genres do over the last 90 days?", OFFICE),
            said("Which genres grow in “{}”?", OFFICE),
        ],
    ),
    entry(
        Workflow::ExplainChange,
        "explain_change",
        "explain_change",
        "Why an artist's figures changed.",
        Some(Need::Artist),
        &[said("Why did the streams of “{}” change last month?", WITH_ARTISTS)],
    ),
    entry(
        Workflow::StreamAuthenticity,
        "stream_authenticity",
        "assess_stream_authenticity",
        "Whether an artist's streams look artificial: a risk, never a verdict.",
        Some(Need::Artist),
        &[said("Are the streams of “{}” real?", WITH_ARTISTS)],
    ),
    entry(
        Workflow::ReleaseInsights,
        "release_insights",
        "generate_release_insights",
        "How a release does against the artist's own past.",
        Some(Need::Release),
        &[said("How is the release “{}” doing?", WITH_ARTISTS)],
    ),
    entry(
        Workflow::ReleaseDate,
        "release_date",
        "recommend_release_date",
        "The best day for a release, with the reasons.",
        Some(Need::Release),
        &[said("When should we release “{}”?", OFFICE)],
    ),
    entry(
        Workflow::WaterfallPlan,
        "waterfall_plan",
        "plan_waterfall",
        "Which songs to release before an album, and when.",
        Some(Need::Release),
        &[said("Make a waterfall plan for the album “{}”", OFFICE)],
    ),
    entry(
        Workflow::PromotionPlan,
        "promotion_plan",
        "plan_promotion",
        "A dated plan for the promotion of a release, with the pitch.",
        Some(Need::Release),
        &[said("Plan the promotion of “{}” with a pitch", OFFICE)],
    ),
    entry(
        Workflow::ChangeRelease,
        "change_release",
        "update_release_data",
        "A new release date, title, genre or status of a release, shown for approval before it is made.",
        Some(Need::Release),
        &[said("Move the release date of “{}” to 4 December", OFFICE)],
    ),
    entry(
        Workflow::CheckUpload,
        "check_upload",
        "process_audio",
        "What an uploaded file is worth: loudness, quality, and what stands against delivery.",
        Some(Need::File),
        &[said("Check the upload “{}”", WITH_FILES), said("Check the newest upload", WITH_FILES)],
    ),
    entry(
        Workflow::Knowledge,
        "knowledge_question",
        "generate_music_insights",
        "A question about the industry, its rules and its law, answered with the entries.",
        Some(Need::Question),
        &[
            said("{}", ADMINS),
            said("How loud may a master be for Spotify?", EVERYBODY),
            said("How early must a release be pitched to playlists?", EVERYBODY),
        ],
    ),
    entry(
        Workflow::Earnings,
        "earnings",
        "summarize_earnings",
        "What was earned, and who gets paid.",
        None,
        &[said("What did we earn last quarter, and who gets paid?", LABEL)],
    ),
    entry(
        Workflow::ContractSummary,
        "contract_summary",
        "summarize_contract",
        "What a contract says.",
        Some(Need::Contract),
        &[said("Summarise the contract “{}”", OFFICE)],
    ),
    entry(
        Workflow::AssetAccess,
        "asset_access",
        "find_asset_access",
        "Who opened or downloaded a file.",
        Some(Need::File),
        &[said("Who accessed the file “{}”?", LABEL)],
    ),
    entry(
        Workflow::PerformanceLogs,
        "performance_logs",
        "query_performance_logs",
        "Which calls were slow or failed, from the logs.",
        None,
        &[said("Which calls were slow in the last 24 hours?", ADMINS)],
    ),
    entry(
        Workflow::SystemHealth,
        "system_health",
        "check_system_health",
        "Whether Patchline and its services are well.",
        None,
        &[said("Is everything working?", ADMINS)],
    ),
    entry(
        Workflow::WeeklyReport,
        "weekly_report",
        "generate_weekly_report",
        "The week of the whole label on one page.",
        None,
        &[said("Write the weekly label report", LABEL)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_workflow_is_there_once_with_a_prompt_and_a_tool_of_its_own() {
        let workflows: Vec<_> = WORKFLOWS.iter().map(|entry| entry.workflow).collect();
        assert_eq!(workflows, Workflow::ALL);
        let prompts: BTreeSet<_> = WORKFLOWS.iter().map(|entry| entry.prompt).collect();
        assert_eq!(prompts.len(), WORKFLOWS.len());
        let tools: BTreeSet<_> = WORKFLOWS.iter().map(|entry| entry.tool).collect();
        assert_eq!(tools.len(), WORKFLOWS.len());
    }

    #[test]
    fn what_has_to_be_told_has_a_place_in_the_sentence() {
        for entry in &WORKFLOWS {
            let first = entry.first().expect("a sentence");
            assert_eq!(entry.need.is_some(), first.has_gap(), "{:?}", entry.workflow);
        }
        let review = WORKFLOWS[0].first().expect("a sentence");
        assert_eq!(review.with("art_1"), "How is “art_1” doing this month against last?");
    }

    #[test]
    fn every_role_has_something_ready_to_send_and_something_to_repeat() {
        for role in Role::ALL {
            let mut all = WORKFLOWS.iter().flat_map(|entry| entry.sentences);
            assert!(all.any(|sentence| !sentence.has_gap() && sentence.is_for(role)), "{role:?}");
            assert!(WORKFLOWS.iter().any(|entry| entry.scheduled(role).is_some()), "{role:?}");
        }
        for entry in &WORKFLOWS {
            let is_change = entry.workflow == Workflow::ChangeRelease;
            assert_eq!(entry.scheduled(Role::Admin).is_none(), is_change, "{:?}", entry.workflow);
        }
    }
}
