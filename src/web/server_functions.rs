//! Server functions whose request could not be read: it never reaches the door by itself, so it is recorded
//! here, and answered with the status that says the same.

use super::rest::named_field;
use crate::api::error::{AppError, ErrorKind};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::identity::SignedIn;
use crate::model::field::FieldError;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header, response};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use std::net::SocketAddr;

/// The addresses of server functions.
const PREFIX: &str = "/fn/";

/// The longest error that a server function answers with.
const LONGEST_ERROR: usize = 1024 * 1024;

/// Looks after answers that are errors and have no request id.
pub(super) async fn record_unread(State(engine): State<Engine>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PREFIX) {
        return next.run(request).await;
    }
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let signed_in = request.extensions().get::<SignedIn>().map(|signed_in| signed_in.principal.clone());
    let visitor = signed_in.unwrap_or_else(Principal::unknown);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let refused = |error: CallError| {
        let origin = Origin::new(Channel::Page, address);
        AppError::from(engine.gateway.refused(&visitor, &origin, &format!("{method} {path}"), error))
    };
    let response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let message = format!("{path} does not take {method}.");
        let error = CallError::new(CallErrorKind::Invalid, message, "Reload the page.");
        return (StatusCode::METHOD_NOT_ALLOWED, axum::Json(refused(error))).into_response();
    }
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (head, body) = response.into_parts();
    let body = match to_bytes(body, LONGEST_ERROR).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, path, "the error of a server function could not be read");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    match serde_json::from_slice::<AppError>(&body) {
        Ok(error) if error.request_id.is_none() => answer(head, &refused(call_error(error))),
        _ => Response::from_parts(head, Body::from(body)),
    }
}

/// The error with the status that says the same; a plain form keeps its redirect.
fn answer(mut head: response::Parts, error: &AppError) -> Response {
    if !head.status.is_redirection() {
        head.status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    }
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = serde_json::to_vec(error).unwrap_or_default();
    Response::from_parts(head, Body::from(body))
}

fn call_error(error: AppError) -> CallError {
    let named = named_field(&error.message).map(|field| FieldError::new(field, error.message.clone()));
    let fields = if error.fields.is_empty() { named.into_iter().collect() } else { error.fields };
    CallError { fields, ..CallError::new(kind(error.kind), error.message, error.remedy) }
}

fn kind(kind: ErrorKind) -> CallErrorKind {
    match kind {
        ErrorKind::Invalid => CallErrorKind::Invalid,
        ErrorKind::Unauthenticated => CallErrorKind::Unauthenticated,
        ErrorKind::Forbidden => CallErrorKind::Forbidden,
        ErrorKind::ConfirmIdentity => CallErrorKind::ConfirmIdentity,
        ErrorKind::NotFound => CallErrorKind::NotFound,
        ErrorKind::Conflict => CallErrorKind::Conflict,
        ErrorKind::Exists => CallErrorKind::Exists,
        ErrorKind::Choose => CallErrorKind::Choose,
        ErrorKind::TooLarge => CallErrorKind::TooLarge,
        ErrorKind::TooManyRequests => CallErrorKind::TooManyRequests,
        ErrorKind::Unavailable => CallErrorKind::Unavailable,
        ErrorKind::Internal => CallErrorKind::Internal,
    }
}
