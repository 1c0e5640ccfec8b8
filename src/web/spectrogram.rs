//! The picture of a recording: `GET /media/spectrogram/{bucket}/{key}`, a PNG. What its axes mean stands in headers.

use super::caller::Caller;
use super::error::RestError;
use super::rest;
use crate::engine::Engine;
use crate::engine::tools::Operation;
use crate::engine::tools::music::{OpenSpectrogram, OpenSpectrogramInput};
use crate::music::audio::FLOOR;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// How a browser may keep it: it asks each time whether the recording is still the same.
const KEPT: &str = "private, no-cache";

/// Draws it.
pub(super) async fn open(
    State(engine): State<Engine>,
    caller: Caller,
    names: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, RestError> {
    let Path((bucket_name, file_name)) = names.map_err(|rejection| {
        caller.refused(&engine, OpenSpectrogram::NAME, rest::wrong_address(&rejection))
    })?;
    let input = OpenSpectrogramInput { bucket_name, file_name };
    let answer = engine.gateway.call::<OpenSpectrogram>(&caller.principal, &caller.origin, input).await?;
    let opened = answer.output;
    let mut response = opened.picture.png.clone().into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "image/png");
    set(header::CACHE_CONTROL, KEPT);
    set(header::ETAG, &format!("\"{}-spectrogram\"", opened.etag.trim_matches('"')));
    let axis = HeaderName::from_static;
    set(axis("x-seconds-per-column"), &format!("{:.6}", opened.picture.seconds_per_column));
    set(axis("x-hertz-per-row"), &format!("{:.3}", opened.picture.hertz_per_row));
    set(axis("x-floor-dbfs"), &format!("{FLOOR}"));
    Ok(response)
}
