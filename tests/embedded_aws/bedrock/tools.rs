//! Tool use of `Converse` and `ConverseStream`: a language model calls, the built-in one says that it cannot.

use std::collections::HashMap;

use aws_sdk_bedrockruntime::types::{
    AnyToolChoice, ContentBlock, ContentBlockDelta, ContentBlockStart, ConversationRole,
    ConverseStreamOutput, Message, SpecificToolChoice, StopReason, Tool, ToolChoice, ToolConfiguration,
    ToolInputSchema, ToolResultBlock, ToolResultContentBlock, ToolResultStatus, ToolSpecification,
    ToolUseBlock,
};
use aws_smithy_types::{Document, Number};
use serde_json::{Value, json};

use super::super::code_of;
use super::models::message;
use super::{Failure, Knowledge, MODEL, Outcome};
use crate::support::language_model::{Conduct, LanguageModel};

const QUESTION: &str = "How many streams had Mira in Norway?";

fn document(json: Value) -> Document {
    match json {
        Value::Object(members) => {
            Document::Object(members.into_iter().map(|(name, value)| (name, document(value))).collect())
        }
        Value::Array(items) => Document::Array(items.into_iter().map(document).collect()),
        Value::String(text) => Document::String(text),
        Value::Bool(flag) => Document::Bool(flag),
        Value::Number(number) => Document::Number(Number::PosInt(number.as_u64().unwrap_or_default())),
        Value::Null => Document::Null,
    }
}

fn tool(name: &str, schema: Value) -> Result<Tool, Failure> {
    let schema = ToolInputSchema::Json(document(schema));
    let spec = ToolSpecification::builder().name(name).description("Counts streams.").input_schema(schema);
    Ok(Tool::ToolSpec(spec.build()?))
}

fn schema() -> Value {
    json!({ "type": "object", "properties": { "artist": { "type": "string" } }, "required": ["artist"] })
}

fn tools(choice: Option<ToolChoice>) -> Result<ToolConfiguration, Failure> {
    let config = ToolConfiguration::builder()
        .tools(tool("count_streams", schema())?)
        .tools(tool("list_territories", json!({ "type": "object" }))?);
    Ok(config.set_tool_choice(choice).build()?)
}

/// A piece of a call, as servers of language models stream it.
fn call(index: u32, id: Option<&str>, name: Option<&str>, arguments: &str) -> Value {
    let mut function = json!({ "arguments": arguments });
    if let Some(name) = name {
        function["name"] = json!(name);
    }
    let mut call = json!({ "index": index, "type": "function", "function": function });
    if let Some(id) = id {
        call["id"] = json!(id);
    }
    json!({ "index": 0, "delta": { "tool_calls": [call] }, "finish_reason": null })
}

fn says(text: &str) -> Value {
    json!({ "index": 0, "delta": { "role": "assistant", "content": text }, "finish_reason": null })
}

fn stops(reason: &str) -> Value {
    json!({ "index": 0, "delta": {}, "finish_reason": reason })
}

/// A few words, then two calls, the arguments of the first in pieces.
fn two_calls() -> Conduct {
    Conduct::Chooses(vec![
        says("Let me "),
        says("count."),
        call(0, Some("call_1"), Some("count_streams"), ""),
        call(0, None, None, "{\"artist\": \"Mi"),
        call(0, None, None, "ra\"}"),
        call(1, Some("call_2"), Some("list_territories"), ""),
        stops("tool_calls"),
    ])
}

async fn with(model: &LanguageModel) -> Result<Knowledge, Failure> {
    Knowledge::with(|options| options.language_model_url = Some(model.url())).await
}

fn result(
    id: &str,
    content: ToolResultContentBlock,
    status: ToolResultStatus,
) -> Result<ContentBlock, Failure> {
    let result = ToolResultBlock::builder().tool_use_id(id).content(content).status(status).build()?;
    Ok(ContentBlock::ToolResult(result))
}

#[tokio::test]
async fn a_language_model_calls_tools_and_answers_from_their_results() -> Outcome {
    let model =
        LanguageModel::start(Conduct::InTurn(vec![two_calls(), Conduct::Writes(vec!["12 streams."])])).await;
    let knowledge = with(&model).await?;
    let user = message(ConversationRole::User, QUESTION)?;
    let first = knowledge.models.converse().model_id(MODEL).tool_config(tools(None)?);
    let first = first.messages(user.clone()).send().await?;
    assert_eq!(first.stop_reason(), &StopReason::ToolUse);
    let said = first.output().and_then(|output| output.as_message().ok()).cloned().ok_or("no message")?;
    let [ContentBlock::Text(text), ContentBlock::ToolUse(count), ContentBlock::ToolUse(list)] =
        said.content()
    else {
        return Err(format!("{:?}", said.content()).into());
    };
    assert_eq!(text, "Let me count.");
    assert_eq!((count.tool_use_id(), count.name()), ("call_1", "count_streams"));
    assert_eq!(count.input(), &document(json!({ "artist": "Mira" })));
    assert_eq!((list.name(), list.input()), ("list_territories", &Document::Object(HashMap::new())));

    let answers = Message::builder()
        .role(ConversationRole::User)
        .content(result(
            "call_1",
            ToolResultContentBlock::Json(document(json!({ "streams": 12 }))),
            ToolResultStatus::Success,
        )?)
        .content(result(
            "call_2",
            ToolResultContentBlock::Text("no such table".to_owned()),
            ToolResultStatus::Error,
        )?)
        .content(ContentBlock::Text("Be short.".to_owned()))
        .build()?;
    let second = knowledge.models.converse().model_id(MODEL).tool_config(tools(None)?);
    let second = second.messages(user).messages(said).messages(answers).send().await?;
    assert_eq!(super::models::text_of(&second), "12 streams.");
    assert_eq!(second.stop_reason(), &StopReason::EndTurn);

    let requests = model.requests();
    let offered = &requests[0]["tools"][0];
    assert_eq!(offered["type"], "function");
    assert_eq!(offered["function"]["name"], "count_streams");
    assert_eq!(offered["function"]["description"], "Counts streams.");
    assert_eq!(offered["function"]["parameters"], schema());
    assert_eq!(requests[0]["tool_choice"], "auto");
    let messages = requests[1]["messages"].as_array().ok_or("no messages")?;
    assert_eq!(messages[0], json!({ "role": "user", "content": QUESTION }));
    assert_eq!(messages[1]["content"], "Let me count.");
    assert_eq!(messages[1]["tool_calls"][0]["id"], "call_1");
    assert_eq!(messages[1]["tool_calls"][0]["function"]["arguments"], "{\"artist\":\"Mira\"}");
    assert_eq!(
        messages[2],
        json!({ "role": "tool", "tool_call_id": "call_1", "content": "{\"streams\":12}" })
    );
    assert_eq!(messages[3]["tool_call_id"], "call_2");
    assert_eq!(messages[3]["content"], "The tool failed: no such table");
    assert_eq!(messages[4], json!({ "role": "user", "content": "Be short." }));
    Ok(())
}

#[tokio::test]
async fn calls_are_streamed_in_blocks_of_their_own() -> Outcome {
    let model = LanguageModel::start(two_calls()).await;
    let knowledge = with(&model).await?;
    let request = knowledge.models.converse_stream().model_id(MODEL).tool_config(tools(None)?);
    let mut answer = request.messages(message(ConversationRole::User, QUESTION)?).send().await?;
    let mut seen = Vec::new();
    while let Some(event) = answer.stream.recv().await? {
        match event {
            ConverseStreamOutput::ContentBlockStart(start) => {
                let Some(ContentBlockStart::ToolUse(call)) = start.start() else {
                    return Err("no call".into());
                };
                let index = start.content_block_index();
                seen.push(format!("{index} calls {} {}", call.tool_use_id(), call.name()));
            }
            ConverseStreamOutput::ContentBlockDelta(delta) => {
                let index = delta.content_block_index();
                seen.push(match delta.delta() {
                    Some(ContentBlockDelta::Text(text)) => format!("{index} says {text}"),
                    Some(ContentBlockDelta::ToolUse(call)) => format!("{index} with {}", call.input()),
                    other => return Err(format!("{other:?}").into()),
                });
            }
            ConverseStreamOutput::ContentBlockStop(stop) => {
                seen.push(format!("{} ends", stop.content_block_index()));
            }
            ConverseStreamOutput::MessageStop(stop) => seen.push(stop.stop_reason().as_str().to_owned()),
            _ => {}
        }
    }
    let expected = [
        "0 says Let me ",
        "0 says count.",
        "0 ends",
        "1 calls call_1 count_streams",
        "1 with {\"artist\": \"Mi",
        "1 with ra\"}",
        "1 ends",
        "2 calls call_2 list_territories",
        "2 ends",
        "tool_use",
    ];
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn a_tool_can_be_demanded() -> Outcome {
    let model = LanguageModel::start(two_calls()).await;
    let knowledge = with(&model).await?;
    let named = SpecificToolChoice::builder().name("count_streams").build()?;
    for choice in [ToolChoice::Any(AnyToolChoice::builder().build()), ToolChoice::Tool(named)] {
        let request = knowledge.models.converse().model_id(MODEL).tool_config(tools(Some(choice))?);
        request.messages(message(ConversationRole::User, QUESTION)?).send().await?;
    }
    let choices: Vec<Value> = model.requests().iter().map(|request| request["tool_choice"].clone()).collect();
    let function = json!({ "type": "function", "function": { "name": "count_streams" } });
    assert_eq!(choices, [json!("required"), function]);
    Ok(())
}

#[tokio::test]
async fn servers_that_say_stop_after_a_call_or_name_no_call_are_understood() -> Outcome {
    let whole = json!({ "index": 0, "delta": { "tool_calls": [
        { "function": { "name": "count_streams", "arguments": "{\"artist\":\"Mira\"}" } },
    ] } });
    let model = LanguageModel::start(Conduct::Chooses(vec![whole, stops("stop")])).await;
    let knowledge = with(&model).await?;
    let request = knowledge.models.converse().model_id(MODEL).tool_config(tools(None)?);
    let answer = request.messages(message(ConversationRole::User, QUESTION)?).send().await?;
    assert_eq!(answer.stop_reason(), &StopReason::ToolUse);
    let said = answer.output().and_then(|output| output.as_message().ok()).ok_or("no message")?;
    let [ContentBlock::ToolUse(call)] = said.content() else { return Err(format!("{said:?}").into()) };
    assert!(call.tool_use_id().starts_with("tooluse_"), "{}", call.tool_use_id());
    Ok(())
}

#[tokio::test]
async fn a_call_that_cannot_be_read_is_a_failure_and_no_call() -> Outcome {
    let cut = vec![call(0, Some("call_1"), Some("count_streams"), "{\"artist\": "), stops("length")];
    let nameless = vec![call(0, Some("call_1"), None, "{}"), stops("tool_calls")];
    let no_object = vec![call(0, Some("call_1"), Some("count_streams"), "[1]"), stops("tool_calls")];
    for choices in [cut, nameless, no_object] {
        let model = LanguageModel::start(Conduct::Chooses(choices.clone())).await;
        let knowledge = with(&model).await?;
        let request = knowledge.models.converse().model_id(MODEL).tool_config(tools(None)?);
        let answer = request.messages(message(ConversationRole::User, QUESTION)?).send().await;
        assert_eq!(code_of(answer), "ServiceUnavailableException", "{choices:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_built_in_model_says_that_it_has_no_tool_use() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let user = message(ConversationRole::User, QUESTION)?;
    let whole = knowledge.models.converse().model_id(MODEL).tool_config(tools(None)?).messages(user.clone());
    let error = whole.send().await.err().ok_or("it was taken")?.into_service_error();
    assert!(error.is_validation_exception(), "{error:?}");
    assert_eq!(error.meta().message(), Some("This model doesn't support tool use."));
    let streamed =
        knowledge.models.converse_stream().model_id(MODEL).tool_config(tools(None)?).messages(user);
    let error = streamed.send().await.err().ok_or("it was taken")?.into_service_error();
    assert_eq!(error.meta().message(), Some("This model doesn't support tool use in streaming mode."));
    Ok(())
}

#[tokio::test]
async fn wrong_tools_and_results_are_refused_before_the_model_is_asked() -> Outcome {
    let model = LanguageModel::start(two_calls()).await;
    let knowledge = with(&model).await?;
    let user = || message(ConversationRole::User, QUESTION);
    let called = |id: &str| -> Result<Message, Failure> {
        let call = ToolUseBlock::builder().tool_use_id(id).name("count_streams").input(document(json!({})));
        Ok(Message::builder()
            .role(ConversationRole::Assistant)
            .content(ContentBlock::ToolUse(call.build()?))
            .build()?)
    };
    let answered = |id: &str| -> Result<Message, Failure> {
        let content = ToolResultContentBlock::Text("12".to_owned());
        let block = result(id, content, ToolResultStatus::Success)?;
        Ok(Message::builder().role(ConversationRole::User).content(block).build()?)
    };
    let converse = || {
        knowledge
            .models
            .converse()
            .model_id(MODEL)
            .messages(message(ConversationRole::User, "x").expect("a message"))
    };
    let config = |tool: Tool| ToolConfiguration::builder().tools(tool);
    let twice = config(tool("a", schema())?).tools(tool("a", schema())?).build()?;
    let unknown = SpecificToolChoice::builder().name("b").build()?;
    let unknown = config(tool("a", schema())?).tool_choice(ToolChoice::Tool(unknown)).build()?;
    for (what, request, told) in [
        ("a name with a space", converse().tool_config(config(tool("a b", schema())?).build()?), "name"),
        (
            "no object",
            converse().tool_config(config(tool("a", json!({ "type": "string" }))?).build()?),
            "type",
        ),
        ("one name twice", converse().tool_config(twice), "twice"),
        ("a choice that is not there", converse().tool_config(unknown), "no tool"),
        (
            "calls without tools",
            converse().messages(called("c1")?).messages(answered("c1")?),
            "toolConfig field must be defined",
        ),
        (
            "a call without its result",
            converse().tool_config(tools(None)?).messages(called("c1")?).messages(user()?),
            "for the following Ids: c1",
        ),
        (
            "the result of another call",
            converse().tool_config(tools(None)?).messages(called("c1")?).messages(answered("c2")?),
            "for the following Ids: c1",
        ),
    ] {
        let error = request.send().await.err().ok_or(what)?.into_service_error();
        assert!(error.is_validation_exception(), "{what}: {error:?}");
        let message = error.meta().message().unwrap_or_default();
        assert!(message.contains(told), "{what}: {message}");
    }
    assert!(model.requests().is_empty(), "nothing was asked");
    Ok(())
}
