//! What is done in the background: alarms are evaluated, and what is older than CloudWatch keeps it goes.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::alarms;
use super::error::MetricsError;
use super::series::RETENTION;
use super::store::Store;

/// How often alarms are evaluated, besides whenever they are asked for.
const EVALUATION: Duration = Duration::from_secs(10);
/// How often old values are removed.
const REMOVAL: Duration = Duration::from_hours(1);

/// The timers. Dropping it stops them.
pub(super) struct Background {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Background {
    /// Begins at once.
    pub(super) fn start(store: Arc<Store>) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(work_until_stopped(store, stop.clone()));
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Waits until the work that is under way is over.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the background work of the embedded CloudWatch ended badly");
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn work_until_stopped(store: Arc<Store>, stop: CancellationToken) {
    let mut evaluation = timer(EVALUATION);
    let mut removal = timer(REMOVAL);
    loop {
        let work: Work = tokio::select! {
            _ = evaluation.tick() => evaluate,
            _ = removal.tick() => remove_old,
            () = stop.cancelled() => return,
        };
        let store = Arc::clone(&store);
        match tokio::task::spawn_blocking(move || work(&store, Timestamp::now())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the background work of the embedded CloudWatch failed");
            }
            Err(error) => {
                tracing::error!(%error, "the background work of the embedded CloudWatch panicked");
            }
        }
    }
}

type Work = fn(&Store, Timestamp) -> Result<(), MetricsError>;

fn timer(interval: Duration) -> Interval {
    let mut timer = tokio::time::interval(interval);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    timer
}

fn evaluate(store: &Store, now: Timestamp) -> Result<(), MetricsError> {
    alarms::evaluate_all(store, now)
}

fn remove_old(store: &Store, now: Timestamp) -> Result<(), MetricsError> {
    let samples = store.remove_before(now.as_second() - RETENTION)?;
    if samples > 0 {
        tracing::debug!(samples, "removed old metrics");
    }
    Ok(())
}
