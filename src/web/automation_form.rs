//! The forms of `/tasks/automation` and `/tasks/automation/{id}`: `POST` makes an automation, or changes, pauses, runs
//! or deletes one, and leads to its page. What signs a webhook is shown once, with the answer.

use super::router::AppState;
use super::sent_fields::{self, SentFields, unreadable};
use super::{confirm, pages};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::model::automation::{AutomationForm, AutomationWish, MadeAutomation};
use crate::model::field::FieldError;
use crate::pages::automation::{AutomationOutcome, address};
use axum::extract::{Form, Path, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

/// What the audit log calls a form that could not be read, or was not filled in correctly.
const NEW: &str = "POST /tasks/automation";
const OF_ONE: &str = "POST /tasks/automation/{id}";

/// The most bytes that a form may have: far more than a task may, so that its page can say how long it may be.
pub(super) const LARGEST_FORM: usize = 512 * 1024;

/// Who sends a form that could be read, and what stands in it.
struct Sent {
    parts: Parts,
    person: Principal,
    origin: Origin,
    fields: Vec<(String, String)>,
}

impl Sent {
    /// Reads a form.
    ///
    /// # Errors
    /// The page that says that it could not be read.
    async fn read(state: &AppState, request: Request, name: &str) -> Result<Self, Box<Response>> {
        let SentFields { parts, origin, visitor: person, read } = SentFields::of(request).await;
        match read {
            Ok(Form(fields)) => Ok(Self { parts, person, origin, fields }),
            Err(rejection) => {
                let error = state.engine.gateway.refused(&person, &origin, name, unreadable(&rejection));
                let outcome = failed(error, AutomationForm::default());
                Err(Box::new(pages::with(state, parts, outcome).await))
            }
        }
    }

    fn field(&self, name: &str) -> &str {
        sent_fields::field(&self.fields, name)
    }

    fn form(&self) -> AutomationForm {
        AutomationForm::read(self.fields.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }

    /// The wish that the form means.
    fn wish(&self, state: &AppState, name: &str) -> Result<AutomationWish, CallError> {
        self.form().wish().map_err(|fields| self.refused(state, name, fields))
    }

    fn refused(&self, state: &AppState, name: &str, fields: Vec<FieldError>) -> CallError {
        let message = "The form is not filled in correctly.";
        let error = CallError::new(CallErrorKind::Invalid, message, "Correct it and send it again.");
        state.engine.gateway.refused(&self.person, &self.origin, name, CallError { fields, ..error })
    }
}

fn failed(error: CallError, form: AutomationForm) -> AutomationOutcome {
    AutomationOutcome::Failed { error: AppError::from(error), form: Box::new(form) }
}

/// What a form came to.
enum Done {
    /// The page at this address says it.
    At(String),
    /// There is something to be shown once.
    Made(Box<MadeAutomation>),
}

/// Makes an automation, or pauses one of somebody else.
pub(super) async fn create(State(state): State<AppState>, request: Request) -> Response {
    let sent = match Sent::read(&state, request, NEW).await {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let automations = &state.engine.automations;
    let (person, origin) = (&sent.person, &sent.origin);
    let done = if sent.field("change") == "pauseAny" {
        let paused = automations.pause_any(person, origin, sent.field("owner"), sent.field("id")).await;
        if let Err(error) = &paused
            && let Some(way) = confirm::of_error_on(address::EVERYBODY, error, &sent.parts)
        {
            return way;
        }
        paused.map(|()| Done::At(address::EVERYBODY.to_owned()))
    } else {
        match sent.wish(&state, NEW) {
            Ok(wish) => automations.create(person, origin, wish).await.map(made),
            Err(error) => Err(error),
        }
    };
    answer(&state, sent, done).await
}

/// Changes, pauses, runs or deletes an automation.
pub(super) async fn change(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let sent = match Sent::read(&state, request, OF_ONE).await {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let done = of_one(&state, &sent, &id).await;
    answer(&state, sent, done).await
}

async fn of_one(state: &AppState, sent: &Sent, id: &str) -> Result<Done, CallError> {
    let automations = &state.engine.automations;
    let (person, origin) = (&sent.person, &sent.origin);
    let here = || Done::At(address::of(id));
    match sent.field("change") {
        "change" => {
            let wish = sent.wish(state, OF_ONE)?;
            let version = sent.field("version").parse().unwrap_or_default();
            automations.change(person, origin, id, version, wish).await.map(made)
        }
        "pause" => automations.pause(person, origin, id, true).await.map(|()| here()),
        "resume" => automations.pause(person, origin, id, false).await.map(|()| here()),
        "run" => automations.run_now(person, origin, id).await.map(|()| here()),
        "delete" => automations.delete(person, origin, id).await.map(|()| Done::At(address::PATH.to_owned())),
        _ => {
            let wrong = vec![FieldError::new("change", "is none that can be made of an automation")];
            Err(sent.refused(state, OF_ONE, wrong))
        }
    }
}

fn made(made: MadeAutomation) -> Done {
    if made.secret.is_some() {
        Done::Made(Box::new(made))
    } else {
        Done::At(address::of(&made.automation.id))
    }
}

async fn answer(state: &AppState, sent: Sent, done: Result<Done, CallError>) -> Response {
    match done {
        Ok(Done::At(page)) => Redirect::to(&page).into_response(),
        Ok(Done::Made(made)) => pages::with(state, sent.parts, AutomationOutcome::Made(made)).await,
        Err(error) => {
            let form = sent.form();
            pages::with(state, sent.parts, failed(error, form)).await
        }
    }
}
