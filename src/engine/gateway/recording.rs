//! What a call leaves behind: its record in the audit log, its line in the log of calls, its count in the metrics.

use super::audit::{Decision, NewRecord, Phase};
use super::{CallError, CallErrorKind, Gateway, Record, Visit};
use crate::engine::telemetry::{Call, CallEvent, Outcome, PendingLine};
use crate::engine::tools::{Class, Server};
use crate::model::tool::AwsResource;
use jiff::Timestamp;

impl Gateway {
    /// Records a call that was not admitted, and gives the error its request id.
    pub(super) fn refuse(&self, visit: &Visit, error: CallError) -> CallError {
        self.refuse_at(visit, &[], error)
    }

    /// The same for a call of which it is known what it would have touched.
    pub(super) fn refuse_at(&self, visit: &Visit, resources: &[AwsResource], error: CallError) -> CallError {
        let decision = match error.kind {
            CallErrorKind::Forbidden
            | CallErrorKind::ConfirmIdentity
            | CallErrorKind::Unauthenticated
            | CallErrorKind::TooManyRequests
            | CallErrorKind::Unavailable => Decision::Denied,
            _ => Decision::Invalid,
        };
        let outcome = if decision == Decision::Denied { Outcome::Denied } else { Outcome::Invalid };
        let line = self.report(visit, outcome, Some(&error));
        self.audit.note(self.record(visit, Phase::Outcome, decision, resources, Some(&error)), line);
        error.at(&visit.origin)
    }

    /// Notes the end of a call in logs and metrics, which costs it microseconds. Its line in the audit log group
    /// goes with its record, whose place and hash it tells.
    pub(super) fn report(
        &self,
        visit: &Visit,
        outcome: Outcome,
        error: Option<&CallError>,
    ) -> Option<PendingLine> {
        let ended = self.ended(visit, outcome, error);
        self.telemetry.call(&ended);
        self.telemetry.audit_line(&ended)
    }

    /// The line of a call whose end is known only when its record is written, and is noted then.
    pub(super) fn line_of(&self, visit: &Visit, outcome: Outcome) -> Option<PendingLine> {
        self.telemetry.audit_line(&self.ended(visit, outcome, None))
    }

    /// Notes the end of a call that has its line already.
    pub(super) fn count(&self, visit: &Visit, outcome: Outcome, error: Option<&CallError>) {
        self.telemetry.call(&self.ended(visit, outcome, error));
    }

    fn ended<'v>(&'v self, visit: &'v Visit, outcome: Outcome, error: Option<&'v CallError>) -> Call<'v> {
        let server = self.registry.serving(&visit.name).or_else(|| self.parties.server_of(&visit.name));
        let is_call = server.is_some() || visit.class == Class::Call;
        Call {
            time: Timestamp::now(),
            event: if is_call { CallEvent::ToolCall } else { CallEvent::PageOperation },
            request_id: &visit.origin.request_id,
            principal: &visit.principal.id,
            role: visit.principal.effective_role().id(),
            server: server.map(Server::id),
            tool: &visit.name,
            outcome,
            error_kind: error.map(|error| error.kind.id()),
            error: error.map(|error| error.message.as_str()),
            duration: visit.begun.elapsed(),
            source: visit.origin.channel.id(),
            session: visit.origin.session.as_deref(),
        }
    }

    /// The digest of what a tool is said to be now.
    fn definition_of(&self, name: &str) -> Option<String> {
        match self.registry.find(name) {
            Some(tool) => Some(tool.sha256().to_owned()),
            None => self.parties.find(name)?.ok().map(|tool| tool.sha256.clone()),
        }
    }

    pub(super) fn record(
        &self,
        visit: &Visit,
        phase: Phase,
        decision: Decision,
        resources: &[AwsResource],
        error: Option<&CallError>,
    ) -> Record {
        self.audit.record(NewRecord {
            phase,
            decision,
            principal: &visit.principal,
            origin: &visit.origin,
            operation: &visit.name,
            definition: self.definition_of(&visit.name),
            arguments: &visit.arguments,
            resources,
            verdict: &visit.verdict,
            error,
            size: visit.size,
            requests: visit.requests.noted(),
            cost: visit.bill.total(),
            only_reads: visit.only_reads,
            duration: visit.begun.elapsed(),
        })
    }
}
