//! An upload has landed and was listened to.

use super::{
    Event, digest, fire, is_known, is_none_of_theirs, left_for_later, pass_over, person_of, waiting,
};
use crate::engine::automation::Shared;
use crate::engine::automation::kept::{Automation, UPLOAD};
use crate::engine::catalog::landed::Landed;
use crate::engine::gateway::CallError;
use crate::model::automation::{Trigger, When};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// How much of what was looked at is looked at again: the index tells some seconds late, and clocks differ.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// How far back is looked at most, where nobody has looked for so long.
const FURTHEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// After how long it is noted up to where was looked, where nothing has landed.
const NOTED: SignedDuration = SignedDuration::from_mins(30);

/// What stands against an upload.
const PASS: &str = "pass";

/// The tool that lists a file to whoever may see it.
const LISTS: &str = "list_audio_files";

/// Looks at what has landed since the last look.
pub(super) async fn look(shared: &Shared, now: Timestamp) -> Result<(), CallError> {
    let automations = waiting(shared, UPLOAD, None).await?;
    let Some(from) = automations.iter().map(|automation| position(automation, now)).min() else {
        return Ok(());
    };
    let mut landed = Vec::new();
    let mut day = from.to_zoned(TimeZone::UTC).date();
    let today = now.to_zoned(TimeZone::UTC).date();
    while day <= today {
        landed.extend(shared.catalog.landed(from, &day.to_string()).await?);
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    for automation in &automations {
        left_for_later(automation, one(shared, automation, &landed, now).await);
    }
    Ok(())
}

/// Answers what an automation waits for, and notes up to where was looked.
async fn one(
    shared: &Shared,
    automation: &Automation,
    landed: &[Landed],
    now: Timestamp,
) -> Result<(), CallError> {
    for upload in landed {
        if let Some(at) = waits_for(automation, upload, now) {
            answer(shared, automation, upload, at, now).await?;
        }
    }
    note(shared, automation, now).await
}

/// From when on uploads may be new to an automation.
fn position(automation: &Automation, now: Timestamp) -> Timestamp {
    let noted = automation.position.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    let from = noted.map_or(automation.since, |noted| (noted - OVERLAP).max(automation.since));
    from.max(now - FURTHEST)
}

/// When an upload was listened to that an automation waits for.
fn waits_for(automation: &Automation, upload: &Landed, now: Timestamp) -> Option<Timestamp> {
    let When::Trigger { trigger: Trigger::Upload { problems_only } } = automation.wish.when else {
        return None;
    };
    let at = upload.processed_at.parse::<Timestamp>().ok()?;
    let is_new = at >= position(automation, now) && at >= automation.since;
    (is_new && !(problems_only && upload.verdict == PASS)).then_some(at)
}

async fn answer(
    shared: &Shared,
    automation: &Automation,
    upload: &Landed,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), CallError> {
    let name = format!("{}/{}", upload.bucket, upload.file_name);
    let key = format!("{}#upload#{}", upload.processed_at, digest(&name));
    if is_known(shared, automation, &key).await? {
        return Ok(());
    }
    let Some(person) = person_of(shared, automation, now).await? else { return Ok(()) };
    let origin = automation.setter.origin(&automation.id);
    let asked = json!({ "bucketName": upload.bucket, "prefix": upload.file_name, "maxKeys": 1 });
    let listed = shared.gateway.call_tool(&person, &origin, LISTS, asked).await;
    let is_seen = match listed {
        Ok(answer) => answer.output["files"][0]["fileName"] == upload.file_name,
        Err(error) if is_none_of_theirs(&error) => false,
        Err(error) => return Err(error),
    };
    if !is_seen {
        return Ok(pass_over(shared, automation, &key, now).await?);
    }
    let event = Event {
        key,
        cause: format!("because {name} has landed"),
        at,
        parameter: Some(("fileName", upload.file_name.clone())),
    };
    Ok(fire(shared, automation, event, now).await?)
}

/// Notes up to where was looked. Where somebody changes the automation meanwhile, that is done next time.
async fn note(shared: &Shared, automation: &Automation, now: Timestamp) -> Result<(), CallError> {
    if now.duration_since(position(automation, now)) < NOTED {
        return Ok(());
    }
    let noted =
        Automation { position: Some(now.to_string()), version: automation.version + 1, ..automation.clone() };
    shared.catalog.change_automation_record(&noted.record()?, automation.version).await?;
    Ok(())
}
