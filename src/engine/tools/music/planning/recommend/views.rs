//! Dates, limits and gates as callers see them.

use crate::music::release::timing::{Candidate, Impossible};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that must be in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GateView {
    /// Its name for programs: `masters`, `splits`, `identifiers`, `lead`, `pitch`.
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
    /// The id of the entry of the knowledge base; none where the caller said so.
    pub source: Option<String>,
}

/// A date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    /// The day, such as `2027-01-08`.
    pub date: String,
    /// Its day of the week.
    #[schemars(title = "Day")]
    pub weekday: String,
    /// 0 to 100.
    pub score: u32,
    /// What the score is made of.
    pub parts: Vec<PartView>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
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

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        let part = |part: crate::music::release::timing::Part| PartView {
            id: part.id.to_owned(),
            label: part.label.to_owned(),
            points: part.points,
            most: part.most,
            reason: part.reason,
            source: part.rule.map(str::to_owned),
        };
        Self {
            date: candidate.date.to_string(),
            weekday: candidate.date.strftime("%A").to_string(),
            score: candidate.score,
            parts: candidate.parts.into_iter().map(part).collect(),
        }
    }
}

impl From<Impossible> for ImpossibleView {
    fn from(range: Impossible) -> Self {
        Self {
            from: range.from.to_string(),
            to: range.to.to_string(),
            reason: range.reason,
            source: range.rule.map(str::to_owned),
        }
    }
}
