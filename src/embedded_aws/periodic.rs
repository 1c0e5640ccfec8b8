//! Work that a service does now and then, until it is closed.

use std::fmt::Display;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// A timer and its work, which begins at once. Dropping it stops it after the work under way.
#[derive(Debug)]
pub(crate) struct Periodic {
    /// What it does, for the log: "the removal of expired items".
    what: &'static str,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Periodic {
    /// Does `work`, which may block, on a thread of its own, again `interval` after it was due.
    pub(crate) fn start<E: Display + Send + 'static>(
        what: &'static str,
        interval: Duration,
        work: impl Fn() -> Result<(), E> + Clone + Send + 'static,
    ) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(work_until_stopped(what, interval, work, stop.clone()));
        Self { what, stop, task: Mutex::new(Some(task)) }
    }

    /// Waits until the work that is under way is over.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, work = self.what, "work of the embedded AWS in the background ended badly");
        }
    }
}

impl Drop for Periodic {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn work_until_stopped<E: Display + Send + 'static>(
    what: &'static str,
    interval: Duration,
    work: impl Fn() -> Result<(), E> + Clone + Send + 'static,
    stop: CancellationToken,
) {
    let mut timer = tokio::time::interval(interval);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = stop.cancelled() => return,
        }
        match tokio::task::spawn_blocking(work.clone()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, work = what, "work of the embedded AWS in the background failed");
            }
            Err(error) => {
                tracing::error!(%error, work = what, "work of the embedded AWS in the background panicked");
            }
        }
    }
}
