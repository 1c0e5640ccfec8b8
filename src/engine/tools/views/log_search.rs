//! A search of the logs: starts its queries and waits a little, so that most searches take one request.

use super::{ReadLogHistogram, ReadLogQuery, StartLogQuery};
use crate::engine::catalog::Catalog;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::log_search::{LogRange, LogSearch, LogSearchState, MAX_WAIT_MILLIS};
use crate::model::logs::{HistogramLook, LogQueryLook, LogQueryRequest, StartedLogQuery};
use crate::model::tool::AwsResource;
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};

/// The pause after the first look at the queries. Each further one is longer.
const FIRST_PAUSE: Duration = Duration::from_millis(15);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Searches a log group.
pub struct SearchLogs;

impl Operation for SearchLogs {
    const NAME: &'static str = "search_logs";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = LogSearch;
    type Output = LogSearchState;

    fn resources(search: &LogSearch, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if search.wait_millis > MAX_WAIT_MILLIS {
            return Err(ToolError::field("waitMillis", format!("at most {MAX_WAIT_MILLIS} ms are allowed")));
        }
        StartLogQuery::resources(&request(search, Timestamp::now())?, catalog)
    }

    async fn run(search: LogSearch, context: Context) -> Result<LogSearchState, ToolError> {
        let until = Instant::now() + Duration::from_millis(search.wait_millis.into());
        let started = StartLogQuery::run(request(&search, context.now)?, context.clone()).await?;
        let mut pause = FIRST_PAUSE;
        loop {
            let state = look(started.clone(), search.limit, &context).await?;
            let left = until.saturating_duration_since(Instant::now());
            if !state.is_running() || left.is_zero() {
                return Ok(state);
            }
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }
}

async fn look(started: StartedLogQuery, limit: u32, context: &Context) -> Result<LogSearchState, ToolError> {
    let rows = LogQueryLook { query_id: started.query_id.clone(), limit };
    let counts = started.histogram_query_id.clone().map(|histogram_query_id| HistogramLook {
        histogram_query_id,
        start_time: started.start_time.clone(),
        end_time: started.end_time.clone(),
        bin_seconds: started.bin_seconds,
    });
    let (rows, counts) = futures::try_join!(ReadLogQuery::run(rows, context.clone()), async {
        match counts {
            Some(counts) => ReadLogHistogram::run(counts, context.clone()).await.map(Some),
            None => Ok(None),
        }
    })?;
    Ok(LogSearchState { started, rows, counts })
}

/// The query with both ends of its range.
fn request(search: &LogSearch, now: Timestamp) -> Result<LogQueryRequest, ToolError> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (start_time, end_time) = match &search.range {
        LogRange::Between(from, to) => {
            let from = given(from).ok_or_else(|| ToolError::field("startTime", "a time is needed"))?;
            (Some(from), given(to))
        }
        range => {
            let seconds = range.seconds_until_now().unwrap_or_default();
            let from = now
                .checked_sub(SignedDuration::from_secs(seconds))
                .map_err(|error| ToolError::field("startTime", error.to_string()))?;
            (Some(from.to_string()), Some(now.to_string()))
        }
    };
    Ok(LogQueryRequest {
        log_group_name: search.log_group_name.clone(),
        query: search.query.clone(),
        start_time,
        end_time,
        limit: search.limit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(range: LogRange) -> LogSearch {
        LogSearch { log_group_name: None, query: "limit 1".to_owned(), range, limit: 1, wait_millis: 0 }
    }

    #[test]
    fn a_range_in_words_ends_now() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("a time");
        let asked = request(&search(LogRange::QuarterHour), now).expect("a request");
        assert_eq!(asked.start_time.as_deref(), Some("2026-11-24T11:45:00Z"));
        assert_eq!(asked.end_time.as_deref(), Some("2026-11-24T12:00:00Z"));
    }

    #[test]
    fn an_own_range_needs_its_beginning_and_ends_now_unless_said() {
        let now = Timestamp::UNIX_EPOCH;
        let between = |from: &str, to: &str| search(LogRange::Between(from.to_owned(), to.to_owned()));
        let asked = request(&between("2026-11-24T11:00Z", " "), now).expect("a request");
        assert_eq!((asked.start_time.as_deref(), asked.end_time), (Some("2026-11-24T11:00Z"), None));
        assert!(request(&between("", "2026-11-24T11:00Z"), now).is_err());
    }
}
