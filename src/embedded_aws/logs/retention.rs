//! Removes events that their groups no longer keep, now and then.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::operations::Operations;

/// Readers do not see expired events anyway; this only frees their place.
const INTERVAL: Duration = Duration::from_secs(60);

/// The timer. Dropping it stops it.
pub(super) struct Retention {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Retention {
    pub(super) fn start(operations: Arc<Operations>) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(remove_until_stopped(operations, stop.clone()));
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Waits until a removal that is under way is over.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the removal of expired log events ended badly");
        }
    }
}

impl Drop for Retention {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn remove_until_stopped(operations: Arc<Operations>, stop: CancellationToken) {
    let mut timer = tokio::time::interval(INTERVAL);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = stop.cancelled() => return,
        }
        let operations = Arc::clone(&operations);
        let now = Timestamp::now().as_millisecond();
        match tokio::task::spawn_blocking(move || operations.remove_expired(now)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(events)) => tracing::debug!(events, "removed expired log events"),
            Ok(Err(error)) => tracing::error!(%error, "expired log events could not be removed"),
            Err(error) => tracing::error!(%error, "the removal of expired log events panicked"),
        }
    }
}
