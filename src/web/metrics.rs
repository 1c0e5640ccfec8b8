//! `GET /metrics`: what Prometheus collects, for this machine or with a key.

use super::caller::Caller;
use super::error::RestError;
use super::streams::Streams;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel};
use crate::engine::telemetry::{Exposition, Kind};
use crate::engine::tools::Operation;
use crate::engine::tools::views::ViewPerformance;
use axum::extract::{ConnectInfo, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use std::net::SocketAddr;

/// The metrics of this instance.
pub(super) async fn collect(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    parts: Parts,
) -> Result<impl IntoResponse, RestError> {
    let here = peer.ip().to_canonical().is_loopback();
    if !here || parts.headers.contains_key(header::AUTHORIZATION) {
        let caller = Caller::identify(&parts, &engine, Channel::Rest).await?;
        // The key of a person shows no more than they see on the page of performance.
        let principal = &caller.principal;
        if principal.key.is_some() && !engine.gateway.offers(principal, ViewPerformance::NAME) {
            let message = format!("{} may not read the metrics.", principal.name);
            let remedy = "Use the key of somebody who may see the page of performance.";
            let error = CallError::new(CallErrorKind::Forbidden, message, remedy);
            return Err(caller.refused(&engine, "GET /metrics", error));
        }
    }
    let mut own = Exposition::default();
    own.family("open_streams", Kind::Gauge, "Streams of events that are open.");
    own.sample("open_streams", &[], streams.count());
    let text = engine.metrics_text() + &own.into_text();
    Ok(([(header::CONTENT_TYPE, Exposition::MEDIA_TYPE)], text))
}
