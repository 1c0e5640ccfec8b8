//! The addresses of the tools.

use super::answers::{answers, idempotency_key, json_answer, schema_of, without_dialect};
use crate::model::tool::{AwsResource, ToolDescription};
use serde_json::{Value, json};

/// `POST /api/tools/{name}`
pub(super) fn run(tool: &ToolDescription) -> Value {
    let result = json!({
        "type": "object",
        "required": ["tool", "requestId", "result", "resources", "durationMicros"],
        "properties": {
            "tool": { "const": tool.name },
            "requestId": { "type": "string" },
            "result": result_schema(&tool.output_schema),
            "resources": { "type": "array", "items": schema_of::<AwsResource>() },
            "durationMicros": { "type": "integer", "minimum": 0 },
        },
    });
    let mut done = json_answer("The result", result);
    let told = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    done["headers"] = json!({
        "Idempotency-Replayed": {
            "description": "Present and true when this is the kept result of an earlier call with the same key",
            "schema": { "const": "true" },
        },
        "RateLimit-Policy": told("The limits of calls that hold, the narrowest first"),
        "RateLimit": told("How many calls are left of each, and after how many seconds all of them are"),
        "Patchline-Cost": told("Present when a model was paid: what it cost, in millionths of a US dollar"),
        "Patchline-Budget": told("Present with it: what is left today of each budget that paid, and for how many seconds"),
    });
    json!({ "post": {
        "operationId": tool.name,
        "summary": tool.title,
        "description": tool.description,
        "tags": [tool.server],
        "parameters": [idempotency_key("Repeats of a change with the same key within 24 hours answer with the first result; with other arguments they are refused. Reads ignore it.")],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": without_dialect(&tool.input_schema) } },
        },
        "responses": answers("200", done, &["404", "409", "413", "422", "429"]),
    } })
}

/// The schema of a result; of a third party's tool that promises none, anything.
fn result_schema(schema: &Value) -> Value {
    if schema.is_object() { without_dialect(schema) } else { json!({}) }
}

/// `GET /api/tools`
pub(super) fn list() -> Value {
    let listed = json!({
        "type": "object",
        "required": ["tools"],
        "properties": { "tools": { "type": "array", "items": schema_of::<ToolDescription>() } },
    });
    let listed = json_answer("The tools that the caller may use, with their schemas", listed);
    json!({ "get": {
        "operationId": "list_tools",
        "summary": "List the tools",
        "responses": answers("200", listed, &[]),
    } })
}
