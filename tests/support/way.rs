//! The way of a process to its store, on which writes are counted, so that it can be killed after any of them.

use super::{Patchline, Served};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The operations of DynamoDB that write.
const WRITES: [&str; 5] =
    [".PutItem", ".UpdateItem", ".DeleteItem", ".BatchWriteItem", ".TransactWriteItems"];

/// Which writes are counted.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    /// The first of them has this text.
    pub(crate) from: &'static str,
    /// They have one of these texts, for instance the name of a table.
    pub(crate) with: &'static [&'static str],
}

/// After how many writes the process is killed.
struct Plan {
    counted: Counted,
    has_begun: bool,
    writes: usize,
    reached: oneshot::Sender<()>,
}

/// The way, on which each write is seen.
#[derive(Clone)]
pub(crate) struct Way {
    store: String,
    http: reqwest::Client,
    plan: Arc<Mutex<Option<Plan>>>,
}

impl Way {
    /// The way to a store, and where a process finds it.
    pub(crate) async fn to(store: &Patchline) -> (Self, Served) {
        let endpoint = store.shared_store().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL");
        let store = endpoint.expect("its address").1;
        let way = Self { store, http: reqwest::Client::new(), plan: Arc::default() };
        let served = Served::of(Router::new().fallback(on_the_way).with_state(way.clone())).await;
        (way, served)
    }

    /// Says when so many writes are done. The process never hears that the last one is.
    pub(crate) fn after(&self, writes: usize, counted: Counted) -> oneshot::Receiver<()> {
        let (reached, is_reached) = oneshot::channel();
        *self.plan() = Some(Plan { counted, has_begun: false, writes, reached });
        is_reached
    }

    /// Counts nothing any more.
    pub(crate) fn open(&self) {
        *self.plan() = None;
    }

    fn plan(&self) -> MutexGuard<'_, Option<Plan>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a write, and gives the plan if it is the one.
    fn count(&self, body: &[u8]) -> Option<Plan> {
        let mut held = self.plan();
        let plan = held.as_mut()?;
        let body = String::from_utf8_lossy(body);
        plan.has_begun |= body.contains(plan.counted.from);
        let counts = plan.has_begun && plan.counted.with.iter().any(|text| body.contains(text));
        plan.writes -= usize::from(counts);
        if plan.writes == 0 { held.take() } else { None }
    }
}

async fn on_the_way(State(way): State<Way>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a whole body");
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let is_write = target.is_some_and(|target| WRITES.iter().any(|write| target.ends_with(write)));
    let plan = is_write.then(|| way.count(&body)).flatten();
    let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let sent = way.http.request(parts.method, format!("{}{path}", way.store)).headers(parts.headers);
    let answer = sent.body(body).send().await.expect("the store answers");
    if let Some(plan) = plan {
        // Whoever waits for it kills the process, which never hears the answer.
        plan.reached.send(()).expect("somebody waits");
        return pending().await;
    }
    let mut response = Response::builder().status(answer.status());
    let of_a_connection = ["connection", "transfer-encoding"];
    for (name, value) in answer.headers().iter().filter(|(name, _)| !of_a_connection.contains(&name.as_str()))
    {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.bytes().await.expect("its body"))).expect("an answer")
}
