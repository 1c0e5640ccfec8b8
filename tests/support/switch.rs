//! A way to AWS, mostly to `CloudWatch`, that a test can close, or let answer in other ways.

use super::Patchline;
use aws_sdk_cloudwatchlogs::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// The switch. Clients made from it do not try again by themselves.
#[derive(Clone)]
pub(crate) struct Switch {
    client: SharedHttpClient,
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    mode: Mutex<Mode>,
    asked_for_results: Notify,
    asked_to_stop: Notify,
    asked_in_vain: Notify,
}

#[derive(Debug, Clone, Copy)]
enum Mode {
    Open,
    Closed,
    ClosedFor(&'static str),
    Ingesting,
    Hanging,
    NeverComplete,
    Refusing(&'static str),
}

impl Switch {
    pub(crate) fn new(patchline: &Patchline) -> Self {
        let parts = Arc::new(Parts {
            mode: Mutex::new(Mode::Open),
            asked_for_results: Notify::new(),
            asked_to_stop: Notify::new(),
            asked_in_vain: Notify::new(),
        });
        let inner = patchline.embedded.services.http_client();
        let switched = Arc::clone(&parts);
        let client = http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Switched { inner, parts: Arc::clone(&switched) })
        });
        Self { client, parts }
    }

    pub(crate) fn logs(&self, client: &aws_sdk_cloudwatchlogs::Client) -> aws_sdk_cloudwatchlogs::Client {
        let settings = client.config().to_builder().http_client(self.client.clone());
        aws_sdk_cloudwatchlogs::Client::from_conf(settings.retry_config(RetryConfig::disabled()).build())
    }

    pub(crate) fn metrics(&self, client: &aws_sdk_cloudwatch::Client) -> aws_sdk_cloudwatch::Client {
        let settings = client.config().to_builder().http_client(self.client.clone());
        aws_sdk_cloudwatch::Client::from_conf(settings.retry_config(RetryConfig::disabled()).build())
    }

    pub(crate) fn databases(&self, client: &aws_sdk_rds::Client) -> aws_sdk_rds::Client {
        let settings = client.config().to_builder().http_client(self.client.clone());
        aws_sdk_rds::Client::from_conf(settings.retry_config(RetryConfig::disabled()).build())
    }

    pub(crate) fn dynamodb(&self, client: &aws_sdk_dynamodb::Client) -> aws_sdk_dynamodb::Client {
        let settings = client.config().to_builder().http_client(self.client.clone());
        aws_sdk_dynamodb::Client::from_conf(settings.retry_config(RetryConfig::disabled()).build())
    }

    pub(crate) fn knowledge_bases(
        &self,
        client: &aws_sdk_bedrockagent::Client,
    ) -> aws_sdk_bedrockagent::Client {
        let settings = client.config().to_builder().http_client(self.client.clone());
        aws_sdk_bedrockagent::Client::from_conf(settings.retry_config(RetryConfig::disabled()).build())
    }

    /// Requests arrive, but for those whose bodies have this text.
    pub(crate) fn close_for(&self, text: &'static str) {
        // What was asked in vain before this is not told any more.
        std::pin::pin!(self.parts.asked_in_vain.notified()).enable();
        self.set(Mode::ClosedFor(text));
    }

    /// An ingestion of somebody else's is under way.
    pub(crate) fn ingest_elsewhere(&self) {
        self.set(Mode::Ingesting);
    }

    /// Requests arrive.
    pub(crate) fn open(&self) {
        self.set(Mode::Open);
    }

    /// No request arrives.
    pub(crate) fn close(&self) {
        self.set(Mode::Closed);
    }

    /// Requests are never answered.
    pub(crate) fn hang(&self) {
        self.set(Mode::Hanging);
    }

    /// Queries of Logs Insights run without end.
    pub(crate) fn never_complete(&self) {
        self.set(Mode::NeverComplete);
    }

    /// Every request is refused with this code.
    pub(crate) fn refuse(&self, code: &'static str) {
        self.set(Mode::Refusing(code));
    }

    /// Waits until somebody has asked for the results of a query.
    pub(crate) async fn asked_for_results(&self) {
        self.parts.asked_for_results.notified().await;
    }

    /// Waits until somebody has asked to stop a query.
    pub(crate) async fn asked_to_stop(&self) {
        self.parts.asked_to_stop.notified().await;
    }

    /// Waits until a request has not arrived because of its text.
    pub(crate) async fn asked_in_vain(&self) {
        self.parts.asked_in_vain.notified().await;
    }

    fn set(&self, mode: Mode) {
        *self.parts.mode.lock().expect("no test panics while it holds this") = mode;
    }
}

#[derive(Debug)]
struct Switched {
    inner: SharedHttpConnector,
    parts: Arc<Parts>,
}

impl HttpConnector for Switched {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        if target.ends_with(".StopQuery") {
            self.parts.asked_to_stop.notify_one();
        }
        let mode = *self.parts.mode.lock().expect("no test panics while it holds this");
        match mode {
            Mode::Closed => HttpConnectorFuture::ready(Err(ConnectorError::io("the way is closed".into()))),
            Mode::ClosedFor(text) if has(&request, text) => {
                self.parts.asked_in_vain.notify_one();
                HttpConnectorFuture::ready(Err(ConnectorError::io("the way is closed".into())))
            }
            Mode::Ingesting if request.method() == "PUT" && request.uri().contains("ingestionjobs") => {
                let mut busy = answer(409, r#"{"message":"an ingestion is under way"}"#.to_owned());
                busy.headers_mut().insert("x-amzn-errortype", "ConflictException");
                HttpConnectorFuture::ready(Ok(busy))
            }
            Mode::Hanging => HttpConnectorFuture::new(std::future::pending()),
            Mode::NeverComplete if target.ends_with(".GetQueryResults") => {
                self.parts.asked_for_results.notify_one();
                HttpConnectorFuture::ready(Ok(answer(200, r#"{"status":"Running","results":[]}"#.to_owned())))
            }
            Mode::Open | Mode::NeverComplete | Mode::ClosedFor(_) | Mode::Ingesting => {
                self.inner.call(request)
            }
            Mode::Refusing(code) if request.headers().contains_key("smithy-protocol") => {
                HttpConnectorFuture::ready(Ok(cbor_refusal(code)))
            }
            Mode::Refusing(code) => {
                let body = format!(r#"{{"__type":"{code}","message":"refused by the test"}}"#);
                HttpConnectorFuture::ready(Ok(answer(400, body)))
            }
        }
    }
}

/// Whether the body of a request has a text.
fn has(request: &HttpRequest, text: &str) -> bool {
    request.body().bytes().is_some_and(|body| String::from_utf8_lossy(body).contains(text))
}

/// As services say it that speak CBOR.
fn cbor_refusal(code: &str) -> HttpResponse {
    let error = std::collections::BTreeMap::from([("__type", code), ("message", "refused by the test")]);
    let mut body = Vec::new();
    ciborium::into_writer(&error, &mut body).expect("it is written to memory");
    let status = StatusCode::try_from(400).expect("a status");
    let mut answer = HttpResponse::new(status, SdkBody::from(body));
    answer.headers_mut().insert("content-type", "application/cbor");
    answer.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
    answer
}

fn answer(status: u16, body: String) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    let mut answer = HttpResponse::new(status, SdkBody::from(body));
    answer.headers_mut().insert("content-type", "application/x-amz-json-1.1");
    answer
}
