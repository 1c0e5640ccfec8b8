//! Parts of what was found out about an artist's figures, for whoever asks one question of them.

use super::{AnomalyRow, Authenticity, Driver, EventRow, LevelShift, Market, MetricChange, Trend};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why an artist's figures changed between two periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ChangeExplanation {
    /// The artist.
    #[cfg_attr(feature = "ssr", schemars(title = "Artist id"))]
    pub artist_id: String,
    /// The artist's name.
    #[cfg_attr(feature = "ssr", schemars(title = "Artist"))]
    pub artist_name: String,
    /// The first day of the period; none without figures.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "From"))]
    pub from: Option<Date>,
    /// Its last day.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "To"))]
    pub to: Option<Date>,
    /// The first day of the period that it is compared with.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "Compared from"))]
    pub before_from: Option<Date>,
    /// Its last day.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "Compared to"))]
    pub before_to: Option<Date>,
    /// What changed: the metrics in both periods, and whether each change is proven.
    pub metrics: Vec<MetricChange>,
    /// What of the change others had as well.
    pub market: Market,
    /// The platforms and territories that the change in streams is made of, largest first.
    pub drivers: Vec<Driver>,
    /// What was logged within both periods.
    pub events: Vec<EventRow>,
    /// Days on which streams jumped, with what explains them.
    pub anomalies: Vec<AnomalyRow>,
    /// The level that the streams moved to, if they did.
    pub level: Option<LevelShift>,
    /// The trend of the streams up to the period's last day.
    pub trend: Trend,
    /// Signs of artificial streams in both periods: a risk, never a verdict.
    pub authenticity: Authenticity,
    /// The newest day with figures; none without any.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "As of"))]
    pub as_of: Option<Date>,
    /// The query in words.
    #[cfg_attr(feature = "ssr", schemars(title = "Source"))]
    pub source: String,
    /// Whether the figures are generated sample data.
    #[cfg_attr(feature = "ssr", schemars(title = "Sample data"))]
    pub sample: bool,
    /// What could not be seen, and the limits of the methods. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// Whether an artist's streams look artificial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct StreamAuthenticity {
    /// The artist.
    #[cfg_attr(feature = "ssr", schemars(title = "Artist id"))]
    pub artist_id: String,
    /// The artist's name.
    #[cfg_attr(feature = "ssr", schemars(title = "Artist"))]
    pub artist_name: String,
    /// The first day of the period; none without figures.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "From"))]
    pub from: Option<Date>,
    /// Its last day.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "To"))]
    pub to: Option<Date>,
    /// The first day of the period before, which is looked at as well.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "Before, from"))]
    pub before_from: Option<Date>,
    /// Its last day.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "Before, to"))]
    pub before_to: Option<Date>,
    /// The risk with its signs: a risk, never a verdict.
    pub authenticity: Authenticity,
    /// Days on which streams jumped, with what explains them.
    pub anomalies: Vec<AnomalyRow>,
    /// What was logged within both periods, which may be behind a jump.
    pub events: Vec<EventRow>,
    /// The platforms and territories that the change in streams is made of, largest first.
    pub drivers: Vec<Driver>,
    /// The newest day with figures; none without any.
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>", title = "As of"))]
    pub as_of: Option<Date>,
    /// The query in words.
    #[cfg_attr(feature = "ssr", schemars(title = "Source"))]
    pub source: String,
    /// Whether the figures are generated sample data.
    #[cfg_attr(feature = "ssr", schemars(title = "Sample data"))]
    pub sample: bool,
    /// What could not be looked at, and what a risk means. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}
