//! The store: log groups, streams and events in one SQLite file.
//!
//! All methods block on the disk and belong on a blocking thread. What a method that writes has
//! acknowledged is on disk.

mod database;
mod error;
mod events;
mod expiry;
mod groups;
mod scanning;
mod streams;

use std::path::Path;

use self::database::Database;

pub(crate) use self::error::StoreError;
pub(crate) use self::events::{Direction, PageRequest, Record, StoredEvent};
pub(crate) use self::groups::Group;
pub(crate) use self::scanning::{Needs, Scan, ScannedEvent, Span};
pub(crate) use self::streams::{Creation, Stream};

/// The store of one file.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens the file and makes the tables when it is new.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { database: Database::open(path)? })
    }

    /// Folds the write-ahead log into the file.
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        self.database.checkpoint()
    }
}
