//! Writes records in groups: one task, one request for up to 25 of them.

use super::Record;
use crate::engine::aws::FailureKind;
use crate::engine::catalog::{Catalog, CatalogError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long a record of a read may wait for others.
pub(super) const GROUP_WAIT: Duration = Duration::from_millis(50);

/// Records in one request (a limit of DynamoDB).
const GROUP: usize = 25;

/// Records that may wait while the table cannot be written. Beyond that, records of reads are dropped
/// and counted, so that an outage does not take the memory too.
const QUEUE: usize = 10_000;

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
    dropped: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(catalog: Arc<Catalog>) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        tokio::spawn(run(catalog, entries));
        Self { queue, dropped: Arc::new(AtomicU64::new(0)) }
    }

    pub(super) fn note(&self, entry: Entry) {
        if self.queue.try_send(entry).is_err() {
            let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
            if dropped.is_power_of_two() {
                tracing::error!(dropped, "the audit queue is full; records of reads are lost");
            }
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

async fn run(catalog: Arc<Catalog>, mut entries: mpsc::Receiver<Entry>) {
    while let Some(first) = entries.recv().await {
        let group = gather(first, &mut entries).await;
        write_group(&catalog, group).await;
    }
}

/// Takes what is there; waits for more only while nobody waits for an answer.
async fn gather(first: Entry, entries: &mut mpsc::Receiver<Entry>) -> Vec<Entry> {
    let until = tokio::time::Instant::now() + GROUP_WAIT;
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

/// A group that is refused as a whole is written one by one: a single record that cannot be stored must
/// not take the others along.
async fn write(catalog: &Catalog, records: &[Record]) -> Result<(), CatalogError> {
    match catalog.write_audit(records).await {
        Err(CatalogError::Aws(failure)) if failure.kind == FailureKind::Invalid => {}
        written => return written,
    }
    let mut all = Ok(());
    for record in records {
        if let Err(error) = catalog.write_audit(std::slice::from_ref(record)).await {
            all = Err(error);
        }
    }
    all
}

async fn write_group(catalog: &Catalog, group: Vec<Entry>) {
    let mut records = Vec::with_capacity(group.len());
    let mut waiting = Vec::new();
    for entry in group {
        waiting.extend(entry.done);
        if let EntryKind::Record(record) = entry.kind {
            records.push(*record);
        }
    }
    let written = if records.is_empty() { Ok(()) } else { write(catalog, &records).await };
    if let Err(error) = &written {
        tracing::error!(%error, records = records.len(), "audit records could not be written");
    }
    for done in waiting {
        // Whoever waited may have gone away meanwhile.
        let _ = done.send(written.clone());
    }
}
