//! Daily figures of an artist on a platform, and the sums that pages show of them.

use super::engagement::Engagement;
use super::identifier::ArtistId;
pub use super::platform::Platform;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One artist, one day, one platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DailyAnalytics {
    /// The artist.
    pub artist_id: ArtistId,
    /// The day in the platform's reporting calendar (UTC).
    pub date: Date,
    /// The platform.
    pub platform: Platform,
    /// Plays of at least 30 seconds. What a social network calls so is kept here, but is in no sum.
    pub streams: u64,
    /// Different listeners on this day; cannot be added up over days. None where an import did not say them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listeners: Option<u64>,
    /// Times that a track was saved to a library; none as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves: Option<u64>,
    /// Followers at the end of the day; none as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
    /// Streams by territory (ISO 3166-1 alpha-2; `ZZ` for the rest of the world); adds up to `streams`.
    pub territories: BTreeMap<String, u64>,
    /// Streams by recording (ISRC without hyphens), as far as a source tells recordings apart: at most `streams`
    /// together.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tracks: BTreeMap<String, u64>,
    /// Saves by recording, as far as a source tells them: at most `saves` together.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub track_saves: BTreeMap<String, u64>,
    /// Different listeners of each recording on this day, as far as a source tells them: each at most `listeners`. They
    /// cannot be added up, neither over days nor over platforms or recordings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub track_listeners: BTreeMap<String, u64>,
    /// What is counted beside listening.
    #[serde(default, skip_serializing_if = "Engagement::is_unknown")]
    pub engagement: Engagement,
    /// Where the row came from, for instance `"sample"` or a report's name.
    pub source: String,
}

impl DailyAnalytics {
    /// The sort key in the table: rows of an artist lie in order of day, then platform.
    pub fn sort_key(&self) -> String {
        sort_key(self.date, self.platform)
    }
}

/// See [`DailyAnalytics::sort_key`].
pub fn sort_key(date: Date, platform: Platform) -> String {
    format!("{date}#{platform}")
}

/// The streams of one calendar day on all platforms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayTotal {
    /// The day.
    pub date: Date,
    /// The sum; none where no platform reported.
    pub streams: Option<u64>,
}

/// A part of a sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// What the part is, for people: a platform's name, a country code.
    pub label: String,
    /// Its streams.
    pub streams: u64,
    /// Its part of the whole, 0 to 1.
    pub share: f64,
}

/// Where figures come from and how old they are: every number has a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Freshness {
    /// The newest day with data; none when there is no data at all.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "As of"))]
    pub as_of: Option<Date>,
    /// The query in words, for instance `"table analytics, artistId = art_1, last 400 days"`.
    #[cfg_attr(feature = "ssr", schemars(title = "Source"))]
    pub source: String,
    /// True when some of the figures are generated sample data.
    #[cfg_attr(feature = "ssr", schemars(title = "Sample data"))]
    pub sample: bool,
}
