//! A process that is killed after any write of a run: another one finishes it, and nothing is changed twice.

use super::planted::{from_here, lapse, plant};
use super::{change_of_title, release};
use crate::fleet::instance::Instance;
use crate::policy::somebody;
use crate::support::{Patchline, Served, eventually};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use patchline::engine::Engine;
use patchline::engine::gateway::{Principal, Role};
use patchline::model::task::{StepState, TaskDecision, TaskState, TaskView};
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The operations of DynamoDB that write.
const WRITES: [&str; 5] =
    [".PutItem", ".UpdateItem", ".DeleteItem", ".BatchWriteItem", ".TransactWriteItems"];

/// Only every second write is one after which the process is killed: the others are between them.
const STRIDE: usize = 2;

/// After how many writes of the run the process is killed.
struct Plan {
    has_begun: bool,
    writes: usize,
    reached: oneshot::Sender<()>,
}

/// The way of the process to its store, on which each write is seen.
#[derive(Clone)]
struct Way {
    store: String,
    http: reqwest::Client,
    plan: Arc<Mutex<Option<Plan>>>,
}

impl Way {
    /// Counts a write from the one on by which the run is taken, and gives the plan if it is the one.
    fn count(&self, body: &[u8]) -> Option<Plan> {
        let mut held = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        let plan = held.as_mut()?;
        plan.has_begun |= String::from_utf8_lossy(body).contains("open runs");
        plan.writes -= usize::from(plan.has_begun);
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

async fn settled(engine: &Engine, who: &Principal, id: &str) -> TaskView {
    let patience = Duration::from_mins(1);
    engine.supervisor.settled(who, &from_here(), id, patience).await.expect("the task is there")
}

/// A task whose change is approved, and which nobody has gone on with yet.
async fn approved(store: &Patchline, who: &Principal, id: &str) {
    let engine = store.another_instance().await;
    plant(store, who, id, &change_of_title()).await;
    let waiting = settled(&engine, who, id).await;
    engine.supervisor.stop().await;
    let approval = waiting.approval.expect("what is approved");
    let decision = TaskDecision::Approve { approval };
    engine.supervisor.decide(who, &from_here(), id, decision).await.expect("it is approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_finished_once_after_whatever_write_its_process_is_killed() {
    let store = Patchline::start().await;
    store.put_artist_and_release().await;
    store.engine.supervisor.stop().await;
    let endpoint = store.shared_store().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL");
    let way =
        Way { store: endpoint.expect("its address").1, http: reqwest::Client::new(), plan: Arc::default() };
    let served = Served::of(Router::new().fallback(on_the_way).with_state(way.clone())).await;
    let address = served.url();
    let who = somebody(Role::Label);
    let mut writes = 1;
    loop {
        let id = format!("01{writes:03}");
        let version = release(&store).await.1.as_u64().expect("a version");
        approved(&store, &who, &id).await;
        let (reached, is_reached) = oneshot::channel();
        let plan = Plan { has_begun: false, writes, reached };
        *way.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
        let mut instance = Instance::start_with(&store, None, &[("AWS_ENDPOINT_URL", &address)]).await;
        let has_ended = || async {
            let seen = store.engine.supervisor.view(&who, &from_here(), &id).await;
            seen.expect("the task is there").state.has_ended()
        };
        let was_killed = tokio::select! {
            _ = is_reached => true,
            () = eventually("the run ends", has_ended) => false,
        };
        *way.plan.lock().unwrap_or_else(PoisonError::into_inner) = None;
        instance.kill();

        lapse(&store).await;
        let another = store.another_instance().await;
        let ended = settled(&another, &who, &id).await;
        another.supervisor.stop().await;
        assert!(matches!(ended.state, TaskState::Done | TaskState::Partial), "{writes}: {:?}", ended.problem);
        assert_eq!(ended.steps[1].state, StepState::Done, "{writes}: {:?}", ended.steps[1].problem);
        let now = release(&store).await.1.as_u64().expect("a version");
        assert_eq!(now, version + 1, "after {writes} writes the change was made once");
        if !was_killed {
            break;
        }
        writes += STRIDE;
    }
    assert!(writes > 8, "the journal, the change and its records are writes: {writes}");
}
