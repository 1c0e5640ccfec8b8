//! The forms of `/tasks/templates`: `POST` keeps a task as a template, renames one or removes one, and leads back.

use super::pages;
use super::router::AppState;
use super::sent_fields::{SentFields, field};
use super::tasks_form::wrong_fields;
use crate::api::error::AppError;
use crate::engine::gateway::CallError;
use crate::engine::tools::views::{RemoveTaskTemplate, RenameTaskTemplate, SaveTaskTemplate};
use crate::model::field::FieldError;
use crate::model::task_form::TaskForm;
use crate::model::task_template::{TaskTemplate, TemplateRename};
use crate::pages::tasks::address::TEMPLATES;
use crate::pages::tasks::templates::TemplatesOutcome;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /tasks/templates";

/// Does what a button says; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let sent = SentFields::of(request).await;
    let fields = sent.fields().unwrap_or_default();
    let form = TaskForm::read(fields.iter().map(|(name, value)| (name.as_str(), value.clone())));
    // What is renamed or removed stands in no field that could be typed again.
    let is_new = field(fields, "change") == "save";
    let name = if is_new { field(fields, "name").to_owned() } else { String::new() };
    let typed = TaskTemplate { name, form };
    match change(&state, &sent, &typed).await {
        Ok(()) => Redirect::to(TEMPLATES).into_response(),
        Err(error) => {
            let outcome = TemplatesOutcome { typed, error: AppError::from(error) };
            pages::with(&state, sent.parts, outcome).await
        }
    }
}

async fn change(state: &AppState, sent: &SentFields, typed: &TaskTemplate) -> Result<(), CallError> {
    let gateway = &state.engine.gateway;
    let (person, origin) = (&sent.visitor, &sent.origin);
    let refused = |error| sent.refused(state, FORM, error);
    let fields = sent.fields().map_err(refused)?;
    let name = field(fields, "name").to_owned();
    match field(fields, "change") {
        "save" => gateway.call::<SaveTaskTemplate>(person, origin, typed.clone()).await.map(drop),
        "rename" => {
            let rename = TemplateRename { name, new_name: field(fields, "newName").to_owned() };
            gateway.call::<RenameTaskTemplate>(person, origin, rename).await.map(drop)
        }
        "remove" => gateway.call::<RemoveTaskTemplate>(person, origin, name).await.map(drop),
        _ => {
            let wrong = FieldError::new("change", "has to be save, rename or remove");
            Err(refused(wrong_fields(vec![wrong])))
        }
    }
}
