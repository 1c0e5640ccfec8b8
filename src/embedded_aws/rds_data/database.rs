//! The database file, and what may be done with it through the Data API.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::embedded_aws::rds::Access;

use super::error::DataApiError;

/// The longest text or blob, in bytes: what a request may carry.
const LONGEST_VALUE: i32 = 4 * 1024 * 1024;
/// Functions that reach beyond the data.
const FORBIDDEN_FUNCTIONS: [&str; 2] = ["load_extension", "fts3_tokenizer"];

/// One SQLite file.
pub(super) struct Database {
    path: PathBuf,
    writer: Mutex<Connection>,
}

impl Database {
    /// Opens the file, and makes an empty one when there is none. Blocks on the disk.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let writer = Connection::open(path)?;
        writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        writer.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
        guard(&writer, Access::Write)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer) })
    }

    /// Does work over a connection that can do no more than `access` allows. Reading never waits for
    /// a write, and cannot write even where the guard should fail: the file is opened for reading.
    pub(super) fn with<T>(
        &self,
        access: Access,
        work: impl FnOnce(&Connection) -> Result<T, DataApiError>,
    ) -> Result<T, DataApiError> {
        match access {
            Access::Read => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let reader = Connection::open_with_flags(&self.path, flags)?;
                guard(&reader, Access::Read)?;
                work(&reader)
            }
            // A panic while the lock was held rolled its statement back.
            Access::Write => work(&self.writer.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// Folds the log into the file.
    pub(super) fn checkpoint(&self) -> rusqlite::Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

fn guard(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    authorise(connection, access);
    Ok(())
}

fn authorise(connection: &Connection, access: Access) {
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if is_allowed(context.action, access) { Authorization::Allow } else { Authorization::Deny }
    }));
}

/// Does something with a statement that is prepared already so that it counts as a whole or not at all.
/// Callers may not begin transactions, so what they may do is not asked meanwhile.
pub(super) fn as_a_whole<T, E: From<rusqlite::Error>>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
    let done = (|| {
        let transaction = connection.unchecked_transaction()?;
        let done = work()?;
        transaction.commit()?;
        Ok(done)
    })();
    authorise(connection, Access::Write);
    done
}

/// What a statement may do. Other files, settings, extensions and transactions over several requests
/// are for nobody.
fn is_allowed(action: AuthAction<'_>, access: Access) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => {
            !FORBIDDEN_FUNCTIONS.iter().any(|forbidden| function_name.eq_ignore_ascii_case(forbidden))
        }
        AuthAction::Insert { .. }
        | AuthAction::Update { .. }
        | AuthAction::Delete { .. }
        | AuthAction::CreateTable { .. }
        | AuthAction::CreateIndex { .. }
        | AuthAction::CreateView { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::DropIndex { .. }
        | AuthAction::DropView { .. }
        | AuthAction::AlterTable { .. }
        | AuthAction::Reindex { .. } => access == Access::Write,
        _ => false,
    }
}
