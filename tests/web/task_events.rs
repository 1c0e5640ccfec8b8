//! A page that follows a task and loses its connection: it comes back with the last event that it has heard, and is told
//! what is new since then.

use crate::supervisor::planted::{plant, step};
use crate::support::gate::{Gate, lists_files};
use crate::support::{KEY, Patchline, Served, eventually, router};
use axum::http::StatusCode;
use patchline::engine::gateway::Principal;
use serde_json::{Value, json};

/// An event: its id, and the task that it tells.
#[derive(Debug, Clone)]
struct Told {
    id: u32,
    task: Value,
}

impl Told {
    fn read(event: &str) -> Option<Self> {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let task = serde_json::from_str(field("data:")?).expect("JSON");
        Some(Self { id: field("id:")?.parse().expect("a revision"), task })
    }

    fn state_of(&self, step: usize) -> &Value {
        &self.task["steps"][step]["state"]
    }
}

/// A connection to the events of a task, and what has arrived of the next one.
struct Connection {
    answer: reqwest::Response,
    arrived: Vec<u8>,
}

impl Connection {
    async fn open(served: &Served, id: &str, last: Option<u32>) -> Self {
        let mut request = reqwest::Client::new().get(format!("{}/events/tasks/{id}", served.url()));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let answer = request.bearer_auth(KEY).send().await.expect("an answer");
        Self { answer, arrived: Vec::new() }
    }

    /// The next event; none once the stream has ended. What is only a sign of life is passed over.
    async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some(end) = self.arrived.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<_> = self.arrived.drain(..end + 2).collect();
                let told = Told::read(std::str::from_utf8(&event).expect("text"));
                if told.is_some() {
                    return told;
                }
            }
            let more = self.answer.chunk().await.expect("a piece of the stream")?;
            self.arrived.extend_from_slice(&more);
        }
    }

    /// The events up to the first at which something holds.
    async fn until(&mut self, holds: impl Fn(&Told) -> bool) -> Vec<Told> {
        let mut heard = Vec::new();
        loop {
            heard.push(self.next().await.expect("it has not ended"));
            if heard.last().is_some_and(&holds) {
                return heard;
            }
        }
    }

    async fn rest(mut self) -> Vec<Told> {
        let mut heard = Vec::new();
        while let Some(told) = self.next().await {
            heard.push(told);
        }
        heard
    }
}

#[tokio::test]
async fn whoever_comes_back_in_the_middle_of_a_run_is_told_what_was_missed_once_and_in_order() {
    let patchline = Patchline::start().await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    let served = Served::of(router(engine)).await;
    let list = |id: &str, after: &[&str]| step(id, "list_audio_files", &json!({}), after, "low");
    let steps = [list("s1", &[]), list("s2", &["s1"]), list("s3", &["s2"])];
    plant(&patchline, &Principal::bootstrap_key(), "01a", &steps).await;

    let mut first = Connection::open(&served, "01a", None).await;
    assert_eq!(first.answer.status(), StatusCode::OK);
    let before = first.until(|told| told.state_of(0) == "running").await;
    let newest = before.last().expect("an event").id;
    drop(first);

    // A step ends, and the next one begins, while nobody hears it.
    gate.has_under_way(1).await;
    gate.let_one_through();
    let seen = async || {
        let request = reqwest::Client::new().get(format!("{}/api/tasks/01a", served.url())).bearer_auth(KEY);
        request.send().await.expect("an answer").json::<Value>().await.expect("JSON")
    };
    eventually("the next step begins", || async { seen().await["steps"][1]["state"] == "running" }).await;

    let mut second = Connection::open(&served, "01a", Some(newest)).await;
    let missed = second.next().await.expect("what was missed");
    assert!(missed.id > newest, "{missed:?} after {newest}");
    assert_eq!((missed.state_of(0), missed.state_of(1)), (&json!("done"), &json!("running")));
    gate.open();
    let mut after = vec![missed];
    after.extend(second.rest().await);

    let ids: Vec<_> = before.iter().chain(&after).map(|told| told.id).collect();
    assert!(ids.is_sorted_by(|one, next| one < next), "each once, and in order: {ids:?}");
    let end = after.last().expect("an event");
    assert_eq!((&end.task["state"], &end.task["revision"]), (&json!("done"), &json!(end.id)));
    let again = Connection::open(&served, "01a", Some(end.id)).await;
    assert_eq!(again.answer.status(), StatusCode::NO_CONTENT, "there is nothing more to come back for");
}
