//! What is measured: the folder that `scripts/build` has made.

use crate::problem::{Because, Problem};
use std::path::{Path, PathBuf};

/// The program and the site beside it.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// The folder, absolute.
    pub(crate) folder: PathBuf,
}

impl Built {
    /// Looks whether there is a program in the folder.
    pub(crate) fn find(folder: &Path) -> Result<Self, Problem> {
        let what =
            format!("find a built Patchline in {} (scripts/build release makes one)", folder.display());
        let folder = folder.canonicalize().because(&what)?;
        let built = Self { folder };
        if built.program().is_file() { Ok(built) } else { Err(Problem::new(what, "there is no program")) }
    }

    /// The server's program.
    pub(crate) fn program(&self) -> PathBuf {
        self.folder.join("patchline")
    }

    /// The files of the site.
    pub(crate) fn site(&self) -> PathBuf {
        self.folder.join("site")
    }
}
