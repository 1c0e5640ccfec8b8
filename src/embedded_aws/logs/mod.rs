//! `CloudWatch` Logs: groups, streams, events, and Logs Insights, on one SQLite file.
//!
//! Everything below this module is plain code that blocks; here it meets the wire and the runtime.

mod batch;
mod error;
mod insights;
mod names;
mod operations;
mod parameters;
mod pattern;
mod pointer;
mod position;
mod queries;
mod retention;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::EmbeddedAwsError;
use super::data_directory::DataDirectory;
use super::fault::Fault;
use super::periodic::Periodic;
use super::protocol::Protocol;
use super::service::{Service, unknown_operation};

use self::error::LogsError;
use self::operations::Operations;
use self::store::StoreError;

/// A batch of a mebibyte, of which JSON may write each byte as `\u0000`.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
const TARGET: &str = "Logs_20140328.";
const PROTOCOL: Protocol = Protocol::AwsJson11;

/// The log groups of the data directory.
#[derive(Clone)]
pub(crate) struct Logs {
    operations: Arc<Operations>,
    retention: Arc<Periodic>,
}

impl Logs {
    /// Opens the database and starts removing events that their groups no longer keep.
    pub(crate) async fn open(directory: &DataDirectory, region: &str) -> Result<Self, EmbeddedAwsError> {
        let path = directory.join("logs.sqlite");
        let (file, region) = (path.clone(), region.to_owned());
        let operations = tokio::task::spawn_blocking(move || Operations::open(&file, &region))
            .await
            .map_err(|_| EmbeddedAwsError::Interrupted)?
            .map_err(|error| EmbeddedAwsError::Database { path, reason: error.to_string() })?;
        let operations = Arc::new(operations);
        let retention = Arc::new(retention::begin(Arc::clone(&operations)));
        Ok(Self { operations, retention })
    }

    /// Stops queries and the removal of expired events, and folds the log of the database into its
    /// file.
    pub(crate) async fn close(&self) {
        self.retention.stop().await;
        let operations = Arc::clone(&self.operations);
        match tokio::task::spawn_blocking(move || operations.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "the database of the embedded CloudWatch Logs was not folded");
            }
            Err(error) => {
                tracing::warn!(%error, "the database of the embedded CloudWatch Logs was not folded");
            }
        }
    }
}

#[async_trait]
impl Service for Logs {
    fn protocol(&self, _request: &Parts) -> Protocol {
        PROTOCOL
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let Some(operation) = target.and_then(|target| target.strip_prefix(TARGET)).map(str::to_owned) else {
            return Err(unknown_operation(PROTOCOL, "CloudWatch Logs"));
        };
        let operations = Arc::clone(&self.operations);
        let answered = tokio::task::spawn_blocking(move || {
            let body: Value = serde_json::from_slice(request.body())
                .map_err(|error| LogsError::Serialization(error.to_string()))?;
            operations.answer(&operation, body, Timestamp::now().as_millisecond())
        })
        .await;
        match answered {
            Ok(Ok(answer)) => Ok(PROTOCOL.success(answer.to_string())),
            Ok(Err(LogsError::MalformedQuery { query, error })) => Ok(malformed_query(&query, &error)),
            Ok(Err(error)) => Err(fault(&error)),
            Err(error) => {
                tracing::error!(%error, "an operation of the embedded CloudWatch Logs panicked");
                Err(unavailable("the operation ended unexpectedly"))
            }
        }
    }
}

/// The error in the words of AWS.
fn fault(error: &LogsError) -> Fault {
    let code = match error {
        LogsError::NotFound { .. } => "ResourceNotFoundException",
        LogsError::AlreadyExists { .. } => "ResourceAlreadyExistsException",
        LogsError::InvalidParameter(_) => "InvalidParameterException",
        LogsError::Serialization(_) => "SerializationException",
        LogsError::MalformedQuery { .. } => "MalformedQueryException",
        LogsError::LimitExceeded(_) => "LimitExceededException",
        LogsError::UnknownOperation => return unknown_operation(PROTOCOL, "CloudWatch Logs"),
        LogsError::Store(error) => {
            tracing::error!(%error, "the embedded CloudWatch Logs failed");
            return match error {
                StoreError::DiskFull => Fault::new(
                    StatusCode::INSUFFICIENT_STORAGE,
                    "ServiceUnavailableException",
                    error.to_string(),
                ),
                StoreError::Database(_) => unavailable(&error.to_string()),
            };
        }
    };
    Fault::sender(code, error.to_string())
}

fn unavailable(message: &str) -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "ServiceUnavailableException", message)
}

/// The one error that has more than a code and a message: where the query is wrong.
fn malformed_query(query: &str, error: &insights::QueryError) -> Response {
    let place = error.characters(query);
    let body = json!({
        "__type": "MalformedQueryException",
        "message": format!("{} (characters {} to {})", error.message, place.start, place.end),
        "queryCompileError": {
            "location": { "startCharOffset": place.start, "endCharOffset": place.end },
            "message": error.message,
        },
    });
    let mut response = PROTOCOL.success(body.to_string());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}
