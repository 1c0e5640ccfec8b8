//! The supervisor: makes a plan of a sentence, does its steps as the person's agent, and answers.
//!
//! Whatever it does goes through the door. What it knows is in the store before and after each step, so that
//! another process goes on where one has died.

mod agent;
pub mod answer;
mod approval;
mod arguments;
mod asking;
mod budget;
mod contracts;
mod decide;
mod draft;
mod follow;
mod journal;
mod known;
mod lease;
mod named;
mod operations;
mod places;
pub mod plan;
mod room;
mod run;
mod sharing;
mod start;
mod step;
pub mod understand;
mod writing;

pub(in crate::engine) use named::headline;

use super::catalog::Catalog;
use super::catalog::tasks::open::OpenTask;
use super::config::{Config, TaskLimits};
use super::gateway::{CallError, CallErrorKind, Gateway, Origin, Principal};
use super::identity::Identity;
use super::tools::{Operation, ToolError};
use crate::model::task::{
    Spent, StepId, TaskDecision, TaskList, TaskQuery, TaskRequest, TaskState, TaskView,
};
use decide::{Changed, Prepared, Renewed};
use follow::Followed;
use futures::{Stream, StreamExt};
use jiff::{SignedDuration, Timestamp};
use journal::{By, Entry, RunState, moment};
use operations::{DecideTask, DecideTaskInput, ListTasks, StartTask, StartTaskInput, ViewTask};
use places::Places;
use plan::PlanError;
use room::Room;
use serde_json::Value;
use start::Begun;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a task is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How many tasks may wait or be done, of one owner and of all together.
const MOST_OF_ONE: usize = 100;
const MOST: usize = 1_000;

/// How many news a slow listener may miss before it looks by itself.
const NEWS: usize = 1_024;

/// How long runs may take to give their leases back when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Makes plans of sentences, does them, and answers. Cloning is cheap.
#[derive(Clone)]
pub struct Supervisor {
    shared: Arc<Shared>,
}

/// That a task was changed by this process.
#[derive(Debug, Clone)]
struct Told {
    id: Arc<str>,
    epoch: u32,
}

/// What all runs of this process have in common.
struct Shared {
    gateway: Gateway,
    catalog: Arc<Catalog>,
    /// Names this supervisor in leases.
    holder: String,
    has_bootstrap_key: bool,
    /// Places of steps that are done at the same time.
    places: Arc<Places>,
    /// Room for what steps have found.
    room: Room,
    /// What one task may take.
    limits: TaskLimits,
    identity: OnceLock<Identity>,
    news: broadcast::Sender<Told>,
    wake: Notify,
    /// The tasks that are being done here, with their owners.
    active: Mutex<HashMap<String, String>>,
    /// How many tasks of each owner were open at the last look, or have been begun since.
    open: Mutex<HashMap<String, usize>>,
    running: TaskTracker,
    stopping: CancellationToken,
}

impl Shared {
    /// The maps are whole at any moment, so a panic elsewhere does no harm to them.
    fn active(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count_waiting(&self, all: &[OpenTask]) {
        let mut counts = HashMap::new();
        for open in all {
            *counts.entry(open.of.clone()).or_default() += 1;
        }
        *self.open() = counts;
    }

    /// Whether one more task of an owner may wait.
    fn room_for_task(&self, owner: &str) -> Result<(), CallError> {
        let open = self.open();
        let (own, all) = (open.get(owner).copied().unwrap_or_default(), open.values().sum::<usize>());
        if own < MOST_OF_ONE && all < MOST {
            return Ok(());
        }
        let (kind, message) = if own >= MOST_OF_ONE {
            (CallErrorKind::TooManyRequests, format!("You have {own} tasks that are not done yet."))
        } else {
            (CallErrorKind::Unavailable, format!("There are {all} tasks that are not done yet."))
        };
        let remedy = "Wait until some of them are done, or stop those that are not needed.";
        Err(CallError { retry_after: Some(Duration::from_secs(30)), ..CallError::new(kind, message, remedy) })
    }

    /// Tells whoever follows it that a task was changed.
    fn tell(&self, entry: &Entry) {
        // Nobody may be listening.
        let _ = self.news.send(Told { id: entry.view.id.as_str().into(), epoch: entry.epoch });
    }
}

impl Supervisor {
    /// One that keeps tasks. It does them from [`Supervisor::serve`] on.
    pub fn new(gateway: Gateway, catalog: Arc<Catalog>, config: &Config) -> Self {
        let shared = Shared {
            gateway,
            catalog,
            holder: ulid::Ulid::new().to_string().to_lowercase(),
            has_bootstrap_key: config.bootstrap_key.is_some(),
            places: Places::new(config.concurrent as usize),
            room: Room::default(),
            limits: config.task_limits,
            identity: OnceLock::new(),
            news: broadcast::channel(NEWS).0,
            wake: Notify::new(),
            active: Mutex::default(),
            open: Mutex::default(),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Begins to do tasks, those that other processes have left among them. Who somebody is by the time of a
    /// step is looked up in `identity`.
    pub fn serve(&self, identity: Identity) {
        if self.shared.identity.set(identity).is_ok() {
            self.shared.running.spawn(lease::keep_running(Arc::clone(&self.shared)));
        }
    }

    /// Begins a task. With an idempotency key it is begun once: who sends it again gets the task that there is.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` where the request says nothing or too much, `TooManyRequests` where too
    /// many tasks wait already, `KeyReused` where its idempotency key was used for another one.
    pub async fn start(
        &self,
        principal: &Principal,
        origin: &Origin,
        request: TaskRequest,
    ) -> Result<TaskView, CallError> {
        let shared = &self.shared;
        let refused = |error| shared.gateway.refused(principal, origin, StartTask::NAME, error);
        draft::check(&request).map_err(refused)?;
        let entry = new_entry(principal, origin, request);
        let key = origin.idempotency_key.as_ref();
        // Whoever may start none is refused at the door, and leaves no key behind.
        let key = key.filter(|_| shared.gateway.offers(principal, StartTask::NAME));
        let Some(key) = key else { return self.start_new(principal, origin, entry).await };
        let begun = shared.begin_start(principal, origin, key, &entry).await;
        match begun.map_err(refused)? {
            Begun::Before(id) => self.view(principal, origin, &id).await,
            Begun::First(start) => {
                let started = self.start_new(principal, origin, entry).await;
                if started.is_err() {
                    shared.forget_start(&start).await;
                }
                started
            }
        }
    }

    /// Understands the request of a new task, plans it, and keeps it.
    async fn start_new(
        &self,
        principal: &Principal,
        origin: &Origin,
        mut entry: Entry,
    ) -> Result<TaskView, CallError> {
        let shared = &self.shared;
        let refused = |error| shared.gateway.refused(principal, origin, StartTask::NAME, error);
        shared.room_for_task(&principal.id).map_err(refused)?;
        // Who sends the key again after a process has died begins a task of another id.
        let key = origin.idempotency_key.as_ref().map(|key| format!("key_{}", key.digest()));
        let name = key.unwrap_or_else(|| agent::name_of(&entry.view.id));
        shared.draft(principal, origin, &entry.view.request, &name).await?.note(&mut entry.view);
        let input = StartTaskInput { request: entry.view.request.clone(), entry: Box::new(entry) };
        let view = shared.gateway.call::<StartTask>(principal, origin, input).await?.output;
        if view.state == TaskState::Waiting {
            *shared.open().entry(principal.id.clone()).or_default() += 1;
            shared.wake.notify_one();
        }
        Ok(view)
    }

    /// A task of one's own, as it is now.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, or it is somebody else's.
    pub async fn view(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
    ) -> Result<TaskView, CallError> {
        let answer = self.shared.gateway.call::<ViewTask>(principal, origin, id.to_owned()).await?;
        Ok(answer.output)
    }

    /// Tasks of one's own, the newest first.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn list(
        &self,
        principal: &Principal,
        origin: &Origin,
        query: TaskQuery,
    ) -> Result<TaskList, CallError> {
        Ok(self.shared.gateway.call::<ListTasks>(principal, origin, query).await?.output)
    }

    /// Decides about a task of one's own.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, or it is somebody else's; `Conflict` where the
    /// decision does not fit how far the task is, or what is approved is not what would be done.
    pub async fn decide(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
        decision: TaskDecision,
    ) -> Result<TaskView, CallError> {
        let shared = &self.shared;
        let refused = |error| shared.gateway.refused(principal, origin, DecideTask::NAME, error);
        if decision.goes_on() {
            shared.room_for_task(&principal.id).map_err(refused)?;
        }
        let prepared = match &decision {
            TaskDecision::Answer { value } => {
                let renewed = self.renewed(principal, origin, id, value).await.map_err(refused)?;
                Some(Box::new(Prepared::Renewed(renewed)))
            }
            TaskDecision::Change { step, arguments } => {
                let changed = self.changed(principal, id, step, arguments).await.map_err(refused)?;
                Some(Box::new(Prepared::Changed(changed)))
            }
            _ => None,
        };
        let by = Box::new(By::of(principal, origin));
        let input = DecideTaskInput { id: id.to_owned(), decision, by, prepared };
        let decided = shared.gateway.call::<DecideTask>(principal, origin, input).await?.output;
        shared.tell(&decided.entry);
        if decided.entry.view.state == TaskState::Waiting {
            *shared.open().entry(principal.id.clone()).or_default() += 1;
        }
        shared.wake.notify_one();
        Ok(journal::view(&shared.catalog, &principal.id, id).await?)
    }

    /// What a request means with an answer to the question about it.
    async fn renewed(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
        value: &str,
    ) -> Result<Renewed, CallError> {
        let entry = Entry::read(&self.shared.catalog.task(&principal.id, id).await?)?;
        let Some(question) = entry.view.question.filter(|_| entry.view.state == TaskState::Asking) else {
            let error = decide::not_now("The task asks nothing.", "Look at the task again.");
            return Err(error.into());
        };
        let choice = question.choice;
        if !choice.options.iter().any(|option| option.value == value) {
            let error = ToolError::field(choice.argument, "choose one of the options");
            return Err(error.into());
        }
        let mut request = entry.view.request;
        request.parameters.remove(&choice.replaces);
        request.parameters.insert(choice.argument, Value::String(value.to_owned()));
        let draft = self.shared.draft(principal, origin, &request, &agent::name_of(id)).await?;
        Ok(Renewed { version: entry.view.revision, request, draft: Mutex::new(Some(draft)) })
    }

    /// The plan with other arguments of a step, checked against what the person may do now.
    async fn changed(
        &self,
        principal: &Principal,
        id: &str,
        step: &StepId,
        arguments: &Value,
    ) -> Result<Changed, CallError> {
        let entry = Entry::read(&self.shared.catalog.task(&principal.id, id).await?)?;
        decide::waits_for_approval(&entry, step)?;
        let wrong = |message: String| CallError::from(ToolError::field("arguments", message));
        let arguments = arguments.as_object().ok_or_else(|| wrong("they have to be an object".to_owned()))?;
        let plan = entry.view.plan.as_ref().map(|plan| decide::with_arguments(plan, step, arguments));
        let plan = plan.ok_or_else(|| wrong("the task has no plan".to_owned()))?;
        let agent = agent::agent_of(principal, entry.view.request.music_industry_role);
        plan::check(&plan, &self.shared.gateway.tools(&agent)).map_err(|error| match error {
            PlanError::Arguments { argument, message, .. } if !argument.is_empty() => {
                ToolError::field(argument, message).into()
            }
            other => wrong(other.to_string()),
        })?;
        Ok(Changed { version: entry.view.revision, plan })
    }

    /// Begins a new task of the same request.
    ///
    /// # Errors
    /// As [`Supervisor::view`] and [`Supervisor::start`].
    pub async fn run_again(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
    ) -> Result<TaskView, CallError> {
        let former = self.view(principal, origin, id).await?;
        let (session, idempotency_key) = (origin.session.clone(), origin.idempotency_key.clone());
        let origin = Origin { session, idempotency_key, ..Origin::new(origin.channel, origin.address) };
        self.start(principal, &origin, former.request).await
    }

    /// A task of one's own as it is, then each change of it, until it has ended or the process does.
    pub fn follow(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
    ) -> impl Stream<Item = Result<TaskView, CallError>> + Send + 'static + use<> {
        let (shared, followed) = (Arc::clone(&self.shared), Followed::Own(id.to_owned()));
        follow::follow(shared, principal.clone(), origin.clone(), followed)
    }

    /// Waits until a task has ended or needs a person, or patience is over.
    ///
    /// # Errors
    /// As [`Supervisor::view`].
    pub async fn settled(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
        patience: Duration,
    ) -> Result<TaskView, CallError> {
        let until = tokio::time::Instant::now() + patience;
        let mut changes = Box::pin(self.follow(principal, origin, id));
        let mut last = None;
        while let Ok(Some(seen)) = tokio::time::timeout_at(until, changes.next()).await {
            let view = seen?;
            let rests = matches!(view.state, TaskState::Asking | TaskState::Approving);
            if rests || view.state.has_ended() {
                return Ok(view);
            }
            last = Some(view);
        }
        match last {
            Some(view) => Ok(view),
            None => self.view(principal, origin, id).await,
        }
    }

    /// Gives the leases back, so that others go on at once with what is not done. Reads stop; changes are made
    /// to their end behind the door.
    pub async fn stop(&self) {
        self.shared.stopping.cancel();
        self.shared.running.close();
        if tokio::time::timeout(LAST_WORDS, self.shared.running.wait()).await.is_err() {
            tracing::warn!("some tasks are taken up by others only when their leases have lapsed");
        }
    }
}

fn new_entry(principal: &Principal, origin: &Origin, request: TaskRequest) -> Entry {
    let now = Timestamp::now();
    Entry {
        owner: principal.id.clone(),
        epoch: 1,
        run: RunState::new(By::of(principal, origin)),
        view: TaskView {
            id: ulid::Ulid::new().to_string().to_lowercase(),
            owner: principal.name.clone(),
            request,
            state: TaskState::Waiting,
            created_at: moment(now),
            updated_at: moment(now),
            ended_at: None,
            understood: None,
            question: None,
            plan: None,
            steps: Vec::new(),
            approval: None,
            awaiting: Vec::new(),
            answer: None,
            problem: None,
            feedback: None,
            spent: Spent::default(),
            revision: 1,
        },
        expires_at: now.checked_add(KEPT).map_or(i64::MAX, Timestamp::as_second),
    }
}
