//! What a service is to the router, and the list of them.
//!
//! To add a service: a folder of its own with a type that implements [`Service`], and its signing
//! name in `EmbeddedAws::open` ([`Services::with`]). The router has read the body and checked the signature before
//! [`Service::call`]; what it returns as a [`Fault`] is written in the service's protocol. S3 is the
//! exception: it streams, so it checks its signatures itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;

use super::fault::Fault;
use super::protocol::Protocol;

/// A service whose requests are small enough to be read whole.
#[async_trait]
pub(crate) trait Service: Send + Sync + 'static {
    /// The protocol of this request, in which its errors are written.
    fn protocol(&self, request: &Parts) -> Protocol;

    /// The longest body taken, in bytes.
    fn body_limit(&self) -> usize;

    /// Answers a request whose signature was verified.
    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault>;
}

/// The services by the name that signatures are scoped to.
pub(crate) struct Services {
    by_signing_name: BTreeMap<&'static str, Arc<dyn Service>>,
}

impl Services {
    /// No service answers yet; those of the product's SDKs refuse in their own protocol.
    pub(crate) fn new() -> Self {
        let mut by_signing_name: BTreeMap<&'static str, Arc<dyn Service>> = BTreeMap::new();
        for (signing_name, protocol) in [
            ("logs", Protocol::AwsJson11),
            ("monitoring", Protocol::RpcV2Cbor),
            ("bedrock", Protocol::RestJson),
            ("rds", Protocol::AwsQuery),
            ("rds-data", Protocol::RestJson),
            ("ses", Protocol::RestJson),
            ("sts", Protocol::AwsQuery),
        ] {
            by_signing_name.insert(signing_name, Arc::new(Unimplemented { signing_name, protocol }));
        }
        Self { by_signing_name }
    }

    /// With `service` answering for what is signed for `signing_name`.
    pub(crate) fn with(mut self, signing_name: &'static str, service: impl Service) -> Self {
        self.by_signing_name.insert(signing_name, Arc::new(service));
        self
    }

    /// The service that signatures for `signing_name` are meant for.
    pub(crate) fn get(&self, signing_name: &str) -> Option<&Arc<dyn Service>> {
        self.by_signing_name.get(signing_name)
    }
}

/// A service that is known by name and protocol, and refuses every operation in its own words.
struct Unimplemented {
    signing_name: &'static str,
    /// When the request does not tell.
    protocol: Protocol,
}

#[async_trait]
impl Service for Unimplemented {
    fn protocol(&self, request: &Parts) -> Protocol {
        Protocol::told_by(&request.method, &request.headers).unwrap_or(self.protocol)
    }

    fn body_limit(&self) -> usize {
        1024 * 1024
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let protocol = self.protocol(&request.into_parts().0);
        Err(unknown_operation(protocol, self.signing_name))
    }
}

/// The refusal of an operation that this service does not have, with the code its SDKs know.
pub(crate) fn unknown_operation(protocol: Protocol, service: &str) -> Fault {
    let message = format!("the embedded AWS does not implement this operation of {service}");
    match protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => Fault::sender("UnknownOperationException", message),
        Protocol::RestJson | Protocol::RpcV2Cbor => {
            Fault::new(StatusCode::NOT_FOUND, "UnknownOperationException", message)
        }
        Protocol::AwsQuery => Fault::sender("InvalidAction", message),
    }
}
