//! Changes that this process is making, and those of processes that do not report any more: of these it records
//! that nobody knows how they ended.

use super::order::Ids;
use super::silence::{SILENCE, Silences};
use super::{Phase, Record, expires_at, log_hour};
use crate::engine::catalog::open_changes::OpenChange;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::audit::{UNKNOWN_OUTCOME, instance_of};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use ulid::Ulid;

/// In how many hours after an intent its outcome is looked for.
const HOURS: i64 = 24;

/// What is known of open changes.
pub(super) struct OpenChanges {
    catalog: Arc<Catalog>,
    instance: String,
    ids: Arc<Ids>,
    /// Those that this process is making, by the call.
    own: HashMap<String, OpenChange>,
    /// Those whose outcome is on record, and which are still in the list.
    ended: Vec<OpenChange>,
    /// For how long nothing was heard of those of others.
    silences: Silences,
    /// What is to be recorded of changes of others.
    found: Vec<(Record, OpenChange)>,
}

impl OpenChanges {
    pub(super) fn new(catalog: Arc<Catalog>, instance: &str, ids: Arc<Ids>) -> Self {
        Self {
            catalog,
            instance: instance.to_owned(),
            ids,
            own: HashMap::new(),
            ended: Vec::new(),
            silences: Silences::default(),
            found: Vec::new(),
        }
    }

    /// Notes what a record begins. The store learns of it with the record itself.
    pub(super) fn begin(&mut self, record: &Record) {
        if record.phase == Phase::Intent {
            self.own.insert(record.request_id.clone(), OpenChange::of(record, Timestamp::now()));
        }
    }

    /// The calls of those that these records end.
    pub(super) fn ended_by(&self, records: &[Record]) -> Vec<String> {
        if self.own.is_empty() {
            return Vec::new();
        }
        let outcomes = records.iter().filter(|record| record.phase == Phase::Outcome);
        let own = outcomes.filter(|record| self.own.contains_key(&record.request_id));
        own.map(|record| record.request_id.clone()).collect()
    }

    /// Notes that the outcome of a call is in the table.
    pub(super) fn end(&mut self, request_id: &str) {
        self.ended.extend(self.own.remove(request_id));
    }

    /// Takes those that have ended off the list. Where that fails, it is tried again the next time, and whoever
    /// finds them finds their outcome, too.
    pub(super) async fn forget_ended(&mut self) {
        while let Some(change) = self.ended.pop() {
            if let Err(error) = self.catalog.close_change(&change).await {
                tracing::warn!(%error, request_id = change.request_id, "an ended change is still in the list");
                self.ended.push(change);
                return;
            }
        }
    }

    /// Says of each change of this process that it is still being made. One of which that cannot be said does
    /// not hold up the others.
    pub(super) async fn stay_alive(&self) {
        let now = Timestamp::now();
        let mut said = Vec::with_capacity(self.own.len());
        for change in self.own.values() {
            said.push(stays_alive(&self.catalog, change.clone().alive(now)));
        }
        join_all(said).await;
    }

    /// Finds out what became of the changes of others that do not report any more.
    pub(super) async fn look(&mut self) {
        if let Err(error) = self.look_at_all().await {
            tracing::warn!(%error, "changes that were left open could not be looked for");
        }
    }

    /// What is to be recorded of those, also where looking was cut off. Then they are not open any more.
    pub(super) fn take_found(&mut self) -> Vec<(Record, OpenChange)> {
        std::mem::take(&mut self.found)
    }

    /// The outcome of a change is on record.
    pub(super) fn settled(&mut self, change: OpenChange) {
        self.ended.push(change);
    }

    async fn look_at_all(&mut self) -> Result<(), CatalogError> {
        let moment = Instant::now();
        let open = self.catalog.open_changes().await?;
        let is_left = |change: &&OpenChange| {
            let is_silent = self.silences.is_long(&change.id, change.alive_until, moment);
            is_silent && !self.own.contains_key(&change.request_id)
        };
        let left: Vec<_> = open.iter().filter(is_left).cloned().collect();
        self.silences.keep_only(|id| open.iter().any(|change| change.id == id));
        for change in left {
            match self.became_of(&change).await {
                Ok(Some(record)) => self.found.push((record, change)),
                Ok(None) => {}
                Err(error) => {
                    let request_id = &change.request_id;
                    tracing::warn!(%error, request_id, "what became of a change could not be found out yet");
                }
            }
        }
        Ok(())
    }

    /// What is to be recorded of a change that was left; nothing where that is known, or somebody else finds
    /// it out.
    async fn became_of(&mut self, change: &OpenChange) -> Result<Option<Record>, CatalogError> {
        let now = Timestamp::now();
        if !self.catalog.take_on(change, now).await? {
            return Ok(None);
        }
        let intent = self.catalog.audit_record(&change.log_hour, &change.record).await?;
        let has_ended = self.has_outcome(change, now).await?;
        // Without its intent it was never begun.
        let Some(intent) = intent.filter(|_| !has_ended) else {
            self.ended.push(change.clone());
            return Ok(None);
        };
        tracing::warn!(
            request_id = change.request_id,
            operation = intent.operation,
            "a process has not reported during a change; whether it was made is not known"
        );
        Ok(Some(self.unknown(intent, now)))
    }

    /// Whether the process that began a change has recorded its outcome.
    async fn has_outcome(&self, change: &OpenChange, now: Timestamp) -> Result<bool, CatalogError> {
        for hour in hours_since(change, now) {
            if self.catalog.has_outcome(&hour, &change.record, &change.request_id).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is recorded of a change of which nobody knows how it ended. It stands in the log of this process.
    fn unknown(&self, intent: Record, now: Timestamp) -> Record {
        let words = format!(
            "The process that began the change did not report for {} s. It may have been made or not.",
            SILENCE.as_secs()
        );
        Record {
            log_hour: log_hour(&self.instance, now),
            id: self.ids.next().to_string(),
            time: now.to_string(),
            phase: Phase::Outcome,
            error: Some(format!("{UNKNOWN_OUTCOME}: {words}")),
            duration_micros: 0,
            expires_at: expires_at(now, self.catalog.audit_retention.all),
            ..intent
        }
    }
}

async fn stays_alive(catalog: &Catalog, change: OpenChange) {
    if let Err(error) = catalog.keep_open(&change).await {
        tracing::warn!(%error, request_id = change.request_id, "a change could not be said to be still made");
    }
}

/// The hours of a log in which the outcome of a change can be.
fn hours_since(change: &OpenChange, now: Timestamp) -> Vec<String> {
    let instance = instance_of(&change.log_hour);
    let begun = Ulid::from_string(&change.record).ok().and_then(|id| i64::try_from(id.timestamp_ms()).ok());
    let begun = begun.and_then(|begun| Timestamp::from_millisecond(begun).ok()).unwrap_or(now);
    let hours = (0..HOURS).filter_map(|hour| begun.checked_add(SignedDuration::from_hours(hour)).ok());
    let until = now.checked_add(SignedDuration::from_hours(1)).unwrap_or(now);
    // The intent stands in its own hour also where that is the one before its id.
    let mut hours: Vec<_> =
        hours.take_while(|hour| *hour < until).map(|hour| log_hour(instance, hour)).collect();
    if !hours.contains(&change.log_hour) {
        hours.insert(0, change.log_hour.clone());
    }
    hours
}
