//! Removes what is older than CloudWatch keeps it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::series::RETENTION;
use super::store::Store;

/// How often old values are removed.
const INTERVAL: Duration = Duration::from_hours(1);

/// The timer. Dropping it stops it.
pub(super) struct Keeper {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Keeper {
    /// Begins at once.
    pub(super) fn start(store: Arc<Store>) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(keep_until_stopped(store, stop.clone()));
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Waits until the work that is under way is over.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the removal of old metrics ended badly");
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn keep_until_stopped(store: Arc<Store>, stop: CancellationToken) {
    let mut timer = tokio::time::interval(INTERVAL);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = stop.cancelled() => return,
        }
        let store = Arc::clone(&store);
        let oldest = Timestamp::now().as_second() - RETENTION;
        match tokio::task::spawn_blocking(move || store.remove_before(oldest)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(samples)) => tracing::debug!(samples, "removed old metrics"),
            Ok(Err(error)) => tracing::error!(%error, "old metrics could not be removed"),
            Err(error) => tracing::error!(%error, "the removal of old metrics panicked"),
        }
    }
}
