//! Calls that take long: how far they are, and stopping them.

use super::client::{BOTH, Person, connect, request, served};
use crate::support::{Patchline, Served, Switch, router};
use patchline::engine::Engine;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::telemetry::Telemetry;
use rmcp::model::{NumberOrString, ProgressToken, RequestMetaObject};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn a_client_that_asks_for_it_hears_how_far_a_call_is() {
    let (patchline, served) = served().await;
    patchline.engine.flush_telemetry().await;
    for era in BOTH {
        let (person, mut heard) = Person::silent();
        let client = connect(&served, "/mcp", era, person).await;
        let mut call = request("query_performance_logs", json!({ "query": "stats count(*)" }));
        let token = ProgressToken(NumberOrString::String("mine".into()));
        call.meta = Some(RequestMetaObject::with_progress_token(token));
        let result = client.call_tool(call).await.expect("a result");
        assert_eq!(result.is_error, Some(false), "{result:?}");
        let step = heard.progress.recv().await.expect("a step");
        assert!(step.progress >= 0.0 && step.message.is_some(), "{era:?}: {step:?}");
    }
}

/// A Patchline whose log queries never end.
pub(super) struct Endless {
    pub(super) cloudwatch: Switch,
    pub(super) patchline: Patchline,
    served: Served,
}

/// Sends a request and reads its answer.
pub(super) async fn send(served: &Served, request: axum::http::Request<axum::body::Body>) -> Value {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let url = format!("{}{}", served.url(), parts.uri);
    let request = reqwest::Client::new().post(url).headers(parts.headers).body(body);
    request.send().await.expect("an answer").json().await.expect("JSON")
}

impl Endless {
    pub(super) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// One with these variables.
    pub(super) async fn with(variables: &[(&str, &str)]) -> Self {
        Self::with_engine(variables, |_| ()).await
    }

    /// One in which no call becomes a task by itself while a test runs, however slow the machine.
    async fn without_tasks() -> Self {
        let never = Duration::from_hours(1);
        Self::with_engine(&[], |engine| engine.long_calls = engine.long_calls.clone().with_patience(never))
            .await
    }

    async fn with_engine(variables: &[(&str, &str)], change: impl FnOnce(&mut Engine)) -> Self {
        let patchline = Patchline::with(variables).await;
        patchline.engine.flush_telemetry().await;
        let cloudwatch = Switch::new(&patchline);
        cloudwatch.never_complete();
        let mut aws = patchline.clients.clone();
        aws.logs = cloudwatch.logs(&aws.logs);
        let config = &patchline.engine.config;
        let telemetry = Telemetry::start(&patchline.clients, config, "other", true);
        let catalog = Arc::new(Catalog::new(aws, config));
        let audit = AuditLog::start(Arc::clone(&catalog), false);
        let mut engine = patchline.engine.clone();
        engine.gateway = Gateway::new(catalog, config, audit, telemetry);
        change(&mut engine);
        let served = Served::of(router(engine)).await;
        Self { cloudwatch, patchline, served }
    }

    /// Sends a request and reads its answer.
    pub(super) async fn send(&self, request: axum::http::Request<axum::body::Body>) -> Value {
        send(&self.served, request).await
    }

    fn post(&self, headers: &[(&str, &str)], body: &Value) -> reqwest::RequestBuilder {
        let request = reqwest::Client::new()
            .post(format!("{}/mcp", self.served.url()))
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json")
            .body(body.to_string());
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }
}

fn query(id: u32) -> Value {
    let params = json!({ "name": "query_performance_logs", "arguments": { "query": "stats count(*)" } });
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
}

#[tokio::test]
async fn a_client_of_the_newer_era_stops_a_call_by_closing_its_stream() {
    // Also one that knows tasks, as long as it has not been told of one.
    for extensions in [json!({}), json!({ "io.modelcontextprotocol/tasks": {} })] {
        let endless = Endless::without_tasks().await;
        let mut call = query(1);
        call["params"]["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": { "extensions": extensions },
        });
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "query_performance_logs"),
        ];
        tokio::select! {
            answer = endless.post(&headers, &call).send() => panic!("it must not end: {answer:?}"),
            () = endless.cloudwatch.asked_for_results() => {}
        }
        endless.cloudwatch.asked_to_stop().await;
    }
}

#[tokio::test]
async fn a_client_of_the_older_era_stops_a_call_by_saying_so() {
    let endless = Endless::start().await;
    let initialize = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
    } });
    let begun = endless.post(&[], &initialize).send().await.expect("an answer");
    let session = begun.headers()["mcp-session-id"].to_str().expect("text").to_owned();
    let headers = [("mcp-session-id", session.as_str()), ("mcp-protocol-version", "2025-11-25")];
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    endless.post(&headers, &ready).send().await.expect("an answer");
    let _stream = endless.post(&headers, &query(2)).send().await.expect("a stream");
    endless.cloudwatch.asked_for_results().await;
    let stop = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 2 } });
    let taken = endless.post(&headers, &stop).send().await.expect("an answer");
    assert_eq!(taken.status().as_u16(), 202);
    endless.cloudwatch.asked_to_stop().await;
}
