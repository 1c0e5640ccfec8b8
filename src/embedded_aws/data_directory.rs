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
        keep_private(path).map_err(refused)?;
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

/// Takes other users' access from a directory that was there before. One that holds anything else than what
/// Patchline keeps is not Patchline's to change; then the log says what others can read.
#[cfg(unix)]
fn keep_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o077;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let is_own = path.join("lock").exists() || std::fs::read_dir(path)?.next().is_none();
    let closed = is_own
        && std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & !OTHERS & 0o7777)).is_ok();
    if !closed {
        tracing::warn!(
            path = %path.display(),
            "other users of this machine can read the data folder; choose an empty folder, or chmod 700 it"
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_path: &Path) -> io::Result<()> {
    Ok(())
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

#[cfg(all(test, unix))]
mod tests {
    use super::{DataDirectory, EmbeddedAwsError};
    use std::error::Error;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    /// A folder that other users can read.
    fn open_to_all(outside: &Path) -> std::io::Result<PathBuf> {
        let folder = outside.join("data");
        fs::create_dir(&folder)?;
        fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
        Ok(folder)
    }

    fn mode_after_opening(folder: &Path) -> Result<u32, EmbeddedAwsError> {
        let _open = DataDirectory::open(folder)?;
        let refused = |source| EmbeddedAwsError::DataDirectory { path: folder.to_owned(), source };
        Ok(fs::metadata(folder).map_err(refused)?.permissions().mode() & 0o777)
    }

    #[test]
    fn an_empty_folder_that_others_can_read_becomes_private() -> Result<(), Box<dyn Error>> {
        let outside = tempfile::tempdir()?;
        assert_eq!(mode_after_opening(&open_to_all(outside.path())?)?, 0o700);
        Ok(())
    }

    #[test]
    fn a_folder_with_files_of_others_keeps_its_access() -> Result<(), Box<dyn Error>> {
        let outside = tempfile::tempdir()?;
        let folder = open_to_all(outside.path())?;
        fs::write(folder.join("theirs"), "x")?;
        assert_eq!(mode_after_opening(&folder)?, 0o755);
        Ok(())
    }
}
