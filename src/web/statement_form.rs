//! The form on the page of a statement: `POST /artists/{id}/statement` keeps an exchange rate, and leads back to the
//! statement that it converts, with the days and terms that were shown.

use super::pages;
use super::router::AppState;
use super::sent_fields::SentFields;
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::music::royalties::SetExchangeRate;
use crate::model::exchange_rate::ExchangeRateForm;
use crate::model::identifier::ArtistId;
use crate::pages::artists::exchange_rates::FailedRate;
use crate::pages::artists::statement::address_with;
use axum::extract::{Form, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /artists/{id}/statement";

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path(artist): Path<String>,
    request: Request,
) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let refused = |message: String, remedy: &'static str| {
        let error = CallError::new(CallErrorKind::Invalid, message, remedy);
        state.engine.gateway.refused(&visitor, &origin, FORM, error)
    };
    let (result, typed) = match (read, artist.parse::<ArtistId>()) {
        (Ok(Form(fields)), Ok(artist_id)) => {
            let form = ExchangeRateForm::of_fields(fields);
            let set = state.engine.gateway.call::<SetExchangeRate>(&visitor, &origin, form.clone()).await;
            (set.map(|_| artist_id), form)
        }
        (Ok(_), Err(reason)) => {
            let message = format!("There is no such artist: {reason}.");
            (Err(refused(message, "Look for the name in the list of artists.")), ExchangeRateForm::default())
        }
        (Err(rejection), _) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            (Err(refused(message, "Fill it in again.")), ExchangeRateForm::default())
        }
    };
    match result {
        Ok(artist_id) => {
            let shown = address_with(artist_id, parts.uri.query().unwrap_or_default());
            Redirect::to(&format!("{shown}#currencies")).into_response()
        }
        Err(error) => pages::with(&state, parts, FailedRate { error: AppError::from(error), typed }).await,
    }
}
