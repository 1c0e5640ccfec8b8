//! The index: one SQLite file that says which blobs are which objects.
//!
//! Write-ahead log with full synchronisation: a committed transaction survives a loss of power. One
//! connection writes; reading has connections of its own and never waits for a write.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use tokio::sync::watch;

use super::StoreError;
use super::blobs::BlobId;

/// Kept open at most; more readers at once open more, and close them again.
const IDLE_READERS: usize = 8;

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

/// The connections to the index.
pub(super) struct Index {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// How many transactions have been committed.
    changes: watch::Sender<u64>,
}

impl Index {
    /// Opens the file and makes the tables when it is new.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = connect(path)?;
        writer.execute_batch(SCHEMA)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            changes: watch::Sender::new(0),
        })
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
        let idle = lock(&self.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        let result = connection.transaction().map_err(StoreError::from).and_then(|state| work(&state));
        let mut readers = lock(&self.readers);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        result
    }

    /// Changes all or nothing, alone. What the work returns is on disk when this returns.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        self.changes.send_modify(|count| *count += 1);
        Ok(result)
    }

    /// Folds the log into the file.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        lock(&self.readers).clear();
        lock(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
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

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A panic while the lock was held rolled its transaction back, so the connection is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
