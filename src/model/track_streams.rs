//! Figures of recordings, as pages show them.

use super::analytics::Platform;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The periods for which figures of recordings are kept added up, in days that end with the newest day.
pub const TRACK_PERIODS: [u16; 3] = [28, 91, 400];

/// A sum for each of the [`TRACK_PERIODS`]; none where no day of it says any.
pub type TrackSums = [Option<u64>; TRACK_PERIODS.len()];

/// The figures of recordings of an artist, or of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackStreams {
    /// The last day of the periods: the newest with figures of the artist. None without any.
    pub as_of: Option<Date>,
    /// On how many days of each of the [`TRACK_PERIODS`] the streams of any recording were told.
    pub days: [u32; TRACK_PERIODS.len()],
    /// The recordings, the most streamed first.
    pub rows: Vec<TrackRow>,
}

/// The figures of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackRow {
    /// ISRC, 12 characters without hyphens.
    pub isrc: String,
    /// The title; none of what the catalogue does not have.
    pub title: Option<String>,
    /// The streams.
    pub streams: TrackSums,
    /// The saves.
    pub saves: TrackSums,
    /// The listeners of a day on each platform that tells them: the same person counts on each day and platform, so they
    /// are never added up.
    pub listeners: Vec<TrackListeners>,
}

/// The different listeners of a recording on a platform, on the newest day that tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackListeners {
    /// The platform.
    pub platform: Platform,
    /// The day.
    pub date: Date,
    /// How many.
    pub listeners: u64,
}
