//! A prompt as the request of `chat/completions`.

use serde_json::{Value, json};

use super::super::prompt::{Content, Prompt, Role, ToolChoice, ToolResult, ToolUse, Toolbox, Turn};

/// The body of a request, with a streamed answer.
pub(super) fn body(model: &str, prompt: &Prompt) -> Value {
    let system = prompt.system.iter().map(|text| json!({ "role": "system", "content": text }));
    let turns = prompt.turns.iter().flat_map(messages);
    let mut body = json!({
        "model": model,
        "messages": system.chain(turns).collect::<Vec<_>>(),
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    let limits = &prompt.limits;
    let stop = (!limits.stop.is_empty()).then(|| json!(limits.stop));
    for (name, value) in [
        ("tools", prompt.toolbox.as_ref().map(tools)),
        ("tool_choice", prompt.toolbox.as_ref().map(|toolbox| tool_choice(&toolbox.choice))),
        ("max_tokens", limits.max_tokens.map(|most| json!(most))),
        ("temperature", limits.temperature.map(|value| json!(value))),
        ("top_p", limits.top_p.map(|value| json!(value))),
        ("stop", stop),
    ] {
        if let (Some(value), Some(body)) = (value, body.as_object_mut()) {
            body.insert(name.to_owned(), value);
        }
    }
    body
}

fn tools(toolbox: &Toolbox) -> Value {
    let tools = toolbox.tools.iter().map(|tool| {
        let mut function = json!({ "name": tool.name, "parameters": tool.schema });
        if let (Some(description), Some(function)) = (&tool.description, function.as_object_mut()) {
            function.insert("description".to_owned(), json!(description));
        }
        json!({ "type": "function", "function": function })
    });
    tools.collect()
}

fn tool_choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Auto => json!("auto"),
        ToolChoice::Any => json!("required"),
        ToolChoice::Tool(name) => json!({ "type": "function", "function": { "name": name } }),
    }
}

/// A turn as messages: each answer of a tool is one of its own, before what the user says beside it.
fn messages(turn: &Turn) -> Vec<Value> {
    let mut messages: Vec<Value> = Vec::new();
    let mut calls: Vec<Value> = Vec::new();
    for part in &turn.content {
        match part {
            Content::Text(_) => {}
            Content::ToolUse(call) => calls.push(tool_call(call)),
            Content::ToolResult(result) => messages.push(tool_message(result)),
        }
    }
    let text = turn.text();
    let says_nothing = text.is_empty() && turn.content.iter().all(|part| !matches!(part, Content::Text(_)));
    if turn.role == Role::Assistant && !calls.is_empty() {
        let text = if says_nothing { Value::Null } else { json!(text) };
        messages.push(json!({ "role": "assistant", "content": text, "tool_calls": calls }));
    } else if !says_nothing {
        messages.push(json!({ "role": turn.role.name(), "content": text }));
    }
    messages
}

fn tool_call(call: &ToolUse) -> Value {
    let arguments = Value::Object(call.input.clone()).to_string();
    json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
}

/// There is no word for a failure in this form, so the text says it.
fn tool_message(result: &ToolResult) -> Value {
    let text = if result.failed { format!("The tool failed: {}", result.text) } else { result.text.clone() };
    json!({ "role": "tool", "tool_call_id": result.id, "content": text })
}
