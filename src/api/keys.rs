//! API keys: one's own, and for admins those of everybody. They are made and revoked by plain forms.

use super::error::AppError;
use crate::model::key::{KeyView, OwnKeys};
use leptos::prelude::*;

/// The keys of the caller, and what they may choose from for another.
///
/// # Errors
/// When nobody is signed in, or the keys cannot be read.
#[server(prefix = "/fn", endpoint = "own-keys", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_own_keys() -> Result<OwnKeys, AppError> {
    super::caller::caller()?.own_keys().await
}

/// The keys of everybody.
///
/// # Errors
/// `Forbidden` for whoever is no admin.
#[server(prefix = "/fn", endpoint = "all-keys", input = leptos::server_fn::codec::GetUrl)]
pub async fn all_keys() -> Result<Vec<KeyView>, AppError> {
    use crate::engine::tools::views::ListKeys;
    super::caller::caller()?.call::<ListKeys>(()).await
}
