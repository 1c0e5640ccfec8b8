//! What is said where the address names a step whose arguments cannot be changed: links grow old.

use super::address;
use super::change::STEP;
use crate::model::task::{StepState, TaskState, TaskView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The most characters of a step's name that are repeated from the address.
const LONGEST_NAME: usize = 12;

/// Why a step cannot be changed, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleLink {
    title: String,
    happened: String,
    remedy: String,
}

impl StaleLink {
    /// Of a step that the address names, and that no form can be shown for.
    pub(super) fn of(task: &TaskView, step: &str) -> Self {
        let name: String = step.chars().take(LONGEST_NAME).collect();
        let planned = task.plan.iter().flat_map(|plan| &plan.steps).find(|planned| planned.id.0 == step);
        let Some(planned) = planned else {
            let (happened, remedy) = if task.plan.is_some() {
                (
                    "The link names a step that the plan of this task does not have.",
                    "Choose a step of the plan below.",
                )
            } else {
                ("This task has no plan.", "Look below how far the task is.")
            };
            let (happened, remedy) = (happened.to_owned(), remedy.to_owned());
            return Self { title: format!("There is no step {name}"), happened, remedy };
        };
        let state =
            task.steps.iter().find(|view| view.id.0 == step).map_or(StepState::Waiting, |view| view.state);
        let (happened, remedy) = match state {
            StepState::Waiting if task.state == TaskState::Approving => (
                format!("Its tool {} is not there for you any more.", planned.tool),
                "Refuse the plan, or ask an admin which role may use the tool.",
            ),
            StepState::Waiting => (
                "The task does not wait for approval now.".to_owned(),
                "Once it does, the step can be changed or left out. Until then you can stop the task.",
            ),
            StepState::Running => (
                "It is being done, with the arguments that stand in the plan below.".to_owned(),
                "Stop the task, or wait for it to end and do it again from this step.",
            ),
            StepState::Done => (
                "It has been done already, with the arguments that stand in the plan below.".to_owned(),
                "Once the task has ended you can do it again from this step, or run the whole task again.",
            ),
            StepState::Failed => (
                "It could not be done. The plan below says why.".to_owned(),
                "Once the task has ended you can do it again from this step, or run the whole task again.",
            ),
            StepState::Skipped => (
                "It was left out. The plan below says why.".to_owned(),
                "Once the task has ended you can do it again from this step, or run the whole task again.",
            ),
            StepState::Cancelled => (
                "It was stopped.".to_owned(),
                "You can do it again from this step, or run the whole task again.",
            ),
        };
        Self { title: format!("Step {name} cannot be changed"), happened, remedy: remedy.to_owned() }
    }
}

/// Says so where the form would be.
#[component]
pub fn Stale(
    /// The id of the task.
    task: String,
    /// What is said.
    link: StaleLink,
) -> impl IntoView {
    let StaleLink { title, happened, remedy } = link;
    view! {
        <section class="panel task-problem" id=STEP aria-labelledby="stale">
            <h2 id="stale">{title}</h2>
            <p>{happened}</p>
            <p>{remedy}</p>
            <p>
                <a href=address::of_task(&task)>"Show the task as it is now"</a>
            </p>
        </section>
    }
}
