//! What is kept of a task: as its page shows it, and beside that what a run has to know.

use super::asking::Taken;
use super::lease::Lease;
use crate::engine::catalog::tasks::results::KeptResult;
use crate::engine::catalog::tasks::{KeptTask, Revision};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::gateway::{Answer, Channel, Origin, Principal};
use crate::model::task::{
    Line, Piece, Spent, StepDecision, StepId, StepState, StepView, TaskRow, TaskState, TaskView,
};
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What a run has to know beside what the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunState {
    /// Whose task it is, as they were when they asked for it or decided about it last. What they may is looked up
    /// at each step.
    pub(super) principal: Principal,
    /// Until when their access token is taken, in seconds since 1970; none where nothing ends by itself.
    pub(super) ends_at: Option<i64>,
    /// By which face they asked for it, and from where.
    pub(super) channel: Channel,
    pub(super) address: Option<IpAddr>,
    /// For which time each step is done; those that were never done again are not in it.
    pub(super) generations: BTreeMap<StepId, u32>,
    /// The steps that wait for approval, each with the digest of exactly what it would do.
    pub(super) pending: BTreeMap<StepId, String>,
    /// Those that were approved.
    pub(super) approved: BTreeMap<StepId, String>,
    /// Whether something was read that somebody else wrote, in which instructions may stand.
    pub(super) read_untrusted: bool,
    /// The steps whose call may have paid a model: done again, they are paid again.
    #[serde(default)]
    pub(super) paid: BTreeSet<StepId>,
    /// For how long its steps were done, by all processes that had it, in milliseconds.
    #[serde(default)]
    pub(super) worked_millis: u64,
    /// What the task had spent when a person began it anew: budgets begin there.
    #[serde(default)]
    pub(super) spent_before: Spent,
    /// The questions for its answer that are in what the task has spent: what was kept of them costs nothing more.
    #[serde(default)]
    pub(super) counted: BTreeSet<String>,
}

/// Whoever asks for something, and from where: as whom steps are done from then on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct By {
    pub(super) principal: Principal,
    pub(super) ends_at: Option<i64>,
    pub(super) channel: Channel,
    pub(super) address: Option<IpAddr>,
}

impl By {
    /// Whoever calls.
    pub(super) fn of(principal: &Principal, origin: &Origin) -> Self {
        let taken_until = principal.token().and_then(|token| token.taken_until);
        Self {
            principal: principal.clone(),
            ends_at: taken_until.and_then(|until| i64::try_from(until).ok()),
            channel: origin.channel,
            address: origin.address,
        }
    }
}

impl RunState {
    /// A run that has done nothing yet.
    pub(super) fn new(by: By) -> Self {
        let By { principal, ends_at, channel, address } = by;
        Self {
            principal,
            ends_at,
            channel,
            address,
            generations: BTreeMap::new(),
            pending: BTreeMap::new(),
            approved: BTreeMap::new(),
            read_untrusted: false,
            paid: BTreeSet::new(),
            worked_millis: 0,
            spent_before: Spent::default(),
            counted: BTreeSet::new(),
        }
    }

    /// From now on it is done with the rights of whoever has decided, as they are now.
    pub(super) fn go_on_as(&mut self, by: By) {
        let By { principal, ends_at, channel, address } = by;
        (self.principal, self.ends_at) = (principal, ends_at);
        (self.channel, self.address) = (channel, address);
    }

    /// For which time a step is done, from 1.
    pub(super) fn generation(&self, step: &StepId) -> u32 {
        self.generations.get(step).copied().unwrap_or(1)
    }
}

#[derive(Serialize, Deserialize)]
struct Content {
    view: TaskView,
    run: RunState,
}

/// A task as it is kept. Results of steps are apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) owner: String,
    pub(super) epoch: u32,
    pub(super) view: TaskView,
    pub(super) run: RunState,
    pub(super) expires_at: i64,
}

impl Entry {
    /// Reads one.
    pub(super) fn read(kept: &KeptTask) -> Result<Self, CatalogError> {
        let content: Content =
            serde_json::from_str(&kept.content).map_err(|error| unreadable(&kept.id, &error))?;
        let mut view = TaskView { revision: kept.version, ..content.view };
        // Tasks of before have it only for the run.
        if view.awaiting.is_empty() && view.approval.is_some() {
            view.awaiting = content.run.pending.keys().cloned().collect();
        }
        Ok(Self {
            owner: kept.owner.clone(),
            epoch: kept.epoch,
            view,
            run: content.run,
            expires_at: kept.expires_at,
        })
    }

    /// Writes it.
    pub(super) fn kept(&self) -> Result<KeptTask, CatalogError> {
        let unwritable = |error: serde_json::Error| unreadable(&self.view.id, &error);
        let content = Content { view: self.view.clone(), run: self.run.clone() };
        Ok(KeptTask {
            owner: self.owner.clone(),
            id: self.view.id.clone(),
            epoch: self.epoch,
            version: self.view.revision,
            row: serde_json::to_string(&self.row()).map_err(unwritable)?,
            content: serde_json::to_string(&content).map_err(unwritable)?,
            expires_at: self.expires_at,
        })
    }

    /// What a change of it has to name.
    pub(super) fn revision(&self) -> Revision {
        Revision { epoch: self.epoch, version: self.view.revision }
    }

    fn row(&self) -> TaskRow {
        let view = &self.view;
        TaskRow {
            id: view.id.clone(),
            task: view.request.task.clone(),
            workflow: view.plan.as_ref().and_then(|plan| plan.workflow),
            state: view.state,
            headline: view.answer.as_ref().map(|answer| plain(&answer.headline)),
            created_at: view.created_at.clone(),
            ended_at: view.ended_at.clone(),
        }
    }

    /// Counts a change that is about to be written.
    pub(super) fn touch(&mut self, now: Timestamp) {
        self.view.revision += 1;
        self.view.updated_at = moment(now);
    }

    /// Ends the task in a state.
    pub(super) fn end(&mut self, state: TaskState, now: Timestamp) {
        self.view.state = state;
        self.view.ended_at = Some(moment(now));
        self.view.approval = None;
        self.view.awaiting.clear();
        self.run.pending.clear();
    }

    /// Notes that a step is done, and what it has taken.
    pub(super) fn note_done(&mut self, id: &StepId, finding: &Finding) {
        self.note_spent(id, finding.spent);
        if let Some(step) = self.step_mut(id) {
            step.state = StepState::Done;
            step.ended_at = Some(finding.ended_at.clone());
            step.decision = Some(StepDecision::Allowed);
            step.request_id = Some(finding.request_id.clone());
            step.resources.clone_from(&finding.resources);
            step.problem = None;
        }
    }

    /// Adds what a step has taken to the step and to the task.
    pub(super) fn note_spent(&mut self, id: &StepId, spent: Spent) {
        self.view.spent.add(spent);
        if let Some(step) = self.step_mut(id) {
            let mut sum = step.spent.unwrap_or_default();
            sum.add(spent);
            step.spent = sum.or_none();
        }
    }

    /// Adds what questions for the answer have taken, and that they are counted.
    pub(super) fn note_asked(&mut self, taken: Taken) {
        self.view.spent.add(taken.spent);
        self.run.counted.extend(taken.questions);
    }

    /// The step of a name.
    pub(super) fn step_mut(&mut self, id: &StepId) -> Option<&mut StepView> {
        self.view.steps.iter_mut().find(|step| step.id == *id)
    }

    /// Ends a step that was not done.
    pub(super) fn end_step(&mut self, id: &StepId, state: StepState, problem: impl Into<String>) {
        if let Some(step) = self.step_mut(id) {
            step.state = state;
            step.ended_at = step.began_at.is_some().then(|| moment(Timestamp::now()));
            step.problem = Some(problem.into());
        }
    }
}

/// A step that nothing is known of yet.
pub(super) fn new_step(id: &StepId) -> StepView {
    StepView {
        id: id.clone(),
        state: StepState::Waiting,
        attempts: 0,
        began_at: None,
        ended_at: None,
        arguments: None,
        result: None,
        problem: None,
        decision: None,
        request_id: None,
        resources: Vec::new(),
        spent: None,
    }
}

/// What a step has found, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    pub(super) result: Value,
    pub(super) request_id: String,
    pub(super) resources: Vec<AwsResource>,
    pub(super) ended_at: String,
    /// What its calls of models have taken.
    #[serde(default)]
    pub(super) spent: Spent,
    /// How large it is as it is kept, in bytes.
    #[serde(skip)]
    pub(super) bytes: usize,
}

impl Finding {
    /// What a call has found.
    pub(super) fn of(answer: Answer<Value>) -> Self {
        Self {
            result: answer.output,
            request_id: answer.request_id,
            resources: answer.resources,
            ended_at: moment(Timestamp::now()),
            spent: answer.spent,
            bytes: 0,
        }
    }

    /// Reads one.
    pub(super) fn read(kept: &KeptResult, task: &str) -> Result<Self, CatalogError> {
        let finding = serde_json::from_str::<Self>(&kept.content);
        let finding = finding.map_err(|error| unreadable(task, &error))?;
        Ok(Self { bytes: kept.content.len(), ..finding })
    }

    /// Writes it for a step.
    pub(super) fn kept(&self, step: &StepId, entry: &Entry) -> Result<KeptResult, CatalogError> {
        let content = serde_json::to_string(self).map_err(|error| unreadable(&entry.view.id, &error))?;
        Ok(KeptResult {
            step: step.0.clone(),
            generation: entry.run.generation(step),
            content,
            expires_at: entry.expires_at,
        })
    }
}

/// What the steps of a task have found so far; what was found for an earlier time is left out.
pub(super) async fn findings(
    catalog: &Catalog,
    entry: &Entry,
) -> Result<BTreeMap<StepId, Finding>, CatalogError> {
    let mut found = BTreeMap::new();
    for kept in catalog.results_of(&entry.owner, &entry.view.id).await? {
        let step = StepId(kept.step.clone());
        if kept.generation == entry.run.generation(&step) {
            found.insert(step, Finding::read(&kept, &entry.view.id)?);
        }
    }
    Ok(found)
}

/// What one step has found for the time for which it is done now.
pub(super) async fn finding(
    catalog: &Catalog,
    entry: &Entry,
    step: &StepId,
) -> Result<Option<Finding>, CatalogError> {
    let kept = catalog.result_of(&entry.owner, &entry.view.id, &step.0).await?;
    let kept = kept.filter(|kept| kept.generation == entry.run.generation(step));
    kept.map(|kept| Finding::read(&kept, &entry.view.id)).transpose()
}

/// The task as its page shows it, with what its steps have found.
pub(super) async fn view(catalog: &Catalog, owner: &str, id: &str) -> Result<TaskView, CatalogError> {
    let entry = Entry::read(&catalog.task(owner, id).await?)?;
    let mut found = if entry.view.steps.iter().any(|step| step.state == StepState::Done) {
        findings(catalog, &entry).await?
    } else {
        BTreeMap::new()
    };
    let mut view = entry.view;
    for step in view.steps.iter_mut().filter(|step| step.state == StepState::Done) {
        step.result = found.remove(&step.id).map(|finding| finding.result);
    }
    Ok(view)
}

/// Makes the task one that a lease may write. None where somebody else has it.
pub(super) async fn take_over(catalog: &Catalog, lease: &Lease) -> Result<Option<Entry>, CatalogError> {
    let read = match catalog.task(&lease.open.of, &lease.open.id).await {
        Ok(read) => read,
        Err(CatalogError::NotFound { .. }) => {
            catalog.close_task(&lease.open).await?;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut entry = Entry::read(&read)?;
    if !matches!(entry.view.state, TaskState::Waiting | TaskState::Running) {
        catalog.close_task(&lease.open).await?;
        return Ok(None);
    }
    if lease.open.epoch <= entry.epoch {
        return Ok(None);
    }
    entry.epoch = lease.open.epoch;
    entry.touch(Timestamp::now());
    let is_ours = catalog.change_task(&entry.kept()?, read.revision(), None).await?;
    Ok(is_ours.then_some(entry))
}

/// A line without its sources.
pub(super) fn plain(line: &Line) -> String {
    let texts = line.0.iter().map(|piece| match piece {
        Piece::Words(text) => text.as_str(),
        Piece::Figure(figure) | Piece::Quoted(figure) => figure.text.as_str(),
    });
    texts.collect()
}

/// A moment as tasks show it: RFC 3339 in UTC with milliseconds.
pub(super) fn moment(now: Timestamp) -> String {
    format!("{now:.3}")
}

fn unreadable(id: &str, error: &serde_json::Error) -> CatalogError {
    CatalogError::Unreadable { what: "task", id: id.to_owned(), detail: error.to_string() }
}
