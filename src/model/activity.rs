//! What a person did in a while, and what of it stands out.

use serde::{Deserialize, Serialize};

/// Which while is looked at: it ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum ActivityRange {
    /// An hour.
    #[serde(rename = "1h")]
    Hour,
    /// 24 hours.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// Seven days.
    #[serde(rename = "7d")]
    Week,
}

impl ActivityRange {
    /// How long it is, in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            ActivityRange::Hour => 3600,
            ActivityRange::Day => 86_400,
            ActivityRange::Week => 7 * 86_400,
        }
    }
}

/// What a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct UserActivity {
    /// The person.
    pub user_id: String,
    /// What they did, most first.
    pub kinds: Vec<ActionKind>,
    /// Actions, all kinds.
    pub actions: u64,
    /// Actions that failed or were refused.
    pub errors: u64,
    /// Their part of the actions, 0 to 1; none without actions.
    pub error_rate: Option<f64>,
    /// The first action of the range, RFC 3339 in UTC.
    pub first_seen: Option<String>,
    /// The last action of the range, RFC 3339 in UTC.
    pub last_seen: Option<String>,
    /// Stretches without a pause of more than 30 minutes, oldest first, to the minute.
    pub sessions: Vec<ActivitySession>,
    /// The hours of the day with most actions, at most three, most first.
    pub busiest_hours: Vec<BusyHour>,
    /// The zone of these hours.
    pub time_zone: String,
    /// What stands out, with numbers.
    pub stands_out: Vec<StandsOut>,
    /// What could not be said, and why.
    pub not_enough_data: Vec<String>,
    /// Whether there was more than could be read, so that figures are too small.
    pub truncated: bool,
    /// The log group that was read.
    pub log_group_name: String,
    /// From when, RFC 3339 in UTC.
    pub start_time: String,
    /// Until when, RFC 3339 in UTC.
    pub end_time: String,
}

/// Actions of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ActionKind {
    /// The tool, or the operation of a page.
    pub tool: String,
    /// The tool's server; none for what pages do.
    pub server: Option<String>,
    /// How often.
    pub actions: u64,
    /// How often it failed or was refused.
    pub errors: u64,
}

/// A stretch of actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ActivitySession {
    /// The minute of its first action, RFC 3339 in UTC.
    pub start_time: String,
    /// The minute of its last action, RFC 3339 in UTC.
    pub end_time: String,
    /// Actions.
    pub actions: u64,
}

/// Actions of an hour of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct BusyHour {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// Actions.
    pub actions: u64,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct StandsOut {
    /// Against what.
    pub against: Comparison,
    /// What, with numbers. A full sentence.
    pub statement: String,
}

/// What something is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum Comparison {
    /// The same person in the equal ranges before.
    OwnPast,
    /// Others in the same range.
    Peers,
}
