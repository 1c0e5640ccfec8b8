//! One step: a call of a tool at the door, tried again where that is safe.

use super::Shared;
use super::agent::origin_of_step;
use super::approval::Kind;
use super::arguments;
use super::journal::RunState;
use super::places::Place;
use crate::engine::gateway::{Answer, CallError, CallErrorKind, IdempotencyKey};
use crate::engine::spending::Bill;
use crate::model::role::Role;
use crate::model::task::{PlannedStep, Spent, StepId};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a step is tried at most, where waiting for another call of the same change does not count.
const TRIES: u32 = 4;

/// How long is waited at most before another try.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// How long is waited where nobody says how long to wait.
const USUAL_WAIT: Duration = Duration::from_secs(1);

/// How long a change is waited for that a process has begun which is not heard of any more: until its lease has
/// ended, and a little longer.
const WAIT_FOR_BEGUN: Duration = Duration::from_secs(45);

/// How long one try of a step that only reads may take.
const LONGEST_READ: Duration = Duration::from_mins(2);

/// A step that is done.
pub(super) struct Doing {
    pub(super) shared: Arc<Shared>,
    pub(super) task: String,
    pub(super) step: PlannedStep,
    pub(super) kind: Kind,
    pub(super) arguments: Value,
    pub(super) run: RunState,
    pub(super) role: Option<Role>,
}

/// How a step ended.
pub(super) struct Ended {
    pub(super) step: StepId,
    pub(super) kind: Kind,
    pub(super) tries: u32,
    /// What its calls of models have taken, also where it failed.
    pub(super) spent: Spent,
    pub(super) result: Result<Answer<Value>, CallError>,
    /// Held until what it found is in the journal, so that no more lies in memory than there are places.
    pub(super) place: Place,
}

/// What is said of a step that was interrupted after a model may have been paid for it.
pub(super) const INTERRUPTED: &str = "It was interrupted; what it found is not known. It may have been paid for, so \
                                      it is not done again by itself: do it again if it is still needed.";

impl Doing {
    /// Does it. A read stops when this is dropped; a change goes on behind the door.
    pub(super) async fn until_ended(self) -> Ended {
        let begun = Instant::now();
        let bill = Bill::default();
        let mut tries = 0;
        loop {
            // Held for a try only: whoever waits for the right moment takes nobody's place.
            let place = self.shared.places.take(&self.run.principal.id).await;
            let result = self.attempt(&bill).await;
            tries += 1;
            let wait = match &result {
                Err(error) => self.wait_before_again(error, tries, begun.elapsed(), &bill),
                Ok(_) => None,
            };
            let Some(wait) = wait else {
                // Of a kept result it is what it took when it was made.
                let spent = result.as_ref().map_or_else(|_| bill.spent(), |answer| answer.spent);
                return Ended { step: self.step.id, kind: self.kind, tries, spent, result, place };
            };
            drop(place);
            tokio::time::sleep(wait).await;
        }
    }

    async fn attempt(&self, bill: &Bill) -> Result<Answer<Value>, CallError> {
        let agent = self.shared.agent(&self.run, self.role).await?;
        let mut origin = origin_of_step(&self.run, &self.task, &self.step.id);
        if self.kind.is_done_once() {
            origin.idempotency_key = Some(self.key()?);
        }
        let gateway = &self.shared.gateway;
        let arguments = self.arguments.clone();
        let call = gateway.call_tool_billed(&agent, &origin, &self.step.tool, arguments, bill);
        if self.kind.is_done_once() {
            return call.await;
        }
        tokio::time::timeout(LONGEST_READ, call).await.unwrap_or_else(|_| Err(too_slow(&origin.request_id)))
    }

    /// The same for every attempt at this call, whoever makes it.
    fn key(&self) -> Result<IdempotencyKey, CallError> {
        let generation = self.run.generation(&self.step.id);
        let digest = arguments::digest(&self.task, &self.step, generation, &self.arguments);
        Ok(format!("task:{digest}").parse()?)
    }

    /// After how long another try is safe and makes sense; none where it is neither.
    fn wait_before_again(
        &self,
        error: &CallError,
        tries: u32,
        elapsed: Duration,
        bill: &Bill,
    ) -> Option<Duration> {
        let was_paid = !bill.spent().is_nothing();
        let wait = error.retry_after.unwrap_or(USUAL_WAIT);
        match error.kind {
            _ if was_paid => None,
            // Another process has begun this very call.
            CallErrorKind::Conflict if self.kind.is_done_once() && error.retry_after.is_some() => {
                (elapsed < WAIT_FOR_BEGUN).then_some(wait)
            }
            _ if tries >= TRIES || wait > LONGEST_WAIT => None,
            CallErrorKind::TooManyRequests => Some(wait),
            CallErrorKind::Unavailable if !self.kind.changes || error.nothing_was_done => Some(wait),
            _ => None,
        }
    }
}

fn too_slow(request_id: &str) -> CallError {
    let message = format!("It took longer than {} s and was stopped.", LONGEST_READ.as_secs());
    CallError {
        request_id: request_id.to_owned(),
        ..CallError::new(CallErrorKind::Internal, message, "Ask for less at once.")
    }
}
