//! The forms of `/tasks` and `/tasks/{id}`: `POST` begins a task, or decides about one, and leads to its page.

use super::pages;
use super::router::AppState;
use super::sent_fields::{SentFields, field};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Origin};
use crate::model::field::FieldError;
use crate::model::task::{Feedback, StepId, TaskDecision, TaskView};
use crate::model::task_form::TaskForm;
use crate::model::task_share::NewTaskLink;
use crate::pages::tasks::TasksOutcome;
use crate::pages::tasks::address::{self, APPROVAL, FEEDBACK, SHARING};
use crate::pages::tasks::change::{ChangeOutcome, without};
use crate::pages::tools::form::submission::arguments_from_fields;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};

/// What the audit log calls a form of a new task that could not be read.
const NEW: &str = "POST /tasks";

/// What it calls a form about a task that could not be read.
const DECISION: &str = "POST /tasks/{id}";

/// The most bytes that a form may have: far more than a task may, so that its page can say how long it may be.
pub(super) const LARGEST_FORM: usize = 512 * 1024;

/// The same origin with a key, so that a second click starts nothing more.
fn keyed(origin: &Origin, parts: &[&str], fields: &[(String, String)]) -> Origin {
    let mut digest = Sha256::new();
    let fields = fields.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    for part in parts.iter().copied().chain(fields) {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let key = format!("form:{}", hex::encode(digest.finalize()));
    Origin { idempotency_key: key.parse().ok(), ..origin.clone() }
}

/// Begins a task; where it cannot be, the page says why and keeps what was typed.
pub(super) async fn start(State(state): State<AppState>, request: Request) -> Response {
    let sent = SentFields::of(request).await;
    let fields = match sent.fields() {
        Ok(fields) => fields,
        Err(error) => {
            let error = AppError::from(sent.refused(&state, NEW, error));
            return pages::with(&state, sent.parts, TasksOutcome { form: TaskForm::default(), error }).await;
        }
    };
    let form = TaskForm::read(fields.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let request = match form.request() {
        Ok(request) => request,
        Err(wrong) => {
            let error = AppError::from(sent.refused(&state, NEW, wrong_fields(wrong)));
            return pages::with(&state, sent.parts, TasksOutcome { form, error }).await;
        }
    };
    let origin = keyed(&sent.origin, &["start"], fields);
    match state.engine.supervisor.start(&sent.visitor, &origin, request).await {
        Ok(task) => Redirect::to(&address::of_task(&task.id)).into_response(),
        Err(error) => {
            let outcome = TasksOutcome { form, error: AppError::from(error) };
            pages::with(&state, sent.parts, outcome).await
        }
    }
}

/// Decides about a task; where that cannot be done, its page says why.
pub(super) async fn decide(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let sent = SentFields::of(request).await;
    let (supervisor, person, origin) = (&state.engine.supervisor, &sent.visitor, &sent.origin);
    let wish = sent.fields();
    let wish = wish.and_then(|fields| Wish::read(fields).map_err(|wrong| wrong_fields(vec![wrong])));
    let done = match wish {
        Ok(Wish::Share) => match supervisor.share(person, origin, &id).await {
            Ok(link) => {
                let address = format!("{}{}", site(&state, &sent.parts.headers), link.address);
                return pages::with(&state, sent.parts, NewTaskLink { address, ..link }).await;
            }
            Err(error) => Err(error),
        },
        Ok(Wish::StopSharing) => {
            let ended = supervisor.stop_sharing(person, origin, &id).await;
            ended.map(|()| format!("{}#{SHARING}", address::of_task(&id)))
        }
        Ok(Wish::Again) => {
            let origin = &keyed(origin, &["again", &id], &[]);
            supervisor.run_again(person, origin, &id).await.map(|task| address::of_task(&task.id))
        }
        Ok(Wish::Change(step)) => match change(&state, &sent, &id, &step).await {
            // The form was sent to its place in the page, where there is nothing any more.
            Ok(_) => Ok(format!("{}#{APPROVAL}", address::of_task(&id))),
            Err(error) => {
                let fields = arguments_among(sent.fields().unwrap_or_default()).to_vec();
                let outcome = ChangeOutcome { step, fields, error: AppError::from(error) };
                return pages::with(&state, sent.parts, outcome).await;
            }
        },
        Ok(Wish::Decide(decision)) => {
            let part = match decision {
                TaskDecision::Judge(_) => format!("#{FEEDBACK}"),
                // As after a change: what is still to be approved.
                TaskDecision::LeaveOut { .. } => format!("#{APPROVAL}"),
                _ => String::new(),
            };
            let decided = supervisor.decide(person, origin, &id, decision).await;
            decided.map(|_| format!("{}{part}", address::of_task(&id)))
        }
        Err(error) => {
            let error = AppError::from(sent.refused(&state, DECISION, error));
            return pages::with(&state, sent.parts, TasksOutcome { form: TaskForm::default(), error }).await;
        }
    };
    match done {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => {
            let outcome = TasksOutcome { form: TaskForm::default(), error: AppError::from(error) };
            pages::with(&state, sent.parts, outcome).await
        }
    }
}

/// Where Patchline is, under the name by which the browser has found it.
fn site(state: &AppState, headers: &HeaderMap) -> String {
    let public = &state.engine.config.public_url;
    let scheme = if public.starts_with("https://") { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map_or_else(|| public.clone(), |host| format!("{scheme}://{host}"))
}

/// Gives a step other arguments: those of the form, read by the schema of its tool.
async fn change(state: &AppState, sent: &SentFields, id: &str, step: &StepId) -> Result<TaskView, CallError> {
    let (supervisor, person, origin) = (&state.engine.supervisor, &sent.visitor, &sent.origin);
    let task = supervisor.view(person, origin, id).await?;
    let planned = task.plan.iter().flat_map(|plan| &plan.steps).find(|planned| planned.id == *step);
    let tool = planned.and_then(|planned| state.engine.gateway.tool(person, &planned.tool));
    let refused = |error| sent.refused(state, DECISION, error);
    let Some(tool) = tool else {
        let field = FieldError::new("step", "has a tool that you may not use");
        return Err(refused(wrong_fields(vec![field])));
    };
    let view = task.steps.iter().find(|view| view.id == *step);
    let found_later = planned.map(|planned| planned.still_to_find(view)).unwrap_or_default();
    let schema = without(tool.input_schema.clone(), &found_later);
    let fields = arguments_among(sent.fields().unwrap_or_default());
    let arguments = arguments_from_fields(&schema, fields);
    let arguments = arguments.map_err(|wrong| refused(wrong_fields(wrong)))?;
    let decision = TaskDecision::Change { step: step.clone(), arguments };
    supervisor.decide(person, origin, id, decision).await
}

/// The arguments in a form about a step: they stand between the two fields that are the form's own.
fn arguments_among(fields: &[(String, String)]) -> &[(String, String)] {
    let begin = usize::from(fields.first().is_some_and(|(name, _)| name == "step"));
    let end = fields.len() - usize::from(fields.last().is_some_and(|(name, _)| name == "decision"));
    fields.get(begin..end).unwrap_or_default()
}

/// What a form about a task wants.
#[derive(Debug, PartialEq)]
enum Wish {
    Decide(TaskDecision),
    /// Other arguments of a step.
    Change(StepId),
    /// The same once more, as a task of its own.
    Again,
    /// A link with which colleagues read it.
    Share,
    /// That the link works no more.
    StopSharing,
}

impl Wish {
    fn read(fields: &[(String, String)]) -> Result<Self, FieldError> {
        let field = |name: &str| field(fields, name).to_owned();
        Ok(match field("decision").as_str() {
            "answer" => Self::Decide(TaskDecision::Answer { value: field("value") }),
            "approve" => Self::Decide(TaskDecision::Approve { approval: field("approval") }),
            "refuse" => Self::Decide(TaskDecision::Refuse),
            "change" => Self::Change(StepId(field("step"))),
            "leaveOut" => Self::Decide(TaskDecision::LeaveOut { step: StepId(field("step")) }),
            "cancel" => Self::Decide(TaskDecision::Cancel),
            "retry" => Self::Decide(TaskDecision::Retry { step: StepId(field("step")) }),
            "again" => Self::Again,
            "share" => Self::Share,
            "stopSharing" => Self::StopSharing,
            "judge" => {
                let helpful = match field("helpful").as_str() {
                    "yes" => true,
                    "no" => false,
                    _ => return Err(FieldError::new("helpful", "has to be yes or no")),
                };
                let comment = field("comment").trim().to_owned();
                Self::Decide(TaskDecision::Judge(Feedback { helpful, comment }))
            }
            _ => return Err(FieldError::new("decision", "is none that can be made about a task")),
        })
    }
}

pub(super) fn wrong_fields(fields: Vec<FieldError>) -> CallError {
    let error =
        CallError::new(CallErrorKind::Invalid, "The form is not right.", "Correct it and send it again.");
    CallError { fields, ..error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Wish, FieldError> {
        let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Wish::read(&fields)
    }

    #[test]
    fn an_approval_names_what_was_looked_at() {
        let approved = TaskDecision::Approve { approval: "a1".to_owned() };
        assert_eq!(read(&[("approval", "a1"), ("decision", "approve")]), Ok(Wish::Decide(approved)));
        assert_eq!(
            read(&[("approval", "a1"), ("decision", "refuse")]),
            Ok(Wish::Decide(TaskDecision::Refuse))
        );
    }

    #[test]
    fn nothing_is_done_that_no_button_says() {
        assert_eq!(read(&[]).expect_err("nothing is decided").field, "decision");
        assert_eq!(read(&[("decision", "judge")]).expect_err("it says neither").field, "helpful");
        assert_eq!(read(&[("decision", "again")]), Ok(Wish::Again));
    }
}
