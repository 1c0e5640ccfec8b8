//! The views of the list of artists that a person keeps, from forms that work without JavaScript.

use super::error::AppError;
use crate::model::saved_view::SavedView;
use leptos::prelude::*;

/// Keeps a view and answers with all; one of the same name is replaced.
///
/// # Errors
/// `Invalid` when the name is empty or too long, or too many are kept.
#[server(prefix = "/fn", endpoint = "keep-artist-view")]
pub async fn keep_view(name: String, query: String) -> Result<Vec<SavedView>, AppError> {
    use crate::engine::tools::views::SaveArtistView;
    super::caller::caller()?.call::<SaveArtistView>(SavedView { name, query }).await
}

/// Removes a view that the caller keeps, and answers with the rest.
///
/// # Errors
/// When the table of settings cannot be written.
#[server(prefix = "/fn", endpoint = "remove-artist-view")]
pub async fn remove_view(name: String) -> Result<Vec<SavedView>, AppError> {
    use crate::engine::tools::views::RemoveArtistView;
    super::caller::caller()?.call::<RemoveArtistView>(name).await
}
