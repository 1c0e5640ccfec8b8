//! RDS: describes the one database instance there is, whose statements the Data API runs.

mod describe;
mod instance;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;

use super::fault::Fault;
use super::form::{self, Form};
use super::protocol::Protocol;
use super::service::{Service, unknown_operation};

pub use self::instance::DatabaseNames;
pub(crate) use self::instance::{Access, DATABASE, Instance};

const NAMESPACE: &str = "http://rds.amazonaws.com/doc/2014-10-31/";

/// The instances of the account: one.
#[derive(Debug, Clone)]
pub(crate) struct Rds {
    instance: Instance,
}

impl Rds {
    /// Describes this instance.
    pub(crate) fn new(instance: Instance) -> Self {
        Self { instance }
    }
}

#[async_trait]
impl Service for Rds {
    fn protocol(&self, _request: &Parts) -> Protocol {
        Protocol::AwsQuery
    }

    fn body_limit(&self) -> usize {
        64 * 1024
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let mut form = Form::read(request.body())?;
        match form.action().as_str() {
            action @ "DescribeDBInstances" => {
                let wanted = describe::Wanted::read(form)?;
                let instance = self.instance.clone();
                let described = tokio::task::spawn_blocking(move || describe::describe(&instance, &wanted));
                let result = described.await.map_err(|error| {
                    tracing::error!(%error, "the description of the embedded RDS panicked");
                    Fault::new(
                        http::StatusCode::INTERNAL_SERVER_ERROR,
                        "InternalFailure",
                        "the operation ended unexpectedly",
                    )
                })??;
                Ok(form::answer(action, NAMESPACE, &result))
            }
            _ => Err(unknown_operation(Protocol::AwsQuery, "RDS")),
        }
    }
}
