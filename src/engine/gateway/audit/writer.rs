//! Writes records in groups: one task, one request for up to 25 of them.
//!
//! A record that somebody waits for is written or refused at once, since a change must not begin
//! unrecorded. What could not be written is kept and tried again, also what was refused: it has its place in
//! the log, and nobody knows whether it is in the table after all.

use super::Record;
use super::log::Log;
use super::open::OpenChanges;
use super::order::Ids;
use super::watch::Watch;
use crate::engine::aws::FailureKind;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::telemetry::PendingLine;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::Instant;

/// How long a record of a read may wait for others.
pub(super) const GROUP_WAIT: Duration = Duration::from_millis(50);

/// Records in one request at most (a limit of DynamoDB).
const GROUP: usize = 25;

/// So many are worth a request of their own, and wait for no more. Larger ones take the embedded store, and a processor,
/// for milliseconds at a time, which calls beside them would notice.
const ENOUGH: usize = 8;

/// Records that may wait: so many handed over, so many kept while the table cannot be written, and so many of reads
/// that wait for room to hand theirs over. Beyond that, records that nobody waits for are dropped and counted, so that
/// an outage does not take the memory too.
const QUEUE: usize = 10_000;

/// The pauses between tries while the table cannot be written: each twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A record, and who waits for it.
pub(super) struct Entry {
    kind: EntryKind,
    done: Option<oneshot::Sender<Result<(), CatalogError>>>,
    /// The line in the audit log group that waits for the place of the record.
    line: Option<PendingLine>,
}

enum EntryKind {
    Record(Box<Record>),
    /// The outcome of a change that another process has left.
    Found(Box<Record>),
    Flush,
    Close,
}

impl Entry {
    pub(super) fn without_answer(record: Record, line: Option<PendingLine>) -> Self {
        Self { kind: EntryKind::Record(Box::new(record)), done: None, line }
    }

    pub(super) fn found(record: Record) -> Self {
        Self { kind: EntryKind::Found(Box::new(record)), done: None, line: None }
    }
}

/// The way to the task that writes.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Entry>,
    /// The places of those that wait for room in the queue, also when their callers have gone away.
    waiting: Arc<Semaphore>,
    dropped: Arc<Dropped>,
}

/// Counts the records that are lost because too many wait.
#[derive(Default)]
struct Dropped(AtomicU64);

impl Dropped {
    fn count(&self, why: &'static str) {
        let dropped = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        if dropped.is_power_of_two() {
            tracing::error!(dropped, why, "audit records are lost");
        }
    }
}

/// Why records are lost.
const TOO_MANY: &str = "too many wait to be written";
const ENDED: &str = "the log has ended";

impl Writer {
    pub(super) fn start(catalog: Arc<Catalog>, instance: &str, ids: Arc<Ids>) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        let dropped = Arc::<Dropped>::default();
        let open = OpenChanges::new(Arc::clone(&catalog), instance, ids);
        tokio::spawn(Watch::new(open.clone(), queue.downgrade()).run());
        let task = Task {
            log: Log::new(Arc::clone(&catalog), instance),
            open,
            catalog,
            kept: VecDeque::new(),
            last_failure: None,
            pause: FIRST_PAUSE,
            closed: false,
            dropped: Arc::clone(&dropped),
        };
        tokio::spawn(task.run(entries));
        Self { queue, waiting: Arc::new(Semaphore::new(QUEUE)), dropped }
    }

    pub(super) fn note(&self, entry: Entry) {
        if self.queue.try_send(entry).is_err() {
            self.dropped.count(TOO_MANY);
        }
    }

    /// The same, but where too many wait it waits for room.
    pub(super) async fn note_in_turn(&self, entry: Entry) {
        let handed_over = match self.queue.try_send(entry) {
            Ok(()) => true,
            Err(TrySendError::Full(entry)) => {
                let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else {
                    self.dropped.count(TOO_MANY);
                    return;
                };
                let queue = self.queue.clone();
                // The record waits on when its caller goes away.
                let waits = tokio::spawn(async move {
                    let handed_over = queue.send(entry).await.is_ok();
                    drop(place);
                    handed_over
                });
                waits.await.unwrap_or(false)
            }
            Err(TrySendError::Closed(_)) => false,
        };
        if !handed_over {
            self.dropped.count(ENDED);
        }
    }

    pub(super) async fn write(&self, record: Record, line: Option<PendingLine>) -> Result<(), CatalogError> {
        self.send(EntryKind::Record(Box::new(record)), line).await
    }

    pub(super) async fn flush(&self) {
        // The task answers every entry; an error has been logged there.
        let _ = self.send(EntryKind::Flush, None).await;
    }

    pub(super) async fn close(&self) {
        // As above.
        let _ = self.send(EntryKind::Close, None).await;
    }

    async fn send(&self, kind: EntryKind, line: Option<PendingLine>) -> Result<(), CatalogError> {
        let stopped = || CatalogError::Unreadable {
            what: "audit log",
            id: "writer".to_owned(),
            detail: "the task that writes it has stopped".to_owned(),
        };
        let (done, answer) = oneshot::channel();
        self.queue.send(Entry { kind, done: Some(done), line }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

/// The task that writes.
struct Task {
    catalog: Arc<Catalog>,
    /// Gives records their places.
    log: Log,
    open: OpenChanges,
    /// Records that could not be written yet, oldest first.
    kept: VecDeque<Record>,
    /// Why the last of them could not.
    last_failure: Option<CatalogError>,
    /// How long to wait before they are tried again.
    pause: Duration,
    /// Whether nothing may follow any more.
    closed: bool,
    dropped: Arc<Dropped>,
}

impl Task {
    async fn run(mut self, mut entries: mpsc::Receiver<Entry>) {
        let mut again = Instant::now();
        loop {
            let (waits, due) =
                if self.kept.is_empty() { (None, self.log.due()) } else { (Some(again), None) };
            self.open.table_is_away(waits.is_some());
            let first = tokio::select! {
                biased;
                () = until(waits) => {
                    // What fails is logged there, and stays kept.
                    let _ = self.write_kept().await;
                    again = Instant::now() + self.pause;
                    continue;
                }
                () = until(due) => {
                    self.checkpoint().await;
                    continue;
                }
                entry = entries.recv() => entry,
            };
            let Some(first) = first else { break };
            let group = gather(first, &mut entries).await;
            let was_empty = self.kept.is_empty();
            self.write_group(group).await;
            if was_empty {
                again = Instant::now() + self.pause;
            }
        }
        if self.write_kept().await.is_ok() {
            self.log.end().await;
            self.open.forget_ended().await;
        }
    }

    async fn write_group(&mut self, group: Vec<Entry>) {
        let mut records = Vec::with_capacity(group.len());
        let mut waiting = Vec::new();
        let (mut flush, mut close) = (false, false);
        for Entry { kind, done, line } in group {
            match kind {
                EntryKind::Record(record) => {
                    // Behind its end nothing may follow. Whoever waits learns that nothing is written.
                    if self.closed {
                        self.dropped.count(ENDED);
                        continue;
                    }
                    if self.kept.len() + records.len() >= QUEUE {
                        self.refuse(done);
                        continue;
                    }
                    let record = self.log.append(*record);
                    if let Some(line) = line {
                        line.sealed(record.instance(), record.seq, &record.leaf);
                    }
                    self.open.begin(&record);
                    records.push(record);
                }
                EntryKind::Found(record) => {
                    // Behind the end nothing may follow, and another process finds it, too.
                    if !self.closed {
                        records.push(self.log.append(*record));
                    }
                }
                EntryKind::Flush => flush = true,
                EntryKind::Close => {
                    close = true;
                    self.closed = true;
                }
            }
            waiting.extend(done);
        }
        // While the table is away, what nobody waits for joins the others that are tried again later.
        let mut written = Ok(());
        let mut takes_records = false;
        if self.kept.is_empty() || !waiting.is_empty() {
            let failed = self.write(records).await;
            takes_records = failed.error.is_none();
            if let Some(error) = failed.error {
                written = Err(error);
            }
            records = failed.again;
        }
        self.kept.extend(records);
        if (flush || close) && written.is_ok() {
            written = self.write_kept().await;
        }
        if close {
            self.open.close();
        }
        if written.is_ok() && (flush || close) {
            self.checkpoint().await;
            self.open.forget_ended().await;
        }
        if written.is_ok() && close {
            self.log.end().await;
        }
        for done in waiting {
            // Whoever waited may have gone away meanwhile.
            let _ = done.send(written.clone());
        }
        // Those that wait stand before this group in the log: without them it has a gap.
        if takes_records && written.is_ok() && !self.kept.is_empty() {
            // What fails is logged there, and stays kept.
            let _ = self.write_kept().await;
        }
        if self.kept.is_empty() && self.log.is_long() {
            self.checkpoint().await;
        }
    }

    /// To be called only while nothing is kept.
    async fn checkpoint(&mut self) {
        self.log.checkpoint().await;
    }

    /// Too many records wait already: this one gets no place in the log.
    fn refuse(&self, done: Option<oneshot::Sender<Result<(), CatalogError>>>) {
        self.dropped.count(TOO_MANY);
        if let (Some(done), Some(error)) = (done, &self.last_failure) {
            // Whoever waited may have gone away meanwhile.
            let _ = done.send(Err(error.clone()));
        }
    }

    /// Tries to write what is kept, until the first failure.
    async fn write_kept(&mut self) -> Result<(), CatalogError> {
        while !self.kept.is_empty() {
            let group = self.kept.drain(..GROUP.min(self.kept.len())).collect();
            let failed = self.write(group).await;
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

    async fn write(&mut self, records: Vec<Record>) -> Failed {
        // Also where not all of them can be written now.
        self.log.has(&records);
        let ends = self.open.ended_by(&records);
        let failed = write(&self.catalog, records).await;
        for request_id in ends {
            if failed.again.iter().all(|record| record.request_id != request_id) {
                self.open.end(&request_id);
            }
        }
        if let Some(error) = &failed.error {
            self.last_failure = Some(error.clone());
            return failed;
        }
        self.log.note_where().await;
        failed
    }
}

/// Waits for a moment; for ever where there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Takes what is there; waits for more only while these are few, and nobody waits for an answer.
async fn gather(first: Entry, entries: &mut mpsc::Receiver<Entry>) -> Vec<Entry> {
    let until = Instant::now() + GROUP_WAIT;
    let mut group = vec![first];
    while group.len() < GROUP {
        if let Ok(entry) = entries.try_recv() {
            group.push(entry);
            continue;
        }
        if group.len() >= ENOUGH || group.iter().any(|entry| entry.done.is_some()) {
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
/// not take the others along. It keeps its place without its payload.
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
            } else {
                let stripped = record.without_payload();
                if let Err(error) = catalog.write_audit(std::slice::from_ref(&stripped)).await {
                    tracing::error!(%error, "it could not be written without its payload either");
                    // It has its place in the log: only what can never be written leaves a gap.
                    if may_pass_later(&error) {
                        failed.again.push(stripped);
                    }
                }
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn entry() -> Entry {
        Entry { kind: EntryKind::Flush, done: None, line: None }
    }

    #[tokio::test]
    async fn enough_records_wait_for_no_more_and_those_that_are_there_go_together() {
        let (queue, mut entries) = mpsc::channel(QUEUE);
        let mut groups = Vec::new();
        for waiting in [ENOUGH, GROUP + 1] {
            for _ in 0..waiting {
                queue.try_send(entry()).expect("there is room");
            }
            while let Ok(first) = entries.try_recv() {
                groups.push(gather(first, &mut entries).await.len());
            }
        }
        assert_eq!(groups, [ENOUGH, GROUP, 1]);
    }

    #[tokio::test]
    async fn the_record_of_a_read_waits_for_room_also_when_its_caller_does_not() {
        let (queue, mut entries) = mpsc::channel(1);
        let writer = Writer { queue, waiting: Arc::new(Semaphore::new(1)), dropped: Arc::default() };
        writer.note_in_turn(entry()).await;
        assert!(
            writer.note_in_turn(entry()).now_or_never().is_none(),
            "there is no room, and the caller goes away"
        );
        writer.note(entry());
        assert_eq!(writer.dropped.0.load(Ordering::Relaxed), 1, "what cannot wait is lost and counted");
        writer.note_in_turn(entry()).await;
        assert_eq!(writer.dropped.0.load(Ordering::Relaxed), 2, "no more wait than there are places for");
        for _ in 0..2 {
            assert!(entries.recv().await.is_some());
        }
    }
}
