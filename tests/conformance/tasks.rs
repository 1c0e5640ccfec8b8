//! Tools of the tasks extension. What they do is made up; that they are kept, told of, answered and stopped
//! as tasks is the product's work.

use patchline::web::mcp::{Answer, Answering, Handler, Manner, knows_tasks};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, ContentBlock, InputRequest,
    InputRequests, InputRequiredResult,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};
use std::time::Duration;

/// The tools as they are listed.
pub(crate) const NAMES: [&str; 7] = [
    "greet",
    "slow_compute",
    "failing_job",
    "protocol_error_job",
    "confirm_delete",
    "multi_input",
    "test_tool_with_task",
];

/// The answer of such a tool; none if it is not one of these.
pub(crate) async fn call(
    product: &Handler,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Answer> {
    let name = request.name.as_ref();
    if !NAMES.contains(&name) {
        return None;
    }
    if name == "greet" {
        return Some(Ok(said(&format!("Hello, {}!", text(request, "name")))));
    }
    // This one asks before it becomes a task.
    if name == "test_tool_with_task" && given(request, "user_name").is_none() {
        return Some(ask(&[("user_name", "What is your name?")]));
    }
    if !knows_tasks(context) {
        let is_quick = name == "slow_compute";
        return Some(if is_quick { perform(request.clone()).await } else { Err(needs_tasks()) });
    }
    let answering: Answering = Box::new(|request, _| Box::pin(perform(request)));
    let manner = Manner { at_once: true, stoppable: true };
    Some(product.answer_as_task(request.clone(), context, manner, answering).await)
}

async fn perform(request: CallToolRequestParams) -> Answer {
    match request.name.as_ref() {
        "slow_compute" => {
            let seconds = request.arguments.as_ref().and_then(|given| given.get("seconds")?.as_u64());
            tokio::time::sleep(Duration::from_secs(seconds.unwrap_or_default())).await;
            Ok(said("Computed."))
        }
        "failing_job" => {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(CallToolResult::error(vec![ContentBlock::text("The job failed.")]).into())
        }
        "protocol_error_job" => Err(ErrorData::internal_error("The job broke.", None)),
        "confirm_delete" => match given(&request, "confirm") {
            Some(answer) => Ok(said(&format!("Confirmed: {answer}"))),
            None => ask(&[("confirm", "Delete the file?")]),
        },
        "multi_input" => match (given(&request, "first"), given(&request, "second")) {
            (Some(first), Some(second)) => Ok(said(&format!("{first} {second}"))),
            _ => ask(&[("first", "What is the first?"), ("second", "What is the second?")]),
        },
        _ => {
            let name = given(&request, "user_name").unwrap_or_default();
            Ok(said(&format!("Done for {}.", name["content"]["name"].as_str().unwrap_or_default())))
        }
    }
}

fn given(request: &CallToolRequestParams, question: &str) -> Option<Value> {
    request.input_responses.as_ref()?.get(question).cloned()
}

fn ask(questions: &[(&str, &str)]) -> Answer {
    let schema = json!({ "type": "object", "properties": {
        "name": { "type": "string" }, "confirm": { "type": "boolean" },
    } });
    let mut requests = InputRequests::new();
    for (name, message) in questions {
        let params = json!({ "mode": "form", "message": message, "requestedSchema": schema });
        let request = json!({ "method": "elicitation/create", "params": params });
        let request: InputRequest = serde_json::from_value(request)
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        requests.insert((*name).to_owned(), request);
    }
    Ok(InputRequiredResult::new(Some(requests), None).into())
}

fn text(request: &CallToolRequestParams, name: &str) -> String {
    let given = request.arguments.as_ref().and_then(|given| given.get(name)?.as_str());
    given.unwrap_or_default().to_owned()
}

fn said(text: &str) -> CallToolResponse {
    CallToolResult::success(vec![ContentBlock::text(text)]).into()
}

fn needs_tasks() -> ErrorData {
    ErrorData::missing_required_client_capability(ClientCapabilities::builder().enable_tasks().build())
}
