//! What happened since the last look that an automation waits for. Nothing counts twice: each event has a name that
//! is the same for all who find it, and a run of that name is kept once.

mod alarms;
mod anomalies;
mod notice_dates;
pub(super) mod releases;
mod uploads;

use super::Shared;
use super::kept::{Automation, KEPT, Run};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::{AutomationRecord, due};
use crate::engine::gateway::{CallError, CallErrorKind, Principal};
use jiff::Timestamp;
use serde_json::Value;

/// How many automations are looked at for one thing.
const MOST: i32 = 10_000;

/// Something that happened.
struct Event {
    /// Names it, the same for all who find it.
    key: String,
    /// What happened, in words.
    cause: String,
    /// When.
    at: Timestamp,
    /// What it is about, for the task where that does not say it itself.
    parameter: Option<(&'static str, String)>,
}

/// Looks for everything that automations wait for.
pub(super) async fn look(shared: &Shared, now: Timestamp) {
    let looks = [
        ("releases", releases::look(shared, now).await),
        ("uploads", uploads::look(shared, now).await),
        ("anomalies", anomalies::look(shared, now).await),
        ("notice dates", notice_dates::look(shared, now).await),
        ("alarms", alarms::look(shared, now).await),
    ];
    for (what, looked) in looks {
        if let Err(error) = looked {
            tracing::warn!(%error, what, "it was not found out whether an automation is due");
        }
    }
}

/// The automations that wait for something. Those that cannot be read are logged and left out.
async fn waiting(
    shared: &Shared,
    watch: &str,
    until: Option<Timestamp>,
) -> Result<Vec<Automation>, CatalogError> {
    let records = shared.catalog.watched_automations(watch, until, MOST).await?;
    let read = records.iter().filter_map(|record| match Automation::read(record) {
        Ok(automation) => Some(automation),
        Err(error) => {
            tracing::error!(%error, "an automation cannot be looked at");
            None
        }
    });
    Ok(read.collect())
}

/// Whether an event was answered already, or was seen to be none of its owner's.
async fn is_known(shared: &Shared, automation: &Automation, key: &str) -> Result<bool, CatalogError> {
    let catalog = &shared.catalog;
    Ok(catalog.automation_record(&automation.id, key).await?.is_some()
        || catalog.automation_record(&passed_over_by(automation), key).await?.is_some())
}

/// Under which name it is kept what an automation passes over.
fn passed_over_by(automation: &Automation) -> String {
    format!("{}#passed-over", automation.id)
}

/// Remembers that an event is none of the owner's, so that the door is not asked again at each look: that would use
/// up their calls.
async fn pass_over(
    shared: &Shared,
    automation: &Automation,
    key: &str,
    now: Timestamp,
) -> Result<(), CatalogError> {
    let expires_at = now.checked_add(KEPT).map_or(i64::MAX, Timestamp::as_second);
    let passed = AutomationRecord {
        owner: passed_over_by(automation),
        id: key.to_owned(),
        version: 1,
        watch: None,
        due_at: due(now),
        content: "{}".to_owned(),
        expires_at: Some(expires_at),
    };
    shared.catalog.add_automation_record(&passed).await?;
    Ok(())
}

/// Whether an answer of the door says that something is none of theirs, whenever and from wherever they ask.
fn is_none_of_theirs(error: &CallError) -> bool {
    matches!(error.kind, CallErrorKind::Forbidden | CallErrorKind::NotFound) && !error.not_now
}

/// Keeps a run for an event.
async fn fire(
    shared: &Shared,
    automation: &Automation,
    event: Event,
    now: Timestamp,
) -> Result<(), CatalogError> {
    let mut run = Run::new(automation, event.key, event.cause, event.at, now);
    if let Some((name, value)) = event.parameter {
        run.request.parameters.entry(name.to_owned()).or_insert(Value::String(value));
    }
    if shared.catalog.add_automation_record(&run.record()?).await? {
        shared.wake.notify_one();
    }
    Ok(())
}

/// Says that something could not be found out for an automation, and is tried at the next look; that keeps no other
/// automation waiting. Whether it went well.
fn left_for_later(automation: &Automation, looked: Result<(), CallError>) -> bool {
    let Err(error) = looked else { return true };
    tracing::warn!(%error, automation = automation.id, "what an automation waits for is looked at again later");
    false
}

/// Whoever set an automation, as they are now. Where they may do nothing any more, it is paused.
async fn person_of(
    shared: &Shared,
    automation: &Automation,
    now: Timestamp,
) -> Result<Option<Principal>, CallError> {
    let person = shared.person(&automation.setter).await?;
    if person.is_none() {
        let reason = super::rights::gone(&automation.setter.principal.name);
        shared.pause(&automation.owner, &automation.id, &reason, now).await?;
    }
    Ok(person)
}

/// As much of a digest as tells one name from another.
fn digest(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut digest = hex::encode(Sha256::digest(text.as_bytes()));
    digest.truncate(16);
    digest
}
