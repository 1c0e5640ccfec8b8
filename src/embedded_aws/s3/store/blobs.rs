//! Content on disk: one immutable file for each upload, named by a random id.
//!
//! A file becomes a blob in this order: written under `incoming`, synchronised, renamed to its
//! place, its directory synchronised, after those that the directory itself is named in. Only then may
//! the index name it, so that what the index names is there after a loss of power. The reverse, a blob
//! without a row, is removed at the next start.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::embedded_aws::data_directory::{create_private_directory, synchronise_directory};

/// The directory of the blobs.
#[derive(Debug)]
pub(crate) struct Blobs {
    root: PathBuf,
    incoming: PathBuf,
    /// The directories that are known to be on the disk, not only in the memory of the system.
    durable: Mutex<HashSet<PathBuf>>,
}

/// The name of a blob: a ULID, and so never the name of anything else in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlobId(String);

impl BlobId {
    /// A blob that the index names.
    pub(super) fn from_index(text: String) -> Self {
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Blobs {
    /// Opens the directory and removes uploads that a former process did not finish.
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        let (root, incoming) = (directory.join("blobs"), directory.join("incoming"));
        for made in [directory, &root, &incoming] {
            create_private_directory(made)?;
        }
        for entry in std::fs::read_dir(&incoming)? {
            std::fs::remove_file(entry?.path())?;
        }
        let durable = Mutex::new(synchronise_existing(&root)?);
        Ok(Self { root, incoming, durable })
    }

    /// A new file that vanishes unless it is kept.
    pub(crate) fn create(&self) -> io::Result<Incoming> {
        let id = ulid::Ulid::new().to_string();
        let path = self.incoming.join(&id);
        let file = File::create_new(&path)?;
        Ok(Incoming { id, path, file, kept: false })
    }

    /// Makes a file permanent, whatever happens afterwards.
    pub(super) fn keep(&self, mut incoming: Incoming) -> io::Result<BlobId> {
        incoming.file.sync_all()?;
        let id = BlobId(incoming.id.clone());
        let path = self.path(&id);
        let directory = path.parent().unwrap_or(&self.root);
        self.make_durable(directory)?;
        std::fs::rename(&incoming.path, &path)?;
        incoming.kept = true;
        synchronise_directory(directory)?;
        Ok(id)
    }

    /// Opens a blob for reading. It stays readable even when it is removed meanwhile.
    pub(super) fn read(&self, id: &BlobId) -> io::Result<File> {
        File::open(self.path(id))
    }

    /// Removes a blob that nothing names any more. When that fails, the next start tries again.
    pub(super) fn remove(&self, id: &BlobId) {
        if let Err(error) = std::fs::remove_file(self.path(id)) {
            tracing::warn!(blob = id.as_str(), %error, "a blob could not be removed");
        }
    }

    /// Removes all blobs that the index does not name.
    pub(super) fn remove_unnamed<E: From<io::Error>>(
        &self,
        is_named: impl Fn(&str) -> Result<bool, E>,
    ) -> Result<usize, E> {
        let mut removed = 0;
        for first in std::fs::read_dir(&self.root)? {
            for second in std::fs::read_dir(first?.path())? {
                for blob in std::fs::read_dir(second?.path())? {
                    let blob = blob?;
                    if !is_named(&blob.file_name().to_string_lossy())? {
                        std::fs::remove_file(blob.path())?;
                        removed += 1;
                    }
                }
            }
        }
        Ok(removed)
    }

    /// Two levels of directories, from the random end of the id: 1024 of them.
    fn path(&self, id: &BlobId) -> PathBuf {
        let mut random = id.0.chars().rev();
        let mut level = || random.next().map(String::from).unwrap_or_default();
        self.root.join(level()).join(level()).join(&id.0)
    }

    /// Makes a directory so that it, too, survives a loss of power. Who finds it made by another upload
    /// waits until it is synchronised.
    fn make_durable(&self, directory: &Path) -> io::Result<()> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if !durable.contains(directory) {
            create_private_directory(directory)?;
            durable.insert(directory.to_owned());
        }
        Ok(())
    }
}

/// Synchronises the directories that are there, as a former process may have been killed after it made
/// them and before it did so. Their blobs need nothing: the index names none that was not synchronised.
fn synchronise_existing(root: &Path) -> io::Result<HashSet<PathBuf>> {
    let mut durable = HashSet::new();
    synchronise_directory(root)?;
    for first in std::fs::read_dir(root)? {
        let first = first?.path();
        synchronise_directory(&first)?;
        for second in std::fs::read_dir(&first)? {
            durable.insert(second?.path());
        }
    }
    Ok(durable)
}

/// A file being written. Dropped before it is kept, it is deleted.
#[derive(Debug)]
pub(crate) struct Incoming {
    id: String,
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Incoming {
    /// Appends to the file.
    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Appends all of another file, inside the kernel where that is possible.
    pub(super) fn append(&mut self, source: &mut File) -> io::Result<u64> {
        io::copy(source, &mut self.file)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "an unfinished upload could not be removed");
        }
    }
}
