//! The one door: every access to the label's data and every tool call goes through [`Gateway::call`].
//!
//! authorise → limit → record the intent → do it → record the outcome

mod attendance;
mod audit;
mod authorise;
mod changes;
mod error;
mod fleet;
mod idempotency;
mod key_scope;
mod left;
mod limits;
mod owners;
mod passed_on;
mod policies;
pub mod policy;
mod principal;
mod proposals;
mod reach;
mod redaction;
mod refusals;
mod registry;
mod review;
mod servers;
mod session_tags;
mod settings;
mod sight;
mod upstream;
mod work;

pub use audit::{AuditLog, Record};
pub use changes::Change;
pub use error::{CallError, CallErrorKind, Challenge, LimitReached};
pub use fleet::{Fleet, Tuning};
pub use idempotency::{IdempotencyKey, NotAKey};
pub use left::Left;
pub use passed_on::PassedOn;
pub use principal::{Channel, KeyUse, OnBehalfOfTask, Origin, Principal, Role, TokenUse};
pub use proposals::Proposal;
pub use registry::Registry;
pub use session_tags::TAG_KEYS;
pub use upstream::{Client as UpstreamClient, Consent, UpstreamError, Verdicts, ask_for_consent};

use super::aws::NotedRequests;
use super::catalog::Catalog;
use super::config::Config;
use super::spending::{Bill, Purse, Spending, Who};
use super::telemetry::{Call, CallEvent, Outcome, Telemetry};
use super::tools::{Class, Context, Operation, Progress, Server, ToolError};
use crate::model::money::MicroDollars;
use crate::model::tool::AwsResource;
use audit::{Decision, NewRecord, Phase};
use authorise::{Rules, Verdict};
use changes::Changes;
use idempotency::Begun;
use jiff::Timestamp;
use left::CallsLeft;
use limits::Limiter;
use owners::Matter;
use registry::Callable;
use serde_json::Value;
use settings::Adjustments;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use upstream::Parties;
use work::{Once, Work};

/// The door. Cloning is cheap.
#[derive(Clone)]
pub struct Gateway {
    catalog: Arc<Catalog>,
    rules: Arc<Rules>,
    limiter: Arc<Limiter>,
    adjustments: Arc<Adjustments>,
    spending: Arc<Spending>,
    audit: AuditLog,
    telemetry: Telemetry,
    registry: Arc<Registry>,
    parties: Parties,
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
    /// What is left of limits and budgets.
    pub left: Left,
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
    /// Names what it changes, the same for every attempt at it.
    change: String,
    progress: Progress,
    begun: Instant,
    /// Whether it is known to change nothing, and is no administration.
    only_reads: bool,
    /// Whether it asks for something by a name that none of Patchline's own operations has.
    foreign: bool,
    /// What is left of the limits of calls.
    calls_left: Vec<CallsLeft>,
    /// What the policies have said of it so far.
    verdict: Verdict,
    /// The requests to AWS that it led to.
    requests: NotedRequests,
    /// What its calls of models cost.
    bill: Bill,
}

impl Visit {
    fn new(principal: &Principal, origin: &Origin, name: &str, class: Class, arguments: Value) -> Self {
        Self {
            principal: principal.clone(),
            origin: origin.clone(),
            name: name.to_owned(),
            class,
            arguments,
            change: origin.request_id.clone(),
            progress: Progress::ignored(),
            begun: Instant::now(),
            only_reads: false,
            foreign: false,
            calls_left: Vec::new(),
            verdict: Verdict::default(),
            requests: NotedRequests::default(),
            bill: Bill::default(),
        }
    }

    /// Whether it counts against the limits. What another instance has let in, that one has counted.
    fn is_limited(&self) -> bool {
        match self.class {
            Class::Call => self.origin.passed_on.is_none(),
            Class::Transfer | Class::Signal => true,
            Class::Page => false,
        }
    }
}

impl Gateway {
    /// The door before a catalogue.
    pub fn new(catalog: Arc<Catalog>, config: &Config, audit: AuditLog, telemetry: Telemetry) -> Self {
        let verdicts = Verdicts::default();
        let parties = Parties::new(&config.upstreams.third_parties, &catalog, &verdicts);
        Self {
            registry: Arc::new(Registry::new(&catalog, config.servers)),
            rules: Arc::new(Rules::new(config)),
            limiter: Arc::new(Limiter::new(config)),
            adjustments: Arc::new(Adjustments::new(config)),
            spending: Spending::new(Arc::clone(&catalog), config),
            fleet: Fleet::new(config, audit.instance(), &parties, &verdicts),
            parties,
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
        let mut visit = Visit::new(principal, origin, O::NAME, O::CLASS, arguments);
        self.admit(&mut visit).await?;
        self.perform(visit, Once::<O>::new(input)).await
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
        let mut visit = Visit {
            progress,
            foreign: self.registry.find(name).is_none(),
            ..Visit::new(principal, origin, name, Class::Call, redacted)
        };
        self.admit(&mut visit).await?;
        let tool = self.callable(name).map_err(|error| self.refuse(&visit, error))?;
        if visit.origin.passed_on.is_some() && tool.is_foreign() {
            return Err(self.refuse(&visit, twice_passed_on(&visit)));
        }
        if let Err(wrong) = tool.check(&arguments) {
            return Err(self.refuse(&visit, ToolError::Invalid(wrong).into()));
        }
        match visit.origin.idempotency_key.clone() {
            Some(key) if tool.changes() => self.perform_once(key, visit, arguments).await,
            _ => tool.perform(self, visit, arguments).await,
        }
    }

    /// The tool of a name: one of Patchline's own, or of a third party.
    fn callable(&self, name: &str) -> Result<Callable<'_>, CallError> {
        if let Some(tool) = self.registry.find(name) {
            return Ok(Callable::Own(tool));
        }
        match self.parties.find(name) {
            Some(found) => found.map(Callable::Foreign),
            None => Err(CallError::unknown_tool(name, &self.registry)),
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
        let begun = idempotency::begin(catalog, principal, origin, &key, &visit.name, fingerprint).await;
        match begun {
            Err(error) => Err(self.refuse(&visit, error)),
            Ok(Begun::Before(output)) => {
                self.report(&visit, Outcome::Ok, None);
                self.audit.note(self.record(&visit, Phase::Outcome, Decision::Allowed, &[], None));
                let (request_id, duration) = (visit.origin.request_id, visit.begun.elapsed());
                let left = Left { calls: visit.calls_left, ..Left::default() };
                Ok(Answer { output, request_id, resources: Vec::new(), duration, left, replayed: true })
            }
            Ok(Begun::First(running)) => {
                let tool = match self.callable(&visit.name) {
                    Ok(tool) => tool,
                    Err(error) => return Err(self.refuse(&visit, error)),
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

    /// Who may, and how much: before anything is done.
    async fn admit(&self, visit: &mut Visit) -> Result<(), CallError> {
        self.authorise(visit)?;
        if !visit.is_limited() {
            return Ok(());
        }
        match self.limiter.check(&self.catalog, &visit.principal, &visit.name).await {
            Ok(left) => {
                visit.calls_left = left;
                Ok(())
            }
            Err(error) => Err(self.refuse(visit, error)),
        }
    }

    /// The same for a call that will be refused anyway: it counts in this process only.
    fn admit_to_refuse(&self, visit: &mut Visit) -> Result<(), CallError> {
        self.authorise(visit)?;
        let counted = self.limiter.check_here(&visit.principal, &visit.name);
        counted.map_err(|error| self.refuse(visit, error))
    }

    fn authorise(&self, visit: &mut Visit) -> Result<(), CallError> {
        self.check_scope(visit).and_then(|()| self.rules.check(visit)).map_err(|error| {
            if visit.is_limited() {
                // Whoever tries again and again what is not allowed has less left for what is.
                let _ = self.limiter.check_here(&visit.principal, &visit.name);
            }
            self.refuse(visit, error)
        })
    }

    /// A change goes on when the caller goes away in the middle, so that its outcome is on record and
    /// the caches know of it; a read ends with its caller.
    async fn perform<W: Work>(&self, visit: Visit, work: W) -> Result<Answer<W::Output>, CallError> {
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
        let scope = match self.rules.check_places(&mut visit, &self.catalog, &resources, &matter).await {
            Ok(scope) => scope,
            Err(error) => return Err(self.refuse_at(&visit, &resources, error)),
        };
        let unfinished = Unfinished { gateway: self, visit: &visit, resources: &resources, ended: false };
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
        if changes {
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
        self.report(&visit, ended, failure);
        let outcome = self.record(&visit, Phase::Outcome, Decision::Allowed, &resources, failure);
        if changes {
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
        match result {
            Ok(output) => {
                let request_id = visit.origin.request_id.clone();
                let left = self.left(&visit, &purse).await;
                Ok(Answer { output, request_id, resources, duration, left, replayed: false })
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
        match purse.left(Timestamp::now()).await {
            Ok(own) => Left { budgets: own.budgets, renewed_at: own.renewed_at.parse().ok(), ..left },
            Err(error) => {
                tracing::warn!(%error, "what is left of the budgets is not told");
                left
            }
        }
    }

    /// Records a call that was not admitted, and gives the error its request id.
    fn refuse(&self, visit: &Visit, error: CallError) -> CallError {
        self.refuse_at(visit, &[], error)
    }

    /// The same for a call of which it is known what it would have touched.
    fn refuse_at(&self, visit: &Visit, resources: &[AwsResource], error: CallError) -> CallError {
        let decision = match error.kind {
            CallErrorKind::Forbidden
            | CallErrorKind::Unauthenticated
            | CallErrorKind::TooManyRequests
            | CallErrorKind::Unavailable => Decision::Denied,
            _ => Decision::Invalid,
        };
        let outcome = if decision == Decision::Denied { Outcome::Denied } else { Outcome::Invalid };
        self.report(visit, outcome, Some(&error));
        self.audit.note(self.record(visit, Phase::Outcome, decision, resources, Some(&error)));
        error.at(&visit.origin)
    }

    /// Notes the end of a call in logs and metrics, which costs it microseconds.
    fn report(&self, visit: &Visit, outcome: Outcome, error: Option<&CallError>) {
        let server = self.registry.serving(&visit.name).or_else(|| self.parties.server_of(&visit.name));
        let is_call = server.is_some() || visit.class == Class::Call;
        self.telemetry.call(&Call {
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
        });
    }

    /// The digest of what a tool is said to be now.
    fn definition_of(&self, name: &str) -> Option<String> {
        match self.registry.find(name) {
            Some(tool) => Some(tool.sha256().to_owned()),
            None => self.parties.find(name)?.ok().map(|tool| tool.sha256.clone()),
        }
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
            definition: self.definition_of(&visit.name),
            arguments: &visit.arguments,
            resources,
            verdict: &visit.verdict,
            error,
            requests: visit.requests.noted(),
            cost: visit.bill.total(),
            only_reads: visit.only_reads,
            duration: visit.begun.elapsed(),
        })
    }
}

/// Who pays for what a principal has a model do.
fn payer(principal: &Principal) -> Who {
    Who { id: principal.person().to_owned(), role: principal.effective_role() }
}

/// The error for a call that another instance passed on, of a tool that would have to be passed on again.
fn twice_passed_on(visit: &Visit) -> CallError {
    let message = format!("{} was passed on by another instance, and is not passed on again.", visit.name);
    CallError::new(CallErrorKind::Forbidden, message, "Call it at the instance that knows the third party.")
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
