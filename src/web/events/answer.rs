//! `GET /events/knowledge/answer?question=…&asOf=…`: an answer while it is written.
//!
//! A call that is refused is an error as everywhere else, with its status; one that fails later ends the
//! events with `problem`. When the listener goes away, the work stops, and is on record as abandoned.

use super::BUFFERING;
use crate::api::error::AppError;
use crate::engine::Engine;
use crate::engine::gateway::{Answer, CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::bedrock::{
    Insights, InsightsInput, InsightsListener, InsightsStep, StreamInsightsInput, StreamMusicInsights,
};
use crate::model::knowledge::AnswerStep;
use crate::web::caller::Caller;
use crate::web::error::RestError;
use crate::web::streams::Streams;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use tokio::sync::mpsc;

/// The question in the address.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::web) struct AnswerQuery {
    question: String,
    as_of: Option<String>,
}

/// An answer while it is written.
pub(in crate::web) async fn answer(
    State(engine): State<Engine>,
    State(streams): State<Streams>,
    caller: Caller,
    query: Result<Query<AnswerQuery>, QueryRejection>,
) -> Result<Response, RestError> {
    let refused = |error| caller.refused(&engine, StreamMusicInsights::NAME, error);
    let Query(query) = query.map_err(|rejection| {
        let message = format!("The address is wrong: {}.", rejection.body_text());
        let remedy = "Ask as GET /events/knowledge/answer?question=how+loud+is+Spotify";
        refused(CallError::new(CallErrorKind::Invalid, message, remedy))
    })?;
    let stream = streams.open(&caller.principal.id).map_err(refused)?;
    let (listener, steps) = InsightsListener::new();
    let asked = InsightsInput {
        prompt: query.question,
        knowledge_base_id: None,
        model_id: None,
        as_of: query.as_of.filter(|day| !day.is_empty()),
    };
    let input = StreamInsightsInput { asked, listener };
    let call = async move {
        let gateway = &engine.gateway;
        gateway.call::<StreamMusicInsights>(&caller.principal, &caller.origin, input).await.map(Box::new)
    };
    let mut answering = Answering { steps, call: Some(Box::pin(call)), ended: None };
    let first = match answering.next().await {
        Some(Told::Ended(Err(error))) => return Err(error.into()),
        first => first,
    };
    let told = stream::iter(first).chain(stream::unfold(answering, |mut answering| async move {
        answering.next().await.map(|told| (told, answering))
    }));
    let events = told.map(|told| Ok::<_, Infallible>(event(told)));
    let events = ([BUFFERING], Sse::new(events).keep_alive(KeepAlive::default()));
    Ok(stream.until_read(events.into_response()))
}

type Ended = Result<Box<Answer<Insights>>, CallError>;

/// A call under way. Dropping it ends the call.
struct Answering {
    steps: mpsc::Receiver<InsightsStep>,
    call: Option<BoxFuture<'static, Ended>>,
    /// How the call ended, while there are steps left to be told before.
    ended: Option<Ended>,
}

/// What there is to tell.
enum Told {
    Step(InsightsStep),
    Ended(Ended),
}

impl Answering {
    async fn next(&mut self) -> Option<Told> {
        if let Some(call) = &mut self.call {
            tokio::select! {
                biased;
                Some(step) = self.steps.recv() => return Some(Told::Step(step)),
                ended = call => {
                    self.call = None;
                    self.ended = Some(ended);
                }
            }
        }
        match self.steps.try_recv() {
            Ok(step) => Some(Told::Step(step)),
            Err(_) => self.ended.take().map(Told::Ended),
        }
    }
}

fn event(told: Told) -> Event {
    match told {
        Told::Step(step) => as_json("step", &AnswerStep::from(step)),
        Told::Ended(Ok(answer)) => as_json("step", &AnswerStep::Done(Box::new(answer.output.into()))),
        Told::Ended(Err(error)) => as_json("problem", &AppError::from(error)),
    }
}

fn as_json(name: &str, data: &impl Serialize) -> Event {
    let event = Event::default().event(name);
    match serde_json::to_string(data) {
        Ok(json) => event.data(json),
        Err(error) => {
            // These types have nothing that JSON has not.
            tracing::error!(%error, "an event could not be written");
            event
        }
    }
}
