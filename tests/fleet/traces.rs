//! What is done for a client of MCP is part of the client's trace, also at another instance.

use super::instance::Instance;
use super::replicas::{file, in_turns, path, store, until};
use super::stranger::Stranger;
use super::tasks::{ask, status};
use crate::support::artist;
use crate::support::collector::{Collector, Taken};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

const SERVER: i32 = 2;
const CLIENT: i32 = 3;

/// Sends spans of a call soon, or only when the program ends.
const SOON: (&str, &str) = ("OTEL_BSP_SCHEDULE_DELAY", "50");
const AT_THE_END: (&str, &str) = ("OTEL_BSP_SCHEDULE_DELAY", "600000");

/// What a client of the newer era sends to call a tool within a trace.
fn message(id: &str, tool: &str, arguments: &Value) -> Value {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "traceparent": format!("00-{TRACE}-{CALLER}-01"),
        "tracestate": "studio=7",
    });
    let params = json!({ "name": tool, "arguments": arguments, "_meta": meta });
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
}

async fn call(instance: &Instance, tool: &str, arguments: Value) -> Value {
    call_as(instance, "call-1", tool, arguments).await
}

async fn call_as(instance: &Instance, id: &str, tool: &str, arguments: Value) -> Value {
    let (http, address) = instance.door();
    let request = http
        .post(format!("{address}/mcp"))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", tool)
        .json(&message(id, tool, &arguments));
    request.send().await.expect("an answer").json().await.expect("JSON")
}

async fn read(instance: &Instance, artist: &str) -> Value {
    call(instance, "query_artist_data", json!({ "artistId": artist })).await
}

fn attribute<'a>(span: &'a Taken, name: &str) -> &'a str {
    span.attributes.get(name).map_or("", String::as_str)
}

#[tokio::test]
async fn a_call_is_part_of_its_callers_trace_through_both_instances() {
    let collector = Collector::start().await;
    let url = collector.url();
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), SOON];
    let store = store().await;
    let second = Instance::start_with(&store, None, &settings).await;
    let upstreams = in_turns(&[&second]);
    let first = Instance::start_with(&store, path(&upstreams), &settings).await;
    for _ in 0..2 {
        let answer = read(&first, "art_1").await;
        assert_eq!(answer["result"]["structuredContent"]["rows"][0]["name"], "Mira", "{answer}");
    }
    until("all four spans are there", || async { collector.of_trace(TRACE).len() >= 4 }).await;
    let spans = collector.of_trace(TRACE);
    assert_eq!(spans.len(), 4, "{spans:#?}");
    assert!(spans.iter().all(|span| span.name == "tools/call query_artist_data" && !span.is_error));
    assert!(spans.iter().all(|span| span.resource["service.name"] == "patchline"));

    let at_the_door: Vec<_> = spans.iter().filter(|span| span.parent == CALLER).collect();
    assert_eq!(at_the_door.len(), 2, "{spans:#?}");
    for span in &at_the_door {
        assert_eq!((span.kind, span.state.as_str()), (SERVER, "studio=7"));
        let said = |name| attribute(span, name);
        assert_eq!(said("mcp.method.name"), "tools/call");
        assert_eq!(said("mcp.protocol.version"), "2026-07-28");
        assert_eq!(said("jsonrpc.request.id"), "call-1");
        assert_eq!(said("gen_ai.tool.name"), "query_artist_data");
        assert_eq!(said("gen_ai.operation.name"), "execute_tool");
        assert_eq!((said("network.transport"), said("network.protocol.name")), ("tcp", "http"));
        assert_eq!(said("client.address"), "127.0.0.1");
        assert!(said("patchline.request.id").starts_with("req_"), "{span:?}");
    }
    let passed_on = spans.iter().find(|span| span.kind == CLIENT).expect("the call of the second instance");
    assert!(at_the_door.iter().any(|span| span.id == passed_on.parent), "{spans:#?}");
    assert_eq!(attribute(passed_on, "server.address"), "127.0.0.1");
    assert!(second.address().ends_with(attribute(passed_on, "server.port")), "{passed_on:?}");
    let arrived = spans.iter().find(|span| span.parent == passed_on.id).expect("its arrival there");
    assert_eq!((arrived.kind, arrived.state.as_str()), (SERVER, "studio=7"));
    assert_ne!(arrived.resource["service.instance.id"], passed_on.resource["service.instance.id"]);
}

#[tokio::test]
async fn what_failed_says_how_and_the_last_spans_are_sent_before_the_end() {
    let collector = Collector::start().await;
    let url = collector.url();
    let store = store().await;
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), AT_THE_END];
    let mut instance = Instance::start_with(&store, None, &settings).await;
    read(&instance, "art_9").await;
    call(&instance, "no_such_tool", json!({})).await;
    assert!(collector.of_trace(TRACE).is_empty(), "they wait for the end");
    instance.stop().await;
    let spans = collector.of_trace(TRACE);
    let failed: Vec<_> = spans.iter().map(|span| (span.is_error, attribute(span, "error.type"))).collect();
    assert_eq!(failed, [(true, "tool_error"), (true, "-32602")], "{spans:#?}");
    assert_eq!(attribute(&spans[1], "rpc.response.status_code"), "-32602");
    assert!(spans.iter().all(|span| span.message.is_empty()), "words may quote arguments: {spans:#?}");
}

#[tokio::test]
async fn what_clients_write_into_spans_is_short_and_names_only_what_there_is() {
    let collector = Collector::start().await;
    let url = collector.url();
    let store = store().await;
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), SOON];
    let instance = Instance::start_with(&store, None, &settings).await;
    call_as(&instance, &"ü".repeat(100_000), "no_such_tool", json!({})).await;
    until("the span is there", || async { !collector.of_trace(TRACE).is_empty() }).await;
    let span = collector.of_trace(TRACE).remove(0);
    assert_eq!((span.name.as_str(), attribute(&span, "gen_ai.tool.name")), ("tools/call", ""));
    assert_eq!(attribute(&span, "jsonrpc.request.id"), "ü".repeat(128));
}

#[tokio::test]
async fn the_trace_of_somebody_who_is_not_believed_is_only_pointed_to() {
    let collector = Collector::start().await;
    let url = collector.url().parse().expect("an address");
    let spans = patchline::engine::telemetry::start(false, Some(&url));
    let patchline = store().await;
    let message = message("call-1", "query_artist_data", &json!({ "artistId": "art_1" }));
    let mut request = Request::post("/mcp")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "query_artist_data")
        .body(Body::from(message.to_string()))
        .expect("a request");
    // Neither on this machine nor with a key.
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 1, 2, 3], 50_000))));
    let answer = patchline.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    spans.close().await;
    assert!(collector.of_trace(TRACE).is_empty(), "nobody puts spans into a trace of others");
    let pointing = collector.linked_to(TRACE);
    assert_eq!(pointing.len(), 1, "{pointing:#?}");
    assert_eq!((pointing[0].parent.as_str(), pointing[0].state.as_str()), ("", ""));
    assert_eq!(pointing[0].name, "tools/call query_artist_data");
}

/// Approves the one tool of a third party, once it has been listed.
async fn approve(instance: &Instance) {
    let (http, address) = instance.door();
    let review = || async {
        let answer = http.get(format!("{address}/api/fleet/tickets")).send().await.expect("an answer");
        let fleet: Value = answer.json().await.expect("JSON");
        fleet["servers"][0]["reviews"][0].clone()
    };
    until("it waits for approval", || async { review().await["sha256"].is_string() }).await;
    let seen = json!({ "tool": "list_shows", "sha256": review().await["sha256"] });
    let approved = http.post(format!("{address}/api/fleet/tickets/approve")).json(&seen).send().await;
    assert_eq!(approved.expect("an answer").status().as_u16(), 200);
}

#[tokio::test]
async fn a_third_party_is_told_the_trace_but_not_the_state_of_those_before() {
    let collector = Collector::start().await;
    let stranger = Stranger::modern();
    let (url, served) = (collector.url(), stranger.serve().await);
    let upstreams = file(&format!("[[upstream]]\nprefix = \"tickets\"\nurl = \"{}/mcp\"\n", served.url()));
    let store = store().await;
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), SOON];
    let instance = Instance::start_with(&store, path(&upstreams), &settings).await;
    approve(&instance).await;
    let answer = call(&instance, "tickets_list_shows", json!({ "city": "Oslo" })).await;
    assert_eq!(answer["result"]["structuredContent"]["shows"][0], "Mira in Oslo", "{answer}");
    let meta = stranger.meta();
    let parent = meta["traceparent"].as_str().unwrap_or_default();
    assert!(parent.starts_with(&format!("00-{TRACE}-")), "{meta}");
    assert_eq!(meta["tracestate"], Value::Null, "{meta}");
}

#[tokio::test]
async fn the_span_of_a_request_ends_with_its_answer_though_its_call_goes_on_as_a_task() {
    let collector = Collector::start().await;
    let url = collector.url();
    let store = store().await;
    store.put("artists", artist("art_2", "Mïra")).await;
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), SOON];
    let instance = Instance::start_with(&store, None, &settings).await;
    let meta = json!({ "patchline/task": true, "traceparent": format!("00-{TRACE}-{CALLER}-01") });
    let call = json!({ "name": "query_artist_data", "arguments": { "name": "mira" }, "_meta": meta });
    let begun = ask(&instance, "tools/call", "query_artist_data", call).await;
    let id = begun["taskId"].as_str().expect("a task").to_owned();
    until("it asks", || async { status(&instance, &id).await["status"] == "input_required" }).await;
    until("the span of the request is there", || async { !collector.of_trace(TRACE).is_empty() }).await;
    let declined = json!({ "taskId": id, "inputResponses": { "choice": { "action": "decline" } } });
    ask(&instance, "tasks/update", &id, declined).await;
    until("the span of the call is there", || async { collector.of_trace(TRACE).len() >= 2 }).await;
    let spans = collector.of_trace(TRACE);
    let (request, others): (Vec<_>, Vec<_>) = spans.iter().partition(|span| span.kind == SERVER);
    assert_eq!((request.len(), others.len()), (1, 1), "{spans:#?}");
    assert!(!request[0].is_error && others[0].is_error, "{spans:#?}");
    assert_eq!((&others[0].parent, attribute(others[0], "error.type")), (&request[0].id, "tool_error"));
}

#[tokio::test]
async fn a_collector_that_is_away_or_never_answers_changes_nothing() {
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let hangs = format!("http://{}", silent.local_addr().expect("an address"));
    let store = store().await;
    for collector in ["http://127.0.0.1:9", &hangs] {
        let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector), SOON];
        let mut instance = Instance::start_with(&store, None, &settings).await;
        for _ in 0..20 {
            let answer = read(&instance, "art_1").await;
            assert_eq!(answer["result"]["structuredContent"]["rows"][0]["name"], "Mira", "{answer}");
        }
        instance.stop().await;
    }
}
