//! What a call came to, as the protocol tells it: structured, and as text that people can read.

use super::{links, text};
use crate::engine::gateway::{Answer, CallError};
use crate::model::tool::ToolDescription;
use crate::web::mcp::handler::Handler;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, MetaObject};
use serde_json::{Value, json};

/// A call that was done.
pub(super) type Done = Answer<Value>;

/// The result of a call that was done.
pub(super) fn success(handler: &Handler, tool: &ToolDescription, done: Done) -> CallToolResult {
    let passed_through = content_of(tool, &done.output);
    let is_structured = passed_through.is_none();
    let mut content =
        passed_through.unwrap_or_else(|| vec![ContentBlock::text(text::readable(&tool.title, &done.output))]);
    content.extend(links::of(handler, &done.output).into_iter().map(ContentBlock::resource_link));
    let mut meta = JsonObject::new();
    meta.insert("patchline/requestId".to_owned(), json!(done.request_id));
    meta.insert("patchline/resources".to_owned(), json!(done.resources));
    meta.insert("patchline/durationMicros".to_owned(), json!(u64::try_from(done.duration.as_micros()).ok()));
    if done.replayed {
        meta.insert("patchline/replayed".to_owned(), json!(true));
    }
    let result =
        if is_structured { structured(done.output, content) } else { CallToolResult::success(content) };
    result.with_meta(Some(MetaObject(meta)))
}

/// What a third party's tool answered, where it promises no structure.
fn content_of(tool: &ToolDescription, output: &Value) -> Option<Vec<ContentBlock>> {
    if tool.output_schema.is_object() {
        return None;
    }
    serde_json::from_value(output.get("content")?.clone()).ok()
}

/// A result with a structured part.
pub(super) fn structured(output: Value, content: Vec<ContentBlock>) -> CallToolResult {
    let mut result = CallToolResult::success(content);
    result.structured_content = Some(output);
    result
}

/// The result of a call that was not done: what happened, to what, and what to do.
pub(in crate::web::mcp) fn failure(error: &CallError) -> CallToolResult {
    let mut lines = vec![error.to_string()];
    lines.extend(error.fields.iter().map(|wrong| match wrong.field.as_str() {
        "" => format!("- {}", wrong.message),
        field => format!("- {field}: {}", wrong.message),
    }));
    if let Some(choice) = &error.choice {
        lines.extend(choice.options.iter().map(|option| format!("- {} = {}", option.value, option.title)));
    }
    lines.push(format!("(request {})", error.request_id));
    let mut told = json!({
        "kind": error.kind,
        "message": error.message,
        "remedy": error.remedy,
        "fields": error.fields,
        "requestId": error.request_id,
    });
    if let Some(choice) = &error.choice {
        told["choice"] = json!(choice);
    }
    if let Some(wait) = error.retry_after {
        told["retryAfterSeconds"] = json!(wait.as_secs() + 1);
    }
    if error.nothing_was_done {
        told["nothingWasDone"] = json!(true);
    }
    let meta = JsonObject::from_iter([("patchline/error".to_owned(), told)]);
    CallToolResult::error(vec![ContentBlock::text(lines.join("\n"))]).with_meta(Some(MetaObject(meta)))
}
