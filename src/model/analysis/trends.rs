//! How genres move, who moves them, and who stands out.

use super::{Band, Verdict};
use crate::model::analytics::Freshness;
use serde::{Deserialize, Serialize};

/// How the genres of the label move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct GenreTrends {
    /// The genres, the fastest first.
    pub rows: Vec<GenreTrend>,
    /// The artists who grow fastest compared with their peers, at most five.
    pub breakouts: Vec<Breakout>,
    /// Of how many artists that may be shown the momentum is known; only they can stand out.
    #[cfg_attr(feature = "ssr", schemars(title = "Artists with a momentum"))]
    pub momentum_known: u32,
    /// Artists that nothing can be said about.
    pub excluded: Vec<Excluded>,
    /// Over how many days.
    #[cfg_attr(feature = "ssr", schemars(title = "Days"))]
    pub days: u32,
    /// Where the figures come from.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// What could not be seen, and the limits of the methods. Full sentences. Without rows the first one says why there
    /// are none.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// How a genre moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct GenreTrend {
    /// The genre.
    pub genre: String,
    /// The territory; none for all.
    pub territory: Option<String>,
    /// Streams of its artists over the days.
    pub streams: u64,
    /// Percent a day of the genre's index (0.4 = +0.4 % from day to day).
    pub percent_per_day: Option<f64>,
    /// The lower end of its 95 % interval, in percent.
    pub low: Option<f64>,
    /// The upper end, in percent.
    pub high: Option<f64>,
    /// Whether it is proven.
    pub verdict: Verdict,
    /// Its artists, the largest first.
    pub contributors: Vec<Contributor>,
}

/// An artist's part of a genre's streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Contributor {
    /// The id.
    pub artist_id: String,
    /// The name.
    pub name: String,
    /// The part of the genre's streams, 0 to 1.
    pub share: f64,
}

/// An artist who grows faster than others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Breakout {
    /// The id.
    pub artist_id: String,
    /// The name.
    pub name: String,
    /// The genre.
    pub genre: String,
    /// Growth in robust deviations of the peers' growth.
    pub value: f64,
    /// The same as a word.
    pub band: Band,
    /// How many peers it is measured against.
    pub peers: u32,
    /// What was logged lately, or that nothing was. A full sentence.
    pub driver: String,
}

/// The artists who break out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct BreakoutArtists {
    /// The artists who grow fastest compared with their peers, at most five.
    pub breakouts: Vec<Breakout>,
    /// Of how many artists that may be shown the momentum is known; only they can stand out.
    #[cfg_attr(feature = "ssr", schemars(title = "Artists with a momentum"))]
    pub momentum_known: u32,
    /// Of how many artists that may be shown it was looked for.
    #[cfg_attr(feature = "ssr", schemars(title = "Artists"))]
    pub looked_at: u32,
    /// Where the figures come from.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// What could not be seen, and the limits of the method. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// An artist that nothing can be said about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Excluded {
    /// The id.
    pub artist_id: String,
    /// The name.
    pub name: String,
    /// Why. A full sentence.
    pub reason: String,
}
