//! A running MCP client with a key of its own, as an AI client of somebody has it.

use crate::support::Served;
use serde_json::{Value, json};
use std::time::Duration;

/// A session that follows what the server says.
pub(super) struct Client {
    url: String,
    key: String,
    session: String,
    heard: reqwest::Response,
}

impl Client {
    /// Begins a session, and follows it.
    pub(super) async fn begin(served: &Served, key: &str) -> Self {
        let url = format!("{}/mcp", served.url());
        let hello = json!({
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
        });
        let begun = post(&url, key, None, &message("initialize", hello)).await;
        let session = begun.headers()["mcp-session-id"].to_str().expect("text").to_owned();
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        post(&url, key, Some(&session), &ready).await;
        let listening = reqwest::Client::new()
            .get(&url)
            .bearer_auth(key)
            .header("accept", "text/event-stream")
            .header("mcp-session-id", &session)
            .header("mcp-protocol-version", "2025-11-25");
        let heard = listening.send().await.expect("a stream");
        Self { url, key: key.to_owned(), session, heard }
    }

    /// What the list of tools says.
    pub(super) async fn tools(&self) -> String {
        let listed = message("tools/list", json!({}));
        post(&self.url, &self.key, Some(&self.session), &listed).await.text().await.expect("a list")
    }

    /// What the list of prompts says.
    pub(super) async fn prompts(&self) -> String {
        let listed = message("prompts/list", json!({}));
        post(&self.url, &self.key, Some(&self.session), &listed).await.text().await.expect("a list")
    }

    /// What a tool answers.
    pub(super) async fn call(&self, tool: &str) -> String {
        let call = message("tools/call", json!({ "name": tool, "arguments": {} }));
        post(&self.url, &self.key, Some(&self.session), &call).await.text().await.expect("an answer")
    }

    /// Waits until the server has said something.
    pub(super) async fn hears(&mut self, what: &str) {
        let reading = async {
            let mut text = String::new();
            while !text.contains(what) {
                let piece = self.heard.chunk().await.expect("a piece").expect("it goes on");
                text.push_str(&String::from_utf8_lossy(&piece));
            }
        };
        tokio::time::timeout(Duration::from_mins(3), reading).await.expect("it is said in time");
    }
}

fn message(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

async fn post(url: &str, key: &str, session: Option<&str>, body: &Value) -> reqwest::Response {
    let mut request = reqwest::Client::new()
        .post(url)
        .bearer_auth(key)
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .body(body.to_string());
    if let Some(session) = session {
        request = request.header("mcp-session-id", session).header("mcp-protocol-version", "2025-11-25");
    }
    request.send().await.expect("an answer")
}
