//! Requests that no client of the protocol would send.

use crate::support::{Answer, INSTANCE_KEY, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

async fn post(patchline: &Patchline, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::post("/mcp")
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    patchline.send(request.body(body.into()).expect("a request")).await
}

/// A request of the newer era.
fn modern(method: &str, params: Value) -> Value {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

const VERSION: (&str, &str) = ("mcp-protocol-version", "2026-07-28");

fn code(answer: &Answer) -> i64 {
    answer.error()["code"].as_i64().unwrap_or_default()
}

#[tokio::test]
async fn what_cannot_be_read_in_one_way_only_is_refused_and_on_record() {
    let patchline = Patchline::start().await;
    for (body, expected) in [
        ("{\"jsonrpc\": \"2.0\", ", -32700),
        ("not json", -32700),
        ("[]", -32600),
        (r#"{"id":1,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}"#, -32600),
    ] {
        let answer = post(&patchline, &[], body).await;
        assert_eq!(
            (answer.status, code(&answer)),
            (StatusCode::BAD_REQUEST, expected),
            "{body}: {}",
            answer.text()
        );
    }
    let records = patchline.audit_records().await;
    assert_eq!(records.len(), 9);
    assert!(records.iter().all(|record| record["channel"] == "mcp" && record["decision"] == "invalid"));
}

#[tokio::test]
async fn headers_that_disagree_with_the_body_are_refused() {
    let patchline = Patchline::start().await;
    let call = modern("tools/call", json!({ "name": "list_audio_files", "arguments": {} })).to_string();
    let right = [VERSION, ("mcp-method", "tools/call"), ("mcp-name", "list_audio_files")];
    let answer = post(&patchline, &right, call.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.json()["result"]["structuredContent"]["files"], json!([]));
    for wrong in [
        [VERSION, ("mcp-method", "tools/list"), ("mcp-name", "list_audio_files")],
        [VERSION, ("mcp-method", "tools/call"), ("mcp-name", "list_contracts")],
        [
            ("mcp-protocol-version", "2025-11-25"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "list_audio_files"),
        ],
    ] {
        let answer = post(&patchline, &wrong, call.clone()).await;
        assert_eq!(
            (answer.status, code(&answer)),
            (StatusCode::BAD_REQUEST, -32020),
            "{wrong:?} {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn an_unknown_revision_is_answered_with_those_that_are_known() {
    let patchline = Patchline::start().await;
    let mut list = modern("tools/list", json!({}));
    list["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2099-01-01");
    let headers = [("mcp-protocol-version", "2099-01-01"), ("mcp-method", "tools/list")];
    let answer = post(&patchline, &headers, list.to_string()).await;
    assert_eq!((answer.status, code(&answer)), (StatusCode::BAD_REQUEST, -32022), "{}", answer.text());
    let supported = answer.error()["data"]["supported"].to_string();
    assert!(supported.contains("2026-07-28") && supported.contains("2025-11-25"), "{supported}");
}

#[tokio::test]
async fn a_method_that_does_not_exist_is_told_from_wrong_parameters() {
    let patchline = Patchline::start().await;
    let unknown = modern("tools/dance", json!({})).to_string();
    let answer = post(&patchline, &[VERSION, ("mcp-method", "tools/dance")], unknown).await;
    assert_eq!((answer.status, code(&answer)), (StatusCode::NOT_FOUND, -32601), "{}", answer.text());
    let nameless = modern("resources/read", json!({ "url": "x" })).to_string();
    let answer = post(&patchline, &[VERSION, ("mcp-method", "resources/read")], nameless).await;
    assert!(matches!(code(&answer), -32602 | -32020), "{}", answer.text());
}

#[tokio::test]
async fn a_session_that_is_not_known_is_not_found() {
    let patchline = Patchline::start().await;
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
    let headers = [("mcp-session-id", "made-up"), ("mcp-protocol-version", "2025-11-25")];
    let answer = post(&patchline, &headers, list).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
}

fn initialize() -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
    } })
    .to_string()
}

#[tokio::test]
async fn a_session_that_its_client_ends_is_gone_at_once() {
    let patchline = Patchline::start().await;
    let begun = post(&patchline, &[], initialize()).await;
    let session = begun.headers["mcp-session-id"].to_str().expect("text").to_owned();
    let end = Request::delete("/mcp")
        .header("mcp-session-id", &session)
        .header("mcp-protocol-version", "2025-11-25")
        .body(Body::empty());
    let ended = patchline.send(end.expect("a request")).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text());
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" }).to_string();
    let headers = [("mcp-session-id", session.as_str()), ("mcp-protocol-version", "2025-11-25")];
    assert_eq!(post(&patchline, &headers, list).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_session_belongs_to_whoever_began_it() {
    let patchline = Patchline::start().await;
    let bearer = format!("Bearer {INSTANCE_KEY}");
    let begun = post(&patchline, &[("authorization", &bearer)], initialize()).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    let session = begun.headers["mcp-session-id"].to_str().expect("text").to_owned();
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" }).to_string();
    let headers = [("mcp-session-id", session.as_str()), ("mcp-protocol-version", "2025-11-25")];
    assert_eq!(post(&patchline, &headers, list.clone()).await.status, StatusCode::NOT_FOUND);
    let own = [headers[0], headers[1], ("authorization", &bearer)];
    let notice = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string();
    assert_eq!(post(&patchline, &own, notice).await.status, StatusCode::ACCEPTED);
    assert_eq!(post(&patchline, &own, list).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_message_of_five_megabytes_is_too_large() {
    let patchline = Patchline::start().await;
    let large = modern("tools/call", json!({ "name": "x", "arguments": { "a": "b".repeat(5_000_000) } }));
    let answer = post(&patchline, &[VERSION], large.to_string()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("create_upload_url"), "{}", answer.text());
}

#[tokio::test]
async fn pages_of_other_sites_and_cookies_are_refused() {
    let patchline = Patchline::start().await;
    let list = modern("tools/list", json!({})).to_string();
    let method = ("mcp-method", "tools/list");
    for origin in ["https://evil.example", "http://localhost:9999", "null"] {
        let answer = post(&patchline, &[VERSION, method, ("origin", origin)], list.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
    }
    let own = post(&patchline, &[VERSION, method, ("origin", "http://localhost:3000")], list.clone()).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text());
    let stream =
        Request::get("/mcp").header("accept", "text/event-stream").header("origin", "https://evil.example");
    let answer = patchline.send(stream.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let cookie = post(&patchline, &[VERSION, method, ("cookie", "session=1")], list.clone()).await;
    assert_eq!(cookie.status, StatusCode::BAD_REQUEST);
    let rebound =
        Request::post("/mcp").header("host", "evil.example").body(Body::from(list)).expect("a request");
    assert_eq!(patchline.send(rebound).await.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn results_of_the_newer_era_say_how_long_and_for_whom_they_may_be_kept() {
    let patchline = Patchline::start().await;
    for method in
        ["tools/list", "prompts/list", "resources/list", "resources/templates/list", "server/discover"]
    {
        let asked = modern(method, json!({})).to_string();
        let answer = post(&patchline, &[VERSION, ("mcp-method", method)], asked).await;
        assert_eq!(answer.status, StatusCode::OK, "{method}: {}", answer.text());
        let result = answer.json()["result"].clone();
        assert_eq!((&result["cacheScope"], result["ttlMs"].is_u64()), (&json!("private"), true), "{method}");
    }
}

#[tokio::test]
async fn a_server_that_is_switched_off_has_no_address() {
    let patchline = Patchline::with(&[("ENABLE_S3", "false")]).await;
    let list = modern("tools/list", json!({})).to_string();
    let request = Request::post("/mcp/s3").body(Body::from(list)).expect("a request");
    assert!(matches!(
        patchline.send(request).await.status,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
    ));
}
