//! Time ranges and queries as arguments.

use crate::engine::catalog::Catalog;
use crate::engine::monitoring::insights::LogQuery;
use crate::engine::monitoring::time::TimeRange;
use crate::engine::tools::{ToolError, choices};
use crate::model::logs::{MAX_LOG_ROWS, MAX_QUERY_LENGTH};
use jiff::Timestamp;

/// The range between two arguments, each of which may be missing.
pub(crate) fn time_range(
    start: Option<&str>,
    end: Option<&str>,
    catalog: &Catalog,
) -> Result<TimeRange, ToolError> {
    TimeRange::read(start, end, &catalog.time_zone, Timestamp::now())
        .map_err(|wrong| ToolError::field(wrong.field, wrong.message))
}

/// A query over one of the allowed log groups.
pub(crate) fn log_query(
    group: Option<&str>,
    text: &str,
    range: (Option<&str>, Option<&str>),
    limit: u32,
    catalog: &Catalog,
) -> Result<LogQuery, ToolError> {
    let group = choices::log_group(group, catalog)?.to_owned();
    if text.trim().is_empty() {
        return Err(ToolError::field("query", "the query is empty"));
    }
    if text.chars().count() > MAX_QUERY_LENGTH {
        return Err(ToolError::field("query", format!("at most {MAX_QUERY_LENGTH} characters are allowed")));
    }
    if limit == 0 || limit > MAX_LOG_ROWS {
        return Err(ToolError::field("limit", format!("1 to {MAX_LOG_ROWS} rows are allowed")));
    }
    let range = time_range(range.0, range.1, catalog)?;
    Ok(LogQuery { group, text: text.to_owned(), range, limit })
}
