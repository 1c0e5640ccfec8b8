//! The runs that are open: their task is begun, followed up to its end, and told of.
//!
//! Whatever happens is in the store before and after each step, and each step can be done again: a task has its id
//! before it is begun. So another instance goes on where one has died.

use super::kept::{RUN, Run};
use super::rights::gone;
use super::{Shared, notices};
use crate::engine::catalog::CatalogError;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::supervisor::headline;
use crate::model::automation::RunState;
use crate::model::task::{TaskState, TaskView};
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

/// How many are looked at in a round, and how many of them side by side.
const MOST: i32 = 100;
const SIDE_BY_SIDE: usize = 8;

/// For how long a run belongs to whoever has taken it.
const LEASE: SignedDuration = SignedDuration::from_mins(1);

/// How soon a task is looked at again; and after a while.
const SOON: SignedDuration = SignedDuration::from_secs(2);
const LATER: SignedDuration = SignedDuration::from_secs(15);

/// How soon is tried again what could not be begun, and for how long.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Why a run does not go on for now.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] CatalogError),
}

/// Goes on with every run that is due.
pub(super) async fn go_on(shared: &Shared, now: Timestamp) -> Result<(), CatalogError> {
    let due = shared.catalog.watched_automations(RUN, Some(now), MOST).await?;
    let runs = due.iter().filter_map(|record| match Run::read(record) {
        Ok(run) => Some(run),
        Err(error) => {
            tracing::error!(%error, "a run of an automation cannot be gone on with");
            None
        }
    });
    let runs: Vec<_> = runs.collect();
    let each = |run: Run| async move {
        let (automation, id) = (run.automation.clone(), run.view.id.clone());
        if let Err(error) = one(shared, run, now).await {
            tracing::warn!(%error, automation, run = id, "a run of an automation is gone on with later");
        }
    };
    stream::iter(runs).for_each_concurrent(SIDE_BY_SIDE, each).await;
    Ok(())
}

async fn one(shared: &Shared, run: Run, now: Timestamp) -> Result<(), Stopped> {
    if run.view.state == RunState::Running && !has_settled(shared, &run).await? {
        let waited = now.duration_since(run.created_at);
        let next = if waited < SignedDuration::from_mins(1) { SOON } else { LATER };
        let from = run.version;
        let later = Run { version: from + 1, due: now + next, ..run };
        shared.catalog.change_automation_record(&later.record()?, from).await?;
        return Ok(());
    }
    // Whoever writes this has it for as long as the lease lasts.
    let from = run.version;
    let mut run = Run { version: from + 1, due: now + LEASE, ..run };
    if !shared.catalog.change_automation_record(&run.record()?, from).await? {
        return Ok(());
    }
    match run.view.state {
        RunState::Waiting => begin(shared, &mut run, now).await?,
        RunState::Running => conclude(shared, &mut run, now).await?,
        _ => notices::tell(shared, &mut run, now).await?,
    }
    let from = run.version;
    run.version += 1;
    if !shared.catalog.change_automation_record(&run.record()?, from).await? {
        tracing::warn!(automation = run.automation, "somebody else has gone on with a run meanwhile");
    }
    shared.wake.notify_one();
    Ok(())
}

/// Whether a task has ended or needs a person. One that is gone will not change any more.
async fn has_settled(shared: &Shared, run: &Run) -> Result<bool, CatalogError> {
    let seen = shared.supervisor.seen(&run.setter.principal.id, &run.task).await?;
    Ok(seen.is_none_or(|view| rests(&view)))
}

fn rests(view: &TaskView) -> bool {
    view.state.has_ended() || matches!(view.state, TaskState::Asking | TaskState::Approving)
}

/// Begins the task, with what its owner may by now.
async fn begin(shared: &Shared, run: &mut Run, now: Timestamp) -> Result<(), Stopped> {
    let Some(person) = shared.person(&run.setter).await? else {
        return refuse(shared, run, now).await;
    };
    let origin = run.setter.origin(&run.automation);
    let begun = shared.supervisor.start_once(&person, &origin, &run.task, run.request.clone()).await;
    run.due = now;
    match begun {
        Ok(task) => {
            run.view.state = RunState::Running;
            run.view.task = Some(task.id);
        }
        Err(error) if may_pass(&error) && now.duration_since(run.created_at) < LONGEST => {
            run.due = now + AGAIN;
            run.view.remark = Some(format!("It waits: {}", error.message));
        }
        Err(error) => run.end(RunState::Refused, format!("{} {}", error.message, error.remedy), now),
    }
    Ok(())
}

/// Whether what stands against it may be over later.
fn may_pass(error: &CallError) -> bool {
    use CallErrorKind::{Conflict, Internal, TooManyRequests, Unavailable};
    matches!(error.kind, Conflict | Internal | TooManyRequests | Unavailable)
}

/// Notes what a task came to, as far as its owner may see it by now.
async fn conclude(shared: &Shared, run: &mut Run, now: Timestamp) -> Result<(), Stopped> {
    let Some(person) = shared.person(&run.setter).await? else {
        return refuse(shared, run, now).await;
    };
    let origin = run.setter.origin(&run.automation);
    run.due = now;
    match shared.supervisor.view(&person, &origin, &run.task).await {
        Ok(task) => {
            let (state, outcome) = outcome(&task);
            run.end(state, outcome, now);
        }
        Err(error) if may_pass(&error) => return Err(error.into()),
        Err(error) => run.end(RunState::Failed, format!("{} {}", error.message, error.remedy), now),
    }
    Ok(())
}

/// What a task came to, in a line.
fn outcome(task: &TaskView) -> (RunState, String) {
    let line = || {
        let problem = task.problem.as_ref().map(|problem| format!("{} {}", problem.message, problem.remedy));
        headline(task).or(problem).unwrap_or_else(|| task.state.label().to_owned())
    };
    match task.state {
        TaskState::Asking => {
            let question = task.question.as_ref().map(|question| question.text.clone());
            (RunState::NeedsYou, question.unwrap_or_else(|| "It asks something.".to_owned()))
        }
        TaskState::Approving => {
            (RunState::NeedsYou, "It would change something, and waits for your approval.".to_owned())
        }
        TaskState::Done => (RunState::Done, line()),
        TaskState::Partial => (RunState::Partial, line()),
        TaskState::Refused => (RunState::Refused, line()),
        TaskState::Failed | TaskState::Cancelled | TaskState::Waiting | TaskState::Running => {
            (RunState::Failed, line())
        }
    }
}

/// Ends a run whose owner may do nothing any more, and pauses its automation. Nobody outside is told.
async fn refuse(shared: &Shared, run: &mut Run, now: Timestamp) -> Result<(), Stopped> {
    let reason = gone(&run.setter.principal.name);
    shared.pause(&run.owner, &run.automation, &reason, now).await?;
    run.end(RunState::Refused, reason, now);
    run.view.deliveries.clear();
    Ok(())
}
