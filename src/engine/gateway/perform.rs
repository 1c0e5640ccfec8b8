//! A call that was let in: what it would touch, its place among the others, the intent, the work, the outcome.

use super::audit::{Decision, Phase};
use super::owners::Matter;
use super::unfinished::Unfinished;
use super::work::Work;
use super::{
    Answer, CallError, CallErrorKind, Channel, Gateway, Left, Origin, Principal, Visit, policy, session_tags,
};
use crate::engine::spending::{Purse, Who};
use crate::engine::telemetry::Outcome;
use crate::engine::tools::Context;
use crate::model::money::MicroDollars;
use jiff::Timestamp;
use std::sync::Arc;
use tracing::Instrument;

impl Gateway {
    /// A change goes on when the caller goes away in the middle, so that its outcome is on record and
    /// the caches know of it; a read ends with its caller.
    pub(super) async fn perform<W: Work>(
        &self,
        visit: Visit,
        work: W,
    ) -> Result<Answer<W::Output>, CallError> {
        if !work.effect().changes() {
            // Some are kilobytes large, and lie in the futures of all who call them.
            return Box::pin(self.carry_out(visit, work)).await;
        }
        let (gateway, origin) = (self.clone(), visit.origin.clone());
        let carried_out = async move {
            let cut_off = gateway.cut_off.clone();
            cut_off.run_until_cancelled(gateway.carry_out(visit, work)).await
        };
        let change = self.changes.spawn(carried_out.in_current_span());
        match change.await {
            Ok(Some(ended)) => ended,
            Ok(None) => Err(stopped(CallErrorKind::Unavailable, &origin)),
            Err(error) => {
                tracing::error!(request_id = origin.request_id, %error, "a change stopped in the middle");
                Err(stopped(CallErrorKind::Internal, &origin))
            }
        }
    }

    async fn carry_out<W: Work>(&self, mut visit: Visit, work: W) -> Result<Answer<W::Output>, CallError> {
        let changes = work.effect().changes();
        visit.only_reads = !changes && !policy::is_administration(&visit.name);
        let entry = self.entry(&visit, &work);
        let resources = match work.resources(&self.catalog) {
            Ok(resources) => resources,
            Err(error) => return Err(self.refuse(&visit, error.into())),
        };
        let matter = Matter { subject: work.subject(), is_scoped: work.is_scoped(), reads_only: !changes };
        visit.size = matter.subject.bytes;
        let scope = match self.rules.check_places(&mut visit, &self.catalog, &resources, &matter).await {
            Ok(scope) => scope,
            Err(error) => return Err(self.refuse_at(&visit, &resources, error)),
        };
        let unfinished = Unfinished::new(self, &visit, &resources);
        let admission = match self.admission(entry).await {
            Ok(admission) => admission,
            Err(error) => {
                unfinished.end();
                return Err(self.refuse(&visit, error));
            }
        };
        let _slot = match self.limiter.slot(work.class(), visit.origin.passed_on.is_some()).await {
            Ok(slot) => slot,
            Err(error) => {
                unfinished.end();
                return Err(self.refuse(&visit, error));
            }
        };
        let _transfer = match self.transfer_slot(&visit, work.class()).await {
            Ok(slot) => slot,
            Err(error) => {
                unfinished.end();
                return Err(self.refuse(&visit, error));
            }
        };
        if changes {
            let intent = self.record(&visit, Phase::Intent, Decision::Allowed, &resources, None);
            if let Err(error) = self.audit.write(intent, None).await {
                unfinished.end();
                let error = CallError::unrecorded(error, &visit.origin);
                let line = self.report(&visit, Outcome::Error, Some(&error));
                // Nothing was changed, so this record may wait until the log can be written again.
                let refused = self.record(&visit, Phase::Outcome, Decision::Denied, &resources, Some(&error));
                self.audit.note(refused, line);
                return Err(error);
            }
        }
        let purse = self.spending.purse(payer(&visit.principal)).on(visit.bill.clone());
        let context = Context {
            catalog: Arc::clone(&self.catalog),
            scope,
            actor: visit.principal.name.clone(),
            owner: visit.principal.id.clone(),
            change: visit.change.clone(),
            progress: visit.progress.clone(),
            purse: purse.clone(),
            now: Timestamp::now(),
        };
        let name = session_tags::of(&visit.principal);
        // Boxed, because it is moved into what notes its requests.
        let doing = Box::pin(name.does(self.route(&visit, admission, work, context)));
        let result = visit.requests.during(doing).await;
        unfinished.end();
        let duration = visit.begun.elapsed();
        let result = result.map_err(|failed| failed.error);
        let failure = result.as_ref().err();
        let ended = match failure {
            None => Outcome::Ok,
            // Some mistakes are found only by the service behind the tool, such as those in a query.
            Some(error) if error.kind == CallErrorKind::Invalid => Outcome::Invalid,
            Some(_) => Outcome::Error,
        };
        let is_shown_on_record = !changes && failure.is_none() && self.is_confidential(&resources);
        // Whether what is confidential can be shown is known when its record is written, or is not.
        let line = if is_shown_on_record {
            self.line_of(&visit, ended)
        } else {
            self.report(&visit, ended, failure)
        };
        let outcome = self.record(&visit, Phase::Outcome, Decision::Allowed, &resources, failure);
        if changes {
            // The change is made; that its outcome could not be recorded is said in the log, and the
            // intent without an outcome tells it too.
            if let Err(error) = self.audit.write(outcome, line).await {
                tracing::error!(%error, request_id = visit.origin.request_id, "outcome not recorded");
            }
            if failure.is_none() {
                self.made.tell(&visit.name, &visit.arguments, &resources);
            }
        } else if is_shown_on_record {
            self.write_before_it_is_shown(&visit, outcome, line).await?;
        } else {
            self.audit.note_in_turn(outcome, line).await;
        }
        match result {
            Ok(output) => {
                let request_id = visit.origin.request_id.clone();
                let left = self.left(&visit, &purse).await;
                let spent = visit.bill.spent();
                Ok(Answer { output, request_id, resources, duration, left, spent, replayed: false })
            }
            Err(failure) => Err(failure.at(&visit.origin)),
        }
    }

    /// What is left after a call. The budgets are read only for programs, and only where one has paid.
    async fn left(&self, visit: &Visit, purse: &Purse) -> Left {
        let left = Left { calls: visit.calls_left.clone(), cost: visit.bill.total(), ..Left::default() };
        if left.cost == MicroDollars::ZERO || visit.origin.channel != Channel::Rest {
            return left;
        }
        // Its future is large, and most calls never get here.
        match Box::pin(purse.left(Timestamp::now())).await {
            Ok(own) => Left { budgets: own.budgets, renewed_at: own.renewed_at.parse().ok(), ..left },
            Err(error) => {
                tracing::warn!(%error, "what is left of the budgets is not told");
                left
            }
        }
    }
}

/// Who pays for what a principal has a model do.
fn payer(principal: &Principal) -> Who {
    Who { id: principal.person().to_owned(), role: principal.effective_role() }
}

/// The error for a change of which nobody knows whether it was made.
pub(super) fn stopped(kind: CallErrorKind, origin: &Origin) -> CallError {
    let message = "The change stopped in the middle; it may have been made or not.";
    CallError::new(kind, message, "Read the record again.").at(origin)
}
