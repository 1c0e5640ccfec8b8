//! Tools whose arguments are described with more than the usual words.

use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, JsonObject, Tool};
use serde_json::{Value, json};

const RICH: &str = "json_schema_2020_12_tool";
const WITH_HEADER: &str = "test_x_mcp_header";

/// The tools as they are listed.
pub(crate) fn list() -> Vec<Tool> {
    [(RICH, rich()), (WITH_HEADER, with_header())].map(|(name, schema)| tool(name, schema)).to_vec()
}

/// The one whose argument is also a header.
pub(crate) fn find(name: &str) -> Option<Tool> {
    (name == WITH_HEADER).then(|| tool(WITH_HEADER, with_header()))
}

/// The answer of such a tool; none if it is not one of these.
pub(crate) fn call(request: &CallToolRequestParams) -> Option<CallToolResult> {
    let known = [RICH, WITH_HEADER].contains(&request.name.as_ref());
    known.then(|| CallToolResult::success(vec![ContentBlock::text("It fits.")]))
}

fn tool(name: &'static str, schema: JsonObject) -> Tool {
    Tool::new(name, "Tool with JSON Schema 2020-12 features", schema)
}

fn with_header() -> JsonObject {
    object(&json!({
        "type": "object",
        "properties": { "region": { "type": "string", "x-mcp-header": "Region" } },
    }))
}

fn rich() -> JsonObject {
    let text = json!({ "type": "string" });
    object(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": { "address": {
            "$anchor": "addressDef", "type": "object", "properties": { "street": text, "city": text },
        } },
        "properties": {
            "name": text,
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": text,
            "email": text,
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    }))
}

fn object(schema: &Value) -> JsonObject {
    schema.as_object().cloned().unwrap_or_default()
}
