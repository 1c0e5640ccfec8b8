//! `GET /metrics`: what Prometheus collects, for this machine or with a key.

use super::caller::Caller;
use super::error::RestError;
use super::streams::Streams;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::telemetry::{Exposition, Kind};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

/// The metrics of this instance.
pub(super) async fn collect(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<impl IntoResponse, RestError> {
    let here = caller.origin.address.is_some_and(|address| address.to_canonical().is_loopback());
    if !here && !headers.contains_key(header::AUTHORIZATION) {
        let message = "Metrics are given to this machine only, or with a key.";
        let error = CallError::new(CallErrorKind::Unauthenticated, message, "Send a key as a bearer token.");
        return Err(caller.refused(&engine, "GET /metrics", error));
    }
    let mut own = Exposition::default();
    own.family("open_streams", Kind::Gauge, "Streams of events that are open.");
    own.sample("open_streams", &[], streams.count());
    let text = engine.metrics_text() + &own.into_text();
    Ok(([(header::CONTENT_TYPE, Exposition::MEDIA_TYPE)], text))
}
