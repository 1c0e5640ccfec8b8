//! A step that waits for approval with other arguments: a plain form, made from the schema of its tool.

use super::address;
use super::step::arguments_of;
use crate::api::error::AppError;
use crate::api::tools::list_tools;
use crate::model::task::{PlannedStep, TaskState, TaskView};
use crate::pages::tools::form::entries::Entries;
use crate::pages::tools::form::fields::Fields;
use crate::pages::tools::form::schema;
use crate::pages::tools::form::state::FormState;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The field of the address that names the step.
pub const STEP: &str = "change";

/// What a form about a step needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToChange {
    step: PlannedStep,
    arguments: Map<String, Value>,
    schema: Value,
}

/// The step that the address names, where it waits for approval and its tool may be used.
///
/// # Errors
/// When the tools cannot be read.
pub async fn to_change(task: &TaskView, step: &str) -> Result<Option<ToChange>, AppError> {
    let waits = task.state == TaskState::Approving && task.awaiting.iter().any(|id| id.0 == step);
    let planned = task.plan.iter().flat_map(|plan| &plan.steps).find(|planned| planned.id.0 == step);
    let Some(step) = planned.filter(|_| waits) else { return Ok(None) };
    let tool = list_tools().await?.into_iter().find(|tool| tool.name == step.tool);
    let view = task.steps.iter().find(|view| view.id == step.id);
    let arguments = arguments_of(step, view).as_object().cloned().unwrap_or_default();
    Ok(tool.map(|tool| ToChange { step: step.clone(), arguments, schema: tool.input_schema }))
}

/// The address of the form about a step.
pub fn address_of(task: &str, step: &str) -> String {
    format!("{}?{STEP}={step}#{STEP}", address::of_task(task))
}

/// The form.
#[component]
pub fn Change(
    /// The id of the task.
    task: String,
    /// The step.
    changed: ToChange,
) -> impl IntoView {
    let ToChange { step, arguments, schema } = changed;
    let fields = schema::fields(&schema);
    let form = FormState::new(fields.clone(), Entries::from_arguments(&fields, &arguments));
    let page = address::of_task(&task);
    let unchanged = page.clone();
    let leave_out = step.optional.then(|| {
        view! {
            <button type="submit" class="button" name="decision" value="leaveOut" formnovalidate=true>
                "Leave this step out"
            </button>
        }
    });
    view! {
        <section class="panel task-change" id=STEP aria-labelledby="change-title">
            <h2 id="change-title">{format!("Change step {}: {}", step.id, step.title)}</h2>
            <p>"What you send is checked again, then shown to you for approval. Nothing is done before."</p>
            <form method="post" action=page aria-labelledby="change-title">
                <input type="hidden" name="step" value=step.id.0.clone() />
                <Fields fields=fields form=form enforced=true />
                <p class="task-actions">
                    <button type="submit" class="button is-primary" name="decision" value="change">
                        "Use these arguments"
                    </button>
                    {leave_out}
                    <a class="button" href=unchanged>"Leave it as it is"</a>
                </p>
            </form>
        </section>
    }
}
