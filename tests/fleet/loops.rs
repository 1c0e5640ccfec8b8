//! Two instances that know each other as replicas: a call is passed on once, never back.

use crate::support::{Patchline, Served};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// An instance whose server `dynamodb` has another instance stand in for it, in turns.
async fn with_replica(address: &str) -> (Patchline, Served, NamedTempFile) {
    let file = in_turns_with("dynamodb", address);
    let patchline = Patchline::with(&[("MCP_UPSTREAMS", file.path().to_str().expect("a path"))]).await;
    patchline.put_artist_and_release().await;
    let served = patchline.listen().await;
    (patchline, served, file)
}

/// The file for a server whose calls this process and another instance take in turns.
pub(super) fn in_turns_with(server: &str, address: &str) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    let text = format!(
        "[[server]]\nname = \"{server}\"\nstrategy = \"round_robin\"\n\n\
         [[replica]]\nserver = \"{server}\"\nurl = \"{address}\"\n"
    );
    std::fs::write(file.path(), text).expect("it is written");
    file
}

fn call(mark: Option<Value>) -> Request<Body> {
    let mut meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    if let Some(mark) = mark {
        meta["patchline/passedOn"] = mark;
    }
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "query_artist_data", "arguments": { "artistId": "art_1" }, "_meta": meta },
    });
    Request::post("/mcp/dynamodb")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "query_artist_data")
        .body(Body::from(message.to_string()))
        .expect("a request")
}

fn mark() -> Value {
    json!({ "instance": "other", "requestId": "req_there", "principal": "ada", "name": "Ada", "role": "admin" })
}

pub(super) async fn passed_on_to(patchline: &Patchline) -> usize {
    let records = patchline.audit_records().await;
    records.iter().filter(|record| !record["passedOn"].is_null()).count()
}

#[tokio::test]
async fn what_was_passed_on_stays_where_it_is() {
    let (last, at, _file) = with_replica("http://127.0.0.1:9").await;
    let (first, _at, _other) = with_replica(&at.url()).await;
    for _ in 0..6 {
        let answer = first.send(call(Some(mark()))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(answer.json()["result"]["structuredContent"].is_object(), "{}", answer.text());
    }
    assert_eq!(passed_on_to(&last).await, 0, "nothing arrives at the next one");
    let records = first.audit_records().await;
    let recorded = records.iter().filter(|record| record["principal"] == "ada").count();
    assert_eq!(recorded, 6, "the caller is known by the name that the other instance told");
    assert!(records.iter().any(|record| record["passedOn"] == "other/req_there"));
}

#[tokio::test]
async fn a_call_without_a_mark_is_passed_on_and_a_mark_from_far_away_does_not_count() {
    let (last, at, _file) = with_replica("http://127.0.0.1:9").await;
    let (first, _at, _other) = with_replica(&at.url()).await;
    for _ in 0..2 {
        assert_eq!(first.send(call(None)).await.status, StatusCode::OK);
    }
    let mut far = call(Some(mark()));
    let elsewhere = std::net::SocketAddr::from(([10, 1, 2, 3], 50_000));
    far.extensions_mut().insert(axum::extract::ConnectInfo(elsewhere));
    assert_eq!(first.send(far).await.status, StatusCode::OK);
    assert_eq!(passed_on_to(&last).await, 1);
    let records = first.audit_records().await;
    assert!(records.iter().all(|record| record["principal"] != "ada"), "nobody can call as somebody else");
}

#[tokio::test]
async fn a_mark_that_cannot_be_read_is_refused() {
    let (first, _at, _file) = with_replica("http://127.0.0.1:9").await;
    let answer = first.send(call(Some(json!({ "instance": 1 })))).await;
    let result = answer.json()["result"].clone();
    assert_eq!(result["isError"], true, "{}", answer.text());
    assert!(answer.text().contains("cannot be read"), "{}", answer.text());
}
