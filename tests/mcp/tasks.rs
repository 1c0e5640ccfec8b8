//! Calls that go on as tasks: kept, told of to their owner only, answered, stopped, and never eternal.

use super::progress::Endless;
use crate::support::{Patchline, artist, eventually};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

const KEY: &str = "a-key-for-this-test-only";

/// The requests of a client of the newer era that knows tasks and has a person to ask.
fn request(method: &str, name: &str, mut params: Value) -> Request<Body> {
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2026-07-28");
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] =
        json!({ "elicitation": {}, "extensions": { "io.modelcontextprotocol/tasks": {} } });
    raw(method, name, &params)
}

fn raw(method: &str, name: &str, params: &Value) -> Request<Body> {
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    Request::post("/mcp")
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
        .header("mcp-name", name)
        .body(Body::from(message.to_string()))
        .expect("a request")
}

/// A call that is to become a task whatever it is.
fn at_once(tool: &str, arguments: Value) -> Request<Body> {
    request(
        "tools/call",
        tool,
        json!({ "name": tool, "arguments": arguments, "_meta": { "patchline/task": true } }),
    )
}

async fn begun(patchline: &Patchline, tool: &str, arguments: Value) -> String {
    let answer = patchline.send(at_once(tool, arguments)).await.json();
    let result = &answer["result"];
    assert_eq!((&result["resultType"], &result["status"]), (&json!("task"), &json!("working")), "{answer}");
    result["taskId"].as_str().expect("an id").to_owned()
}

async fn get(patchline: &Patchline, id: &str) -> Value {
    patchline.send(request("tasks/get", id, json!({ "taskId": id }))).await.json()
}

/// The task as soon as it has a status.
async fn with_status(patchline: &Patchline, id: &str, status: &str) -> Value {
    eventually(status, || async { get(patchline, id).await["result"]["status"] == status }).await;
    get(patchline, id).await["result"].clone()
}

async fn two_miras() -> Patchline {
    let patchline = Patchline::with(&[("PATCHLINE_BOOTSTRAP_KEY", KEY)]).await;
    patchline.put_artist_and_release().await;
    patchline.put("artists", artist("art_2", "Mïra")).await;
    patchline
}

#[tokio::test]
async fn a_call_becomes_a_task_that_ends_with_its_result_and_outlives_the_process() {
    let patchline = two_miras().await;
    let id = begun(&patchline, "query_artist_data", json!({ "artistId": "art_1" })).await;
    let task = with_status(&patchline, &id, "completed").await;
    assert_eq!(task["result"]["structuredContent"]["rows"][0]["name"], "Mira", "{task}");
    assert_eq!((&task["ttlMs"], &task["resultType"]), (&json!(86_400_000), &json!("complete")));
    let wrong = begun(&patchline, "query_artist_data", json!({ "artistId": "art_9" })).await;
    let failed = with_status(&patchline, &wrong, "completed").await;
    assert_eq!(failed["result"]["isError"], true, "what a tool says is a result: {failed}");
    let patchline = patchline.restart().await;
    assert_eq!(get(&patchline, &id).await["result"], task);
}

#[tokio::test]
async fn who_does_not_know_tasks_gets_none() {
    let patchline = two_miras().await;
    let plain = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "patchline/task": true,
    });
    let params = json!({ "name": "query_artist_data", "arguments": { "artistId": "art_1" }, "_meta": plain });
    let answer = patchline.send(raw("tools/call", "query_artist_data", &params)).await.json();
    assert_eq!(answer["result"]["resultType"], "complete", "{answer}");
    let params = json!({ "taskId": "task_1", "_meta": plain });
    let answer = patchline.send(raw("tasks/get", "task_1", &params)).await.json();
    assert_eq!(answer["error"]["code"], -32_021, "{answer}");
}

#[tokio::test]
async fn only_its_owner_sees_a_task_and_can_do_anything_with_it() {
    let patchline = two_miras().await;
    let id = begun(&patchline, "query_artist_data", json!({ "name": "mira" })).await;
    with_status(&patchline, &id, "input_required").await;
    for (method, more) in [
        ("tasks/get", json!({})),
        ("tasks/cancel", json!({})),
        ("tasks/update", json!({ "inputResponses": { "choice": { "action": "decline" } } })),
    ] {
        let mut params = more;
        params["taskId"] = json!(id);
        let mut other = request(method, &id, params);
        let key = format!("Bearer {KEY}").parse().expect("a header");
        other.headers_mut().insert("authorization", key);
        let answer = patchline.send(other).await.json();
        assert_eq!(answer["error"]["code"], -32_602, "{method}: {answer}");
    }
    assert_eq!(get(&patchline, &id).await["result"]["status"], "input_required");
    let misnamed = patchline.send(request("tasks/get", "task_other", json!({ "taskId": id }))).await.json();
    assert_eq!(misnamed["error"]["code"], -32_020, "{misnamed}");
}

#[tokio::test]
async fn a_task_asks_and_goes_on_with_the_answer() {
    let patchline = two_miras().await;
    let id = begun(&patchline, "query_artist_data", json!({ "name": "mira" })).await;
    let asking = with_status(&patchline, &id, "input_required").await;
    let question = &asking["inputRequests"]["choice"];
    assert_eq!(question["method"], "elicitation/create", "{asking}");
    let answer =
        |responses: Value| request("tasks/update", &id, json!({ "taskId": id, "inputResponses": responses }));
    let unasked = patchline.send(answer(json!({ "other": { "action": "accept" } }))).await.json();
    assert_eq!(unasked["result"]["resultType"], "complete", "{unasked}");
    assert_eq!(get(&patchline, &id).await["result"]["status"], "input_required");
    let chosen = json!({ "choice": { "action": "accept", "content": { "artistId": "art_2" } } });
    patchline.send(answer(chosen)).await;
    let done = with_status(&patchline, &id, "completed").await;
    assert_eq!(done["result"]["structuredContent"]["rows"][0]["artistId"], "art_2", "{done}");
}

#[tokio::test]
async fn a_task_whose_process_ends_is_told_as_interrupted() {
    let patchline = two_miras().await;
    let id = begun(&patchline, "query_artist_data", json!({ "name": "mira" })).await;
    with_status(&patchline, &id, "input_required").await;
    let patchline = patchline.restart().await;
    let task = get(&patchline, &id).await["result"].clone();
    assert_eq!(task["status"], "failed", "{task}");
    let message = task["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("was interrupted"), "{task}");
}

#[tokio::test]
async fn a_call_that_takes_long_becomes_a_task_by_itself_and_stops_when_its_owner_wants_that() {
    let endless = Endless::start().await;
    let arguments = json!({ "query": "stats count(*)" });
    let call = json!({ "name": "query_performance_logs", "arguments": arguments });
    let answer = endless.send(request("tools/call", "query_performance_logs", call)).await;
    assert_eq!(answer["result"]["resultType"], "task", "{answer}");
    let id = answer["result"]["taskId"].as_str().expect("an id").to_owned();
    endless.cloudwatch.asked_for_results().await;
    let status = async || {
        let answer = endless.send(request("tasks/get", &id, json!({ "taskId": id }))).await;
        answer["result"]["status"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(status().await, "working");
    let taken = endless.send(request("tasks/cancel", &id, json!({ "taskId": id }))).await;
    assert_eq!(taken["result"]["resultType"], "complete", "{taken}");
    endless.cloudwatch.asked_to_stop().await;
    eventually("it is cancelled", || async { status().await == "cancelled" }).await;
}
