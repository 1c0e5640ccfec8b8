//! One's own tasks, and those that colleagues share. They are begun and decided about by forms, which work without JavaScript, too.

use super::error::AppError;
use crate::model::task::{TaskList, TaskQuery, TaskView};
use crate::model::task_share::{SharedTaskView, TaskShare};
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

/// Whether a task of the caller is shared by a link, and until when.
///
/// # Errors
/// `Forbidden` for whoever may have no tasks.
#[server(prefix = "/fn", endpoint = "task-sharing", input = leptos::server_fn::codec::Json)]
pub async fn task_sharing(id: String) -> Result<Option<TaskShare>, AppError> {
    super::caller::caller()?.task_sharing(&id).await
}

/// The task of a link, which its owner has shared.
///
/// # Errors
/// `NotFound` where the link leads to none; `Forbidden` for whoever may not use every tool of its steps.
#[server(prefix = "/fn", endpoint = "shared-task", input = leptos::server_fn::codec::Json)]
pub async fn shared_task(link: String) -> Result<SharedTaskView, AppError> {
    super::caller::caller()?.shared_task(&link).await
}
