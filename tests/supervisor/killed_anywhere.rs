//! Runs whose instance dies at every write and at every call of a model, under many seeds: whatever comes in between,
//! the end is the same, nothing is changed twice, and no model is paid twice.
//!
//! An instance is a runtime of its own within this process. It dies when that is shut down in the middle of a
//! request, which the store has got or has not got by then.

use super::planted::{from_here, plant, step};
use crate::policy::somebody;
use crate::support::Patchline;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Gateway, Principal, Role};
use patchline::engine::identity::Identity;
use patchline::engine::supervisor::Supervisor;
use patchline::engine::telemetry::Telemetry;
use patchline::model::task::{StepState, TaskDecision, TaskState, TaskView};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};

/// How many orders, delays, failures and races are tried at each point, unless `PATCHLINE_CRASH_SEEDS` says another
/// number: all fifty take two minutes on a quiet machine, and many times that on a busy one.
const SEEDS: u64 = 6;

/// One of so many seeds has a step that pays a model.
const PAYS: u64 = 5;

/// How many stores are used side by side: one for each processor.
const WORKERS: u64 = 2;

/// How many points are tried where two race: who does what is not the same each time.
const RACES: usize = 24;

/// How long a run may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// The operations of DynamoDB that write.
const WRITES: [&str; 5] =
    [".PutItem", ".UpdateItem", ".DeleteItem", ".BatchWriteItem", ".TransactWriteItems"];

/// A question that the knowledge base answers.
const QUESTION: &str = "what is the mechanical rate for a 6:10 song pressed in 2026?";

/// A number that looks like chance and is the same for the same seed (`SplitMix64`).
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The point at which the instance dies.
#[derive(Debug, Clone, Copy)]
struct Point {
    /// How many writes and calls of models there still are until then.
    left: usize,
    /// Whether the last of them is still done.
    is_done: bool,
}

/// The way of an instance to its store and to models.
#[derive(Debug, Clone)]
struct Way {
    inner: SharedHttpClient,
    /// What is asked is answered even when whoever has asked is dead.
    store: Handle,
    point: Arc<Mutex<Option<Point>>>,
    is_reached: Arc<AtomicBool>,
    dice: Arc<AtomicU64>,
    paid: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Connection {
    way: Way,
    inner: SharedHttpConnector,
}

impl Way {
    fn client(&self) -> SharedHttpClient {
        let way = self.clone();
        http_client_fn(move |settings, components| {
            let inner = way.inner.http_connector(settings, components);
            SharedHttpConnector::new(Connection { way: way.clone(), inner })
        })
    }

    fn point(&self) -> std::sync::MutexGuard<'_, Option<Point>> {
        self.point.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a write or a call of a model, and gives the point where it is the one.
    fn step(&self) -> Option<Point> {
        let mut held = self.point();
        let point = held.as_mut()?;
        point.left -= 1;
        if point.left == 0 { held.take() } else { None }
    }

    fn roll(&self, sides: u64) -> u64 {
        mixed(self.dice.fetch_add(1, Ordering::Relaxed)) % sides
    }
}

impl HttpConnector for Connection {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (way, inner) = (self.way.clone(), self.inner.clone());
        let pays = request.uri().contains("retrieveAndGenerate");
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let counts = pays || WRITES.iter().any(|write| target.ends_with(write));
        HttpConnectorFuture::new(async move {
            if way.roll(8) == 0 {
                tokio::time::sleep(Duration::from_millis(way.roll(3))).await;
            }
            let point = counts.then(|| way.step()).flatten();
            let dies = |way: &Way| way.is_reached.store(true, Ordering::SeqCst);
            if point.is_some_and(|point| !point.is_done) {
                dies(&way);
                return std::future::pending().await;
            }
            if pays {
                way.paid.fetch_add(1, Ordering::SeqCst);
            }
            let asked = way.store.spawn(async move { inner.call(request).await });
            let answer = asked.await.map_err(|error| ConnectorError::other(error.into(), None))?;
            if point.is_some() {
                dies(&way);
                return std::future::pending().await;
            }
            answer
        })
    }
}

/// A door behind which instances are, over one way.
struct Door {
    way: Way,
    catalog: Arc<Catalog>,
    gateway: Gateway,
}

impl Door {
    fn open(store: &Patchline, base: &Runtime, paid: &Arc<AtomicUsize>) -> Self {
        let mut clients = store.clients.clone();
        let way = Way {
            inner: clients.dynamodb.config().http_client().expect("a way to the store"),
            store: base.handle().clone(),
            point: Arc::default(),
            is_reached: Arc::default(),
            dice: Arc::default(),
            paid: Arc::clone(paid),
        };
        let dynamodb = clients.dynamodb.config().to_builder().http_client(way.client()).build();
        clients.dynamodb = aws_sdk_dynamodb::Client::from_conf(dynamodb);
        let answers = clients.knowledge_answers.config().to_builder().http_client(way.client()).build();
        clients.knowledge_answers = aws_sdk_bedrockagentruntime::Client::from_conf(answers);
        let config = &store.engine.config;
        let catalog = Arc::new(Catalog::new(clients, config));
        let _entered = base.enter();
        let audit = AuditLog::start(Arc::clone(&catalog), false);
        let gateway = Gateway::new(Arc::clone(&catalog), config, audit, Telemetry::off());
        Self { way, catalog, gateway }
    }

    /// An instance, on a runtime of its own.
    fn instance(&self, store: &Patchline) -> Runtime {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let config = &store.engine.config;
        {
            let _entered = runtime.enter();
            let supervisor = Supervisor::new(self.gateway.clone(), Arc::clone(&self.catalog), config);
            supervisor.serve(Identity::new(Arc::clone(&self.catalog), config, false));
        }
        runtime
    }
}

/// A store of one's own, with what is tried over it.
struct Bench {
    base: Runtime,
    store: Patchline,
    /// The one that dies.
    mortal: Door,
    /// Those that race with it, and those that finish what it has begun.
    others: Door,
    paid: Arc<AtomicUsize>,
    who: Principal,
}

impl Bench {
    fn set_up() -> Self {
        let base = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let store = base.block_on(async {
            let store = Patchline::with(&[
                ("ENABLE_BEDROCK", "true"),
                ("MCP_MODEL_PRICES", "local.extractive-v1=1000/1000"),
                ("MCP_BUDGET_PERSON", "none"),
                ("MCP_BUDGET_LABEL", "none"),
                ("MCP_TASK_DOLLAR_LIMIT", "none"),
            ])
            .await;
            store.put_artist_and_release().await;
            store.knowledge_settled().await;
            store.engine.supervisor.stop().await;
            store
        });
        let paid = Arc::default();
        let (mortal, others) = (Door::open(&store, &base, &paid), Door::open(&store, &base, &paid));
        Self { mortal, others, store, base, paid, who: somebody(Role::Label) }
    }

    fn view(&self, id: &str) -> TaskView {
        let supervisor = &self.store.engine.supervisor;
        let seen = self.base.block_on(supervisor.view(&self.who, &from_here(), id));
        seen.expect("the task is there")
    }

    /// The task when it rests, or none when the instance has died before.
    fn until_it_rests(&self, id: &str) -> Option<TaskView> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if self.mortal.way.is_reached.load(Ordering::SeqCst) {
                return None;
            }
            let seen = self.view(id);
            if seen.state == TaskState::Approving || seen.state.has_ended() {
                return Some(seen);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        panic!("{id} does not come to rest: {:?}", self.view(id));
    }

    fn approve(&self, id: &str, seen: &TaskView) {
        let approval = seen.approval.clone().expect("what is approved");
        let decision = TaskDecision::Approve { approval };
        let _entered = self.base.enter();
        // Of what is open an instance knows what it has looked at, and this one never looks.
        let config = &self.store.engine.config;
        let supervisor =
            Supervisor::new(self.others.gateway.clone(), Arc::clone(&self.others.catalog), config);
        self.base.block_on(supervisor.decide(&self.who, &from_here(), id, decision)).expect("it is approved");
    }

    /// Lets the leases end at once of a process that has died: of the run, and of the calls that it was making.
    fn lapse(&self, id: &str) {
        let ended = AttributeValue::N("0".to_owned());
        let dynamodb = &self.store.clients.dynamodb;
        self.base.block_on(async {
            let open = dynamodb
                .update_item()
                .table_name("patchline-tasks")
                .key("owner", AttributeValue::S("open runs".to_owned()))
                .key("id", AttributeValue::S(id.to_owned()))
                .update_expression("SET aliveUntil = :ended")
                .condition_expression("attribute_exists(id)")
                .expression_attribute_values(":ended", ended.clone());
            // It is not there when the run was closed before.
            let _ = open.send().await;
            for mut item in self.kept_calls().await {
                item.insert("leaseEnds".to_owned(), ended.clone());
                let put = dynamodb.put_item().table_name("patchline-idempotency").set_item(Some(item));
                put.send().await.expect("it is put");
            }
        });
    }

    async fn kept_calls(&self) -> Vec<std::collections::HashMap<String, AttributeValue>> {
        let scan = self.store.clients.dynamodb.scan().table_name("patchline-idempotency");
        scan.send().await.expect("a scan").items.unwrap_or_default()
    }

    fn forget_kept_calls(&self) {
        let dynamodb = &self.store.clients.dynamodb;
        self.base.block_on(async {
            for item in self.kept_calls().await {
                let delete = dynamodb.delete_item().table_name("patchline-idempotency");
                delete.key("id", item["id"].clone()).send().await.expect("it is gone");
            }
        });
    }

    fn version(&self) -> u64 {
        let asked = json!({ "releaseId": "rel_1" });
        let found = self.base.block_on(self.store.result_of("query_release_data", asked));
        found["rows"][0]["version"].as_u64().expect("a version")
    }

    /// Does a task whose instance dies at a point. False where it has ended before.
    fn try_at(&self, seed: u64, left: usize) -> bool {
        let id = format!("01{seed:03}x{left:03}");
        let told = format!("seed {seed}, point {left}");
        for door in [&self.mortal, &self.others] {
            door.way.dice.store(seed.wrapping_mul(1_000_003), Ordering::Relaxed);
        }
        self.paid.store(0, Ordering::SeqCst);
        self.mortal.way.is_reached.store(false, Ordering::SeqCst);
        // The store is the same before a write as after the one before it, so each seed takes one of both.
        let is_done = (seed + u64::try_from(left).unwrap_or_default()).is_multiple_of(2);
        let steps = plan(seed, &format!("{told} done {is_done}"));
        let before = self.version();
        self.base.block_on(plant(&self.store, &self.who, &id, &steps));
        *self.mortal.way.point() = Some(Point { left, is_done });
        let races = seed % 4 == 1;
        let mut was_killed = false;
        let ended = loop {
            let first = if was_killed { &self.others } else { &self.mortal };
            let instance = first.instance(&self.store);
            let rival = races.then(|| self.others.instance(&self.store));
            let rested = self.until_it_rests(&id);
            instance.shutdown_background();
            if let Some(rival) = rival {
                rival.shutdown_background();
            }
            match rested {
                None => {
                    was_killed = true;
                    self.mortal.way.is_reached.store(false, Ordering::SeqCst);
                    self.lapse(&id);
                }
                Some(task) if task.state == TaskState::Approving => self.approve(&id, &task),
                Some(task) => break task,
            }
        };
        *self.mortal.way.point() = None;
        self.forget_kept_calls();
        assert_eq!(self.version(), before + 1, "{told}: the change was made once: {ended:#?}");
        self.check(seed, was_killed, &ended, &told);
        was_killed
    }

    /// The end is the same, whoever died in between.
    fn check(&self, seed: u64, was_killed: bool, ended: &TaskView, told: &str) {
        assert!(ended.answer.is_some(), "{told}: {:?}", ended.problem);
        let paid = self.paid.load(Ordering::SeqCst);
        for (planned, step) in ended.plan.iter().flat_map(|plan| &plan.steps).zip(&ended.steps) {
            let told = format!("{told}, {}: {:?}", planned.tool, step.problem);
            match planned.title.as_str() {
                "fails" => assert_eq!(step.state, StepState::Failed, "{told}"),
                "pays" if step.state == StepState::Done => assert_eq!(paid, 1, "{told}"),
                "pays" => {
                    let is_said = step.problem.as_ref().is_some_and(|words| words.contains("interrupted"));
                    assert!((was_killed || seed % 4 == 1) && is_said, "{told}");
                }
                _ => assert_eq!(step.state, StepState::Done, "{told}"),
            }
        }
        assert!(paid <= 1, "{told}: a model was paid {paid} times");
    }
}

/// The steps of a seed: a change of what another step has found, beside one that fails or that pays.
fn plan(seed: u64, title: &str) -> Vec<Value> {
    let read = json!({ "releaseId": { "value": "rel_1" } });
    let change = json!({
        "releaseId": { "value": "rel_1" },
        "expectedVersion": { "from": { "step": "s1", "pointer": "/rows/0/version" } },
        "updateData": { "value": { "title": title } }
    });
    let nothing = json!({ "artistId": { "from": { "step": "s1", "pointer": "/rows/7/artistId" } } });
    let question = json!({ "prompt": { "value": QUESTION } });
    let named = |mut step: Value, title: &str| {
        step["title"] = json!(title);
        step
    };
    let mut beside = Vec::new();
    if seed.is_multiple_of(3) {
        beside.push(named(step("s3", "query_artist_data", &nothing, &["s1"], "low"), "fails"));
    }
    if seed.is_multiple_of(PAYS) {
        beside.push(named(step("s4", "generate_music_insights", &question, &[], "medium"), "pays"));
    }
    let change = step("s2", "update_release_data", &change, &["s1"], "high");
    let mut steps = vec![step("s1", "query_release_data", &read, &[], "low")];
    if seed.is_multiple_of(2) {
        steps.push(change);
        steps.extend(beside);
    } else {
        steps.extend(beside);
        steps.push(change);
    }
    steps
}

fn seeds() -> u64 {
    std::env::var("PATCHLINE_CRASH_SEEDS").map_or(SEEDS, |number| number.parse().expect("a number of seeds"))
}

#[test]
fn whatever_point_an_instance_dies_at_the_end_is_the_same_and_nothing_is_done_twice() {
    let seeds = seeds();
    let tried: usize = std::thread::scope(|scope| {
        let workers = (0..WORKERS).map(|worker| {
            scope.spawn(move || {
                let bench = Bench::set_up();
                let mut tried = 0;
                for seed in (worker..seeds).step_by(usize::try_from(WORKERS).unwrap_or(1)) {
                    let mut left = 1;
                    while bench.try_at(seed, left) || (seed % 4 == 1 && left < RACES) {
                        left += 1;
                    }
                    assert!(left > 8 || seed % 4 == 1, "the journal and the change are writes: {left}");
                    tried += left;
                }
                tried
            })
        });
        let workers: Vec<_> = workers.collect();
        workers.into_iter().map(|worker| worker.join().expect("no worker fails")).sum()
    });
    assert!(tried > usize::try_from(seeds * 8).expect("a number"), "{tried} points were tried");
    // `make bench` repeats it.
    writeln!(std::io::stdout().lock(), "\n{tried} points under {seeds} seeds").expect("it can be said");
}
