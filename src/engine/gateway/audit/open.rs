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
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;
use ulid::Ulid;

/// In how many hours after an intent its outcome is looked for.
const HOURS: i64 = 24;

/// What is known of open changes. Cloning is cheap, and clones know the same.
#[derive(Clone)]
pub(super) struct OpenChanges(Arc<Shared>);

struct Shared {
    catalog: Arc<Catalog>,
    instance: String,
    ids: Arc<Ids>,
    /// Those that this process is making, or has taken on of another one, by the call.
    own: Mutex<HashMap<String, OpenChange>>,
    /// Those whose outcome is on record, and which are still in the list.
    ended: Mutex<Vec<OpenChange>>,
    /// Held while the store is told of them: none that was taken off the list is said to be alive after that.
    telling: tokio::sync::Mutex<()>,
    /// Told when one has ended.
    has_ended: Notify,
    /// Whether records wait because the table cannot be written.
    is_away: AtomicBool,
    /// Whether the log has ended.
    is_over: AtomicBool,
}

impl OpenChanges {
    pub(super) fn new(catalog: Arc<Catalog>, instance: &str, ids: Arc<Ids>) -> Self {
        Self(Arc::new(Shared {
            catalog,
            instance: instance.to_owned(),
            ids,
            own: Mutex::default(),
            ended: Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            has_ended: Notify::new(),
            is_away: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        }))
    }

    fn own(&self) -> MutexGuard<'_, HashMap<String, OpenChange>> {
        // What is kept here is whole at any moment, so a thread that panicked has not spoilt it.
        self.0.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> MutexGuard<'_, Vec<OpenChange>> {
        self.0.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what a record begins. The store learns of it with the record itself.
    pub(super) fn begin(&self, record: &Record) {
        if record.phase == Phase::Intent {
            self.own().insert(record.request_id.clone(), OpenChange::of(record, Timestamp::now()));
        }
    }

    /// The calls of those that these records end.
    pub(super) fn ended_by(&self, records: &[Record]) -> Vec<String> {
        let own = self.own();
        if own.is_empty() {
            return Vec::new();
        }
        let outcomes = records.iter().filter(|record| record.phase == Phase::Outcome);
        let of_own = outcomes.filter(|record| own.contains_key(&record.request_id));
        of_own.map(|record| record.request_id.clone()).collect()
    }

    /// Notes that the outcome of a call is in the table.
    pub(super) fn end(&self, request_id: &str) {
        let ended = self.own().remove(request_id);
        self.ended().extend(ended);
        self.0.has_ended.notify_one();
    }

    /// Waits until one has ended.
    pub(super) async fn has_ended(&self) {
        self.0.has_ended.notified().await;
    }

    /// Says whether records wait because the table cannot be written.
    pub(super) fn table_is_away(&self, is_away: bool) {
        self.0.is_away.store(is_away, Ordering::Relaxed);
    }

    /// Whether records wait because the table cannot be written.
    pub(super) fn is_away(&self) -> bool {
        self.0.is_away.load(Ordering::Relaxed)
    }

    /// The log has ended: nothing more is looked for.
    pub(super) fn close(&self) {
        self.0.is_over.store(true, Ordering::Relaxed);
        self.0.has_ended.notify_one();
    }

    /// Whether the log has ended.
    pub(super) fn is_over(&self) -> bool {
        self.0.is_over.load(Ordering::Relaxed)
    }

    /// Takes those that have ended off the list. Where that fails, it is tried again the next time, and whoever
    /// finds them finds their outcome, too.
    pub(super) async fn forget_ended(&self) {
        let _telling = self.0.telling.lock().await;
        loop {
            let Some(change) = self.ended().last().cloned() else { return };
            if let Err(error) = self.0.catalog.close_change(&change).await {
                tracing::warn!(%error, request_id = change.request_id, "an ended change is still in the list");
                return;
            }
            self.ended().retain(|ended| ended.id != change.id);
        }
    }

    /// Says of each change of this process that it is still being made. One of which that cannot be said does
    /// not hold up the others.
    pub(super) async fn stay_alive(&self) {
        let _telling = self.0.telling.lock().await;
        let now = Timestamp::now();
        let own: Vec<OpenChange> = self.own().values().cloned().collect();
        let mut said = Vec::with_capacity(own.len());
        for change in own {
            said.push(stays_alive(&self.0.catalog, change.alive(now)));
        }
        join_all(said).await;
    }

    /// Finds what is to be recorded of the changes of others that do not report any more. They are taken on with
    /// it, also where looking is cut off.
    pub(super) async fn look(
        &self,
        silences: &mut Silences,
        found: &mut Vec<Record>,
    ) -> Result<(), CatalogError> {
        let moment = Instant::now();
        let open = self.0.catalog.open_changes().await?;
        let is_left = |change: &&OpenChange| {
            let is_silent = silences.is_long(&change.id, change.alive_until, moment);
            is_silent && !self.own().contains_key(&change.request_id)
        };
        let left: Vec<_> = open.iter().filter(is_left).cloned().collect();
        silences.keep_only(|id| open.iter().any(|change| change.id == id));
        for change in left {
            match self.became_of(&change).await {
                Ok(Some(record)) => {
                    // Until its outcome is in the table nobody else, and no second look, has to find it out.
                    self.own().insert(change.request_id.clone(), change);
                    found.push(record);
                }
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
    async fn became_of(&self, change: &OpenChange) -> Result<Option<Record>, CatalogError> {
        let now = Timestamp::now();
        if !self.0.catalog.take_on(change, now).await? {
            return Ok(None);
        }
        let intent = self.0.catalog.audit_record(&change.log_hour, &change.record).await?;
        let has_ended = self.has_outcome(change, now).await?;
        // Without its intent it was never begun.
        let Some(intent) = intent.filter(|_| !has_ended) else {
            self.ended().push(change.clone());
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
            if self.0.catalog.has_outcome(&hour, &change.record, &change.request_id).await? {
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
            log_hour: log_hour(&self.0.instance, now),
            id: self.0.ids.next().to_string(),
            time: now.to_string(),
            phase: Phase::Outcome,
            error: Some(format!("{UNKNOWN_OUTCOME}: {words}")),
            duration_micros: 0,
            expires_at: expires_at(now, self.0.catalog.audit_retention.all),
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
    // When the clock was set back after the intent, its outcome stands in an earlier hour.
    let hours = (-1..HOURS).filter_map(|hour| begun.checked_add(SignedDuration::from_hours(hour)).ok());
    let latest = now.max(begun);
    let until = latest.checked_add(SignedDuration::from_hours(1)).unwrap_or(latest);
    // The intent stands in its own hour also where that is the one before its id.
    let mut hours: Vec<_> =
        hours.take_while(|hour| *hour < until).map(|hour| log_hour(instance, hour)).collect();
    if !hours.contains(&change.log_hour) {
        hours.insert(0, change.log_hour.clone());
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().expect("a moment")
    }

    /// A change whose intent got its id at a moment.
    fn begun(time: &str) -> OpenChange {
        let moment = u64::try_from(at(time).as_millisecond()).expect("after 1970");
        let change = serde_json::json!({
            "log": "open", "id": "inst#req_1", "logHour": log_hour("inst", at(time)),
            "record": Ulid::from_parts(moment, 1).to_string(), "requestId": "req_1", "aliveUntil": 0, "expiresAt": 0,
        });
        serde_json::from_value(change).expect("a change")
    }

    #[test]
    fn an_outcome_is_looked_for_in_the_hours_since_its_intent() {
        let hours = hours_since(&begun("2026-11-26T09:59:59Z"), at("2026-11-26T11:00:00Z"));
        let expected = ["2026112608", "2026112609", "2026112610", "2026112611"];
        assert_eq!(hours, expected.map(|hour| format!("log#inst#{hour}")));
    }

    #[test]
    fn an_outcome_is_found_also_when_the_clock_was_set_back_over_midnight() {
        let hours = hours_since(&begun("2026-11-27T00:00:01Z"), at("2026-11-26T23:59:58Z"));
        assert!(hours.contains(&"log#inst#2026112623".to_owned()), "{hours:?}");
        assert!(hours.contains(&"log#inst#2026112700".to_owned()), "{hours:?}");
    }
}
