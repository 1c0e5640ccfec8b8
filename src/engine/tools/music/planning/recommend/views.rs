//! Dates and limits as callers see them.

use crate::model::release_dates::{CandidateView, ImpossibleView, PartView};
use crate::music::release::timing::{Candidate, Impossible};

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
