//! Writes records in groups: one task, one request for up to 25 of them.
//!
//! A record that somebody waits for is written or refused at once, since a change must not begin
//! unrecorded. The others are kept while the table cannot be written, and tried again.

use super::Record;
use crate::engine::aws::FailureKind;
use crate::engine::catalog::{Catalog, CatalogError};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// How long a record of a read may wait for others.
pub(super) const GROUP_WAIT: Duration = Duration::from_millis(50);

/// Records in one request (a limit of DynamoDB).
const GROUP: usize = 25;

/// Records that may wait while the table cannot be written. Beyond that, records that nobody waits for
/// are dropped and counted, so that an outage does not take the memory too.
const QUEUE: usize = 10_000;

/// The pauses between tries while the table cannot be written: each twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A record, and who waits for it.
pub(super) struct Entry {
    kind: EntryKind,
    done: Option<oneshot::Sender<Result<(), CatalogError>>>,
}

enum EntryKind {
    Record(Box<Record>),
    Flush,
}

impl Entry {
    pub(super) fn without_answer(record: Record) -> Self {
        Self { kind: EntryKind::Record(Box::new(record)), done: None }
    }
}

/// The way to the task that writes.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Entry>,
    dropped: Arc<Dropped>,
}

/// Counts the records that are lost because too many wait.
#[derive(Default)]
struct Dropped(AtomicU64);

impl Dropped {
    fn count(&self) {
        let dropped = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        if dropped.is_power_of_two() {
            tracing::error!(dropped, "too many audit records wait to be written; records are lost");
        }
    }
}

impl Writer {
    pub(super) fn start(catalog: Arc<Catalog>) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        let dropped = Arc::<Dropped>::default();
        let task = Task { catalog, kept: VecDeque::new(), pause: FIRST_PAUSE, dropped: Arc::clone(&dropped) };
        tokio::spawn(task.run(entries));
        Self { queue, dropped }
    }

    pub(super) fn note(&self, entry: Entry) {
        if self.queue.try_send(entry).is_err() {
            self.dropped.count();
        }
    }

    pub(super) async fn write(&self, record: Record) -> Result<(), CatalogError> {
        self.send(EntryKind::Record(Box::new(record))).await
    }

    pub(super) async fn flush(&self) {
        // The task answers every entry; an error has been logged there.
        let _ = self.send(EntryKind::Flush).await;
    }

    async fn send(&self, kind: EntryKind) -> Result<(), CatalogError> {
        let stopped = || CatalogError::Unreadable {
            what: "audit log",
            id: "writer".to_owned(),
            detail: "the task that writes it has stopped".to_owned(),
        };
        let (done, answer) = oneshot::channel();
        self.queue.send(Entry { kind, done: Some(done) }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

/// The task that writes.
struct Task {
    catalog: Arc<Catalog>,
    /// Records that could not be written yet, oldest first.
    kept: VecDeque<Record>,
    /// How long to wait before they are tried again.
    pause: Duration,
    dropped: Arc<Dropped>,
}

impl Task {
    async fn run(mut self, mut entries: mpsc::Receiver<Entry>) {
        let mut again = Instant::now();
        loop {
            let first = if self.kept.is_empty() {
                entries.recv().await
            } else {
                tokio::select! {
                    biased;
                    () = tokio::time::sleep_until(again) => {
                        // What fails is logged there, and stays kept.
                        let _ = self.write_kept().await;
                        again = Instant::now() + self.pause;
                        continue;
                    }
                    entry = entries.recv() => entry,
                }
            };
            let Some(first) = first else { break };
            let group = gather(first, &mut entries).await;
            let was_empty = self.kept.is_empty();
            self.write_group(group).await;
            if was_empty {
                again = Instant::now() + self.pause;
            }
        }
        let _ = self.write_kept().await;
    }

    async fn write_group(&mut self, group: Vec<Entry>) {
        let mut records = Vec::with_capacity(group.len());
        let mut waiting = Vec::new();
        let mut awaited = HashSet::new();
        let mut flush = false;
        for Entry { kind, done } in group {
            match kind {
                EntryKind::Record(record) => {
                    if done.is_some() {
                        awaited.insert(record.id.clone());
                    }
                    records.push(*record);
                }
                EntryKind::Flush => flush = true,
            }
            waiting.extend(done);
        }
        // While the table is away, what nobody waits for joins the others that are tried again later.
        let mut written = Ok(());
        if self.kept.is_empty() || !waiting.is_empty() {
            let failed = write(&self.catalog, records).await;
            if let Some(error) = failed.error {
                written = Err(error);
            }
            records = failed.again;
        }
        for record in records {
            if !awaited.contains(&record.id) {
                self.keep(record);
            }
        }
        if flush && written.is_ok() {
            written = self.write_kept().await;
        }
        for done in waiting {
            // Whoever waited may have gone away meanwhile.
            let _ = done.send(written.clone());
        }
    }

    fn keep(&mut self, record: Record) {
        if self.kept.len() < QUEUE {
            self.kept.push_back(record);
        } else {
            self.dropped.count();
        }
    }

    /// Tries to write what is kept, until the first failure.
    async fn write_kept(&mut self) -> Result<(), CatalogError> {
        while !self.kept.is_empty() {
            let group = self.kept.drain(..GROUP.min(self.kept.len())).collect();
            let failed = write(&self.catalog, group).await;
            let stays = !failed.again.is_empty();
            for record in failed.again.into_iter().rev() {
                self.kept.push_front(record);
            }
            if let Some(error) = failed.error
                && stays
            {
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                return Err(error);
            }
        }
        self.pause = FIRST_PAUSE;
        Ok(())
    }
}

/// Takes what is there; waits for more only while nobody waits for an answer.
async fn gather(first: Entry, entries: &mut mpsc::Receiver<Entry>) -> Vec<Entry> {
    let until = Instant::now() + GROUP_WAIT;
    let mut group = vec![first];
    while group.len() < GROUP {
        if let Ok(entry) = entries.try_recv() {
            group.push(entry);
            continue;
        }
        if group.iter().any(|entry| entry.done.is_some()) {
            break;
        }
        match tokio::time::timeout_at(until, entries.recv()).await {
            Ok(Some(entry)) => group.push(entry),
            Ok(None) | Err(_) => break,
        }
    }
    group
}

/// What came of writing a group.
#[derive(Default)]
struct Failed {
    /// Why not all of it is written.
    error: Option<CatalogError>,
    /// What may be written by another try.
    again: Vec<Record>,
}

/// A group that is refused as a whole is written one by one: a single record that cannot be stored must
/// not take the others along.
async fn write(catalog: &Catalog, records: Vec<Record>) -> Failed {
    if records.is_empty() {
        return Failed::default();
    }
    let Err(error) = catalog.write_audit(&records).await else { return Failed::default() };
    if may_pass_later(&error) {
        tracing::error!(%error, records = records.len(), "audit records could not be written");
        return Failed { error: Some(error), again: records };
    }
    let mut failed = Failed::default();
    for record in records {
        if let Err(error) = catalog.write_audit(std::slice::from_ref(&record)).await {
            tracing::error!(%error, request_id = record.request_id, "an audit record could not be written");
            if may_pass_later(&error) {
                failed.again.push(record);
            }
            failed.error = Some(error);
        }
    }
    failed
}

/// Whether the store, not the record, is why it was not written.
fn may_pass_later(error: &CatalogError) -> bool {
    matches!(
        error,
        CatalogError::Aws(failure) if !matches!(failure.kind, FailureKind::Invalid | FailureKind::TooLarge)
    )
}
