//! The RDS Data API over an SQLite file: single statements, within limits of time and size.
//!
//! One secret opens the file for reading, another for writing too. There are no transactions over
//! several requests and no batches.

mod answer;
mod database;
mod error;
mod execute;
mod parameter;
mod request;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::Method;
use http::request::Parts;

use super::EmbeddedAwsError;
use super::fault::Fault;
use super::protocol::Protocol;
use super::rds::Instance;
use super::service::{Service, unknown_operation};

use self::database::Database;
use self::error::DataApiError;
use self::execute::Limits;
use self::request::Statement;

/// The longest request, in bytes.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// AWS's limit of a result; and less time than its 45 s, for the machine is shared with the product.
const LIMITS: Limits = Limits { bytes: 1024 * 1024, time: Duration::from_secs(15) };

/// Operations that are known, and refused in words of their own.
const UNSUPPORTED: [&str; 5] =
    ["BatchExecute", "BeginTransaction", "CommitTransaction", "RollbackTransaction", "ExecuteSql"];

/// The database of the data directory.
#[derive(Clone)]
pub(crate) struct RdsData {
    instance: Instance,
    database: Arc<Database>,
}

impl RdsData {
    /// Opens the file of the instance.
    pub(crate) async fn open(instance: &Instance) -> Result<Self, EmbeddedAwsError> {
        let file = instance.file().to_owned();
        let path = file.clone();
        let database = tokio::task::spawn_blocking(move || Database::open(&file))
            .await
            .map_err(|_| EmbeddedAwsError::Interrupted)?
            .map_err(|error| EmbeddedAwsError::Database { path, reason: error.to_string() })?;
        Ok(Self { instance: instance.clone(), database: Arc::new(database) })
    }

    /// Folds the log into the database.
    pub(crate) async fn close(&self) {
        let database = Arc::clone(&self.database);
        let folded = tokio::task::spawn_blocking(move || database.checkpoint()).await;
        if !matches!(folded, Ok(Ok(()))) {
            tracing::warn!(?folded, "the database of the embedded RDS was not folded");
        }
    }

    async fn execute(&self, body: Bytes) -> Result<serde_json::Value, DataApiError> {
        let (instance, database) = (self.instance.clone(), Arc::clone(&self.database));
        // A client that goes away takes its statement with it.
        let abandoned = Abandoned(Arc::new(AtomicBool::new(false)));
        let flag = Arc::clone(&abandoned.0);
        let ran = tokio::task::spawn_blocking(move || {
            let statement = Statement::read(&body, &instance)?;
            let outcome = database.with(statement.access, |connection| {
                execute::execute(connection, &statement, LIMITS, &flag)
            })?;
            answer::answer(&outcome, statement.form)
        });
        ran.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a statement of the embedded Data API panicked");
            Err(DataApiError::Interrupted)
        })
    }
}

/// Says on its end that nobody waits any more.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Service for RdsData {
    fn protocol(&self, _request: &Parts) -> Protocol {
        Protocol::RestJson
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let (parts, body) = request.into_parts();
        let operation = parts.uri.path().trim_start_matches('/');
        if parts.method != Method::POST {
            return Err(unknown_operation(Protocol::RestJson, "RDS Data"));
        }
        if operation == "Execute" {
            let answer = self.execute(body).await.map_err(|error| error.fault())?;
            return Ok(Protocol::RestJson.success(answer.to_string()));
        }
        if UNSUPPORTED.contains(&operation) {
            let message = format!("the embedded AWS does not implement {operation}; use ExecuteStatement");
            return Err(DataApiError::BadRequest(message).fault());
        }
        Err(unknown_operation(Protocol::RestJson, "RDS Data"))
    }
}
