//! The check of a release before delivery.

use super::error::AppError;
use crate::model::checks::{CheckQuestion, ReleaseCheck};
use leptos::prelude::*;

/// What the check of a release comes to.
///
/// # Errors
/// `NotFound` when there is no such release; `Invalid` for a profile that is not known.
#[server(prefix = "/fn", endpoint = "release-check", input = leptos::server_fn::codec::Json)]
pub async fn ask_release_check(question: CheckQuestion) -> Result<ReleaseCheck, AppError> {
    use crate::engine::tools::music::planning::{CheckRelease, CheckReleaseInput};
    super::caller::caller()?.call::<CheckRelease>(CheckReleaseInput::from(question)).await
}
