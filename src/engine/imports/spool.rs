//! The file of an import on this machine, for as long as it is read: several passes go through it, and gigabytes do
//! not belong into memory.

use super::record::ImportRecord;
use super::worker::WorkError;
use crate::engine::catalog::Catalog;
use crate::music::import::dialect::{self, BEGINNING, Dialect, Kind};
use crate::music::import::error::ImportError;
use crate::music::import::sheet::{self, LARGEST_WORKBOOK};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::task::spawn_blocking;

/// A table on this machine. The file has no name, and vanishes with this or with the process.
#[derive(Debug)]
pub(super) struct Table {
    file: Arc<File>,
    /// How it is written.
    pub(super) dialect: Dialect,
}

impl Table {
    /// Fetches the file of an import, and makes a text of a workbook.
    pub(super) async fn fetch(catalog: &Catalog, record: &ImportRecord) -> Result<Self, WorkError> {
        let mut body = catalog.open_object(&record.bucket, &record.key()?, None, None).await?.body;
        let file = spawn_blocking(tempfile::tempfile).await.map_err(WorkError::thread)??;
        let mut file = tokio::fs::File::from_std(file);
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| WorkError::Io(std::io::Error::other(error)))?;
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        let file = file.into_std().await;
        spawn_blocking(move || Self::of(file)).await.map_err(WorkError::thread)?
    }

    fn of(mut file: File) -> Result<Self, WorkError> {
        file.rewind()?;
        let mut beginning = Vec::with_capacity(BEGINNING);
        (&mut file).take(BEGINNING as u64).read_to_end(&mut beginning)?;
        match dialect::sniff(&beginning)? {
            Kind::Text(dialect) => Ok(Self { file: Arc::new(file), dialect }),
            Kind::Workbook => {
                if file.metadata()?.len() > LARGEST_WORKBOOK {
                    return Err(ImportError::TooMuch(LARGEST_WORKBOOK / 1024 / 1024).into());
                }
                file.rewind()?;
                let text = tempfile::tempfile()?;
                sheet::copy_as_csv(BufReader::new(file), BufWriter::new(&text))?;
                Ok(Self { file: Arc::new(text), dialect: Dialect::of_sheets() })
            }
        }
    }

    /// Reads it from the beginning beside everything else. Whoever does not wait any more ends it: then the second
    /// argument says so.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, WorkError>
    where
        T: Send + 'static,
        F: FnOnce(&File, &dyn Fn() -> bool) -> Result<T, ImportError> + Send + 'static,
    {
        let file = Arc::clone(&self.file);
        let abandoned = Abandoned(Arc::default());
        let stop = Arc::clone(&abandoned.0);
        let done = spawn_blocking(move || {
            (&*file).rewind()?;
            work(&file, &|| !stop.load(Ordering::Relaxed))
        });
        Ok(done.await.map_err(WorkError::thread)??)
    }
}

/// Says that nobody waits any more, when it is dropped.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
