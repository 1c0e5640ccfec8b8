//! Which runs this instance does: the leases that it holds, and the search for runs that nobody holds.
//!
//! A run that nobody holds has just been asked for, was given back, or its process has died. They wait in the
//! store, whatever their number; an instance takes as many as it has room for, and of each owner as few as it can.

use super::{Shared, run};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::tasks::open::OpenTask;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How long a process counts as alive after it was last heard of.
pub(super) const ALIVE: SignedDuration = SignedDuration::from_secs(15);

/// How often it is looked for runs that nobody holds.
const LOOK: Duration = Duration::from_secs(3);

/// How many runs an instance does at the same time.
const MOST_ACTIVE: usize = 50;

/// How many of them one owner may have at most, so that another one never waits until a long run of theirs has ended.
const MOST_ACTIVE_OF_ONE: usize = 40;

/// The lease of a run that this process does.
#[derive(Debug, Clone)]
pub(super) struct Lease {
    pub(super) open: OpenTask,
}

/// Until when the process counts as alive that says now that it is.
pub(super) fn alive_until(now: Timestamp) -> i64 {
    now.checked_add(ALIVE).map_or(i64::MAX, Timestamp::as_millisecond)
}

/// A run that is being done counts as such until this is dropped.
struct Active {
    shared: Arc<Shared>,
    id: String,
}

impl Active {
    fn begin(shared: &Arc<Shared>, open: &OpenTask) -> Self {
        shared.active().insert(open.id.clone(), open.of.clone());
        Self { shared: Arc::clone(shared), id: open.id.clone() }
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.shared.active().remove(&self.id);
        self.shared.wake.notify_one();
    }
}

/// Does runs that nobody holds, until the process ends.
pub(super) async fn keep_running(shared: Arc<Shared>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = shared.wake.notified() => {}
            () = shared.stopping.cancelled() => return,
        }
        if let Err(error) = take_free(&shared).await {
            tracing::warn!(%error, "tasks that wait to be run could not be looked for");
        }
    }
}

async fn take_free(shared: &Arc<Shared>) -> Result<(), CatalogError> {
    let open = shared.catalog.open_tasks().await?;
    shared.count_waiting(&open);
    let active = shared.active().clone();
    let now = Timestamp::now();
    let free: Vec<_> =
        open.iter().filter(|open| open.is_free(now) && !active.contains_key(&open.id)).collect();
    let mut of_owner = HashMap::<&str, usize>::new();
    for owner in active.values() {
        *of_owner.entry(owner).or_default() += 1;
    }
    for chosen in fair(free, of_owner, MOST_ACTIVE.saturating_sub(active.len())) {
        if shared.stopping.is_cancelled() {
            return Ok(());
        }
        let claimed =
            shared.catalog.claim_task(chosen, &shared.holder, alive_until(Timestamp::now())).await?;
        let Some(open) = claimed else { continue };
        let active = Active::begin(shared, &open);
        let doing = Box::pin(run::run(Arc::clone(shared), Lease { open }));
        shared.running.spawn(async move {
            doing.await;
            drop(active);
        });
    }
    Ok(())
}

/// Those that are done next: always one of the owner of whom the fewest are being done, of each owner the oldest
/// first, and of none more than [`MOST_ACTIVE_OF_ONE`].
fn fair<'o>(
    free: Vec<&'o OpenTask>,
    mut of_owner: HashMap<&'o str, usize>,
    room: usize,
) -> Vec<&'o OpenTask> {
    let mut left = free;
    let mut chosen = Vec::new();
    while chosen.len() < room {
        let active = |open: &OpenTask| of_owner.get(open.of.as_str()).copied().unwrap_or_default();
        let next = left
            .iter()
            .copied()
            .enumerate()
            .map(|(place, open)| (active(open), open.id.as_str(), place))
            .filter(|(active, ..)| *active < MOST_ACTIVE_OF_ONE)
            .min();
        let Some((.., place)) = next else { break };
        let next = left.remove(place);
        *of_owner.entry(next.of.as_str()).or_default() += 1;
        chosen.push(next);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_many_tasks_keeps_nobody_waiting() {
        let open = |of: &str, id: &str| OpenTask::waiting(of, id, 1, 0);
        let many: Vec<_> = (10..40).map(|id| open("ada", &id.to_string())).collect();
        let others = [open("grace", "50"), open("joan", "51"), open("grace", "52")];
        let free: Vec<_> = many.iter().chain(&others).collect();
        let chosen = fair(free.clone(), HashMap::from([("ada", 1)]), 5);
        let ids: Vec<_> = chosen.iter().map(|open| open.id.as_str()).collect();
        assert_eq!(ids, ["50", "51", "10", "52", "11"]);
        assert!(fair(free.clone(), HashMap::new(), 0).is_empty());
        assert_eq!(fair(free.clone(), HashMap::new(), 100).len(), 33);
        let full = fair(free, HashMap::from([("ada", MOST_ACTIVE_OF_ONE)]), 100);
        assert_eq!(full.len(), 3, "the rest of the room is for others");
    }
}
