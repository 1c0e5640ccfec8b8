//! The work on uploads: each recording that is stored is listened to once, by whichever instance has room.
//!
//! What is to be done stands in the store, with a lease for each recording: when a process dies, another one takes
//! its work over. Files that came without Patchline, or by an address that it gave away, are found by looking at the
//! buckets.

mod likeness;
mod look;
mod work;

use super::catalog::{Catalog, CatalogError};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the work may take to give its leases back when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Has recordings listened to. Cloning is cheap.
#[derive(Clone)]
pub struct Content {
    shared: Arc<Shared>,
}

/// What all work of this process has in common.
struct Shared {
    catalog: Arc<Catalog>,
    /// Names this process in leases.
    holder: String,
    /// The recordings that are being listened to here.
    active: Mutex<BTreeSet<String>>,
    /// Says that there is room for another one.
    room: Notify,
    running: TaskTracker,
    stopping: CancellationToken,
}

impl Shared {
    /// The set is whole at any moment, so a panic elsewhere does no harm to it.
    fn active(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    /// Over this catalogue. It works from [`Content::serve`] on.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let shared = Shared {
            catalog,
            holder: ulid::Ulid::new().to_string().to_lowercase(),
            active: Mutex::default(),
            room: Notify::new(),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Begins to work, also on what other processes have left.
    pub fn serve(&self) {
        self.shared.running.spawn(work::keep_working(Arc::clone(&self.shared)));
        self.shared.running.spawn(look::keep_looking(Arc::clone(&self.shared)));
    }

    /// Looks at the buckets in the background, once something has come true that was waited for.
    pub fn look_once(&self, ready: impl Future<Output = bool> + Send + 'static) {
        let shared = Arc::clone(&self.shared);
        self.shared.running.spawn(async move {
            let is_ready = tokio::select! {
                is_ready = ready => is_ready,
                () = shared.stopping.cancelled() => false,
            };
            if is_ready && let Err(error) = look::look(&shared.catalog).await {
                tracing::warn!(%error, "recordings wait for the next look at their buckets");
            }
        });
    }

    /// Looks at the buckets now: what came without Patchline is to be listened to, too, and what is gone is said to
    /// be gone.
    ///
    /// # Errors
    /// What the stores say.
    pub async fn look(&self) -> Result<(), CatalogError> {
        look::look(&self.shared.catalog).await
    }

    /// Stops working. What is being listened to is given back.
    pub async fn stop(&self) {
        self.shared.stopping.cancel();
        self.shared.running.close();
        if tokio::time::timeout(LAST_WORDS, self.shared.running.wait()).await.is_err() {
            tracing::warn!("recordings were still being listened to; another instance takes them over");
        }
    }
}
