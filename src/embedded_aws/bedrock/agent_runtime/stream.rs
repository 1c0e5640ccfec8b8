//! `RetrieveAndGenerateStream`: the answer as it is written, each citation after its words.

use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use http::{HeaderName, HeaderValue};
use serde_json::json;

use super::citations::{Certain, CitationReader, Cited};
use super::generate::{Asked, NOTHING, Prepared, citation_json, prepare, prompt_of, quoted};
use super::sessions::Sessions;
use crate::embedded_aws::bedrock::event_stream;
use crate::embedded_aws::bedrock::faults::dependency_failed;
use crate::embedded_aws::bedrock::knowledge_base::{Hit, KnowledgeBase};
use crate::embedded_aws::bedrock::models::{Event, Events, Model};
use crate::embedded_aws::fault::Fault;

/// Where the response names the conversation.
const SESSION_ID: HeaderName = HeaderName::from_static("x-amzn-bedrock-knowledge-base-session-id");

/// Answers a request.
pub(in crate::embedded_aws::bedrock) async fn retrieve_and_generate_stream(
    base: &KnowledgeBase,
    model: &Model,
    sessions: &Sessions,
    asked: Asked,
) -> Result<Response, Fault> {
    let Prepared { session, former, hits } = prepare(base, sessions, &asked).await?;
    let frames: BoxStream<'static, Bytes> = match model {
        Model::Remote(_) if !hits.is_empty() => {
            let prompt = prompt_of(&asked, &hits, former);
            let events = model.write(prompt).await.map_err(|error| dependency_failed(error.to_string()))?;
            let answer = Answer {
                reader: CitationReader::new(hits.len()),
                hits,
                sessions: sessions.clone(),
                session: session.clone(),
                question: asked.question,
            };
            written(events, answer)
        }
        Model::Extractive | Model::Remote(_) => {
            let (text, cited) = match hits.as_slice() {
                [] => (NOTHING.to_owned(), Vec::new()),
                hits => quoted(&asked, hits)?,
            };
            sessions.remember(&session, &asked.question, &text);
            futures::stream::iter(whole(&text, cited, &hits)).boxed()
        }
    };
    let mut response = event_stream::respond(frames);
    if let Ok(session) = HeaderValue::from_str(&session) {
        response.headers_mut().insert(SESSION_ID, session);
    }
    Ok(response)
}

/// An answer that is being written.
struct Answer {
    reader: CitationReader,
    hits: Vec<Hit>,
    sessions: Sessions,
    session: String,
    question: String,
}

fn written(events: Events, answer: Answer) -> BoxStream<'static, Bytes> {
    let frames = events.scan(answer, |answer, event| {
        let frames: Vec<Bytes> = match event {
            Ok(Event::Text(piece)) => {
                answer.reader.take(&piece).iter().map(|certain| frame(certain, &answer.hits)).collect()
            }
            Ok(Event::End { .. }) => {
                let (rest, text) = answer.reader.finish();
                answer.sessions.remember(&answer.session, &answer.question, &text);
                rest.iter().map(|certain| frame(certain, &answer.hits)).collect()
            }
            // No tools were given, so none are called.
            Ok(Event::ToolUse { .. } | Event::ToolInput(_)) => Vec::new(),
            Err(error) => vec![event_stream::exception("dependencyFailedException", &error.to_string())],
        };
        std::future::ready(Some(frames))
    });
    frames.flat_map(futures::stream::iter).boxed()
}

/// A finished answer, up to the end of each cited part, with the citation after it.
fn whole(text: &str, cited: Vec<Cited>, hits: &[Hit]) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut characters = text.chars();
    let mut given = 0;
    for part in cited {
        let piece: String = characters.by_ref().take(part.end - given).collect();
        given = part.end;
        frames.push(frame(&Certain::Text(piece), hits));
        frames.push(frame(&Certain::Cited(part), hits));
    }
    let rest: String = characters.collect();
    if !rest.is_empty() {
        frames.push(frame(&Certain::Text(rest), hits));
    }
    frames
}

fn frame(certain: &Certain, hits: &[Hit]) -> Bytes {
    match certain {
        Certain::Text(text) => event_stream::event("output", &json!({ "text": text })),
        Certain::Cited(part) => event_stream::event("citation", &citation_json(part, hits)),
    }
}
