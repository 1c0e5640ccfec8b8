//! What the tools of the server `music` say of the figures of artists.
//!
//! Changes and shares are ratios (0.1 = +10 %). What is not known is none, never nought.

mod comparison;
mod parts;
mod performance;
mod trends;

pub use comparison::{
    ArtistComparison, ComparedArtist, ComparedArtists, Contrast, DrawnComparison, SimilarArtist,
};
pub use parts::{ChangeExplanation, StreamAuthenticity};
pub use performance::{
    AnomalyRow, ArtistAnalysis, ArtistPerformance, ArtistPeriods, Authenticity, Driver, DriverDimension,
    EventRow, EvidenceRow, Forecast, ForecastDay, LevelShift, Market, MetricChange, MomentumValue,
    TerritoryPerformance, Trend,
};
pub use trends::{Breakout, BreakoutArtists, Contributor, Excluded, GenreTrend, GenreTrends};

use serde::{Deserialize, Serialize};

/// What can be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// It is larger than chance explains, at 95 %.
    Proven,
    /// Chance explains it.
    NotProven,
    /// There are too few days.
    NotEnoughData,
}

/// How fast an artist grows compared with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum Band {
    /// From 8 deviations on.
    Explosive,
    /// From 2.
    High,
    /// More than 1.
    Moderate,
    /// Between −1 and 1.
    Steady,
    /// Less than −1.
    Declining,
    /// There are too few days or peers.
    NotEnoughData,
}

impl Band {
    /// All of them, the fastest first.
    pub const ALL: [Band; 6] =
        [Band::Explosive, Band::High, Band::Moderate, Band::Steady, Band::Declining, Band::NotEnoughData];

    /// The name as in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Band::Explosive => "explosive",
            Band::High => "high",
            Band::Moderate => "moderate",
            Band::Steady => "steady",
            Band::Declining => "declining",
            Band::NotEnoughData => "notEnoughData",
        }
    }

    /// The band of a name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.id() == id)
    }
}

/// How likely it is that streams are artificial. A risk, never a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum RiskLevel {
    /// No sign was found.
    Low,
    /// A jump that nothing explains, with at most one other sign.
    Medium,
    /// A jump that nothing explains, with two other signs or more.
    High,
    /// There are too few days.
    NotEnoughData,
}
