//! The files of releases: which releases name one, where a new one goes, and naming it.

use super::error::AppError;
use crate::model::release_file::{FileUses, FileUsesAsked, NamedReleaseFile, NewReleaseFile, PlannedFile};
use leptos::prelude::*;

/// Which releases name files; for each file, in their order.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "file-uses", input = leptos::server_fn::codec::Json)]
pub async fn view_file_uses(asked: FileUsesAsked) -> Result<Vec<FileUses>, AppError> {
    use crate::engine::tools::views::ViewFileUses;
    super::caller::caller()?.call::<ViewFileUses>(asked).await
}

/// Where a new file of a release goes.
///
/// # Errors
/// `NotFound` when there is no such release or track; `Conflict` when somebody has changed the release since, or another
/// one names the same file by now.
#[server(prefix = "/fn", endpoint = "plan-release-file", input = leptos::server_fn::codec::Json)]
pub async fn plan_release_file(new: NewReleaseFile) -> Result<PlannedFile, AppError> {
    use crate::engine::tools::views::PlanReleaseFile;
    super::caller::caller()?.call::<PlanReleaseFile>(new).await
}

/// Names a stored file in its release.
///
/// # Errors
/// `NotFound` when there is no such release, track or file; `Conflict` when somebody has changed the release since.
#[server(prefix = "/fn", endpoint = "name-release-file", input = leptos::server_fn::codec::Json)]
pub async fn name_release_file(named: NamedReleaseFile) -> Result<(), AppError> {
    use crate::engine::tools::dynamodb::NameReleaseFile;
    super::caller::caller()?.call::<NameReleaseFile>(named).await
}
