//! Reads the conversation of a request.

use std::collections::BTreeSet;

use serde_json::Value;

use super::tool_config;
use crate::embedded_aws::bedrock::faults::invalid;
use crate::embedded_aws::bedrock::models::{Content, Limits, Prompt, Role, ToolResult, ToolUse, Turn};
use crate::embedded_aws::bedrock::request::Fields;
use crate::embedded_aws::fault::Fault;

/// The most tokens that may be asked for.
const MOST_TOKENS: usize = 1_000_000;
/// The most texts that may end an answer.
const MOST_STOPS: usize = 2500;

/// Reads the conversation of a request.
pub(super) fn prompt_of(body: &Value) -> Result<Prompt, Fault> {
    let fields = Fields::of(body, &["messages", "system", "inferenceConfig", "toolConfig"])?;
    let mut system = Vec::new();
    for block in fields.objects("system", &["text"])? {
        system.push(text_of(&block)?);
    }
    let mut turns: Vec<Turn> = Vec::new();
    for message in fields.objects("messages", &["role", "content"])? {
        turns.push(turn_of(&message, turns.last())?);
    }
    match (turns.first(), turns.last()) {
        (Some(first), Some(last)) if first.role == Role::User && last.role == Role::User => {}
        (None, _) | (_, None) => return Err(invalid("messages must not be empty")),
        _ => return Err(invalid("a conversation must begin and end with a message of the user")),
    }
    let toolbox = tool_config::read(&fields)?;
    let uses_tools =
        turns.iter().flat_map(|turn| &turn.content).any(|part| !matches!(part, Content::Text(_)));
    if uses_tools && toolbox.is_none() {
        return Err(invalid(
            "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
        ));
    }
    Ok(Prompt { system, turns, toolbox, limits: limits_of(&fields)? })
}

fn turn_of(message: &Fields<'_>, former: Option<&Turn>) -> Result<Turn, Fault> {
    let role = match message.required_text("role")? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        other => {
            return Err(invalid(format!("{} must be user or assistant, not {other}", message.name("role"))));
        }
    };
    if former.is_some_and(|former| former.role == role) {
        return Err(invalid("the roles of messages must alternate between user and assistant"));
    }
    let place = message.name("content");
    let blocks = message.objects("content", &["text", "toolUse", "toolResult"])?;
    if blocks.is_empty() {
        return Err(invalid(format!("{place} must not be empty")));
    }
    let content = blocks.iter().map(|block| content_of(block, role)).collect::<Result<Vec<_>, _>>()?;
    check_results(&place, &content, former)?;
    Ok(Turn { role, content })
}

fn content_of(block: &Fields<'_>, role: Role) -> Result<Content, Fault> {
    let of = |wanted: Role, name: &str| {
        let is_its = role == wanted;
        let wrong =
            || invalid(format!("{} belongs into messages of the {}", block.name(name), wanted.name()));
        is_its.then_some(()).ok_or_else(wrong)
    };
    if let Some(call) = block.object("toolUse", &["toolUseId", "name", "input"])? {
        of(Role::Assistant, "toolUse")?;
        let input = call.get("input").and_then(Value::as_object).cloned();
        return Ok(Content::ToolUse(ToolUse {
            id: call_id_of(&call)?,
            name: tool_config::name_of(&call)?,
            input: input.ok_or_else(|| invalid(format!("{} must be an object", call.name("input"))))?,
        }));
    }
    if let Some(result) = block.object("toolResult", &["toolUseId", "content", "status"])? {
        of(Role::User, "toolResult")?;
        let failed = match result.text("status")? {
            None | Some("success") => false,
            Some("error") => true,
            Some(other) => {
                let name = result.name("status");
                return Err(invalid(format!("{name} must be success or error, not {other}")));
            }
        };
        let parts = result.objects("content", &["text", "json"])?;
        let parts: Vec<String> = parts.iter().map(result_text).collect::<Result<_, _>>()?;
        return Ok(Content::ToolResult(ToolResult {
            id: call_id_of(&result)?,
            text: parts.join("\n"),
            failed,
        }));
    }
    text_of(block).map(Content::Text)
}

/// Every call of the turn before is answered, and nothing else is.
fn check_results(place: &str, content: &[Content], former: Option<&Turn>) -> Result<(), Fault> {
    let calls = former.map(|former| former.content.as_slice()).unwrap_or_default();
    let calls: BTreeSet<&str> = calls
        .iter()
        .filter_map(|part| if let Content::ToolUse(call) = part { Some(call.id.as_str()) } else { None })
        .collect();
    let results: Vec<&str> = content
        .iter()
        .filter_map(
            |part| if let Content::ToolResult(result) = part { Some(result.id.as_str()) } else { None },
        )
        .collect();
    if results.len() > calls.len() {
        return Err(invalid(format!(
            "The number of toolResult blocks at {place} exceeds the number of toolUse blocks of previous turn."
        )));
    }
    let missing: Vec<&str> = calls.iter().copied().filter(|call| !results.contains(call)).collect();
    if !missing.is_empty() {
        let ids = missing.join(", ");
        return Err(invalid(format!("Expected toolResult blocks at {place} for the following Ids: {ids}")));
    }
    Ok(())
}

fn call_id_of(fields: &Fields<'_>) -> Result<String, Fault> {
    tool_config::identifier(fields, "toolUseId")
}

fn result_text(part: &Fields<'_>) -> Result<String, Fault> {
    match (part.text("text")?, part.get("json")) {
        (Some(text), None) => Ok(text.to_owned()),
        (None, Some(json)) => Ok(json.to_string()),
        _ => Err(invalid(format!("{} must be there, or json beside it, but not both", part.name("text")))),
    }
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
pub(in crate::embedded_aws::bedrock) fn read_limits(config: &Fields<'_>) -> Result<Limits, Fault> {
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
