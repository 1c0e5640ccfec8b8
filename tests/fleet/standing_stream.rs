//! A server of the era with sessions can ask before it answers: it is called when it can.

use crate::support::Served;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use patchline::engine::config::{Access, Questions, Revision};
use patchline::engine::gateway::{UpstreamClient, Verdicts};
use patchline::engine::tools::Progress;
use reqwest::Url;
use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long the server takes to open its stream, unless it is called meanwhile.
const SLOW: Duration = Duration::from_millis(400);

/// How long is waited for that on a machine that may be slow itself.
const OPENS: Duration = Duration::from_secs(12);

/// A server that opens its stream slowly, or has none.
#[derive(Clone)]
struct Server {
    has_stream: bool,
    called: Arc<Notify>,
    called_too_early: Arc<AtomicBool>,
}

impl Server {
    fn new(has_stream: bool) -> Self {
        Self { has_stream, called: Arc::default(), called_too_early: Arc::default() }
    }

    async fn serve(&self) -> Served {
        Served::of(Router::new().route("/mcp", post(answer).get(stream)).with_state(self.clone())).await
    }
}

async fn stream(State(server): State<Server>) -> Response {
    if !server.has_stream {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if timeout(SLOW, server.called.notified()).await.is_ok() {
        server.called_too_early.store(true, Ordering::SeqCst);
    }
    let silence = futures::stream::pending::<Result<Bytes, std::io::Error>>();
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(silence)).into_response()
}

async fn answer(State(server): State<Server>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).expect("a message");
    let Some(id) = request.get("id").cloned() else { return StatusCode::ACCEPTED.into_response() };
    let result = match request["method"].as_str().unwrap_or_default() {
        "initialize" => json!({
            "protocolVersion": "2025-11-25", "capabilities": { "tools": {} },
            "serverInfo": { "name": "asks", "version": "1" }
        }),
        "tools/call" => {
            server.called.notify_one();
            json!({ "content": [{ "type": "text", "text": "done" }] })
        }
        other => panic!("nobody asks for {other}"),
    };
    let answer = Json(json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    ([("mcp-session-id", "one")], answer).into_response()
}

async fn call(served: &Served, questions: Questions) {
    let endpoint = Url::parse(&format!("{}/mcp", served.url())).expect("an address");
    let patience = Duration::from_secs(20);
    let client = UpstreamClient::new(endpoint, Access::Open, patience, 1024 * 1024, Verdicts::default())
        .in_revision(Revision::V2025_11_25)
        .answering(questions)
        .waiting_for_questions(OPENS);
    let params = CallToolRequestParams::new("anything");
    client.call(params, &Progress::ignored()).await.expect("it answers");
}

#[tokio::test]
async fn whoever_answers_questions_calls_when_the_server_can_ask_them() {
    let server = Server::new(true);
    let reached = server.serve().await;
    call(&reached, Questions::Defaults).await;
    assert!(!server.called_too_early.load(Ordering::SeqCst), "a question would have gone to nobody");
}

#[tokio::test]
async fn whoever_declines_them_does_not_wait() {
    let server = Server::new(true);
    let reached = server.serve().await;
    call(&reached, Questions::Declined).await;
}

#[tokio::test]
async fn a_server_without_such_a_stream_is_called_as_well() {
    let server = Server::new(false);
    let reached = server.serve().await;
    call(&reached, Questions::Defaults).await;
}
