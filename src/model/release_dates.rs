//! When a release should come out, and what must be done by when.

use serde::{Deserialize, Serialize};

/// When a release should come out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct RecommendedDates {
    /// What must be in order before any date.
    pub gates: Vec<GateView>,
    /// Three dates, best first; of equal scores the earlier first.
    #[cfg_attr(feature = "ssr", schemars(title = "Dates"))]
    pub candidates: Vec<CandidateView>,
    /// Days on which a release is impossible, and why.
    pub impossible: Vec<ImpossibleView>,
    /// What must be done by when for the best date.
    pub calendar: Vec<TaskView>,
    /// What would change the answer.
    #[cfg_attr(feature = "ssr", schemars(title = "What would change it"))]
    pub would_change: Vec<String>,
    /// The entries of the knowledge base that it rests on.
    pub rules: Vec<RuleView>,
    /// The newest day with figures of the artist.
    #[cfg_attr(feature = "ssr", schemars(title = "Figures up to"))]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
    /// Whether it rests on generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// Something that must be in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct GateView {
    /// Its name for programs: `masters`, `cover`, `splits`, `identifiers`, `lead`, `pitch`.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// Whether it is in order; none where that is not known here.
    pub passed: Option<bool>,
    /// What was found.
    pub measured: String,
    /// What is asked for.
    pub limit: String,
    /// What to do; none where nothing has to be done.
    pub remedy: Option<String>,
    /// The page on which that is done, or what was found can be read; none where there is no such page.
    pub address: Option<String>,
    /// The id of the entry of the knowledge base; none where the caller said so.
    pub source: Option<String>,
}

/// A date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct CandidateView {
    /// The day, such as `2027-01-08`.
    pub date: String,
    /// Its day of the week.
    #[cfg_attr(feature = "ssr", schemars(title = "Day"))]
    pub weekday: String,
    /// 0 to 100.
    pub score: u32,
    /// What the score is made of.
    pub parts: Vec<PartView>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct PartView {
    /// Its name for programs.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// The points.
    pub points: u32,
    /// The most points; zero where nothing is known, then it does not count.
    pub most: u32,
    /// Why so many.
    pub reason: String,
    /// The id of the entry of the knowledge base behind it.
    pub source: Option<String>,
}

/// Days on which a release is impossible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ImpossibleView {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
    /// Why.
    pub reason: String,
    /// The id of the entry of the knowledge base; none where the caller said so.
    pub source: Option<String>,
}

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct TaskView {
    /// The day, such as `2026-12-11`.
    pub date: String,
    /// What is to be done.
    pub task: String,
    /// Why then.
    pub reason: String,
    /// The id of the entry of the knowledge base; none where it is Patchline's own advice.
    pub source: Option<String>,
}

/// A rule that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct RuleView {
    /// The id of the entry of the knowledge base.
    pub id: String,
    /// Its title.
    pub title: String,
}
