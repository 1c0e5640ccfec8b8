//! The index: one SQLite file that says which blobs are which objects.

use std::path::Path;

use rusqlite::{OptionalExtension, Transaction, params};
use tokio::sync::watch;

use super::StoreError;
use super::blobs::BlobId;
use crate::embedded_aws::sqlite::SqliteFile;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    versioning TEXT NOT NULL,
    cors TEXT
) STRICT, WITHOUT ROWID;

-- A newer version of a key has a higher number; `latest` marks the one that plain reads see.
CREATE TABLE IF NOT EXISTS versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL REFERENCES buckets (name),
    key TEXT NOT NULL,
    version_id TEXT NOT NULL,
    latest INTEGER NOT NULL,
    delete_marker INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    blob TEXT,
    attributes TEXT NOT NULL,
    checksum TEXT,
    part_sizes TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (bucket, key, version_id)
) STRICT;
CREATE INDEX IF NOT EXISTS versions_in_order ON versions (bucket, key, number DESC);
CREATE UNIQUE INDEX IF NOT EXISTS one_latest ON versions (bucket, key) WHERE latest = 1;
CREATE INDEX IF NOT EXISTS objects ON versions (bucket, key) WHERE latest = 1 AND delete_marker = 0;
CREATE INDEX IF NOT EXISTS blobs_of_versions ON versions (blob);

CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL REFERENCES buckets (name),
    key TEXT NOT NULL,
    initiated INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    kind TEXT NOT NULL,
    chosen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uploads_in_order ON uploads (bucket, key, id);

CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    checksum TEXT NOT NULL,
    promised TEXT,
    blob TEXT NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blobs_of_parts ON parts (blob);
";

/// The file with its tables.
pub(super) struct Index {
    file: SqliteFile,
    /// How many transactions have been committed.
    changes: watch::Sender<u64>,
}

impl Index {
    /// Opens the file and makes the tables when it is new.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { file: SqliteFile::open(path, SCHEMA)?, changes: watch::Sender::new(0) })
    }

    /// Counts the changes of this process; whoever waits on it learns of each.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Reads from one consistent state.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.file.read(work)
    }

    /// Changes all or nothing, alone. What the work returns is on disk when this returns.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = self.file.write(work)?;
        self.changes.send_modify(|count| *count += 1);
        Ok(result)
    }

    /// Folds the log into the file.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        Ok(self.file.checkpoint()?)
    }
}

/// Whether a version or a part has this blob.
pub(super) fn is_named(transaction: &Transaction<'_>, blob: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM versions WHERE blob = ?1 UNION ALL SELECT 1 FROM parts WHERE blob = ?1";
    Ok(transaction.prepare_cached(sql)?.query_row(params![blob], |_| Ok(())).optional()?.is_some())
}

/// Those of the blobs that nothing names any more. To be asked at the end of the transaction that
/// let go of them, and to be removed after its commit.
pub(super) fn unnamed(
    transaction: &Transaction<'_>,
    released: impl IntoIterator<Item = BlobId>,
) -> Result<Vec<BlobId>, StoreError> {
    let mut unnamed: Vec<BlobId> = Vec::new();
    for blob in released {
        if !unnamed.contains(&blob) && !is_named(transaction, blob.as_str())? {
            unnamed.push(blob);
        }
    }
    Ok(unnamed)
}
