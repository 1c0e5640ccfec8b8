//! The form of a contract: `POST /contracts/{id}` keeps what it says, and leads back to its page.

use super::pages;
use super::router::AppState;
use super::sent_fields::SentFields;
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::views::{SetContractTerms, SetTermsInput};
use crate::model::contract::{TermsForm, file_of};
use crate::pages::contracts::contract::FailedTerms;
use axum::extract::{Form, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /contracts";

/// The largest form: terms with every line that is kept.
pub(super) const LARGEST_FORM: usize = 512 * 1024;

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let refused = |message: String, remedy: &'static str| {
        let error = CallError::new(CallErrorKind::Invalid, message, remedy);
        state.engine.gateway.refused(&visitor, &origin, FORM, error)
    };
    let (result, typed) = match (read, file_of(&id)) {
        (Ok(Form(fields)), Some(file_name)) => {
            let form = TermsForm::of_fields(fields);
            let input = SetTermsInput { file_name, form: form.clone() };
            let set = state.engine.gateway.call::<SetContractTerms>(&visitor, &origin, input).await;
            (set.map(drop), Some(form))
        }
        (Ok(_), None) => {
            let message = "There is no such contract.".to_owned();
            (Err(refused(message, "Look for it in the list of contracts.")), None)
        }
        (Err(rejection), _) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            (Err(refused(message, "Fill it in again.")), None)
        }
    };
    match result {
        Ok(()) => Redirect::to(&format!("/contracts/{id}#terms")).into_response(),
        Err(error) => pages::with(&state, parts, FailedTerms { error: AppError::from(error), typed }).await,
    }
}
