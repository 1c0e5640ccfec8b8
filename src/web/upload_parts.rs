//! Audio in parts, for whoever may lose the connection: `POST /upload/parts` begins an upload or takes it up again,
//! `PUT /upload/parts/{id}/{number}` sends a part with its checksum, `POST /upload/parts/{id}/finish` makes a file of
//! them, `DELETE /upload/parts/{id}` gives it up.

use super::caller::Caller;
use super::error::RestError;
use super::rest::{wrong_address, wrong_query};
use super::upload::{Created, created};
use crate::engine::Engine;
use crate::engine::catalog::objects::PART_BYTES;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::s3::{
    BeginUpload, CancelUpload, FinishUpload, StoredFile, UploadNamed, UploadPart, UploadPartInput,
};
use crate::model::upload::{NewUpload, UploadSoFar};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use serde::Deserialize;

/// The largest body of these addresses: a part, with some room for what begins an upload.
pub(super) const LARGEST_PART: usize = PART_BYTES + 64 * 1024;

/// The header with the SHA-256 of a part in base64, as S3 calls it.
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// Which file an upload is of.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FileQuery {
    bucket_name: Option<String>,
    file_name: String,
}

impl FileQuery {
    fn of(self, upload_id: String) -> UploadNamed {
        UploadNamed { upload_id, bucket_name: self.bucket_name, file_name: self.file_name }
    }
}

fn wrong_file(rejection: &QueryRejection) -> CallError {
    wrong_query(rejection, "Name the file of the upload: ?fileName=masters/song.wav")
}

/// Begins an upload, or tells how far one is that was begun before.
pub(super) async fn begin(
    State(engine): State<Engine>,
    caller: Caller,
    asked: Result<Json<NewUpload>, JsonRejection>,
) -> Result<Json<UploadSoFar>, RestError> {
    let Json(new) = asked.map_err(|rejection| {
        let message = format!("What was said of the file could not be read: {}", rejection.body_text());
        let remedy = "Send fileName, sizeBytes, modified and head as JSON.";
        let error = CallError::new(CallErrorKind::Invalid, message, remedy);
        caller.refused(&engine, BeginUpload::NAME, error)
    })?;
    let answer = engine.gateway.call::<BeginUpload>(&caller.principal, &caller.origin, new).await?;
    Ok(Json(answer.output))
}

/// Stores a part.
pub(super) async fn part(
    State(engine): State<Engine>,
    caller: Caller,
    address: Result<Path<(String, u32)>, PathRejection>,
    query: Result<Query<FileQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<UploadSoFar>, RestError> {
    let refused = |error| caller.refused(&engine, UploadPart::NAME, error);
    let Path((upload_id, number)) = address.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Query(file) = query.map_err(|rejection| refused(wrong_file(&rejection)))?;
    let content = body.map_err(|rejection| {
        let (kind, message) = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            (CallErrorKind::TooLarge, format!("A part has at most {PART_BYTES} bytes."))
        } else {
            (CallErrorKind::Invalid, format!("The part did not arrive: {}.", rejection.body_text()))
        };
        refused(CallError::new(kind, message, "Send the part again."))
    })?;
    let sha256 = headers.get(CHECKSUM).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let input = UploadPartInput { upload: file.of(upload_id), number, sha256, content };
    let answer = engine.gateway.call::<UploadPart>(&caller.principal, &caller.origin, input).await?;
    Ok(Json(answer.output))
}

/// Makes a file of the parts.
pub(super) async fn finish(
    State(engine): State<Engine>,
    caller: Caller,
    address: Result<Path<String>, PathRejection>,
    query: Result<Query<FileQuery>, QueryRejection>,
) -> Result<Created<StoredFile>, RestError> {
    let refused = |error| caller.refused(&engine, FinishUpload::NAME, error);
    let Path(upload_id) = address.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Query(file) = query.map_err(|rejection| refused(wrong_file(&rejection)))?;
    let input = file.of(upload_id);
    let answer = engine.gateway.call::<FinishUpload>(&caller.principal, &caller.origin, input).await?;
    Ok(created(answer))
}

/// Gives an upload up.
pub(super) async fn cancel(
    State(engine): State<Engine>,
    caller: Caller,
    address: Result<Path<String>, PathRejection>,
    query: Result<Query<FileQuery>, QueryRejection>,
) -> Result<StatusCode, RestError> {
    let refused = |error| caller.refused(&engine, CancelUpload::NAME, error);
    let Path(upload_id) = address.map_err(|rejection| refused(wrong_address(&rejection)))?;
    let Query(file) = query.map_err(|rejection| refused(wrong_file(&rejection)))?;
    let input = file.of(upload_id);
    engine.gateway.call::<CancelUpload>(&caller.principal, &caller.origin, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
