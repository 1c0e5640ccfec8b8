//! A release enters a status: what was seen of all releases is kept, and compared with what there is.

use super::{
    Event, digest, fire, is_known, is_none_of_theirs, left_for_later, pass_over, person_of, waiting,
};
use crate::engine::automation::Shared;
use crate::engine::automation::kept::{Automation, RELEASE_STATUS};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::{AutomationRecord, due};
use crate::engine::gateway::CallError;
use crate::model::automation::{Trigger, When};
use crate::model::release::{Release, ReleaseStatus};
use jiff::Timestamp;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Where it is kept what was seen.
const NOBODY: &str = "watched";
const SEEN: &str = "releases";

/// The tool that shows a release to whoever may see it.
const SHOWS: &str = "query_release_data";

/// The status of each release, and the version of its record, when it was last looked at.
type Seen = BTreeMap<String, (ReleaseStatus, u32)>;

/// A release that has another status than it had.
struct Entered<'a> {
    release: &'a Release,
    /// Names it, by what was seen before.
    key: String,
}

/// Looks at all releases once for all automations that wait for one.
pub(super) async fn look(shared: &Shared, now: Timestamp) -> Result<(), CallError> {
    let automations = waiting(shared, RELEASE_STATUS, None).await?;
    if automations.is_empty() {
        return Ok(());
    }
    let catalog = &shared.catalog;
    let releases = catalog.releases().await?;
    let seen = seen(&releases);
    let Some(record) = catalog.automation_record(NOBODY, SEEN).await? else {
        catalog.add_automation_record(&kept(&seen, 1, now)?).await?;
        return Ok(());
    };
    let before: Seen = serde_json::from_str(&record.content).map_err(|error| CatalogError::Unreadable {
        what: "position",
        id: SEEN.to_owned(),
        detail: error.to_string(),
    })?;
    if before == seen {
        return Ok(());
    }
    // Those whose owner has no call left, or may not at this time: the others are none the later for it.
    let mut left = BTreeSet::new();
    for release in releases.iter() {
        let id = release.release_id.to_string();
        let former = before.get(&id);
        if former.is_some_and(|(status, _)| *status == release.status) {
            continue;
        }
        let version = former.map(|(_, version)| *version).unwrap_or_default();
        let key = format!("{}#{}#{}", record.due_at, release.status.id(), digest(&format!("{id}#{version}")));
        let entered = Entered { release, key };
        for automation in &automations {
            if left.contains(automation.id.as_str()) || !waits_for(automation, &entered, now) {
                continue;
            }
            if !left_for_later(automation, answer(shared, automation, &entered, now).await) {
                left.insert(automation.id.as_str());
            }
        }
    }
    // What could not be answered is found again at the next look, and what was is known by its name.
    if !left.is_empty() {
        return Ok(());
    }
    // Where another instance was faster, it has found the same events under the same names.
    catalog.change_automation_record(&kept(&seen, record.version + 1, now)?, record.version).await?;
    Ok(())
}

/// Notes how all releases are, where nobody else waits for one: what changes from now on is seen, and nothing that
/// changed while nobody looked.
pub(in crate::engine::automation) async fn begin(
    shared: &Shared,
    now: Timestamp,
) -> Result<(), CatalogError> {
    let catalog = &shared.catalog;
    let record = catalog.automation_record(NOBODY, SEEN).await?;
    if record.is_some() && !waiting(shared, RELEASE_STATUS, None).await?.is_empty() {
        return Ok(());
    }
    let seen = seen(&catalog.releases().await?);
    // Where another instance was faster, it has noted the same.
    match record {
        None => catalog.add_automation_record(&kept(&seen, 1, now)?).await?,
        Some(record) => {
            catalog.change_automation_record(&kept(&seen, record.version + 1, now)?, record.version).await?
        }
    };
    Ok(())
}

fn seen(releases: &[Release]) -> Seen {
    let each = releases.iter();
    each.map(|release| (release.release_id.to_string(), (release.status, release.version))).collect()
}

fn kept(seen: &Seen, version: u32, now: Timestamp) -> Result<AutomationRecord, CatalogError> {
    let content = serde_json::to_string(seen).map_err(|error| CatalogError::Unreadable {
        what: "position",
        id: SEEN.to_owned(),
        detail: error.to_string(),
    })?;
    let (owner, id) = (NOBODY.to_owned(), SEEN.to_owned());
    Ok(AutomationRecord { owner, id, version, watch: None, due_at: due(now), content, expires_at: None })
}

/// Whether an automation waits for it, and it happened after the automation was set. What does not say when it
/// happened did since the last look.
fn waits_for(automation: &Automation, entered: &Entered<'_>, now: Timestamp) -> bool {
    let When::Trigger { trigger: Trigger::ReleaseStatus { status } } = &automation.wish.when else {
        return false;
    };
    let changed_at = entered.release.updated_at.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    *status == entered.release.status && changed_at.unwrap_or(now) >= automation.since
}

/// Runs an automation for a release that its owner may see.
async fn answer(
    shared: &Shared,
    automation: &Automation,
    entered: &Entered<'_>,
    now: Timestamp,
) -> Result<(), CallError> {
    if is_known(shared, automation, &entered.key).await? {
        return Ok(());
    }
    let Some(person) = person_of(shared, automation, now).await? else { return Ok(()) };
    let id = entered.release.release_id.to_string();
    let origin = automation.setter.origin(&automation.id);
    let shown = shared.gateway.call_tool(&person, &origin, SHOWS, json!({ "releaseId": id })).await;
    match shown {
        Ok(_) => {
            let (title, status) = (&entered.release.title, entered.release.status);
            let event = Event {
                key: entered.key.clone(),
                cause: format!("because “{title}” became “{status}”"),
                at: now,
                parameter: Some(("releaseId", id)),
            };
            Ok(fire(shared, automation, event, now).await?)
        }
        Err(error) if is_none_of_theirs(&error) => {
            Ok(pass_over(shared, automation, &entered.key, now).await?)
        }
        Err(error) => Err(error),
    }
}
