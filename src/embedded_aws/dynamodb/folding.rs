//! Folds the write-ahead log of the database into its file, beside those who read and write.
//!
//! Else SQLite does it within the write that makes the log long, and whoever wants anything of the one connection of
//! `dynoxide` waits for it. It still does where this does not keep up, or fails.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::embedded_aws::periodic::Periodic;

/// Under load some hundred pages come in this time, and SQLite folds by itself from a thousand on.
const INTERVAL: Duration = Duration::from_millis(250);

/// Whether something was asked of the database since its log was folded last.
#[derive(Clone, Default)]
pub(super) struct InUse(Arc<AtomicBool>);

impl InUse {
    /// Something was asked of it.
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Begins to fold the log of the database in a file, while it is in use.
pub(super) fn begin(path: &Path, in_use: InUse) -> Periodic {
    let path = path.to_owned();
    Periodic::start("the folding of the log of DynamoDB", INTERVAL, move || {
        if in_use.take()
            && let Err(error) = fold(&path)
        {
            tracing::debug!(%error, "the log of the embedded DynamoDB could not be folded");
        }
        Ok::<_, Infallible>(())
    })
}

/// Folds as much as nobody still reads; waits for nobody.
fn fold(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_folded_while_another_connection_is_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.sqlite");
        let other = Connection::open(&path).expect("a database");
        other.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).expect("a log");
        other.execute_batch("CREATE TABLE t (v); INSERT INTO t VALUES (1);").expect("it is written");
        let before = std::fs::metadata(&path).expect("a file").len();
        fold(&path).expect("it is folded");
        assert!(std::fs::metadata(&path).expect("a file").len() > before, "the file has the table now");
        let value = other.query_row("SELECT v FROM t", [], |row| row.get::<_, i64>(0));
        assert_eq!(value, Ok(1));
    }
}
