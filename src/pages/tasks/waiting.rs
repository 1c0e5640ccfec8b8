//! What a task waits for: an answer to its question, or an approval; and why it came to nothing.

use super::differences::{self, Difference};
use super::follow::Live;
use super::state::RiskBadge;
use super::step::{arguments_of, pretty};
use super::{address, arguments, change};
use crate::components::icon::{Glyph, Icon};
use crate::model::task::{PlannedStep, Problem, Question, Risk, StepState, TaskState, TaskView};
use leptos::prelude::*;
use serde_json::Value;

/// The open question, each choice a button.
#[component]
pub fn Open(
    /// The task.
    live: Live,
) -> impl IntoView {
    let question = live.part(|task| task.question.clone().filter(|_| task.state == TaskState::Asking));
    let action = address::of_task(&live.task.with_untracked(|task| task.id.clone()));
    move || question.get().map(|question| asked(question, action.clone()))
}

fn asked(question: Question, action: String) -> impl IntoView {
    let options = question.choice.options.into_iter().map(|option| {
        view! {
            <li>
                <button type="submit" class="button" name="value" value=option.value>
                    {option.title}
                </button>
            </li>
        }
    });
    view! {
        <section class="panel task-waits" aria-labelledby="question">
            <h2 id="question">{question.text}</h2>
            <form method="post" action=action aria-labelledby="question">
                <input type="hidden" name="decision" value="answer" />
                <ul class="task-choices">{options.collect_view()}</ul>
            </form>
        </section>
    }
}

/// A step that waits for approval, with exactly what would be sent.
#[derive(Debug, Clone, PartialEq)]
struct ToApprove {
    step: PlannedStep,
    arguments: Value,
    differences: Vec<Difference>,
}

/// The steps that wait for approval, and the form that approves or refuses exactly these.
#[component]
pub fn Approval(
    /// The task.
    live: Live,
) -> impl IntoView {
    let waits = live.part(|task| {
        let approval = task.approval.clone().filter(|_| task.state == TaskState::Approving)?;
        Some((approval, to_approve(task), later(task), has_only_read(task)))
    });
    let task = live.task.with_untracked(|task| task.id.clone());
    move || {
        waits
            .get()
            .map(|(approval, steps, later, only_read)| approve(approval, steps, later, only_read, &task))
    }
}

/// The steps that wait for approval, as the run has said.
fn to_approve(task: &TaskView) -> Vec<ToApprove> {
    let steps = task.plan.iter().flat_map(|plan| &plan.steps);
    let waiting = steps.filter(|step| task.awaiting.contains(&step.id));
    let shown = waiting.map(|step| {
        let view = task.steps.iter().find(|view| view.id == step.id);
        let arguments = arguments_of(step, view);
        let differences = differences::of(task, &arguments);
        ToApprove { step: step.clone(), arguments, differences }
    });
    shown.collect()
}

/// The steps that come after the approval, or are asked for then.
fn later(task: &TaskView) -> Vec<PlannedStep> {
    let steps = task.plan.iter().flat_map(|plan| &plan.steps);
    let is_open = |step: &&PlannedStep| {
        let view = task.steps.iter().find(|view| view.id == step.id);
        view.is_some_and(|view| view.state == StepState::Waiting) && !task.awaiting.contains(&step.id)
    };
    steps.filter(is_open).cloned().collect()
}

/// Whether no step was begun that may do more than read.
fn has_only_read(task: &TaskView) -> bool {
    let steps = task.plan.iter().flat_map(|plan| &plan.steps);
    let mut more = steps.filter(|step| step.risk != Risk::Low);
    let is_begun =
        |step: &PlannedStep| task.steps.iter().any(|view| view.id == step.id && view.began_at.is_some());
    !more.any(is_begun)
}

/// The steps that come later, each with a way to change it or to leave it out.
fn coming(steps: Vec<PlannedStep>, task: &str) -> Option<impl IntoView + use<>> {
    let items = steps.into_iter().map(|step| {
        let address = change::address_of(task, &step.id.0);
        view! {
            <li>
                {step.title} " " <code>{step.tool}</code> " "
                // Loaded anew, as below.
                <a href=address rel="external">{format!("Change or leave out step {}", step.id)}</a>
            </li>
        }
    });
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| {
        view! {
            <h3 id="coming">"What else the plan does after it"</h3>
            <ul aria-labelledby="coming">{items}</ul>
        }
    })
}

fn approve(
    approval: String,
    steps: Vec<ToApprove>,
    later: Vec<PlannedStep>,
    only_read: bool,
    task: &str,
) -> impl IntoView + use<> {
    let so_far = only_read.then_some("In this run, steps have only read so far. ");
    let action = address::of_task(task);
    let steps = steps
        .into_iter()
        .map(|waiting| view! { <li class="task-approval">{one_to_approve(waiting, task)}</li> });
    let coming = coming(later, task);
    view! {
        <section class="panel task-waits" id=address::APPROVAL aria-labelledby="approval-title">
            <h2 id="approval-title">"Approve before it is done"</h2>
            <p>{so_far}"Your approval is for exactly these arguments; anything else would be asked anew. If you refuse, none of it is done, and only what does not need it goes on."</p>
            <ul class="task-approvals">{steps.collect_view()}</ul>
            {coming}
            <form class="task-actions" method="post" action=action aria-labelledby="approval-title">
                <input type="hidden" name="approval" value=approval />
                <button type="submit" class="button is-primary" name="decision" value="approve">
                    <Icon glyph=Glyph::Check />
                    "Approve"
                </button>
                <button type="submit" class="button" name="decision" value="refuse">
                    <Icon glyph=Glyph::Remove />
                    "Refuse"
                </button>
            </form>
        </section>
    }
}

/// What a step would do, in words and exactly; the ways to change it and to leave it out.
fn one_to_approve(waiting: ToApprove, task: &str) -> impl IntoView + use<> {
    let ToApprove { step, arguments, differences } = waiting;
    let mut beside = arguments.clone();
    if let Some(fields) = beside.as_object_mut().filter(|_| !differences.is_empty()) {
        // The new values stand in the table already.
        fields.remove(differences::NEW);
    }
    let facts = arguments::in_words(&beside).into_iter().map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let facts = facts.collect_view();
    let label = format!("Arguments of step {}", step.id);
    let leave_out = view! {
        <form method="post" action=address::of_task(task)>
            <input type="hidden" name="step" value=step.id.0.clone() />
            <button type="submit" class="button" name="decision" value="leaveOut">
                {format!("Leave out step {}", step.id)}
            </button>
        </form>
    };
    view! {
        <p>
            <strong>{step.title}</strong>
            " "
            <RiskBadge risk=step.risk />
        </p>
        {differences::table(&step.id.0, differences)}
        <dl class="task-facts">{facts}</dl>
        <details>
            <summary>"Exactly what is sent to " <code>{step.tool}</code></summary>
            <pre class="result-json" role="region" tabindex="0" aria-label=label>
                <code>{pretty(&arguments).0}</code>
            </pre>
        </details>
        <div class="task-actions">
            // Loaded anew, so that the browser goes to the form, and the keyboard with it.
            <a class="button" href=change::address_of(task, &step.id.0) rel="external">
                {format!("Change step {}", step.id)}
            </a>
            {leave_out}
        </div>
    }
}

/// Why it came to nothing, what to do, and the nearest tasks that can be done.
#[component]
pub fn Refused(
    /// The task.
    live: Live,
) -> impl IntoView {
    let problem = live.part(|task| task.problem.clone().map(|problem| (task.state, problem)));
    move || problem.get().map(|(state, problem)| refused(state, problem))
}

fn refused(state: TaskState, problem: Problem) -> impl IntoView {
    let Problem { message, remedy, nearest } = problem;
    let title = if state == TaskState::Refused { "This was not done" } else { "This came to nothing" };
    let nearest = (!nearest.is_empty()).then(|| {
        let links = nearest.into_iter().map(|sentence| {
            let address = address::with_task(&sentence);
            view! { <li><a href=address>{sentence}</a></li> }
        });
        view! {
            <h3 id="nearest">"You can ask instead"</h3>
            <ul class="task-nearest" aria-labelledby="nearest">{links.collect_view()}</ul>
        }
    });
    view! {
        <section class="panel task-problem" aria-labelledby="problem">
            <h2 id="problem">{title}</h2>
            <p>{message}</p>
            {(!remedy.is_empty()).then(|| view! { <p>{remedy}</p> })}
            {nearest}
        </section>
    }
}
