//! `GET /events/health`: how the servers are, every two seconds.

use super::BUFFERING;
use crate::engine::Engine;
use crate::engine::gateway::Channel;
use crate::web::caller::Caller;
use crate::web::error::RestError;
use crate::web::streams::Streams;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use std::convert::Infallible;
use std::time::Duration;

/// How often a page is told how the servers are.
const INTERVAL: Duration = Duration::from_secs(2);

/// The fleet as this instance sees it, now and again, until the page is left or the instance stops.
pub(in crate::web) async fn health(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    mut caller: Caller,
) -> Result<Response, RestError> {
    caller.origin.channel = Channel::Page;
    let stream = streams.open(&caller.principal.id);
    let stream = stream.map_err(|error| caller.refused(&engine, "GET /events/health", error))?;
    // Who may see it is asked once, at the door like every view.
    engine.gateway.view_fleet(&caller.principal, &caller.origin, None).await?;
    let watched = engine.clone();
    let views = stream::unfold(tokio::time::interval(INTERVAL), move |mut ticks| {
        let engine = watched.clone();
        async move {
            ticks.tick().await;
            let view = engine.gateway.fleet_now();
            let event = Event::default().event("health").json_data(view).unwrap_or_default();
            Some((Ok::<_, Infallible>(event), ticks))
        }
    });
    let until_stop = views.take_until(async move { engine.streams_end().await });
    let events = ([BUFFERING], Sse::new(until_stop).keep_alive(KeepAlive::default()));
    Ok(stream.until_read(events.into_response()))
}
