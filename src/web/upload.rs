//! Large files as streams: audio to `PUT /upload/audio?fileName=…`, never held in memory, and documents of
//! a knowledge base to `PUT /upload/document?fileName=…`.

use super::caller::Caller;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::bedrock::{AddedDocument, StreamKnowledgeDocument, StreamKnowledgeDocumentInput};
use crate::engine::tools::s3::{StoredFile, StreamAudio, StreamAudioInput};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;

/// What the address says of the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UploadQuery {
    bucket_name: Option<String>,
    file_name: String,
    #[serde(default)]
    overwrite: bool,
}

/// Stores the body as a file.
pub(super) async fn audio(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<UploadQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<StoredFile>), RestError> {
    let Query(query) = query.map_err(|rejection| {
        let error = CallError::new(
            CallErrorKind::Invalid,
            format!("The address is wrong: {}.", rejection.body_text()),
            "Name the file: PUT /upload/audio?fileName=masters/song.wav",
        );
        caller.refused(&engine, StreamAudio::NAME, error)
    })?;
    let input = StreamAudioInput {
        bucket_name: query.bucket_name,
        file_name: query.file_name,
        announced_bytes: announced(&headers),
        overwrite: query.overwrite,
        content: body.into_data_stream().map_err(|error| error.to_string()).boxed(),
    };
    let answer = engine.gateway.call::<StreamAudio>(&caller.principal, &caller.origin, input).await?;
    Ok((StatusCode::CREATED, Json(answer.output)))
}

/// What the address says of the document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DocumentQuery {
    knowledge_base_id: Option<String>,
    file_name: String,
    title: Option<String>,
    #[serde(default)]
    overwrite: bool,
}

/// Adds the body to a knowledge base.
pub(super) async fn document(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<DocumentQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<AddedDocument>), RestError> {
    let Query(query) = query.map_err(|rejection| {
        let error = CallError::new(
            CallErrorKind::Invalid,
            format!("The address is wrong: {}.", rejection.body_text()),
            "Name the document: PUT /upload/document?fileName=contract.pdf",
        );
        caller.refused(&engine, StreamKnowledgeDocument::NAME, error)
    })?;
    let input = StreamKnowledgeDocumentInput {
        knowledge_base_id: query.knowledge_base_id,
        file_name: query.file_name,
        title: query.title,
        announced_bytes: announced(&headers),
        overwrite: query.overwrite,
        content: body.into_data_stream().map_err(|error| error.to_string()).boxed(),
    };
    let answer =
        engine.gateway.call::<StreamKnowledgeDocument>(&caller.principal, &caller.origin, input).await?;
    Ok((StatusCode::CREATED, Json(answer.output)))
}

/// The size that the sender announces.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok())
}
