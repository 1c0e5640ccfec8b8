//! The form of what tells an artist from others: `POST /artists/{id}/edit` keeps what is new, and leads back to the page
//! of the artist.

use super::details_form::at_fields;
use super::pages;
use super::router::AppState;
use super::sent_fields::{SentFields, unreadable};
use crate::api::error::{AppError, FieldError};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::dynamodb::{UpdateArtistData, UpdateArtistInput};
use crate::engine::tools::views::ViewArtist;
use crate::model::details_form::{ARTIST_FIELDS, DetailsForm};
use crate::model::identifier::ArtistId;
use crate::pages::releases::detail_form::FailedDetails;
use axum::extract::{Form, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /artists/edit";

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path(artist): Path<String>,
    request: Request,
) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let sender = Sender { engine: &state.engine, person: &visitor, origin: &origin };
    let (result, typed) = match read {
        Ok(Form(fields)) => {
            let form = DetailsForm::of_fields(fields);
            (sender.keep(&artist, &form).await, Some(form))
        }
        Err(rejection) => {
            let error = unreadable(&rejection);
            (Err(state.engine.gateway.refused(&visitor, &origin, FORM, error)), None)
        }
    };
    match result {
        Ok(()) => Redirect::to(&format!("/artists/{artist}")).into_response(),
        Err(error) => {
            let told = FailedDetails { error: at_fields(AppError::from(error)), typed };
            pages::with(&state, parts, told).await
        }
    }
}

/// Who sent a form, and to what.
struct Sender<'a> {
    engine: &'a Engine,
    person: &'a Principal,
    origin: &'a Origin,
}

impl Sender<'_> {
    /// Keeps what is new. Nothing is changed where nothing is new, or somebody else was faster.
    async fn keep(&self, artist: &str, form: &DetailsForm) -> Result<(), CallError> {
        let gateway = &self.engine.gateway;
        let artist_id = artist.parse::<ArtistId>().map_err(|error| {
            let message = format!("There is no such artist: {error}.");
            self.refused(message, "Go back to the list of artists.", Vec::new())
        })?;
        let now = gateway.call::<ViewArtist>(self.person, self.origin, artist_id.clone()).await?;
        // What is no record says nothing, so that all that was typed is new.
        let stored = serde_json::to_value(&now.output.artist).unwrap_or_default();
        let changes = form.changes(ARTIST_FIELDS, &stored).map_err(|wrong| {
            self.refused("The details are not valid.".to_owned(), "Correct what is marked.", wrong)
        })?;
        if changes.is_empty() {
            return Ok(());
        }
        let update_data = serde_json::from_value(Value::Object(changes)).map_err(|error| {
            self.refused(format!("The details are not valid: {error}."), "Correct them.", Vec::new())
        })?;
        let input = UpdateArtistInput {
            table_name: None,
            artist_id: artist_id.to_string(),
            expected_version: form.version,
            update_data,
        };
        gateway.call::<UpdateArtistData>(self.person, self.origin, input).await.map(drop)
    }

    fn refused(&self, message: String, remedy: &'static str, fields: Vec<FieldError>) -> CallError {
        let error = CallError { fields, ..CallError::new(CallErrorKind::Invalid, message, remedy) };
        self.engine.gateway.refused(self.person, self.origin, FORM, error)
    }
}
