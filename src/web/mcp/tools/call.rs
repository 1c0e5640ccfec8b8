//! Calling a tool.

use super::{catalogue, compact, outcome, run_task, search};
use crate::engine::gateway::CallError;
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::{elicitation, logging, progress};
use rmcp::model::{CallToolRequestParams, CallToolResponse, JsonObject};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::Value;

/// Calls a tool of the label, or one of those that find others.
pub(in crate::web::mcp) async fn call(
    handler: &Handler,
    asked: Asked,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let asked = match asked.with_key(context) {
        Ok(asked) => asked,
        Err(error) => return Ok(outcome::failure(&refused(handler, context, &request.name, error)?).into()),
    };
    match request.name.as_ref() {
        search::NAME => Ok(search::call(handler, &asked, request.arguments).into()),
        compact::DESCRIBE => Ok(compact::describe(handler, &asked, request.arguments).into()),
        compact::CALL => match compact::inner(request) {
            Ok(inner) => call_named(handler, &asked, inner, context).await,
            Err(wrong) => Ok(wrong.into()),
        },
        _ => call_named(handler, &asked, request, context).await,
    }
}

/// Calls a tool of the label, or has a task done.
async fn call_named(
    handler: &Handler,
    asked: &Asked,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    if request.name == run_task::NAME && run_task::is_offered(handler, asked) {
        // Boxed, because starting a task is large, and lies in the future of every call.
        return Ok(Box::pin(run_task::call(handler, asked, request.arguments, context)).await?.into());
    }
    call_own(handler, asked, request, context).await
}

/// Whether a tool is one of those that find, describe and call others. They are for everybody.
pub(in crate::web::mcp) fn is_about_tools(name: &str) -> bool {
    matches!(name, search::NAME | compact::DESCRIBE | compact::CALL)
}

/// The tool that a request is for, also where it is called through another one.
pub(in crate::web::mcp) fn wanted(request: &CallToolRequestParams) -> &str {
    match request.name.as_ref() {
        compact::CALL => compact::named(request).unwrap_or(compact::CALL),
        name => name,
    }
}

/// The operation at the door that a tool begins with.
pub(in crate::web::mcp) fn operation(tool: &str) -> &str {
    if tool == run_task::NAME { run_task::OPERATION } else { tool }
}

/// Whether a call may be stopped in the middle: it changes nothing, or takes care of that itself.
pub(in crate::web::mcp) fn is_stoppable(
    handler: &Handler,
    asked: &Asked,
    request: &CallToolRequestParams,
) -> bool {
    wanted(request) == run_task::NAME || catalogue::only_reads(handler, asked, request)
}

/// Whether there is a tool of this name that the caller may use.
pub(in crate::web::mcp) fn is_known(
    handler: &Handler,
    context: &RequestContext<RoleServer>,
    name: &str,
) -> bool {
    let is_offered = |asked: Asked| {
        let is_task = name == run_task::NAME && run_task::is_offered(handler, &asked);
        is_task || catalogue::find(handler, &asked, name).is_some()
    };
    is_about_tools(name) || Asked::of(context).is_ok_and(is_offered)
}

/// Calls a tool of the label.
async fn call_own(
    handler: &Handler,
    asked: &Asked,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let Some(tool) = catalogue::find(handler, asked, &request.name) else {
        return Err(unknown(handler, asked, &request.name).await);
    };
    let answers = (request.input_responses, request.request_state);
    let arguments = request.arguments.unwrap_or_default();
    let mut arguments = match elicitation::settled(handler, asked, &tool.name, arguments, answers).await? {
        elicitation::Asking::Settled(arguments) => arguments,
        elicitation::Asking::Answer(declined) => return Ok(declined),
    };
    // Asked back once, a person has chosen one id; there is nothing more to ask after that.
    for is_last in [false, true] {
        match perform(handler, asked, &tool.name, arguments.clone(), context).await? {
            Ok(answer) => return Ok(outcome::success(handler, &tool, answer).into()),
            Err(error) if is_last || error.choice.is_none() => return Ok(outcome::failure(&error).into()),
            Err(error) => {
                match elicitation::ask(handler, asked, &tool.name, arguments, &error, context).await? {
                    elicitation::Asking::Settled(settled) => arguments = settled,
                    elicitation::Asking::Answer(answer) => return Ok(answer),
                }
            }
        }
    }
    Err(ErrorData::internal_error("The call came to no end.", None))
}

async fn perform(
    handler: &Handler,
    asked: &Asked,
    name: &str,
    arguments: JsonObject,
    context: &RequestContext<RoleServer>,
) -> Result<Result<outcome::Done, CallError>, ErrorData> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let ended = progress::told(context, |progress| {
        let arguments = Value::Object(arguments);
        gateway.call_tool_watched(&caller.principal, &caller.origin, name, arguments, progress)
    })
    .await?;
    let told = ended.as_ref().map(|answer| answer.duration).map_err(|error| error.message.as_str());
    logging::ended(&handler.log_level, context, name, &caller.origin.request_id, told).await;
    Ok(ended)
}

/// The error for a tool that is not there, or not for this caller; the gateway records it and knows
/// which one looks alike.
async fn unknown(handler: &Handler, asked: &Asked, name: &str) -> ErrorData {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let message = if gateway.tool(&caller.principal, name).is_some() {
        format!("The tool {name:?} is not at this address. /mcp has the tools of all servers.")
    } else {
        match gateway
            .call_tool(&caller.principal, &caller.origin, name, Value::Object(JsonObject::new()))
            .await
        {
            Err(error) => error.to_string(),
            Ok(_) => format!("There is no tool {name:?}."),
        }
    };
    ErrorData::invalid_params(message, None)
}

fn refused(
    handler: &Handler,
    context: &RequestContext<RoleServer>,
    name: &str,
    error: CallError,
) -> Result<CallError, ErrorData> {
    let caller = Asked::of(context)?.caller;
    Ok(handler.engine().gateway.refused(&caller.principal, &caller.origin, name, error))
}
