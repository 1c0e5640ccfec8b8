//! A step of a plan that waits for approval, with other arguments: a plain form, made from the schema of its tool.

use super::address;
use super::step::arguments_of;
use crate::api::error::AppError;
use crate::api::tools::list_tools;
use crate::components::browser;
use crate::components::name::humanise;
use crate::components::state::{ErrorState, answer_with_status};
use crate::model::task::{PlannedStep, StepId, StepState, TaskState, TaskView};
use crate::pages::tools::form::entries::Entries;
use crate::pages::tools::form::fields::Fields;
use crate::pages::tools::form::schema;
use crate::pages::tools::form::state::FormState;
use crate::pages::tools::form::submission::entries_from_fields;
use crate::pages::tools::result::in_words_of_the_form;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The field of the address that names the step.
pub const STEP: &str = "change";

/// Given by the web layer as context when other arguments of a step could not be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeOutcome {
    /// The step.
    pub step: StepId,
    /// The arguments as they were sent, by the names of the form.
    pub fields: Vec<(String, String)>,
    /// Why they could not be taken.
    pub error: AppError,
}

impl ChangeOutcome {
    /// What the request that is being answered came to; the answer gets its status.
    pub(super) fn of_request() -> Option<Self> {
        let outcome = use_context::<Self>();
        if let Some(outcome) = &outcome {
            answer_with_status(&outcome.error);
        }
        outcome
    }
}

/// What a form about a step needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToChange {
    step: PlannedStep,
    schema: Value,
    /// What stands in the form: what was typed, else the arguments as they are.
    entries: Entries,
    /// Why what was typed could not be taken.
    error: Option<AppError>,
    /// The names of the arguments that earlier steps are still to find.
    found_later: Vec<String>,
}

/// The step that the address names, where its plan waits for approval, it was not begun and its tool may be used.
///
/// # Errors
/// When the tools cannot be read.
pub async fn to_change(
    task: &TaskView,
    step: &str,
    refused: Option<&ChangeOutcome>,
) -> Result<Option<ToChange>, AppError> {
    let view = task.steps.iter().find(|view| view.id.0 == step);
    let is_open = view.is_some_and(|view| view.state == StepState::Waiting);
    let waits = task.state == TaskState::Approving && is_open;
    let planned = task.plan.iter().flat_map(|plan| &plan.steps).find(|planned| planned.id.0 == step);
    let Some(step) = planned.filter(|_| waits) else { return Ok(None) };
    let Some(tool) = list_tools().await?.into_iter().find(|tool| tool.name == step.tool) else {
        return Ok(None);
    };
    let found_later = step.still_to_find(view);
    let schema = without(tool.input_schema, &found_later);
    let fields = schema::fields(&schema);
    let refused = refused.filter(|refused| refused.step == step.id);
    let entries = if let Some(refused) = refused {
        entries_from_fields(&fields, &refused.fields)
    } else {
        let mut arguments = arguments_of(step, view).as_object().cloned().unwrap_or_default();
        arguments.retain(|name, _| !found_later.contains(name));
        Entries::from_arguments(&fields, &arguments)
    };
    let error = refused.map(|refused| refused.error.clone());
    Ok(Some(ToChange { step: step.clone(), schema, entries, error, found_later }))
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

/// The address of the form about a step. What is sent to it and refused is shown there.
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
    let ToChange { step, schema, entries, error, found_later } = changed;
    let fields = schema::fields(&schema);
    let form = FormState::new(fields.clone(), entries);
    let error = error.map(|error| {
        form.show_errors(&error.fields);
        let error = in_words_of_the_form(error, &fields);
        view! { <ErrorState error=error /> }
    });
    let needed = if step.optional {
        "The answer can do without this step. Steps that need it are left out with it."
    } else {
        "If you leave this step out, steps that need it are left out with it, and the answer is only a part."
    };
    let found_later = (!found_later.is_empty()).then(|| {
        let names: Vec<_> = found_later.iter().map(|name| humanise(name)).collect();
        view! { <p class="task-quiet">{format!("Earlier steps find the rest: {}.", names.join(", "))}</p> }
    });
    // What is wrong is told at its field before anything is sent; without JavaScript the server tells it.
    let check = move |event: MouseEvent| {
        if let Some(first) = form.show_errors(&form.read().errors) {
            event.prevent_default();
            browser::focus(&first);
        }
    };
    let action = address_of(&task, &step.id.0);
    let unchanged = address::of_task(&task);
    view! {
        <section class="panel task-change" id=STEP aria-labelledby="change-title">
            <h2 id="change-title">{format!("Change step {}: {}", step.id, step.title)}</h2>
            <p>"What you send is checked again, then shown to you for approval. Nothing is done before."</p>
            {error}
            <form method="post" action=action aria-labelledby="change-title" prop:noValidate=true>
                <input type="hidden" name="step" value=step.id.0.clone() />
                {found_later}
                <Fields fields=fields form=form enforced=true />
                <p class="task-quiet">{needed}</p>
                <p class="task-actions">
                    <button type="submit" class="button is-primary" name="decision" value="change" on:click=check>
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
