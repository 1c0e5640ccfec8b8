//! The tasks extension: a call that takes long is answered with the name of a task, which the client then
//! asks about. Only clients that say that they know tasks get one, and only in the newer era.

use super::asked::{self, Asked};
use super::handler::Handler;
use super::resources::refused;
use super::scope::Scope;
use super::{spans, tools};
use crate::engine::catalog::long_calls::{LongCall, LongCallState};
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::long_calls::{Answers, Attempt, Ended, KEPT, NewCall, Told};
use crate::engine::tools::views::{AnswerLongCall, AnswerLongCallInput, StopLongCall, ViewLongCall};
use crate::web::caller::Caller;
use futures::future::BoxFuture;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CreateTaskResult, DetailedTask,
    GetTaskResult, InputRequests, InputResponses, JsonObject, ProtocolVersion, Task, TaskPayload, TaskStatus,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::Span;

/// The `_meta` field of a call that is to become a task at once, however fast it may be.
const AT_ONCE: &str = "patchline/task";

/// How often clients are asked to ask.
const POLL_MILLIS: u64 = 2_000;

/// How a call is answered. Public for the fixtures of the conformance suite only, as all that is public here.
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
        tool: tools::wanted(&request).to_owned(),
        at_once: manner.at_once,
        stoppable: manner.stoppable,
        too_large: json!(too_large()),
        span: spans::beside(&Span::current()),
    };
    let of_request = context.clone();
    let attempt: Attempt<Answer> = Box::new(move |answers| {
        let mut context = of_request.clone();
        // The request ends with its answer; the call does not.
        context.ct = CancellationToken::new();
        let request = with_answers(request.clone(), &mut context, answers);
        let doing = request.map(|request| answering(request, context));
        Box::pin(async move {
            let answer = match doing {
                Ok(doing) => doing.await,
                Err(error) => Err(error),
            };
            spans::note_end(&answer);
            answer
        })
    });
    let told = tokio::select! {
        told = handler.engine().long_calls.run(new, attempt, kept) => told,
        // Its client is gone before it heard of a task.
        () = context.ct.cancelled() => {
            return Err(ErrorData::internal_error("The request was taken back.", None));
        }
    };
    match told {
        Some(Told::Ended(answer)) => answer,
        Some(Told::Kept(call)) => Ok(CallToolResponse::Task(CreateTaskResult::new(task(&call)))),
        None => Err(ErrorData::internal_error("The call stopped in the middle.", None)),
    }
}

/// The request, with the answers to what the attempt before has asked. It goes on with what whoever answered may
/// at that moment: since it began, a role, artists or an account may have been taken away.
fn with_answers(
    mut request: CallToolRequestParams,
    context: &mut RequestContext<RoleServer>,
    answers: Option<Answers>,
) -> Result<CallToolRequestParams, ErrorData> {
    if let Some(Answers { answers, state, by }) = answers {
        let responses: InputResponses = serde_json::from_str(&answers).map_err(|error| unreadable(&error))?;
        request.input_responses = Some(responses);
        request.request_state = state;
        if let Some(by) = by {
            let principal = serde_json::from_str(&by).map_err(|error| unreadable(&error))?;
            asked::go_on_as(context, principal)?;
        }
    }
    Ok(request)
}

fn unreadable(error: &serde_json::Error) -> ErrorData {
    let message = format!("The answers that were kept for the task cannot be read: {error}.");
    ErrorData::internal_error(message, None)
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
    let caller = Asked::of(context)?.caller;
    let call = seen(handler, &caller, id, context).await?;
    Ok(GetTaskResult::new(DetailedTask::new(task(&call), payload(&call))))
}

/// A task, for whoever may have to do with it: with its tool, that is, and at this address. Tokens of one client
/// for one person find each other's tasks, whatever each is for.
async fn seen(
    handler: &Handler,
    caller: &Caller,
    id: String,
    context: &RequestContext<RoleServer>,
) -> Result<LongCall, ErrorData> {
    let (gateway, Caller { principal, origin }) = (&handler.engine().gateway, caller);
    let seen = gateway.call::<ViewLongCall>(principal, origin, id).await;
    let call = seen.map_err(|error| not_done(&error))?.output;
    if !tools::is_about_tools(&call.tool) {
        gateway
            .check_key(principal, origin, tools::operation(&call.tool))
            .map_err(|error| refused(&error))?;
    }
    if handler.scope != Scope::All && !tools::is_known(handler, context, &call.tool) {
        let message = format!("The tool {:?} of this task is not at this address. Ask at /mcp.", call.tool);
        return Err(ErrorData::invalid_params(message, None));
    }
    Ok(call)
}

/// Answers what a task asks.
pub(super) async fn update(
    handler: &Handler,
    id: String,
    responses: InputResponses,
    context: &RequestContext<RoleServer>,
) -> Result<(), ErrorData> {
    let caller = Asked::of(context)?.caller;
    seen(handler, &caller, id.clone(), context).await?;
    let answers = responses.into_iter().collect();
    let answered_by = json!(caller.principal).to_string();
    let input = AnswerLongCallInput { id: id.clone(), answers, answered_by };
    let engine = handler.engine();
    let taken = engine.gateway.call::<AnswerLongCall>(&caller.principal, &caller.origin, input).await;
    taken.map_err(|error| not_done(&error))?;
    engine.long_calls.look_at(&id);
    Ok(())
}

/// Wants a task to stop.
pub(super) async fn cancel(
    handler: &Handler,
    id: String,
    context: &RequestContext<RoleServer>,
) -> Result<(), ErrorData> {
    let caller = Asked::of(context)?.caller;
    seen(handler, &caller, id.clone(), context).await?;
    let engine = handler.engine();
    let taken = engine.gateway.call::<StopLongCall>(&caller.principal, &caller.origin, id.clone()).await;
    taken.map_err(|error| not_done(&error))?;
    engine.long_calls.look_at(&id);
    Ok(())
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

const UNREADABLE: &str = "What was kept of the call cannot be read; the log has the details. A call that \
                          only reads can be made again; look whether a change was made.";

fn payload(call: &LongCall) -> TaskPayload {
    let read = match call.state {
        LongCallState::Working => Ok(TaskPayload::Working),
        LongCallState::Asking => asking(call),
        LongCallState::Done => outcome(call).map(|result| TaskPayload::Completed { result }),
        LongCallState::Failed => outcome(call).map(|error| TaskPayload::Failed { error }),
        LongCallState::Cancelled => Ok(TaskPayload::Cancelled),
        LongCallState::Interrupted => Ok(failed(INTERRUPTED)),
    };
    read.unwrap_or_else(|error| {
        tracing::error!(%error, id = call.id, "what was kept of a task cannot be read");
        failed(UNREADABLE)
    })
}

fn asking(call: &LongCall) -> serde_json::Result<TaskPayload> {
    let open: InputRequests = serde_json::from_str(call.questions.as_deref().unwrap_or("{}"))?;
    // Where everything is answered, it goes on within a second.
    Ok(if open.is_empty() {
        TaskPayload::Working
    } else {
        TaskPayload::InputRequired { input_requests: open }
    })
}

fn outcome(call: &LongCall) -> serde_json::Result<JsonObject> {
    serde_json::from_str(call.outcome.as_deref().unwrap_or_default())
}

fn failed(message: &'static str) -> TaskPayload {
    let error = json!(ErrorData::internal_error(message, None));
    TaskPayload::Failed { error: error.as_object().cloned().unwrap_or_default() }
}
