//! CloudWatch metrics and alarms, over one SQLite file.
//!
//! Two protocols carry one set of operations ([`wire`]). Values are kept as they were reported, so that
//! every statistic of every period is exact, for 15 months. What was acknowledged is on the disk.

mod alarms;
mod background;
mod error;
mod expression;
mod get_data;
mod get_statistics;
mod list_metrics;
mod metric;
mod operations;
mod paging;
mod put_data;
mod series;
mod statistics;
mod store;
mod value;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use jiff::Timestamp;

use super::EmbeddedAwsError;
use super::data_directory::DataDirectory;
use super::fault::Fault;
use super::protocol::Protocol;
use super::service::{Service, unknown_operation};

use self::background::Background;
use self::error::MetricsError;
use self::store::Store;
use self::wire::{BODY_LIMIT, Wire};

/// The metrics of the data directory.
#[derive(Clone)]
pub(crate) struct Metrics {
    store: Arc<Store>,
    background: Arc<Background>,
    region: Arc<str>,
}

impl Metrics {
    /// Opens the database and starts the work in the background.
    pub(crate) async fn open(directory: &DataDirectory, region: &str) -> Result<Self, EmbeddedAwsError> {
        let path = directory.join("metrics.sqlite");
        let file = path.clone();
        let store = tokio::task::spawn_blocking(move || Store::open(&file))
            .await
            .map_err(|_| EmbeddedAwsError::Interrupted)?
            .map_err(|error| EmbeddedAwsError::Database { path, reason: error.to_string() })?;
        let store = Arc::new(store);
        let background = Arc::new(Background::start(Arc::clone(&store)));
        Ok(Self { store, background, region: region.into() })
    }

    /// Stops the work in the background and folds the log into the database.
    pub(crate) async fn close(&self) {
        self.background.stop().await;
        let store = Arc::clone(&self.store);
        let folded = tokio::task::spawn_blocking(move || store.file().checkpoint()).await;
        if !matches!(folded, Ok(Ok(()))) {
            tracing::warn!(?folded, "the database of the embedded CloudWatch was not folded");
        }
    }
}

#[async_trait]
impl Service for Metrics {
    fn protocol(&self, request: &Parts) -> Protocol {
        let told = Protocol::told_by(&request.method, &request.headers);
        Wire::of(request).map(|(wire, _)| wire.protocol()).or(told).unwrap_or(Protocol::RpcV2Cbor)
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let (parts, body) = request.into_parts();
        let Some((wire, operation)) = Wire::of(&parts) else {
            return Err(unknown_operation(self.protocol(&parts), "CloudWatch"));
        };
        let (store, region) = (Arc::clone(&self.store), Arc::clone(&self.region));
        let answered = tokio::task::spawn_blocking(move || {
            let request = wire.read(&wire::unpacked(&parts.headers, body)?)?;
            operations::execute(&store, &region, &operation, request, Timestamp::now())
        })
        .await
        .unwrap_or_else(|error| {
            tracing::error!(%error, "an operation of the embedded CloudWatch panicked");
            Err(MetricsError::Interrupted)
        });
        match answered {
            Ok(Some(value)) => Ok(wire.answer(&value)),
            Ok(None) => Err(unknown_operation(wire.protocol(), "CloudWatch")),
            Err(error) => {
                if error.status().is_server_error() {
                    tracing::error!(%error, "the embedded CloudWatch failed");
                }
                Ok(wire.refusal(&error))
            }
        }
    }
}
