//! An entry of the knowledge base: one fact with its value, its dates of effect and its source.

pub use crate::model::knowledge::{Confidence, Tier};

use jiff::civil::Date;
use std::fmt;

/// One fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Unique over all topics: lower-case words and hyphens.
    pub id: String,
    /// The topic, which is the name of its file.
    pub topic: String,
    /// Names the rows that say one thing for different periods.
    pub series: Option<String>,
    /// A short title.
    pub title: String,
    /// The fact, in our own words.
    pub statement: String,
    /// Ways in which label staff ask for it: it is found by them, and they are never shown.
    pub asked: Vec<String>,
    /// A country's code of two letters, or `worldwide`.
    pub jurisdiction: String,
    /// The figure; none where there is none, or where it is not known yet.
    pub amount: Option<Amount>,
    /// When it holds.
    pub effect: Period,
    /// Where it was read.
    pub source: Source,
    /// How much weight the source has.
    pub tier: Tier,
    /// How sure it is.
    pub confidence: Confidence,
    /// When it was last compared with its source.
    pub checked_on: Date,
}

/// A figure with its unit, or a range of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The figure; of a range, its lower end.
    pub value: f64,
    /// The upper end of a range.
    pub to: Option<f64>,
    /// What it counts, for instance `US cents per work`.
    pub unit: String,
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(formatter, "{} to {to} {}", self.value, self.unit),
            None => write!(formatter, "{} {}", self.value, self.unit),
        }
    }
}

/// First and last day of effect; open where not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl Period {
    /// Whether a day lies in it.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether both have a day in common.
    pub(super) fn overlaps(self, other: Period) -> bool {
        let begins_before_end =
            |a: Period, b: Period| a.from.is_none_or(|from| b.to.is_none_or(|to| from <= to));
        begins_before_end(self, other) && begins_before_end(other, self)
    }

    /// Whether neither end is known: it holds always, as far as we know.
    pub fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its address, if it has one.
    pub url: Option<String>,
}
