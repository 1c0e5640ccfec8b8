//! Calls are spread over instances, survive the death of one, and come back to it.

use super::instance::{Answer, Instance, PATIENCE, call};
use crate::support::Patchline;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// How long a replica is out in these tests.
const COOLDOWN: Duration = Duration::from_secs(2);

/// Reads a second: many while one replica dies, fewer while whole programs are started beside them.
const MANY: u32 = 50;
const SOME: u32 = 20;

/// Time between two changes.
const CHANGE_PAUSE: Duration = Duration::from_millis(200);

/// A store with an artist and a release.
pub(super) async fn store() -> Patchline {
    let store = Patchline::start().await;
    store.put_artist_and_release().await;
    store
}

pub(super) fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("it is written");
    file
}

/// Replicas of the server `dynamodb` that take turns.
pub(super) fn in_turns(instances: &[&Instance]) -> NamedTempFile {
    let replicas = instances
        .iter()
        .map(|instance| format!("\n[[replica]]\nserver = \"dynamodb\"\nurl = \"{}\"\n", instance.address()));
    let server = format!(
        "[[server]]\nname = \"dynamodb\"\nstrategy = \"round_robin\"\nfailover_after = 3\n\
         cooldown_seconds = {}\nconcurrency = 50\n",
        COOLDOWN.as_secs()
    );
    file(&replicas.fold(server, |text, replica| text + &replica))
}

pub(super) fn path(file: &NamedTempFile) -> Option<&str> {
    file.path().to_str()
}

/// Calls that go on until they are told to stop: reads at a steady pace, and changes with keys, each of
/// which depends on the one before.
struct Traffic {
    stop: Arc<AtomicBool>,
    reads: tokio::task::JoinHandle<Vec<Answer>>,
    changes: tokio::task::JoinHandle<Vec<Answer>>,
}

impl Traffic {
    fn through(instance: &Instance, reads_a_second: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (http, address) = instance.door();
        let stopped = Arc::clone(&stop);
        let reads = tokio::spawn(async move {
            let mut pace = tokio::time::interval(Duration::from_secs(1) / reads_a_second);
            let mut under_way = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                pace.tick().await;
                let (http, address) = (http.clone(), address.clone());
                under_way.push(tokio::spawn(async move {
                    call(&http, &address, "query_artist_data", None, &json!({ "artistId": "art_1" })).await
                }));
            }
            futures::future::join_all(under_way)
                .await
                .into_iter()
                .map(|ended| ended.expect("it ends"))
                .collect()
        });
        let (http, address) = instance.door();
        let stopped = Arc::clone(&stop);
        let changes = tokio::spawn(async move {
            let mut answers: Vec<Answer> = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let version = answers.len() + 1;
                let change = json!({
                    "releaseId": "rel_1", "expectedVersion": version, "updateData": { "title": format!("Take {version}") }
                });
                let key = format!("take-{version}");
                answers.push(call(&http, &address, "update_release_data", Some(&key), &change).await);
                tokio::time::sleep(CHANGE_PAUSE).await;
            }
            answers
        });
        Self { stop, reads, changes }
    }

    /// Ends it. Every call must have worked, and every change must have been made once.
    async fn end(self, store: &Patchline) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        let (reads, changes) = (self.reads.await.expect("it ends"), self.changes.await.expect("it ends"));
        let failed = |answers: &[Answer]| -> Vec<String> {
            let failed = answers.iter().filter(|answer| answer.status != 200);
            failed.map(|answer| format!("{} {}", answer.status, answer.body)).collect()
        };
        assert_eq!((failed(&reads), failed(&changes)), (Vec::new(), Vec::new()), "of {} reads", reads.len());
        let kept = store.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
        assert_eq!(kept["rows"][0]["version"], changes.len() + 1);
        reads.len()
    }
}

pub(super) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_fails_when_a_replica_is_killed_and_its_traffic_comes_back() {
    let store = store().await;
    let mut second = Instance::start_light(&store, None).await;
    let upstreams = in_turns(&[&second]);
    let first = Instance::start_light(&store, path(&upstreams)).await;
    let traffic = Traffic::through(&first, MANY);
    until("the second gets calls", || async { second.calls().await > 30 }).await;

    second.kill();
    until("the first sees it", || async { first.replica("dynamodb", 1).await["health"] == "failing" }).await;
    let reason = first.replica("dynamodb", 1).await["reason"].clone();
    let told = format!("The instance at {}", second.address().trim_start_matches("http://"));
    assert!(reason.as_str().is_some_and(|reason| reason.starts_with(&told)), "{reason}");
    // Away for a whole cooldown, so that the fleet has tried it again in vain while calls go on.
    until("its cooldown ends, and it is still out", || async {
        let reason = first.replica("dynamodb", 1).await["reason"].clone();
        reason.as_str().is_some_and(|reason| reason.ends_with("It gets calls again as soon as it works."))
    })
    .await;

    second.start_again().await;
    until("the second gets calls again", || async { second.calls().await > 0 }).await;
    until("it is healthy", || async { first.replica("dynamodb", 1).await["health"] == "healthy" }).await;
    let reads = traffic.end(&store).await;
    assert!(reads > 100, "{reads}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_fails_while_all_replicas_are_restarted_one_after_the_other() {
    let store = store().await;
    let mut replicas = [Instance::start_light(&store, None).await, Instance::start_light(&store, None).await];
    let upstreams = in_turns(&[&replicas[0], &replicas[1]]);
    let front = Instance::start_light(&store, path(&upstreams)).await;
    let traffic = Traffic::through(&front, SOME);
    for (index, replica) in replicas.iter_mut().enumerate() {
        until("it gets calls", || async { replica.calls().await > 10 }).await;
        replica.stop().await;
        replica.start_again().await;
        let healthy = || async { front.replica("dynamodb", index + 1).await["health"] == "healthy" };
        until("it is healthy again", healthy).await;
        until("it gets calls again", || async { replica.calls().await > 10 }).await;
    }
    traffic.end(&store).await;
}

#[tokio::test]
async fn an_instance_that_is_drained_at_itself_is_left_out_by_the_others() {
    let store = store().await;
    let second = Instance::start(&store, None).await;
    let upstreams = in_turns(&[&second]);
    let first = Instance::start(&store, path(&upstreams)).await;
    let id = second.replica("dynamodb", 0).await["id"].as_str().expect("an id").to_owned();
    let (http, address) = second.door();
    let drained = http.post(format!("{address}/api/fleet/dynamodb/drain?replica={id}")).send().await;
    assert_eq!(drained.expect("an answer").status().as_u16(), 200);
    until("the first knows", || async { first.replica("dynamodb", 1).await["health"] == "drained" }).await;
    let before = second.calls().await;
    for _ in 0..4 {
        let answer = first.tool("query_artist_data", None, &json!({ "artistId": "art_1" })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(second.calls().await, before);
}

#[tokio::test]
async fn both_doors_record_a_call_that_is_passed_on() {
    let store = store().await;
    let mut second = Instance::start(&store, None).await;
    let upstreams = in_turns(&[&second]);
    let mut first = Instance::start(&store, path(&upstreams)).await;
    for _ in 0..4 {
        let answer = first.tool("query_artist_data", None, &json!({ "artistId": "art_1" })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let wrong = first.tool("query_artist_data", None, &json!({ "artistId": "art_9" })).await;
    let again = first.tool("query_artist_data", None, &json!({ "artistId": "art_9" })).await;
    assert_eq!((wrong.status, again.status), (404, 404), "{}", wrong.body);
    assert_eq!(wrong.body["error"]["message"], again.body["error"]["message"]);
    first.stop().await;
    second.stop().await;
    let records = store.audit_records().await;
    let calls: Vec<_> = records.iter().filter(|one| one["operation"] == "query_artist_data").collect();
    let passed: Vec<_> = calls.iter().filter(|one| !one["passedOn"].is_null()).collect();
    assert_eq!((calls.len(), passed.len()), (9, 3), "{calls:?}");
    for record in passed {
        let source = record["passedOn"].as_str().unwrap_or_default();
        let at_the_door = |one: &&&Value| source.ends_with(one["requestId"].as_str().unwrap_or("?"));
        let front = calls.iter().find(at_the_door).expect("the door's own record");
        assert_eq!((&front["principal"], &front["channel"]), (&record["principal"], &json!("rest")));
        assert_eq!(record["channel"], "mcp");
    }
}

#[tokio::test]
async fn without_load_balancing_the_others_stand_by() {
    let store = store().await;
    let second = Instance::start(&store, None).await;
    let upstreams = in_turns(&[&second]);
    let patchline = store
        .restart_with(&[
            ("MCP_ENABLE_LOAD_BALANCING", "false"),
            ("MCP_UPSTREAMS", path(&upstreams).expect("a path")),
        ])
        .await;
    for _ in 0..6 {
        patchline.result_of("query_artist_data", json!({ "artistId": "art_1" })).await;
    }
    assert_eq!(second.calls().await, 0);
    let fleet = patchline.get("/api/fleet").await.json();
    let servers = fleet["servers"].as_array().cloned().unwrap_or_default();
    let catalogue = servers.into_iter().find(|one| one["id"] == "dynamodb").expect("the server");
    assert_eq!(catalogue["strategy"], "the first that is healthy");
    assert_eq!(catalogue["replicas"].as_array().map(Vec::len), Some(2));
}
