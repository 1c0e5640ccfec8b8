//! One's own tasks. They are begun and decided about by forms, which work without JavaScript, too.

use super::error::AppError;
use crate::model::task::{TaskList, TaskQuery, TaskView};
use leptos::prelude::*;

/// A page of the caller's tasks, the newest first.
///
/// # Errors
/// `Forbidden` for whoever may have no tasks.
#[server(prefix = "/fn", endpoint = "tasks", input = leptos::server_fn::codec::Json)]
pub async fn own_tasks(query: TaskQuery) -> Result<TaskList, AppError> {
    super::caller::caller()?.tasks(query).await
}

/// A task of the caller, as it is now.
///
/// # Errors
/// `NotFound` where there is none of this id, or it is somebody else's.
#[server(prefix = "/fn", endpoint = "task", input = leptos::server_fn::codec::Json)]
pub async fn own_task(id: String) -> Result<TaskView, AppError> {
    super::caller::caller()?.task(&id).await
}
