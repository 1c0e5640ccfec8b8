//! The work in the background: looks at what is due, until the process ends.

use super::{Shared, runs, schedules, triggers};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(3);

/// Each how many looks it is also looked at what has happened.
const OF_TRIGGERS: u32 = 20;

/// Looks again and again.
pub(super) async fn keep_looking(shared: Arc<Shared>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looks = 0_u32;
    loop {
        let is_turn = tokio::select! {
            _ = look.tick() => true,
            () = shared.wake.notified() => false,
            () = shared.stopping.cancelled() => return,
        };
        let work = async {
            let now = Timestamp::now();
            schedules_that_are_due(&shared, now).await;
            if let Err(error) = runs::begin_to_go_on(&shared, now).await {
                tracing::warn!(%error, "it was not found out which runs of automations are open");
            }
            if is_turn && looks.is_multiple_of(OF_TRIGGERS) {
                triggers::look(&shared, now).await;
            }
        };
        tokio::select! {
            () = work => {}
            // What is under way is begun again by others, when its lease has lapsed.
            () = shared.stopping.cancelled() => return,
        }
        looks = looks.wrapping_add(u32::from(is_turn));
    }
}

/// Runs the schedules that are due.
pub(super) async fn schedules_that_are_due(shared: &Shared, now: Timestamp) {
    if let Err(error) = schedules::run_due(shared, now).await {
        tracing::warn!(%error, "it was not found out which schedules are due");
    }
}
