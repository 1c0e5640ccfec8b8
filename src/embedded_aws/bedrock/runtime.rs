//! The Runtime: `Converse`, `ConverseStream` and `InvokeModel`.
//!
//! The native form of the built-in model, for `InvokeModel`, is that of `Converse`: the same JSON in
//! and out.

use std::time::Instant;

use axum::response::Response;
use futures::StreamExt;
use serde_json::{Value, json};

use super::event_stream;
use super::faults::{invalid, unavailable};
use super::models::{
    self, Event, Limits, Model, ModelError, Prompt, Role, StopReason, Turn, Usage, milliseconds_since,
};
use super::request::Fields;
use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::protocol::Protocol;
use crate::embedded_aws::service::unknown_operation;

/// The most tokens that may be asked for.
const MOST_TOKENS: usize = 1_000_000;
/// The most texts that may end an answer.
const MOST_STOPS: usize = 2500;

/// Answers an operation on a model.
pub(super) async fn call(model: &Model, id: &str, operation: &str, body: &Value) -> Result<Response, Fault> {
    if !matches!(operation, "converse" | "converse-stream" | "invoke") {
        return Err(unknown_operation(Protocol::RestJson, "the Bedrock Runtime"));
    }
    models::check_id(id)?;
    let prompt = prompt_of(body)?;
    if operation == "converse-stream" {
        return converse_stream(model, prompt).await;
    }
    let written = model.write_whole(prompt).await.map_err(|error| away(&error))?;
    let mut answer = json!({
        "output": { "message": { "role": "assistant", "content": [{ "text": written.text }] } },
        "stopReason": written.reason.name(),
        "usage": usage_json(written.usage),
        "metrics": { "latencyMs": written.milliseconds },
    });
    if let (Some(trace), Some(answer)) = (trace_of(model), answer.as_object_mut()) {
        answer.insert("trace".to_owned(), trace);
    }
    Ok(Protocol::RestJson.success(answer.to_string()))
}

async fn converse_stream(model: &Model, prompt: Prompt) -> Result<Response, Fault> {
    let began = Instant::now();
    let trace = trace_of(model);
    let events = model.write(prompt).await.map_err(|error| away(&error))?;
    let start = event_stream::event("messageStart", &json!({ "role": "assistant" }));
    let frames = events.flat_map(move |event| {
        let frames = match event {
            Ok(Event::Text(text)) => {
                vec![event_stream::event(
                    "contentBlockDelta",
                    &json!({ "contentBlockIndex": 0, "delta": { "text": text } }),
                )]
            }
            Ok(Event::End { reason, usage }) => end_frames(reason, usage, began, trace.as_ref()),
            Err(error) => vec![event_stream::exception("modelStreamErrorException", &error.to_string())],
        };
        futures::stream::iter(frames)
    });
    Ok(event_stream::respond(futures::stream::iter([start]).chain(frames)))
}

fn end_frames(reason: StopReason, usage: Usage, began: Instant, trace: Option<&Value>) -> Vec<bytes::Bytes> {
    let mut metadata =
        json!({ "usage": usage_json(usage), "metrics": { "latencyMs": milliseconds_since(began) } });
    if let (Some(trace), Some(metadata)) = (trace, metadata.as_object_mut()) {
        metadata.insert("trace".to_owned(), trace.clone());
    }
    vec![
        event_stream::event("contentBlockStop", &json!({ "contentBlockIndex": 0 })),
        event_stream::event("messageStop", &json!({ "stopReason": reason.name() })),
        event_stream::event("metadata", &metadata),
    ]
}

/// Says which model has written, when it was not the one that was named.
fn trace_of(model: &Model) -> Option<Value> {
    model.language_model().map(|name| json!({ "promptRouter": { "invokedModelId": name } }))
}

fn usage_json(usage: Usage) -> Value {
    json!({
        "inputTokens": usage.input,
        "outputTokens": usage.output,
        "totalTokens": usage.input + usage.output,
    })
}

fn away(error: &ModelError) -> Fault {
    unavailable(error.to_string())
}

/// Reads the conversation of a request.
fn prompt_of(body: &Value) -> Result<Prompt, Fault> {
    let fields = Fields::of(body, &["messages", "system", "inferenceConfig"])?;
    let mut system = Vec::new();
    for block in fields.objects("system", &["text"])? {
        system.push(text_of(&block)?);
    }
    let mut turns: Vec<Turn> = Vec::new();
    for message in fields.objects("messages", &["role", "content"])? {
        let role = match message.required_text("role")? {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            other => {
                return Err(invalid(format!(
                    "{} must be user or assistant, not {other}",
                    message.name("role")
                )));
            }
        };
        if turns.last().is_some_and(|former| former.role == role) {
            return Err(invalid("the roles of messages must alternate between user and assistant"));
        }
        let blocks = message.objects("content", &["text"])?;
        if blocks.is_empty() {
            return Err(invalid(format!("{} must not be empty", message.name("content"))));
        }
        let texts: Vec<String> = blocks.iter().map(text_of).collect::<Result<_, _>>()?;
        turns.push(Turn { role, text: texts.join("\n") });
    }
    match (turns.first(), turns.last()) {
        (Some(first), Some(last)) if first.role == Role::User && last.role == Role::User => {}
        (None, _) | (_, None) => return Err(invalid("messages must not be empty")),
        _ => return Err(invalid("a conversation must begin and end with a message of the user")),
    }
    Ok(Prompt { system, turns, limits: limits_of(&fields)? })
}

fn text_of(block: &Fields<'_>) -> Result<String, Fault> {
    let text = block.required_text("text")?;
    if text.trim().is_empty() {
        return Err(invalid(format!("{} is blank", block.name("text"))));
    }
    Ok(text.to_owned())
}

fn limits_of(fields: &Fields<'_>) -> Result<Limits, Fault> {
    let known = ["maxTokens", "temperature", "topP", "stopSequences"];
    let Some(config) = fields.object("inferenceConfig", &known)? else { return Ok(Limits::default()) };
    read_limits(&config)
}

/// Reads the four options that all models have.
pub(super) fn read_limits(config: &Fields<'_>) -> Result<Limits, Fault> {
    let stop = config.texts("stopSequences")?;
    if stop.len() > MOST_STOPS || stop.iter().any(String::is_empty) {
        return Err(invalid(format!(
            "{} must be up to {MOST_STOPS} texts, none empty",
            config.name("stopSequences")
        )));
    }
    Ok(Limits {
        max_tokens: config.integer("maxTokens", 1..=MOST_TOKENS)?,
        temperature: config.fraction("temperature")?,
        top_p: config.fraction("topP")?,
        stop,
    })
}
