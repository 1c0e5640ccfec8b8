//! Errors as the routes of machines answer them: a status, headers, and JSON that says what to do.

use super::oauth;
use crate::engine::gateway::{CallError, CallErrorKind};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A call that was not done.
pub(super) struct RestError(pub(super) CallError);

impl From<CallError> for RestError {
    fn from(error: CallError) -> Self {
        Self(error)
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let error = self.0;
        let status = error.outside_file_of.map_or(status(error.kind), |_| StatusCode::RANGE_NOT_SATISFIABLE);
        let mut body = json!({
            "error": {
                "kind": error.kind,
                "message": error.message,
                "remedy": error.remedy,
                "fields": error.fields,
                "requestId": error.request_id,
            }
        });
        if let Some(choice) = &error.choice {
            body["error"]["choice"] = json!(choice);
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = error.retry_after_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        for (name, value) in error.limit_headers().into_iter().flatten() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        if let Some(bytes) = error.outside_file_of
            && let Ok(size) = HeaderValue::from_str(&format!("bytes */{bytes}"))
        {
            headers.insert(header::CONTENT_RANGE, size);
        }
        if status == StatusCode::UNAUTHORIZED || error.challenge.is_some() {
            headers.insert(header::WWW_AUTHENTICATE, oauth::challenge(&error));
        }
        response
    }
}

/// The HTTP status of a kind of error.
pub(super) fn status(kind: CallErrorKind) -> StatusCode {
    match kind {
        CallErrorKind::Invalid => StatusCode::BAD_REQUEST,
        CallErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        CallErrorKind::Forbidden | CallErrorKind::ConfirmIdentity => StatusCode::FORBIDDEN,
        CallErrorKind::NotFound => StatusCode::NOT_FOUND,
        CallErrorKind::Conflict | CallErrorKind::Exists | CallErrorKind::Choose => StatusCode::CONFLICT,
        CallErrorKind::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        CallErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        CallErrorKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        CallErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        CallErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
