//! A way to AWS at which a test holds some requests up, lets them through one by one, or loses their answers.

use super::Patchline;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use patchline::engine::Engine;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::supervisor::Supervisor;
use patchline::engine::telemetry::Telemetry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// How long a test waits on a slow machine until as many requests are under way as it expects.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which requests the gate is for; all others pass.
type Meant = fn(&HttpRequest) -> bool;

/// Those that list files.
pub(crate) fn lists_files(request: &HttpRequest) -> bool {
    request.uri().contains("list-type=2")
}

/// Those that change a release.
pub(crate) fn changes_a_release(request: &HttpRequest) -> bool {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let body = request.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    target.ends_with(".UpdateItem") && body.contains(r#""TableName":"releases""#)
}

/// The gate. It is closed at first. Clients behind it neither give up nor try again by themselves.
#[derive(Clone)]
pub(crate) struct Gate {
    client: SharedHttpClient,
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    meant: Meant,
    /// How many may pass; closed once everybody may.
    passes: Semaphore,
    /// Whether the next answer is lost.
    is_to_lose: AtomicBool,
    seen: watch::Sender<Seen>,
}

/// How many requests are under way, and how many were at most.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    now: usize,
    most: usize,
}

impl Gate {
    /// A closed gate before the store of a Patchline.
    pub(crate) fn closed(patchline: &Patchline, meant: Meant) -> Self {
        let parts = Arc::new(Parts {
            meant,
            passes: Semaphore::new(0),
            is_to_lose: AtomicBool::new(false),
            seen: watch::Sender::new(Seen::default()),
        });
        let inner = patchline.embedded.services.http_client();
        let of_clients = Arc::clone(&parts);
        let client = http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Gated { inner, parts: Arc::clone(&of_clients) })
        });
        Self { client, parts }
    }

    /// Lets everybody pass from now on.
    pub(crate) fn open(&self) {
        self.parts.passes.close();
    }

    /// Lets one more pass.
    pub(crate) fn let_one_through(&self) {
        self.parts.passes.add_permits(1);
    }

    /// The next request is done, and its answer never arrives.
    pub(crate) fn lose_an_answer(&self) {
        self.parts.is_to_lose.store(true, Ordering::SeqCst);
    }

    /// Waits until so many requests are under way, no more and no fewer.
    pub(crate) async fn has_under_way(&self, count: usize) {
        let mut seen = self.parts.seen.subscribe();
        let waiting = seen.wait_for(|seen| seen.now == count);
        let waited = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        assert!(waited, "{:?} under way, and {count} were expected", *self.parts.seen.borrow());
    }

    /// How many requests were under way at most.
    pub(crate) fn most_under_way(&self) -> usize {
        self.parts.seen.borrow().most
    }

    /// An engine over the same store whose requests come this way. It does the tasks from now on; that of the
    /// Patchline itself does none any more.
    pub(crate) async fn engine(&self, patchline: &Patchline) -> Engine {
        patchline.engine.supervisor.stop().await;
        let mut aws = patchline.clients.clone();
        for client in [&mut aws.dynamodb, &mut aws.dynamodb_lists, &mut aws.dynamodb_bulk] {
            let settings = client.config().to_builder().http_client(self.client.clone());
            let settings =
                settings.retry_config(RetryConfig::disabled()).timeout_config(TimeoutConfig::disabled());
            *client = aws_sdk_dynamodb::Client::from_conf(settings.build());
        }
        let settings = aws.s3.config().to_builder().http_client(self.client.clone());
        let settings =
            settings.retry_config(RetryConfig::disabled()).timeout_config(TimeoutConfig::disabled());
        aws.s3 = aws_sdk_s3::Client::from_conf(settings.build());

        let mut engine = patchline.engine.clone();
        let config = &patchline.engine.config;
        let catalog = Arc::new(Catalog::new(aws, config));
        let audit = AuditLog::start(Arc::clone(&catalog), false);
        engine.gateway = Gateway::new(Arc::clone(&catalog), config, audit, Telemetry::off());
        engine.supervisor = Supervisor::new(engine.gateway.clone(), catalog, config);
        engine.supervisor.serve(engine.identity.clone());
        engine
    }
}

#[derive(Debug)]
struct Gated {
    inner: SharedHttpConnector,
    parts: Arc<Parts>,
}

impl HttpConnector for Gated {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if !(self.parts.meant)(&request) {
            return self.inner.call(request);
        }
        let (inner, parts) = (self.inner.clone(), Arc::clone(&self.parts));
        HttpConnectorFuture::new(async move {
            let _under_way = UnderWay::begin(&parts);
            if let Ok(pass) = parts.passes.acquire().await {
                pass.forget();
            }
            let answer = inner.call(request).await;
            if parts.is_to_lose.swap(false, Ordering::SeqCst) {
                return Err(ConnectorError::io("the answer is lost".into()));
            }
            answer
        })
    }
}

/// A request that is under way, until it is answered or nobody waits for it any more.
struct UnderWay(Arc<Parts>);

impl UnderWay {
    fn begin(parts: &Arc<Parts>) -> Self {
        parts.seen.send_modify(|seen| {
            seen.now += 1;
            seen.most = seen.most.max(seen.now);
        });
        Self(Arc::clone(parts))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.seen.send_modify(|seen| seen.now -= 1);
    }
}
