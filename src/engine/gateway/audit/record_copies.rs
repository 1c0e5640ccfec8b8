//! Copies the records themselves to the bucket of the checkpoints, beside the writing of records, which never waits
//! for it. Only what a checkpoint covers is copied.

use super::Record;
use crate::engine::catalog::Catalog;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How long records wait for others to be copied with.
const PERIOD: Duration = Duration::from_mins(1);

/// How long after a copy that could not be made the next try is.
const PAUSE: Duration = Duration::from_secs(15);

/// How long the end of the log waits for its last copy.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// So many bytes are copied at once, and when so many wait, at once.
const LARGEST: usize = 4 * 1024 * 1024;

/// How many bytes wait at most while the bucket is away. Of what is beyond that no copy is made.
const MOST_WAITING: usize = 64 * 1024 * 1024;

/// A record as it is copied: a line without what can be erased, since nothing can be erased in the bucket. Its hash
/// is that of the whole record.
pub(super) fn line(record: &Record) -> Vec<u8> {
    // Plain records always become JSON.
    let mut line = serde_json::to_vec(&record.clone().without_payload()).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The way to the task that copies.
pub(super) struct RecordCopies {
    waiting: Arc<Mutex<Waiting>>,
    wake: Arc<Notify>,
    /// The place up to which nothing waits any more.
    done: watch::Receiver<u64>,
}

/// The records that are to be copied: those of one place after the other, but where some were left out.
#[derive(Default)]
struct Waiting {
    lines: VecDeque<(u64, Vec<u8>)>,
    bytes: usize,
    /// The place behind the last that was handed over.
    end: u64,
    closed: bool,
}

/// Records that are copied together.
struct Batch {
    places: Range<u64>,
    lines: Vec<u8>,
}

impl RecordCopies {
    /// Starts copying, where that is wanted.
    pub(super) fn start(catalog: &Arc<Catalog>, instance: &str) -> Option<Self> {
        if !catalog.copies_records() {
            return None;
        }
        let (waiting, wake) = (Arc::<Mutex<Waiting>>::default(), Arc::<Notify>::default());
        let (told, done) = watch::channel(0);
        let task = Task {
            catalog: Arc::clone(catalog),
            log: instance.to_owned(),
            waiting: Arc::clone(&waiting),
            wake: Arc::clone(&wake),
            done: told,
        };
        tokio::spawn(task.run());
        Some(Self { waiting, wake, done })
    }

    /// Hands over the lines of the records from a place on.
    pub(super) fn hand_over(&self, from: u64, lines: impl Iterator<Item = Vec<u8>>) {
        let is_much = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).add(from, lines);
        if is_much {
            self.wake.notify_one();
        }
    }

    /// Waits until all of them are copied, for some seconds at most.
    pub(super) async fn finish(&mut self) {
        let end = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.closed = true;
            waiting.end
        };
        self.wake.notify_one();
        let copied = self.done.wait_for(|done| *done >= end);
        if tokio::time::timeout(LAST_WAIT, copied).await.is_err() {
            tracing::warn!("the last records of the audit log could not be copied in time");
        }
    }
}

impl Waiting {
    /// Whether so much waits that it is copied at once.
    fn add(&mut self, from: u64, lines: impl Iterator<Item = Vec<u8>>) -> bool {
        let mut left_out: u64 = 0;
        self.end = from;
        for line in lines {
            if self.bytes + line.len() > MOST_WAITING {
                left_out += 1;
            } else {
                self.bytes += line.len();
                self.lines.push_back((self.end, line));
            }
            self.end += 1;
        }
        if left_out > 0 {
            tracing::error!(left_out, "audit records are in no copy: too many wait to be copied");
        }
        self.bytes >= LARGEST
    }

    /// The next records that follow each other; none where nothing waits.
    fn take(&mut self) -> Option<Batch> {
        let (from, mut lines) = self.lines.pop_front()?;
        let mut to = from + 1;
        while let Some((place, line)) = self.lines.front()
            && *place == to
            && lines.len() + line.len() <= LARGEST
        {
            lines.extend_from_slice(line);
            to += 1;
            self.lines.pop_front();
        }
        self.bytes = self.bytes.saturating_sub(lines.len());
        Some(Batch { places: from..to, lines })
    }
}

/// The task that copies.
struct Task {
    catalog: Arc<Catalog>,
    log: String,
    waiting: Arc<Mutex<Waiting>>,
    wake: Arc<Notify>,
    done: watch::Sender<u64>,
}

impl Task {
    async fn run(self) {
        loop {
            // Whether somebody wakes it or the time is up: what waits is copied.
            let _ = tokio::time::timeout(PERIOD, self.wake.notified()).await;
            loop {
                let (batch, end) = {
                    let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                    (waiting.take(), waiting.end)
                };
                let Some(batch) = batch else {
                    self.done.send_replace(end);
                    break;
                };
                self.copy(batch).await;
            }
            // Those who hand over are gone, or have said that it is the end.
            let is_closed = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).closed;
            if is_closed || self.done.is_closed() {
                return;
            }
        }
    }

    /// Copies some records, however often that has to be tried while the process lives.
    async fn copy(&self, Batch { places, lines }: Batch) {
        loop {
            let Err(error) = self.catalog.copy_records(&self.log, &places, lines.clone()).await else {
                return;
            };
            tracing::warn!(%error, "records of the audit log could not be copied");
            if self.done.is_closed() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize, bytes: usize) -> impl Iterator<Item = Vec<u8>> {
        std::iter::repeat_n(vec![b'x'; bytes], count)
    }

    #[test]
    fn records_are_copied_together_as_far_as_they_fit() {
        let mut waiting = Waiting::default();
        assert!(!waiting.add(0, lines(3, 10)));
        assert!(!waiting.add(3, lines(2, 10)));
        let batch = waiting.take().expect("records");
        assert_eq!((batch.places, batch.lines.len(), waiting.bytes), (0..5, 50, 0));
        assert!(waiting.take().is_none());
        assert!(waiting.add(5, lines(3, LARGEST / 2)), "so much is copied at once");
        let places = std::iter::from_fn(|| waiting.take().map(|batch| batch.places));
        assert_eq!(places.collect::<Vec<_>>(), [5..7, 7..8]);
    }

    #[test]
    fn what_is_left_out_leaves_a_gap_and_not_another_place() {
        let mut waiting = Waiting::default();
        waiting.add(0, lines(16, LARGEST));
        waiting.add(16, lines(1, 1));
        assert_eq!((waiting.end, waiting.lines.len()), (17, 16));
        waiting.take();
        waiting.add(17, lines(1, 1));
        let last = std::iter::from_fn(|| waiting.take()).last().expect("records");
        assert_eq!(last.places, 17..18);
    }
}
