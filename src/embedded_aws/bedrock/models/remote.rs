//! A language model behind an OpenAI-compatible server: `POST …/v1/chat/completions`, streamed.

use std::time::Duration;

use futures::StreamExt;
use serde::Deserialize;
use serde_json::json;

use super::prompt::Prompt;
use super::sse::SseReader;
use super::{Event, Events, ModelError, StopReason, Usage};
use crate::embedded_aws::EmbeddedAwsError;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How much of an error's body is told.
const TOLD_OF_ERRORS: usize = 300;

/// The server.
#[derive(Clone)]
pub(in crate::embedded_aws::bedrock) struct RemoteModel {
    client: reqwest::Client,
    address: reqwest::Url,
    name: String,
    patience: Duration,
}

impl RemoteModel {
    /// A model at a base address, with or without `/v1`, that may be silent for `patience`.
    pub(in crate::embedded_aws::bedrock) fn new(
        url: &str,
        name: Option<&str>,
        patience: Duration,
    ) -> Result<Self, EmbeddedAwsError> {
        let refused = |reason: String| EmbeddedAwsError::LanguageModel { address: url.to_owned(), reason };
        let mut address = reqwest::Url::parse(url).map_err(|error| refused(error.to_string()))?;
        if !matches!(address.scheme(), "http" | "https") {
            return Err(refused("it must begin with http:// or https://".to_owned()));
        }
        let path = address.path().trim_end_matches('/');
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = path.strip_suffix("/v1").unwrap_or(path);
        let path = format!("{path}/v1/chat/completions");
        address.set_path(&path);
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(patience)
            .build()
            .map_err(|error| refused(error.to_string()))?;
        let name = name.unwrap_or("default").to_owned();
        Ok(Self { client, address, name, patience })
    }

    /// The name that the server knows the model by.
    pub(in crate::embedded_aws::bedrock) fn name(&self) -> &str {
        &self.name
    }

    /// Begins an answer; the server has accepted the prompt when this returns.
    pub(super) async fn write(&self, prompt: Prompt) -> Result<Events, ModelError> {
        let request = self.client.post(self.address.clone()).json(&self.body(&prompt)).send();
        let response = tokio::time::timeout(self.patience, request)
            .await
            .map_err(|_| ModelError::new(format!("did not answer within {:?}", self.patience)))?
            .map_err(|error| not_reached(&error))?;
        let status = response.status();
        if !status.is_success() {
            let body = response.text().await.unwrap_or_default();
            let told: String = body.chars().take(TOLD_OF_ERRORS).collect();
            return Err(ModelError::new(format!("answered with status {}: {told}", status.as_u16())));
        }
        let pieces = response.bytes_stream();
        let state =
            Reading { reader: SseReader::default(), usage: Usage::default(), reason: None, has_ended: false };
        let events = pieces
            .map(Some)
            .chain(futures::stream::iter([None]))
            .scan(state, |state, piece| {
                let events = if state.has_ended { None } else { Some(state.take(piece)) };
                std::future::ready(events)
            })
            .flat_map(futures::stream::iter);
        Ok(events.boxed())
    }

    fn body(&self, prompt: &Prompt) -> serde_json::Value {
        let system = prompt.system.iter().map(|text| json!({ "role": "system", "content": text }));
        let turns = prompt.turns.iter().map(|turn| json!({ "role": turn.role.name(), "content": turn.text }));
        let mut body = json!({
            "model": self.name,
            "messages": system.chain(turns).collect::<Vec<_>>(),
            "stream": true,
            "stream_options": { "include_usage": true },
        });
        let limits = &prompt.limits;
        let stop = (!limits.stop.is_empty()).then(|| json!(limits.stop));
        for (name, value) in [
            ("max_tokens", limits.max_tokens.map(|most| json!(most))),
            ("temperature", limits.temperature.map(|value| json!(value))),
            ("top_p", limits.top_p.map(|value| json!(value))),
            ("stop", stop),
        ] {
            if let (Some(value), Some(body)) = (value, body.as_object_mut()) {
                body.insert(name.to_owned(), value);
            }
        }
        body
    }
}

fn not_reached(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        ModelError::new("did not answer in time")
    } else {
        ModelError::new(format!("cannot be reached: {}", error.to_string().trim()))
    }
}

/// A part of an answer (`chat.completion.chunk`), or an error in the middle of one.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<ChunkUsage>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(Deserialize)]
struct ChunkUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

/// How far an answer has been read.
struct Reading {
    reader: SseReader,
    usage: Usage,
    reason: Option<StopReason>,
    has_ended: bool,
}

impl Reading {
    /// The events of the next bytes; none at the end of the body.
    fn take(&mut self, piece: Option<reqwest::Result<bytes::Bytes>>) -> Vec<Result<Event, ModelError>> {
        let mut events = Vec::new();
        let result = match piece {
            Some(Ok(bytes)) => self.read(&bytes, &mut events),
            Some(Err(error)) if error.is_timeout() => Err(ModelError::new("stopped writing for too long")),
            Some(Err(error)) => Err(ModelError::new(format!("broke off its answer: {error}"))),
            None if self.reason.is_some() => self.end(&mut events),
            None => Err(ModelError::new("broke off its answer")),
        };
        if let Err(error) = result {
            self.has_ended = true;
            events.push(Err(error));
        }
        events
    }

    fn read(&mut self, bytes: &[u8], events: &mut Vec<Result<Event, ModelError>>) -> Result<(), ModelError> {
        let unreadable = |_| ModelError::new("wrote something that cannot be read");
        for data in self.reader.take(bytes).map_err(unreadable)? {
            if self.has_ended {
                break;
            }
            if data == "[DONE]" {
                return self.end(events);
            }
            let chunk: Chunk = serde_json::from_str(&data)
                .map_err(|error| ModelError::new(format!("wrote something that cannot be read: {error}")))?;
            if let Some(error) = chunk.error {
                return Err(ModelError::new(format!("failed: {error}")));
            }
            if let Some(usage) = chunk.usage {
                self.usage = Usage { input: usage.prompt_tokens, output: usage.completion_tokens };
            }
            for choice in chunk.choices.into_iter().take(1) {
                if let Some(text) = choice.delta.content.filter(|text| !text.is_empty()) {
                    events.push(Ok(Event::Text(text)));
                }
                self.reason = choice.finish_reason.as_deref().map(reason_of).transpose()?.or(self.reason);
            }
        }
        Ok(())
    }

    fn end(&mut self, events: &mut Vec<Result<Event, ModelError>>) -> Result<(), ModelError> {
        let reason = self.reason.ok_or_else(|| ModelError::new("broke off its answer"))?;
        self.has_ended = true;
        events.push(Ok(Event::End { reason, usage: self.usage }));
        Ok(())
    }
}

fn reason_of(finish_reason: &str) -> Result<StopReason, ModelError> {
    match finish_reason {
        "stop" => Ok(StopReason::EndTurn),
        "length" => Ok(StopReason::MaxTokens),
        "content_filter" => Ok(StopReason::ContentFiltered),
        other => Err(ModelError::new(format!("stopped for a reason that is not known here: {other}"))),
    }
}
