//! Removes items whose time to live is over.

use std::time::Duration;

use dynoxide::Database;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// AWS takes up to days; half a minute is soon enough for people and rare enough for the disk.
const INTERVAL: Duration = Duration::from_secs(30);

/// The timer. Dropping it stops it.
pub(super) struct Sweeper {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Sweeper {
    pub(super) fn start(database: Database) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(sweep_until_stopped(database, stop.clone()));
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Waits until a sweep that is under way is over.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the removal of expired items ended badly");
        }
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn sweep_until_stopped(database: Database, stop: CancellationToken) {
    let mut timer = tokio::time::interval(INTERVAL);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = stop.cancelled() => return,
        }
        let database = database.clone();
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(0)) => {}
            Ok(Ok(items)) => tracing::debug!(items, "removed expired items"),
            Ok(Err(error)) => tracing::error!(%error, "expired items could not be removed"),
            Err(error) => tracing::error!(%error, "the removal of expired items panicked"),
        }
    }
}
