//! What is done at most once, whoever asks for it again with the same key: changes, and what a model is paid for.

use super::audit::{Decision, Phase};
use super::idempotency::{self, Begun, GivenUp, IdempotencyKey};
use super::perform::stopped;
use super::{Answer, CallError, CallErrorKind, Gateway, Left, Visit};
use crate::engine::telemetry::Outcome;
use serde_json::Value;
use tracing::Instrument;

impl Gateway {
    /// Does a call at most once for each idempotency key. It goes on when the caller goes away, so that
    /// the caller finds the result when asking again.
    pub(super) async fn perform_once(
        &self,
        key: IdempotencyKey,
        visit: Visit,
        arguments: Value,
    ) -> Result<Answer<Value>, CallError> {
        let (gateway, origin) = (self.clone(), visit.origin.clone());
        let once = async move { gateway.once(key, visit, arguments).await };
        let change = self.changes.spawn(once.in_current_span());
        change.await.unwrap_or_else(|error| {
            tracing::error!(request_id = origin.request_id, %error, "a change stopped in the middle");
            Err(stopped(CallErrorKind::Internal, &origin))
        })
    }

    async fn once(
        &self,
        key: IdempotencyKey,
        mut visit: Visit,
        arguments: Value,
    ) -> Result<Answer<Value>, CallError> {
        let fingerprint = idempotency::fingerprint(&arguments);
        let (principal, origin, catalog) = (&visit.principal, &visit.origin, &self.catalog);
        visit.change = idempotency::name_of_change(principal, origin, &key, &visit.name, &fingerprint);
        let changes = self.callable(&visit.name).is_ok_and(|tool| tool.changes());
        let given_up = if changes { GivenUp::BegunAnew } else { GivenUp::Left };
        let caller = (principal, origin);
        let begun = idempotency::begin(catalog, caller, &key, &visit.name, fingerprint, given_up).await;
        match begun {
            Err(error) => Err(self.refuse(&visit, error)),
            Ok(Begun::Before(output, spent)) => {
                let line = self.report(&visit, Outcome::Ok, None);
                let outcome = self.record(&visit, Phase::Outcome, Decision::Allowed, &[], None);
                self.audit.note_in_turn(outcome, line).await;
                let (request_id, duration) = (visit.origin.request_id, visit.begun.elapsed());
                let left = Left { calls: visit.calls_left, ..Left::default() };
                Ok(Answer {
                    output,
                    request_id,
                    resources: Vec::new(),
                    duration,
                    left,
                    spent,
                    replayed: true,
                })
            }
            Ok(Begun::First(running)) => {
                let tool = match self.callable(&visit.name) {
                    Ok(tool) => tool,
                    Err(error) => return Err(self.refuse(&visit, error)),
                };
                let bill = visit.bill.clone();
                let call = tool.perform(self, visit, arguments);
                running.finish(catalog, &bill, call, |answer| &answer.output).await
            }
        }
    }
}
