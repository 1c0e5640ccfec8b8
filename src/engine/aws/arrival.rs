//! Tells requests that certainly never reached AWS from those of which nobody knows whether they were done.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    FinalizerInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use std::error::Error;

/// Looks at each attempt of a request, because the error of the last one says nothing about those before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival;

/// The error of a request whose every attempt was refused the connection.
#[derive(Debug, thiserror::Error)]
#[error("the connection was refused; nothing was sent")]
pub(super) struct NothingSent;

/// Kept with a request of which an attempt had a connection.
#[derive(Debug)]
struct MayHaveArrived;

impl Storable for MayHaveArrived {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Arrival {
    fn name(&self) -> &'static str {
        "Arrival"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let error = context.output_or_error().and_then(Result::err);
        if !error.and_then(OrchestratorError::as_connector_error).is_some_and(is_refused) {
            settings.interceptor_state().store_put(MayHaveArrived);
        }
        Ok(())
    }

    fn modify_before_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let nothing_sent = settings.load::<MayHaveArrived>().is_none();
        if let Some(Err(error)) = context.output_or_error_mut()
            && nothing_sent
            && error.as_connector_error().is_some_and(is_refused)
        {
            *error = OrchestratorError::connector(ConnectorError::io(NothingSent.into()));
        }
        Ok(())
    }
}

/// Whether there was no connection.
fn is_refused(error: &ConnectorError) -> bool {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source()).any(|cause| {
        let cause = cause.downcast_ref::<std::io::Error>();
        cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::ConnectionRefused)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{AwsCalls, AwsFailure, FailureKind, dynamodb, timeouts};
    use crate::model::tool::AwsResource;
    use aws_config::{BehaviorVersion, Region, SdkConfig};
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_sdk_dynamodb::types::AttributeValue;
    use std::net::SocketAddr;
    use tokio::io::AsyncReadExt;
    use tokio::net::{TcpListener, TcpSocket};

    /// What comes of writing an item at an address where nobody answers.
    async fn failure_at(address: SocketAddr) -> AwsFailure {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(format!("http://{address}"))
            .build();
        let client = dynamodb(&config, &AwsCalls::default(), timeouts(10, 60));
        let request = client.put_item().table_name("releases");
        let request = request.item("releaseId", AttributeValue::S("rel_1".to_owned()));
        let error = request.send().await.expect_err("nobody answers");
        let resource = AwsResource {
            service: "dynamodb".to_owned(),
            action: "dynamodb:PutItem".to_owned(),
            name: "releases".to_owned(),
        };
        AwsFailure::from_sdk(resource, &error)
    }

    #[tokio::test]
    async fn a_request_without_any_connection_is_known_not_to_have_arrived() {
        // Bound, so that nobody else has the port, but not listening.
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        let failure = failure_at(socket.local_addr().expect("an address")).await;
        assert_eq!(failure.kind, FailureKind::Unavailable, "{failure}");
        assert!(!failure.may_have_arrived(), "{failure}");
    }

    #[tokio::test]
    async fn a_request_of_which_an_attempt_was_heard_may_have_arrived_whatever_became_of_the_others() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heard = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.expect("a connection");
            drop(listener);
            connection.read_u8().await.expect("a beginning");
        });
        let failure = failure_at(address).await;
        heard.await.expect("it was heard");
        assert_eq!(failure.kind, FailureKind::Unavailable, "{failure}");
        assert!(failure.may_have_arrived(), "{failure}");
    }
}
