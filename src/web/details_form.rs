//! The forms of what a record says: `POST …/edit` keeps what is new, and leads back to the page of the record. What is
//! kept, and how, is said by [`release_form`](super::release_form) and [`artist_form`](super::artist_form).

use super::pages;
use super::router::AppState;
use super::sent_fields::{SentFields, unreadable};
use crate::api::error::{AppError, FieldError};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::Operation;
use crate::model::details_form::{DetailField, DetailsForm};
use crate::pages::releases::detail_form::FailedDetails;
use axum::extract::{Form, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What precedes the names of fields in the tools' messages.
const NEW_VALUES: &str = "updateData.";

/// Records that are changed by a form.
pub(super) trait Details {
    /// What the audit log calls a form that could not be read.
    const FORM: &'static str;

    /// The address of the list of such records; that of a record is one below.
    const LIST: &'static str;

    /// Keeps what is new in the record of this id. Nothing is changed where nothing is new, or somebody else was
    /// faster.
    fn keep(
        sender: &Sender<'_>,
        id: &str,
        form: &DetailsForm,
    ) -> impl Future<Output = Result<(), CallError>> + Send;
}

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit<D: Details>(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let sender = Sender { engine: &state.engine, person: &visitor, origin: &origin, form: D::FORM };
    let (result, typed) = match read {
        Ok(Form(fields)) => {
            let form = DetailsForm::of_fields(fields);
            (D::keep(&sender, &id, &form).await, Some(form))
        }
        Err(rejection) => (Err(sender.recorded(unreadable(&rejection))), None),
    };
    match result {
        Ok(()) => Redirect::to(&format!("{}/{id}", D::LIST)).into_response(),
        Err(error) => {
            let told = FailedDetails { error: at_fields(AppError::from(error)), typed };
            pages::with(&state, parts, told).await
        }
    }
}

/// Who sent a form, and to what.
pub(super) struct Sender<'a> {
    engine: &'a Engine,
    person: &'a Principal,
    origin: &'a Origin,
    /// What the audit log calls the form.
    form: &'static str,
}

impl Sender<'_> {
    /// Does something as the sender.
    pub(super) async fn call<O: Operation>(&self, input: O::Input) -> Result<O::Output, CallError> {
        let answer = self.engine.gateway.call::<O>(self.person, self.origin, input).await;
        answer.map(|answer| answer.output)
    }

    /// What is new in a form about a record that is stored so; none where nothing is.
    pub(super) fn changes(
        &self,
        form: &DetailsForm,
        fields: &[DetailField],
        stored: &Value,
    ) -> Result<Option<Map<String, Value>>, CallError> {
        let changes = form.changes(fields, stored).map_err(|wrong| {
            self.refused("The details are not valid.".to_owned(), "Correct what is marked.", wrong)
        })?;
        Ok(Some(changes).filter(|changes| !changes.is_empty()))
    }

    /// New values as the tool takes them.
    pub(super) fn new_values<T: DeserializeOwned>(
        &self,
        changes: Map<String, Value>,
    ) -> Result<T, CallError> {
        serde_json::from_value(Value::Object(changes)).map_err(|error| {
            self.refused(format!("The details are not valid: {error}."), "Correct them.", Vec::new())
        })
    }

    /// The error for a form that says what cannot be, which is recorded.
    pub(super) fn refused(
        &self,
        message: String,
        remedy: &'static str,
        fields: Vec<FieldError>,
    ) -> CallError {
        self.recorded(CallError { fields, ..CallError::new(CallErrorKind::Invalid, message, remedy) })
    }

    fn recorded(&self, error: CallError) -> CallError {
        self.engine.gateway.refused(self.person, self.origin, self.form, error)
    }
}

/// The same with the fields named as the form names them.
fn at_fields(mut error: AppError) -> AppError {
    for wrong in &mut error.fields {
        if let Some(name) = wrong.field.strip_prefix(NEW_VALUES) {
            wrong.field = name.to_owned();
        }
    }
    error
}
