//! A process that is killed at any step of a change: nothing is changed of which there is no record.

use super::instance::{Instance, call};
use super::replicas::store;
use crate::support::{Patchline, Served};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use serde_json::{Value, json};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The operations of DynamoDB that write.
const WRITES: [&str; 5] =
    [".PutItem", ".UpdateItem", ".DeleteItem", ".BatchWriteItem", ".TransactWriteItems"];

/// Headers that belong to one connection.
const OF_A_CONNECTION: [&str; 2] = ["connection", "transfer-encoding"];

/// When the process is killed: before a step is done, or after it, before it hears of that.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Before,
    After,
}

/// The step at which the process is killed.
struct Plan {
    steps: usize,
    moment: Moment,
    reached: oneshot::Sender<()>,
}

/// The way of the process to its store, on which each step is seen.
#[derive(Clone)]
struct Way {
    store: String,
    http: reqwest::Client,
    plan: Arc<Mutex<Option<Plan>>>,
}

impl Way {
    fn plan(&self) -> MutexGuard<'_, Option<Plan>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a step, and gives the plan if it is the one.
    fn step(&self) -> Option<Plan> {
        let mut plan = self.plan();
        let steps = &mut plan.as_mut()?.steps;
        *steps -= 1;
        if *steps == 0 { plan.take() } else { None }
    }

    async fn pass_on(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body");
        let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        let sent = self.http.request(parts.method, format!("{}{path}", self.store)).headers(parts.headers);
        let answer = sent.body(body).send().await.expect("the store answers");
        let mut response = Response::builder().status(answer.status());
        for (name, value) in
            answer.headers().iter().filter(|(name, _)| !OF_A_CONNECTION.contains(&name.as_str()))
        {
            response = response.header(name, value);
        }
        response.body(Body::from(answer.bytes().await.expect("its body"))).expect("an answer")
    }
}

async fn on_the_way(State(way): State<Way>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let is_write = target.is_some_and(|target| WRITES.iter().any(|write| target.ends_with(write)));
    let Some(Plan { moment, reached, .. }) = is_write.then(|| way.step()).flatten() else {
        return way.pass_on(request).await;
    };
    if matches!(moment, Moment::After) {
        way.pass_on(request).await;
    }
    // Whoever waits for it kills the process, which never hears the answer.
    reached.send(()).expect("somebody waits");
    pending().await
}

/// The release as it is stored.
async fn stored(store: &Patchline) -> Value {
    store.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await["rows"][0].clone()
}

/// Whether the audit table has a record from before the change.
async fn has_intent(store: &Patchline, title: &str) -> bool {
    let items =
        store.clients.dynamodb.scan().table_name("patchline-audit").send().await.expect("the records");
    items.items().iter().any(|item| {
        let record: Value = serde_dynamo::from_item(item.clone()).expect("a record");
        record["operation"] == "update_release_data"
            && record["phase"] == "intent"
            && record["arguments"].as_str().is_some_and(|arguments| arguments.contains(title))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_on_record_at_whatever_step_its_process_is_killed() {
    let store = store().await;
    let endpoint = store.shared_store().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL");
    let way =
        Way { store: endpoint.expect("its address").1, http: reqwest::Client::new(), plan: Arc::default() };
    let served = Served::of(Router::new().fallback(on_the_way).with_state(way.clone())).await;
    let address = served.url();
    let (mut changed, mut unchanged) = (0, 0);
    for moment in [Moment::Before, Moment::After] {
        let mut steps = 1;
        loop {
            let mut instance = Instance::start_with(&store, None, &[("AWS_ENDPOINT_URL", &address)]).await;
            let title = format!("{moment:?} step {steps}");
            let version = stored(&store).await["version"].clone();
            let change = json!({
                "releaseId": "rel_1", "expectedVersion": version, "updateData": { "title": title }
            });
            let (reached, is_reached) = oneshot::channel();
            *way.plan() = Some(Plan { steps, moment, reached });
            let (http, door) = instance.door();
            let answer = tokio::select! {
                answer = call(&http, &door, "update_release_data", None, &change) => Some(answer),
                _ = is_reached => None,
            };
            *way.plan() = None;
            instance.kill();

            let is_changed = stored(&store).await["title"] == title;
            assert!(!is_changed || has_intent(&store, &title).await, "{title} is on no record");
            if let Some(answer) = answer {
                assert_eq!(answer.status, 200, "{}", answer.body);
                assert!(is_changed);
                break;
            }
            if is_changed {
                changed += 1;
            } else {
                unchanged += 1;
            }
            steps += 1;
        }
        assert!(steps > 3, "the record before, the change and the record after are steps: {steps}");
    }
    assert!(changed > 0 && unchanged > 0, "both are met: {changed} changed, {unchanged} did not");
}
