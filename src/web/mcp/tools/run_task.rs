//! `run_task`: a task of several steps that is said in words. It is no tool of a server, but stands above the
//! door: each of its steps is a call of the caller.

use super::{catalogue, outcome};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::supervisor::Supervisor;
use crate::engine::supervisor::answer::markdown;
use crate::engine::tools::{Progress, Step};
use crate::model::field::FieldError;
use crate::model::role::Role;
use crate::model::task::{LONGEST_TASK, StepState, TaskDecision, TaskRequest, TaskState, TaskView};
use crate::model::tool::{ToolAnnotations as Hints, ToolDescription};
use crate::web::caller::Caller;
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::scope::Scope;
use crate::web::mcp::{instructions, progress};
use futures::stream::StreamExt;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

pub(super) const NAME: &str = "run_task";

const TITLE: &str = "Run a task";

const DESCRIPTION: &str = "Does a task of several steps that is said in words: plans it, calls the tools, and answers \
                           with a source for each figure. What changes or sends something waits for a person's \
                           approval.";

/// The operation at the door that begins a task.
pub(super) const OPERATION: &str = "start_task";

/// Whether it is offered: at the address of everything, to whoever may have tasks.
pub(super) fn is_offered(handler: &Handler, asked: &Asked) -> bool {
    handler.scope == Scope::All && handler.engine().gateway.offers(&asked.caller.principal, OPERATION)
}

/// The tool as it is listed.
pub(super) fn tool() -> Tool {
    let input = json!({
        "type": "object",
        "required": ["task"],
        "additionalProperties": false,
        "properties": {
            "task": { "type": "string", "minLength": 1, "maxLength": LONGEST_TASK, "description": "What is to be done, in a sentence, for instance: How is Mira doing this month against last, and is it real?" },
            "parameters": { "type": "object", "description": "What is already known: artistId, releaseId, from, to, territory" },
            "musicIndustryRole": { "enum": Role::ALL.map(Role::id), "description": "The role to work in: the caller's own, or one with fewer rights" },
        },
    });
    let output = json!({
        "type": "object",
        "required": ["id", "state", "page"],
        "properties": {
            "id": { "type": "string" },
            "state": { "type": "string", "description": "done, partial, failed, refused, cancelled; or asking and approving, where a person is needed" },
            "page": { "type": "string", "description": "Where people see it" },
            "understood": { "type": "string" },
            "answer": { "type": "string", "description": "Markdown with a footnote for each figure" },
            "question": { "type": "object", "description": "What has to be settled: choose an option and call again with the argument in parameters" },
            "problem": { "type": "object", "description": "Why it came to nothing, what to do, and the nearest tasks that can be done" },
        },
    });
    Tool::new(NAME, DESCRIPTION, catalogue::schema(&input))
        .with_title(TITLE)
        .with_raw_output_schema(catalogue::schema(&output))
        .with_annotations(
            ToolAnnotations::with_title(TITLE)
                .read_only(false)
                .destructive(false)
                .idempotent(false)
                .open_world(false),
        )
        .with_icons(vec![instructions::icon(None)])
}

/// The tool as it is found for a purpose.
pub(super) fn description() -> ToolDescription {
    ToolDescription {
        name: NAME.to_owned(),
        server: "patchline".to_owned(),
        title: TITLE.to_owned(),
        description: DESCRIPTION.to_owned(),
        input_schema: Value::Null,
        output_schema: Value::Null,
        annotations: Hints {
            read_only_hint: false,
            destructive_hint: false,
            idempotent_hint: false,
            open_world_hint: false,
        },
    }
}

/// Does a task, and tells how far it is. When the client takes its request back, the task is stopped.
pub(super) async fn call(
    handler: &Handler,
    asked: &Asked,
    arguments: Option<JsonObject>,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResult, ErrorData> {
    let (engine, caller) = (handler.engine(), &asked.caller);
    let request: TaskRequest = match serde_json::from_value(Value::Object(arguments.unwrap_or_default())) {
        Ok(request) => request,
        Err(error) => {
            let refused = engine.gateway.refused(&caller.principal, &caller.origin, NAME, unreadable(&error));
            return Ok(outcome::failure(&refused));
        }
    };
    let started = engine.supervisor.start(&caller.principal, &caller.origin, request).await;
    let task = match started {
        Ok(task) => task,
        Err(error) => return Ok(outcome::failure(&error)),
    };
    let mut wanted = Wanted { engine: engine.clone(), caller: caller.clone(), id: Some(task.id.clone()) };
    let following = |progress| until_settled(&engine.supervisor, caller, task, progress);
    let ended = progress::told(context, following).await;
    if ended.is_ok() {
        wanted.id = None;
    }
    match ended? {
        Ok(task) => Ok(result(&task, &engine.config.public_url)),
        Err(error) => Ok(outcome::failure(&error)),
    }
}

/// Follows a task until it has ended or needs a person.
async fn until_settled(
    supervisor: &Supervisor,
    caller: &Caller,
    task: TaskView,
    progress: Progress,
) -> Result<TaskView, CallError> {
    let mut views = Box::pin(supervisor.follow(&caller.principal, &caller.origin, &task.id));
    let mut newest = task;
    while !is_settled(newest.state) {
        match views.next().await {
            Some(Ok(view)) => newest = view,
            // It goes on: whoever is told of an error only would call again, and have it done twice.
            Some(Err(error))
                if matches!(error.kind, CallErrorKind::Unavailable | CallErrorKind::TooManyRequests) =>
            {
                tracing::warn!(%error, task = newest.id, "a task that was begun could not be looked at");
                break;
            }
            Some(Err(error)) => return Err(error),
            None => break,
        }
        progress.report(step(&newest));
    }
    Ok(newest)
}

fn is_settled(state: TaskState) -> bool {
    state.has_ended() || matches!(state, TaskState::Asking | TaskState::Approving)
}

/// How far a task is, as steps that have ended.
fn step(task: &TaskView) -> Step {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let ended = task.steps.iter().filter(|step| step.state.has_ended()).count();
    let running = task.steps.iter().find(|step| step.state == StepState::Running);
    let planned = task.plan.iter().flat_map(|plan| &plan.steps);
    let title = running.and_then(|running| planned.clone().find(|step| step.id == running.id));
    let message = title.map_or_else(|| task.state.label().to_owned(), |step| step.title.clone());
    // One more for the answer, so that it is not said to be done before there is one.
    Step { done: count(ended), total: Some(count(task.steps.len() + 1)), message }
}

fn result(task: &TaskView, public_url: &str) -> CallToolResult {
    let page = format!("{public_url}/tasks/{}", task.id);
    let mut told = json!({ "id": task.id, "state": task.state, "page": page });
    let mut lines = vec![format!("{}: {}", task.state.label(), task.request.task)];
    if let Some(understood) = &task.understood {
        told["understood"] = json!(understood);
    }
    if task.answer.is_some() {
        let answer = markdown(task);
        lines = vec![answer.clone()];
        told["answer"] = json!(answer);
    }
    if let Some(question) = &task.question {
        told["question"] = json!(question);
        lines.push(question.text.clone());
        let options = question.choice.options.iter();
        lines.extend(options.map(|option| format!("- {} = {}", option.value, option.title)));
        lines.push(format!("Call again with {} in parameters.", question.choice.argument));
    }
    if task.state == TaskState::Approving {
        lines.push(format!("A step changes something: a person approves or refuses it at {page}"));
    }
    if let Some(problem) = &task.problem {
        told["problem"] = json!(problem);
        lines.push(format!("{} {}", problem.message, problem.remedy));
        lines.extend(problem.nearest.iter().map(|sentence| format!("- {sentence}")));
    }
    let mut result = outcome::structured(told, vec![ContentBlock::text(lines.join("\n"))]);
    result.is_error =
        Some(matches!(task.state, TaskState::Failed | TaskState::Refused | TaskState::Cancelled));
    result
}

fn unreadable(error: &serde_json::Error) -> CallError {
    let message = format!("The task cannot be read: {error}.");
    let remedy = "Send a task, with parameters and musicIndustryRole where they help.";
    CallError {
        fields: vec![FieldError::new("", error.to_string())],
        ..CallError::new(CallErrorKind::Invalid, message, remedy)
    }
}

/// A task that is done as long as its client waits for it.
struct Wanted {
    engine: Engine,
    caller: Caller,
    /// None once it does not depend on the client any more.
    id: Option<String>,
}

impl Drop for Wanted {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        // An instance that stops gives the task to another one, or goes on with it when it starts again.
        if self.engine.is_stopping() {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (engine, caller) = (self.engine.clone(), self.caller.clone());
        runtime.spawn(async move {
            let stopped =
                engine.supervisor.decide(&caller.principal, &caller.origin, &id, TaskDecision::Cancel).await;
            if let Err(error) = stopped {
                tracing::warn!(%error, task = %id, "a task goes on although its client is gone");
            }
        });
    }
}
