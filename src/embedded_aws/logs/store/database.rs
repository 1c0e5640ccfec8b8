//! The tables of the log events, and the file that they are in.

use std::path::Path;

use rusqlite::Transaction;

use super::StoreError;
use crate::embedded_aws::sqlite::SqliteFile;

/// Times are milliseconds since 1970. `bytes` is the length of a message, so that queries which only
/// count can say how much they scanned from the index alone.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    retention_days INTEGER,
    bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS streams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    first_event INTEGER,
    last_event INTEGER,
    last_ingestion INTEGER,
    UNIQUE (group_id, name)
) STRICT;

CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    stream_id INTEGER NOT NULL REFERENCES streams (id),
    timestamp INTEGER NOT NULL,
    ingested INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS events_of_groups ON events (group_id, timestamp, number, bytes);
CREATE INDEX IF NOT EXISTS events_of_streams ON events (stream_id, timestamp, number);
";

/// The file with its tables.
#[derive(Debug)]
pub(super) struct Database {
    file: SqliteFile,
}

impl Database {
    /// Opens the file and makes the tables when it is new.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { file: SqliteFile::open(path, SCHEMA)? })
    }

    /// Reads from one consistent state. The work may fail in its own way.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.file.read(|state| Ok::<_, StoreError>(work(state)));
        done.map_err(E::from)?
    }

    /// Changes all or nothing, alone. What the work returns is on disk when this returns.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.file.write(work)
    }

    /// Folds the log into the file.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        Ok(self.file.checkpoint()?)
    }
}
