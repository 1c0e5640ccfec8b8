//! Copies checkpoints to a bucket of their own, beside the writing of records, which never waits for it.

use crate::engine::catalog::Catalog;
use crate::engine::sealing::Checkpoint;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long after a copy the next one is made: a checkpoint tells of all records before it, so the newest one is
/// enough.
const PERIOD: Duration = Duration::from_mins(1);

/// How long after a copy that could not be made the next try is.
const PAUSE: Duration = Duration::from_secs(15);

/// How long the end of the log waits for its last copy.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// A checkpoint with its note.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) checkpoint: Checkpoint,
    pub(super) note: String,
}

/// How far a log is: how many records, and whether it has ended.
type Place = (u64, bool);

impl Signed {
    fn place(&self) -> Place {
        (self.checkpoint.size, self.checkpoint.ended)
    }
}

/// The way to the task that copies.
pub(super) struct Copies {
    newest: watch::Sender<Option<Signed>>,
    copied: watch::Receiver<Option<Place>>,
}

impl Copies {
    /// Starts copying, where there is a bucket for it.
    pub(super) fn start(catalog: &Arc<Catalog>) -> Option<Self> {
        if !catalog.copies_checkpoints() {
            return None;
        }
        let (newest, waiting) = watch::channel(None);
        let (done, copied) = watch::channel(None);
        tokio::spawn(run(Arc::clone(catalog), waiting, done));
        Some(Self { newest, copied })
    }

    /// Hands over a checkpoint, in place of the one before where that is not copied yet.
    pub(super) fn hand_over(&self, signed: Signed) {
        self.newest.send_replace(Some(signed));
    }

    /// Waits until the newest one is copied, for some seconds at most.
    pub(super) async fn finish(&mut self) {
        let Some(newest) = self.newest.borrow().as_ref().map(Signed::place) else { return };
        let copied = self.copied.wait_for(|copied| *copied == Some(newest));
        if tokio::time::timeout(LAST_WAIT, copied).await.is_err() {
            tracing::warn!("the last checkpoint of the audit log could not be copied in time");
        }
    }
}

async fn run(
    catalog: Arc<Catalog>,
    mut newest: watch::Receiver<Option<Signed>>,
    done: watch::Sender<Option<Place>>,
) {
    let mut last: Option<Place> = None;
    loop {
        let next = newest.wait_for(|signed| signed.as_ref().is_some_and(|new| Some(new.place()) != last));
        let Ok(Some(signed)) = next.await.map(|signed| signed.clone()) else { return };
        if let Err(error) = catalog.copy_checkpoint(&signed.checkpoint, &signed.note).await {
            tracing::warn!(%error, "a checkpoint of the audit log could not be copied");
            if newest.has_changed().is_err() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        last = Some(signed.place());
        done.send_replace(last);
        // Only the end does not wait.
        let ends = newest.wait_for(|signed| {
            signed.as_ref().is_some_and(|new| new.checkpoint.ended && Some(new.place()) != last)
        });
        // Whether it came or the time is up: the newest is copied next.
        let _ = tokio::time::timeout(PERIOD, ends).await;
    }
}
