//! `GET /events/audit?who=…`: the records of the audit log as they are made, as JSON.

use super::BUFFERING;
use crate::engine::Engine;
use crate::engine::gateway::Channel;
use crate::engine::tools::Operation;
use crate::engine::tools::views::FollowAudit;
use crate::model::audit::AuditQuestion;
use crate::web::caller::Caller;
use crate::web::error::RestError;
use crate::web::rest::wrong_query;
use crate::web::streams::Streams;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use std::convert::Infallible;
use std::time::Duration;

/// How often it is looked for new records.
const INTERVAL: Duration = Duration::from_secs(2);

/// For how long: then the browser asks anew, and so does the door whether it may.
const LONGEST: Duration = Duration::from_mins(5);

/// New records that fit the question, until the page is left or the instance stops.
pub(in crate::web) async fn audit(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    mut caller: Caller,
    query: Result<Query<AuditQuestion>, QueryRejection>,
) -> Result<Response, RestError> {
    caller.origin.channel = Channel::Page;
    let refused = |error| caller.refused(&engine, FollowAudit::NAME, error);
    let stream = streams.open(&caller.principal.id).map_err(refused)?;
    let remedy = "Ask as GET /events/audit?operation=get_contract";
    let Query(question) = query.map_err(|rejection| refused(wrong_query(&rejection, remedy)))?;
    let gateway = &engine.gateway;
    let followed = gateway.call::<FollowAudit>(&caller.principal, &caller.origin, question).await?;
    let begin = (followed.output, tokio::time::interval(INTERVAL));
    let news = stream::unfold(begin, |(mut tail, mut ticks)| async move {
        ticks.tick().await;
        let event = match tail.news().await {
            Ok(records) if records.is_empty() => Event::default().comment("nothing new"),
            Ok(records) => Event::default().event("audit").json_data(records).unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "whoever follows the audit log misses some of it");
                Event::default().comment("not known")
            }
        };
        Some((Ok::<_, Infallible>(event), (tail, ticks)))
    });
    let stops = engine.clone();
    let until = async move {
        // Whichever comes first.
        let _ = tokio::time::timeout(LONGEST, stops.streams_end()).await;
    };
    let events = Sse::new(news.take_until(until)).keep_alive(KeepAlive::default());
    Ok(stream.until_read(([BUFFERING], events).into_response()))
}
