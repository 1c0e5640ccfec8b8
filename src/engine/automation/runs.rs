//! The runs that are open: their task is begun, followed up to its end, and told of.
//!
//! Whatever happens is in the store before and after each step, and each step can be done again: a task has its id
//! before it is begun. So another instance goes on where one has died.

use super::kept::{Automation, RUN, Run};
use super::rights::{gone, may_pass};
use super::{Shared, notices};
use crate::engine::catalog::CatalogError;
use crate::engine::gateway::CallError;
use crate::engine::supervisor::headline;
use crate::model::automation::RunState;
use crate::model::task::{TaskState, TaskView};
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;

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

/// The same for what is not allowed at this time: a weekend may lie before the allowed hours.
const AGAIN_AT_OTHER_HOURS: SignedDuration = SignedDuration::from_mins(15);
const LONGEST_UNTIL_HOURS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How the remark about what has to be over first begins.
const WAITS: &str = "It waits: ";

/// Why a run does not go on for now.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] CatalogError),
}

/// What is in hand in this process.
pub(super) struct Hands {
    places: Semaphore,
    held: Mutex<HashSet<String>>,
}

impl Default for Hands {
    fn default() -> Self {
        Self { places: Semaphore::new(SIDE_BY_SIDE), held: Mutex::default() }
    }
}

impl Hands {
    /// The set is whole at any moment, so a panic elsewhere does no harm to it.
    fn held(&self) -> MutexGuard<'_, HashSet<String>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run in hand, until this is dropped.
struct InHand {
    shared: Arc<Shared>,
    name: String,
}

impl InHand {
    /// Takes a run in hand; none where it is already.
    fn take(shared: &Arc<Shared>, run: &Run) -> Option<Self> {
        let name = run.answer();
        let is_new = shared.hands.held().insert(name.clone());
        is_new.then(|| Self { shared: Arc::clone(shared), name })
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.shared.hands.held().remove(&self.name);
    }
}

/// Begins to go on with every run that is due and not in hand here. Nothing waits for them: a slow address holds up
/// no schedule.
pub(super) async fn begin_to_go_on(shared: &Arc<Shared>, now: Timestamp) -> Result<(), CatalogError> {
    for run in due(shared, now).await? {
        let Some(in_hand) = InHand::take(shared, &run) else { continue };
        shared.running.spawn(async move {
            let shared = &in_hand.shared;
            let work = async {
                let Ok(_place) = shared.hands.places.acquire().await else { return };
                one_logged(shared, run, Timestamp::now()).await;
            };
            tokio::select! {
                () = work => {}
                // What is under way is begun again by others, when its lease has lapsed.
                () = shared.stopping.cancelled() => {}
            }
        });
    }
    Ok(())
}

/// Goes on with every run that is due, and waits until that is done.
pub(super) async fn go_on(shared: &Shared, now: Timestamp) -> Result<(), CatalogError> {
    let begun = Instant::now();
    let runs = due(shared, now).await?;
    // A lease counts from when it is taken: the last of a round may have its turn late.
    let each = |run: Run| one_logged(shared, run, now + begun.elapsed());
    stream::iter(runs).for_each_concurrent(SIDE_BY_SIDE, each).await;
    Ok(())
}

/// The runs that are due.
async fn due(shared: &Shared, now: Timestamp) -> Result<Vec<Run>, CatalogError> {
    let due = shared.catalog.watched_automations(RUN, Some(now), MOST).await?;
    let runs = due.iter().filter_map(|record| match Run::read(record) {
        Ok(run) => Some(run),
        Err(error) => {
            tracing::error!(%error, "a run of an automation cannot be gone on with");
            None
        }
    });
    Ok(runs.collect())
}

async fn one_logged(shared: &Shared, run: Run, now: Timestamp) {
    let (automation, id) = (run.automation.clone(), run.view.id.clone());
    if let Err(error) = one(shared, run, now).await {
        tracing::warn!(%error, automation, run = id, "a run of an automation is gone on with later");
    }
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
    if let Some(reason) = is_off(shared, run).await? {
        run.end(RunState::Refused, reason, now);
        run.view.deliveries.clear();
        return Ok(());
    }
    let origin = run.setter.origin(&run.automation);
    let begun = shared.supervisor.start_once(&person, &origin, &run.task, run.request.clone()).await;
    run.due = now;
    match begun {
        Ok(task) => {
            run.view.state = RunState::Running;
            run.view.task = Some(task.id);
            run.view.remark = without_waiting(run.view.remark.take());
        }
        Err(error) if may_pass(&error) && now.duration_since(run.created_at) < longest(&error) => {
            run.due = now + if error.not_now { AGAIN_AT_OTHER_HOURS } else { AGAIN };
            let late = without_waiting(run.view.remark.take());
            let late = late.map(|late| format!("{late} ")).unwrap_or_default();
            run.view.remark = Some(format!("{late}{WAITS}{}", error.message));
        }
        Err(error) => run.end(RunState::Refused, format!("{} {}", error.message, error.remedy), now),
    }
    Ok(())
}

/// Why a run is not begun that nobody wants any more; none where it is wanted, or its task was begun before.
async fn is_off(shared: &Shared, run: &Run) -> Result<Option<&'static str>, CatalogError> {
    let record = shared.catalog.automation_record(&run.owner, &run.automation).await?;
    let reason = match record.as_ref().map(Automation::read).transpose()? {
        None => "The automation was deleted before this was begun.",
        Some(automation) if automation.paused.is_some() && !run.was_asked_for() => {
            "The automation was paused before this was begun."
        }
        Some(_) => return Ok(None),
    };
    let begun = shared.supervisor.seen(&run.setter.principal.id, &run.task).await?;
    Ok(begun.is_none().then_some(reason))
}

/// For how long is tried again what could not be begun.
fn longest(error: &CallError) -> SignedDuration {
    if error.not_now { LONGEST_UNTIL_HOURS } else { LONGEST }
}

/// A remark without what had to be over first.
fn without_waiting(remark: Option<String>) -> Option<String> {
    let remark = remark?;
    let kept = remark.find(WAITS).map_or(remark.as_str(), |begin| &remark[..begin]).trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
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
        Err(error) if error.not_now => run.due = now + AGAIN_AT_OTHER_HOURS,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_waited_for_is_forgotten_and_that_it_was_late_is_not() {
        let kept = |remark: &str| without_waiting(Some(remark.to_owned()));
        assert_eq!(kept("It waits: Too many calls."), None);
        assert_eq!(kept("It ran late. It waits: Too many calls.").as_deref(), Some("It ran late."));
        assert_eq!(kept("It ran late.").as_deref(), Some("It ran late."));
        assert_eq!(without_waiting(None), None);
    }
}
