//! The queries that were started: each runs on a thread of its own and keeps its result for a while.
//!
//! They live in memory. After a restart there are none, and their ids are unknown.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::error::LogsError;
use super::insights::{Execution, ExecutionError, Plan, ResultRow};
use super::names::ACCOUNT;
use super::store::{Needs, Scan, ScannedEvent, Span, Store, StoreError};

/// The most that run at once, as AWS has it.
const MOST_AT_ONCE: usize = 100;
/// How many are remembered; the oldest that are over make room.
const MOST_KEPT: usize = 500;
/// How many rows of results are kept in all, likewise.
const MOST_ROWS_KEPT: usize = 500_000;
/// How long a query may run. AWS gives an hour; what is read here is one file of this machine.
const LONGEST: Duration = Duration::from_mins(15);
/// How long the end waits for queries that were stopped: each ends behind the event that it is at.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many events pass between two reports of progress.
const REPORT_EVERY: u64 = 1024;
/// How much time passes between them at most, but for the event that it is at.
const REPORT_AFTER: Duration = Duration::from_millis(100);

/// Counting period by period pays from this length on, in milliseconds.
const SHORTEST_PERIOD: i64 = 60 * 1000;

/// All queries.
#[derive(Debug, Default)]
pub(crate) struct Queries {
    /// Oldest first.
    known: Mutex<VecDeque<Arc<Query>>>,
    /// Of two queries, the one that was started later has the greater id.
    ids: Mutex<Ids>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Gives each query an id that is greater than all before.
#[derive(Default)]
struct Ids(ulid::Generator);

impl std::fmt::Debug for Ids {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ids")
    }
}

impl Ids {
    fn next(&mut self) -> String {
        // Only 2⁸⁰ ids of one millisecond can be told apart.
        self.0.generate().unwrap_or_else(|_| ulid::Ulid::new()).to_string()
    }
}

/// What a query is asked to do.
#[derive(Debug)]
pub(crate) struct Request {
    /// Its text.
    pub(crate) text: String,
    /// What it was read to.
    pub(crate) plan: Plan,
    /// The groups and times.
    pub(crate) spans: Vec<Span>,
    /// The names of the groups.
    pub(crate) groups: Vec<String>,
    /// When it was started, in milliseconds since 1970.
    pub(crate) created: i64,
}

/// A query that was started.
#[derive(Debug)]
pub(crate) struct Query {
    /// Its id.
    pub(crate) id: String,
    /// Its text.
    pub(crate) text: String,
    /// The names of its groups.
    pub(crate) groups: Vec<String>,
    /// When it was started, in milliseconds since 1970.
    pub(crate) created: i64,
    started: Instant,
    /// When it has run long enough.
    until: Instant,
    progress: Progress,
    outcome: Mutex<(Outcome, Option<Duration>)>,
}

/// How far a query is.
#[derive(Debug, Default)]
struct Progress {
    is_stopped: AtomicBool,
    scanned: AtomicU64,
    matched: AtomicU64,
    bytes: AtomicU64,
}

/// Counts of a query so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statistics {
    /// Events that were looked at.
    pub(crate) scanned: u64,
    /// Events that passed the filters.
    pub(crate) matched: u64,
    /// The bytes of the messages of the events that were looked at.
    pub(crate) bytes: u64,
}

/// What became of a query.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// It runs.
    Running,
    /// It has a result.
    Complete(Arc<Vec<ResultRow>>),
    /// It could not be carried out.
    Failed,
    /// It was stopped.
    Cancelled,
    /// It took longer than it may.
    TimedOut,
}

impl Outcome {
    /// The status that AWS calls it.
    pub(crate) fn status(&self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Complete(_) => "Complete",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::TimedOut => "Timeout",
        }
    }
}

impl Query {
    fn new(id: String, text: String, groups: Vec<String>, created: i64, longest: Duration) -> Self {
        let started = Instant::now();
        Self {
            id,
            text,
            groups,
            created,
            started,
            until: started + longest,
            progress: Progress::default(),
            outcome: Mutex::new((Outcome::Running, None)),
        }
    }

    /// What became of it so far.
    pub(crate) fn outcome(&self) -> Outcome {
        lock(&self.outcome).0.clone()
    }

    /// How long it took in milliseconds, once it is over.
    pub(crate) fn duration(&self) -> Option<u64> {
        lock(&self.outcome).1.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    /// Its counts so far.
    pub(crate) fn statistics(&self) -> Statistics {
        Statistics {
            scanned: self.progress.scanned.load(Ordering::Relaxed),
            matched: self.progress.matched.load(Ordering::Relaxed),
            bytes: self.progress.bytes.load(Ordering::Relaxed),
        }
    }

    fn is_running(&self) -> bool {
        matches!(lock(&self.outcome).0, Outcome::Running)
    }

    /// How many rows of a result it keeps.
    fn rows(&self) -> usize {
        match &lock(&self.outcome).0 {
            Outcome::Complete(rows) => rows.len(),
            Outcome::Running | Outcome::Failed | Outcome::Cancelled | Outcome::TimedOut => 0,
        }
    }

    /// Stops it; false when it was over already.
    pub(crate) fn stop(&self) -> bool {
        self.progress.is_stopped.store(true, Ordering::Relaxed);
        self.end(Outcome::Cancelled)
    }

    /// Says what became of it, unless that is known already.
    fn end(&self, outcome: Outcome) -> bool {
        let mut known = lock(&self.outcome);
        let is_running = matches!(known.0, Outcome::Running);
        if is_running {
            *known = (outcome, Some(self.started.elapsed()));
        }
        is_running
    }

    fn run(&self, plan: Plan, spans: Vec<Span>, store: &Store) {
        match self.result(plan, spans, store) {
            Ok(rows) => {
                self.end(Outcome::Complete(Arc::new(rows)));
            }
            Err(Interruption::Stopped) => {}
            Err(Interruption::TimedOut) => {
                self.end(Outcome::TimedOut);
            }
            Err(error) => {
                tracing::warn!(query = %self.id, %error, "a query of the embedded CloudWatch Logs failed");
                self.end(Outcome::Failed);
            }
        }
    }

    fn result(&self, plan: Plan, spans: Vec<Span>, store: &Store) -> Result<Vec<ResultRow>, Interruption> {
        match plan.counting_period().filter(|period| *period >= SHORTEST_PERIOD) {
            Some(period) => self.count(plan, &spans, period, store),
            None => self.scan(plan, spans, store),
        }
    }

    /// Carries out a query that only counts events by time.
    fn count(
        &self,
        plan: Plan,
        spans: &[Span],
        period: i64,
        store: &Store,
    ) -> Result<Vec<ResultRow>, Interruption> {
        let mut execution = plan.start();
        let (mut scanned, mut bytes) = (0, 0);
        store.scan_runs(spans, period, |run| {
            self.check()?;
            scanned += run.count;
            bytes += run.bytes;
            execution.event().timestamp = run.timestamp;
            execution.take_run(run.count)?;
            self.report(scanned, bytes, &execution);
            Ok::<_, Interruption>(())
        })?;
        Ok(execution.finish()?)
    }

    /// Carries out any other query.
    fn scan(&self, plan: Plan, spans: Vec<Span>, store: &Store) -> Result<Vec<ResultRow>, Interruption> {
        let needs = if plan.needs_message() {
            Needs::Message
        } else if plan.needs_origin() {
            Needs::Origin
        } else {
            Needs::TimeOnly
        };
        let logs: Vec<Arc<str>> =
            self.groups.iter().map(|group| Arc::from(format!("{ACCOUNT}:{group}"))).collect();
        let mut execution = plan.start();
        let (mut scanned, mut bytes) = (0, 0);
        let mut reported = Instant::now();
        store.scan(&Scan { spans, needs }, |event| {
            self.check()?;
            scanned += 1;
            bytes += event.bytes;
            fill(&mut execution, event, &logs);
            execution.take()?;
            // A query may be busy with few events for long.
            if scanned % REPORT_EVERY == 0 || reported.elapsed() > REPORT_AFTER {
                self.report(scanned, bytes, &execution);
                reported = Instant::now();
            }
            Ok::<_, Interruption>(())
        })?;
        self.report(scanned, bytes, &execution);
        Ok(execution.finish()?)
    }

    /// Whether it may go on.
    fn check(&self) -> Result<(), Interruption> {
        if self.progress.is_stopped.load(Ordering::Relaxed) {
            return Err(Interruption::Stopped);
        }
        if Instant::now() >= self.until { Err(Interruption::TimedOut) } else { Ok(()) }
    }

    fn report(&self, scanned: u64, bytes: u64, execution: &Execution) {
        self.progress.scanned.store(scanned, Ordering::Relaxed);
        self.progress.bytes.store(bytes, Ordering::Relaxed);
        self.progress.matched.store(execution.matched(), Ordering::Relaxed);
    }
}

/// A query whose thread ended otherwise than it should, by a panic, has failed.
struct EndWithThread<'q>(&'q Query);

impl Drop for EndWithThread<'_> {
    fn drop(&mut self) {
        self.0.end(Outcome::Failed);
    }
}

/// Puts a scanned event into its place.
fn fill(execution: &mut Execution, event: &ScannedEvent<'_>, logs: &[Arc<str>]) {
    let place = execution.event();
    place.timestamp = event.timestamp;
    place.number = event.number;
    if let Some(log) = logs.get(event.span) {
        place.log.clone_from(log);
    }
    if let Some((ingestion_time, stream)) = &event.origin {
        place.ingestion_time = *ingestion_time;
        place.stream.clone_from(stream);
    }
    place.message.clear();
    place.message.push_str(event.message);
}

/// Why a query ended early.
#[derive(Debug, thiserror::Error)]
enum Interruption {
    #[error("the query was stopped")]
    Stopped,
    #[error("the query took too long")]
    TimedOut,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Execution(#[from] ExecutionError),
}

impl Queries {
    /// Starts a query and returns its id.
    pub(crate) fn start(&self, store: &Arc<Store>, request: Request) -> Result<String, LogsError> {
        let Request { text, plan, spans, groups, created } = request;
        let query = Arc::new(Query::new(lock(&self.ids).next(), text, groups, created, LONGEST));
        self.remember(&query)?;
        let id = query.id.clone();
        let store = Arc::clone(store);
        let thread = std::thread::Builder::new()
            .name("logs-insights".to_owned())
            .spawn(move || {
                let _end = EndWithThread(&query);
                query.run(plan, spans, &store);
            })
            .map_err(|error| LogsError::LimitExceeded(format!("no thread for another query: {error}")));
        let mut threads = lock(&self.threads);
        threads.retain(|thread| !thread.is_finished());
        match thread {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                lock(&self.known).retain(|known| known.id != id);
                return Err(error);
            }
        }
        Ok(id)
    }

    fn remember(&self, query: &Arc<Query>) -> Result<(), LogsError> {
        let mut known = lock(&self.known);
        if known.iter().filter(|query| query.is_running()).count() >= MOST_AT_ONCE {
            return Err(LogsError::LimitExceeded(format!("{MOST_AT_ONCE} queries are running already")));
        }
        while known.len() >= MOST_KEPT
            || known.iter().map(|query| query.rows()).sum::<usize>() > MOST_ROWS_KEPT
        {
            let Some(oldest) = known.iter().position(|query| !query.is_running()) else { break };
            known.remove(oldest);
        }
        known.push_back(Arc::clone(query));
        Ok(())
    }

    /// The query of this id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Query>> {
        lock(&self.known).iter().find(|query| query.id == id).cloned()
    }

    /// All queries, the latest first, which is the order of their ids.
    pub(crate) fn latest_first(&self) -> Vec<Arc<Query>> {
        let mut queries: Vec<_> = lock(&self.known).iter().cloned().collect();
        queries.sort_by(|one, other| other.id.cmp(&one.id));
        queries
    }

    /// Stops all queries and waits until their threads have ended, for some seconds at most.
    pub(crate) fn close(&self) {
        for query in self.latest_first() {
            query.stop();
        }
        let until = Instant::now() + PATIENCE;
        for thread in std::mem::take(&mut *lock(&self.threads)) {
            while !thread.is_finished() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(2));
            }
            if !thread.is_finished() {
                tracing::warn!(
                    "a query of the embedded CloudWatch Logs is still busy; it ends with the program"
                );
            } else if thread.join().is_err() {
                tracing::error!("a query of the embedded CloudWatch Logs panicked");
            }
        }
    }
}

/// What is behind these locks is replaced whole, so a panic elsewhere leaves it good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::batch::NewEvent;
    use super::super::insights;
    use super::*;

    /// Each is carried out in another way.
    const QUERIES: [&str; 3] =
        ["stats count(*) by bin(1m)", "filter @message like /x/", "stats count(*) by @logStream"];

    /// A store with so many events that say the same, in the folder, and all of them.
    fn store_of(directory: &tempfile::TempDir, events: u32, message: &str) -> (Store, Vec<Span>) {
        let store = Store::open(&directory.path().join("logs.sqlite")).unwrap();
        store.create_group("g", 0).unwrap();
        let group = store.group("g").unwrap().unwrap().id;
        store.create_stream(group, "s", 0).unwrap();
        let stream = store.stream(group, "s").unwrap().unwrap().id;
        let event =
            |number: u32| NewEvent { timestamp: i64::from(number) * 1000, message: message.to_owned() };
        store.append(group, stream, &(0..events).map(event).collect::<Vec<_>>(), 0).unwrap();
        (store, vec![Span { group, from: 0, to: i64::MAX }])
    }

    /// A query over three thousand events.
    fn run(text: &str, longest: Duration, before: impl FnOnce(&Query)) -> Query {
        let directory = tempfile::TempDir::new().unwrap();
        let (store, spans) = store_of(&directory, 3000, "x");
        let query = Query::new("1".to_owned(), text.to_owned(), vec!["g".to_owned()], 0, longest);
        before(&query);
        query.run(insights::compile(text, None).unwrap(), spans, &store);
        query
    }

    #[test]
    fn a_query_that_is_stopped_reads_nothing_more() {
        for text in QUERIES {
            let query = run(text, LONGEST, |query| assert!(query.stop()));
            assert_eq!(query.statistics().scanned, 0, "{text}");
            assert_eq!(query.outcome().status(), "Cancelled", "{text}");
        }
    }

    #[test]
    fn a_query_that_takes_too_long_ends() {
        for text in QUERIES {
            let query = run(text, Duration::ZERO, |_| {});
            assert_eq!(query.outcome().status(), "Timeout", "{text}");
            assert!(!query.stop(), "it is over");
        }
    }

    #[test]
    fn a_query_that_is_busy_with_one_record_after_the_other_stops_between_them() {
        // So many that it still runs when the other thread has long had no processor.
        const RECORDS: u32 = 1000;
        let directory = tempfile::TempDir::new().unwrap();
        // No two letters in a row that a machine could foresee.
        let message: String =
            (0..4096_u32).map(|place| if place.count_ones() % 2 == 0 { 'a' } else { 'b' }).collect();
        let (store, spans) = store_of(&directory, RECORDS, &message);
        let hard = "filter @message like /[ab]*a[ab]{2000}c/";
        let query = Query::new("1".to_owned(), hard.to_owned(), vec!["g".to_owned()], 0, LONGEST);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                query.run(insights::compile(hard, None).unwrap(), spans, &store);
            });
            while query.statistics().scanned == 0 && query.is_running() {
                std::thread::yield_now();
            }
            assert!(query.stop(), "it still ran: {:?}", query.statistics());
        });
        assert!(query.statistics().scanned < u64::from(RECORDS), "{:?}", query.statistics());
    }

    #[test]
    fn a_query_that_is_let_be_reads_everything() {
        for text in QUERIES {
            let query = run(text, LONGEST, |_| {});
            assert_eq!((query.statistics().scanned, query.outcome().status()), (3000, "Complete"), "{text}");
        }
    }
}
