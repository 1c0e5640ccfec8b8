//! A search of the logs as its page asks for it: a query with a range that is said in words.

use super::logs::{HistogramState, LogQueryState, LogQueryStatus, StartedLogQuery};
use serde::{Deserialize, Serialize};

/// The longest that a search may be told to wait for its result, in milliseconds.
pub const MAX_WAIT_MILLIS: u32 = 30_000;

/// Which records are looked through.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogRange {
    /// The last 15 minutes.
    QuarterHour,
    /// The last hour.
    #[default]
    Hour,
    /// The last 24 hours.
    Day,
    /// The last seven days.
    Week,
    /// Between two times: RFC 3339, or a date and time of the configured zone. The second is not part
    /// of the range.
    Between(String, String),
}

impl LogRange {
    /// How long it is, in seconds, where it ends now.
    pub fn seconds_until_now(&self) -> Option<i64> {
        match self {
            LogRange::QuarterHour => Some(900),
            LogRange::Hour => Some(3600),
            LogRange::Day => Some(86_400),
            LogRange::Week => Some(7 * 86_400),
            LogRange::Between(..) => None,
        }
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogSearch {
    /// The log group; none means Patchline's own.
    pub log_group_name: Option<String>,
    /// The query in the language of Logs Insights.
    pub query: String,
    /// Which records.
    pub range: LogRange,
    /// How many rows at most, 1 to 10,000.
    pub limit: u32,
    /// How long to wait for the result before answering with what is there, in milliseconds; at most
    /// [`MAX_WAIT_MILLIS`].
    pub wait_millis: u32,
}

/// A search with what it has found so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogSearchState {
    /// The queries that run for it.
    pub started: StartedLogQuery,
    /// The rows so far.
    pub rows: LogQueryState,
    /// The matching records over time so far; none where they cannot be counted.
    pub counts: Option<HistogramState>,
}

impl LogSearchState {
    /// Whether something of it still runs.
    pub fn is_running(&self) -> bool {
        let counting = self.counts.as_ref().is_some_and(|counts| counts.status == LogQueryStatus::Running);
        self.rows.status == LogQueryStatus::Running || counting
    }
}
