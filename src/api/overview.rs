//! The figures of the first page.

use super::error::AppError;
use crate::model::overview::Overview;
use leptos::prelude::*;

/// The label at a glance.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(endpoint = "overview", input = leptos::server_fn::codec::GetUrl)]
pub async fn label_overview() -> Result<Overview, AppError> {
    super::door::label_overview().await
}
