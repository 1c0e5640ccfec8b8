//! A task as a file: `GET /export/tasks/{id}.md` and `.json`.

use super::caller::Caller;
use super::error::RestError;
use super::export::file;
use super::rest::wrong_address;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::supervisor::answer::markdown;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

/// What the audit log calls a download that could not be understood.
const EXPORT: &str = "GET /export/tasks";

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
    let Path(name) = name.map_err(|rejection| caller.refused(&engine, EXPORT, wrong_address(&rejection)))?;
    let Some((id, form)) = read(&name) else {
        let message = format!("There is no form of export for {name:?}.");
        let remedy = "Ask as GET /export/tasks/{id}.md or GET /export/tasks/{id}.json";
        return Err(caller.refused(
            &engine,
            EXPORT,
            CallError::new(CallErrorKind::NotFound, message, remedy),
        ));
    };
    let task = engine.supervisor.view(&caller.principal, &caller.origin, id).await?;
    Ok(match form {
        Form::Markdown => file("task.md", "text/markdown; charset=utf-8", markdown(&task)),
        Form::Json => file("task.json", "application/json", format!("{:#}\n", json!(task))),
    })
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
