//! The addresses of the fleet.

use super::answers::{answers, in_path, in_query, json_answer, schema_of};
use crate::model::fleet::FleetView;
use serde_json::{Value, json};

/// `GET /api/fleet`
pub(super) fn view() -> Value {
    let seen =
        json_answer("The servers of tools: how each is, why, and since when", schema_of::<FleetView>());
    json!({ "get": {
        "operationId": "view_fleet",
        "summary": "How the servers are",
        "responses": answers("200", seen, &[]),
    } })
}

/// `GET /api/fleet/{server}`
pub(super) fn view_one() -> Value {
    let described =
        "The server, with the definitions of a third party's tools that wait for an admin (reviews)";
    let seen = json_answer(described, schema_of::<FleetView>());
    json!({ "get": {
        "operationId": "view_server",
        "summary": "How one server is",
        "parameters": [server()],
        "responses": answers("200", seen, &["404"]),
    } })
}

/// `POST /api/fleet/{server}/approve`
pub(super) fn approve() -> Value {
    let body = json!({
        "type": "object",
        "required": ["tool", "sha256"],
        "additionalProperties": false,
        "properties": {
            "tool": { "type": "string", "description": "The tool's name at the third party" },
            "sha256": { "type": "string", "description": "The hash of the definition that was seen" },
        },
    });
    json!({ "post": {
        "operationId": "approve_tool",
        "summary": "Approve the definition of a third party's tool, for admins",
        "parameters": [server()],
        "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
        "responses": answers("200", names("The tools that are approved now", "approved"), &["404", "409"]),
    } })
}

/// `POST /api/fleet/{server}/drain` and `/enable`
pub(super) fn change(change: &str) -> Value {
    let summary = match change {
        "drain" => "Keep new calls away from a server or one of its replicas, for admins",
        _ => "Let calls back to a server or one of its replicas, for admins",
    };
    json!({ "post": {
        "operationId": format!("{change}_server"),
        "summary": summary,
        "parameters": [server(), replica()],
        "responses": answers("200", drained(), &["404"]),
    } })
}

fn replica() -> Value {
    let id = json!({ "type": "string" });
    in_query(
        "replica",
        false,
        &id,
        "The id of one replica, as /api/fleet tells it; none for the whole server",
    )
}

fn drained() -> Value {
    let by_name = json!({ "type": "object", "additionalProperties": { "type": "object" } });
    let by_server = json!({ "type": "object", "additionalProperties": by_name });
    let schema = json!({
        "type": "object",
        "required": ["drained", "drainedReplicas", "requestId"],
        "properties": {
            "drained": by_name, "drainedReplicas": by_server, "requestId": { "type": "string" },
        },
    });
    json_answer("The servers and replicas that are drained now, with who did it and since when", schema)
}

fn server() -> Value {
    in_path("server", "The name of the server, for instance dynamodb")
}

/// By name, who made each so and when.
fn names(description: &str, of: &str) -> Value {
    let schema = json!({
        "type": "object",
        "required": [of, "requestId"],
        "properties": {
            of: { "type": "object", "additionalProperties": { "type": "object" } },
            "requestId": { "type": "string" },
        },
    });
    json_answer(description, schema)
}
