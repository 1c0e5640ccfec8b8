//! Schedules that are due. The automation gets its next time and its run in one transaction, so that of all
//! instances one does it, once.

use super::Shared;
use super::kept::{Automation, Run, SCHEDULE};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::due;
use crate::model::automation::{Paused, When};
use jiff::{SignedDuration, Timestamp};

/// How many are looked at in a round.
const MOST: i32 = 200;

/// From when on a run counts as late.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// Runs everything that is due.
pub(super) async fn run_due(shared: &Shared, now: Timestamp) -> Result<(), CatalogError> {
    for record in shared.catalog.watched_automations(SCHEDULE, Some(now), MOST).await?.iter() {
        let fired = match Automation::read(record) {
            Ok(automation) => fire(shared, automation, now).await,
            Err(error) => Err(error),
        };
        if let Err(error) = fired {
            tracing::error!(%error, automation = record.id, "a schedule that is due could not be run");
        }
    }
    Ok(())
}

async fn fire(shared: &Shared, automation: Automation, now: Timestamp) -> Result<(), CatalogError> {
    let from = automation.version;
    let When::Schedule { schedule, .. } = &automation.wish.when else { return Ok(()) };
    let Some(timetable) = automation.timetable() else {
        let reason = "Its schedule cannot be followed any more. Change it, then resume it.".to_owned();
        let paused = Some(Paused { reason, at: due(now) });
        let stopped = Automation { paused, version: from + 1, ..automation };
        shared.catalog.change_automation_record(&stopped.record()?, from).await?;
        return Ok(());
    };
    // Of what was missed while nobody was there, the newest is run, once.
    let newest = timetable.newest(automation.due, now);
    let cause = format!("by its schedule, {}", schedule.in_words());
    let mut run = Run::new(&automation, format!("{}#schedule", due(newest)), cause, newest, now);
    if now.duration_since(newest) >= LATE || newest != automation.due {
        let missed = if newest == automation.due { "" } else { " Others before it were left out." };
        run.view.remark =
            Some(format!("It ran late, because Patchline was not running when it was due.{missed}"));
    }
    let Some(next) = timetable.next(newest.max(now)) else { return Ok(()) };
    let later = Automation { due: next, version: from + 1, ..automation };
    if shared.catalog.fire_automation(&later.record()?, from, &run.record()?).await? {
        shared.wake.notify_one();
    }
    Ok(())
}
