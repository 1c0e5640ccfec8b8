//! An answer in the JSON of `Converse`, and in the events of `ConverseStream`.

use std::time::Instant;

use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use serde_json::{Value, json};

use crate::embedded_aws::bedrock::event_stream;
use crate::embedded_aws::bedrock::models::{
    Block, Event, Events, Model, ModelError, StopReason, Usage, Written, milliseconds_since,
};

/// Says which model has written, when it was not the one that was named.
pub(super) fn trace_of(model: &Model) -> Option<Value> {
    model.language_model().map(|name| json!({ "promptRouter": { "invokedModelId": name } }))
}

/// A whole answer.
pub(super) fn whole(written: &Written, trace: Option<Value>) -> Value {
    let blocks = written.blocks.iter().map(|block| match block {
        Block::Text(text) => json!({ "text": text }),
        Block::ToolUse(call) => {
            json!({ "toolUse": { "toolUseId": call.id, "name": call.name, "input": call.input } })
        }
    });
    let mut content: Vec<Value> = blocks.collect();
    if content.is_empty() {
        content.push(json!({ "text": "" }));
    }
    let mut answer = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": written.reason.name(),
        "usage": usage_json(written.usage),
        "metrics": { "latencyMs": written.milliseconds },
    });
    add_trace(&mut answer, trace);
    answer
}

/// An answer as it is written.
pub(super) fn stream(events: Events, began: Instant, trace: Option<Value>) -> Response {
    let start = event_stream::event("messageStart", &json!({ "role": "assistant" }));
    let mut blocks = Blocks { index: 0, open: None };
    let frames = events.flat_map(move |event| {
        let frames = match event {
            Ok(Event::End { reason, usage }) => {
                let mut frames = vec![blocks.stop()];
                frames.extend(end(reason, usage, began, trace.as_ref()));
                frames
            }
            Ok(event) => blocks.frames(event),
            Err(error) => vec![broken(&error)],
        };
        futures::stream::iter(frames)
    });
    event_stream::respond(futures::stream::iter([start]).chain(frames))
}

/// The blocks of a streamed answer: each has its number, and ends before the next begins.
struct Blocks {
    index: u32,
    open: Option<Open>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Text,
    ToolUse,
}

impl Blocks {
    fn frames(&mut self, event: Event) -> Vec<Bytes> {
        match event {
            Event::Text(text) => {
                let mut frames = self.enter(Open::Text);
                frames.push(self.delta(&json!({ "text": text })));
                frames
            }
            Event::ToolUse { id, name } => {
                let mut frames = self.enter(Open::ToolUse);
                let start = json!({ "toolUse": { "toolUseId": id, "name": name } });
                let start = json!({ "contentBlockIndex": self.index, "start": start });
                frames.push(event_stream::event("contentBlockStart", &start));
                frames
            }
            Event::ToolInput(piece) => vec![self.delta(&json!({ "toolUse": { "input": piece } }))],
            Event::End { .. } => Vec::new(),
        }
    }

    /// Begins a block, unless text goes on.
    fn enter(&mut self, next: Open) -> Vec<Bytes> {
        let mut frames = Vec::new();
        match self.open.replace(next) {
            Some(Open::Text) if next == Open::Text => {}
            Some(_) => {
                frames.push(self.stop());
                self.index += 1;
            }
            None => {}
        }
        frames
    }

    fn delta(&self, delta: &Value) -> Bytes {
        let delta = json!({ "contentBlockIndex": self.index, "delta": delta });
        event_stream::event("contentBlockDelta", &delta)
    }

    fn stop(&self) -> Bytes {
        event_stream::event("contentBlockStop", &json!({ "contentBlockIndex": self.index }))
    }
}

fn end(reason: StopReason, usage: Usage, began: Instant, trace: Option<&Value>) -> [Bytes; 2] {
    let mut metadata =
        json!({ "usage": usage_json(usage), "metrics": { "latencyMs": milliseconds_since(began) } });
    add_trace(&mut metadata, trace.cloned());
    [
        event_stream::event("messageStop", &json!({ "stopReason": reason.name() })),
        event_stream::event("metadata", &metadata),
    ]
}

fn broken(error: &ModelError) -> Bytes {
    event_stream::exception("modelStreamErrorException", &error.to_string())
}

fn add_trace(answer: &mut Value, trace: Option<Value>) {
    if let (Some(trace), Some(answer)) = (trace, answer.as_object_mut()) {
        answer.insert("trace".to_owned(), trace);
    }
}

fn usage_json(usage: Usage) -> Value {
    json!({
        "inputTokens": usage.input,
        "outputTokens": usage.output,
        "totalTokens": usage.input + usage.output,
    })
}
