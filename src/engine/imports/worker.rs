//! Which work this process does: the leases that it holds, and the search for work that nobody holds.

use super::Shared;
use super::record::ImportRecord;
use super::{check, run, undo};
use crate::engine::aws::FailureKind;
use crate::engine::catalog::imports::{Job, OpenWork};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::import::ImportState;
use crate::music::import::error::ImportError;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How long a process counts as alive after it was last heard of.
const ALIVE: SignedDuration = SignedDuration::from_secs(15);

/// How often it says that it is.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How often it is looked for work that nobody holds.
const LOOK: Duration = Duration::from_secs(3);

/// How many imports are worked on at the same time.
const MOST_ACTIVE: usize = 2;

/// How long work rests that could not be done because a store was away.
const REST: SignedDuration = SignedDuration::from_secs(5);

/// How often work may be lost at the same place before it is given up: a file that ends each process that reads it
/// would end all of them.
const MOST_LOST: u32 = 3;

/// Why work was not done to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum WorkError {
    /// Somebody else does it.
    #[error("another process does the work by now")]
    LeaseLost,
    /// The process ends.
    #[error("the work was stopped")]
    Stopped,
    /// Others write at the same places again and again.
    #[error("somebody else writes the same figures at the same time")]
    Busy,
    /// Whoever does it comes to an end.
    #[error(
        "{MOST_LOST} processes ended while they worked on it, without coming any further; the file probably needs more          memory than there is. Divide it into smaller ones, or export a workbook as CSV"
    )]
    GivenUp,
    /// Whom lines are about was changed while they were written.
    #[error(
        "the artists or releases of the label were changed while it was imported. Undo what is written, check it again, \
         and run it"
    )]
    CatalogueChanged,
    /// The file is not what it should be.
    #[error(transparent)]
    File(#[from] ImportError),
    /// This machine has no room for the file.
    #[error("the file cannot be kept on this machine while it is read: {0}")]
    Io(#[from] std::io::Error),
    /// The stores could not do it.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl WorkError {
    /// A thread that did not come to its end.
    pub(super) fn thread(error: tokio::task::JoinError) -> Self {
        Self::Io(std::io::Error::other(error))
    }

    /// Whether it passes by itself.
    fn passes(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Catalog(CatalogError::Aws(failure)) => {
                matches!(failure.kind, FailureKind::Throttled | FailureKind::Unavailable)
            }
            _ => false,
        }
    }
}

/// Does work that nobody holds, until the process ends.
pub(super) async fn keep_working(shared: Arc<Shared>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = shared.wake.notified() => {}
            () = shared.stopping.cancelled() => return,
        }
        if let Err(error) = take_free(&shared).await {
            tracing::warn!(%error, "imports that wait to be worked on could not be looked for");
        }
    }
}

async fn take_free(shared: &Arc<Shared>) -> Result<(), CatalogError> {
    let all = shared.catalog.all_open_work().await?;
    let now = Timestamp::now();
    for open in all.iter().filter(|open| open.is_free(now)) {
        let is_full = {
            let active = shared.active();
            active.len() >= MOST_ACTIVE || active.contains(&open.id)
        };
        if is_full || shared.stopping.is_cancelled() {
            continue;
        }
        let until = alive_until(Timestamp::now());
        let Some(open) = shared.catalog.claim_work(open, &shared.holder, until).await? else { continue };
        let active = Active::begin(shared, &open.id);
        let shared = Arc::clone(shared);
        let working = Box::pin(work(Arc::clone(&shared), open));
        shared.running.spawn(async move {
            working.await;
            drop(active);
        });
    }
    Ok(())
}

fn alive_until(now: Timestamp) -> i64 {
    now.checked_add(ALIVE).map_or(i64::MAX, Timestamp::as_millisecond)
}

/// An import counts as being worked on until this is dropped.
struct Active {
    shared: Arc<Shared>,
    id: String,
}

impl Active {
    fn begin(shared: &Arc<Shared>, id: &str) -> Self {
        shared.active().insert(id.to_owned());
        Self { shared: Arc::clone(shared), id: id.to_owned() }
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.shared.active().remove(&self.id);
        self.shared.wake.notify_one();
    }
}

/// Does work as long as its lease is held.
async fn work(shared: Arc<Shared>, open: OpenWork) {
    let lease = open.clone();
    let ended = tokio::select! {
        ended = do_job(&shared, open) => ended,
        () = hold(&shared, &lease) => Err(WorkError::LeaseLost),
        () = shared.stopping.cancelled() => Err(WorkError::Stopped),
    };
    let Err(error) = ended else { return };
    // What is given back is taken up at once by whoever looks next, or after a rest.
    let until = match error {
        WorkError::LeaseLost => return,
        WorkError::Stopped => 0,
        ref error => {
            tracing::warn!(%error, import = lease.id, "the work on an import rests");
            Timestamp::now().checked_add(REST).map_or(0, Timestamp::as_millisecond)
        }
    };
    if let Err(error) = shared.catalog.give_work_back(&lease, until).await {
        tracing::warn!(%error, import = lease.id, "the lease of an import could not be given back");
    }
}

/// Says again and again that this process is alive, until the lease is somebody else's.
async fn hold(shared: &Shared, lease: &OpenWork) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        match shared.catalog.renew_work(lease, alive_until(Timestamp::now())).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, import = lease.id, "a lease could not be renewed"),
        }
    }
}

/// Does the job, keeps what came of it, and says that it is open no more.
async fn do_job(shared: &Shared, mut open: OpenWork) -> Result<(), WorkError> {
    let catalog = &shared.catalog;
    let mut record = ImportRecord::read(&catalog.import(&open.id).await?)?;
    let is_due = matches!(
        (open.job, record.state),
        (Job::Check, ImportState::Checking)
            | (Job::Run, ImportState::Running)
            | (Job::Undo, ImportState::Undoing)
    );
    if is_due {
        let done = match open.job {
            _ if open.lost >= MOST_LOST => Err(WorkError::GivenUp),
            Job::Check => check::check(catalog, &mut record).await,
            Job::Run => run::run(catalog, &mut record, &mut open).await,
            Job::Undo => undo::undo(catalog, &mut record, &mut open).await,
        };
        match done {
            Ok(()) => record.failure = None,
            Err(error @ (WorkError::LeaseLost | WorkError::Stopped)) => return Err(error),
            Err(error) if error.passes() => return Err(error),
            Err(error) => {
                tracing::warn!(%error, import = record.id, "an import failed");
                record.failure = Some(error.to_string());
                record.state = ImportState::Failed;
                match open.job {
                    Job::Check => {}
                    Job::Run => record.written = Some(open.position),
                    Job::Undo => record.undone = Some(open.position),
                }
            }
        }
        if !keep(catalog, &mut record, open.job).await? {
            // Nobody else changes an import while there is work on it.
            return Err(WorkError::LeaseLost);
        }
    }
    Ok(catalog.close_work(&open).await?)
}

/// Keeps what came of the work. Where that can never be kept, such as a record that is too large, it is kept that it
/// failed and why, without what was found.
async fn keep(catalog: &Catalog, record: &mut ImportRecord, job: Job) -> Result<bool, WorkError> {
    let error = match record.keep(catalog, None).await {
        Ok(is_kept) => return Ok(is_kept),
        Err(error) => WorkError::from(error),
    };
    if error.passes() {
        return Err(error);
    }
    tracing::warn!(%error, import = record.id, "what came of the work on an import could not be kept");
    record.failure = Some(format!("what came of it could not be kept: {error}"));
    record.state = ImportState::Failed;
    record.sample.clear();
    record.check = None;
    if job == Job::Check {
        (record.mapping, record.head) = (None, None);
    }
    Ok(record.keep(catalog, None).await?)
}
