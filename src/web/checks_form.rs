//! The forms on the page of a release: `POST /releases/{id}` waives a finding, or takes that back, and leads back to the
//! check; or keeps who shares in what the release earns. And the check as a file:
//! `GET /export/releases/{id}/checks.json`.

use super::caller::Caller;
use super::error::RestError;
use super::export::file;
use super::pages;
use super::rest::{wrong_address, wrong_query};
use super::router::AppState;
use super::sent_fields::SentFields;
use crate::api::error::AppError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::Operation;
use crate::engine::tools::music::planning::{CheckRelease, CheckReleaseInput};
use crate::engine::tools::views::{
    SetReleaseSplits, SetSplitsInput, TakeBackWaiver, WaiveFinding, WaiverInput,
};
use crate::model::checks::{CheckQuestion, WaiverForm};
use crate::model::identifier::ReleaseId;
use crate::model::splits::SplitsForm;
use crate::pages::releases::checks::FailedWaiver;
use crate::pages::releases::splits::FailedSplits;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Form, Path, Query, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /releases";

/// The largest form: splits with every line that is kept.
pub(super) const LARGEST_FORM: usize = 256 * 1024;

/// The button that keeps splits.
const SPLITS: &str = "splits";

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path(release): Path<String>,
    request: Request,
) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let (result, form) = match read {
        Ok(Form(fields)) if fields.iter().any(|(name, value)| name == "change" && value == SPLITS) => {
            let form = SplitsForm::of_fields(fields);
            return match share(&state.engine, &visitor, &origin, &release, &form).await {
                Ok(()) => Redirect::to(&format!("/releases/{release}#splits")).into_response(),
                Err(error) => {
                    let told = FailedSplits { error: AppError::from(error), typed: form };
                    pages::with(&state, parts, told).await
                }
            };
        }
        Ok(Form(fields)) => {
            let form = of_fields(fields);
            (change(&state.engine, &visitor, &origin, &release, &form).await, form)
        }
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Fill it in again.");
            (Err(state.engine.gateway.refused(&visitor, &origin, FORM, error)), WaiverForm::default())
        }
    };
    match result {
        Ok(()) => {
            let profile =
                if form.profile.chars().all(|c| c.is_ascii_lowercase()) { form.profile.as_str() } else { "" };
            Redirect::to(&format!("/releases/{release}?checks={profile}#checks")).into_response()
        }
        Err(error) => pages::with(&state, parts, FailedWaiver { error: AppError::from(error), form }).await,
    }
}

/// Does what a button says.
async fn change(
    engine: &Engine,
    person: &Principal,
    origin: &Origin,
    release: &str,
    form: &WaiverForm,
) -> Result<(), CallError> {
    let release_id = named(engine, person, origin, release)?;
    let input = WaiverInput {
        release_id,
        subject: form.subject.clone(),
        code: form.code.clone(),
        fingerprint: form.fingerprint.clone(),
        reason: form.reason.clone(),
    };
    match form.change.as_str() {
        "waive" => engine.gateway.call::<WaiveFinding>(person, origin, input).await.map(drop),
        "takeBack" => engine.gateway.call::<TakeBackWaiver>(person, origin, input).await.map(drop),
        other => {
            let message = format!("A finding can be waived, or that taken back; {other:?} is none of that.");
            Err(refused(engine, person, origin, message))
        }
    }
}

/// Keeps who shares in what a release earns.
async fn share(
    engine: &Engine,
    person: &Principal,
    origin: &Origin,
    release: &str,
    form: &SplitsForm,
) -> Result<(), CallError> {
    let input = SetSplitsInput { release_id: named(engine, person, origin, release)?, form: form.clone() };
    engine.gateway.call::<SetReleaseSplits>(person, origin, input).await.map(drop)
}

/// The release that an address names.
fn named(
    engine: &Engine,
    person: &Principal,
    origin: &Origin,
    release: &str,
) -> Result<ReleaseId, CallError> {
    release
        .parse()
        .map_err(|error| refused(engine, person, origin, format!("There is no such release: {error}.")))
}

fn refused(engine: &Engine, person: &Principal, origin: &Origin, message: String) -> CallError {
    let error = CallError::new(CallErrorKind::Invalid, message, "Go back to the page of the release.");
    engine.gateway.refused(person, origin, FORM, error)
}

fn of_fields(fields: Vec<(String, String)>) -> WaiverForm {
    let mut form = WaiverForm::default();
    for (name, value) in fields {
        match name.as_str() {
            "change" => form.change = value,
            "subject" => form.subject = value,
            "code" => form.code = value,
            "fingerprint" => form.fingerprint = value,
            "reason" => form.reason = value,
            "profile" => form.profile = value,
            _ => {}
        }
    }
    form
}

/// For which store.
#[derive(Debug, Deserialize)]
pub(super) struct ExportQuery {
    #[serde(default)]
    profile: String,
}

/// The check of a release as a file.
pub(super) async fn export(
    State(engine): State<Engine>,
    caller: Caller,
    release: Result<Path<String>, PathRejection>,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Result<Response, RestError> {
    let refused = |error| caller.refused(&engine, CheckRelease::NAME, error);
    let Path(release) = release.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Query(ExportQuery { profile }) =
        query.map_err(|rejection| refused(wrong_query(&rejection, "Name one store: ?profile=spotify")))?;
    let release_id = release.parse::<ReleaseId>().map_err(|error| {
        let message = format!("There is no such release: {error}.");
        refused(CallError::new(
            CallErrorKind::NotFound,
            message,
            "Look for the title in the list of releases.",
        ))
    })?;
    let input = CheckReleaseInput::from(CheckQuestion { release_id, profile });
    let answer = engine.gateway.call::<CheckRelease>(&caller.principal, &caller.origin, input).await?;
    Ok(file("checks.json", "application/json", format!("{:#}\n", json!(answer.output))))
}
