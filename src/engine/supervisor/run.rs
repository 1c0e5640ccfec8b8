//! The run of a task: what can be done is done side by side, and everything is on record before and after it.

mod begin;

use super::Shared;
use super::answer::{self, Found};
use super::approval::{self, Kind};
use super::budget;
use super::journal::{self, Entry, Finding};
use super::lease::{ALIVE, Lease, alive_until};
use super::room::MOST_FOUND;
use super::step::{Ended, INTERRUPTED};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::tasks::Revision;
use crate::engine::gateway::CallErrorKind;
use crate::model::task::{PlannedStep, Problem, StepDecision, StepId, StepState, TaskState};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// How often it is looked whether the run is still wanted, and how often its process says that it is alive.
const LOOK: Duration = Duration::from_secs(1);
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// How often a run may be taken over: one that ends its process each time is given up.
const MOST_EPOCHS: u32 = 60;

/// For how long a call is known again by its idempotency key.
const KEY_KEPT: SignedDuration = SignedDuration::from_hours(23);

/// What is said of a step that was under way when the time was over and is not stopped by that.
const GOES_ON: &str = "It was under way: what was begun of it is finished, and the audit log says what became of it. \
                       What it costs is not counted here.";

/// Why a run does not go on here.
#[derive(Debug)]
enum Stopped {
    /// Somebody else has the task: another process, or a person who has decided something.
    Taken,
    /// The process ends.
    Closing,
    /// The store is away for longer than the lease.
    Lost,
    /// What is kept cannot be read or written.
    Broken(CatalogError),
}

/// Does the run of a lease up to its end, or as far as it may.
pub(super) async fn run(shared: Arc<Shared>, lease: Lease) {
    let begun = match journal::take_over(&shared.catalog, &lease).await {
        Ok(Some(entry)) => Run::begin(&shared, lease.clone(), entry).await,
        Ok(None) => return,
        Err(error) => Err(Stopped::Broken(error)),
    };
    let ended = match begun {
        Ok(mut run) => run.until_ended().await,
        Err(why) => Err(why),
    };
    let left = match ended {
        Ok(()) => shared.catalog.close_task(&lease.open).await,
        Err(Stopped::Taken) => Ok(()),
        // Whoever is there goes on at once.
        Err(Stopped::Closing) => shared.catalog.renew_task(&lease.open, 0).await.map(drop),
        Err(Stopped::Lost) => {
            tracing::warn!(
                task = lease.open.id,
                "the store was away during a task; it is taken up again later"
            );
            Ok(())
        }
        Err(Stopped::Broken(error)) => {
            tracing::error!(%error, task = lease.open.id, "a task could not be gone on with");
            Ok(())
        }
    };
    if let Err(error) = left {
        tracing::warn!(%error, task = lease.open.id, "what became of a run is found out later");
    }
}

struct Run {
    shared: Arc<Shared>,
    lease: Lease,
    entry: Entry,
    /// How much each step has found, in bytes. What it is lies in the journal.
    sizes: BTreeMap<StepId, usize>,
    doing: FuturesUnordered<BoxFuture<'static, Ended>>,
    /// When the lease was renewed last.
    alive: Instant,
    /// Since when this process has the run, and for how long others had it before.
    since: Instant,
    worked_before: Duration,
    /// Whether the policy was asked about the steps of which all is known.
    is_looked_over: bool,
}

impl Run {
    /// Takes up what is on record: what was found is not looked for again.
    async fn begin(shared: &Arc<Shared>, lease: Lease, entry: Entry) -> Result<Self, Stopped> {
        let mut run = Self {
            shared: Arc::clone(shared),
            lease,
            sizes: BTreeMap::new(),
            doing: FuturesUnordered::new(),
            alive: Instant::now(),
            since: Instant::now(),
            worked_before: Duration::from_millis(entry.run.worked_millis),
            is_looked_over: false,
            entry,
        };
        run.read_what_was_found().await?;
        for step in run.planned() {
            if run.sizes.contains_key(&step.id) {
                let kind = Kind::of(&run.shared.gateway, &run.entry.run.principal, &step);
                run.entry.run.read_untrusted |= kind.is_untrusted;
            }
            run.take_up(&step);
        }
        if run.entry.epoch > MOST_EPOCHS {
            run.leave_rest(StepState::Failed, "The task was begun too often without coming to an end.");
        }
        run.entry.view.state = TaskState::Running;
        run.save().await?;
        Ok(run)
    }

    /// Looks which steps have found something before. A task that nobody has begun yet has nothing.
    async fn read_what_was_found(&mut self) -> Result<(), Stopped> {
        if self.entry.view.steps.iter().all(|step| step.attempts == 0) {
            return Ok(());
        }
        let _room = self.shared.room.take(MOST_FOUND).await;
        let found = journal::findings(&self.shared.catalog, &self.entry).await.map_err(Stopped::Broken)?;
        for (id, finding) in found {
            // A process may have died after it kept what was found and before it noted that.
            if self.state_of(&id) == StepState::Running {
                self.entry.note_done(&id, &finding);
            }
            self.sizes.insert(id, finding.bytes);
        }
        Ok(())
    }

    /// A step that was being done when its process was heard of last is done again where that is safe.
    fn take_up(&mut self, step: &PlannedStep) {
        let Some(view) = self.entry.step_mut(&step.id) else { return };
        if view.state != StepState::Running {
            return;
        }
        let began = view.began_at.as_deref().and_then(|began| began.parse::<Timestamp>().ok());
        let kind = Kind::of(&self.shared.gateway, &self.entry.run.principal, step);
        let is_old = began.is_none_or(|began| Timestamp::now().duration_since(began) > KEY_KEPT);
        if (kind.changes && (kind.is_foreign || is_old)) || (kind.pays && is_old) {
            let words = if kind.changes {
                "It was begun, and nobody knows whether it was done. Look at what is stored, then do \
                 the step again if it has to be."
            } else {
                INTERRUPTED
            };
            self.entry.end_step(&step.id, StepState::Failed, words);
        } else if let Some(view) = self.entry.step_mut(&step.id) {
            view.state = StepState::Waiting;
        }
    }

    fn planned(&self) -> Vec<PlannedStep> {
        self.entry.view.plan.as_ref().map(|plan| plan.steps.clone()).unwrap_or_default()
    }

    /// For how long the steps may go on.
    fn until(&self) -> Instant {
        self.since + self.shared.limits.time.saturating_sub(self.worked_before)
    }

    async fn until_ended(&mut self) -> Result<(), Stopped> {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut news = self.shared.news.subscribe();
        let until = self.until();
        loop {
            // What there is no time for any more is not begun either.
            if Instant::now() >= until {
                self.doing.clear();
                self.leave_what_is_out_of_time();
            }
            self.start_what_can_be().await?;
            if self.doing.is_empty() {
                return self.conclude().await;
            }
            tokio::select! {
                Some(ended) = self.doing.next() => self.note(ended).await?,
                _ = look.tick() => self.look().await?,
                told = news.recv() => {
                    // Those that were missed may have been about this task.
                    let is_news = match told {
                        Ok(told) => *told.id == *self.entry.view.id && told.epoch != self.entry.epoch,
                        Err(_) => true,
                    };
                    if is_news {
                        self.look().await?;
                    }
                }
                () = self.shared.stopping.cancelled() => return Err(Stopped::Closing),
                () = tokio::time::sleep_until(until.into()) => {}
            }
        }
    }

    /// Looks whether the task is still this run's, and says that the process is alive.
    async fn look(&mut self) -> Result<(), Stopped> {
        let catalog = &self.shared.catalog;
        let seen = if self.alive.elapsed() >= SIGN_OF_LIFE {
            let renewed = catalog.renew_task(&self.lease.open, alive_until(Timestamp::now())).await;
            if matches!(renewed, Ok(true)) {
                self.alive = Instant::now();
            }
            renewed
        } else {
            let revision = catalog.revision_of_task(&self.entry.owner, &self.entry.view.id).await;
            revision.map(|revision| revision.is_some_and(|revision| revision.epoch == self.entry.epoch))
        };
        match seen {
            Ok(true) => Ok(()),
            Ok(false) => Err(Stopped::Taken),
            Err(error) => self.away(&error),
        }
    }

    /// The store is away: that is borne as long as the lease lasts.
    fn away(&self, error: &CatalogError) -> Result<(), Stopped> {
        tracing::warn!(%error, task = self.entry.view.id, "the journal of a task cannot be reached");
        let is_held = self.alive.elapsed() < ALIVE.unsigned_abs();
        if is_held { Ok(()) } else { Err(Stopped::Lost) }
    }

    /// Writes the task down, again and again until that is done.
    async fn save(&mut self) -> Result<(), Stopped> {
        let from = self.entry.revision();
        let worked = self.worked_before + self.since.elapsed();
        self.entry.run.worked_millis = u64::try_from(worked.as_millis()).unwrap_or(u64::MAX);
        self.entry.touch(Timestamp::now());
        loop {
            let kept = self.entry.kept().map_err(Stopped::Broken)?;
            match self.shared.catalog.change_task(&kept, from, None).await {
                Ok(true) => {
                    self.shared.tell(&self.entry);
                    return Ok(());
                }
                Ok(false) => self.see_who_was_faster(from).await?,
                Err(error @ (CatalogError::TooLarge { .. } | CatalogError::Unreadable { .. })) => {
                    return Err(Stopped::Broken(error));
                }
                Err(error) => {
                    self.away(&error)?;
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    /// Two transactions may be in each other's way without one of them having been faster.
    async fn see_who_was_faster(&mut self, from: Revision) -> Result<(), Stopped> {
        let (owner, id) = (&self.entry.owner, &self.entry.view.id);
        match self.shared.catalog.revision_of_task(owner, id).await {
            Ok(Some(revision)) if revision == from => Ok(()),
            Ok(_) => Err(Stopped::Taken),
            Err(error) => self.away(&error),
        }
    }

    /// Reads what a step has found, again and again until that is done.
    async fn read(&mut self, step: &StepId) -> Result<Option<Value>, Stopped> {
        loop {
            match journal::finding(&self.shared.catalog, &self.entry, step).await {
                Ok(finding) => return Ok(finding.map(|finding| finding.result)),
                Err(error @ CatalogError::Unreadable { .. }) => return Err(Stopped::Broken(error)),
                Err(error) => {
                    self.away(&error)?;
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    fn state_of(&self, id: &StepId) -> StepState {
        let step = self.entry.view.steps.iter().find(|step| step.id == *id);
        step.map_or(StepState::Skipped, |step| step.state)
    }

    /// Writes down how a step ended: first what it found, then that it is done.
    async fn note(&mut self, ended: Ended) -> Result<(), Stopped> {
        let Ended { step: id, kind, tries, spent, result, place: _place } = ended;
        if let Some(step) = self.entry.step_mut(&id) {
            step.attempts += tries.saturating_sub(1);
        }
        self.entry.run.read_untrusted |= kind.is_untrusted;
        match result {
            Ok(answer) => {
                let finding = Finding::of(answer);
                match self.keep_finding(&id, &finding).await? {
                    Ok(()) => {
                        self.entry.note_done(&id, &finding);
                    }
                    Err(words) => {
                        self.entry.note_spent(&id, spent);
                        self.entry.end_step(&id, StepState::Failed, words);
                    }
                }
            }
            Err(error) => {
                self.entry.note_spent(&id, spent);
                let words = match error.kind {
                    // Somebody else has begun it, and is not heard of any more.
                    CallErrorKind::Conflict if kind.pays && !kind.changes => INTERRUPTED.to_owned(),
                    _ => format!("{} {}", error.message, error.remedy).trim().to_owned(),
                };
                self.entry.end_step(&id, StepState::Failed, words);
                if let Some(step) = self.entry.step_mut(&id) {
                    step.decision = (error.kind == CallErrorKind::Forbidden).then_some(StepDecision::Denied);
                    if !error.request_id.is_empty() {
                        step.request_id = Some(error.request_id);
                    }
                }
            }
        }
        self.save().await
    }

    /// Keeps what a step has found; words where it is too much.
    async fn keep_finding(
        &mut self,
        id: &StepId,
        finding: &Finding,
    ) -> Result<Result<(), &'static str>, Stopped> {
        let too_large = "It was done, but what it found is too large to be kept. Ask for less at once.";
        let kept = finding.kept(id, &self.entry).map_err(Stopped::Broken)?;
        let bytes = kept.content.len();
        if self.sizes.values().sum::<usize>() + bytes > MOST_FOUND {
            return Ok(Err(too_large));
        }
        loop {
            let (owner, task) = (&self.entry.owner, &self.entry.view.id);
            match self.shared.catalog.keep_result(owner, task, &kept).await {
                Ok(()) => {
                    self.sizes.insert(id.clone(), bytes);
                    return Ok(Ok(()));
                }
                Err(CatalogError::TooLarge { .. }) => return Ok(Err(too_large)),
                Err(error) => {
                    self.away(&error)?;
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    /// Ends what was not done.
    fn leave_rest(&mut self, state: StepState, words: &str) {
        let left = self.entry.view.steps.iter().filter(|step| !step.state.has_ended());
        let left: Vec<_> = left.map(|step| step.id.clone()).collect();
        for id in left {
            self.entry.end_step(&id, state, words);
        }
    }

    /// Ends what was not done when the time is over. What is done once goes on behind the door, and says so.
    fn leave_what_is_out_of_time(&mut self) {
        let words = budget::out_of_time(self.shared.limits.time);
        let agent = self.agent();
        for step in self.planned() {
            let kind = Kind::of(&self.shared.gateway, &agent, &step);
            if self.state_of(&step.id) == StepState::Running && kind.is_done_once() {
                self.entry.end_step(&step.id, StepState::Failed, format!("{words} {GOES_ON}"));
            }
        }
        self.leave_rest(StepState::Failed, &words);
    }

    /// Nothing is being done any more: asks for approval, or ends the task with its answer.
    async fn conclude(&mut self) -> Result<(), Stopped> {
        if self.entry.run.pending.is_empty() {
            self.leave_rest(StepState::Skipped, "What it needs was never done.");
            self.answer().await?;
        } else {
            let pending = &self.entry.run.pending;
            let waiting = self.planned().into_iter().map(|step| step.id);
            self.entry.view.awaiting = waiting.filter(|id| pending.contains_key(id)).collect();
            self.entry.view.approval = Some(approval::of_all(pending));
            self.entry.view.state = TaskState::Approving;
        }
        self.save().await
    }

    async fn answer(&mut self) -> Result<(), Stopped> {
        let now = Timestamp::now();
        let steps = &self.entry.view.steps;
        let done = steps.iter().filter(|step| step.state == StepState::Done).count();
        if done == 0 {
            let why = steps.iter().find_map(|step| step.problem.clone());
            let message = why.unwrap_or_else(|| "None of its steps could be done.".to_owned());
            let is_denied = steps.iter().any(|step| step.decision == Some(StepDecision::Denied));
            let remedy = if is_denied {
                "Ask for what the steps name; then run the task again."
            } else {
                "Look at the steps; then run the task again."
            };
            let remedy = remedy.to_owned();
            self.entry.view.problem = Some(Problem { message, remedy, nearest: Vec::new() });
            self.entry.end(TaskState::Failed, now);
            return Ok(());
        }
        let state = if done == steps.len() { TaskState::Done } else { TaskState::Partial };
        let mut with_results = steps.clone();
        // Held until the answer is written.
        let _room = self.shared.room.take(self.sizes.values().sum()).await;
        for step in &mut with_results {
            if self.sizes.contains_key(&step.id) {
                step.result = self.read(&step.id).await?;
            }
        }
        let Some(plan) = &self.entry.view.plan else {
            self.entry.end(TaskState::Failed, now);
            return Ok(());
        };
        let view = &self.entry.view;
        let found = Found {
            request: &view.request,
            understood_line: view.understood.as_deref(),
            plan,
            steps: &with_results,
        };
        let answer = answer::write(&found);
        match answer::validate(&answer, &found) {
            Ok(()) => {
                let shared = &self.shared;
                let lost = || if shared.stopping.is_cancelled() { Stopped::Closing } else { Stopped::Taken };
                let written = shared.in_words_of_a_model(&self.lease, &self.entry, &found, answer).await;
                let (answer, taken) = written.ok_or_else(lost)?;
                self.entry.note_asked(taken);
                self.entry.view.answer = Some(answer);
                self.entry.view.problem = None;
                self.entry.end(state, Timestamp::now());
            }
            Err(unsupported) => {
                tracing::error!(
                    task = view.id,
                    ?unsupported,
                    "an answer is not shown, because not all of it has a source"
                );
                self.entry.view.problem = Some(Problem {
                    message: "The answer had a number that no step found, so it is not shown.".to_owned(),
                    remedy: "Read what each step found, and tell an admin the name of the task.".to_owned(),
                    nearest: Vec::new(),
                });
                self.entry.end(TaskState::Failed, now);
            }
        }
        Ok(())
    }
}

/// Whether a step has ended without what others need of it.
fn is_lost(state: StepState) -> bool {
    matches!(state, StepState::Failed | StepState::Skipped | StepState::Cancelled)
}
