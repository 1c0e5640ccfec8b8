//! The tools over REST: `GET /api/tools`, `POST /api/tools/{name}`.

use super::caller::Caller;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, NotAKey, Origin};
use crate::model::field::FieldError;
use crate::model::tool::ToolRun;
use axum::Json;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The header that tells a change that is asked for again from another change.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

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
    let left = answer.left.headers(Timestamp::now());
    let run = Json(ToolRun {
        tool: name,
        request_id: answer.request_id,
        result: answer.output,
        resources: answer.resources,
        duration_micros: u64::try_from(answer.duration.as_micros()).unwrap_or(u64::MAX),
    });
    let mut response = (replayed, run).into_response();
    for (name, value) in left {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
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

/// The error for an address whose query does not fit, at the part of it that is wrong.
pub(super) fn wrong_query(rejection: &QueryRejection, remedy: &str) -> CallError {
    let text = rejection.body_text();
    let detail = text.split_once(": ").map_or(text.as_str(), |(_, detail)| detail);
    let fields = field_of(detail).map(|field| FieldError::new(field, detail)).into_iter().collect();
    let message = format!("The address is wrong: {detail}.");
    CallError { fields, ..CallError::new(CallErrorKind::Invalid, message, remedy) }
}

/// Which field a message is about: "missing field `fileName`", "overwrite: provided string was not …".
fn field_of(detail: &str) -> Option<&str> {
    named_field(detail).or_else(|| detail.split_once(": ").map(|(field, _)| field))
}

/// The field that a message of serde names: "missing field `fileName`", "unknown field `nmae`, …".
pub(super) fn named_field(detail: &str) -> Option<&str> {
    let (_, rest) = detail.split_once("field `")?;
    rest.split_once('`').map(|(field, _)| field)
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Query;
    use axum::http::Uri;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Asked {
        #[expect(dead_code, reason = "only reading it matters")]
        file_name: String,
        #[expect(dead_code, reason = "only reading it matters")]
        limit: Option<u32>,
    }

    #[test]
    fn a_wrong_query_names_the_part_that_is_wrong() {
        for (query, field) in [
            ("", "fileName"),
            ("fileName=a&fileName=b", "fileName"),
            ("fileName=a&limit=many", "limit"),
            ("fileName=a&nmae=b", "nmae"),
        ] {
            let address: Uri = format!("/x?{query}").parse().unwrap();
            let rejection = Query::<Asked>::try_from_uri(&address).unwrap_err();
            let error = wrong_query(&rejection, "Correct it.");
            let fields: Vec<_> = error.fields.iter().map(|wrong| wrong.field.as_str()).collect();
            assert_eq!(fields, [field], "{query}: {error}");
        }
    }
}
