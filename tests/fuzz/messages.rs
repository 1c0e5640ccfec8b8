//! Messages of MCP.

use super::asked;
use crate::support::fuzzing;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

const WORDS: [&str; 12] = [
    "\"jsonrpc\":\"2.0\",",
    "\"id\":",
    "\"method\":\"tools/list\",",
    "\"params\":{",
    "\"_meta\":{",
    "\"cursor\":",
    "\"arguments\":{",
    "[",
    "{}",
    "}",
    "\"name\":\"list_audio_files\",",
    "null",
];

/// A request of the newer era.
fn modern(method: &str, mut params: Value) -> Vec<u8> {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string().into_bytes()
}

/// The headers that a client of the newer era would send with a message, as far as it can be read.
fn headers(body: &[u8]) -> Vec<(&'static str, String)> {
    let message: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut headers = vec![("mcp-protocol-version", "2026-07-28".to_owned())];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    headers.extend(text(&message["method"]).map(|method| ("mcp-method", method)));
    let named = ["name", "uri"].into_iter().find_map(|field| text(&message["params"][field]));
    headers.extend(named.map(|name| ("mcp-name", name)));
    headers
}

fn request(headers: &[(&'static str, String)], body: &[u8]) -> Option<Request<Body>> {
    let mut request = Request::post("/mcp")
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request.body(Body::from(body.to_vec())).ok()
}

#[test]
fn fuzz_messages_of_mcp() {
    // The cursor is one past the largest number that any list could have.
    let cursor = "WyJ0b29scyIsMTg0NDY3NDQwNzM3MDk1NTE2MTVd";
    let seeds = [
        modern("tools/list", json!({ "cursor": cursor })),
        modern("tools/call", json!({ "name": "list_audio_files", "arguments": { "maxKeys": 1 } })),
        modern("tools/call", json!({ "name": "query_artist_data", "arguments": { "artistId": "art_1" } })),
        modern("resources/read", json!({ "uri": "patchline://files/patchline-audio/a.wav" })),
        modern("resources/list", json!({})),
        modern("prompts/get", json!({ "name": "plan_a_release", "arguments": { "artistId": "art_1" } })),
        modern("server/discover", json!({})),
    ];
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    asked(&[], |patchline| {
        fuzzing::bytes(80, &seeds, &WORDS, |body| {
            for headers in [headers(body), Vec::new()] {
                // A stream of news would go on for ever.
                let listens = headers.iter().any(|(_, value)| value == "subscriptions/listen");
                let Some(request) = request(&headers, body).filter(|_| !listens) else { continue };
                let text = patchline.ask(request).text();
                assert!(!text.contains("-32603"), "an internal error: {text}");
            }
        });
    });
}
