//! What happened to an artist's figures, whether it is real, and what explains it.

use super::{Band, RiskLevel, Verdict};
use crate::model::analytics::Freshness;
use crate::model::artist::EventKind;
use crate::model::chart::LabelledLines;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An artist's period against the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistPerformance {
    /// Whose figures were looked at, and in which periods.
    #[serde(flatten)]
    pub about: ArtistPeriods,
    /// The metrics in both periods.
    pub metrics: Vec<MetricChange>,
    /// The streams in the territory that was asked for; none where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_territory: Option<TerritoryPerformance>,
    /// The trend of the streams up to the period's last day.
    pub trend: Trend,
    /// Days on which streams jumped, in both periods.
    pub anomalies: Vec<AnomalyRow>,
    /// The level that the streams moved to, if they did.
    pub level: Option<LevelShift>,
    /// What the change in streams is made of, largest first. The drivers of each dimension add up to the
    /// change on the compared days.
    pub drivers: Vec<Driver>,
    /// What of the change others had as well.
    pub market: Market,
    /// What was logged within both periods.
    pub events: Vec<EventRow>,
    /// Signs of artificial streams in both periods: a risk, never a verdict.
    pub authenticity: Authenticity,
    /// The next 28 days; none without enough days to try it on.
    pub forecast: Option<Forecast>,
    /// How fast the artist grows compared with others.
    pub momentum: MomentumValue,
    /// Where the figures come from.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// Platforms that report of the artist and are in no number here, because their figures do not cover the days.
    #[serde(default)]
    #[cfg_attr(feature = "ssr", schemars(title = "Platforms left out"))]
    pub left_out: Vec<String>,
    /// What could not be seen, and the limits of the methods. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// Whose figures were looked at, and in which periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistPeriods {
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
}

/// The same as an artist's page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistAnalysis {
    /// What was found.
    pub performance: ArtistPerformance,
    /// The forecast as a chart; none where there is no forecast.
    pub forecast: Option<LabelledLines>,
}

/// A metric in both periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct MetricChange {
    /// The name: `streams`, `streamsPerDay`, `saves`, `saveRate`, `followers` …
    pub id: String,
    /// What people read.
    pub label: String,
    /// The unit of both values.
    pub unit: String,
    /// The value in the period, over the days that are known.
    pub current: Option<f64>,
    /// The value in the period before.
    pub before: Option<f64>,
    /// The change over pairs of like weekdays that are known in both periods.
    pub change: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Whether the interval leaves out nought.
    pub verdict: Verdict,
}

/// An artist's streams in one territory. Whatever else there is, figures tell of all territories together only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct TerritoryPerformance {
    /// The territory's code, ISO 3166-1 alpha-2.
    pub territory: String,
    /// Its streams in both periods, over the services that name the territory.
    pub metrics: Vec<MetricChange>,
    /// The part of all streams on these services that it had in the period (0.4 = 40 %).
    pub share: Option<f64>,
    /// The same in the period before.
    pub share_before: Option<f64>,
    /// The services that the change there is made of, largest first.
    pub drivers: Vec<Driver>,
}

/// A steady change of the streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Trend {
    /// Percent a day (0.4 = +0.4 % from day to day).
    pub percent_per_day: Option<f64>,
    /// The lower end of its 95 % interval, in percent.
    pub low: Option<f64>,
    /// The upper end, in percent.
    pub high: Option<f64>,
    /// The p-value of the test.
    pub p_value: Option<f64>,
    /// How many days were looked at.
    pub days: u32,
    /// Whether it is proven.
    pub verdict: Verdict,
    /// How it was calculated.
    pub method: String,
}

/// A day on which streams jumped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct AnomalyRow {
    /// The day.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub date: Date,
    /// By how much streams moved from the day before, beyond weekday and market.
    pub effect: f64,
    /// The same in robust deviations.
    pub z: f64,
    /// The title of a logged event, a public holiday of the artist's main territories by name, `holiday` or `market`;
    /// none where nothing explains it.
    pub explained_by: Option<String>,
}

/// Another level from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct LevelShift {
    /// The first day on it.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub date: Date,
    /// By how much it differs from the level before.
    pub change: f64,
}

/// Of what a driver is a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum DriverDimension {
    /// The platforms.
    Platform,
    /// The territories.
    Territory,
}

/// A part of the change in streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Driver {
    /// Of what it is a part.
    pub dimension: DriverDimension,
    /// The platform's name, the territory's code, or `Elsewhere`.
    pub name: String,
    /// The change in streams on the compared days.
    pub change: i64,
    /// Its part of the whole change; more than 1 where others went the other way.
    pub share_of_change: f64,
}

/// A change as the part that others had as well, and the rest: (1 + shared)(1 + own) = 1 + change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Market {
    /// The median change of the label's other artists on the same days.
    pub shared: Option<f64>,
    /// What is left.
    pub own: Option<f64>,
    /// How many others were compared.
    pub peers: u32,
}

/// Something that was logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct EventRow {
    /// The day.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub date: Date,
    /// What kind of thing.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub kind: EventKind,
    /// One line.
    pub title: String,
}

/// Signs of artificial streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Authenticity {
    /// The risk.
    pub risk: RiskLevel,
    /// The signs that were found.
    pub evidence: Vec<EvidenceRow>,
}

/// A sign that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct EvidenceRow {
    /// Its name.
    pub signal: String,
    /// What people read.
    pub label: String,
    /// What was measured.
    pub measured: f64,
    /// The limit that it is beyond.
    pub limit: f64,
    /// The same as a sentence, with day and place.
    pub text: String,
}

/// The next 28 days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Forecast {
    /// Day by day.
    pub days: Vec<ForecastDay>,
    /// The 10th percentile of all 28 days together.
    pub low: f64,
    /// What is expected of them.
    pub middle: f64,
    /// The 90th percentile.
    pub high: f64,
    /// The error on the past, in that of "as a week before" (below 1 is better).
    pub mase: Option<f64>,
    /// The error of repeating the last week, in the same unit.
    pub naive_mase: Option<f64>,
    /// How it was calculated.
    pub method: String,
}

/// A day to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ForecastDay {
    /// The day.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub date: Date,
    /// The 10th percentile of the streams.
    pub low: f64,
    /// What is expected.
    pub middle: f64,
    /// The 90th percentile.
    pub high: f64,
}

/// How fast an artist grows compared with others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct MomentumValue {
    /// Growth in robust deviations of the peers' growth.
    pub value: Option<f64>,
    /// The same as a word.
    pub band: Band,
    /// How many peers it is measured against.
    pub peers: u32,
    /// Against whom, or why there is no value. A full sentence.
    pub reason: String,
}
