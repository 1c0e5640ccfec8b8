//! Files of the label for players and pictures: `GET /media/{bucket}/{key}`, whole or a range.

use super::caller::Caller;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::views::{OpenFile, OpenFileInput};
use crate::model::field::FieldError;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio_util::io::ReaderStream;

/// Media types that a browser shows in place. Everything else is offered as a download, so that a
/// stored file can never act as a page of ours.
const SHOWN: [&str; 11] = [
    "audio/wav",
    "audio/flac",
    "audio/aiff",
    "audio/mpeg",
    "audio/mp4",
    "audio/aac",
    "audio/ogg",
    "image/png",
    "image/jpeg",
    "image/webp",
    "text/plain; charset=utf-8",
];

/// Opens a file.
pub(super) async fn open(
    State(engine): State<Engine>,
    caller: Caller,
    Path((bucket_name, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let file_name = key.parse().map_err(|error| {
        let field = FieldError::new("fileName", format!("{error}"));
        let error =
            CallError::new(CallErrorKind::Invalid, format!("The file name is wrong: {error}."), "Check it.");
        RestError(CallError { fields: vec![field], request_id: caller.origin.request_id.clone(), ..error })
    })?;
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).map(str::to_owned);
    let asked_range = range.is_some();
    let input = OpenFileInput { bucket_name, file_name, range };
    let opened = engine.gateway.call::<OpenFile>(&caller.principal, &caller.origin, input).await;
    let file = match opened {
        Ok(answer) => answer.output,
        Err(error) if asked_range && error.kind == CallErrorKind::Invalid => {
            let message = "The file has no such range.".to_owned();
            let error = CallError { message, remedy: "Ask for a range within it.".to_owned(), ..error };
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, RestError(error)).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == file.etag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let status = if file.content_range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let body = Body::from_stream(ReaderStream::with_capacity(file.body.into_async_read(), 64 * 1024));
    let mut response = (status, body).into_response();
    let answer = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &file.content_type);
    set(header::CONTENT_LENGTH, &file.bytes.to_string());
    set(header::ETAG, &file.etag);
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CACHE_CONTROL, "private, no-cache");
    if let Some(range) = &file.content_range {
        set(header::CONTENT_RANGE, range);
    }
    if !SHOWN.contains(&file.content_type.as_str()) {
        set(header::CONTENT_DISPOSITION, "attachment");
    }
    Ok(response)
}
