//! The list of releases and the page of one.

use super::error::AppError;
use crate::model::identifier::ReleaseId;
use crate::model::list::{ReleaseList, ReleaseQuery};
use crate::model::release::ReleaseDetail;
use leptos::prelude::*;

/// One page of the list.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "releases", input = leptos::server_fn::codec::Json)]
pub async fn browse_releases(query: ReleaseQuery) -> Result<ReleaseList, AppError> {
    use crate::engine::tools::views::BrowseReleases;
    super::caller::caller()?.call::<BrowseReleases>(query).await
}

/// All that the page of a release shows.
///
/// # Errors
/// `NotFound` when there is no such release.
#[server(prefix = "/fn", endpoint = "release", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_release(release_id: ReleaseId) -> Result<ReleaseDetail, AppError> {
    use crate::engine::tools::views::ViewRelease;
    super::caller::caller()?.call::<ViewRelease>(release_id).await
}
