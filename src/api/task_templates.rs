//! The templates of tasks that a person keeps. They are kept and changed by plain forms.

use super::error::AppError;
use crate::model::task_template::TaskTemplate;
use leptos::prelude::*;

/// The templates that the caller keeps, by name.
///
/// # Errors
/// When the table of settings cannot be read.
#[server(prefix = "/fn", endpoint = "task-templates", input = leptos::server_fn::codec::GetUrl)]
pub async fn own_templates() -> Result<Vec<TaskTemplate>, AppError> {
    use crate::engine::tools::views::ListTaskTemplates;
    super::caller::caller()?.call::<ListTaskTemplates>(()).await
}
