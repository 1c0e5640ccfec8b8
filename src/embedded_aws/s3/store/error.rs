//! What can go wrong in the store.

use std::io;

/// Why the store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// There is no bucket of that name.
    #[error("the specified bucket does not exist")]
    NoSuchBucket,
    /// A bucket of that name is there already.
    #[error("your previous request to create the named bucket succeeded and you already own it")]
    BucketExists,
    /// The bucket still holds versions or delete markers.
    #[error("the bucket you tried to delete is not empty; delete all versions and delete markers first")]
    BucketNotEmpty,
    /// There is no such key, or its latest version is a delete marker, whose id is given.
    #[error("the specified key does not exist")]
    NoSuchKey {
        /// The version id of the delete marker that hides the object.
        hidden_by: Option<String>,
    },
    /// There is no such version of the key.
    #[error("the specified version does not exist")]
    NoSuchVersion,
    /// The version asked for is a delete marker, which has no content.
    #[error("the specified version is a delete marker")]
    IsDeleteMarker,
    /// A condition of a write does not hold.
    #[error("at least one of the preconditions you specified did not hold")]
    PreconditionFailed,
    /// There is no such multipart upload: completed, aborted or never begun.
    #[error("the specified upload does not exist; it may have been aborted or completed")]
    NoSuchUpload,
    /// A part named at completion was not uploaded, or with another `ETag` or checksum.
    #[error("part {number} could not be found, or its entity tag does not match the uploaded part's")]
    InvalidPart {
        /// The number of the part.
        number: u16,
    },
    /// A part other than the last is too small.
    #[error("part {number} has {size} bytes; all parts but the last need at least {minimum}")]
    PartTooSmall {
        /// The number of the part.
        number: u16,
        /// Its size in bytes.
        size: u64,
        /// The smallest size allowed.
        minimum: u64,
    },
    /// The whole object is larger than an object may be.
    #[error("your proposed upload exceeds the maximum allowed size")]
    TooLarge,
    /// The size of the completed object is not the one the client expects.
    #[error("the provided object size does not match the size of the completed upload")]
    SizeMismatch,
    /// What arrived is not what its checksum promised.
    #[error("the {algorithm} you specified did not match the calculated checksum")]
    BadDigest {
        /// The algorithm that found it.
        algorithm: &'static str,
    },
    /// The upload stopped before its end.
    #[error("the upload broke off before its end")]
    Interrupted,
    /// The disk or a quota is full. Nothing of the request was kept.
    #[error("no space left on the disk of the embedded AWS; nothing of this request was stored")]
    DiskFull,
    /// The operating system refused.
    #[error("the embedded AWS cannot use its files: {0}")]
    Io(io::Error),
    /// The index could not be read or written.
    #[error("the embedded AWS cannot use its index: {0}")]
    Index(rusqlite::Error),
    /// The index holds something that it should not.
    #[error("the index of the embedded AWS is damaged: {0}")]
    Damaged(String),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull
            }
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Index(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        let full = StoreError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(full, StoreError::DiskFull));
        let refused = StoreError::from(io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(matches!(refused, StoreError::Io(_)));
    }
}
