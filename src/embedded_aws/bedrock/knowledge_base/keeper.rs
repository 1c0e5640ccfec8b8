//! Keeps a knowledge base in step with its bucket, in the background.

use std::sync::{Arc, Mutex as BlockingMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::catalogue::Catalogue;
use super::snapshot::Snapshot;
use crate::embedded_aws::bedrock::embedding::KeptVectors;
use crate::embedded_aws::s3::BucketContents;

/// How long a pass that failed waits before it is tried again; each time twice as long, up to a minute.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The background work. Dropping it ends the work, too.
pub(super) struct Keeper {
    handle: Handle,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// A handle that runs passes and reads their results, and keeps nothing going by itself.
#[derive(Clone)]
pub(super) struct Handle {
    catalogue: Arc<BlockingMutex<Catalogue>>,
    snapshot: watch::Sender<Arc<Snapshot>>,
    progress: watch::Sender<Progress>,
    stop: CancellationToken,
}

/// How far the passes have come.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// The count of changes that the last pass began with; none before the first.
    changes: Option<u64>,
    /// Why the last pass failed.
    problem: Option<String>,
}

impl Keeper {
    /// Starts with a pass over the whole bucket.
    pub(super) fn start(bucket: String, contents: BucketContents, vectors: KeptVectors) -> Self {
        let changes = contents.changes();
        let handle = Handle {
            catalogue: Arc::new(BlockingMutex::new(Catalogue::new(bucket, contents, vectors))),
            snapshot: watch::Sender::default(),
            progress: watch::Sender::default(),
            stop: CancellationToken::new(),
        };
        let task = tokio::spawn(keep_in_step(handle.clone(), changes));
        Self { handle, task: Mutex::new(Some(task)) }
    }

    /// For work that forces a pass.
    pub(super) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// What can be searched now.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.handle.snapshot()
    }

    /// Waits until so many changes are searchable. An error says why the last pass failed.
    pub(super) async fn reached(&self, changes: u64) -> Result<(), String> {
        let mut progress = self.handle.progress.subscribe();
        let reached =
            progress.wait_for(|progress| progress.changes.is_some_and(|done| done >= changes)).await;
        match reached.map(|progress| progress.problem.clone()) {
            Ok(None) => Ok(()),
            Ok(Some(problem)) => Err(problem),
            Err(_) => Err("the knowledge base is closed".to_owned()),
        }
    }

    /// Whether the whole bucket has been read once.
    pub(super) fn has_finished_once(&self) -> bool {
        self.handle.progress.borrow().changes.is_some()
    }

    /// Ends the work and waits for it.
    pub(super) async fn stop(&self) {
        self.handle.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the work on a knowledge base ended badly");
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.handle.stop.cancel();
    }
}

impl Handle {
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.borrow())
    }

    /// Compares the index with the bucket now, after a pass that is under way. The first that succeeds ends
    /// the trouble of a former one, whoever asked for it.
    pub(super) async fn pass(&self) -> Result<(), String> {
        let handle = self.clone();
        let pass = tokio::task::spawn_blocking(move || {
            // A pass that panicked may have left documents out; the next one adds them again.
            let mut catalogue = handle.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
            catalogue.follow(|state| drop(handle.snapshot.send_replace(Arc::new(state))), &handle.stop)
        });
        let passed = match pass.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if passed.is_ok() {
            self.progress.send_if_modified(|progress| progress.problem.take().is_some());
        }
        passed
    }

    /// Embeds some of the passages of long documents, and says whether more of them wait.
    async fn embed(&self) -> bool {
        let handle = self.clone();
        let embedded = tokio::task::spawn_blocking(move || {
            let mut catalogue = handle.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
            catalogue.embed(&|state| drop(handle.snapshot.send_replace(Arc::new(state))))
        });
        match embedded.await {
            Ok(Ok(more_wait)) => more_wait,
            Ok(Err(error)) => {
                tracing::error!(%error, "passages of a knowledge base are found by their words only");
                false
            }
            Err(error) => {
                tracing::error!(%error, "passages of a knowledge base are found by their words only");
                false
            }
        }
    }

    /// Keeps what was worked out so far.
    async fn keep(&self) {
        let handle = self.clone();
        let kept = tokio::task::spawn_blocking(move || {
            handle.catalogue.lock().unwrap_or_else(PoisonError::into_inner).keep();
        });
        if let Err(error) = kept.await {
            tracing::error!(%error, "vectors of documents are not kept");
        }
    }
}

/// Passes after each change, and again while a problem stands, more and more seldom.
async fn keep_in_step(handle: Handle, mut changes: watch::Receiver<u64>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let count = *changes.borrow_and_update();
        let problem = handle.pass().await.err();
        if let Some(problem) = &problem {
            tracing::error!(problem, "a knowledge base could not be brought in step with its bucket");
        }
        let has_problem = problem.is_some();
        pause = if has_problem { (pause * 2).min(LONGEST_PAUSE) } else { FIRST_PAUSE };
        handle.progress.send_replace(Progress { changes: Some(count), problem });
        // A change goes before the meaning of long documents, which are found by their words meanwhile.
        let is_needed = || handle.stop.is_cancelled() || changes.has_changed().unwrap_or(true);
        // So does the next try while a problem stands, since no search is answered until one succeeds.
        while !has_problem && !is_needed() && handle.embed().await {}
        tokio::select! {
            outcome = changes.changed() => if outcome.is_err() { break },
            () = tokio::time::sleep(pause), if has_problem => {}
            () = handle.stop.cancelled() => break,
        }
    }
    handle.keep().await;
}
