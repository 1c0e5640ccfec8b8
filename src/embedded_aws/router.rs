//! The one router: finds the service a request is meant for, and lets only signed requests through.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::data_directory::DataDirectory;
use super::fault::Fault;
use super::keys::{self, Keys};
use super::protocol::Protocol;
use super::s3::S3;
use super::service::{Service, Services};
use super::signature::{self, CredentialScope, SignatureProblem};

/// What the router knows.
pub(crate) struct Gateway {
    services: Services,
    s3: S3,
    keys: Keys,
    /// Held so that the directory stays locked while anything can still write to it.
    _directory: Arc<DataDirectory>,
}

impl Gateway {
    pub(crate) fn new(services: Services, s3: S3, keys: Keys, directory: Arc<DataDirectory>) -> Arc<Self> {
        Arc::new(Self { services, s3, keys, _directory: directory })
    }
}

/// Every path and method leads to the same place, since S3 has all of them.
pub(crate) fn router(gateway: Arc<Gateway>) -> Router {
    Router::new().fallback(dispatch).with_state(gateway)
}

async fn dispatch(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    match CredentialScope::of(&request) {
        Ok(Some(scope)) if scope.service == "s3" => gateway.s3.call(request).await,
        Ok(Some(scope)) => match gateway.services.get(&scope.service) {
            Some(service) => serve(service.as_ref(), &gateway.keys, request).await,
            None => Protocol::told_by(request.method(), request.headers())
                .unwrap_or(Protocol::RestJson)
                .error(&unknown_service(&scope.service)),
        },
        // Without a signature for another service it can only be S3, which has anonymous requests,
        // preflights, form uploads and an older signature, and refuses what it must.
        Ok(None) => match Protocol::told_by(request.method(), request.headers()) {
            Some(protocol) => protocol.error(&SignatureProblem::Missing.fault(protocol)),
            None => gateway.s3.call(request).await,
        },
        Err(problem) => {
            let protocol =
                Protocol::told_by(request.method(), request.headers()).unwrap_or(Protocol::RestJson);
            protocol.error(&problem.fault(protocol))
        }
    }
}

async fn serve(service: &dyn Service, keys: &Keys, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let protocol = service.protocol(&parts);
    let answered = async {
        let claim = signature::Claim::parse(&parts.headers).map_err(|problem| problem.fault(protocol))?;
        let now = jiff::Timestamp::now();
        let token = keys::token_of(&parts.headers, None);
        let found = keys.find(claim.access_key(), token.as_deref(), now);
        let (credentials, identity) = found.map_err(|problem| problem.fault(protocol))?;
        claim.check_time(now).map_err(|problem| problem.fault(protocol))?;
        let body = read_body(body, service.body_limit()).await?;
        claim.verify(&parts, &body, &credentials).map_err(|problem| problem.fault(protocol))?;
        parts.extensions.insert(identity);
        service.call(http::Request::from_parts(parts, body)).await
    }
    .await;
    answered.unwrap_or_else(|fault| protocol.error(&fault))
}

async fn read_body(body: axum::body::Body, limit: usize) -> Result<bytes::Bytes, Fault> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Fault::too_large(limit)),
        Err(error) => {
            Err(Fault::sender("IncompleteBody", format!("the request body could not be read: {error}")))
        }
    }
}

fn unknown_service(name: &str) -> Fault {
    Fault::new(
        StatusCode::NOT_FOUND,
        "UnknownOperationException",
        format!("the embedded AWS has no service with the signing name {name}"),
    )
}
