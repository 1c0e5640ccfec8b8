//! DynamoDB: the wire protocol around `dynoxide`, which does the work on one SQLite file.
//!
//! `dynoxide` is called by its own types on a blocking thread. Each write is in the write-ahead log
//! and synchronised before it is acknowledged.

mod batches;
mod folding;
mod operations;
mod reader;
mod refusals;
mod time_to_live;

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use dynoxide::{Database, DynoxideError};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::EmbeddedAwsError;
use super::data_directory::DataDirectory;
use super::fault::Fault;
use super::periodic::Periodic;
use super::protocol::{CHECKSUM, Protocol, REQUEST_ID, dynamodb_checksum, new_request_id};
use super::service::{Service, unknown_operation};
use folding::InUse;
use reader::Reader;

/// The longest request body that DynamoDB takes.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
const TARGETS: [&str; 2] = ["DynamoDB_20120810.", "DynamoDBStreams_20120810."];

/// The tables of the data directory.
#[derive(Clone)]
pub(crate) struct DynamoDb {
    database: Database,
    reader: Reader,
    sweeper: Arc<Periodic>,
    folding: Arc<Periodic>,
    in_use: InUse,
}

impl DynamoDb {
    /// Opens the database and starts removing items whose time to live is over.
    pub(crate) async fn open(directory: &DataDirectory) -> Result<Self, EmbeddedAwsError> {
        let path = directory.join("dynamodb.sqlite");
        let file = path.clone();
        let database = tokio::task::spawn_blocking(move || Database::new(&file.to_string_lossy()))
            .await
            .map_err(|_| EmbeddedAwsError::Interrupted)?
            .map_err(|error| EmbeddedAwsError::Database { path: path.clone(), reason: error.to_string() })?;
        let sweeper = Arc::new(time_to_live::begin(database.clone()));
        let in_use = InUse::default();
        let folding = Arc::new(folding::begin(&path, in_use.clone()));
        let reader = Reader::new(&path);
        Ok(Self { database, reader, sweeper, folding, in_use })
    }

    /// Stops the removal of expired items and the folding of the log.
    pub(crate) async fn close(&self) {
        self.sweeper.stop().await;
        self.folding.stop().await;
    }
}

#[async_trait]
impl Service for DynamoDb {
    fn protocol(&self, _request: &Parts) -> Protocol {
        Protocol::AwsJson10
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let operation = request
            .headers()
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok())
            .and_then(|target| TARGETS.iter().find_map(|prefix| target.strip_prefix(prefix)))
            .ok_or_else(|| unknown_operation(Protocol::AwsJson10, "DynamoDB"))?
            .to_owned();
        let body: Value = serde_json::from_slice(request.body())
            .map_err(|error| Fault::sender("SerializationException", error.to_string()))?;
        refusals::refuse_unsupported(&body)?;
        let (database, reader) = (self.database.clone(), self.reader.clone());
        let answered = tokio::task::spawn_blocking(move || reader.execute(&database, &operation, body)).await;
        self.in_use.note();
        match answered {
            Ok(Some(Ok(json))) => Ok(respond(StatusCode::OK, json)),
            Ok(Some(Err(error))) if is_disk_full(&error) => Err(disk_full()),
            Ok(Some(Err(error))) => Ok(respond_error(&error)),
            Ok(None) => Err(unknown_operation(Protocol::AwsJson10, "DynamoDB")),
            Err(error) => {
                tracing::error!(%error, "an operation of the embedded DynamoDB panicked");
                Err(Fault::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "InternalServerError",
                    "the operation ended unexpectedly",
                ))
            }
        }
    }
}

/// SQLite's own words (`SQLITE_FULL`), which `dynoxide` passes on within its message.
fn is_disk_full(error: &DynoxideError) -> bool {
    error.to_string().contains("database or disk is full")
}

fn disk_full() -> Fault {
    tracing::error!("the embedded DynamoDB cannot write: the disk is full");
    let message = "the disk is full; nothing was written";
    Fault::new(StatusCode::INSUFFICIENT_STORAGE, "InsufficientStorage", message)
}

fn respond_error(error: &DynoxideError) -> Response {
    let status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(%error, "the embedded DynamoDB failed");
    }
    respond(status, error.to_json().into_bytes())
}

fn respond(status: StatusCode, json: Vec<u8>) -> Response {
    let checksum = dynamodb_checksum(&json);
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(Protocol::AwsJson10.content_type()));
    headers.insert(CHECKSUM, checksum);
    if let Ok(id) = HeaderValue::from_str(&new_request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    response
}
