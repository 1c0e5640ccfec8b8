//! The tasks extension: a call that takes long is answered with the name of a task, which the client then
//! asks about. Only clients that say that they know tasks get one, and only in the newer era.

use super::asked::Asked;
use super::handler::Handler;
use super::resources::refused;
use crate::engine::catalog::long_calls::{LongCall, LongCallState};
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::long_calls::{Attempt, Ended, KEPT, NewCall, Told};
use crate::engine::tools::views::{AnswerLongCall, AnswerLongCallInput, StopLongCall, ViewLongCall};
use axum::http::request::Parts;
use futures::future::BoxFuture;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CreateTaskResult, DetailedTask,
    GetTaskResult, InputRequests, InputResponses, JsonObject, ProtocolVersion, Task, TaskPayload, TaskStatus,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The `_meta` field of a call that is to become a task at once, however fast it may be.
const AT_ONCE: &str = "patchline/task";

/// How often clients are asked to ask.
const POLL_MILLIS: u64 = 2_000;

/// The header that names the thing of a request.
const NAME: &str = "mcp-name";

/// How a call is answered.
pub type Answer = Result<CallToolResponse, ErrorData>;

/// What answers a call, also again after questions.
pub type Answering = Box<
    dyn Fn(CallToolRequestParams, RequestContext<RoleServer>) -> BoxFuture<'static, Answer> + Send + Sync,
>;

/// How a call becomes a task.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// At once, or when it has taken long.
    pub at_once: bool,
    /// Whether it may be stopped in the middle.
    pub stoppable: bool,
}

/// Whether a call may be answered with a task.
pub fn are_known(context: &RequestContext<RoleServer>) -> bool {
    context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
        && context.client_capabilities().is_some_and(|can| can.supports_tasks())
}

/// Whether the client wants a task whatever the call is.
pub(super) fn is_wanted_at_once(context: &RequestContext<RoleServer>) -> bool {
    context.meta.get(AT_ONCE) == Some(&Value::Bool(true))
}

/// Answers a call, or says that it goes on as a task.
pub(super) async fn call(
    handler: &Handler,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
    manner: Manner,
    answering: Answering,
) -> Answer {
    let asked = Asked::of(context)?;
    let new = NewCall {
        owner: asked.caller.principal.id,
        tool: request.name.to_string(),
        at_once: manner.at_once,
        stoppable: manner.stoppable,
        too_large: json!(too_large()),
    };
    let context = context.clone();
    let attempt: Attempt<Answer> = Box::new(move |answers| {
        let (mut request, mut context) = (request.clone(), context.clone());
        if let Some(answers) = answers {
            request.input_responses = serde_json::from_value::<InputResponses>(answers.answers).ok();
            request.request_state = answers.state;
        }
        // The request ends with its answer; the call does not.
        context.ct = CancellationToken::new();
        answering(request, context)
    });
    match handler.engine().long_calls.run(new, attempt, kept).await {
        Some(Told::Ended(answer)) => answer,
        Some(Told::Kept(call)) => Ok(CallToolResponse::Task(CreateTaskResult::new(task(&call)))),
        None => Err(ErrorData::internal_error("The call stopped in the middle.", None)),
    }
}

/// An answer as it is kept.
fn kept(answer: Answer) -> Ended {
    match answer {
        Ok(CallToolResponse::Complete(result)) => Ended::Done(json!(result)),
        Ok(CallToolResponse::InputRequired(result)) => {
            let questions = json!(result.input_requests.unwrap_or_default());
            Ended::Asks { questions, state: result.request_state }
        }
        Ok(_) => Ended::Failed(json!(ErrorData::internal_error("The call became a task twice.", None))),
        Err(error) => Ended::Failed(json!(error)),
    }
}

fn too_large() -> CallToolResult {
    let said = "The call was done, but its result is too large to be kept for a task. Call the tool again \
                without the tasks extension, or read what it names as a resource.";
    CallToolResult::error(vec![ContentBlock::text(said)])
}

/// How far a task is.
pub(super) async fn get(
    handler: &Handler,
    id: String,
    context: &RequestContext<RoleServer>,
) -> Result<GetTaskResult, ErrorData> {
    check_name(&id, context)?;
    let caller = Asked::of(context)?.caller;
    let seen = handler.engine().gateway.call::<ViewLongCall>(&caller.principal, &caller.origin, id).await;
    let call = seen.map_err(|error| not_done(&error))?.output;
    Ok(GetTaskResult::new(DetailedTask::new(task(&call), payload(&call))))
}

/// Answers what a task asks.
pub(super) async fn update(
    handler: &Handler,
    id: String,
    responses: InputResponses,
    context: &RequestContext<RoleServer>,
) -> Result<(), ErrorData> {
    check_name(&id, context)?;
    let caller = Asked::of(context)?.caller;
    let input = AnswerLongCallInput { id, answers: responses.into_iter().collect() };
    let engine = handler.engine();
    let taken = engine.gateway.call::<AnswerLongCall>(&caller.principal, &caller.origin, input).await;
    engine.long_calls.look_now();
    taken.map(drop).map_err(|error| not_done(&error))
}

/// Wants a task to stop.
pub(super) async fn cancel(
    handler: &Handler,
    id: String,
    context: &RequestContext<RoleServer>,
) -> Result<(), ErrorData> {
    check_name(&id, context)?;
    let caller = Asked::of(context)?.caller;
    let engine = handler.engine();
    let taken = engine.gateway.call::<StopLongCall>(&caller.principal, &caller.origin, id).await;
    engine.long_calls.look_now();
    taken.map(drop).map_err(|error| not_done(&error))
}

/// The header that intermediaries read must name the same task.
fn check_name(id: &str, context: &RequestContext<RoleServer>) -> Result<(), ErrorData> {
    let is_modern =
        context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
    let Some(parts) = context.extensions.get::<Parts>().filter(|_| is_modern) else { return Ok(()) };
    let mut named = parts.headers.get_all(NAME).iter();
    match (named.next(), named.next()) {
        (Some(name), None) if name.as_bytes() == id.as_bytes() => Ok(()),
        _ => {
            let message = "The header Mcp-Name has to name the task, once, as taskId does.";
            Err(ErrorData::header_mismatch(message, None))
        }
    }
}

fn not_done(error: &CallError) -> ErrorData {
    if error.kind == CallErrorKind::NotFound {
        let message = "There is no such task, or it is not yours, or it has expired.";
        return ErrorData::invalid_params(message, Some(json!({ "requestId": error.request_id })));
    }
    refused(error)
}

fn task(call: &LongCall) -> Task {
    let (status, said) = match call.state {
        LongCallState::Working => (TaskStatus::Working, "The call is being done."),
        LongCallState::Asking => (TaskStatus::InputRequired, "The call waits for an answer."),
        LongCallState::Done => (TaskStatus::Completed, "The call has ended."),
        LongCallState::Failed => (TaskStatus::Failed, "The call could not be done."),
        LongCallState::Cancelled => (TaskStatus::Cancelled, "The call was stopped."),
        LongCallState::Interrupted => (TaskStatus::Failed, INTERRUPTED),
    };
    let kept = u64::try_from(KEPT.as_millis()).unwrap_or(u64::MAX);
    Task::new(call.id.clone(), status, call.created_at.clone(), call.updated_at.clone())
        .with_status_message(format!("{}: {said}", call.tool))
        .with_ttl_ms(kept)
        .with_poll_interval_ms(POLL_MILLIS)
}

const INTERRUPTED: &str = "The call was interrupted, because the instance that did it ended or its time was \
                           over. A call that only reads can be made again; look whether a change was made.";

fn payload(call: &LongCall) -> TaskPayload {
    let object = || call.outcome.as_deref().and_then(|text| serde_json::from_str::<JsonObject>(text).ok());
    match call.state {
        LongCallState::Working => TaskPayload::Working,
        LongCallState::Asking => {
            let open = call.questions.as_deref().and_then(|text| serde_json::from_str(text).ok());
            // Where everything is answered, it goes on within a second.
            open.filter(|open: &InputRequests| !open.is_empty())
                .map_or(TaskPayload::Working, |input_requests| TaskPayload::InputRequired { input_requests })
        }
        LongCallState::Done => TaskPayload::Completed { result: object().unwrap_or_default() },
        LongCallState::Failed => TaskPayload::Failed { error: object().unwrap_or_default() },
        LongCallState::Cancelled => TaskPayload::Cancelled,
        LongCallState::Interrupted => {
            let error = json!(ErrorData::internal_error(INTERRUPTED, None));
            TaskPayload::Failed { error: error.as_object().cloned().unwrap_or_default() }
        }
    }
}
