//! Reads the answer of a language model while it is written: chunks in, events out.

use serde::Deserialize;

use super::super::sse::SseReader;
use super::super::written::arguments;
use super::super::{Event, ModelError, StopReason, Usage};

/// The longest name of a call that Bedrock takes.
const LONGEST_ID: usize = 64;

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
    tool_calls: Option<Vec<CallDelta>>,
}

/// A piece of a call of a tool: the first names it, the others go on with its arguments.
#[derive(Deserialize)]
struct CallDelta {
    index: Option<u64>,
    id: Option<String>,
    function: Option<FunctionDelta>,
}

#[derive(Default, Deserialize)]
struct FunctionDelta {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct ChunkUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

/// A call whose arguments are being written.
struct OpenCall {
    index: Option<u64>,
    id: Option<String>,
    name: String,
    arguments: String,
}

/// How far an answer has been read.
pub(super) struct Reading {
    reader: SseReader,
    has_tools: bool,
    call: Option<OpenCall>,
    has_called: bool,
    usage: Usage,
    reason: Option<StopReason>,
    has_ended: bool,
}

type Said = Vec<Result<Event, ModelError>>;

impl Reading {
    /// The beginning of an answer to a prompt with or without tools.
    pub(super) fn new(has_tools: bool) -> Self {
        Self {
            reader: SseReader::default(),
            has_tools,
            call: None,
            has_called: false,
            usage: Usage::default(),
            reason: None,
            has_ended: false,
        }
    }

    /// Whether more may come.
    pub(super) fn goes_on(&self) -> bool {
        !self.has_ended
    }

    /// The events of the next bytes; none at the end of the body.
    pub(super) fn take(&mut self, piece: Option<reqwest::Result<bytes::Bytes>>) -> Said {
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

    fn read(&mut self, bytes: &[u8], events: &mut Said) -> Result<(), ModelError> {
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
            self.read_chunk(chunk, events)?;
        }
        Ok(())
    }

    fn read_chunk(&mut self, chunk: Chunk, events: &mut Said) -> Result<(), ModelError> {
        if let Some(error) = chunk.error {
            return Err(ModelError::new(format!("failed: {error}")));
        }
        if let Some(usage) = chunk.usage {
            self.usage = Usage { input: usage.prompt_tokens, output: usage.completion_tokens };
        }
        for choice in chunk.choices.into_iter().take(1) {
            if let Some(text) = choice.delta.content.filter(|text| !text.is_empty()) {
                self.finish_call()?;
                events.push(Ok(Event::Text(text)));
            }
            for delta in choice.delta.tool_calls.unwrap_or_default() {
                self.read_call(delta, events)?;
            }
            self.reason = choice.finish_reason.as_deref().map(reason_of).transpose()?.or(self.reason);
        }
        Ok(())
    }

    fn read_call(&mut self, delta: CallDelta, events: &mut Said) -> Result<(), ModelError> {
        if !self.has_tools {
            return Err(ModelError::new("called a tool, and was given none"));
        }
        let FunctionDelta { name, arguments } = delta.function.unwrap_or_default();
        let id = delta.id.filter(|id| !id.is_empty());
        let goes_on = self.call.as_ref().is_some_and(|open| {
            (delta.index.is_none() || delta.index == open.index) && (id.is_none() || id == open.id)
        });
        if !goes_on {
            self.finish_call()?;
            let name = name.filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| ModelError::new("called a tool without its name"))?;
            events.push(Ok(Event::ToolUse { id: call_id(id.as_deref()), name: name.clone() }));
            self.call = Some(OpenCall { index: delta.index, id, name, arguments: String::new() });
            self.has_called = true;
        }
        let piece = arguments.filter(|piece| !piece.is_empty());
        if let (Some(open), Some(piece)) = (&mut self.call, piece) {
            open.arguments.push_str(&piece);
            events.push(Ok(Event::ToolInput(piece)));
        }
        Ok(())
    }

    /// The arguments of a call must be whole before anything else is said.
    fn finish_call(&mut self) -> Result<(), ModelError> {
        match self.call.take() {
            Some(call) => arguments(&call.name, &call.arguments).map(drop),
            None => Ok(()),
        }
    }

    fn end(&mut self, events: &mut Said) -> Result<(), ModelError> {
        let reason = self.reason.ok_or_else(|| ModelError::new("broke off its answer"))?;
        let finished = self.finish_call();
        if reason == StopReason::MaxTokens && finished.is_err() {
            return Err(ModelError::new("reached maxTokens in the middle of a call of a tool"));
        }
        finished?;
        self.has_ended = true;
        // Some servers say `stop` after a call, too.
        let reason =
            if self.has_called && reason == StopReason::EndTurn { StopReason::ToolUse } else { reason };
        events.push(Ok(Event::End { reason, usage: self.usage }));
        Ok(())
    }
}

/// The server's name for a call where Bedrock takes it, else one of our own.
fn call_id(given: Option<&str>) -> String {
    let fits = |id: &&str| {
        id.len() <= LONGEST_ID && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    given.filter(fits).map_or_else(|| format!("tooluse_{}", ulid::Ulid::new()), str::to_owned)
}

fn reason_of(finish_reason: &str) -> Result<StopReason, ModelError> {
    match finish_reason {
        "stop" => Ok(StopReason::EndTurn),
        "length" => Ok(StopReason::MaxTokens),
        "content_filter" => Ok(StopReason::ContentFiltered),
        "tool_calls" => Ok(StopReason::ToolUse),
        other => Err(ModelError::new(format!("stopped for a reason that is not known here: {other}"))),
    }
}
