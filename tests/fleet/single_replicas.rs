//! Single replicas: drained and enabled by an admin, told how far a call is, and known when they are this
//! very instance.

use super::loops::{in_turns_with, passed_on_to};
use crate::support::{Answer, Patchline, Served, free_port, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// Two instances; the first one's server has the second as a replica.
struct Pair {
    first: Patchline,
    second: Patchline,
    at: Served,
    _file: NamedTempFile,
}

impl Pair {
    async fn of(server: &str) -> Self {
        let second = Patchline::start().await;
        second.put_artist_and_release().await;
        let at = second.listen().await;
        let file = in_turns_with(server, &at.url());
        let first = Patchline::with(&[("MCP_UPSTREAMS", file.path().to_str().expect("a path"))]).await;
        first.put_artist_and_release().await;
        Self { first, second, at, _file: file }
    }

    fn replica(&self) -> String {
        self.at.url().trim_start_matches("http://").to_owned()
    }

    async fn read(&self, times: u32) {
        for _ in 0..times {
            self.first.result_of("query_artist_data", json!({ "artistId": "art_1" })).await;
        }
    }
}

async fn post(patchline: &Patchline, path: &str) -> Answer {
    patchline.send(Request::post(path).body(Body::empty()).expect("a request")).await
}

async fn replica(patchline: &Patchline, server: &str, index: usize) -> Value {
    patchline.get(&format!("/api/fleet/{server}")).await.json()["servers"][0]["replicas"][index].clone()
}

#[tokio::test]
async fn a_drained_replica_gets_no_calls_until_it_is_enabled() {
    let pair = Pair::of("dynamodb").await;
    let name = pair.replica();
    let drained = post(&pair.first, &format!("/api/fleet/dynamodb/drain?replica={name}")).await;
    assert_eq!(drained.status, StatusCode::OK, "{}", drained.text());
    assert_eq!(drained.json()["drainedReplicas"]["dynamodb"][&name]["by"], "Bootstrap key");
    assert_eq!(replica(&pair.first, "dynamodb", 1).await["health"], "drained");
    pair.read(4).await;
    let page = pair.first.get("/health/dynamodb").await.text();
    assert!(page.contains(&format!("Enable {name}")) && page.contains("Drain this instance"), "{page}");

    let here = replica(&pair.first, "dynamodb", 0).await["id"].as_str().expect("an id").to_owned();
    let form = format!("server=dynamodb&change=drain&replica={here}&back=server");
    let button = Request::post("/health").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let pressed = pair.first.send(button.body(Body::from(form)).expect("a request")).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.text());
    let nowhere = pair.first.tool("query_artist_data", json!({ "artistId": "art_1" })).await;
    assert_eq!(nowhere.status, StatusCode::SERVICE_UNAVAILABLE, "{}", nowhere.text());
    assert!(nowhere.text().contains("all its replicas are drained"), "{}", nowhere.text());
    let seen = pair.first.get("/api/fleet").await.json();
    let servers = seen["servers"].as_array().cloned().unwrap_or_default();
    let drained = servers.iter().find(|one| one["id"] == "dynamodb").expect("the server");
    assert_eq!(
        (&drained["health"], &drained["reason"]),
        (&json!("drained"), &json!("All its replicas are drained."))
    );
    assert_eq!(seen["overall"]["words"], "dynamodb: drained");

    post(&pair.first, &format!("/api/fleet/dynamodb/enable?replica={name}")).await;
    pair.read(3).await;
    let unknown = post(&pair.first, "/api/fleet/dynamodb/drain?replica=nobody").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.text());
    assert_eq!(passed_on_to(&pair.second).await, 3, "only those after it was enabled");
}

async fn drain_itself(patchline: &Patchline, server: &str) {
    let here = replica(patchline, server, 0).await["id"].as_str().expect("an id").to_owned();
    let drained = post(patchline, &format!("/api/fleet/{server}/drain?replica={here}")).await;
    assert_eq!(drained.status, StatusCode::OK, "{}", drained.text());
}

#[tokio::test]
async fn an_instance_that_is_drained_leaves_to_others_what_they_can_do_and_says_so_of_the_rest() {
    let pair = Pair::of("s3").await;
    drain_itself(&pair.first, "s3").await;
    for _ in 0..3 {
        pair.first.result_of("list_audio_files", json!({})).await;
    }
    let upload = Request::put("/upload/audio?fileName=a.wav").body(Body::from(wav())).expect("a request");
    let refused = pair.first.send(upload).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.text().contains("This instance is drained for the server s3"), "{}", refused.text());
    assert!(refused.text().contains("send them to another instance"), "{}", refused.text());
    assert_eq!(passed_on_to(&pair.second).await, 3);
}

#[tokio::test]
async fn what_is_passed_on_to_an_instance_that_is_drained_is_done_where_it_came_from() {
    let pair = Pair::of("dynamodb").await;
    drain_itself(&pair.second, "dynamodb").await;
    pair.read(4).await;
    for version in 1..=4 {
        let change =
            json!({ "releaseId": "rel_1", "expectedVersion": version, "updateData": { "title": "New" } });
        pair.first.result_of("update_release_data", change).await;
    }
    let second = replica(&pair.first, "dynamodb", 1).await;
    assert_eq!(second["health"], "healthy", "being drained is no failure: {second}");
}

#[tokio::test]
async fn the_drain_of_a_process_that_has_ended_can_be_taken_back() {
    let patchline = Patchline::start().await;
    let ended = replica(&patchline, "dynamodb", 0).await["id"].as_str().expect("an id").to_owned();
    let drained = post(&patchline, &format!("/api/fleet/dynamodb/drain?replica={ended}")).await;
    assert_eq!(drained.status, StatusCode::OK, "{}", drained.text());
    let patchline = patchline.restart().await;
    assert_ne!(replica(&patchline, "dynamodb", 0).await["id"], ended);
    let enabled = post(&patchline, &format!("/api/fleet/dynamodb/enable?replica={ended}")).await;
    assert_eq!(enabled.status, StatusCode::OK, "{}", enabled.text());
    assert_eq!(enabled.json()["drainedReplicas"], json!({}));
}

#[tokio::test]
async fn the_caller_of_a_call_that_is_passed_on_hears_how_far_it_is() {
    let pair = Pair::of("cloudwatch").await;
    pair.first.engine.flush_telemetry().await;
    pair.second.engine.flush_telemetry().await;
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "progressToken": "mine",
    });
    let params = json!({ "name": "query_performance_logs", "arguments": { "query": "stats count(*)" }, "_meta": meta });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    for _ in 0..2 {
        let request = Request::post("/mcp")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", "tools/call")
            .header("mcp-name", "query_performance_logs");
        let told = pair.first.send(request.body(Body::from(message.to_string())).expect("a request")).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        assert!(told.text().contains("notifications/progress"), "{}", told.text());
        assert!(told.text().contains("\"progressToken\":\"mine\""), "{}", told.text());
    }
    assert_eq!(passed_on_to(&pair.second).await, 1, "one of the two was done there");
}

#[tokio::test]
async fn a_replica_at_the_address_of_this_very_instance_is_named_and_gets_no_calls() {
    let port = free_port().await;
    let url = format!("http://{}", port.local_addr().expect("an address"));
    let file = in_turns_with("dynamodb", &url);
    let patchline = Patchline::with(&[("MCP_UPSTREAMS", file.path().to_str().expect("a path"))]).await;
    patchline.put_artist_and_release().await;
    let _served = patchline.listen_on(port);
    patchline.engine.gateway.check_fleet().await;
    let itself = replica(&patchline, "dynamodb", 1).await;
    let reason = itself["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("is that of this very instance"), "{itself}");
    for _ in 0..4 {
        patchline.result_of("query_artist_data", json!({ "artistId": "art_1" })).await;
    }
    assert_eq!(passed_on_to(&patchline).await, 0);
}
