//! What a release did, against the artist's own past.

use super::chart::LabelledLines;
use serde::{Deserialize, Serialize};

/// What a release did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ReleaseInsights {
    /// The release.
    pub release_id: String,
    /// Its title.
    pub title: String,
    /// The main artist.
    pub artist_id: String,
    /// The main artist's name.
    pub artist_name: String,
    /// The day it comes or came out.
    pub release_date: String,
    /// `draft`, `scheduled`, `released` or `withdrawn`.
    pub state: String,
    /// From which figures it is known what the release and the earlier ones did.
    #[cfg_attr(feature = "ssr", schemars(title = "Measured by"))]
    #[serde(default)]
    pub basis: CurveBasis,
    /// Streams on the first day: those of its own tracks, or the artist's above the expected level, as `basis` says.
    #[cfg_attr(feature = "ssr", schemars(title = "First day"))]
    pub day1: Option<i64>,
    /// The same for the first seven days.
    #[cfg_attr(feature = "ssr", schemars(title = "First week"))]
    pub week1: Option<i64>,
    /// The same for the first 28 days.
    #[cfg_attr(feature = "ssr", schemars(title = "First 28 days"))]
    pub day28: Option<i64>,
    /// The part (0 to 1) of the artist's earlier releases whose first week it is above, equal ones half.
    pub percentile: Option<f64>,
    /// The change of the streams in `curve` from week to week (-0.3 = 30 % less each week).
    pub decay_per_week: Option<f64>,
    /// After how many weeks half of them is left.
    pub half_life_weeks: Option<f64>,
    /// The part (0 to 1) of the first 28 days that came in the first week.
    pub front_load: Option<f64>,
    /// The same for each day from the release on.
    pub curve: Vec<CurveDay>,
    /// The median of the artist's earlier releases for each day; empty where too few of them have figures.
    #[cfg_attr(feature = "ssr", schemars(title = "As usual"))]
    #[serde(default)]
    pub usual: Vec<CurveDay>,
    /// The artist's earlier releases, newest first, measured by the same figures.
    pub past: Vec<PastRelease>,
    /// The newest day with figures.
    #[cfg_attr(feature = "ssr", schemars(title = "Figures up to"))]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
    /// Whether it is generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// From which figures it is known what a release did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum CurveBasis {
    /// The streams of its own tracks.
    Tracks,
    /// The artist's streams above the level that was expected without the release.
    #[default]
    Artist,
}

/// The same as a release's page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DrawnInsights {
    /// What was found.
    pub insights: ReleaseInsights,
    /// The curve beside the usual one.
    pub chart: LabelledLines,
}

/// A day of a curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct CurveDay {
    /// Days since the release: 0 on its day.
    pub day: u32,
    /// Streams of the tracks, or above the expected level; none where figures are missing.
    pub uplift: Option<i64>,
}

/// An earlier release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct PastRelease {
    /// The release.
    pub release_id: String,
    /// Its title.
    pub title: String,
    /// The day it came out.
    pub release_date: String,
    /// Streams on the first day, as the `basis` of the whole says.
    #[cfg_attr(feature = "ssr", schemars(title = "First day"))]
    pub day1: Option<i64>,
    /// The same for the first week.
    #[cfg_attr(feature = "ssr", schemars(title = "First week"))]
    pub week1: Option<i64>,
    /// The same for the first 28 days.
    #[cfg_attr(feature = "ssr", schemars(title = "First 28 days"))]
    pub day28: Option<i64>,
}
