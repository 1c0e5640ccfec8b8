//! The tools that the caller may use, and running one.

use super::error::AppError;
use crate::model::tool::{ToolDescription, ToolRun};
use leptos::prelude::*;

/// The tools in the order of their servers.
///
/// # Errors
/// When the caller is not known.
#[server(prefix = "/fn", endpoint = "tools", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_tools() -> Result<Vec<ToolDescription>, AppError> {
    let caller = super::caller::caller()?;
    Ok(caller.engine.gateway.tools(&caller.principal))
}

/// Runs a tool. `arguments` is a JSON object as text, so that the form without JavaScript can send
/// it in one field.
///
/// # Errors
/// `Invalid` with a message for each wrong argument; else what the tool answers.
#[server(prefix = "/fn", endpoint = "run-tool")]
pub async fn run_tool(tool: String, arguments: String) -> Result<ToolRun, AppError> {
    super::caller::caller()?.run_tool(&tool, &arguments).await
}
