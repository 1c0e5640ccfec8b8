//! A plan: which tools are called with what, in which order, and what that may do.

use super::spent::Spent;
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// What Patchline knows how to do from a sentence.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Workflow {
    /// How an artist does in a period against the one before, and whether it is proven.
    ArtistPerformance,
    /// Which artists of the roster are breaking out.
    Breakouts,
    /// An artist beside others like them.
    CompareArtists,
    /// How genres do, by territory.
    GenreTrends,
    /// Why an artist's figures changed.
    ExplainChange,
    /// Whether streams look artificial.
    StreamAuthenticity,
    /// How a release does against the artist's own past.
    ReleaseInsights,
    /// The best day for a release.
    ReleaseDate,
    /// Which songs to release before an album, and when.
    WaterfallPlan,
    /// How to promote a release, with the pitch.
    PromotionPlan,
    /// A change of a release: its date, title, genre or status.
    ChangeRelease,
    /// Processing and checking an uploaded file.
    CheckUpload,
    /// A question about the industry, its rules and its law.
    Knowledge,
    /// What was earned and who gets paid.
    Earnings,
    /// What a contract says.
    ContractSummary,
    /// Who opened or downloaded a file.
    AssetAccess,
    /// What the logs of performance say.
    PerformanceLogs,
    /// Whether Patchline and its services are well.
    SystemHealth,
    /// The label's week on a page.
    WeeklyReport,
}

impl Workflow {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Workflow; 19] = [
        Self::ArtistPerformance,
        Self::Breakouts,
        Self::CompareArtists,
        Self::GenreTrends,
        Self::ExplainChange,
        Self::StreamAuthenticity,
        Self::ReleaseInsights,
        Self::ReleaseDate,
        Self::WaterfallPlan,
        Self::PromotionPlan,
        Self::ChangeRelease,
        Self::CheckUpload,
        Self::Knowledge,
        Self::Earnings,
        Self::ContractSummary,
        Self::AssetAccess,
        Self::PerformanceLogs,
        Self::SystemHealth,
        Self::WeeklyReport,
    ];

    /// The name that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::ArtistPerformance => "Artist performance",
            Self::Breakouts => "What is breaking out",
            Self::CompareArtists => "Compare artists",
            Self::GenreTrends => "Genres and territories",
            Self::ExplainChange => "Why it changed",
            Self::StreamAuthenticity => "Are these streams real",
            Self::ReleaseInsights => "Release insights",
            Self::ReleaseDate => "Best release date",
            Self::WaterfallPlan => "Waterfall plan",
            Self::PromotionPlan => "Promotion plan and pitch",
            Self::ChangeRelease => "Change a release",
            Self::CheckUpload => "Check an upload",
            Self::Knowledge => "Ask the knowledge base",
            Self::Earnings => "Earnings and payees",
            Self::ContractSummary => "Contract summary",
            Self::AssetAccess => "Who accessed a file",
            Self::PerformanceLogs => "Performance logs",
            Self::SystemHealth => "System health",
            Self::WeeklyReport => "Weekly report",
        }
    }

    /// The name as stored and in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Self::ArtistPerformance => "artistPerformance",
            Self::Breakouts => "breakouts",
            Self::CompareArtists => "compareArtists",
            Self::GenreTrends => "genreTrends",
            Self::ExplainChange => "explainChange",
            Self::StreamAuthenticity => "streamAuthenticity",
            Self::ReleaseInsights => "releaseInsights",
            Self::ReleaseDate => "releaseDate",
            Self::WaterfallPlan => "waterfallPlan",
            Self::PromotionPlan => "promotionPlan",
            Self::ChangeRelease => "changeRelease",
            Self::CheckUpload => "checkUpload",
            Self::Knowledge => "knowledge",
            Self::Earnings => "earnings",
            Self::ContractSummary => "contractSummary",
            Self::AssetAccess => "assetAccess",
            Self::PerformanceLogs => "performanceLogs",
            Self::SystemHealth => "systemHealth",
            Self::WeeklyReport => "weeklyReport",
        }
    }
}

/// Names a step within its plan: `s1`, `s2` …
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub String);

impl StepId {
    /// The step of a place in the plan, from 1.
    pub fn at(place: usize) -> Self {
        Self(format!("s{place}"))
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Steps and what made them.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What it is for; none where a model made a plan of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Workflow>,
    /// Who planned.
    pub planner: Planner,
    /// The steps; each comes after those that it needs.
    pub steps: Vec<PlannedStep>,
    /// What was asked for and is not looked at, because a plan looks at so much only. Full sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Who made a plan.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Planner {
    /// Patchline's own rules, without a model.
    Rules,
    /// A model, by its id.
    #[serde(rename_all = "camelCase")]
    Model {
        /// The id on Bedrock.
        model_id: String,
    },
}

/// One call of a tool that is planned.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    /// Names it within the plan.
    pub id: StepId,
    /// What it is for, in words that people read.
    pub title: String,
    /// The tool.
    pub tool: String,
    /// The arguments by name.
    pub arguments: BTreeMap<String, Argument>,
    /// The steps that must have ended before.
    pub after: Vec<StepId>,
    /// What it may do.
    pub risk: Risk,
    /// Whether the answer can do without it.
    pub optional: bool,
    /// How long it usually takes, in milliseconds.
    pub expected_millis: u32,
    /// What its calls of models usually cost, in millionths of a US dollar.
    pub expected_micro_dollars: u32,
}

impl PlannedStep {
    /// The names of the arguments that earlier steps are still to find: none once they are known.
    pub fn still_to_find(&self, view: Option<&StepView>) -> Vec<String> {
        if view.is_some_and(|view| view.arguments.is_some()) {
            return Vec::new();
        }
        let found = self.arguments.iter().filter(|(_, argument)| matches!(argument, Argument::From(_)));
        found.map(|(name, _)| name.clone()).collect()
    }
}

/// The value of an argument: known, or found by an earlier step.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Argument {
    /// Known.
    Value(Value),
    /// What an earlier step found.
    From(Reference),
}

/// A place in the result of a step.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// The step.
    pub step: StepId,
    /// Where in its result: a JSON pointer (RFC 6901).
    pub pointer: String,
}

/// What a step may do.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Risk {
    /// It only reads.
    Low,
    /// It adds something, or pays a model.
    Medium,
    /// It changes, replaces or sends something: a person approves it first.
    High,
}

impl Risk {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Only reads",
            Self::Medium => "Adds something",
            Self::High => "Changes something",
        }
    }
}

/// How far a step is.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// It waits for others, or for its turn.
    Waiting,
    /// It is being done.
    Running,
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// What it needs failed, or a person refused it.
    Skipped,
    /// It was stopped.
    Cancelled,
}

impl StepState {
    /// Whether it will not change by itself any more.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Running => "Working",
            Self::Done => "Done",
            Self::Failed => "Failed",
            Self::Skipped => "Left out",
            Self::Cancelled => "Stopped",
        }
    }
}

/// What the door said to the call of a step.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepDecision {
    /// Whoever the task is for might do it at that moment.
    Allowed,
    /// They might not.
    Denied,
}

impl StepDecision {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed, by what you could do at that moment",
            Self::Denied => "Denied, by what you could do at that moment",
        }
    }
}

/// How far a step is and what came of it.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// The step of the plan.
    pub id: StepId,
    /// How far it is.
    pub state: StepState,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was begun first, RFC 3339 in UTC with milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// When it ended, RFC 3339 in UTC with milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// The arguments as they were sent, once they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Value>,
    /// The result of the tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// Why it failed or was left out, with what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What the policy decided about its call; none where it was not asked, or another reason came first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<StepDecision>,
    /// Names its call in the audit log, with the decision of the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What it touched.
    #[serde(default)]
    pub resources: Vec<AwsResource>,
    /// What its calls of models have taken; none where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<Spent>,
}
