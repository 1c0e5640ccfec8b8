//! The directory that holds everything, and the lock that keeps a second process out of it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::EmbeddedAwsError;

/// An existing, writable directory that this process alone has open.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    path: PathBuf,
    /// Locked for as long as it lives; the operating system frees it when the process dies.
    _lock: File,
}

impl DataDirectory {
    /// Makes the directory if need be and takes its lock. Blocks on the file system.
    pub(crate) fn open(path: &Path) -> Result<Self, EmbeddedAwsError> {
        let refused = |source| EmbeddedAwsError::DataDirectory { path: path.to_owned(), source };
        create_private_directory(path).map_err(refused)?;
        let lock = File::create(path.join("lock")).map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(EmbeddedAwsError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(refused(source)),
        }
    }

    /// The path of a file or directory inside.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Makes a directory with its parents, readable by its owner only.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
