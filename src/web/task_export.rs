//! A task as a file: `GET /export/tasks/{id}.md` and `.json`; the task of a link, as its reader sees it, as
//! `GET /export/tasks/shared/task.md?link=…` and `.json`.

use super::caller::Caller;
use super::error::RestError;
use super::export::file;
use super::rest::{wrong_address, wrong_query};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::supervisor::answer::markdown;
use crate::model::task::TaskView;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

/// What the audit log calls a download that could not be understood.
const EXPORT: &str = "GET /export/tasks";

/// What the file of a shared task is called, without its ending.
const SHARED: &str = "task";

/// What the address of a shared task names.
#[derive(Deserialize)]
pub(super) struct TaskLink {
    /// The secret of its link.
    pub(super) link: String,
}

impl TaskLink {
    /// What to do about an address without it.
    pub(super) const REMEDY: &str = "Open the link as it was given to you, and go on from its page.";
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Markdown,
    Json,
}

/// One of the caller's tasks: what people read as Markdown, all that is known of it as JSON.
pub(super) async fn task(
    State(engine): State<Engine>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, RestError> {
    let refused = |error| caller.refused(&engine, EXPORT, error);
    let Path(name) = name.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Some((id, form)) = read(&name) else { return Err(refused(no_such_form(&name))) };
    let task = engine.supervisor.view(&caller.principal, &caller.origin, id).await?;
    Ok(form.of(&task))
}

/// The task of a link: what its page shows of it to this reader, and no more.
pub(super) async fn shared_task(
    State(engine): State<Engine>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
    link: Result<Query<TaskLink>, QueryRejection>,
) -> Result<Response, RestError> {
    let refused = |error| caller.refused(&engine, EXPORT, error);
    let Path(name) = name.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Query(TaskLink { link }) =
        link.map_err(|rejection| refused(wrong_query(&rejection, TaskLink::REMEDY)))?;
    let Some((SHARED, form)) = read(&name) else { return Err(refused(no_such_form(&name))) };
    let shared = engine.supervisor.shared_task(&caller.principal, &caller.origin, &link).await?;
    Ok(form.of(&shared.task))
}

impl Form {
    fn of(self, task: &TaskView) -> Response {
        match self {
            Self::Markdown => file("task.md", "text/markdown; charset=utf-8", markdown(task)),
            Self::Json => file("task.json", "application/json", format!("{:#}\n", json!(task))),
        }
    }
}

fn no_such_form(name: &str) -> CallError {
    let message = format!("There is no form of export for {name:?}.");
    let remedy = "Ask for a name that ends in .md or .json: GET /export/tasks/{id}.md or GET /export/tasks/{id}.json; \
                  of a shared task GET /export/tasks/shared/task.md?link=… or task.json.";
    CallError::new(CallErrorKind::NotFound, message, remedy)
}

/// The task and the form that a file name means.
fn read(name: &str) -> Option<(&str, Form)> {
    let (id, ending) = name.rsplit_once('.')?;
    let form = match ending {
        "md" => Form::Markdown,
        "json" => Form::Json,
        _ => return None,
    };
    Some((id, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_says_which_task_in_which_form() {
        assert_eq!(read("01J.md"), Some(("01J", Form::Markdown)));
        assert_eq!(read("01J.json"), Some(("01J", Form::Json)));
        assert_eq!((read("01J"), read("01J.exe")), (None, None));
    }
}
