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

/// Makes a directory with its parents, readable by its owner only, so that all of them survive a loss of
/// power.
///
/// From the outermost inwards, each synchronised before the next is made. So of what a killed process
/// made, only the innermost may still have to be synchronised.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    if path.is_dir() {
        return match synchronise_directory(parent) {
            // It stands among directories of others, who do not let it be done or cannot do it.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput) =>
            {
                Ok(())
            }
            done => done,
        };
    }
    create_private_directory(parent)?;
    let mut builder = std::fs::DirBuilder::new();
    // One that somebody else makes at the same moment is as good.
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    synchronise_directory(parent)
}

/// Puts the names in a directory on the disk.
#[cfg(unix)]
pub(crate) fn synchronise_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Elsewhere directories cannot be opened; the file system orders renames by itself.
#[cfg(not(unix))]
pub(crate) fn synchronise_directory(_directory: &Path) -> io::Result<()> {
    Ok(())
}
