//! Looks after open changes, beside the writing of records: says that those of this process are still being made,
//! takes those that have ended off the list, and finds what other processes have left.

use super::open::OpenChanges;
use super::silence::Silences;
use super::writer::Entry;
use std::time::Duration;
use tokio::sync::mpsc::WeakSender;
use tokio::time::{Instant, timeout};

/// How often it is said that changes are being made, and what others have left is looked for.
const LOOK: Duration = Duration::from_secs(10);

/// How long either may take.
const LONGEST: Duration = Duration::from_secs(5);

/// The task that looks after them.
pub(super) struct Watch {
    open: OpenChanges,
    silences: Silences,
    /// To the task that writes. It ends when nobody else can hand anything over.
    queue: WeakSender<Entry>,
}

impl Watch {
    pub(super) fn new(open: OpenChanges, queue: WeakSender<Entry>) -> Self {
        Self { open, silences: Silences::default(), queue }
    }

    pub(super) async fn run(mut self) {
        let mut next = Instant::now();
        while !self.open.is_over() && self.queue.strong_count() > 0 {
            tokio::select! {
                () = tokio::time::sleep_until(next) => {
                    next = Instant::now() + LOOK;
                    self.look().await;
                }
                () = self.open.has_ended() => {}
            }
            if !self.open.is_over() {
                // What takes too long is tried again the next time.
                let _ = timeout(LONGEST, self.open.forget_ended()).await;
            }
        }
    }

    async fn look(&mut self) {
        // Also while records wait: whoever hears nothing takes these changes for left.
        if timeout(LONGEST, self.open.stay_alive()).await.is_err() {
            tracing::warn!("that changes are still being made could not be said in time");
        }
        // What cannot be recorded need not be found out.
        if self.open.is_away() {
            return;
        }
        let mut found = Vec::new();
        // What takes too long is found the next time.
        if let Ok(Err(error)) = timeout(LONGEST, self.open.look(&mut self.silences, &mut found)).await {
            tracing::warn!(%error, "changes that were left open could not be looked for");
        }
        for record in found {
            let Some(queue) = self.queue.upgrade() else { return };
            // Where the task has stopped, another process finds it.
            let _ = queue.send(Entry::found(record)).await;
        }
    }
}
