//! The Runtime: `Converse`, `ConverseStream` and `InvokeModel`.
//!
//! The native form of the built-in model, for `InvokeModel`, is that of `Converse`: the same JSON in
//! and out. Only a language model can call tools.

mod answer;
mod conversation;
mod tool_config;

use std::time::Instant;

use axum::response::Response;
use serde_json::Value;

use super::faults::{invalid, unavailable};
use super::models::{self, Model, ModelError};
use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::protocol::Protocol;
use crate::embedded_aws::service::unknown_operation;

pub(super) use self::conversation::read_limits;

/// Answers an operation on a model.
pub(super) async fn call(model: &Model, id: &str, operation: &str, body: &Value) -> Result<Response, Fault> {
    if !matches!(operation, "converse" | "converse-stream" | "invoke") {
        return Err(unknown_operation(Protocol::RestJson, "the Bedrock Runtime"));
    }
    models::check_id(id)?;
    let streamed = operation == "converse-stream";
    let prompt = conversation::prompt_of(body)?;
    if prompt.toolbox.is_some() && !model.uses_tools() {
        let mode = if streamed { " in streaming mode" } else { "" };
        return Err(invalid(format!("This model doesn't support tool use{mode}.")));
    }
    let trace = answer::trace_of(model);
    if streamed {
        let began = Instant::now();
        let events = model.write(prompt).await.map_err(|error| away(&error))?;
        return Ok(answer::stream(events, began, trace));
    }
    let written = model.write_whole(prompt).await.map_err(|error| away(&error))?;
    Ok(Protocol::RestJson.success(answer::whole(&written, trace).to_string()))
}

fn away(error: &ModelError) -> Fault {
    unavailable(error.to_string())
}
