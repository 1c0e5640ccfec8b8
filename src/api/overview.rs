//! The figures of the first page.

use super::error::AppError;
use crate::model::overview::Overview;
use leptos::prelude::*;

/// The label at a glance.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "overview", input = leptos::server_fn::codec::GetUrl)]
pub async fn label_overview() -> Result<Overview, AppError> {
    use crate::engine::seed::SeedingState;
    use crate::engine::tools::views::LabelOverview;
    let caller = super::caller::caller()?;
    let state = caller.engine.sample_label();
    let overview = caller.call::<LabelOverview>(()).await?;
    let preparing = state == SeedingState::Preparing;
    let trouble = if let SeedingState::Failed(reason) = state { Some(reason) } else { None };
    Ok(Overview { preparing, trouble, ..overview })
}
