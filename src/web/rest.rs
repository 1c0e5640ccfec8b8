//! The tools over REST: `GET /api/tools`, `POST /api/tools/{name}`.

use super::caller::Caller;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, NotAKey, Origin};
use crate::model::field::FieldError;
use crate::model::tool::ToolRun;
use axum::Json;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

/// The header that tells a change that is asked for again from another change.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The header of an answer that is the kept result of an earlier call.
const REPLAYED: &str = "idempotency-replayed";

/// The tools that the caller may use.
pub(super) async fn list(State(engine): State<Engine>, caller: Caller) -> Json<Value> {
    Json(json!({ "tools": engine.gateway.tools(&caller.principal) }))
}

/// Runs a tool with the arguments of the body: a JSON object, or nothing.
pub(super) async fn run(
    State(engine): State<Engine>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, RestError> {
    let Path(name) =
        name.map_err(|rejection| caller.refused(&engine, "POST /api/tools", wrong_address(&rejection)))?;
    let refused = |error: CallError| caller.refused(&engine, &name, error);
    let body = body.map_err(|rejection| refused(unreadable(&rejection)))?;
    let arguments = if body.is_empty() {
        json!({})
    } else {
        serde_json::from_slice(&body).map_err(|error| refused(not_json(&error)))?
    };
    let key = headers.get(IDEMPOTENCY_KEY).map(|key| key.to_str().map_err(|_| NotAKey)?.parse());
    let key = key.transpose().map_err(|error: NotAKey| refused(error.into()))?;
    let origin = Origin { idempotency_key: key, ..caller.origin.clone() };
    let answer = engine.gateway.call_tool(&caller.principal, &origin, &name, arguments).await?;
    let replayed = answer.replayed.then_some([(REPLAYED, "true")]);
    let run = Json(ToolRun {
        tool: name,
        request_id: answer.request_id,
        result: answer.output,
        resources: answer.resources,
        duration_micros: u64::try_from(answer.duration.as_micros()).unwrap_or(u64::MAX),
    });
    Ok((replayed, run).into_response())
}

/// Any other address below `/api/`.
pub(super) async fn unknown(State(engine): State<Engine>, caller: Caller, uri: Uri) -> RestError {
    let error = CallError::new(
        CallErrorKind::NotFound,
        format!("There is nothing at {}.", uri.path()),
        "GET /api/openapi.json describes the interface.",
    );
    caller.refused(&engine, uri.path(), error)
}

/// A method that an address does not have.
pub(super) async fn wrong_method(
    State(engine): State<Engine>,
    caller: Caller,
    method: Method,
    uri: Uri,
) -> Response {
    let error = CallError::new(
        CallErrorKind::Invalid,
        format!("{} does not take {method}.", uri.path()),
        "GET /api/openapi.json describes the interface.",
    );
    let refused = caller.refused(&engine, &format!("{method} {}", uri.path()), error);
    (StatusCode::METHOD_NOT_ALLOWED, refused).into_response()
}

/// The error for an address whose parts are not text.
pub(super) fn wrong_address(rejection: &PathRejection) -> CallError {
    CallError::new(
        CallErrorKind::Invalid,
        format!("The address is wrong: {}.", rejection.body_text()),
        "Write names in UTF-8, percent-encoded.",
    )
}

fn unreadable(rejection: &BytesRejection) -> CallError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return CallError::new(
            CallErrorKind::TooLarge,
            "The body is larger than 24 MiB.",
            "Send large audio to an address of create_upload_url, or to PUT /upload/audio.",
        );
    }
    CallError::new(
        CallErrorKind::Invalid,
        format!("The body could not be read: {rejection}."),
        "Send it again.",
    )
}

fn not_json(error: &serde_json::Error) -> CallError {
    CallError {
        fields: vec![FieldError::new("", error.to_string())],
        ..CallError::new(
            CallErrorKind::Invalid,
            format!("The body is not JSON: {error}."),
            "Send the arguments as a JSON object.",
        )
    }
}
