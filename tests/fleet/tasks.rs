//! Tasks belong to no instance: another one tells of them, takes their answers, and tells when theirs died.

use super::instance::Instance;
use super::replicas::{store, until};
use crate::support::artist;
use serde_json::{Value, json};

pub(super) async fn ask(instance: &Instance, method: &str, name: &str, mut params: Value) -> Value {
    let (http, address) = instance.door();
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2026-07-28");
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] =
        json!({ "elicitation": {}, "extensions": { "io.modelcontextprotocol/tasks": {} } });
    let request = http
        .post(format!("{address}/mcp"))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
        .header("mcp-name", name)
        .json(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
    let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert!(answer["error"].is_null(), "{method}: {answer}");
    answer["result"].clone()
}

/// Begins a task that asks which of two artists is meant.
async fn asking(instance: &Instance) -> String {
    let arguments = json!({ "name": "mira" });
    let params =
        json!({ "name": "query_artist_data", "arguments": arguments, "_meta": { "patchline/task": true } });
    let begun = ask(instance, "tools/call", "query_artist_data", params).await;
    let id = begun["taskId"].as_str().expect("a task").to_owned();
    until("it asks", || async { status(instance, &id).await["status"] == "input_required" }).await;
    id
}

pub(super) async fn status(instance: &Instance, id: &str) -> Value {
    ask(instance, "tasks/get", id, json!({ "taskId": id })).await
}

#[tokio::test]
async fn another_instance_takes_the_answer_and_tells_of_the_result() {
    let store = store().await;
    store.put("artists", artist("art_2", "Mïra")).await;
    let first = Instance::start(&store, None).await;
    let second = Instance::start(&store, None).await;
    let id = asking(&first).await;
    let chosen = json!({ "choice": { "action": "accept", "content": { "artistId": "art_2" } } });
    ask(&second, "tasks/update", &id, json!({ "taskId": id, "inputResponses": chosen })).await;
    until("it is done", || async { status(&second, &id).await["status"] == "completed" }).await;
    let done = status(&second, &id).await;
    assert_eq!(done["result"]["structuredContent"]["rows"][0]["artistId"], "art_2", "{done}");
}

#[tokio::test]
async fn a_task_of_a_killed_instance_is_not_being_done_for_ever() {
    let store = store().await;
    store.put("artists", artist("art_2", "Mïra")).await;
    let mut first = Instance::start(&store, None).await;
    let second = Instance::start(&store, None).await;
    let id = asking(&first).await;
    first.kill();
    until("it has ended", || async { status(&second, &id).await["status"] == "failed" }).await;
    let task = status(&second, &id).await;
    let message = task["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("was interrupted"), "{task}");
}
