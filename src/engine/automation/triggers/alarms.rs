//! An alarm of `CloudWatch` fires.

use super::{Event, digest, fire, is_known, left_for_later, person_of, waiting};
use crate::engine::automation::Shared;
use crate::engine::automation::kept::{ALARM, Automation};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::due;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::monitoring::alarms::{self, FiringAlarm};
use crate::engine::tools::views::ListAlarms;
use crate::model::automation::{Trigger, When};
use jiff::Timestamp;

/// Looks at the alarms that fire. Who may know of one is asked at the door where there is a new one.
pub(super) async fn look(shared: &Shared, now: Timestamp) -> Result<(), CallError> {
    let automations = waiting(shared, ALARM, None).await?;
    if automations.is_empty() || !shared.has_alarms {
        return Ok(());
    }
    let firing = alarms::firing(&shared.catalog.aws).await.map_err(CatalogError::from)?;
    for automation in &automations {
        for alarm in firing.iter().filter(|alarm| waits_for(automation, alarm)) {
            left_for_later(automation, answer(shared, automation, alarm, now).await);
        }
    }
    Ok(())
}

fn waits_for(automation: &Automation, alarm: &FiringAlarm) -> bool {
    let When::Trigger { trigger: Trigger::Alarm { name } } = &automation.wish.when else { return false };
    (name.is_empty() || *name == alarm.name) && alarm.since >= automation.since
}

/// Whether it is the same alarm that fires since the same moment; why it does may be said anew meanwhile.
fn is_same(one: &FiringAlarm, other: &FiringAlarm) -> bool {
    (&one.name, one.since) == (&other.name, other.since)
}

async fn answer(
    shared: &Shared,
    automation: &Automation,
    alarm: &FiringAlarm,
    now: Timestamp,
) -> Result<(), CallError> {
    let key = format!("{}#alarm#{}", due(alarm.since), digest(&alarm.name));
    if is_known(shared, automation, &key).await? {
        return Ok(());
    }
    let Some(person) = person_of(shared, automation, now).await? else { return Ok(()) };
    let origin = automation.setter.origin(&automation.id);
    match shared.gateway.call::<ListAlarms>(&person, &origin, ()).await {
        Ok(listed) if listed.output.iter().any(|listed| is_same(listed, alarm)) => {
            let cause = format!("because the alarm “{}” fires: {}", alarm.name, alarm.reason);
            let event = Event { key, cause, at: alarm.since, parameter: None };
            Ok(fire(shared, automation, event, now).await?)
        }
        // It is over.
        Ok(_) => Ok(()),
        Err(error) if error.kind == CallErrorKind::Forbidden && !error.not_now => {
            let reason = format!("Alarms cannot be watched: {}", error.message);
            Ok(shared.pause(&automation.owner, &automation.id, &reason, now).await?)
        }
        Err(error) => Err(error),
    }
}
