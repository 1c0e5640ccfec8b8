//! The compact mode: three tools that find, describe and call all others, for clients with little room.

use super::search::{self, wrong};
use super::{catalogue, outcome, run_task};
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::instructions;
use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) const DESCRIBE: &str = "describe_tool";
pub(super) const CALL: &str = "call_tool";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    name: String,
    #[serde(default)]
    arguments: JsonObject,
}

/// The tools of the compact mode.
pub(super) fn tools() -> Vec<Tool> {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 64, "description": "The tool's name, as find_tools tells it" });
    let named = json!({
        "type": "object", "required": ["name"], "additionalProperties": false, "properties": { "name": name },
    });
    let called = json!({
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {
            "name": name,
            "arguments": { "type": "object", "description": "The tool's arguments, as describe_tool tells them" },
        },
    });
    let make = |name, title, description, input: &Value, reads| {
        let hints = ToolAnnotations::with_title(title);
        let hints = hints.read_only(reads).destructive(!reads).idempotent(reads).open_world(false);
        Tool::new(name, description, catalogue::schema(input))
            .with_title(title)
            .with_annotations(hints)
            .with_icons(vec![instructions::icon(None)])
    };
    let described = "Describes a tool: its arguments and its result as JSON Schema.";
    let call = "Calls a tool of the label by its name. What it does is told by describe_tool.";
    vec![
        search::tool(),
        make(DESCRIBE, "Describe a tool", described, &named, true),
        make(CALL, "Call a tool", call, &called, false),
    ]
}

/// Describes a tool.
pub(super) fn describe(handler: &Handler, asked: &Asked, arguments: Option<JsonObject>) -> CallToolResult {
    let named: Named = match serde_json::from_value(Value::Object(arguments.unwrap_or_default())) {
        Ok(named) => named,
        Err(error) => return wrong(&format!("{error}. describe_tool needs a name.")),
    };
    let own = || catalogue::find(handler, asked, &named.name).map(|tool| catalogue::described(&tool));
    let is_task = named.name == run_task::NAME && run_task::is_offered(handler, asked);
    let tool = if is_task { Some(run_task::tool()) } else { own() };
    match tool {
        Some(tool) => {
            let output = json!(tool);
            let content = vec![ContentBlock::text(output.to_string())];
            outcome::structured(output, content)
        }
        None => wrong(&format!("there is no tool {:?}. Ask find_tools for one.", named.name)),
    }
}

/// The name of the tool inside of a call.
pub(super) fn named(request: &CallToolRequestParams) -> Option<&str> {
    request.arguments.as_ref()?.get("name")?.as_str()
}

/// The call inside of a call.
pub(super) fn inner(request: CallToolRequestParams) -> Result<CallToolRequestParams, CallToolResult> {
    let arguments = Value::Object(request.arguments.unwrap_or_default());
    let inner: Inner = serde_json::from_value(arguments)
        .map_err(|error| wrong(&format!("{error}. call_tool needs a name, and arguments.")))?;
    let mut call = CallToolRequestParams::new(inner.name).with_arguments(inner.arguments);
    call.input_responses = request.input_responses;
    call.request_state = request.request_state;
    Ok(call)
}
