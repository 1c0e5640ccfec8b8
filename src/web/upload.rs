//! Large files as streams: audio to `PUT /upload/audio?fileName=…`, never held in memory, and documents of
//! a knowledge base to `PUT /upload/document?fileName=…`.

use super::caller::Caller;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{Answer, CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::bedrock::{AddedDocument, StreamKnowledgeDocument, StreamKnowledgeDocumentInput};
use crate::engine::tools::s3::{StoredFile, StreamAudio, StreamAudioInput};
use crate::model::field::FieldError;
use crate::model::tool::AwsResource;
use axum::Json;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How much of a refused upload is read on, and for how long.
const LINGER_BYTES: usize = 256 * 1024 * 1024;
const LINGER: Duration = Duration::from_secs(5);

/// What the address says of the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UploadQuery {
    bucket_name: Option<String>,
    file_name: String,
    #[serde(default)]
    overwrite: bool,
    /// A JSON object of texts.
    metadata: Option<String>,
}

/// The header that names the call in the audit log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the answer says: what was stored, and of the call what a tool's answer says of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stored<T> {
    #[serde(flatten)]
    output: T,
    resources: Vec<AwsResource>,
    duration_micros: u64,
}

/// An upload that has arrived: the status, the name of the call, what was stored.
pub(super) type Created<T> = (StatusCode, [(HeaderName, String); 1], Json<Stored<T>>);

pub(super) fn created<T>(answer: Answer<T>) -> Created<T> {
    let stored = Stored {
        output: answer.output,
        resources: answer.resources,
        duration_micros: u64::try_from(answer.duration.as_micros()).unwrap_or(u64::MAX),
    };
    (StatusCode::CREATED, [(REQUEST_ID, answer.request_id)], Json(stored))
}

/// Stores the body as a file.
pub(super) async fn audio(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<UploadQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Created<StoredFile>, RestError> {
    let remedy = "Name the file: PUT /upload/audio?fileName=masters/song.wav";
    let query = caller.asked(&engine, StreamAudio::NAME, query, remedy)?;
    let metadata = match query.metadata.as_deref().map(serde_json::from_str) {
        None => BTreeMap::new(),
        Some(Ok(metadata)) => metadata,
        Some(Err(error)) => {
            let field = FieldError::new("metadata", format!("{error}"));
            let error = CallError::new(
                CallErrorKind::Invalid,
                "The metadata in the address is not a JSON object of texts.",
                "Give it as metadata={\"isrc\":\"…\"}, percent-encoded.",
            );
            let error = CallError { fields: vec![field], ..error };
            return Err(caller.refused(&engine, StreamAudio::NAME, error));
        }
    };
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let input = StreamAudioInput {
        bucket_name: query.bucket_name,
        file_name: query.file_name,
        announced_bytes: announced(&headers),
        metadata,
        overwrite: query.overwrite,
        content: taken_from(Arc::clone(&body)),
    };
    match engine.gateway.call::<StreamAudio>(&caller.principal, &caller.origin, input).await {
        Ok(answer) => Ok(created(answer)),
        Err(error) => {
            read_on(&body).await;
            Err(error.into())
        }
    }
}

/// The body of a request, of which the rest can be read when the upload has ended early.
pub(super) type SharedBody = Arc<Mutex<BodyDataStream>>;

fn taken_from(body: SharedBody) -> BoxStream<'static, Result<Bytes, String>> {
    stream::unfold(body, |body| async move {
        let next = body.lock().await.next().await?;
        Some((next.map_err(|error| error.to_string()), body))
    })
    // A small file ends while its beginning is looked at, and is asked for more after that.
    .fuse()
    .boxed()
}

/// Reads what the sender is still sending, for a while. A connection that is closed in the middle of a
/// body is reset, and then the sender sees a broken connection instead of the reason.
pub(super) async fn read_on(body: &SharedBody) {
    let rest = async {
        let mut body = body.lock().await;
        let mut bytes = 0;
        while bytes < LINGER_BYTES
            && let Some(Ok(part)) = body.next().await
        {
            bytes += part.len();
        }
    };
    // When the time is over the connection is closed all the same.
    let _ = tokio::time::timeout(LINGER, rest).await;
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
) -> Result<Created<AddedDocument>, RestError> {
    let remedy = "Name the document: PUT /upload/document?fileName=contract.pdf";
    let query = caller.asked(&engine, StreamKnowledgeDocument::NAME, query, remedy)?;
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let input = StreamKnowledgeDocumentInput {
        knowledge_base_id: query.knowledge_base_id,
        file_name: query.file_name,
        title: query.title,
        announced_bytes: announced(&headers),
        overwrite: query.overwrite,
        content: taken_from(Arc::clone(&body)),
    };
    match engine.gateway.call::<StreamKnowledgeDocument>(&caller.principal, &caller.origin, input).await {
        Ok(answer) => Ok(created(answer)),
        Err(error) => {
            read_on(&body).await;
            Err(error.into())
        }
    }
}

/// The size that the sender announces.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok())
}
