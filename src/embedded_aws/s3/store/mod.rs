//! The object store: buckets, objects and their versions, multipart uploads.
//!
//! Content lies in files ([`blobs`]), everything else in one SQLite file ([`index`]). All methods
//! block on the disk and belong on a blocking thread.

mod blobs;
mod buckets;
mod checksums;
mod cors;
mod error;
mod index;
mod listing;
mod multipart;
mod objects;
mod paging;
mod versions;

use std::path::Path;

use jiff::Timestamp;
use tokio::sync::watch;

use self::blobs::{BlobId, Blobs};
use self::index::Index;

pub(crate) use self::blobs::Incoming;
pub(crate) use self::buckets::Versioning;
pub(crate) use self::checksums::{Algorithm, Checksum, ChecksumKind, ContentHasher, ContentHashes, Promised};
pub(crate) use self::cors::CorsRule;
pub(crate) use self::error::StoreError;
pub(crate) use self::listing::{ListedVersion, UploadPosition, VersionPosition};
pub(crate) use self::multipart::{CompletedPart, Completion, Upload, UploadName};
pub(crate) use self::objects::{CopyAs, ObjectName, Precondition};
pub(crate) use self::paging::{PageRequest, Position};
pub(crate) use self::versions::{Attributes, Tags, Version};

/// The store of one directory.
pub(crate) struct Store {
    index: Index,
    blobs: Blobs,
}

impl Store {
    /// Opens the directory and removes what unfinished requests of a former process left behind.
    pub(crate) fn open(directory: &Path) -> Result<Self, StoreError> {
        let blobs = Blobs::open(directory)?;
        let index = Index::open(&directory.join("index.sqlite"))?;
        let removed = blobs.remove_unnamed(|blob| index.read(|state| index::is_named(state, blob)))?;
        if removed > 0 {
            tracing::info!(removed, "removed content of unfinished uploads");
        }
        Ok(Self { index, blobs })
    }

    /// A new file for content that is about to arrive.
    pub(crate) fn create_incoming(&self) -> Result<Incoming, StoreError> {
        Ok(self.blobs.create()?)
    }

    /// Folds the log of the index into its file.
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        self.index.checkpoint()
    }

    /// Counts the changes to buckets and objects that this process has made.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.index.changes()
    }

    fn remove_blobs(&self, blobs: &[BlobId]) {
        for blob in blobs {
            self.blobs.remove(blob);
        }
    }
}

/// Content that has arrived whole, in a file that is not yet kept.
#[derive(Debug)]
pub(crate) struct Received {
    /// The file.
    pub(crate) incoming: Incoming,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// Its hashes.
    pub(crate) hashes: ContentHashes,
}

/// A time of the index, which keeps milliseconds.
fn time(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError::Damaged(format!("time {milliseconds}")))
}
