//! A recording from the bucket as a file of this machine, for as long as something is found out about it: a pass
//! through it needs to seek, and an hour of sound does not belong into memory.

use crate::engine::catalog::{Catalog, CatalogError, ObjectInfo, ObjectKey};
use crate::engine::tools::{Progress, Refusal, RefusalKind, Step, ToolError};
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

/// Steps of the whole work that a caller sees.
const STEPS: u64 = 100;
/// Steps of them in which the file is fetched.
const FETCHING: u64 = 30;
/// How often the bucket is asked again when the stream of a file breaks off.
const TRIES: u32 = 3;

/// Analyses that run at the same time: as many as there are processors. Files are fetched only then.
static PLACES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, usize::from)));

/// A recording on this machine. The file has no name, and vanishes with this or with the process.
pub(super) struct Spooled {
    file: File,
    /// What the bucket says of it.
    pub(super) info: ObjectInfo,
    progress: Progress,
    _place: SemaphorePermit<'static>,
}

impl Spooled {
    /// Fetches a file, as soon as there is a place for another analysis.
    pub(super) async fn fetch(
        catalog: &Catalog,
        bucket: &str,
        key: &ObjectKey,
        progress: Progress,
    ) -> Result<Self, ToolError> {
        let info = catalog.object_info(bucket, key).await?;
        let place = PLACES.acquire().await.map_err(|_| {
            ToolError::NotAvailable("Recordings are not analysed at the moment. Try again later.".to_owned())
        })?;
        let folder = catalog.temporary.clone();
        let file = spawn_blocking(move || without_name(&folder)).await.map_err(no_room)?.map_err(no_room)?;
        let mut fetching = Fetching { file: tokio::fs::File::from_std(file), done: 0, progress: &progress };
        fetching.whole(catalog, &info, key).await?;
        fetching.file.flush().await.map_err(no_room)?;
        let file = fetching.file.into_std().await;
        Ok(Self { file, info, progress, _place: place })
    }

    /// Does something with the file that takes long, beside everything else. When nobody waits for it any more, it
    /// is told so by its second argument, which also says how far it is.
    pub(super) async fn with<T, F>(self, work: F) -> Result<T, ToolError>
    where
        T: Send + 'static,
        F: FnOnce(&mut BufReader<File>, &dyn Fn(u64, Option<u64>) -> bool) -> T + Send + 'static,
    {
        let Self { mut file, progress, _place: place, .. } = self;
        let abandoned = Abandoned(Arc::default());
        let stop = Arc::clone(&abandoned.0);
        let done = spawn_blocking(move || {
            let _place = place;
            file.rewind()?;
            let watch = |done: u64, total: Option<u64>| {
                progress.report(listening(done, total));
                !stop.load(Ordering::Relaxed)
            };
            Ok::<T, std::io::Error>(work(&mut BufReader::new(file), &watch))
        });
        match done.await {
            Ok(result) => result.map_err(no_room),
            // A decoder met something that it was not made for; the file is none that could be delivered.
            Err(error) if error.is_panic() => Err(ToolError::Refused(Box::new(Refusal {
                kind: RefusalKind::Invalid,
                message: format!("The recording could not be analysed: {error}."),
                remedy: "Export it again and upload it again.".to_owned(),
                fields: Vec::new(),
                retry_after: None,
            }))),
            Err(error) => Err(no_room(error)),
        }
    }
}

/// A file without a name below a folder, which is made where it is missing.
fn without_name(folder: &Path) -> std::io::Result<File> {
    std::fs::create_dir_all(folder)?;
    tempfile::tempfile_in(folder)
}

/// Says that nobody waits any more, when it is dropped.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Fetching<'a> {
    file: tokio::fs::File,
    done: u64,
    progress: &'a Progress,
}

impl Fetching<'_> {
    /// Fetches the whole file, and goes on where the stream broke off.
    async fn whole(
        &mut self,
        catalog: &Catalog,
        info: &ObjectInfo,
        key: &ObjectKey,
    ) -> Result<(), ToolError> {
        let mut broken = String::new();
        for _ in 0..TRIES {
            if self.done >= info.bytes {
                return Ok(());
            }
            match self.rest(catalog, info, key).await? {
                None => return Ok(()),
                Some(why) => broken = why,
            }
        }
        Err(ToolError::NotAvailable(format!("The file could not be read: {broken}. Try again.")))
    }

    /// Fetches what is missing; says why, if the stream broke off.
    async fn rest(
        &mut self,
        catalog: &Catalog,
        info: &ObjectInfo,
        key: &ObjectKey,
    ) -> Result<Option<String>, ToolError> {
        let range = (self.done > 0).then(|| format!("bytes={}-", self.done));
        let opened = catalog.open_object(&info.bucket, key, None, range.as_deref()).await?;
        if opened.etag != info.etag {
            let id = format!("{}/{key}", info.bucket);
            return Err(CatalogError::Conflict { what: "file", id, current: None }.into());
        }
        let mut body = opened.body;
        while let Some(chunk) = body.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => return Ok(Some(error.to_string())),
            };
            self.file.write_all(&chunk).await.map_err(no_room)?;
            self.done += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.progress.report(fetched(self.done, info.bytes));
        }
        let missing = info.bytes.saturating_sub(self.done);
        Ok((missing > 0).then(|| format!("its last {missing} bytes did not come")))
    }
}

fn fetched(done: u64, bytes: u64) -> Step {
    let done = done.saturating_mul(FETCHING).checked_div(bytes).unwrap_or(FETCHING).min(FETCHING);
    Step { done, total: Some(STEPS), message: "Fetching the recording".to_owned() }
}

fn listening(done: u64, total: Option<u64>) -> Step {
    let share = total.and_then(|total| done.saturating_mul(STEPS - FETCHING).checked_div(total)).unwrap_or(0);
    let done = (FETCHING + share).min(STEPS);
    Step { done, total: Some(STEPS), message: "Listening to the recording".to_owned() }
}

fn no_room<E: std::fmt::Display>(error: E) -> ToolError {
    ToolError::NotAvailable(format!(
        "The recording could not be kept on this machine: {error}. Try again later."
    ))
}
