//! The calendar of a month: the roster's releases, what must be done for them by when, what is known to happen,
//! and days on which little works.

use super::analytics::Freshness;
use super::identifier::ArtistId;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which month, and of whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CalendarQuestion {
    /// Any day of the month; the month of today where none is named.
    pub month: Option<Date>,
    /// Only this artist.
    pub artist: Option<ArtistId>,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseCalendar {
    /// Its first day.
    pub first: Date,
    /// Today at the label.
    pub today: Date,
    /// What is on which day, in order of time.
    pub entries: Vec<CalendarEntry>,
    /// The artists who may be chosen, by name.
    pub artists: Vec<CalendarArtist>,
    /// Where it comes from.
    pub freshness: Freshness,
    /// What could not be seen. Full sentences.
    pub notes: Vec<String>,
}

/// An artist who may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarArtist {
    /// The id.
    pub artist_id: ArtistId,
    /// The name, with what tells namesakes apart.
    pub name: String,
}

/// Something on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarEntry {
    /// The day.
    pub date: Date,
    /// What kind of thing.
    pub kind: CalendarKind,
    /// What it is.
    pub title: String,
    /// Of whom, or why.
    pub note: String,
    /// The page about it.
    pub address: Option<String>,
    /// The id of the entry of the knowledge base that says so.
    pub source: Option<String>,
}

/// The kinds of things in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CalendarKind {
    /// A release comes out.
    Release,
    /// The last day for something before a release.
    Deadline,
    /// Something that is logged of an artist.
    Event,
    /// A holiday, or weeks in which nothing is processed.
    Closed,
}

impl CalendarKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            CalendarKind::Release => "Release",
            CalendarKind::Deadline => "Deadline",
            CalendarKind::Event => "Event",
            CalendarKind::Closed => "Closed",
        }
    }
}

/// The first day of the month of a day.
pub fn first_of_month(day: Date) -> Date {
    day.first_of_month()
}

/// The first day of the month so many months later, or earlier where negative.
pub fn month_after(first: Date, months: i32) -> Date {
    first.saturating_add(months.months()).first_of_month()
}
