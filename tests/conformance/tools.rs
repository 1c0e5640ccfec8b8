//! Tools that answer at once, or tell how far they are.

use crate::contents::{PICTURE, SOUND};
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ContentBlock, JsonObject,
    ProgressNotificationParam, ResourceContents, SamplingCapability, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::json;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::watch;

/// Whether the tool that comes and goes is in the list now.
static CHANGING_IS_THERE: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));

/// Follows the list of tools.
pub(crate) fn watch_list() -> watch::Receiver<bool> {
    CHANGING_IS_THERE.subscribe()
}

/// Every tool of the suite.
const NAMES: [&str; 25] = [
    "test_simple_text",
    "test_image_content",
    "test_audio_content",
    "test_embedded_resource",
    "test_multiple_content_types",
    "test_error_handling",
    "test_tool_with_progress",
    "test_tool_with_logging",
    "test_logging_tool",
    "test_missing_capability",
    "test_streaming_elicitation",
    "test_trigger_tool_change",
    "test_trigger_prompt_change",
    "test_input_required_result_elicitation",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_request_state",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_multi_round",
    "test_input_required_result_tampered_state",
    "test_input_required_result_capabilities",
    "test_sampling",
    "test_elicitation",
    "test_elicitation_sep1034_defaults",
    "test_elicitation_sep1330_enums",
];

/// The tools as they are listed.
pub(crate) fn list() -> Vec<Tool> {
    let changing = CHANGING_IS_THERE.borrow().then_some(&"test_changing_tool");
    let names = NAMES.iter().chain(&crate::tasks::NAMES).chain(changing);
    names.map(|name| Tool::new(*name, "A tool of the conformance suite.", schema(name))).collect()
}

fn schema(name: &str) -> JsonObject {
    let argument = match name {
        "test_sampling" => Some("prompt"),
        "test_elicitation" => Some("message"),
        _ => None,
    };
    let schema = match argument {
        Some(argument) => {
            json!({ "type": "object", "properties": { argument: { "type": "string" } }, "required": [argument] })
        }
        None => json!({ "type": "object" }),
    };
    schema.as_object().cloned().unwrap_or_default()
}

/// The answer of a tool that asks nothing back; none if it is not one of these.
pub(crate) async fn call(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Result<CallToolResult, ErrorData>> {
    let picture = || ContentBlock::image(PICTURE, "image/png");
    let said = match request.name.as_ref() {
        "test_simple_text" => vec![ContentBlock::text("This is a simple text response for testing.")],
        "test_image_content" => vec![picture()],
        "test_audio_content" => vec![ContentBlock::audio(SOUND, "audio/wav")],
        "test_embedded_resource" => {
            vec![ContentBlock::embedded_text(
                "test://embedded-resource",
                "This is an embedded resource content.",
            )]
        }
        "test_multiple_content_types" => {
            let text = r#"{"test":"data","value":123}"#;
            let mixed = ResourceContents::text(text, "test://mixed-content-resource");
            let mixed = ContentBlock::resource(mixed.with_mime_type("application/json"));
            vec![ContentBlock::text("Multiple content types test:"), picture(), mixed]
        }
        "test_error_handling" => {
            let failure = ContentBlock::text("This tool intentionally returns an error for testing");
            return Some(Ok(CallToolResult::error(vec![failure])));
        }
        "test_tool_with_progress" => return Some(with_progress(context).await),
        "test_tool_with_logging" => return Some(with_logging(context).await),
        "test_logging_tool" => vec![ContentBlock::text("Nothing was logged.")],
        "test_missing_capability" => return Some(needs_sampling(context)),
        "test_trigger_tool_change" => {
            CHANGING_IS_THERE.send_modify(|is_there| *is_there = !*is_there);
            vec![ContentBlock::text("The list of tools has changed.")]
        }
        "test_trigger_prompt_change" => vec![ContentBlock::text("Nothing changes.")],
        _ => return None,
    };
    Some(Ok(CallToolResult::success(said)))
}

async fn with_progress(context: &RequestContext<RoleServer>) -> Result<CallToolResult, ErrorData> {
    for done in [0.0, 50.0, 100.0] {
        if let Some(token) = context.meta.get_progress_token() {
            let step = ProgressNotificationParam::new(token, done).with_total(100.0);
            context.peer.notify_progress(step).await.map_err(failed)?;
        }
        // The suite asks for about this much between them.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(CallToolResult::success(vec![ContentBlock::text("Done with progress.")]))
}

#[expect(deprecated, reason = "the older era logs to the client")]
async fn with_logging(context: &RequestContext<RoleServer>) -> Result<CallToolResult, ErrorData> {
    use rmcp::model::{LoggingLevel, LoggingMessageNotificationParam};
    for said in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
        let message = LoggingMessageNotificationParam::new(LoggingLevel::Info, json!(said));
        context.peer.notify_logging_message(message).await.map_err(failed)?;
        // The suite asks for about this much between them.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(CallToolResult::success(vec![ContentBlock::text("Done with logging.")]))
}

fn needs_sampling(context: &RequestContext<RoleServer>) -> Result<CallToolResult, ErrorData> {
    if context.client_capabilities().is_some_and(|can| can.sampling.is_some()) {
        return Ok(CallToolResult::success(vec![ContentBlock::text("The client can sample.")]));
    }
    let mut needed = ClientCapabilities::default();
    needed.sampling = Some(SamplingCapability::default());
    Err(ErrorData::missing_required_client_capability(needed))
}

fn failed(error: impl std::fmt::Display) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}
