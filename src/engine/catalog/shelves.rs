//! What people keep for themselves, ready for the pages that show it each time they are opened.

use super::{Catalog, CatalogError};
use moka::future::Cache;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How old what another instance has changed may be here.
const SHELF_AGE: Duration = Duration::from_secs(4);

/// How many shelves are kept ready.
const MOST_SHELVES: u64 = 10_000;

/// The shelves by generation and name: one that was being read while something changed belongs to the generation
/// before, and is not found afterwards.
#[derive(Debug)]
pub(super) struct ShelfCache {
    generation: AtomicU64,
    kept: Cache<(u64, String), Option<Arc<Value>>>,
}

impl Default for ShelfCache {
    fn default() -> Self {
        let kept = Cache::builder().max_capacity(MOST_SHELVES).time_to_live(SHELF_AGE).build();
        Self { generation: AtomicU64::new(0), kept }
    }
}

impl ShelfCache {
    /// After a change: what is known is old.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}

impl Catalog {
    /// A fact that is shown and not acted upon, or none where it has not been set: as this process has changed it
    /// last, and at most [`SHELF_AGE`] older than what another instance has made of it.
    ///
    /// # Errors
    /// `Unreadable` where it is stored in another form; else what AWS says.
    pub(crate) async fn shown_setting<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, CatalogError> {
        let key = (self.shelves.generation.load(Ordering::SeqCst), name.to_owned());
        let read = async { self.setting::<Value>(name).await.map(|found| found.map(Arc::new)) };
        let answer: Result<_, Arc<CatalogError>> = self.shelves.kept.try_get_with(key, read).await;
        let found = answer.map_err(|error| (*error).clone())?;
        found.map(|value| T::deserialize(&*value)).transpose().map_err(|error| CatalogError::Unreadable {
            what: "setting",
            id: name.to_owned(),
            detail: error.to_string(),
        })
    }
}
