//! Files of the label for players and pictures: `GET /media/{bucket}/{key}`, whole or a range, of the newest
//! version or of one that `versionId` names.

use super::caller::Caller;
use super::error::RestError;
use super::rest;
use crate::engine::Engine;
use crate::engine::catalog::ObjectKey;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::views::{OpenFile, OpenFileInput, ProcessRecording};
use crate::model::field::FieldError;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
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

/// What the address says beside the names. What else stands there keeps the address apart in caches.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MediaQuery {
    version_id: Option<String>,
    /// The longest side of a picture in pixels: a smaller one is shown.
    size: Option<u32>,
}

/// Opens a file.
pub(super) async fn open(
    State(engine): State<Engine>,
    caller: Caller,
    names: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<MediaQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let Path((bucket_name, key)) = names
        .map_err(|rejection| caller.refused(&engine, OpenFile::NAME, rest::wrong_address(&rejection)))?;
    let file_name: ObjectKey = key.parse().map_err(|error| {
        let field = FieldError::new("fileName", format!("{error}"));
        let message = format!("The file name is wrong: {error}.");
        let error = CallError::new(CallErrorKind::Invalid, message, "Check it.");
        caller.refused(&engine, OpenFile::NAME, CallError { fields: vec![field], ..error })
    })?;
    let remedy = "Name at most one version, and a size in pixels: ?versionId=…&size=320";
    let MediaQuery { version_id, size } = caller.asked(&engine, OpenFile::NAME, query, remedy)?;
    let range = single_range(&headers);
    let before_release = engine.gateway.offers(&caller.principal, ProcessRecording::NAME);
    let input = |range| OpenFileInput {
        bucket_name: bucket_name.clone(),
        file_name: file_name.clone(),
        version_id: version_id.clone(),
        range,
        size,
        before_release,
        known: known(&headers),
    };
    let call = |input| engine.gateway.call::<OpenFile>(&caller.principal, &caller.origin, input);
    let file = match call(input(range.clone())).await {
        // A part is of use only for the version whose other parts the client has.
        Ok(answer) if range.is_some() && of_another_version(&headers, &answer.output.etag) => {
            call(input(None)).await?.output
        }
        Ok(answer) => answer.output,
        Err(error) => return Err(error.into()),
    };
    if is_known(&headers, &file.etag) {
        let known = [(header::ETAG, file.etag), (header::CACHE_CONTROL, KEPT.to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
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
    set(header::CACHE_CONTROL, KEPT);
    if let Some(range) = &file.content_range {
        set(header::CONTENT_RANGE, range);
    }
    if !SHOWN.contains(&file.content_type.as_str()) {
        set(header::CONTENT_DISPOSITION, "attachment");
    }
    Ok(response)
}

/// How a browser may keep a file: it asks each time whether it is still the same.
const KEPT: &str = "private, no-cache";

/// The range, if there is one that can be answered as one part. Others may be ignored, and those that
/// are not well formed must be (RFC 9110, 14.2).
fn single_range(headers: &HeaderMap) -> Option<String> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    is_well_formed(first, last).then(|| range.to_owned())
}

/// Whether it is `first-last`, `first-` or `-length`.
fn is_well_formed(first: &str, last: &str) -> bool {
    let number =
        |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match (first, last) {
        ("", length) => number(length).is_some(),
        (first, "") => number(first).is_some(),
        (first, last) => number(first).zip(number(last)).is_some_and(|(first, last)| first <= last),
    }
}

/// Whether `If-Range` names another version than the stored one.
fn of_another_version(headers: &HeaderMap, etag: &str) -> bool {
    headers.get(header::IF_RANGE).is_some_and(|known| known.as_bytes() != etag.as_bytes())
}

/// What `If-None-Match` names; weak tags compare as strong ones do here.
fn known(headers: &HeaderMap) -> Vec<String> {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    known.split(',').map(|tag| tag.trim().trim_start_matches("W/").to_owned()).collect()
}

/// Whether `If-None-Match` names the stored version.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    known(headers).iter().any(|tag| tag == etag || tag == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn only_single_ranges_of_bytes_are_answered_in_part() {
        for range in ["bytes=0-3", "bytes=7-", "bytes=-5"] {
            assert_eq!(single_range(&headers(header::RANGE, range)).as_deref(), Some(range));
        }
        for other in
            ["lines=1-2", "bytes=0-1,5-6", "bytes=5-2", "bytes=-", "bytes=1-x", "bytes=x-", "bytes=+1-2"]
        {
            assert_eq!(single_range(&headers(header::RANGE, other)), None, "{other}");
        }
    }

    #[test]
    fn a_version_is_known_by_strong_weak_and_listed_tags() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(is_known(&headers(header::IF_NONE_MATCH, known), "\"a\""), "{known}");
        }
        assert!(!is_known(&headers(header::IF_NONE_MATCH, "\"b\""), "\"a\""));
    }
}
