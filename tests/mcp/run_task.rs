//! `run_task` as a task of the protocol: whoever has begun it may go away, and finds what it came to when they come
//! back.

use super::progress::send;
use super::tasks::{at_once, get, request, with_status};
use crate::policy::from_here;
use crate::support::gate::{Gate, lists_files};
use crate::support::{Patchline, Served, eventually, router};
use patchline::engine::gateway::Principal;
use patchline::model::task::{TaskQuery, TaskState};
use serde_json::json;

/// A Patchline whose tasks come to a closed gate when they list files, and where its clients connect.
async fn gated() -> (Patchline, Gate, Served) {
    let patchline = Patchline::start().await;
    patchline.put_sound("artists/art_1/a.wav").await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    let served = Served::of(router(engine)).await;
    (patchline, gate, served)
}

/// Has a task begun whose first step is held up, over a connection that ends with the answer.
async fn begun(served: &Served, gate: &Gate) -> String {
    let answer = send(served, at_once("run_task", json!({ "task": "Check the newest upload" }))).await;
    let result = &answer["result"];
    assert_eq!((&result["resultType"], &result["status"]), (&json!("task"), &json!("working")), "{answer}");
    gate.has_under_way(1).await;
    result["taskId"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_client_that_goes_away_finds_the_answer_of_its_task_when_it_comes_back() {
    let (patchline, gate, served) = gated().await;
    let id = begun(&served, &gate).await;
    let own = send(&served, request("tasks/get", &id, json!({ "taskId": id }))).await;
    assert_eq!(own["result"]["status"], "working", "{own}");

    gate.open();
    // It comes back at another instance.
    let ended = with_status(&patchline, &id, "completed").await;
    let told = &ended["result"]["structuredContent"];
    assert_eq!((&ended["result"]["isError"], &told["state"]), (&json!(false), &json!("done")), "{ended}");
    assert!(told["answer"].as_str().is_some_and(|answer| !answer.is_empty()), "{ended}");
    let task = told["id"].as_str().expect("an id");
    assert!(told["page"].as_str().is_some_and(|page| page.ends_with(&format!("/tasks/{task}"))), "{ended}");
    let kept = patchline.get(&format!("/api/tasks/{task}")).await.json();
    assert_eq!(kept["state"], "done", "programs and people see the same: {kept}");
    assert_eq!(get(&patchline, &id).await["result"], ended, "it is told again as often as it is asked for");
}

#[tokio::test]
async fn a_client_that_takes_its_task_back_has_its_steps_stopped() {
    let (patchline, gate, served) = gated().await;
    let id = begun(&served, &gate).await;
    let taken = send(&served, request("tasks/cancel", &id, json!({ "taskId": id }))).await;
    assert_eq!(taken["result"]["resultType"], "complete", "{taken}");
    // Nobody has let the step through.
    gate.has_under_way(0).await;
    with_status(&patchline, &id, "cancelled").await;
    let supervisor = &patchline.engine.supervisor;
    let has_stopped = || async {
        let listed = supervisor.list(&Principal::bootstrap_key(), &from_here(), TaskQuery::default()).await;
        let states: Vec<_> = listed.expect("a list").tasks.iter().map(|row| row.state).collect();
        states == [TaskState::Cancelled]
    };
    eventually("the task is cancelled, too", has_stopped).await;
}
