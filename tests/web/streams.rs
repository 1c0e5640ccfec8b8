//! Streams of events: as many as one client wants are not opened, and those that are closed leave room.

use crate::support::{Patchline, Served, eventually};
use axum::http::StatusCode;
use futures::{StreamExt, stream};
use serde_json::{Value, json};

/// The most of one principal.
const MOST: usize = 200;

async fn health(http: &reqwest::Client, served: &Served) -> reqwest::Response {
    http.get(format!("{}/events/health", served.url())).send().await.expect("an answer")
}

async fn listen(http: &reqwest::Client, served: &Served) -> reqwest::Response {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({ "notifications": { "resourcesListChanged": true }, "_meta": meta });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params });
    let request = http
        .post(format!("{}/mcp", served.url()))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "subscriptions/listen")
        .json(&message);
    request.send().await.expect("an answer")
}

async fn open(http: &reqwest::Client, served: &Served) -> usize {
    let text = http.get(format!("{}/metrics", served.url())).send().await.expect("an answer").text().await;
    let text = text.expect("a text");
    let line = text.lines().find_map(|line| line.strip_prefix("open_streams "));
    line.and_then(|count| count.parse().ok()).expect("a count")
}

/// Who opens a stream: a page, or a program.
#[derive(Clone, Copy)]
enum Opener {
    Page,
    Program,
}

async fn begin(opener: Opener, http: &reqwest::Client, served: &Served) -> reqwest::Response {
    match opener {
        Opener::Page => health(http, served).await,
        Opener::Program => listen(http, served).await,
    }
}

/// Asks for a thousand, and gives those that were opened. All others have to be told why not.
async fn flood(opener: Opener, http: &reqwest::Client, served: &Served) -> Vec<reqwest::Response> {
    // A few at a time: a test has only so many sockets.
    let mut asked = stream::iter((0..1_000).map(|_| begin(opener, http, served))).buffer_unordered(20);
    let (mut streams, mut refused) = (Vec::new(), 0);
    while let Some(answer) = asked.next().await {
        if answer.status() == StatusCode::OK {
            streams.push(answer);
            continue;
        }
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers().contains_key("retry-after"));
        let told: Value = answer.json().await.expect("JSON");
        let message = told["error"]["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("You have 200 streams open, which is the most."), "{told}");
        assert!(told["jsonrpc"].is_null() || told["id"] == 1, "whoever listens knows which request: {told}");
        refused += 1;
    }
    assert_eq!((streams.len(), refused), (MOST, 1_000 - MOST));
    streams
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_streams_of_one_client_are_two_hundred_and_a_clear_answer() {
    let patchline = Patchline::start().await;
    let served = patchline.listen().await;
    let http = reqwest::Client::new();
    for (opener, other) in [(Opener::Program, Opener::Page), (Opener::Page, Opener::Program)] {
        let opened = flood(opener, &http, &served).await;
        assert_eq!(open(&http, &served).await, MOST);
        // Everything else is served meanwhile, and pages and programs do not take each other's places.
        patchline.result_of("list_audio_files", json!({})).await;
        assert_eq!(begin(other, &http, &served).await.status(), StatusCode::OK);

        drop(opened);
        eventually("they are closed", || async { open(&http, &served).await == 0 }).await;
        assert_eq!(begin(opener, &http, &served).await.status(), StatusCode::OK);
        eventually("it is closed", || async { open(&http, &served).await == 0 }).await;
    }
}
