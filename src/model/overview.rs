//! What the first page shows of the whole label.

use super::analytics::{DayTotal, Freshness, Share};
use super::artist::ArtistRow;
use super::release::ReleaseRow;
use serde::{Deserialize, Serialize};

/// The label at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// Number of artists.
    pub artists: u32,
    /// Number of releases.
    pub releases: u32,
    /// Streams of the last 28 days, all artists and platforms.
    pub streams28: u64,
    /// Relative change against the 28 days before.
    pub change28: Option<f64>,
    /// The label's streams of each of the last 90 days, oldest first.
    pub days: Vec<DayTotal>,
    /// Streams of the last 28 days by platform, biggest first.
    pub platforms: Vec<Share>,
    /// The artists that grew most, at most five.
    pub rising: Vec<ArtistRow>,
    /// The artists that fell most, at most five.
    pub falling: Vec<ArtistRow>,
    /// The next releases to come out, soonest first, at most six.
    pub upcoming: Vec<ReleaseRow>,
    /// True while the sample label is still being written; figures are incomplete until then.
    pub preparing: bool,
    /// Why the sample label could not be written, if it could not.
    pub trouble: Option<String>,
    /// Where the figures come from.
    pub freshness: Freshness,
}
