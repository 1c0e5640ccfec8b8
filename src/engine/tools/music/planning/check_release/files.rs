//! The files of a release that is checked: its cover and its masters, as far as they are there.

use crate::engine::catalog::{CatalogError, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::music::check_artwork::{self, CheckedCover};
use crate::engine::tools::music::heard::heard;
use crate::engine::tools::{Context, ToolError};
use crate::model::recording::RecordingReport;
use crate::model::release::Release;
use futures::{StreamExt, stream};
use std::sync::Arc;

/// How many masters are fetched at the same time.
const SIDE_BY_SIDE: usize = 2;

/// The cover; none where none is named, or the file is not there.
pub(super) async fn cover(
    release: &Release,
    profile: &str,
    context: &Context,
) -> Result<Option<CheckedCover>, ToolError> {
    let Some(key) = release.artwork.as_deref().and_then(|key| key.parse::<ObjectKey>().ok()) else {
        return Ok(None);
    };
    let bucket = context.catalog.buckets.default_of(BucketRole::Artwork);
    present(check_artwork::checked(bucket, &key, profile, context).await)
}

/// What is known of each track's master, in order; none where none is named, or the file is not there.
pub(super) async fn masters(
    release: &Release,
    context: &Context,
) -> Result<Vec<Option<Arc<RecordingReport>>>, ToolError> {
    let bucket = context.catalog.buckets.default_of(BucketRole::Audio);
    let keys: Vec<Option<ObjectKey>> =
        release.tracks.iter().map(|track| track.audio.as_deref().and_then(|key| key.parse().ok())).collect();
    let found: Vec<Result<Option<Arc<RecordingReport>>, ToolError>> = stream::iter(keys)
        .map(|key| async move {
            match key {
                Some(key) => present(heard(bucket, &key, context).await),
                None => Ok(None),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    found.into_iter().collect()
}

/// What is there; a file that is not is no failure, but something to be told.
fn present<T>(found: Result<T, ToolError>) -> Result<Option<T>, ToolError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(ToolError::Catalog(CatalogError::NotFound { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}
