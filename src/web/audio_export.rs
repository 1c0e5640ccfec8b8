//! The report on a recording as a file: `GET /export/audio/{id}.json`.

use super::caller::Caller;
use super::error::RestError;
use super::export::file;
use super::rest::wrong_address;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::views::ViewRecording;
use crate::model::recording::RecordingAsked;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

/// What the audit log calls a download that could not be understood.
const EXPORT: &str = "GET /export/audio";

/// All that is known of a recording.
pub(super) async fn recording(
    State(engine): State<Engine>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, RestError> {
    let refused = |error| caller.refused(&engine, EXPORT, error);
    let Path(name) = name.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Some(id) = name.strip_suffix(".json") else {
        let message = format!("There is no form of export for {name:?}.");
        let remedy = "Ask as GET /export/audio/{id}.json";
        return Err(refused(CallError::new(CallErrorKind::NotFound, message, remedy)));
    };
    let asked = RecordingAsked::alone(id);
    let answer = engine.gateway.call::<ViewRecording>(&caller.principal, &caller.origin, asked).await?;
    let detail = answer.output;
    let content = json!({
        "recording": detail.row,
        "processedAt": detail.processed_at,
        "sameAs": detail.same_as,
        "soundsLike": detail.sounds_like,
        "statement": detail.statement,
        "report": detail.report,
    });
    Ok(file("recording.json", "application/json", format!("{content:#}\n")))
}
