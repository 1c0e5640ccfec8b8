//! How a release is promoted: phases, targets, a pitch, and singles ahead of it.

use super::release_dates::{RuleView, TaskView};
use serde::{Deserialize, Serialize};

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct PromotionPlan {
    /// The release.
    pub release_id: String,
    /// Its title.
    pub title: String,
    /// The main artist's name.
    pub artist_name: String,
    /// The day it comes out.
    pub release_date: String,
    /// The phases in order of time.
    pub phases: Vec<PhaseView>,
    /// What to aim at, from the artist's own past.
    pub targets: Vec<TargetView>,
    /// A text for editors.
    pub pitch: PitchView,
    /// The products of a waterfall; none where none was asked for.
    pub waterfall: Option<WaterfallView>,
    /// The entries of the knowledge base that it rests on.
    pub rules: Vec<RuleView>,
    /// The newest day with figures.
    #[cfg_attr(feature = "ssr", schemars(title = "Figures up to"))]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
    /// Whether it rests on generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// A phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct PhaseView {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// What is to be done in it.
    pub tasks: Vec<TaskView>,
}

/// What to aim at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct TargetView {
    /// `day1`, `week1` or `day28`.
    pub metric: String,
    /// Its name for people.
    pub label: String,
    /// The median of the artist's earlier releases, in the streams that `label` names.
    pub median: Option<i64>,
    /// Their 75th percentile.
    pub upper: Option<i64>,
    /// From how many releases it comes.
    pub releases: u32,
}

/// A text for editors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct PitchView {
    /// The text.
    pub text: String,
    /// Its length.
    pub characters: u32,
    /// The facts in it, each from the catalogue or the figures.
    pub facts: Vec<String>,
}

/// The songs that come out before a release, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct WaterfallPlan {
    /// The release.
    pub release_id: String,
    /// Its title.
    pub title: String,
    /// The main artist's name.
    pub artist_name: String,
    /// The day it comes out.
    pub release_date: String,
    /// The products in order of time, the release itself last.
    pub waterfall: WaterfallView,
    /// The entries of the knowledge base that it rests on.
    pub rules: Vec<RuleView>,
    /// The day on which it was planned: the rules are those in force then, and lead times count from it.
    #[cfg_attr(feature = "ssr", schemars(title = "Planned on"))]
    pub as_of: String,
    /// The query in words.
    pub source: String,
    /// Whether it rests on generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// A waterfall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct WaterfallView {
    /// The products in order of time.
    pub products: Vec<ProductView>,
    /// What must be kept to.
    pub notes: Vec<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ProductView {
    /// From 1.
    pub order: u32,
    /// The day it comes out.
    pub date: String,
    /// Its title.
    pub title: String,
    /// Its tracks, those of former products with the same identifiers.
    pub tracks: Vec<TrackView>,
    /// The last day for a pitch of its new song.
    #[cfg_attr(feature = "ssr", schemars(title = "Pitch by"))]
    pub pitch_by: Option<String>,
    /// The id of the track that is new; none where several are.
    #[cfg_attr(feature = "ssr", schemars(title = "New track"))]
    pub new_track: Option<String>,
}

/// A track of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct TrackView {
    /// The track.
    pub track_id: String,
    /// Its title.
    pub title: String,
    /// Its ISRC.
    pub isrc: String,
}
