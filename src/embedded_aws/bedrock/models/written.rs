//! A whole answer, put together from its pieces.

use std::time::Instant;

use futures::StreamExt;
use serde_json::{Map, Value};

use super::prompt::ToolUse;
use super::{Event, Events, ModelError, StopReason, Usage, milliseconds_since};

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct Written {
    /// What was said and done, in order.
    pub(in crate::embedded_aws::bedrock) blocks: Vec<Block>,
    /// Why the model stopped.
    pub(in crate::embedded_aws::bedrock) reason: StopReason,
    /// What it took.
    pub(in crate::embedded_aws::bedrock) usage: Usage,
    /// How long it took, in milliseconds.
    pub(in crate::embedded_aws::bedrock) milliseconds: u64,
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) enum Block {
    /// Words.
    Text(String),
    /// A tool is called.
    ToolUse(ToolUse),
}

impl Written {
    /// Reads an answer to its end; `began` is when it was asked for.
    pub(super) async fn read(began: Instant, mut events: Events) -> Result<Self, ModelError> {
        let mut blocks: Vec<Growing> = Vec::new();
        while let Some(event) = events.next().await {
            match event? {
                Event::Text(piece) => match blocks.last_mut() {
                    Some(Growing::Text(text)) => text.push_str(&piece),
                    _ => blocks.push(Growing::Text(piece)),
                },
                Event::ToolUse { id, name } => {
                    blocks.push(Growing::ToolUse { id, name, input: String::new() });
                }
                Event::ToolInput(piece) => {
                    if let Some(Growing::ToolUse { input, .. }) = blocks.last_mut() {
                        input.push_str(&piece);
                    }
                }
                Event::End { reason, usage } => {
                    let blocks = blocks.into_iter().map(Growing::finish).collect::<Result<_, _>>()?;
                    return Ok(Self { blocks, reason, usage, milliseconds: milliseconds_since(began) });
                }
            }
        }
        Err(ModelError::new("stopped in the middle of its answer"))
    }

    /// All that was said.
    pub(in crate::embedded_aws::bedrock) fn text(&self) -> String {
        let texts = self.blocks.iter().filter_map(|block| match block {
            Block::Text(text) => Some(text.as_str()),
            Block::ToolUse(_) => None,
        });
        texts.collect()
    }
}

/// The arguments of a call, from the JSON that the model wrote; none written are none.
pub(super) fn arguments(name: &str, json: &str) -> Result<Map<String, Value>, ModelError> {
    if json.trim().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(json).map_err(|error| {
        ModelError::new(format!("wrote arguments for the tool {name} that are no JSON object: {error}"))
    })
}

enum Growing {
    Text(String),
    ToolUse { id: String, name: String, input: String },
}

impl Growing {
    fn finish(self) -> Result<Block, ModelError> {
        Ok(match self {
            Self::Text(text) => Block::Text(text),
            Self::ToolUse { id, name, input } => {
                let input = arguments(&name, &input)?;
                Block::ToolUse(ToolUse { id, name, input })
            }
        })
    }
}
