//! The forms of a release's details, of those of one of its tracks, and of the order of these:
//! `POST /releases/{id}/edit` keeps what is new, and leads back to the page of the release.

use super::pages;
use super::router::AppState;
use super::sent_fields::{SentFields, unreadable};
use crate::api::error::{AppError, FieldError};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::dynamodb::{
    UpdateReleaseData, UpdateReleaseInput, UpdateTrackData, UpdateTrackInput,
};
use crate::engine::tools::views::ViewRelease;
use crate::model::details_form::{DetailsForm, fields_of, stored};
use crate::model::identifier::{ReleaseId, TrackId};
use crate::model::track_order;
use crate::pages::releases::detail_form::FailedDetails;
use crate::pages::releases::track_order::{CHANGE, ORDER};
use axum::extract::{Form, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /releases/edit";

/// The largest form: a track with every name that is kept.
pub(super) const LARGEST_FORM: usize = 256 * 1024;

/// What precedes the names of fields in the tools' messages.
const NEW_VALUES: &str = "updateData.";

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path(release): Path<String>,
    request: Request,
) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let sender = Sender { engine: &state.engine, person: &visitor, origin: &origin };
    let (result, typed) = match read {
        Ok(Form(fields)) => {
            let form = DetailsForm::of_fields(fields);
            let kept = if form.value(CHANGE) == ORDER {
                sender.keep_order(&release, &form).await
            } else {
                sender.keep(&release, &form).await
            };
            (kept, Some(form))
        }
        Err(rejection) => {
            let error = unreadable(&rejection);
            (Err(state.engine.gateway.refused(&visitor, &origin, FORM, error)), None)
        }
    };
    match result {
        Ok(()) => Redirect::to(&format!("/releases/{release}")).into_response(),
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
    async fn keep(&self, release: &str, form: &DetailsForm) -> Result<(), CallError> {
        let gateway = &self.engine.gateway;
        let nowhere = |message: String| self.refused(message, "Go back to the list of releases.", Vec::new());
        let release_id = self.named(release)?;
        let track_id = match form.track.as_str() {
            "" => None,
            id => Some(
                id.parse::<TrackId>()
                    .map_err(|error| nowhere(format!("There is no such track: {error}.")))?,
            ),
        };
        let now = gateway.call::<ViewRelease>(self.person, self.origin, release_id.clone()).await?;
        let Some(stored) = stored(&now.output.release, track_id.as_ref()) else {
            return Err(nowhere("The release has no such track any more.".to_owned()));
        };
        let changes = form.changes(fields_of(track_id.is_some()), &stored).map_err(|wrong| {
            self.refused("The details are not valid.".to_owned(), "Correct what is marked.", wrong)
        })?;
        if changes.is_empty() {
            return Ok(());
        }
        match track_id {
            None => self.keep_release(release_id, form.version, changes).await,
            Some(track_id) => self.keep_track(release_id, track_id, form.version, changes).await,
        }
    }

    /// Keeps a new order of the tracks. Nothing is changed where they stand so already, or somebody else was faster.
    async fn keep_order(&self, release: &str, form: &DetailsForm) -> Result<(), CallError> {
        let release_id = self.named(release)?;
        let now =
            self.engine.gateway.call::<ViewRelease>(self.person, self.origin, release_id.clone()).await?;
        let tracks = now.output.release.tracks;
        let ordered = track_order::ordered(&tracks, &form.values).map_err(|wrong| {
            self.refused("The order is not valid.".to_owned(), "Correct what is marked.", wrong)
        })?;
        if !track_order::is_new(&tracks, &ordered) {
            return Ok(());
        }
        let order: Vec<&str> = ordered.iter().map(|track| track.track_id.as_str()).collect();
        let changes = Map::from_iter([("trackOrder".to_owned(), Value::from(order))]);
        self.keep_release(release_id, form.version, changes).await
    }

    /// The release that an address names.
    fn named(&self, release: &str) -> Result<ReleaseId, CallError> {
        release.parse::<ReleaseId>().map_err(|error| {
            let message = format!("There is no such release: {error}.");
            self.refused(message, "Go back to the list of releases.", Vec::new())
        })
    }

    async fn keep_release(
        &self,
        release_id: ReleaseId,
        expected_version: u32,
        changes: Map<String, Value>,
    ) -> Result<(), CallError> {
        let input = UpdateReleaseInput {
            table_name: None,
            release_id: release_id.to_string(),
            expected_version,
            update_data: self.new_values(changes)?,
        };
        let gateway = &self.engine.gateway;
        gateway.call::<UpdateReleaseData>(self.person, self.origin, input).await.map(drop)
    }

    async fn keep_track(
        &self,
        release_id: ReleaseId,
        track_id: TrackId,
        expected_version: u32,
        changes: Map<String, Value>,
    ) -> Result<(), CallError> {
        let input = UpdateTrackInput {
            table_name: None,
            release_id: release_id.to_string(),
            track_id: track_id.to_string(),
            expected_version,
            update_data: self.new_values(changes)?,
        };
        let gateway = &self.engine.gateway;
        gateway.call::<UpdateTrackData>(self.person, self.origin, input).await.map(drop)
    }

    /// New values as the tool takes them.
    fn new_values<T: DeserializeOwned>(&self, changes: Map<String, Value>) -> Result<T, CallError> {
        serde_json::from_value(Value::Object(changes)).map_err(|error| {
            self.refused(format!("The details are not valid: {error}."), "Correct them.", Vec::new())
        })
    }

    fn refused(&self, message: String, remedy: &'static str, fields: Vec<FieldError>) -> CallError {
        let error = CallError { fields, ..CallError::new(CallErrorKind::Invalid, message, remedy) };
        self.engine.gateway.refused(self.person, self.origin, FORM, error)
    }
}

/// The same with the fields named as the form names them.
pub(super) fn at_fields(mut error: AppError) -> AppError {
    for wrong in &mut error.fields {
        if let Some(name) = wrong.field.strip_prefix(NEW_VALUES) {
            wrong.field = name.to_owned();
        }
    }
    error
}
