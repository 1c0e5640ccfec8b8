//! Tasks over REST: `POST /api/aws-mcp` does one, `GET` tells the tools or how their servers are;
//! `GET` and `DELETE /api/tasks/{id}` look at a task and stop it.

use super::caller::Caller;
use super::error::RestError;
use super::rest::{IDEMPOTENCY_KEY, named_field, wrong_address};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, IdempotencyKey, NotAKey, Origin};
use crate::model::field::FieldError;
use crate::model::task::{TaskDecision, TaskRequest, TaskView};
use crate::model::task_outcome::TaskOutcome;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};

/// What the audit log calls a task that could not be read.
const RUN: &str = "POST /api/aws-mcp";

/// What it calls a request about a task whose address could not be read.
const TASK: &str = "/api/tasks/{id}";

/// How long is waited for a task unless the client says otherwise.
const USUAL_WAIT: Duration = Duration::from_secs(30);

/// How long a client may have to wait at most.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What a client prefers (RFC 7240).
const PREFER: &str = "prefer";
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What is asked for at `GET /api/aws-mcp`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    action: Option<Action>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Action {
    Tools,
    Health,
}

/// The tools that the caller may use, or how the servers are.
pub(super) async fn tell(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Ask as GET /api/aws-mcp for the tools, or GET /api/aws-mcp?action=health";
    let asked = caller.asked(&engine, "GET /api/aws-mcp", query, remedy)?;
    Ok(match asked.action {
        None | Some(Action::Tools) => {
            Json(json!({ "tools": engine.gateway.tools(&caller.principal) })).into_response()
        }
        Some(Action::Health) => {
            let fleet = engine.gateway.view_fleet(&caller.principal, &caller.origin, None).await?;
            Json(fleet.output).into_response()
        }
    })
}

/// Does a task, and answers when it has ended. One that takes longer, or needs a person, goes on at its address.
pub(super) async fn run(
    State(engine): State<Engine>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Json<TaskRequest>, JsonRejection>,
) -> Result<Response, RestError> {
    let Json(request) = body.map_err(|rejection| caller.refused(&engine, RUN, wrong_body(&rejection)))?;
    let key = key_of(&headers).map_err(|error| caller.refused(&engine, RUN, error.into()))?;
    let arrived = Instant::now();
    let (supervisor, principal, origin) = (&engine.supervisor, &caller.principal, &caller.origin);
    let keyed = Origin { idempotency_key: key, ..origin.clone() };
    let begun = supervisor.start(principal, &keyed, request).await?;
    let preferred = preferred_wait(&headers);
    let patience = preferred.unwrap_or(USUAL_WAIT);
    let task = match supervisor.settled(principal, origin, &begun.id, patience).await {
        Ok(task) => task,
        // It goes on: whoever is told of an error only would send it again, and have it done twice.
        Err(error) => {
            tracing::warn!(%error, task = begun.id, "a task that was begun could not be looked at");
            begun
        }
    };
    let mut response = answer(task, arrived.elapsed());
    if let Some(seconds) = preferred.map(|wait| wait.as_secs())
        && let Ok(applied) = HeaderValue::from_str(&format!("wait={seconds}"))
    {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    Ok(response)
}

/// A task of the caller.
pub(super) async fn view(
    State(engine): State<Engine>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<TaskView>, RestError> {
    let id = named(&engine, &caller, id)?;
    Ok(Json(engine.supervisor.view(&caller.principal, &caller.origin, &id).await?))
}

/// Stops a task of the caller.
pub(super) async fn cancel(
    State(engine): State<Engine>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<TaskView>, RestError> {
    let id = named(&engine, &caller, id)?;
    let (principal, origin) = (&caller.principal, &caller.origin);
    Ok(Json(engine.supervisor.decide(principal, origin, &id, TaskDecision::Cancel).await?))
}

fn named(
    engine: &Engine,
    caller: &Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<String, RestError> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(rejection) => Err(caller.refused(engine, TASK, wrong_address(&rejection))),
    }
}

/// 200 with what it came to, once it has ended; else 202 with its address.
fn answer(task: TaskView, took: Duration) -> Response {
    let ended = task.state.has_ended();
    let address = format!("/api/tasks/{}", task.id);
    let outcome = Json(TaskOutcome::of(task, u64::try_from(took.as_millis()).unwrap_or(u64::MAX)));
    if ended {
        return outcome.into_response();
    }
    let mut response = (StatusCode::ACCEPTED, outcome).into_response();
    if let Ok(address) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

/// With a key a task is started once, however often it is sent.
fn key_of(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, NotAKey> {
    let key = headers.get(IDEMPOTENCY_KEY);
    key.map(|key| key.to_str().map_err(|_| NotAKey)?.parse()).transpose()
}

/// `Prefer: wait=10`. What is not understood counts as not said, as the standard wants it.
fn preferred_wait(headers: &HeaderMap) -> Option<Duration> {
    let said = headers.get_all(PREFER).into_iter().filter_map(|value| value.to_str().ok());
    let mut preferences = said.flat_map(|text| text.split([',', ';']));
    let wait = preferences.find_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("wait")
            .then(|| value.trim().trim_matches('"').parse::<u64>().ok())?
    });
    wait.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT))
}

fn wrong_body(rejection: &JsonRejection) -> CallError {
    let text = rejection.body_text();
    let remedy = "Send {\"task\": \"…\"}, with parameters and musicIndustryRole where they help.";
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return CallError::new(CallErrorKind::TooLarge, "The body is too large.", remedy);
    }
    let field = named_field(&text).unwrap_or_default().to_owned();
    let error = CallError::new(CallErrorKind::Invalid, format!("The task cannot be read: {text}."), remedy);
    CallError { fields: vec![FieldError::new(field, text)], ..error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(value: &'static str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(PREFER, HeaderValue::from_static(value));
        preferred_wait(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_client_says_how_long_it_waits_and_never_longer_than_may_be() {
        assert_eq!(wait("wait=10"), Some(10));
        assert_eq!(wait("respond-async, Wait = 5"), Some(5));
        assert_eq!(wait("wait=3600"), Some(60));
        assert_eq!(wait("wait=0"), Some(0));
        assert_eq!((wait("wait=soon"), wait("respond-async")), (None, None));
    }
}
