//! What is kept of a task: as its page shows it, and beside that what a run has to know.

use super::lease::Lease;
use crate::engine::catalog::tasks::results::KeptResult;
use crate::engine::catalog::tasks::{KeptTask, Revision};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::gateway::{Answer, Channel, Principal};
use crate::model::task::{Line, Piece, StepId, StepState, StepView, TaskRow, TaskState, TaskView};
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What a run has to know beside what the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunState {
    /// Whose task it is, as they were when they asked for it. What they may is looked up at each step.
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
}

impl RunState {
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
        let view = TaskView { revision: kept.version, ..content.view };
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
        self.run.pending.clear();
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
        request_id: None,
        resources: Vec::new(),
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
}

impl Finding {
    /// What a call has found.
    pub(super) fn of(answer: Answer<Value>) -> Self {
        Self {
            result: answer.output,
            request_id: answer.request_id,
            resources: answer.resources,
            ended_at: moment(Timestamp::now()),
        }
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

    /// Notes in the step that it is done.
    pub(super) fn note(&self, step: &mut StepView) {
        step.state = StepState::Done;
        step.ended_at = Some(self.ended_at.clone());
        step.request_id = Some(self.request_id.clone());
        step.resources.clone_from(&self.resources);
        step.problem = None;
    }
}

/// What the steps of a task have found so far; what was found for an earlier time is left out.
pub(super) async fn findings(
    catalog: &Catalog,
    entry: &Entry,
) -> Result<BTreeMap<StepId, Finding>, CatalogError> {
    let mut found = BTreeMap::new();
    for kept in catalog.results_of(&entry.owner, &entry.view.id).await? {
        let step = StepId(kept.step);
        if kept.generation == entry.run.generation(&step) {
            let finding = serde_json::from_str(&kept.content);
            found.insert(step, finding.map_err(|error| unreadable(&entry.view.id, &error))?);
        }
    }
    Ok(found)
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
