//! Log queries: starting one, its rows and its histogram as they come, stopping it, and those that are kept.

use super::error::AppError;
use crate::model::activity::{ActivityRange, UserActivity};
use crate::model::logs::{
    HistogramLook, HistogramState, LogGroupList, LogQueryLook, LogQueryRequest, LogQueryState, SavedLogQuery,
    StartedLogQuery,
};
use leptos::prelude::*;

/// The log groups that may be asked.
///
/// # Errors
/// When `CloudWatch` Logs cannot be reached.
#[server(prefix = "/fn", endpoint = "log-groups", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_log_groups() -> Result<LogGroupList, AppError> {
    use crate::engine::tools::views::ListLogGroups;
    super::caller::caller()?.call::<ListLogGroups>(()).await
}

/// Starts a query. Its rows and its histogram are read by their ids until they are complete.
///
/// # Errors
/// `Invalid` with the place where the query is wrong; `Forbidden` for a log group that may not be asked.
#[server(prefix = "/fn", endpoint = "start-log-query", input = leptos::server_fn::codec::Json)]
pub async fn start_log_query(request: LogQueryRequest) -> Result<StartedLogQuery, AppError> {
    use crate::engine::tools::views::StartLogQuery;
    super::caller::caller()?.call::<StartLogQuery>(request).await
}

/// How far a query is, and its rows so far.
///
/// # Errors
/// `NotFound` when there is no such query, or no longer.
#[server(prefix = "/fn", endpoint = "log-query", input = leptos::server_fn::codec::Json)]
pub async fn read_log_query(look: LogQueryLook) -> Result<LogQueryState, AppError> {
    use crate::engine::tools::views::ReadLogQuery;
    super::caller::caller()?.call::<ReadLogQuery>(look).await
}

/// How many records matched over time, as far as they are counted.
///
/// # Errors
/// `NotFound` when there is no such query, or no longer.
#[server(prefix = "/fn", endpoint = "log-histogram", input = leptos::server_fn::codec::Json)]
pub async fn read_log_histogram(look: HistogramLook) -> Result<HistogramState, AppError> {
    use crate::engine::tools::views::ReadLogHistogram;
    super::caller::caller()?.call::<ReadLogHistogram>(look).await
}

/// Stops a query; one that has ended already is as good as stopped.
///
/// # Errors
/// When `CloudWatch` Logs cannot be reached.
#[server(prefix = "/fn", endpoint = "stop-log-query")]
pub async fn stop_log_query(query_id: String) -> Result<(), AppError> {
    use crate::engine::tools::views::StopLogQuery;
    super::caller::caller()?.call::<StopLogQuery>(query_id).await
}

/// The queries that the caller keeps, by name.
///
/// # Errors
/// When the table of settings cannot be read.
#[server(prefix = "/fn", endpoint = "saved-log-queries", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_saved_log_queries() -> Result<Vec<SavedLogQuery>, AppError> {
    use crate::engine::tools::views::ListSavedQueries;
    super::caller::caller()?.call::<ListSavedQueries>(()).await
}

/// Keeps a query and answers with all; one of the same name is replaced.
///
/// # Errors
/// `Invalid` when name or query is empty or too long, or too many are kept.
#[server(prefix = "/fn", endpoint = "save-log-query", input = leptos::server_fn::codec::Json)]
pub async fn save_log_query(query: SavedLogQuery) -> Result<Vec<SavedLogQuery>, AppError> {
    use crate::engine::tools::views::SaveQuery;
    super::caller::caller()?.call::<SaveQuery>(query).await
}

/// Removes a query that the caller keeps, and answers with the rest.
///
/// # Errors
/// When the table of settings cannot be written.
#[server(prefix = "/fn", endpoint = "remove-log-query")]
pub async fn remove_log_query(name: String) -> Result<Vec<SavedLogQuery>, AppError> {
    use crate::engine::tools::views::RemoveSavedQuery;
    super::caller::caller()?.call::<RemoveSavedQuery>(name).await
}

/// What somebody did in the last hour, day or week, and what of it stands out.
///
/// # Errors
/// `TooManyRequests` beyond the limit of calls: it is as much work as a tool call.
#[server(prefix = "/fn", endpoint = "user-activity", input = leptos::server_fn::codec::Json)]
pub async fn explain_user_activity(
    log_group_name: Option<String>,
    user_id: String,
    time_range: ActivityRange,
) -> Result<UserActivity, AppError> {
    use crate::engine::tools::cloudwatch::{AnalyzeUserActivity, UserActivityInput};
    let input = UserActivityInput { log_group_name, user_id, time_range };
    super::caller::caller()?.call::<AnalyzeUserActivity>(input).await
}
