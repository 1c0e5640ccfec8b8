//! The one door: every access to the label's data and every tool call goes through [`Gateway::call`].
//!
//! authorise → limit → record the intent → do it → record the outcome

mod attendance;
mod audit;
mod authorise;
mod changes;
mod confidential;
mod confirmation;
mod error;
mod fleet;
mod idempotency;
mod informed;
mod key_scope;
mod keyed;
mod left;
mod limits;
mod owners;
mod passed_on;
mod perform;
mod policies;
pub mod policy;
mod principal;
mod proposals;
mod reach;
mod recording;
mod redaction;
mod refusals;
mod registry;
mod review;
mod servers;
mod session_tags;
mod settings;
mod sight;
mod task_model;
mod titles;
mod transfers;
mod unfinished;
mod upstream;
mod visit;
mod work;

pub use audit::{AuditLog, Record};
pub use changes::Change;
pub use confirmation::Confirmation;
pub use error::{CallError, CallErrorKind, Challenge, LimitReached};
pub use fleet::{Fleet, Tuning};
pub use idempotency::{IdempotencyKey, NotAKey};
pub use left::Left;
pub use passed_on::PassedOn;
pub use principal::{Channel, KeyUse, OnBehalfOfTask, Origin, Principal, Role, TokenUse};
pub use proposals::Proposal;
pub use registry::Registry;
pub use session_tags::TAG_KEYS;
pub use sight::Sight;
pub use titles::title_of;
pub use upstream::{Client as UpstreamClient, Consent, UpstreamError, Verdicts, ask_for_consent};

use super::catalog::Catalog;
use super::config::Config;
use super::spending::{Bill, Spending};
use super::telemetry::Telemetry;
use super::tools::{Class, Operation, Progress, ToolError};
use crate::model::task::Spent;
use crate::model::tool::AwsResource;
use authorise::Rules;
use changes::Changes;
use limits::Limiter;
use registry::Callable;
use serde_json::Value;
use settings::Adjustments;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use upstream::Parties;
use visit::Visit;
use work::Once;

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
    /// What its calls of models have taken; of a kept result, what they took when it was made.
    pub spent: Spent,
    /// Whether this is the kept result of an earlier call with the same idempotency key.
    pub replayed: bool,
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
        let visit = Visit { progress, ..Visit::new(principal, origin, name, Class::Call, redacted) };
        self.call_in(visit, arguments).await
    }

    /// The same with what its calls of models come to written on a bill, also where it fails or is stopped.
    ///
    /// # Errors
    /// As [`Gateway::call_tool`].
    pub async fn call_tool_billed(
        &self,
        principal: &Principal,
        origin: &Origin,
        name: &str,
        arguments: Value,
        bill: &Bill,
    ) -> Result<Answer<Value>, CallError> {
        let redacted = redaction::arguments(&arguments);
        let visit =
            Visit { bill: bill.clone(), ..Visit::new(principal, origin, name, Class::Call, redacted) };
        self.call_in(visit, arguments).await
    }

    /// Does the tool that a visit names.
    async fn call_in(&self, visit: Visit, arguments: Value) -> Result<Answer<Value>, CallError> {
        let name = visit.name.clone();
        let mut visit = Visit { foreign: self.registry.find(&name).is_none(), ..visit };
        self.admit(&mut visit).await?;
        let tool = self.callable(&name).map_err(|error| self.refuse(&visit, error))?;
        if visit.origin.passed_on.is_some() && tool.is_foreign() {
            return Err(self.refuse(&visit, twice_passed_on(&visit)));
        }
        if let Err(wrong) = tool.check(&arguments) {
            return Err(self.refuse(&visit, ToolError::Invalid(wrong).into()));
        }
        match visit.origin.idempotency_key.clone() {
            Some(key) if tool.is_done_once() => self.perform_once(key, visit, arguments).await,
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
        let allowed = self.check_scope(visit).and_then(|()| self.rules.check(visit));
        // Whoever may not is told that, and not asked who they are.
        allowed.and_then(|()| confirmation::check(visit)).map_err(|error| {
            if visit.is_limited() {
                // Whoever tries again and again what is not allowed has less left for what is.
                let _ = self.limiter.check_here(&visit.principal, &visit.name);
            }
            self.refuse(visit, error)
        })
    }
}

/// The error for a call that another instance passed on, of a tool that would have to be passed on again.
fn twice_passed_on(visit: &Visit) -> CallError {
    let message = format!("{} was passed on by another instance, and is not passed on again.", visit.name);
    CallError::new(CallErrorKind::Forbidden, message, "Call it at the instance that knows the third party.")
}
