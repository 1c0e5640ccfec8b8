//! `GET /metrics`: what Prometheus collects, for this machine or with a key.

use super::caller::Caller;
use super::error::RestError;
use super::streams::Streams;
use crate::engine::Engine;
use crate::engine::gateway::Channel;
use crate::engine::telemetry::{Exposition, Kind};
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
        Caller::identify(&parts, &engine, Channel::Rest)?;
    }
    let mut own = Exposition::default();
    own.family("open_streams", Kind::Gauge, "Streams of events that are open.");
    own.sample("open_streams", &[], streams.count());
    let text = engine.metrics_text() + &own.into_text();
    Ok(([(header::CONTENT_TYPE, Exposition::MEDIA_TYPE)], text))
}
