//! Notes for whom programs call with access tokens, so that people find those that act for them without anybody reading
//! the whole log: one small item for each program, person and day, at each process.

use super::{Record, expires_at};
use crate::engine::catalog::Catalog;
use crate::model::audit::Phase;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// For how many days it is known that a program has called: longer than its calls are shown.
const KEPT_FOR: u16 = 9;

/// Of how many it is remembered that they are noted, and so many may wait for it.
const MOST: usize = 10_000;

/// How long after one that could not be noted the next try is.
const PAUSE: Duration = Duration::from_secs(15);

/// A program that called for somebody on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Acted {
    owner: String,
    principal: String,
    day: String,
}

impl Acted {
    /// The one that a record tells of; none where no access token called. A call that was passed on counts where it
    /// came in.
    fn of(record: &Record) -> Option<Self> {
        let counts = record.phase == Phase::Outcome && record.passed_on.is_none();
        let owner = record.on_behalf_of.as_ref().filter(|_| counts)?;
        let principal = Some(&record.principal).filter(|principal| principal.starts_with("token:"))?;
        // RFC 3339 begins with the day.
        let day = record.time.get(..10)?;
        Some(Self { owner: owner.clone(), principal: principal.clone(), day: day.to_owned() })
    }
}

/// The programs that were seen in records.
pub(super) struct Programs {
    catalog: Arc<Catalog>,
    noted: HashSet<Acted>,
    waiting: BTreeSet<Acted>,
    /// Until when none is noted, because the last could not be.
    note_again: Option<Instant>,
}

impl Programs {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        Self { catalog, noted: HashSet::new(), waiting: BTreeSet::new(), note_again: None }
    }

    /// Looks for programs in records that are written.
    pub(super) fn look_at(&mut self, records: &[Record]) {
        for acted in records.iter().filter_map(Acted::of) {
            if self.waiting.len() < MOST && !self.noted.contains(&acted) {
                self.waiting.insert(acted);
            }
        }
    }

    /// When one is to be noted; none while all are.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.waiting.is_empty()).then(|| self.note_again.unwrap_or_else(Instant::now))
    }

    /// From now on nothing is waited for any more.
    pub(super) fn hurry(&mut self) {
        self.note_again = None;
    }

    /// Notes those that are not noted yet. What cannot be is tried again.
    pub(super) async fn note(&mut self) {
        if self.note_again.is_some_and(|again| again > Instant::now()) {
            return;
        }
        self.note_again = None;
        while let Some(acted) = self.waiting.pop_first() {
            let until = expires_at(Timestamp::now(), KEPT_FOR);
            if let Err(error) = self.catalog.note_program(&acted.owner, &acted.principal, until).await {
                tracing::warn!(%error, program = acted.principal, "its person does not see it yet");
                self.note_again = Some(Instant::now() + PAUSE);
                self.waiting.insert(acted);
                return;
            }
            if self.noted.len() >= MOST {
                self.noted.clear();
            }
            self.noted.insert(acted);
        }
    }
}
