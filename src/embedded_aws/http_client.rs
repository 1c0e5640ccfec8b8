//! The SDK's HTTP client that hands requests to the router instead of a socket.

use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use axum::body::Body;
use http::HeaderValue;
use http::header::HOST;
use sync_wrapper::SyncWrapper;
use tower::ServiceExt;

/// Calls the router for each request.
#[derive(Debug, Clone)]
pub(crate) struct InProcessConnector {
    router: axum::Router,
}

impl InProcessConnector {
    pub(crate) fn new(router: axum::Router) -> Self {
        Self { router }
    }

    pub(crate) fn into_shared(self) -> SharedHttpConnector {
        SharedHttpConnector::new(self)
    }
}

impl HttpConnector for InProcessConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let router = self.router.clone();
        HttpConnectorFuture::new(async move {
            let mut request: http::Request<SdkBody> =
                request.try_into_http1x().map_err(|error| ConnectorError::other(error.into(), None))?;
            set_host(&mut request);
            let response = match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let response =
                response.map(|body| SdkBody::from_body_1_x(SharedBody { body: SyncWrapper::new(body) }));
            HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// An HTTP connection would send the host that the signature covers; here it is only in the URI.
fn set_host(request: &mut http::Request<SdkBody>) {
    if request.headers().contains_key(HOST) {
        return;
    }
    let host = request.uri().authority().and_then(|name| HeaderValue::from_str(name.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
}

/// The SDK wants bodies that threads may share, which axum's is not; a body is polled by one at a
/// time anyway.
struct SharedBody {
    body: SyncWrapper<Body>,
}

impl http_body::Body for SharedBody {
    type Data = bytes::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        Pin::new(self.get_mut().body.get_mut()).poll_frame(context)
    }
}
