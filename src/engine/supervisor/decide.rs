//! What a decision of a person makes of a task. Whoever decides what is to be done takes the epoch, so that a run
//! which goes on at that moment can write nothing any more.

use super::approval;
use super::draft::Draft;
use super::journal::{By, Entry, new_step};
use crate::engine::tools::{Refusal, RefusalKind, ToolError};
use crate::model::task::{Argument, Plan, StepId, StepState, StepView, TaskDecision, TaskRequest, TaskState};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::sync::Mutex;

/// What a request means with an answer.
pub(super) struct Renewed {
    /// The version of the task whose question was answered.
    pub(super) version: u32,
    /// The request with the answer as a parameter.
    pub(super) request: TaskRequest,
    /// What it means; taken by whoever notes it.
    pub(super) draft: Mutex<Option<Draft>>,
}

impl std::fmt::Debug for Renewed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Renewed").field("request", &self.request).finish_non_exhaustive()
    }
}

/// A plan with other arguments of a step, checked.
#[derive(Debug)]
pub(super) struct Changed {
    /// The version of the task whose plan was changed.
    pub(super) version: u32,
    /// The plan as it is then.
    pub(super) plan: Plan,
}

/// What was found out for a decision before it is made.
#[derive(Debug)]
pub(super) enum Prepared {
    /// For an answer.
    Renewed(Renewed),
    /// For other arguments.
    Changed(Changed),
}

/// The plan of a task in which a step has other arguments. What an earlier step is still to find stays, unless a value
/// takes its place; none where there is no plan.
pub(super) fn with_arguments(entry: &Entry, step: &StepId, arguments: &Map<String, Value>) -> Option<Plan> {
    let mut plan = entry.view.plan.clone()?;
    let view = entry.view.steps.iter().find(|view| view.id == *step);
    if let Some(step) = plan.steps.iter_mut().find(|planned| planned.id == *step) {
        let open = step.still_to_find(view);
        let values = arguments.iter().map(|(name, value)| (name.clone(), Argument::Value(value.clone())));
        step.arguments.retain(|name, _| open.contains(name));
        step.arguments.extend(values);
    }
    Some(plan)
}

/// Changes a task as it was decided.
pub(super) fn apply(
    entry: &mut Entry,
    decision: &TaskDecision,
    by: &By,
    prepared: Option<&Prepared>,
    now: Timestamp,
) -> Result<(), ToolError> {
    match decision {
        TaskDecision::Judge(feedback) => {
            if !entry.view.state.has_ended() {
                return Err(not_now("The task has not ended yet.", "Judge it when there is an answer."));
            }
            entry.view.feedback = Some(feedback.clone());
            return Ok(());
        }
        TaskDecision::Answer { .. } => answer(entry, prepared)?,
        TaskDecision::Approve { approval } => approve(entry, approval)?,
        TaskDecision::Refuse => refuse(entry)?,
        TaskDecision::Change { step, .. } => change(entry, step, prepared)?,
        TaskDecision::LeaveOut { step } => leave_out(entry, step)?,
        TaskDecision::Cancel => cancel(entry, now)?,
        TaskDecision::Retry { step } => retry(entry, step)?,
    }
    if !entry.view.state.has_ended() {
        entry.run.go_on_as(by.clone());
    }
    entry.epoch += 1;
    Ok(())
}

fn answer(entry: &mut Entry, prepared: Option<&Prepared>) -> Result<(), ToolError> {
    let renewed = match prepared {
        Some(Prepared::Renewed(renewed)) => Some(renewed),
        _ => None,
    };
    let renewed = renewed
        .filter(|renewed| entry.view.state == TaskState::Asking && entry.view.revision == renewed.version);
    let draft = renewed.and_then(|renewed| renewed.draft.lock().ok()?.take());
    let (Some(renewed), Some(draft)) = (renewed, draft) else {
        return Err(not_now("The question is not open any more.", "Look at the task again."));
    };
    entry.view.request = renewed.request.clone();
    draft.note(&mut entry.view);
    Ok(())
}

fn approve(entry: &mut Entry, approval: &str) -> Result<(), ToolError> {
    let is_meant = entry.view.state == TaskState::Approving
        && entry.view.approval.as_deref() == Some(approval)
        && approval::of_all(&entry.run.pending) == approval;
    if !is_meant {
        return Err(not_now(
            "What was approved is not what waits for approval. Nothing was done.",
            "Look at the steps again, then approve what they would do now.",
        ));
    }
    let pending = std::mem::take(&mut entry.run.pending);
    entry.run.approved.extend(pending);
    go_on(entry);
    Ok(())
}

fn refuse(entry: &mut Entry) -> Result<(), ToolError> {
    if entry.view.state != TaskState::Approving {
        return Err(not_now("No step waits for approval.", "Look at the task again."));
    }
    for step in std::mem::take(&mut entry.run.pending).into_keys() {
        entry.end_step(&step, StepState::Skipped, "You refused it.");
    }
    go_on(entry);
    Ok(())
}

/// The plan is followed as it is now: what waits for approval is asked for anew, as exactly what it would do.
fn change(entry: &mut Entry, step: &StepId, prepared: Option<&Prepared>) -> Result<(), ToolError> {
    let changed = match prepared {
        Some(Prepared::Changed(changed)) if changed.version == entry.view.revision => changed,
        _ => {
            return Err(not_now(
                "The task has changed meanwhile.",
                "Look at the step again, then change it.",
            ));
        }
    };
    can_be_changed(entry, step)?;
    entry.view.plan = Some(changed.plan.clone());
    entry.run.approved.remove(step);
    if let Some(step) = entry.step_mut(step) {
        step.arguments = None;
    }
    go_on(entry);
    Ok(())
}

/// What needs the step is left out with it, when the run goes on.
fn leave_out(entry: &mut Entry, step: &StepId) -> Result<(), ToolError> {
    can_be_changed(entry, step)?;
    entry.run.pending.remove(step);
    entry.end_step(step, StepState::Skipped, "You left it out.");
    go_on(entry);
    Ok(())
}

/// Whether a step can still be another: its plan waits for approval, and it was not begun.
pub(super) fn can_be_changed(entry: &Entry, step: &StepId) -> Result<(), ToolError> {
    let is_open = |view: &StepView| view.id == *step && view.state == StepState::Waiting;
    if entry.view.state == TaskState::Approving && entry.view.steps.iter().any(is_open) {
        return Ok(());
    }
    Err(not_now(
        "This step cannot be changed now.",
        "Steps are changed while their plan waits for approval, and before they are begun.",
    ))
}

fn cancel(entry: &mut Entry, now: Timestamp) -> Result<(), ToolError> {
    if entry.view.state.has_ended() {
        return Err(not_now("The task has ended already.", "Look at the task again."));
    }
    let left = entry.view.steps.iter().filter(|step| !step.state.has_ended());
    let left: Vec<_> = left.map(|step| (step.id.clone(), step.state)).collect();
    for (id, state) in left {
        let words = if state == StepState::Running {
            "It was stopped. If it changes something, the change is finished; the audit log says so."
        } else {
            "It was never begun."
        };
        entry.end_step(&id, StepState::Cancelled, words);
    }
    entry.view.question = None;
    entry.end(TaskState::Cancelled, now);
    Ok(())
}

/// Does a step again, and everything that needs it or could not be done.
fn retry(entry: &mut Entry, step: &StepId) -> Result<(), ToolError> {
    let again = with_dependants(entry, step);
    if !entry.view.state.has_ended() || again.is_empty() {
        return Err(not_now("This step cannot be done again now.", "Wait until the task has ended."));
    }
    for id in &again {
        // What was done is done anew, and what was paid is paid anew, because a person wants it so; what else was
        // not done keeps its name, so that a change is never made twice.
        let was_paid = entry.run.paid.contains(id);
        let is_anew = |step: &mut StepView| step.state == StepState::Done || (was_paid && step.attempts > 0);
        if entry.step_mut(id).is_some_and(is_anew) {
            *entry.run.generations.entry(id.clone()).or_insert(1) += 1;
        }
        entry.run.approved.remove(id);
        if let Some(step) = entry.step_mut(id) {
            *step = new_step(id);
        }
    }
    (entry.view.answer, entry.view.problem, entry.view.ended_at) = (None, None, None);
    (entry.view.feedback, entry.view.question) = (None, None);
    // Budgets begin anew: whoever wants more done has looked at what was spent.
    (entry.run.worked_millis, entry.run.spent_before) = (0, entry.view.spent);
    go_on(entry);
    Ok(())
}

/// A step and those that need it, also by way of others; none where there is no such step.
fn with_dependants(entry: &Entry, step: &StepId) -> Vec<StepId> {
    let Some(plan) = &entry.view.plan else { return Vec::new() };
    let mut again = Vec::new();
    for planned in &plan.steps {
        if planned.id == *step || planned.after.iter().any(|needed| again.contains(needed)) {
            again.push(planned.id.clone());
        }
    }
    again
}

fn go_on(entry: &mut Entry) {
    entry.view.state = TaskState::Waiting;
    entry.view.approval = None;
    entry.view.awaiting.clear();
}

/// A decision that does not fit how far the task is.
pub(super) fn not_now(message: &str, remedy: &str) -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Conflict,
        message: message.to_owned(),
        remedy: remedy.to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}
