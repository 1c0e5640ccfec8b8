//! An MCP server of somebody else, written by hand so that it can misbehave in every way.

use crate::support::Served;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// The server.
#[derive(Clone)]
pub(crate) struct Stranger {
    parts: Arc<Parts>,
}

struct Parts {
    manner: Mutex<Manner>,
    tools: Mutex<Value>,
    /// What it answers with when it is honest, where that is no shows.
    recorded: Mutex<Option<Value>>,
    old: bool,
    /// Calls of tools that arrived, and how many of them were let go again before their end.
    called: AtomicU32,
    /// The metadata of the last of them.
    meta: Mutex<Value>,
    hanging: Notify,
    let_go: Notify,
}

/// How it behaves when a tool is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Honest,
    Lying,
    Hanging,
    Flooding,
    Refusing,
    Asking,
}

impl Stranger {
    /// One that speaks the newer era.
    pub(crate) fn modern() -> Self {
        Self::new(false)
    }

    /// One that knows only sessions and `initialize`.
    pub(crate) fn old() -> Self {
        Self::new(true)
    }

    fn new(old: bool) -> Self {
        let parts = Parts {
            manner: Mutex::new(Manner::Honest),
            tools: Mutex::new(shows("Lists shows with tickets.")),
            recorded: Mutex::default(),
            old,
            called: AtomicU32::new(0),
            meta: Mutex::default(),
            hanging: Notify::new(),
            let_go: Notify::new(),
        };
        Self { parts: Arc::new(parts) }
    }

    /// Serves it at a free port.
    pub(crate) async fn serve(&self) -> Served {
        Served::of(self.router()).await
    }

    /// What serves it.
    pub(crate) fn router(&self) -> Router {
        Router::new().route("/mcp", post(answer)).with_state(self.clone())
    }

    pub(crate) fn behave(&self, manner: Manner) {
        *self.parts.manner.lock().expect("no test panics while it holds this") = manner;
    }

    /// Lists other tools from now on.
    pub(crate) fn list(&self, tools: Value) {
        *self.parts.tools.lock().expect("no test panics while it holds this") = tools;
    }

    /// Answers with this from now on.
    pub(crate) fn answer_with(&self, recorded: Value) {
        *self.parts.recorded.lock().expect("no test panics while it holds this") = Some(recorded);
    }

    pub(crate) fn called(&self) -> u32 {
        self.parts.called.load(Ordering::SeqCst)
    }

    /// The metadata of the last call.
    pub(crate) fn meta(&self) -> Value {
        self.parts.meta.lock().expect("no test panics while it holds this").clone()
    }

    /// Waits until a call hangs.
    pub(crate) async fn hangs(&self) {
        self.parts.hanging.notified().await;
    }

    /// Waits until a call that hung was given up by the other end.
    pub(crate) async fn is_let_go(&self) {
        self.parts.let_go.notified().await;
    }
}

/// Its one tool.
pub(crate) fn shows(description: &str) -> Value {
    json!([{
        "name": "list_shows",
        "title": "List shows",
        "description": description,
        "inputSchema": {
            "type": "object", "required": ["city"], "additionalProperties": false,
            "properties": { "city": { "type": "string" } }
        },
        "outputSchema": {
            "type": "object", "required": ["shows"],
            "properties": { "shows": { "type": "array", "items": { "type": "string" } } }
        },
        "annotations": { "readOnlyHint": true }
    }])
}

async fn answer(State(stranger): State<Stranger>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).expect("a message");
    let Some(id) = request.get("id").cloned() else { return StatusCode::ACCEPTED.into_response() };
    let method = request["method"].as_str().unwrap_or_default();
    let done = |result: Value| Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response();
    match method {
        "server/discover" if !stranger.parts.old => done(json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": { "tools": {} },
            "ttlMs": 0, "cacheScope": "private"
        })),
        "initialize" if stranger.parts.old => done(json!({
            "protocolVersion": "2025-11-25", "capabilities": { "tools": {} },
            "serverInfo": { "name": "stranger", "version": "1" }
        })),
        "tools/list" => {
            let tools = stranger.parts.tools.lock().expect("no test panics while it holds this").clone();
            done(
                json!({ "resultType": "complete", "tools": tools, "ttlMs": 3_600_000, "cacheScope": "private" }),
            )
        }
        "tools/call" => {
            stranger.parts.called.fetch_add(1, Ordering::SeqCst);
            *stranger.parts.meta.lock().expect("no test panics while it holds this") =
                request["params"]["_meta"].clone();
            called(&stranger, &id, &request["params"]).await
        }
        _ => {
            let error = json!({ "code": -32601, "message": "There is no such method" });
            (StatusCode::NOT_FOUND, Json(json!({ "jsonrpc": "2.0", "id": id, "error": error })))
                .into_response()
        }
    }
}

/// Tells when it is dropped: the other end has given up.
struct Hanging(Arc<Parts>);

impl Drop for Hanging {
    fn drop(&mut self) {
        self.0.let_go.notify_one();
    }
}

async fn called(stranger: &Stranger, id: &Value, params: &Value) -> Response {
    let city = params["arguments"]["city"].as_str().unwrap_or_default();
    let manner = *stranger.parts.manner.lock().expect("no test panics while it holds this");
    let result = match manner {
        Manner::Honest => {
            let recorded =
                stranger.parts.recorded.lock().expect("no test panics while it holds this").clone();
            recorded.unwrap_or_else(|| json!({ "shows": [format!("Mira in {city}")] }))
        }
        Manner::Lying => json!({ "shows": "none of your business" }),
        Manner::Hanging => {
            let _hanging = Hanging(Arc::clone(&stranger.parts));
            stranger.parts.hanging.notify_one();
            std::future::pending::<Value>().await
        }
        Manner::Flooding => return flood(id),
        Manner::Asking => match &params["inputResponses"]["seats"] {
            Value::Null => return question(id),
            answer if answer["action"] == "accept" => {
                let (seats, state) = (&answer["content"]["seats"], &params["requestState"]);
                json!({ "shows": [format!("Mira in {city}, {seats} seats, {state}")] })
            }
            _ => json!({ "shows": [] }),
        },
        Manner::Refusing => {
            let content = json!([{ "type": "text", "text": "No shows\nin that city" }]);
            let result = json!({ "resultType": "complete", "content": content, "isError": true });
            return Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response();
        }
    };
    let content = json!([{ "type": "text", "text": result.to_string() }]);
    let result = json!({ "resultType": "complete", "content": content, "structuredContent": result });
    Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response()
}

/// A form that suggests its answer.
fn question(id: &Value) -> Response {
    let form = json!({
        "message": "How many seats?",
        "requestedSchema": {
            "type": "object", "properties": { "seats": { "type": "integer", "default": 2 } }
        }
    });
    let asked = json!({ "seats": { "method": "elicitation/create", "params": form } });
    let result = json!({ "resultType": "input_required", "inputRequests": asked, "requestState": "7" });
    Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response()
}

/// Two hundred megabytes, made while they are sent.
fn flood(id: &Value) -> Response {
    let begin = format!(
        r#"{{"jsonrpc":"2.0","id":{id},"result":{{"resultType":"complete","content":[{{"type":"text","text":""#
    );
    let begin = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(begin))]);
    let piece = Bytes::from(vec![b'a'; 1024 * 1024]);
    let rest = futures::stream::iter(std::iter::repeat_n(piece, 200).map(Ok));
    let body = Body::from_stream(futures::StreamExt::chain(begin, rest));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
