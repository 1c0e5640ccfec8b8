//! Artists side by side, and who resembles an artist.

use super::Band;
use crate::model::analytics::Freshness;
use crate::model::chart::LabelledLines;
use crate::model::performance::Line;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Artists side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistComparison {
    /// The artists, in the order in which they were asked for.
    pub artists: Vec<ComparedArtist>,
    /// Who resembles the artist, most first; empty unless that was asked.
    pub similar: Vec<SimilarArtist>,
    /// Where the first artist is ahead of the others.
    pub strengths: Vec<Contrast>,
    /// Where the first artist is behind the others.
    pub gaps: Vec<Contrast>,
    /// Where the figures come from.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// What could not be seen, and the limits of the methods. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// Artists side by side with their streams on one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedArtists {
    /// What was found.
    pub comparison: ArtistComparison,
    /// The first day of each week, oldest first.
    pub weeks: Vec<Date>,
    /// For each artist with figures the mean of each week, the first known one as 100.
    pub lines: Vec<Line>,
}

/// The same as a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DrawnComparison {
    /// What was found.
    pub comparison: ArtistComparison,
    /// The streams by week as a chart.
    pub chart: LabelledLines,
}

/// An artist of a comparison, over the newest 28 days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ComparedArtist {
    /// The id.
    pub artist_id: String,
    /// The name.
    pub name: String,
    /// The main genre.
    pub genre: String,
    /// The home country.
    pub country: String,
    /// Streams on the days that are known; none without figures.
    pub streams: Option<u64>,
    /// Change against the 28 days before, by like weekdays.
    pub change: Option<f64>,
    /// Saves for each daily listener.
    pub save_rate: Option<f64>,
    /// Followers on the newest day, all platforms.
    pub followers: Option<u64>,
    /// Growth in robust deviations of the peers' growth.
    pub momentum: Option<f64>,
    /// The same as a word.
    pub band: Band,
    /// The territory with most streams.
    pub top_territory: Option<String>,
}

/// An artist who resembles another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct SimilarArtist {
    /// The id.
    pub artist_id: String,
    /// The name.
    pub name: String,
    /// The cosine of genre, territories and size, at most 1.
    pub similarity: f64,
    /// Why, in full sentences.
    pub reasons: Vec<String>,
}

/// Something in which an artist differs from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Contrast {
    /// The difference, as a sentence.
    pub text: String,
    /// The metric.
    pub metric: String,
    /// The artist's value.
    pub value: f64,
    /// The median of the others.
    pub peers: f64,
}
