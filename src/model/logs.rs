//! Log queries: what is asked, how far it is, and the rows that were found.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most rows that one query answers with (a limit of Logs Insights).
pub const MAX_LOG_ROWS: u32 = 10_000;

/// The longest query, in characters (a limit of Logs Insights).
pub const MAX_QUERY_LENGTH: usize = 10_000;

/// The most queries that a person may save.
pub const MAX_SAVED_QUERIES: usize = 100;

/// The longest name of a saved query, in characters.
pub const MAX_SAVED_NAME: usize = 100;

/// A query as a person writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogQueryRequest {
    /// The log group; none means Patchline's own.
    pub log_group_name: Option<String>,
    /// The query in the language of Logs Insights.
    pub query: String,
    /// From when: RFC 3339, or a date and time of the configured zone; none means an hour before the end.
    pub start_time: Option<String>,
    /// Until when; none means now.
    pub end_time: Option<String>,
    /// How many rows at most, 1 to 10,000.
    pub limit: u32,
}

/// A query that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartedLogQuery {
    /// The id of the query for the rows.
    pub query_id: String,
    /// The id of the query that counts the matching records over time; none where the query has no
    /// stage before which they could be counted.
    pub histogram_query_id: Option<String>,
    /// The log group that is asked.
    pub log_group_name: String,
    /// From when, RFC 3339 in UTC.
    pub start_time: String,
    /// Until when, RFC 3339 in UTC.
    pub end_time: String,
    /// The width of a bar of the histogram, in seconds.
    pub bin_seconds: u32,
}

/// Which query to look at, and how its rows are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogQueryLook {
    /// The id from [`StartedLogQuery`].
    pub query_id: String,
    /// How many rows at most, 1 to 10,000.
    pub limit: u32,
}

/// Which counting query to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistogramLook {
    /// The id of the counting query from [`StartedLogQuery`].
    pub histogram_query_id: String,
    /// `startTime` of the same.
    pub start_time: String,
    /// `endTime` of the same.
    pub end_time: String,
    /// `binSeconds` of the same.
    pub bin_seconds: u32,
}

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum LogQueryStatus {
    /// It waits or runs; more rows may come.
    Running,
    /// All is there.
    Complete,
    /// It was cancelled.
    Cancelled,
    /// AWS could not finish it.
    Failed,
    /// AWS stopped it because it took too long.
    TimedOut,
}

/// A query with what it has found so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogQueryState {
    /// Where it stands.
    pub status: LogQueryStatus,
    /// How much was read.
    pub statistics: LogStatistics,
    /// The rows so far.
    pub table: LogTable,
}

/// The histogram with what has been counted so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistogramState {
    /// Where its query stands.
    pub status: LogQueryStatus,
    /// The counts so far.
    pub histogram: Histogram,
}

/// How much a query has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct LogStatistics {
    /// Records that were read.
    pub records_scanned: u64,
    /// Records that the filters let through.
    pub records_matched: u64,
    /// Bytes that were read; an AWS account pays for them.
    pub bytes_scanned: u64,
}

/// Rows with typed columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct LogTable {
    /// The columns in the order of the query.
    pub columns: Vec<LogColumn>,
    /// The rows, each with the columns that it has. Numbers are numbers, times RFC 3339 in UTC.
    pub rows: Vec<Map<String, Value>>,
    /// Whether there may be more rows than the limit let through.
    pub truncated: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct LogColumn {
    /// The field's name or the alias.
    pub name: String,
    /// What its values are.
    pub kind: LogColumnKind,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum LogColumnKind {
    /// Times.
    Time,
    /// Numbers.
    Number,
    /// Anything else.
    Text,
}

/// How many records matched, over time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Histogram {
    /// The width of a bar, in seconds.
    pub bin_seconds: u32,
    /// The bars, oldest first, without gaps. The first and the last may reach beyond the range.
    pub bars: Vec<HistogramBar>,
}

/// A bar of a histogram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct HistogramBar {
    /// Where it begins, RFC 3339 in UTC.
    pub time: String,
    /// Records that matched.
    pub count: u64,
}

/// The log groups that may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogGroupList {
    /// The groups in the order of the configuration.
    pub groups: Vec<LogGroupRow>,
    /// The group that is asked when none is named.
    pub default_group: String,
    /// The zone of times that are given without one.
    pub time_zone: String,
}

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogGroupRow {
    /// The name.
    pub name: String,
    /// Whether it exists.
    pub exists: bool,
    /// The bytes that are stored; none where it does not exist or AWS does not say.
    pub stored_bytes: Option<u64>,
    /// After how many days records are removed; none where they are kept.
    pub retention_days: Option<u32>,
}

/// A query that a person keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedLogQuery {
    /// The name, unique for the person.
    pub name: String,
    /// The log group; none means Patchline's own.
    pub log_group_name: Option<String>,
    /// The query.
    pub query: String,
}
