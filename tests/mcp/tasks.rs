//! Calls that go on as tasks: kept, told of to their owner only, answered, stopped, and never eternal.

use super::progress::{self, Endless};
use crate::support::{INSTANCE_KEY, Patchline, Served, Switch, artist, base64, eventually, router};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{Channel, Origin, Principal, Role};
use patchline::engine::long_calls::LongCalls;
use patchline::model::identifier::ArtistId;
use patchline::model::key::KeyRequest;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// The requests of a client of the newer era that knows tasks and has a person to ask.
pub(super) fn request(method: &str, name: &str, mut params: Value) -> Request<Body> {
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
pub(super) fn at_once(tool: &str, arguments: Value) -> Request<Body> {
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

pub(super) async fn get(patchline: &Patchline, id: &str) -> Value {
    patchline.send(request("tasks/get", id, json!({ "taskId": id }))).await.json()
}

/// The task as soon as it has a status.
pub(super) async fn with_status(patchline: &Patchline, id: &str, status: &str) -> Value {
    eventually(status, || async { get(patchline, id).await["result"]["status"] == status }).await;
    get(patchline, id).await["result"].clone()
}

/// Changes the only task that is kept, behind Patchline's back.
async fn rewrite(patchline: &Patchline, fields: &[(&str, AttributeValue)]) {
    let store = &patchline.clients.dynamodb;
    let kept = store.scan().table_name("patchline-long-calls").send().await.expect("a scan");
    let mut item = kept.items().first().expect("the task").clone();
    item.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let put = store.put_item().table_name("patchline-long-calls").set_item(Some(item));
    put.send().await.expect("it is put");
}

async fn two_miras() -> Patchline {
    let patchline = Patchline::start().await;
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
        let key = format!("Bearer {INSTANCE_KEY}").parse().expect("a header");
        other.headers_mut().insert("authorization", key);
        let answer = patchline.send(other).await.json();
        assert!(answer["error"]["code"].is_i64() && answer["result"].is_null(), "{method}: {answer}");
    }
    assert_eq!(get(&patchline, &id).await["result"]["status"], "input_required");
    let misnamed = patchline.send(request("tasks/get", "task_other", json!({ "taskId": id }))).await.json();
    assert_eq!(misnamed["error"]["code"], -32_020, "{misnamed}");
    let encoded = format!("=?base64?{}?=", base64(id.as_bytes()));
    let named = patchline.send(request("tasks/get", &encoded, json!({ "taskId": id }))).await.json();
    assert_eq!(named["result"]["status"], "input_required", "{named}");
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
async fn a_task_goes_on_with_what_its_owner_may_when_they_answer() {
    let patchline = two_miras().await;
    let identity = &patchline.engine.identity;
    let user = identity.add("Mira", "mira@label.example", Role::Artist).await.expect("added");
    let both: [ArtistId; 2] = ["art_1", "art_2"].map(|id| id.parse().expect("an id"));
    let user = identity.set_artists(&user.id, both.clone()).await.expect("the artists are there");
    let owner = Principal::new(user.id.clone(), user.name, user.role);
    let wish = KeyRequest { name: "Studio".to_owned(), scope: "all".to_owned(), ..KeyRequest::default() };
    let made = patchline.engine.create_key(&owner, &Origin::new(Channel::Page, None), &wish).await;
    let key: HeaderValue = format!("Bearer {}", made.expect("a key").text).parse().expect("a header");
    let send = async |mut request: Request<Body>| {
        request.headers_mut().insert("authorization", key.clone());
        patchline.send(request).await.json()
    };
    let task =
        async |id: &str| send(request("tasks/get", id, json!({ "taskId": id }))).await["result"].clone();

    let begun = send(at_once("query_artist_data", json!({ "name": "mira" }))).await;
    let id = begun["result"]["taskId"].as_str().expect("an id").to_owned();
    eventually("it asks", || async { task(&id).await["status"] == "input_required" }).await;
    let [first, _] = both;
    identity.set_artists(&user.id, [first]).await.expect("the artist is there");
    let chosen = json!({ "choice": { "action": "accept", "content": { "artistId": "art_2" } } });
    send(request("tasks/update", &id, json!({ "taskId": id, "inputResponses": chosen }))).await;
    eventually("it ends", || async { task(&id).await["status"] == "completed" }).await;
    let ended = task(&id).await;
    assert_eq!(ended["result"]["isError"], true, "the artist is theirs no more: {ended}");
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

/// A log query that never ends, as a task.
async fn endless_read(endless: &Endless) -> String {
    let query = json!({ "query": "stats count(*)" });
    begun_at(endless, at_once("query_performance_logs", query)).await
}

async fn begun_at(endless: &Endless, call: Request<Body>) -> String {
    let answer = endless.send(call).await;
    answer["result"]["taskId"].as_str().unwrap_or_else(|| panic!("no task: {answer}")).to_owned()
}

async fn task_at(endless: &Endless, id: &str) -> Value {
    endless.send(request("tasks/get", id, json!({ "taskId": id }))).await["result"].clone()
}

async fn cancel(endless: &Endless, id: &str) {
    let taken = endless.send(request("tasks/cancel", id, json!({ "taskId": id }))).await;
    assert_eq!(taken["result"]["resultType"], "complete", "{taken}");
}

#[tokio::test]
async fn a_read_that_is_called_through_another_tool_stops_when_its_owner_wants_that() {
    let endless = Endless::start().await;
    let query = json!({ "query": "stats count(*)" });
    let call = at_once("call_tool", json!({ "name": "query_performance_logs", "arguments": query }));
    let id = begun_at(&endless, call).await;
    endless.cloudwatch.asked_for_results().await;
    cancel(&endless, &id).await;
    endless.cloudwatch.asked_to_stop().await;
}

#[tokio::test]
async fn a_change_is_made_to_its_end_though_its_owner_wants_to_stop_it() {
    // While the read has the only place, the change waits.
    let endless = Endless::with(&[("MAX_CONCURRENT_OPERATIONS", "1")]).await;
    endless.patchline.put_artist_and_release().await;
    let read = endless_read(&endless).await;
    endless.cloudwatch.asked_for_results().await;
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    let change = begun_at(&endless, at_once("update_release_data", change)).await;
    cancel(&endless, &change).await;
    assert_eq!(task_at(&endless, &change).await["status"], "working");
    // It takes no place to say so.
    cancel(&endless, &read).await;
    eventually("the read stops", || async { task_at(&endless, &read).await["status"] == "cancelled" }).await;
    eventually("the change is made", || async { task_at(&endless, &change).await["status"] == "completed" })
        .await;
    let made = task_at(&endless, &change).await;
    assert_eq!(made["result"]["structuredContent"]["rows"][0]["version"], 2, "{made}");
}

#[tokio::test]
async fn a_read_stops_when_another_instance_has_counted_it_as_interrupted() {
    let endless = Endless::start().await;
    let id = endless_read(&endless).await;
    endless.cloudwatch.asked_for_results().await;
    let interrupted = AttributeValue::S("interrupted".to_owned());
    let version = AttributeValue::N("1000".to_owned());
    rewrite(&endless.patchline, &[("state", interrupted), ("version", version)]).await;
    endless.cloudwatch.asked_to_stop().await;
    assert_eq!(task_at(&endless, &id).await["status"], "failed");
}

/// A Patchline that keeps its tasks over a way that can be closed.
async fn keeping_over(way: &Switch, patchline: &Patchline) -> Served {
    let mut aws = patchline.clients.clone();
    aws.dynamodb = way.dynamodb(&aws.dynamodb);
    let mut engine = patchline.engine.clone();
    engine.long_calls = LongCalls::new(Arc::new(Catalog::new(aws, &engine.config)));
    Served::of(router(engine)).await
}

#[tokio::test]
async fn what_a_task_asks_and_what_it_comes_to_is_kept_as_soon_as_the_store_is_back() {
    let patchline = two_miras().await;
    let way = Switch::new(&patchline);
    let served = keeping_over(&way, &patchline).await;
    way.close_for("\"asking\"");
    let begun = progress::send(&served, at_once("query_artist_data", json!({ "name": "mira" }))).await;
    let id = begun["result"]["taskId"].as_str().expect("an id").to_owned();
    way.asked_in_vain().await;
    assert_eq!(get(&patchline, &id).await["result"]["status"], "working");
    way.open();
    with_status(&patchline, &id, "input_required").await;

    way.close_for("\"done\"");
    let chosen = json!({ "choice": { "action": "accept", "content": { "artistId": "art_2" } } });
    let answer = request("tasks/update", &id, json!({ "taskId": id, "inputResponses": chosen }));
    progress::send(&served, answer).await;
    way.asked_in_vain().await;
    assert_eq!(get(&patchline, &id).await["result"]["status"], "working");
    way.open();
    let done = with_status(&patchline, &id, "completed").await;
    assert_eq!(done["result"]["structuredContent"]["rows"][0]["artistId"], "art_2", "{done}");
}

/// Until when the answer to a question is taken, in milliseconds since 1970: the state that comes back with
/// it begins with that.
fn end_of(state: &str) -> i64 {
    let body = state.split('.').nth(1).expect("a body");
    let body = URL_SAFE_NO_PAD.decode(body).expect("base64");
    i64::from_be_bytes(*body.first_chunk().expect("a time"))
}

#[tokio::test]
async fn a_question_that_may_become_one_of_a_task_can_be_answered_as_long_as_the_task_is_kept() {
    const MINUTE: i64 = 60_000;
    let patchline = two_miras().await;
    // However slow the machine, no call is a task before it has asked.
    let mut engine = patchline.engine.clone();
    engine.long_calls = engine.long_calls.clone().with_patience(Duration::from_hours(1));
    let served = Served::of(router(engine)).await;
    let knows_tasks = json!({ "io.modelcontextprotocol/tasks": {} });
    for (extensions, patience) in [(json!({}), 10 * MINUTE), (knows_tasks, 24 * 60 * MINUTE)] {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": { "elicitation": {}, "extensions": extensions },
        });
        let params = json!({ "name": "query_artist_data", "arguments": { "name": "mira" }, "_meta": meta });
        let before = Timestamp::now().as_millisecond();
        let answer = progress::send(&served, raw("tools/call", "query_artist_data", &params)).await;
        let after = Timestamp::now().as_millisecond();
        let end = end_of(answer["result"]["requestState"].as_str().expect("a state"));
        assert!((before + patience..=after + patience).contains(&end), "{end}: {answer}");
    }
}

#[tokio::test]
async fn a_task_that_has_expired_is_told_no_more_though_the_store_has_it_yet() {
    let patchline = two_miras().await;
    let id = begun(&patchline, "query_artist_data", json!({ "artistId": "art_1" })).await;
    with_status(&patchline, &id, "completed").await;
    let past = Timestamp::now().as_second() - 1;
    rewrite(&patchline, &[("expiresAt", AttributeValue::N(past.to_string()))]).await;
    let answer = get(&patchline, &id).await;
    let error = &answer["error"];
    assert_eq!(error["code"], -32_602, "{answer}");
    assert_eq!(error["message"], "There is no such task, or it is not yours, or it has expired.");
}

#[tokio::test]
async fn a_task_says_so_when_what_it_came_to_is_too_large_to_be_kept() {
    let patchline = two_miras().await;
    // Together more than an item of DynamoDB holds.
    for number in 10..40 {
        let mut long = artist(&format!("art_{number}"), &format!("Artist {number}"));
        long["biography"] = json!("Sings. ".repeat(2_000));
        patchline.put("artists", long).await;
    }
    let id = begun(&patchline, "query_artist_data", json!({ "limit": 40 })).await;
    let task = with_status(&patchline, &id, "completed").await;
    assert_eq!(task["result"]["isError"], true, "{task}");
    let said = task["result"]["content"][0]["text"].as_str().unwrap_or_default();
    assert!(said.contains("too large to be kept for a task"), "{said}");
}
