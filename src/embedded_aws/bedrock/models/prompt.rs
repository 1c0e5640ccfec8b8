//! What a model is asked, in the words that all models have.

use serde_json::{Map, Value};

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) enum Role {
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The word for it on the wire, of Bedrock and of language models alike.
    pub(in crate::embedded_aws::bedrock) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// What one of them said and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct Turn {
    /// Who.
    pub(in crate::embedded_aws::bedrock) role: Role,
    /// What, in order.
    pub(in crate::embedded_aws::bedrock) content: Vec<Content>,
}

impl Turn {
    /// Somebody said something.
    pub(in crate::embedded_aws::bedrock) fn said(role: Role, text: impl Into<String>) -> Self {
        Self { role, content: vec![Content::Text(text.into())] }
    }

    /// All that was said, without what was done.
    pub(in crate::embedded_aws::bedrock) fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|part| match part {
            Content::Text(text) => Some(text.as_str()),
            Content::ToolUse(_) | Content::ToolResult(_) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// A part of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) enum Content {
    /// Words.
    Text(String),
    /// The model calls a tool.
    ToolUse(ToolUse),
    /// The user tells what the tool answered.
    ToolResult(ToolResult),
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct ToolUse {
    /// Names the call.
    pub(in crate::embedded_aws::bedrock) id: String,
    /// Names the tool.
    pub(in crate::embedded_aws::bedrock) name: String,
    /// Its arguments.
    pub(in crate::embedded_aws::bedrock) input: Map<String, Value>,
}

/// The answer of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct ToolResult {
    /// The call that it answers.
    pub(in crate::embedded_aws::bedrock) id: String,
    /// What it answered; JSON where it is no text.
    pub(in crate::embedded_aws::bedrock) text: String,
    /// Whether it failed.
    pub(in crate::embedded_aws::bedrock) failed: bool,
}

/// The tools that a model may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct Toolbox {
    /// The tools; at least one.
    pub(in crate::embedded_aws::bedrock) tools: Vec<ToolSpec>,
    /// Whether it must call one.
    pub(in crate::embedded_aws::bedrock) choice: ToolChoice,
}

/// A tool as it is described to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct ToolSpec {
    /// Its name.
    pub(in crate::embedded_aws::bedrock) name: String,
    /// What it is for.
    pub(in crate::embedded_aws::bedrock) description: Option<String>,
    /// The JSON Schema of its arguments.
    pub(in crate::embedded_aws::bedrock) schema: Map<String, Value>,
}

/// Whether a tool must be called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) enum ToolChoice {
    /// The model decides.
    #[default]
    Auto,
    /// Some tool must be called.
    Any,
    /// This tool must be called.
    Tool(String),
}

/// How a model is to write.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded_aws::bedrock) struct Limits {
    /// The most tokens it may write.
    pub(in crate::embedded_aws::bedrock) max_tokens: Option<usize>,
    /// How freely it chooses its words. The built-in model has no choice.
    pub(in crate::embedded_aws::bedrock) temperature: Option<f64>,
    /// Among how many of the likeliest words it chooses.
    pub(in crate::embedded_aws::bedrock) top_p: Option<f64>,
    /// Texts that end the answer, and are left out of it.
    pub(in crate::embedded_aws::bedrock) stop: Vec<String>,
}

/// A conversation that a model goes on with.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded_aws::bedrock) struct Prompt {
    /// What the model is told before the conversation.
    pub(in crate::embedded_aws::bedrock) system: Vec<String>,
    /// The conversation, which ends with the user.
    pub(in crate::embedded_aws::bedrock) turns: Vec<Turn>,
    /// The tools that it may call; none for most models.
    pub(in crate::embedded_aws::bedrock) toolbox: Option<Toolbox>,
    /// How to write.
    pub(in crate::embedded_aws::bedrock) limits: Limits,
}
