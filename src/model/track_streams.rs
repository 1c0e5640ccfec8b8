//! Streams of recordings, as pages show them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The periods for which streams of recordings are kept added up, in days that end with the newest day.
pub const TRACK_PERIODS: [u16; 3] = [28, 91, 400];

/// The streams of recordings of an artist, or of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackStreams {
    /// The last day of the periods: the newest with figures of the artist. None without any.
    pub as_of: Option<Date>,
    /// On how many days of each of the [`TRACK_PERIODS`] any recording was told.
    pub days: [u32; TRACK_PERIODS.len()],
    /// The recordings, the most streamed first.
    pub rows: Vec<TrackRow>,
}

/// The streams of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackRow {
    /// ISRC, 12 characters without hyphens.
    pub isrc: String,
    /// The title; none of what the catalogue does not have.
    pub title: Option<String>,
    /// The streams of each of the [`TRACK_PERIODS`]; none where no day of it says any.
    pub streams: [Option<u64>; TRACK_PERIODS.len()],
}
