//! The description of the REST interface, made from the tools that the caller may use.

mod answers;
mod files;
mod fleet;
mod tasks;
mod tools;

use super::caller::Caller;
use super::oauth;
use crate::engine::Engine;
use crate::engine::telemetry::Exposition;
use answers::{answers, error_schema, json_answer};
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

/// `GET /api/openapi.json`
pub(super) async fn describe(State(engine): State<Engine>, caller: Caller) -> Json<Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, description: Value| {
        paths.insert(path.to_owned(), description);
    };
    add("/api/tools", tools::list());
    for tool in engine.gateway.tools(&caller.principal) {
        add(&format!("/api/tools/{}", tool.name), tools::run(&tool));
    }
    add("/api/aws-mcp", tasks::run());
    add("/api/tasks/{id}", tasks::task());
    add("/api/fleet", fleet::view());
    add("/api/fleet/{server}", fleet::view_one());
    add("/api/fleet/{server}/approve", fleet::approve());
    for change in ["drain", "enable"] {
        add(&format!("/api/fleet/{{server}}/{change}"), fleet::change(change));
    }
    if engine.config.servers.s3 {
        add("/upload/audio", files::audio_upload());
        add("/upload/parts", files::begin_upload());
        add("/upload/parts/{id}", files::cancel_upload());
        add("/upload/parts/{id}/finish", files::finish_upload());
        add("/upload/parts/{id}/{number}", files::upload_part());
        add("/media/{bucket}/{key}", files::media());
        add("/export/audio/{id}.json", files::audio_export());
    }
    if engine.config.servers.bedrock {
        add("/upload/document", files::document_upload());
    }
    add("/export/logs", files::logs_export());
    add("/export/activity", files::activity_export());
    add("/livez", alive());
    add("/readyz", ready());
    add("/metrics", metrics());
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Patchline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The tools of a music label's control room.",
        },
        "paths": paths,
        "components": {
            "schemas": { "Error": error_schema() },
            "securitySchemes": security_schemes(&engine),
        },
        "security": security(&engine),
    }))
}

fn security_schemes(engine: &Engine) -> Value {
    let key = json!({
        "type": "http",
        "scheme": "bearer",
        "description": "A key of Patchline, which its pages make",
    });
    if engine.config.token_issuers.is_empty() {
        return json!({ "key": key });
    }
    let metadata = format!("{}{}/api", engine.config.public_url, oauth::METADATA);
    let token = json!({
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": format!("An access token of an authorization server that {metadata} names"),
    });
    json!({ "key": key, "token": token })
}

/// With one of these each address is called that says nothing else.
fn security(engine: &Engine) -> Value {
    if engine.config.token_issuers.is_empty() {
        return json!([{ "key": [] }]);
    }
    json!([{ "key": [] }, { "token": [] }])
}

fn metrics() -> Value {
    let text = json!({
        "description": "The metrics of this instance, as Prometheus reads them",
        "content": { (Exposition::MEDIA_TYPE): { "schema": { "type": "string" } } },
    });
    json!({ "get": {
        "operationId": "metrics",
        "security": [{}, { "key": [] }],
        "summary": "What Prometheus collects, for this machine or with a key",
        "responses": answers("200", text, &[]),
    } })
}

fn alive() -> Value {
    json!({ "get": { "operationId": "live", "security": [], "summary": "Whether the process lives", "responses": {
        "200": { "description": "It does", "content": { "text/plain": { "schema": { "type": "string" } } } },
    } } })
}

fn ready() -> Value {
    let state = json!({
        "type": "object",
        "required": ["status", "sampleLabel"],
        "properties": {
            "status": { "enum": ["ready", "unavailable", "stopping"] },
            "reason": { "type": "string" },
            "sampleLabel": { "type": "string" },
            "instance": { "type": "string", "description": "The id of the process" },
        },
    });
    json!({ "get": {
        "operationId": "ready",
        "security": [],
        "summary": "Whether the stores answer, and how far the sample label is",
        "responses": {
            "200": json_answer("It can serve", state.clone()),
            "503": json_answer("It cannot, and why", state),
        },
    } })
}
