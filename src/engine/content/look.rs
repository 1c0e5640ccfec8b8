//! Looks at the buckets of recordings: what is there and not known, what has another content, what is gone.

use super::Shared;
use crate::engine::catalog::recordings::{self, KeptRecording};
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use crate::engine::config::BucketRole;
use crate::model::recording::RecordingState;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often the buckets are looked at.
const PAUSE: Duration = Duration::from_mins(1);

/// Files that are listed at once.
const PAGE: u32 = 1_000;

/// Looks at the buckets now and then, until the process ends.
pub(super) async fn keep_looking(shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shared.stopping.cancelled() => return,
        }
        tokio::select! {
            looked = look(&shared.catalog) => {
                if let Err(error) = looked {
                    tracing::warn!(%error, "the buckets of recordings could not be looked at");
                }
            }
            () = shared.stopping.cancelled() => return,
        }
    }
}

/// Looks at the buckets once.
pub(super) async fn look(catalog: &Catalog) -> Result<(), CatalogError> {
    let known = catalog.recordings().await?;
    let mut unseen: HashMap<&str, &KeptRecording> =
        known.iter().map(|kept| (kept.id.as_str(), kept)).collect();
    for bucket in catalog.buckets.of(BucketRole::Audio) {
        let mut token = None;
        loop {
            let (listed, next) = catalog.list_objects(bucket, "", PAGE, token).await?;
            for object in listed {
                let id = recordings::id(bucket, &object.key);
                let known = unseen.remove(id.as_str());
                let is_known = known
                    .is_some_and(|kept| kept.etag == object.etag && kept.state != RecordingState::Deleted);
                if !is_known && let Err(error) = take_in(catalog, bucket, &object.key).await {
                    left_for_later(&id, &error);
                }
            }
            token = next;
            if token.is_none() {
                break;
            }
        }
    }
    for kept in unseen.into_values() {
        if !matches!(kept.state, RecordingState::Announced | RecordingState::Deleted)
            && let Err(error) = say_gone(catalog, kept).await
        {
            left_for_later(&kept.id, &error);
        }
    }
    Ok(())
}

/// One recording that cannot be looked at does not keep the others from being found.
fn left_for_later(id: &str, error: &CatalogError) {
    tracing::warn!(%error, recording = id, "a recording waits for the next look at the buckets");
}

/// A file that is not known as it is.
async fn take_in(catalog: &Catalog, bucket: &str, key: &str) -> Result<(), CatalogError> {
    // A name that Patchline would not give is no recording of the label's.
    let Ok(key) = key.parse::<ObjectKey>() else { return Ok(()) };
    match catalog.object_info(bucket, &key).await {
        Ok(info) => catalog.recording_stored(&info, None).await,
        Err(CatalogError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A recording whose file was not listed: it may have been stored since.
async fn say_gone(catalog: &Catalog, kept: &KeptRecording) -> Result<(), CatalogError> {
    let Ok(key) = kept.key.parse::<ObjectKey>() else { return Ok(()) };
    match catalog.object_info(&kept.bucket, &key).await {
        Err(CatalogError::NotFound { .. }) => {
            let gone = kept
                .ended(RecordingState::Deleted, Some("the file is not in the bucket any more".to_owned()));
            catalog.change_recording(gone, Some(kept)).await.map(drop)
        }
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}
