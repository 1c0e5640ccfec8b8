//! A step of a plan that waits for approval, with other arguments: a plain form, made from the schema of its tool.

use super::address;
use super::step::arguments_of;
use crate::api::error::AppError;
use crate::api::tools::list_tools;
use crate::components::name::humanise;
use crate::model::task::{PlannedStep, StepState, TaskState, TaskView};
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
    /// The names of the arguments that earlier steps are still to find.
    found_later: Vec<String>,
}

/// The step that the address names, where its plan waits for approval, it was not begun and its tool may be used.
///
/// # Errors
/// When the tools cannot be read.
pub async fn to_change(task: &TaskView, step: &str) -> Result<Option<ToChange>, AppError> {
    let view = task.steps.iter().find(|view| view.id.0 == step);
    let is_open = view.is_some_and(|view| view.state == StepState::Waiting);
    let waits = task.state == TaskState::Approving && is_open;
    let planned = task.plan.iter().flat_map(|plan| &plan.steps).find(|planned| planned.id.0 == step);
    let Some(step) = planned.filter(|_| waits) else { return Ok(None) };
    let tool = list_tools().await?.into_iter().find(|tool| tool.name == step.tool);
    let found_later: Vec<String> = step.still_to_find(view).into_iter().map(str::to_owned).collect();
    let mut arguments = arguments_of(step, view).as_object().cloned().unwrap_or_default();
    arguments.retain(|name, _| !found_later.contains(name));
    Ok(tool.map(|tool| {
        let schema = without(tool.input_schema, &found_later);
        ToChange { step: step.clone(), arguments, schema, found_later }
    }))
}

/// A schema without the arguments that earlier steps are still to find.
pub fn without(mut schema: Value, names: &[String]) -> Value {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| !names.contains(name));
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !names.iter().any(|found| name == found));
    }
    schema
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
    let ToChange { step, arguments, schema, found_later } = changed;
    let fields = schema::fields(&schema);
    let form = FormState::new(fields.clone(), Entries::from_arguments(&fields, &arguments));
    let page = address::of_task(&task);
    let unchanged = page.clone();
    let needed = if step.optional {
        "The answer can do without this step. Steps that need it are left out with it."
    } else {
        "If you leave this step out, steps that need it are left out with it, and the answer is only a part."
    };
    let found_later = (!found_later.is_empty()).then(|| {
        let names: Vec<_> = found_later.iter().map(|name| humanise(name)).collect();
        view! { <p class="task-quiet">{format!("Earlier steps find the rest: {}.", names.join(", "))}</p> }
    });
    view! {
        <section class="panel task-change" id=STEP aria-labelledby="change-title">
            <h2 id="change-title">{format!("Change step {}: {}", step.id, step.title)}</h2>
            <p>"What you send is checked again, then shown to you for approval. Nothing is done before."</p>
            <form method="post" action=page aria-labelledby="change-title">
                <input type="hidden" name="step" value=step.id.0.clone() />
                {found_later}
                <Fields fields=fields form=form enforced=true />
                <p class="task-quiet">{needed}</p>
                <p class="task-actions">
                    <button type="submit" class="button is-primary" name="decision" value="change">
                        "Use these arguments"
                    </button>
                    <button
                        type="submit"
                        class="button"
                        name="decision"
                        value="leaveOut"
                        formnovalidate=true
                    >
                        "Leave this step out"
                    </button>
                    <a class="button" href=unchanged>"Leave it as it is"</a>
                </p>
            </form>
        </section>
    }
}
