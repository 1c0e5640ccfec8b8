//! A week of the label on one page.

use super::analysis::Breakout;
use super::release::ReleaseRow;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which week.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WeekQuestion {
    /// Any day of the week; the newest whole week with figures where none is named.
    pub week: Option<Date>,
}

/// A sentence and where its figures come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Sourced {
    /// The sentence.
    pub text: String,
    /// The query in words.
    pub source: String,
}

/// An artist's week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistWeek {
    /// The id.
    pub artist_id: String,
    /// The name.
    pub name: String,
    /// Streams of the week.
    pub streams: u64,
    /// Streams of the week before.
    pub before: u64,
    /// The change between them (0.1 = +10 %); none from nought.
    pub change: Option<f64>,
}

/// A week of the label, Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct WeeklyReport {
    /// The Monday; none where there is no whole week with figures.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "From"))]
    pub from: Option<Date>,
    /// The Sunday.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "To"))]
    pub to: Option<Date>,
    /// The Mondays of the weeks that may be chosen, newest first.
    #[cfg_attr(feature = "ssr", schemars(with = "Vec<String>", title = "Weeks at hand"))]
    pub weeks: Vec<Date>,
    /// What happened, in sentences.
    pub sentences: Vec<Sourced>,
    /// Artists of whom both weeks are known whole, most streams first.
    pub artists: Vec<ArtistWeek>,
    /// Who grows faster than the peers at the end of the week.
    pub breakouts: Vec<Breakout>,
    /// Of how many artists the momentum at the end of the week is known.
    pub momentum_known: u32,
    /// What came out in the week.
    pub released: Vec<ReleaseRow>,
    /// What comes out in the four weeks after it.
    pub coming: Vec<ReleaseRow>,
    /// The newest day with figures.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "As of"))]
    pub as_of: Option<Date>,
    /// The query of the tables in words.
    pub source: String,
    /// Whether some of it is generated sample data.
    pub sample: bool,
    /// What could not be seen, and the limits. Full sentences.
    pub notes: Vec<String>,
}
