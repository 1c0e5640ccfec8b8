//! The one door: every access to the label's data and every tool call goes through [`Gateway::call`].
//!
//! authorise → limit → record the intent → do it → record the outcome

mod audit;
mod authorise;
mod changes;
mod error;
mod fleet;
mod idempotency;
mod limits;
mod principal;
mod reach;
mod redaction;
mod registry;

pub use audit::{AuditLog, Record};
pub use changes::Change;
pub use error::{CallError, CallErrorKind};
pub use fleet::{Fleet, Strategy, Tuning};
pub use idempotency::{IdempotencyKey, NotAKey};
pub use principal::{Channel, Origin, Principal, Role};
pub use registry::Registry;

use super::catalog::{Catalog, CatalogError};
use super::config::Config;
use super::telemetry::{Call, CallEvent, Outcome, Telemetry};
use super::tools::views::{DrainServer, Drains, EnableServer, ViewFleet, ViewFleetInput};
use super::tools::{Class, Context, Operation, Progress, Server, ToolError};
use crate::model::fleet::{FleetView, Overall};
use crate::model::tool::{AwsResource, ToolDescription};
use audit::{Decision, NewRecord, Phase};
use authorise::Rules;
use changes::Changes;
use idempotency::Begun;
use jiff::Timestamp;
use limits::Limiter;
use reach::Work;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The door. Cloning is cheap.
#[derive(Clone)]
pub struct Gateway {
    catalog: Arc<Catalog>,
    rules: Arc<Rules>,
    limiter: Arc<Limiter>,
    audit: AuditLog,
    telemetry: Telemetry,
    registry: Arc<Registry>,
    fleet: Fleet,
    changes: TaskTracker,
    made: Changes,
    cut_off: CancellationToken,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The result.
    pub output: T,
    /// Names the call in the audit log.
    pub request_id: String,
    /// What it touched.
    pub resources: Vec<AwsResource>,
    /// How long it took at the door.
    pub duration: Duration,
    /// Whether this is the kept result of an earlier call with the same idempotency key.
    pub replayed: bool,
}

/// The part of a call that is known before its arguments are understood.
struct Visit {
    principal: Principal,
    origin: Origin,
    name: String,
    class: Class,
    arguments: Value,
    progress: Progress,
    begun: Instant,
}

impl Visit {
    fn new(principal: &Principal, origin: &Origin, name: &str, class: Class, arguments: Value) -> Self {
        Self {
            principal: principal.clone(),
            origin: origin.clone(),
            name: name.to_owned(),
            class,
            arguments,
            progress: Progress::ignored(),
            begun: Instant::now(),
        }
    }
}

impl Gateway {
    /// The door before a catalogue.
    pub fn new(catalog: Arc<Catalog>, config: &Config, audit: AuditLog, telemetry: Telemetry) -> Self {
        Self {
            registry: Arc::new(Registry::new(&catalog, config.servers)),
            rules: Arc::new(Rules::new(config)),
            limiter: Arc::new(Limiter::new(config.limits)),
            fleet: Fleet::new(config, audit.instance()),
            catalog,
            audit,
            telemetry,
            changes: TaskTracker::new(),
            made: Changes::default(),
            cut_off: CancellationToken::new(),
        }
    }

    /// Does an operation for a principal.
    ///
    /// # Errors
    /// When the principal may not, has no budget left, or the operation fails. Whatever the end, it is
    /// recorded; a change is not begun before its intent is on record.
    pub async fn call<O: Operation>(
        &self,
        principal: &Principal,
        origin: &Origin,
        input: O::Input,
    ) -> Result<Answer<O::Output>, CallError> {
        let arguments = redaction::arguments(&input);
        let visit = Visit::new(principal, origin, O::NAME, O::CLASS, arguments);
        self.admit(&visit)?;
        self.perform::<O>(visit, Work::once(input)).await
    }

    /// Does a tool by its name, with JSON in and out.
    ///
    /// # Errors
    /// As [`Gateway::call`]; also when there is no such tool or the arguments do not fit its schema.
    pub async fn call_tool(
        &self,
        principal: &Principal,
        origin: &Origin,
        name: &str,
        arguments: Value,
    ) -> Result<Answer<Value>, CallError> {
        self.call_tool_watched(principal, origin, name, arguments, Progress::ignored()).await
    }

    /// The same for a caller who wants to know how far the tool is. A tool that only reads stops when
    /// the caller stops waiting.
    ///
    /// # Errors
    /// As [`Gateway::call_tool`].
    pub async fn call_tool_watched(
        &self,
        principal: &Principal,
        origin: &Origin,
        name: &str,
        arguments: Value,
        progress: Progress,
    ) -> Result<Answer<Value>, CallError> {
        let redacted = redaction::arguments(&arguments);
        let visit = Visit { progress, ..Visit::new(principal, origin, name, Class::Call, redacted) };
        self.admit(&visit)?;
        let Some(tool) = self.registry.find(name) else {
            return Err(self.refuse(&visit, CallError::unknown_tool(name, &self.registry)));
        };
        if let Err(wrong) = tool.check(&arguments) {
            return Err(self.refuse(&visit, ToolError::Invalid(wrong).into()));
        }
        match visit.origin.idempotency_key.clone() {
            Some(key) if tool.changes() => self.perform_once(key, visit, arguments).await,
            _ => tool.perform(self, visit, arguments).await,
        }
    }

    /// Does a change at most once for each idempotency key. It goes on when the caller goes away, so that
    /// the caller finds the result when asking again.
    async fn perform_once(
        &self,
        key: IdempotencyKey,
        visit: Visit,
        arguments: Value,
    ) -> Result<Answer<Value>, CallError> {
        let (gateway, origin) = (self.clone(), visit.origin.clone());
        let change = self.changes.spawn(async move { gateway.once(key, visit, arguments).await });
        change.await.unwrap_or_else(|error| {
            tracing::error!(request_id = origin.request_id, %error, "a change stopped in the middle");
            Err(stopped(CallErrorKind::Internal, &origin))
        })
    }

    async fn once(
        &self,
        key: IdempotencyKey,
        visit: Visit,
        arguments: Value,
    ) -> Result<Answer<Value>, CallError> {
        let (principal, origin, catalog) = (&visit.principal, &visit.origin, &self.catalog);
        let begun = idempotency::begin(catalog, principal, origin, &key, &visit.name, &arguments).await;
        match begun {
            Err(error) => Err(self.refuse(&visit, error)),
            Ok(Begun::Before(output)) => {
                self.report(&visit, Outcome::Ok, None);
                self.audit.note(self.record(&visit, Phase::Outcome, Decision::Allowed, &[], None));
                let (request_id, duration) = (visit.origin.request_id, visit.begun.elapsed());
                Ok(Answer { output, request_id, resources: Vec::new(), duration, replayed: true })
            }
            Ok(Begun::First(running)) => {
                let Some(tool) = self.registry.find(&visit.name) else {
                    return Err(self.refuse(&visit, CallError::unknown_tool(&visit.name, &self.registry)));
                };
                let call = tool.perform(self, visit, arguments);
                running.finish(catalog, call, |answer| &answer.output).await
            }
        }
    }

    /// Records a request that did not get as far as a call, because it could not be read or its sender
    /// is not known, and gives the error its request id.
    pub fn refused(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
        error: CallError,
    ) -> CallError {
        self.refuse(&Visit::new(principal, origin, operation, Class::Call, Value::Null), error)
    }

    /// Waits until the changes that are being made are made. Those that take longer than `patience` are
    /// cut off, and their outcome says so.
    pub async fn settle(&self, patience: Duration) {
        self.changes.close();
        if tokio::time::timeout(patience, self.changes.wait()).await.is_err() {
            tracing::warn!(changes = self.changes.len(), "changes were still being made; they are cut off");
            self.cut_off.cancel();
            self.changes.wait().await;
        }
    }

    /// The changes that this process makes from now on.
    pub fn watch_changes(&self) -> tokio::sync::broadcast::Receiver<Arc<Change>> {
        self.made.watch()
    }

    /// A tool that a principal may use.
    pub fn tool(&self, principal: &Principal, name: &str) -> Option<&ToolDescription> {
        let tool = self.registry.find(name).filter(|_| Rules::may_use(principal))?;
        Some(tool.description())
    }

    /// The servers that have tools.
    pub fn servers(&self) -> BTreeSet<Server> {
        self.registry.servers()
    }

    /// The tools that a principal may use.
    pub fn tools(&self, principal: &Principal) -> Vec<ToolDescription> {
        if Rules::may_use(principal) { self.registry.descriptions().cloned().collect() } else { Vec::new() }
    }

    /// Begins to check the servers, in the background.
    pub fn watch_fleet(&self) {
        self.fleet.watch(&self.catalog);
    }

    /// Ends what [`Gateway::watch_fleet`] began.
    pub async fn stop_watching(&self) {
        self.fleet.stop(&self.catalog).await;
    }

    /// Checks every server now.
    pub async fn check_fleet(&self) {
        self.fleet.check_all(&self.catalog).await;
    }

    /// All servers in words. Says nothing of the label, so everybody may know.
    pub fn overall(&self) -> Overall {
        self.fleet.overall()
    }

    /// The fleet as this instance sees it now, without history. For whoever has seen
    /// [`Gateway::view_fleet`] and follows it.
    pub fn fleet_now(&self) -> FleetView {
        let mut view = self.fleet.view();
        for server in &mut view.servers {
            let tools = self.registry.descriptions().filter(|tool| tool.server == server.id);
            server.tools = tools.map(|tool| tool.name.clone()).collect();
        }
        view
    }

    /// The fleet, or one server of it, with its history.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is no such server.
    pub async fn view_fleet(
        &self,
        principal: &Principal,
        origin: &Origin,
        server: Option<String>,
    ) -> Result<Answer<FleetView>, CallError> {
        self.call::<ViewFleet>(principal, origin, ViewFleetInput { server, seen: self.fleet_now() }).await
    }

    /// Keeps new calls away from a server.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin.
    pub async fn drain_server(
        &self,
        principal: &Principal,
        origin: &Origin,
        server: String,
    ) -> Result<Answer<Drains>, CallError> {
        self.only_for_admins(principal, origin, DrainServer::NAME)?;
        let answer = self.call::<DrainServer>(principal, origin, server).await?;
        self.fleet.know_drains(&answer.output);
        Ok(answer)
    }

    /// Lets calls back to a server.
    ///
    /// # Errors
    /// As [`Gateway::drain_server`].
    pub async fn enable_server(
        &self,
        principal: &Principal,
        origin: &Origin,
        server: String,
    ) -> Result<Answer<Drains>, CallError> {
        self.only_for_admins(principal, origin, EnableServer::NAME)?;
        let answer = self.call::<EnableServer>(principal, origin, server).await?;
        self.fleet.know_drains(&answer.output);
        Ok(answer)
    }

    fn only_for_admins(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
    ) -> Result<(), CallError> {
        if principal.role == Role::Admin {
            return Ok(());
        }
        let message = format!("{} may not drain or enable servers.", principal.name);
        let error = CallError::new(CallErrorKind::Forbidden, message, "Ask an admin.");
        Err(self.refuse(&Visit::new(principal, origin, operation, Class::Page, Value::Null), error))
    }

    /// Who may, and how much: before anything is done.
    fn admit(&self, visit: &Visit) -> Result<(), CallError> {
        let rules = self.rules.check(&visit.principal, &visit.origin, &visit.name);
        let limits = match visit.class {
            Class::Call | Class::Transfer => self.limiter.check(&visit.principal),
            Class::Page => Ok(()),
        };
        rules.and(limits).map_err(|error| self.refuse(visit, error))
    }

    /// A change goes on when the caller goes away in the middle, so that its outcome is on record and
    /// the caches know of it; a read ends with its caller.
    async fn perform<O: Operation>(
        &self,
        visit: Visit,
        work: Work<O>,
    ) -> Result<Answer<O::Output>, CallError> {
        if !O::EFFECT.changes() {
            // Some are kilobytes large, and lie in the futures of all who call them.
            return Box::pin(self.carry_out::<O>(visit, work)).await;
        }
        let (gateway, origin) = (self.clone(), visit.origin.clone());
        let change = self.changes.spawn(async move {
            let cut_off = gateway.cut_off.clone();
            cut_off.run_until_cancelled(gateway.carry_out::<O>(visit, work)).await
        });
        match change.await {
            Ok(Some(ended)) => ended,
            Ok(None) => Err(stopped(CallErrorKind::Unavailable, &origin)),
            Err(error) => {
                tracing::error!(request_id = origin.request_id, %error, "a change stopped in the middle");
                Err(stopped(CallErrorKind::Internal, &origin))
            }
        }
    }

    async fn carry_out<O: Operation>(
        &self,
        visit: Visit,
        work: Work<O>,
    ) -> Result<Answer<O::Output>, CallError> {
        let resources = match work.input().map(|input| O::resources(input, &self.catalog)).transpose() {
            Ok(resources) => resources.unwrap_or_default(),
            Err(error) => return Err(self.refuse(&visit, error.into())),
        };
        let unfinished = Unfinished { gateway: self, visit: &visit, resources: &resources, ended: false };
        let admission = match self.admission::<O>().await {
            Ok(admission) => admission,
            Err(error) => {
                unfinished.end();
                return Err(self.refuse(&visit, error));
            }
        };
        let _slot = match self.limiter.slot(O::CLASS).await {
            Ok(slot) => slot,
            Err(error) => {
                unfinished.end();
                return Err(self.refuse(&visit, error));
            }
        };
        if O::EFFECT.changes() {
            let intent = self.record(&visit, Phase::Intent, Decision::Allowed, &resources, None);
            if let Err(error) = self.audit.write(intent).await {
                unfinished.end();
                let error = CallError::unrecorded(error, &visit.origin);
                self.report(&visit, Outcome::Error, Some(&error));
                // Nothing was changed, so this record may wait until the log can be written again.
                let refused = self.record(&visit, Phase::Outcome, Decision::Denied, &resources, Some(&error));
                self.audit.note(refused);
                return Err(error);
            }
        }
        let context = Context {
            catalog: Arc::clone(&self.catalog),
            actor: visit.principal.name.clone(),
            owner: visit.principal.id.clone(),
            progress: visit.progress.clone(),
            now: Timestamp::now(),
        };
        let result = self.route::<O>(&visit, admission, work, context).await;
        unfinished.end();
        let duration = visit.begun.elapsed();
        if let Err(ToolError::Catalog(CatalogError::Aws(failure))) = &result {
            let request_id = &visit.origin.request_id;
            tracing::warn!(request_id, operation = O::NAME, %failure, "AWS did not do what was asked");
        }
        let failure = result.as_ref().err().map(|error| CallError::from(error.clone()));
        let ended = match &failure {
            None => Outcome::Ok,
            // Some mistakes are found only by the service behind the tool, such as those in a query.
            Some(error) if error.kind == CallErrorKind::Invalid => Outcome::Invalid,
            Some(_) => Outcome::Error,
        };
        self.report(&visit, ended, failure.as_ref());
        let outcome = self.record(&visit, Phase::Outcome, Decision::Allowed, &resources, failure.as_ref());
        if O::EFFECT.changes() {
            // The change is made; that its outcome could not be recorded is said in the log, and the
            // intent without an outcome tells it too.
            if let Err(error) = self.audit.write(outcome).await {
                tracing::error!(%error, request_id = visit.origin.request_id, "outcome not recorded");
            }
            if failure.is_none() {
                self.made.tell(&visit.name, &visit.arguments, &resources);
            }
        } else {
            self.audit.note(outcome);
        }
        match (result, failure) {
            (Ok(output), _) => {
                let request_id = visit.origin.request_id.clone();
                Ok(Answer { output, request_id, resources, duration, replayed: false })
            }
            (Err(_), Some(failure)) => Err(failure.at(&visit.origin)),
            (Err(error), None) => Err(CallError::from(error).at(&visit.origin)),
        }
    }

    /// Records a call that was not admitted, and gives the error its request id.
    fn refuse(&self, visit: &Visit, error: CallError) -> CallError {
        let decision = match error.kind {
            CallErrorKind::Forbidden
            | CallErrorKind::Unauthenticated
            | CallErrorKind::TooManyRequests
            | CallErrorKind::Unavailable => Decision::Denied,
            _ => Decision::Invalid,
        };
        let outcome = if decision == Decision::Denied { Outcome::Denied } else { Outcome::Invalid };
        self.report(visit, outcome, Some(&error));
        self.audit.note(self.record(visit, Phase::Outcome, decision, &[], Some(&error)));
        error.at(&visit.origin)
    }

    /// Notes the end of a call in logs and metrics, which costs it microseconds.
    fn report(&self, visit: &Visit, outcome: Outcome, error: Option<&CallError>) {
        let server = self.registry.serving(&visit.name);
        let is_call = server.is_some() || visit.class == Class::Call;
        self.telemetry.call(&Call {
            time: Timestamp::now(),
            event: if is_call { CallEvent::ToolCall } else { CallEvent::PageOperation },
            request_id: &visit.origin.request_id,
            principal: &visit.principal.id,
            role: visit.principal.role.id(),
            server: server.map(Server::id),
            tool: &visit.name,
            outcome,
            error_kind: error.map(|error| error.kind.id()),
            error: error.map(|error| error.message.as_str()),
            duration: visit.begun.elapsed(),
            source: visit.origin.channel.id(),
            session: visit.origin.session.as_deref(),
        });
    }

    fn record(
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
            arguments: &visit.arguments,
            resources,
            error,
            duration: visit.begun.elapsed(),
        })
    }
}

/// The error for a change of which nobody knows whether it was made.
fn stopped(kind: CallErrorKind, origin: &Origin) -> CallError {
    let message = "The change stopped in the middle; it may have been made or not.";
    CallError::new(kind, message, "Read the record again.").at(origin)
}

/// A call that is being done. If it is dropped in the middle, because its caller goes away or the
/// program ends, that is reported and recorded.
struct Unfinished<'a> {
    gateway: &'a Gateway,
    visit: &'a Visit,
    resources: &'a [AwsResource],
    ended: bool,
}

impl Unfinished<'_> {
    /// The call has ended by itself.
    fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let Self { gateway, visit, resources, .. } = self;
        gateway.report(visit, Outcome::Cancelled, None);
        let mut outcome = gateway.record(visit, Phase::Outcome, Decision::Allowed, resources, None);
        outcome.error = Some("abandoned: It was stopped before it was done.".to_owned());
        gateway.audit.note(outcome);
    }
}
