//! What can go wrong in the store.

/// Why the store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The disk or a quota is full. Nothing of the request was kept.
    #[error("no space left on the disk of the embedded AWS; nothing of this request was stored")]
    DiskFull,
    /// The file could not be read or written.
    #[error("the embedded AWS cannot use its database of logs: {0}")]
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Database(error),
        }
    }
}
