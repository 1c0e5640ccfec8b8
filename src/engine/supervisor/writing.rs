//! The answer of a run in the words of a language model, while the run is held.

use super::Shared;
use super::agent::{name_of, origin_of};
use super::answer::{Found, write_with_model};
use super::asking::{AskedFor, Taken};
use super::journal::Entry;
use super::lease::{Lease, alive_until};
use crate::model::task::{TaskAnswer, Workflow};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often it is said that the process is alive while a model writes.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

impl Shared {
    /// The answer that a model writes, or that by rules, with what the model took. None where the run is not to go
    /// on here: somebody else has it, a person has stopped it, or the process ends.
    pub(super) async fn in_words_of_a_model(
        &self,
        lease: &Lease,
        entry: &Entry,
        found: &Found<'_>,
        by_rules: TaskAnswer,
    ) -> Option<(TaskAnswer, Taken)> {
        // Whether something was changed is told by what the change has answered, in our own words.
        let is_change = found.plan.workflow == Some(Workflow::ChangeRelease);
        if is_change || self.gateway.task_model().is_none() {
            return Some((by_rules, Taken::default()));
        }
        // Whoever has lost their rights meanwhile pays for no model.
        let Ok(agent) = self.agent(&entry.run, found.request.music_industry_role).await else {
            return Some((by_rules, Taken::default()));
        };
        let origin = origin_of(&entry.run, &entry.view.id);
        let name = name_of(&entry.view.id);
        let spent = entry.view.spent.since(entry.run.spent_before);
        let counted = &entry.run.counted;
        let asked_for = AskedFor { name: &name, limits: self.limits, spent, counted };
        let writing = write_with_model(&self.gateway, &agent, &origin, found, by_rules, asked_for);
        let mut writing = Box::pin(writing);
        let mut sign = tokio::time::interval(SIGN_OF_LIFE);
        sign.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                written = &mut writing => return Some(written),
                _ = sign.tick() => {
                    match self.catalog.renew_task(&lease.open, alive_until(Timestamp::now())).await {
                        Ok(true) => {}
                        Ok(false) => return None,
                        Err(error) => tracing::warn!(%error, task = lease.open.id, "a lease was not renewed"),
                    }
                }
                () = self.stopping.cancelled() => return None,
            }
        }
    }
}
