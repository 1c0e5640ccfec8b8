//! What writes: the built-in model, which quotes, or a language model in its place.

mod extractive;
mod passages;
mod prompt;
mod remote;
mod sse;
mod written;

use std::time::Instant;

use futures::StreamExt;
use futures::stream::BoxStream;

use super::faults::{access_denied, invalid};
use crate::embedded_aws::fault::Fault;

pub(super) use self::extractive::{NO_LANGUAGE_MODEL, quotes};
pub(super) use self::prompt::{
    Content, Limits, Prompt, Role, ToolChoice, ToolResult, ToolSpec, ToolUse, Toolbox, Turn,
};
pub(super) use self::remote::RemoteModel;
pub(super) use self::written::{Block, Written};

/// The model that is always there.
pub(super) const BUILT_IN: &str = "local.extractive-v1";

/// Firms whose models Bedrock offers; this account has access to none of them.
const PROVIDERS: [&str; 16] = [
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "luma",
    "meta",
    "minimax",
    "mistral",
    "moonshot",
    "nvidia",
    "openai",
    "qwen",
    "stability",
    "writer",
];
/// Prefixes of inference profiles over several regions.
const REGION_PREFIXES: [&str; 6] = ["apac", "au", "eu", "global", "jp", "us"];

/// Why a model stopped writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopReason {
    /// It was done.
    EndTurn,
    /// It had written as much as it may.
    MaxTokens,
    /// It came to one of the texts that end it.
    StopSequence,
    /// Its own filter stopped it.
    ContentFiltered,
    /// It waits for what the tools answer that it called.
    ToolUse,
}

impl StopReason {
    /// The word for it on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::EndTurn => "end_turn",
            Self::MaxTokens => "max_tokens",
            Self::StopSequence => "stop_sequence",
            Self::ContentFiltered => "content_filtered",
            Self::ToolUse => "tool_use",
        }
    }
}

/// Tokens read and written, in the counting of the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Tokens read.
    pub(super) input: u64,
    /// Tokens written.
    pub(super) output: u64,
}

/// What a model says while it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// The next piece of its answer.
    Text(String),
    /// It begins to call a tool.
    ToolUse {
        /// Names the call.
        id: String,
        /// Names the tool.
        name: String,
    },
    /// The next piece of the arguments of the tool that it calls, as JSON.
    ToolInput(String),
    /// The end, after which nothing comes.
    End {
        /// Why it stopped.
        reason: StopReason,
        /// What it took.
        usage: Usage,
    },
}

/// An answer, piece by piece.
pub(super) type Events = BoxStream<'static, Result<Event, ModelError>>;

/// Why the language model did not write. There is no other text in its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the language model {what}")]
pub(super) struct ModelError {
    what: String,
}

impl ModelError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// The model behind [`BUILT_IN`].
#[derive(Clone)]
pub(super) enum Model {
    /// Quotes the passages it is given.
    Extractive,
    /// Sends the prompt on.
    Remote(RemoteModel),
}

impl Model {
    /// Begins an answer. Once this has returned the model is there, and writes.
    pub(super) async fn write(&self, prompt: Prompt) -> Result<Events, ModelError> {
        match self {
            Self::Extractive => {
                let events = extractive::answer(&prompt).into_iter().map(Ok);
                Ok(futures::stream::iter(events).boxed())
            }
            Self::Remote(model) => model.write(prompt).await,
        }
    }

    /// The whole answer.
    pub(super) async fn write_whole(&self, prompt: Prompt) -> Result<Written, ModelError> {
        let began = Instant::now();
        Written::read(began, self.write(prompt).await?).await
    }

    /// Whether it can call tools.
    pub(super) fn uses_tools(&self) -> bool {
        matches!(self, Self::Remote(_))
    }

    /// The name of the language model; none for the built-in one.
    pub(super) fn language_model(&self) -> Option<&str> {
        match self {
            Self::Extractive => None,
            Self::Remote(model) => Some(model.name()),
        }
    }
}

/// For the `latencyMs` of responses.
pub(super) fn milliseconds_since(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Checks the id of a model, or an ARN that ends with one: only [`BUILT_IN`] is there.
pub(super) fn check_id(id: &str) -> Result<(), Fault> {
    let name = match id.strip_prefix("arn:") {
        Some(arn) => arn.rsplit_once('/').map_or("", |(_, name)| name),
        None => id,
    };
    if name == BUILT_IN {
        return Ok(());
    }
    let mut parts = name.split('.').skip_while(|part| REGION_PREFIXES.contains(part));
    let is_offered = parts.next().is_some_and(|provider| PROVIDERS.contains(&provider));
    if is_offered && parts.next().is_some() {
        let message = format!(
            "You don't have access to the model with the specified model ID: {name}. The embedded AWS has {BUILT_IN} only"
        );
        return Err(access_denied(message));
    }
    Err(invalid(format!("The provided model identifier is invalid: {id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart() {
        assert_eq!(check_id(BUILT_IN), Ok(()));
        assert_eq!(check_id("arn:aws:bedrock:us-east-1::foundation-model/local.extractive-v1"), Ok(()));
        let code = |id: &str| check_id(id).err().map(|fault| fault.code);
        for offered in
            ["anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-x", "amazon.nova-pro-v1:0"]
        {
            assert_eq!(code(offered).as_deref(), Some("AccessDeniedException"));
        }
        for wrong in ["", "gpt", "local.other", "arn:aws:bedrock", "anthropic"] {
            assert_eq!(code(wrong).as_deref(), Some("ValidationException"));
        }
    }
}
