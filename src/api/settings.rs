//! Limits, budgets and the configuration, for admins; and what is left to the caller.

use super::error::AppError;
use crate::model::settings::{OwnLimits, SettingsView};
use leptos::prelude::*;

/// Limits and budgets with their history, and the configuration.
///
/// # Errors
/// `Forbidden` for whoever may not see them.
#[server(prefix = "/fn", endpoint = "settings", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_settings() -> Result<SettingsView, AppError> {
    super::caller::caller()?.view_settings().await
}

/// How many calls the caller may make at this moment, and how many dollars models may cost them today.
///
/// # Errors
/// When the table of limits cannot be read.
#[server(prefix = "/fn", endpoint = "own-limits", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_own_limits() -> Result<OwnLimits, AppError> {
    super::caller::caller()?.own_limits().await
}
