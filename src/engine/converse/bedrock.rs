//! A conversation as Bedrock's `Converse` takes it, and what it answers.

use super::{Conversation, NamedTool, OfferedTool, Part, Reply, Turn};
use crate::engine::aws::{AwsClients, AwsFailure};
use crate::engine::catalog::CatalogError;
use crate::engine::config::Tokens;
use crate::engine::knowledge::resource;
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::operation::converse::builders::ConverseFluentBuilder;
use aws_sdk_bedrockruntime::types::{
    AnyToolChoice, ContentBlock, ConversationRole, ConverseTrace, InferenceConfiguration, Message,
    PromptRouterTrace, SystemContentBlock, Tool, ToolChoice, ToolConfiguration, ToolInputSchema,
    ToolResultBlock, ToolResultContentBlock, ToolResultStatus, ToolSpecification, ToolUseBlock,
};
use aws_smithy_types::error::operation::BuildError;
use aws_smithy_types::{Document, Number};
use serde_json::Value;

/// The request; with tools the model has to name one of them.
pub(super) fn request(
    aws: &AwsClients,
    model: &str,
    conversation: &Conversation,
) -> Result<ConverseFluentBuilder, CatalogError> {
    let unsuitable = |error: BuildError| CatalogError::Unreadable {
        what: "request to the model",
        id: model.to_owned(),
        detail: error.to_string(),
    };
    let turns: Result<Vec<_>, _> = conversation.turns.iter().map(message).collect();
    let most = InferenceConfiguration::builder().max_tokens(conversation.most_tokens.into()).build();
    Ok(aws
        .models
        .converse()
        .model_id(model)
        .system(SystemContentBlock::Text(conversation.system.clone()))
        .set_messages(Some(turns.map_err(unsuitable)?))
        .set_tool_config(toolbox(&conversation.tools).map_err(unsuitable)?)
        .inference_config(most))
}

/// Asks once: a second try would be paid for, too.
pub(super) async fn send(request: ConverseFluentBuilder, model: &str) -> Result<ConverseOutput, AwsFailure> {
    let once = aws_sdk_bedrockruntime::config::Builder::new().retry_config(RetryConfig::disabled());
    let answer = request.customize().config_override(once).send().await;
    answer.map_err(|error| AwsFailure::from_sdk(resource("InvokeModel", model), &error))
}

/// What the model has said, and the tokens that it took where that is told.
pub(super) fn read(answer: ConverseOutput, model: &str) -> (Reply, Option<Tokens>) {
    let router = answer.trace().and_then(ConverseTrace::prompt_router);
    let model = router.and_then(PromptRouterTrace::invoked_model_id).unwrap_or(model).to_owned();
    let count = |tokens: i32| u64::try_from(tokens).unwrap_or_default();
    let used = answer
        .usage()
        .map(|usage| Tokens { input: count(usage.input_tokens()), output: count(usage.output_tokens()) });
    let message = answer.output().and_then(|output| output.as_message().ok());
    let parts = message.map(Message::content).unwrap_or_default().iter().filter_map(part).collect();
    (Reply { parts, model }, used.filter(|used| *used != Tokens::default()))
}

fn part(block: &ContentBlock) -> Option<Part> {
    match block {
        ContentBlock::Text(text) => Some(Part::Text(text.clone())),
        ContentBlock::ToolUse(call) => Some(Part::Call(NamedTool {
            id: call.tool_use_id().to_owned(),
            name: call.name().to_owned(),
            input: value(call.input()),
        })),
        // How it came to its answer, and kinds that were not asked for.
        _ => None,
    }
}

fn message(turn: &Turn) -> Result<Message, BuildError> {
    let (role, content) = match turn {
        Turn::Asked(text) => (ConversationRole::User, vec![ContentBlock::Text(text.clone())]),
        Turn::Said(parts) => {
            let blocks: Result<Vec<_>, _> = parts.iter().filter(|part| !is_blank(part)).map(said).collect();
            (ConversationRole::Assistant, blocks?)
        }
        Turn::Refused { calls, why } if calls.is_empty() => {
            (ConversationRole::User, vec![ContentBlock::Text(why.clone())])
        }
        Turn::Refused { calls, why } => {
            let blocks: Result<Vec<_>, _> = calls.iter().map(|call| refused(call, why)).collect();
            (ConversationRole::User, blocks?)
        }
    };
    Message::builder().role(role).set_content(Some(content)).build()
}

/// Bedrock refuses texts without words.
fn is_blank(part: &Part) -> bool {
    matches!(part, Part::Text(text) if text.trim().is_empty())
}

fn said(part: &Part) -> Result<ContentBlock, BuildError> {
    Ok(match part {
        Part::Text(text) => ContentBlock::Text(text.clone()),
        Part::Call(call) => {
            let call = ToolUseBlock::builder()
                .tool_use_id(&call.id)
                .name(&call.name)
                .input(document(&call.input))
                .build()?;
            ContentBlock::ToolUse(call)
        }
    })
}

fn refused(call: &str, why: &str) -> Result<ContentBlock, BuildError> {
    let result = ToolResultBlock::builder()
        .tool_use_id(call)
        .content(ToolResultContentBlock::Text(why.to_owned()))
        .status(ToolResultStatus::Error)
        .build()?;
    Ok(ContentBlock::ToolResult(result))
}

fn toolbox(tools: &[OfferedTool]) -> Result<Option<ToolConfiguration>, BuildError> {
    if tools.is_empty() {
        return Ok(None);
    }
    let tools: Result<Vec<_>, _> = tools.iter().map(tool).collect();
    let any = ToolChoice::Any(AnyToolChoice::builder().build());
    ToolConfiguration::builder().set_tools(Some(tools?)).tool_choice(any).build().map(Some)
}

fn tool(tool: &OfferedTool) -> Result<Tool, BuildError> {
    let specification = ToolSpecification::builder()
        .name(&tool.name)
        .description(&tool.description)
        .input_schema(ToolInputSchema::Json(document(&tool.schema)))
        .build()?;
    Ok(Tool::ToolSpec(specification))
}

/// JSON as the SDK has it.
fn document(json: &Value) -> Document {
    match json {
        Value::Object(fields) => {
            Document::Object(fields.iter().map(|(name, value)| (name.clone(), document(value))).collect())
        }
        Value::Array(items) => Document::Array(items.iter().map(document).collect()),
        Value::String(text) => Document::String(text.clone()),
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => Number::PosInt(whole),
            (None, Some(whole)) => Number::NegInt(whole),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Value::Null => Document::Null,
    }
}

/// The same back. Fields come in the order of their names, since the SDK keeps none.
fn value(document: &Document) -> Value {
    match document {
        Document::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            Value::Object(fields.into_iter().map(|(name, field)| (name.clone(), value(field))).collect())
        }
        Document::Array(items) => Value::Array(items.iter().map(value).collect()),
        Document::String(text) => Value::String(text.clone()),
        Document::Bool(flag) => Value::Bool(*flag),
        Document::Number(Number::PosInt(whole)) => (*whole).into(),
        Document::Number(Number::NegInt(whole)) => (*whole).into(),
        Document::Number(Number::Float(number)) => (*number).into(),
        Document::Null => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1.0e9..1.0e9_f64).prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_goes_there_and_back(json in json_value()) {
            prop_assert_eq!(value(&document(&json)), json);
        }
    }

    #[test]
    fn what_was_refused_answers_each_tool_that_was_named() {
        let named = |id: &str| {
            Part::Call(NamedTool { id: id.to_owned(), name: "a".to_owned(), input: json!({ "x": 1 }) })
        };
        let said = message(&Turn::Said(vec![Part::Text(" ".to_owned()), named("c1"), named("c2")]));
        assert_eq!(said.expect("a message").content().len(), 2, "blank words are left out");
        let calls = vec!["c1".to_owned(), "c2".to_owned()];
        let refused = message(&Turn::Refused { calls, why: "No.".to_owned() }).expect("a message");
        let ids = refused.content().iter().map(|block| match block {
            ContentBlock::ToolResult(result) => result.tool_use_id(),
            other => panic!("{other:?}"),
        });
        assert_eq!(ids.collect::<Vec<_>>(), ["c1", "c2"]);
        let plain = message(&Turn::Refused { calls: Vec::new(), why: "No.".to_owned() });
        assert!(matches!(plain.expect("a message").content(), [ContentBlock::Text(_)]));
    }
}
