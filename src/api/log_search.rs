//! Searching the logs from a page, and keeping queries from a form that works without JavaScript.

use super::error::AppError;
use crate::model::log_search::{LogSearch, LogSearchState};
use crate::model::logs::SavedLogQuery;
use leptos::prelude::*;

/// Starts a search, waits a little, and answers with what is there by then.
///
/// # Errors
/// `Invalid` with the place where the query is wrong; `Forbidden` for a log group that may not be asked.
#[server(prefix = "/fn", endpoint = "search-logs", input = leptos::server_fn::codec::Json)]
pub async fn search_logs(search: LogSearch) -> Result<LogSearchState, AppError> {
    use crate::engine::tools::views::SearchLogs;
    super::caller::caller()?.call::<SearchLogs>(search).await
}

/// Keeps a query and answers with all; one of the same name is replaced. An empty log group means
/// Patchline's own.
///
/// # Errors
/// `Invalid` when name or query is empty or too long, or too many are kept.
#[server(prefix = "/fn", endpoint = "keep-log-query")]
pub async fn keep_log_query(
    name: String,
    group: String,
    query: String,
) -> Result<Vec<SavedLogQuery>, AppError> {
    use crate::engine::tools::views::SaveQuery;
    let log_group_name = Some(group).filter(|group| !group.is_empty());
    // Forms end their lines as mail does.
    let query = query.replace("\r\n", "\n");
    super::caller::caller()?.call::<SaveQuery>(SavedLogQuery { name, log_group_name, query }).await
}
