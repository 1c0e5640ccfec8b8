//! Talks with a language model of Bedrock that may ask for tools. What it asks for is only told: nothing is done here.
//!
//! Every turn is paid from a purse before it is asked for, and settled by what Bedrock says was used.

mod document;

use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::Tokens;
use crate::engine::knowledge::resource;
use crate::engine::spending::{ModelError, Purse};
use aws_sdk_bedrockruntime::types::{
    AnyToolChoice, ContentBlock, ConversationRole, ConverseOutput, InferenceConfiguration, Message,
    SystemContentBlock, TokenUsage, Tool, ToolChoice, ToolConfiguration, ToolInputSchema, ToolResultBlock,
    ToolResultContentBlock, ToolResultStatus, ToolSpecification,
};
use aws_smithy_types::error::operation::BuildError;
use jiff::Timestamp;
use serde_json::Value;

/// How many tokens a turn of the model may have.
const MOST_WRITTEN: u64 = 4096;

/// How many bytes of text make a token at least. English has four, so this counts rather too much.
const BYTES_OF_A_TOKEN: u64 = 3;

/// How many tokens Bedrock puts around the words and tools, about.
const AROUND: u64 = 1_000;

/// A tool that the model may ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedTool {
    /// Its name: letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments.
    pub schema: Value,
}

/// A tool that the model asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedTool {
    /// Its name.
    pub name: String,
    /// The arguments, as the model wrote them.
    pub arguments: Value,
}

/// A turn of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Its words.
    pub text: String,
    /// The tools that it asks for.
    pub tools: Vec<AskedTool>,
    /// What the turn took.
    pub used: Tokens,
}

/// A talk with a model.
#[derive(Debug)]
pub struct Conversation<'a> {
    catalog: &'a Catalog,
    purse: &'a Purse,
    model: &'a str,
    system: String,
    tools: ToolConfiguration,
    /// The bytes of the system's words, the tools and all turns so far.
    bytes: usize,
    messages: Vec<Message>,
}

impl<'a> Conversation<'a> {
    /// Begins a talk in which the model has to ask for tools, and may ask for these.
    ///
    /// # Errors
    /// When the tools cannot be offered in this form.
    pub fn begin(
        catalog: &'a Catalog,
        purse: &'a Purse,
        model: &'a str,
        system: String,
        offered: &[OfferedTool],
    ) -> Result<Self, ModelError> {
        let unsuitable = |error: BuildError| unsuitable(model, &error);
        let mut tools =
            ToolConfiguration::builder().tool_choice(ToolChoice::Any(AnyToolChoice::builder().build()));
        let mut bytes = system.len();
        for tool in offered {
            bytes += tool.name.len() + tool.description.len() + tool.schema.to_string().len();
            let specification = ToolSpecification::builder()
                .name(&tool.name)
                .description(&tool.description)
                .input_schema(ToolInputSchema::Json(document::of(&tool.schema)))
                .build()
                .map_err(unsuitable)?;
            tools = tools.tools(Tool::ToolSpec(specification));
        }
        let tools = tools.build().map_err(unsuitable)?;
        Ok(Self { catalog, purse, model, system, tools, bytes, messages: Vec::new() })
    }

    /// Says something to the model.
    ///
    /// # Errors
    /// When it cannot be put in a message.
    pub fn say(&mut self, text: &str) -> Result<(), ModelError> {
        self.bytes += text.len();
        self.push(vec![ContentBlock::Text(text.to_owned())])
    }

    /// Says that what the model asked for last was not done, and why.
    ///
    /// # Errors
    /// When it cannot be put in a message.
    pub fn refuse(&mut self, why: &str) -> Result<(), ModelError> {
        let asked = self.messages.last().map(Message::content).unwrap_or_default();
        let ids: Vec<String> = asked
            .iter()
            .filter_map(|block| block.as_tool_use().ok())
            .map(|asked| asked.tool_use_id().to_owned())
            .collect();
        if ids.is_empty() {
            return self.say(why);
        }
        let mut blocks = Vec::with_capacity(ids.len());
        for id in ids {
            self.bytes += why.len();
            let result = ToolResultBlock::builder()
                .tool_use_id(id)
                .content(ToolResultContentBlock::Text(why.to_owned()))
                .status(ToolResultStatus::Error)
                .build()
                .map_err(|error| unsuitable(self.model, &error))?;
            blocks.push(ContentBlock::ToolResult(result));
        }
        self.push(blocks)
    }

    /// The model's next turn.
    ///
    /// # Errors
    /// What Bedrock says; also when the purse has not enough left.
    pub async fn next(&mut self, now: Timestamp) -> Result<Turn, ModelError> {
        let most = Tokens { input: AROUND + tokens(self.bytes), output: MOST_WRITTEN };
        let call = self.purse.begin(self.model, most, now).await?;
        let limits = InferenceConfiguration::builder()
            .max_tokens(i32::try_from(MOST_WRITTEN).unwrap_or(i32::MAX))
            .temperature(0.0)
            .build();
        let request = self.catalog.aws.models.converse();
        let request = request
            .model_id(self.model)
            .system(SystemContentBlock::Text(self.system.clone()))
            .set_messages(Some(self.messages.clone()))
            .inference_config(limits)
            .tool_config(self.tools.clone());
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let failure = AwsFailure::from_sdk(resource("InvokeModel", self.model), &error);
                if was_not_done(&failure) {
                    call.give_back().await;
                }
                return Err(CatalogError::from(failure).into());
            }
        };
        let used = answer.usage.as_ref().map_or(most, counted);
        call.settle(used).await;
        let Some(ConverseOutput::Message(message)) = answer.output else {
            return Ok(Turn { text: String::new(), tools: Vec::new(), used });
        };
        let turn = turn(&message, used);
        self.bytes += turn.text.len();
        self.bytes += turn.tools.iter().map(|asked| asked.arguments.to_string().len()).sum::<usize>();
        self.messages.push(message);
        Ok(turn)
    }

    fn push(&mut self, blocks: Vec<ContentBlock>) -> Result<(), ModelError> {
        let message = Message::builder()
            .role(ConversationRole::User)
            .set_content(Some(blocks))
            .build()
            .map_err(|error| unsuitable(self.model, &error))?;
        self.messages.push(message);
        Ok(())
    }
}

fn turn(message: &Message, used: Tokens) -> Turn {
    let mut turn = Turn { text: String::new(), tools: Vec::new(), used };
    for block in message.content() {
        match block {
            ContentBlock::Text(text) => turn.text.push_str(text),
            ContentBlock::ToolUse(asked) => turn.tools.push(AskedTool {
                name: asked.name().to_owned(),
                arguments: document::to_json(asked.input()),
            }),
            // Thoughts, and kinds that come later, ask for nothing.
            _ => {}
        }
    }
    turn
}

fn tokens(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(BYTES_OF_A_TOKEN)
}

fn counted(usage: &TokenUsage) -> Tokens {
    let count = |tokens: i32| u64::try_from(tokens).unwrap_or(0);
    Tokens { input: count(usage.input_tokens()), output: count(usage.output_tokens()) }
}

/// Whether a failure says that the model did nothing, so that nothing is charged.
fn was_not_done(failure: &AwsFailure) -> bool {
    matches!(
        failure.kind,
        FailureKind::NotFound
            | FailureKind::NoResource
            | FailureKind::Denied
            | FailureKind::Invalid
            | FailureKind::Throttled
    ) || !failure.may_have_arrived()
}

fn unsuitable(model: &str, error: &BuildError) -> ModelError {
    CatalogError::Unreadable { what: "request to the model", id: model.to_owned(), detail: error.to_string() }
        .into()
}
