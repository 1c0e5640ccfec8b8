//! `GET /events/tasks/{id}`: a task whenever it changes, until it has ended; and `GET /events/tasks/shared?link=…`: the
//! same of the task of a link, as its reader may read it.
//!
//! Each event is the whole task and has its revision as id. Whoever comes back with the id of the last event is
//! told what is new since; where the task has ended and nothing is, the answer is 204, which ends the asking.

use super::BUFFERING;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, Channel};
use crate::model::task::TaskView;
use crate::web::caller::Caller;
use crate::web::error::RestError;
use crate::web::rest::{wrong_address, wrong_query};
use crate::web::streams::{OpenStream, Streams};
use crate::web::task_export::TaskLink;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use std::convert::Infallible;

/// What the audit log calls a request that could not be read.
const EVENTS: &str = "GET /events/tasks";

/// A task as it changes, until it has ended, the page is left, or the instance stops.
pub(in crate::web) async fn task(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    mut caller: Caller,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    caller.origin.channel = Channel::Page;
    let refused = |error| caller.refused(&engine, EVENTS, error);
    let Path(id) = id.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let stream = streams.open(&caller.principal.id).map_err(refused)?;
    let views = engine.supervisor.follow(&caller.principal, &caller.origin, &id);
    tell(engine, stream, views, &headers).await
}

/// The task of a link as it changes, until it has ended, the link or the permission to read it has, the page is left, or
/// the instance stops.
pub(in crate::web) async fn shared_task(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    mut caller: Caller,
    link: Result<Query<TaskLink>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    caller.origin.channel = Channel::Page;
    let refused = |error| caller.refused(&engine, EVENTS, error);
    let Query(TaskLink { link }) =
        link.map_err(|rejection| refused(wrong_query(&rejection, TaskLink::REMEDY)))?;
    let stream = streams.open(&caller.principal.id).map_err(refused)?;
    let views = engine.supervisor.follow_shared(&caller.principal, &caller.origin, &link);
    tell(engine, stream, views, &headers).await
}

/// Tells what is followed, from what the client has not heard yet on.
async fn tell(
    engine: Engine,
    stream: OpenStream,
    views: impl Stream<Item = Result<TaskView, CallError>> + Send + 'static,
    headers: &HeaderMap,
) -> Result<Response, RestError> {
    let mut views = Box::pin(views);
    // Whether the caller may see the task is known with the first view.
    let first = views.next().await.transpose()?;
    let known = last_event(headers);
    let first = first.filter(|task| Some(task.revision) != known || !task.state.has_ended());
    let Some(first) = first else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let first = (Some(first.revision) != known).then_some(Ok(first));
    let told = stream::iter(first).chain(views);
    let events = told.filter_map(|told| async move { event(told) }).map(Ok::<_, Infallible>);
    let events = events.take_until(async move { engine.streams_end().await });
    let events = ([BUFFERING], Sse::new(events).keep_alive(KeepAlive::default()));
    Ok(stream.until_read(events.into_response()))
}

/// The revision that the client has seen.
fn last_event(headers: &HeaderMap) -> Option<u32> {
    headers.get("last-event-id")?.to_str().ok()?.trim().parse().ok()
}

fn event(told: Result<TaskView, CallError>) -> Option<Event> {
    match told {
        Ok(task) => {
            let event = Event::default().event("task").id(task.revision.to_string());
            // A task has nothing that JSON has not.
            event.json_data(task).ok()
        }
        Err(error) => {
            tracing::warn!(%error, "whoever follows a task misses some of it");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn whoever_comes_back_says_what_was_seen() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("last-event-id", HeaderValue::from_static(value));
            last_event(&headers)
        };
        assert_eq!((with("7"), with("x"), last_event(&HeaderMap::new())), (Some(7), None, None));
    }
}
