//! `query_performance_logs`: rows of a log group by a query in the language of Logs Insights.

use super::log_query;
use crate::engine::catalog::Catalog;
use crate::engine::monitoring::histogram::{bars, bin_seconds, counting_query};
use crate::engine::monitoring::insights::{self, LogQuery};
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Progress, Server, Tool, ToolError, choices,
};
use crate::model::logs::{Histogram, LogColumn, LogStatistics, MAX_LOG_ROWS, MAX_QUERY_LENGTH};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;

/// The longest that a query may be told to take, in seconds.
const MAX_SECONDS: u32 = 300;

/// Which rows of which log.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PerformanceLogsInput {
    /// The log group.
    #[schemars(title = "Log group")]
    pub log_group_name: Option<String>,
    /// A query in the language of CloudWatch Logs Insights, for instance
    /// `filter level = "ERROR" | stats count(*) by tool, bin(5m)`.
    #[schemars(title = "Query", length(min = 1, max = MAX_QUERY_LENGTH))]
    pub query: String,
    /// From when, for instance `2026-11-24T09:30:00Z`. Without a zone the configured one is meant.
    /// An hour before the end unless given.
    #[schemars(title = "Start", length(max = 64))]
    pub start_time: Option<String>,
    /// Until when. Now unless given.
    #[schemars(title = "End", length(max = 64))]
    pub end_time: Option<String>,
    /// How many rows at most. A `limit` in the query comes first.
    #[schemars(title = "Rows", range(min = 1, max = MAX_LOG_ROWS))]
    #[serde(default = "default_limit")]
    pub limit: u32,
    /// Count the matching records over time, too. In an AWS account this reads the logs once more,
    /// which costs as much as the query.
    #[schemars(title = "Histogram")]
    #[serde(default)]
    pub histogram: bool,
    /// After how many seconds the query is stopped.
    #[schemars(title = "Time limit", range(min = 1, max = MAX_SECONDS))]
    #[serde(default = "default_seconds")]
    pub time_limit_seconds: u32,
}

fn default_limit() -> u32 {
    1000
}

fn default_seconds() -> u32 {
    60
}

impl PerformanceLogsInput {
    fn log_query(&self, catalog: &Catalog) -> Result<LogQuery, ToolError> {
        let range = (self.start_time.as_deref(), self.end_time.as_deref());
        log_query(self.log_group_name.as_deref(), &self.query, range, self.limit, catalog)
    }
}

/// The rows, and how they were found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceLogs {
    /// The rows, each with the columns that it has. Numbers are numbers, times RFC 3339 in UTC.
    pub rows: Vec<Map<String, Value>>,
    /// The columns in the order of the query.
    pub columns: Vec<LogColumn>,
    /// Whether there may be more rows than the limit let through.
    #[schemars(title = "There are more")]
    pub truncated: bool,
    /// How much was read.
    pub statistics: LogStatistics,
    /// The matching records over time, if asked for; none where they cannot be counted.
    pub histogram: Option<Histogram>,
    /// The log group.
    #[schemars(title = "Log group")]
    pub log_group_name: String,
    /// From when, RFC 3339 in UTC.
    #[schemars(title = "From")]
    pub start_time: String,
    /// Until when, RFC 3339 in UTC.
    #[schemars(title = "Until")]
    pub end_time: String,
}

/// Queries a log group.
pub struct QueryPerformanceLogs;

impl Operation for QueryPerformanceLogs {
    const NAME: &'static str = "query_performance_logs";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = PerformanceLogsInput;
    type Output = PerformanceLogs;

    fn resources(input: &PerformanceLogsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::logs("StartQuery", &input.log_query(catalog)?.group)])
    }

    async fn run(input: PerformanceLogsInput, context: Context) -> Result<PerformanceLogs, ToolError> {
        let query = input.log_query(&context.catalog)?;
        let aws = &context.catalog.aws;
        let limit = Duration::from_secs(input.time_limit_seconds.into());
        let rows = Box::pin(insights::run(aws, &query, limit, &context.progress));
        let counts = async { if input.histogram { count(&query, limit, &context).await } else { Ok(None) } };
        let (found, histogram) = futures::try_join!(async { rows.await.map_err(ToolError::from) }, counts)?;
        Ok(PerformanceLogs {
            rows: found.table.rows,
            columns: found.table.columns,
            truncated: found.table.truncated,
            statistics: found.statistics,
            histogram,
            log_group_name: query.group,
            start_time: query.range.from.to_string(),
            end_time: query.range.to.to_string(),
        })
    }
}

async fn count(query: &LogQuery, limit: Duration, context: &Context) -> Result<Option<Histogram>, ToolError> {
    let width = bin_seconds(query.range);
    let Some(text) = counting_query(&query.text, width) else { return Ok(None) };
    let counting = LogQuery { text, limit: MAX_LOG_ROWS, ..query.clone() };
    let progress = Progress::ignored();
    let counted = Box::pin(insights::run(&context.catalog.aws, &counting, limit, &progress)).await?;
    Ok(Some(bars(&counted.table, query.range, width)))
}

impl Tool for QueryPerformanceLogs {
    const SERVER: Server = Server::CloudWatch;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Query logs";
    const DESCRIPTION: &'static str = "Runs a CloudWatch Logs Insights query over a log group and a time \
        range, and answers with typed rows. Patchline's own log has the fields time, level, message, tool, \
        server, outcome, errorKind, durationMs, requestId and principal.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_log_groups(schema, catalog.monitoring.groups.default_group(), catalog);
    }
}
