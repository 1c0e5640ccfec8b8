//! Parts of what was found out about an artist's figures, for whoever asks one question of them.

use super::{
    AnomalyRow, ArtistPeriods, Authenticity, Driver, EventRow, LevelShift, Market, MetricChange,
    TerritoryPerformance, Trend,
};
use crate::model::analytics::Freshness;
use serde::{Deserialize, Serialize};

/// Why an artist's figures changed between two periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ChangeExplanation {
    /// Whose figures were looked at, and in which periods.
    #[serde(flatten)]
    pub about: ArtistPeriods,
    /// What changed: the metrics in both periods, and whether each change is proven.
    pub metrics: Vec<MetricChange>,
    /// The streams in the territory that was asked for; none where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_territory: Option<TerritoryPerformance>,
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
    /// Where the figures come from.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// What could not be seen, and the limits of the methods. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// Whether an artist's streams look artificial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct StreamAuthenticity {
    /// Whose figures were looked at, and in which periods.
    #[serde(flatten)]
    pub about: ArtistPeriods,
    /// The risk with its signs: a risk, never a verdict.
    pub authenticity: Authenticity,
    /// Days on which streams jumped, with what explains them.
    pub anomalies: Vec<AnomalyRow>,
    /// What was logged within both periods, which may be behind a jump.
    pub events: Vec<EventRow>,
    /// The platforms and territories that the change in streams is made of, largest first.
    pub drivers: Vec<Driver>,
    /// Where the figures come from.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// What could not be looked at, and what a risk means. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}
