//! What other services of the embedded AWS may see of the buckets: names, versions and content.

use std::io::Read;
use std::sync::Arc;

use tokio::sync::watch;

use super::store::{ObjectName, PageRequest, Position, Store, StoreError};

/// How many objects are listed at once.
const PAGE: usize = 1000;

/// Reads the buckets. All methods but [`BucketContents::changes`] block on the disk.
#[derive(Clone)]
pub(crate) struct BucketContents {
    store: Arc<Store>,
}

/// An object as a listing has it.
#[derive(Debug, Clone)]
pub(crate) struct ObjectSummary {
    /// Its key.
    pub(crate) key: String,
    /// Its `ETag`, without quotes; another content has another.
    pub(crate) etag: String,
    /// Its size in bytes.
    pub(crate) size: u64,
}

impl BucketContents {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store }
    }

    /// Counts the changes to all buckets. A change that was acknowledged is counted, and visible to
    /// the other methods, before its client can know of it.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.store.changes()
    }

    /// All objects of a bucket in the order of their keys; none when there is no such bucket.
    pub(crate) fn objects(&self, bucket: &str) -> Result<Vec<ObjectSummary>, StoreError> {
        let mut all = Vec::new();
        let mut from = Position::Start;
        loop {
            let request = PageRequest { prefix: String::new(), delimiter: None, limit: PAGE, from };
            let page = match self.store.list_objects(bucket, &request) {
                Err(StoreError::NoSuchBucket) => return Ok(all),
                page => page?,
            };
            all.extend(page.entries.into_iter().map(|entry| ObjectSummary {
                key: entry.key,
                etag: entry.etag,
                size: entry.size,
            }));
            match page.next {
                Some(next) => from = next,
                None => return Ok(all),
            }
        }
    }

    /// The content of an object; of a larger one, `limit` bytes.
    pub(crate) fn read(&self, bucket: &str, key: &str, limit: u64) -> Result<Vec<u8>, StoreError> {
        let name = ObjectName { bucket: bucket.to_owned(), key: key.to_owned() };
        let (_, _, file) = self.store.open_object(&name, None)?;
        let mut content = Vec::new();
        file.take(limit).read_to_end(&mut content)?;
        Ok(content)
    }
}
