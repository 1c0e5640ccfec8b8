//! The tools that the caller may use, and running one.

#[cfg(not(feature = "ssr"))]
use super::error::ErrorKind;
use super::error::{AppError, FieldError};
use crate::model::tool::{ToolDescription, ToolRun};
use leptos::prelude::*;
use serde_json::{Map, Value};

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

/// Has a tool refused whose form is not filled in correctly, so that this is on record. `arguments` has as a
/// text what could not be read. In a browser nobody has been asked yet: there it is what the form says.
pub fn refuse_tool(tool: &str, arguments: Map<String, Value>, wrong: Vec<FieldError>) -> AppError {
    #[cfg(feature = "ssr")]
    {
        match super::caller::caller() {
            Ok(caller) => caller.refuse_tool(tool, arguments, wrong),
            Err(error) => error,
        }
    }
    #[cfg(not(feature = "ssr"))]
    {
        let _ = (tool, arguments);
        let message = "The tool was not run, because the form is not filled in correctly.";
        let remedy = "See the messages at the fields.";
        AppError { fields: wrong, ..AppError::new(ErrorKind::Invalid, message, remedy) }
    }
}
