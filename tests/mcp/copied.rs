//! What the page of tools gives to take elsewhere does what the form does, whatever stands in its fields.

use super::client::served;
use crate::support::{KEY, Patchline, Served};
use patchline::pages::tools::share::{curl, mcp_call};
use serde_json::{Map, Value, json};

/// What shells, JSON and headers each have a meaning of their own for.
const HARD: &str = "It's \"Zoë\" & Größe \\ $(stop) `now` %s\nsecond line\t🎚";

/// A Patchline with one row of figures from a report of that name, and the arguments that find it and no other.
async fn with_a_hard_name() -> (Patchline, Served, Map<String, Value>) {
    let (patchline, served) = served().await;
    for (day, source) in [("2026-11-01", HARD), ("2026-11-02", "It's \"Zoë\"")] {
        let row = json!({
            "artistId": "art_1", "dayPlatform": format!("{day}#spotify"), "date": day, "platform": "spotify",
            "streams": 7, "listeners": 5, "saves": 1, "followers": 9, "territories": { "NO": 7 }, "source": source
        });
        patchline.put("analytics", row).await;
    }
    let quoted = HARD.replace('\\', r"\\").replace('\'', r"\'");
    let arguments = json!({ "filterExpression": format!("source = '{quoted}'"), "limit": 10 });
    let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
    (patchline, served, arguments)
}

fn found(result: &Value) -> Vec<&Value> {
    result["rows"].as_array().map(|rows| rows.iter().map(|row| &row["source"]).collect()).unwrap_or_default()
}

#[tokio::test]
async fn the_copied_command_runs_in_a_shell() {
    let (_patchline, served, arguments) = with_a_hard_name().await;
    let command = curl(Some(&served.url()), "scan_analytics_data", &arguments);
    // Not of the standard library: the server answers in this very thread.
    let mut shell = tokio::process::Command::new("sh");
    shell.args(["-c", &command]).env("PATCHLINE_KEY", KEY).env("no_proxy", "*");
    let output = shell.output().await.expect("a shell runs");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    });
    assert_eq!(found(&answer["result"]), [&json!(HARD)], "{answer}");
}

#[tokio::test]
async fn the_copied_call_is_answered_at_the_address_of_mcp() {
    let (_patchline, served, arguments) = with_a_hard_name().await;
    let session = Session::begin(&served).await;
    let answer = session.send(mcp_call("scan_analytics_data", &arguments)).await;
    assert_eq!(answer["result"]["isError"], json!(false), "{answer}");
    assert_eq!(found(&answer["result"]["structuredContent"]), [&json!(HARD)], "{answer}");
}

/// A session of a client that sends messages as they are.
struct Session {
    client: reqwest::Client,
    url: String,
    id: String,
}

impl Session {
    async fn begin(served: &Served) -> Self {
        let client = reqwest::Client::builder().no_proxy().build();
        let begun = Self {
            client: client.expect("a client"),
            url: format!("{}/mcp", served.url()),
            id: String::new(),
        };
        let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
        } });
        let answer = begun.post(hello.to_string()).await;
        let id = answer.headers()["mcp-session-id"].to_str().expect("text").to_owned();
        let session = Self { id, ..begun };
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        session.post(ready.to_string()).await;
        session
    }

    async fn post(&self, message: String) -> reqwest::Response {
        let mut request = self
            .client
            .post(&self.url)
            .header("authorization", format!("Bearer {KEY}"))
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json")
            .body(message);
        if !self.id.is_empty() {
            request = request.header("mcp-session-id", &self.id).header("mcp-protocol-version", "2025-11-25");
        }
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        answer
    }

    /// The answer to a request: the last message of its stream.
    async fn send(&self, message: String) -> Value {
        let events = self.post(message).await.text().await.expect("a whole stream");
        let data = events.lines().filter_map(|line| line.strip_prefix("data:"));
        let mut messages = data.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok());
        messages.rfind(|message| message["id"] == 1).unwrap_or_else(|| panic!("no answer: {events}"))
    }
}
