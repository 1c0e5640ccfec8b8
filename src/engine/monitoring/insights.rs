//! Queries of Logs Insights: starting one, looking at it, and running one to its end.

use super::groups::group_resource;
use super::malformed;
use super::table::{self, TextRow};
use super::time::TimeRange;
use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::engine::progress::{Progress, Step};
use crate::model::logs::{LogQueryStatus, LogStatistics, LogTable, MAX_LOG_ROWS};
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError;
use aws_sdk_cloudwatchlogs::operation::stop_query::StopQueryError;
use aws_sdk_cloudwatchlogs::types::error::MalformedQueryException;
use aws_sdk_cloudwatchlogs::types::{QueryStatistics, QueryStatus};
use std::time::{Duration, Instant};

/// The pause after the first look at a query. Each further one is longer.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A query that can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogQuery {
    /// The log group.
    pub(crate) group: String,
    /// The query in the language of Logs Insights.
    pub(crate) text: String,
    /// Which records.
    pub(crate) range: TimeRange,
    /// How many rows at most.
    pub(crate) limit: u32,
}

/// A query with what it has found so far.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Look {
    /// Where it stands.
    pub(crate) status: LogQueryStatus,
    /// How much it has read.
    pub(crate) statistics: LogStatistics,
    /// Its rows so far.
    pub(crate) table: LogTable,
}

/// Why a query has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum LogQueryError {
    /// The query is wrong; the text shows where.
    #[error("{0}")]
    Malformed(String),
    /// It took longer than it may.
    #[error("the query was stopped after {} s, with {scanned} records read", limit.as_secs())]
    TooSlow {
        /// How long it may take.
        limit: Duration,
        /// Records read until then.
        scanned: u64,
    },
    /// It ended without a result: failed, cancelled by somebody, or stopped by AWS.
    #[error("the query ended without a result: {0}")]
    Ended(&'static str),
    /// AWS did not do what was asked.
    #[error(transparent)]
    Aws(#[from] AwsFailure),
}

/// Starts a query and gives its id.
pub(crate) async fn start(aws: &AwsClients, query: &LogQuery) -> Result<String, LogQueryError> {
    let failure = |error: &_| AwsFailure::from_sdk(group_resource("StartQuery", &query.group), error);
    let started = aws
        .logs
        .start_query()
        .log_group_name(&query.group)
        .query_string(&query.text)
        .start_time(query.range.from.as_second())
        .end_time(last_second(query.range))
        .limit(asked(query.limit))
        .send()
        .await;
    match started {
        Ok(answer) => answer.query_id.ok_or(LogQueryError::Ended("it has no id")),
        Err(error) => match error.as_service_error() {
            Some(StartQueryError::MalformedQueryException(wrong)) => {
                Err(LogQueryError::Malformed(explain(&query.text, wrong)))
            }
            _ => Err(failure(&error).into()),
        },
    }
}

/// One row more than is wanted, which tells whether there are more, as far as AWS gives so many.
fn asked(limit: u32) -> i32 {
    i32::try_from(limit.saturating_add(1).min(MAX_LOG_ROWS)).unwrap_or(i32::MAX)
}

/// The last second that belongs to a range: Insights takes whole seconds, and both ends.
fn last_second(range: TimeRange) -> i64 {
    (range.to.as_millisecond() - 1).div_euclid(1000).max(range.from.as_second())
}

fn explain(query: &str, wrong: &MalformedQueryException) -> String {
    let place = wrong.query_compile_error().and_then(|compile| compile.location());
    let offset = |offset: Option<i32>| offset.and_then(|offset| usize::try_from(offset).ok());
    let place = place.and_then(|place| {
        let start = offset(place.start_char_offset())?;
        Some((start, offset(place.end_char_offset()).unwrap_or(start + 1)))
    });
    let message = wrong.query_compile_error().and_then(|compile| compile.message()).or(wrong.message());
    malformed::explain(query, message.unwrap_or("the query is not understood"), place)
}

/// Looks at a query.
pub(crate) async fn look(aws: &AwsClients, query_id: &str, limit: u32) -> Result<Look, AwsFailure> {
    let limit = limit as usize;
    let mut answer = results(aws, query_id, None).await?;
    let mut rows = text_rows(&mut answer);
    while answer.status == Some(QueryStatus::Complete)
        && rows.len() <= limit
        && let Some(next) = answer.next_token.take()
    {
        answer = results(aws, query_id, Some(next)).await?;
        rows.extend(text_rows(&mut answer));
    }
    Ok(Look {
        status: status(answer.status.as_ref()),
        statistics: answer.statistics.as_ref().map(statistics).unwrap_or_default(),
        table: table::typed(&rows, limit),
    })
}

async fn results(
    aws: &AwsClients,
    query_id: &str,
    next: Option<String>,
) -> Result<GetQueryResultsOutput, AwsFailure> {
    let answer = aws.logs.get_query_results().query_id(query_id).set_next_token(next).send().await;
    answer.map_err(|e| {
        let mut failure = AwsFailure::from_sdk(group_resource("GetQueryResults", query_id), &e);
        // What is not there is the query, not the log group.
        if failure.kind == FailureKind::NoResource {
            failure.kind = FailureKind::NotFound;
        }
        failure
    })
}

fn text_rows(answer: &mut GetQueryResultsOutput) -> Vec<TextRow> {
    let rows = answer.results.take().unwrap_or_default();
    let fields = |row: Vec<aws_sdk_cloudwatchlogs::types::ResultField>| {
        row.into_iter().filter_map(|field| Some((field.field?, field.value?))).collect()
    };
    rows.into_iter().map(fields).collect()
}

fn status(status: Option<&QueryStatus>) -> LogQueryStatus {
    match status {
        Some(QueryStatus::Complete) => LogQueryStatus::Complete,
        Some(QueryStatus::Cancelled) => LogQueryStatus::Cancelled,
        Some(QueryStatus::Failed) => LogQueryStatus::Failed,
        Some(QueryStatus::Timeout) => LogQueryStatus::TimedOut,
        _ => LogQueryStatus::Running,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts, kept in bounds by `as`")]
fn statistics(statistics: &QueryStatistics) -> LogStatistics {
    LogStatistics {
        records_scanned: statistics.records_scanned() as u64,
        records_matched: statistics.records_matched() as u64,
        bytes_scanned: statistics.bytes_scanned() as u64,
    }
}

/// Stops a query. One that has ended already is as good as stopped.
pub(crate) async fn stop(aws: &AwsClients, query_id: &str) -> Result<(), AwsFailure> {
    match aws.logs.stop_query().query_id(query_id).send().await {
        Ok(_) => Ok(()),
        Err(error)
            if error.as_service_error().is_some_and(StopQueryError::is_invalid_parameter_exception) =>
        {
            Ok(())
        }
        Err(error) => Err(AwsFailure::from_sdk(group_resource("StopQuery", query_id), &error)),
    }
}

/// Runs a query to its end. Whoever stops waiting stops the query, too.
pub(crate) async fn run(
    aws: &AwsClients,
    query: &LogQuery,
    time_limit: Duration,
    progress: &Progress,
) -> Result<Look, LogQueryError> {
    let begun = Instant::now();
    let mut running = Running { aws, query_id: start(aws, query).await?, ended: false };
    let mut pause = FIRST_PAUSE;
    loop {
        let look = look(aws, &running.query_id, query.limit).await?;
        progress.report(step(look.statistics));
        running.ended = look.status != LogQueryStatus::Running;
        match look.status {
            LogQueryStatus::Complete => return Ok(look),
            LogQueryStatus::Cancelled => return Err(LogQueryError::Ended("somebody cancelled it")),
            LogQueryStatus::Failed => return Err(LogQueryError::Ended("it failed")),
            LogQueryStatus::TimedOut => return Err(LogQueryError::Ended("it took too long")),
            LogQueryStatus::Running => {}
        }
        let left = time_limit.saturating_sub(begun.elapsed());
        if left.is_zero() {
            let scanned = look.statistics.records_scanned;
            return Err(LogQueryError::TooSlow { limit: time_limit, scanned });
        }
        tokio::time::sleep(pause.min(left)).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

fn step(statistics: LogStatistics) -> Step {
    let LogStatistics { records_scanned, records_matched, .. } = statistics;
    let message = format!("{records_scanned} records scanned, {records_matched} matched");
    Step { done: records_scanned, total: None, message }
}

/// A query that runs at AWS, and is stopped there when nobody waits for it any more.
struct Running<'a> {
    aws: &'a AwsClients,
    query_id: String,
    ended: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let aws = self.aws.clone();
        let query_id = std::mem::take(&mut self.query_id);
        runtime.spawn(async move {
            if let Err(failure) = stop(&aws, &query_id).await {
                tracing::warn!(%failure, query_id, "a query that nobody waits for could not be stopped");
            }
        });
    }
}
