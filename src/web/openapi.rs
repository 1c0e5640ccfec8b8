//! The description of the REST interface, made from the tools that the caller may use.

use super::caller::Caller;
use crate::engine::Engine;
use crate::model::tool::ToolDescription;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

/// `GET /api/openapi.json`
pub(super) async fn describe(State(engine): State<Engine>, caller: Caller) -> Json<Value> {
    let tools = engine.gateway.tools(&caller.principal);
    let mut paths: Map<String, Value> =
        tools.iter().map(|tool| (format!("/api/tools/{}", tool.name), operation(tool))).collect();
    paths.insert("/api/tools".to_owned(), listing());
    paths.insert("/api/fleet".to_owned(), fleet());
    paths.insert("/api/fleet/{server}".to_owned(), fleet_of_one());
    paths.insert("/api/fleet/{server}/approve".to_owned(), approval());
    for (change, summary) in [
        ("drain", "Keep new calls away from a server, for admins"),
        ("enable", "Let calls back to a server, for admins"),
    ] {
        paths.insert(format!("/api/fleet/{{server}}/{change}"), fleet_change(summary));
    }
    if engine.config.servers.s3 {
        paths.insert("/upload/audio".to_owned(), upload());
        paths.insert("/media/{bucket}/{key}".to_owned(), media());
    }
    if engine.config.servers.bedrock {
        paths.insert("/upload/document".to_owned(), document_upload());
    }
    paths.insert("/livez".to_owned(), probe("Whether the process lives"));
    paths.insert("/readyz".to_owned(), probe("Whether the stores answer, and how far the sample label is"));
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
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
        },
        "security": [{}, { "key": [] }],
    }))
}

fn operation(tool: &ToolDescription) -> Value {
    let mut responses = errors(&["400", "401", "403", "404", "409", "413", "422", "429", "500", "503"]);
    responses.insert(
        "200".to_owned(),
        json!({
            "description": "The result",
            "headers": { "Idempotency-Replayed": {
                "description": "Present and true when this is the kept result of an earlier call with the same key",
                "schema": { "const": "true" },
            } },
            "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["tool", "requestId", "result", "resources", "durationMicros"],
                "properties": {
                    "tool": { "const": tool.name },
                    "requestId": { "type": "string" },
                    "result": result_schema(&tool.output_schema),
                    "resources": { "type": "array", "items": { "type": "object" } },
                    "durationMicros": { "type": "integer", "minimum": 0 },
                },
            } } },
        }),
    );
    json!({ "post": {
        "operationId": tool.name,
        "summary": tool.title,
        "description": tool.description,
        "tags": [tool.server],
        "parameters": [{
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
            "description": "Repeats of a change with the same key within 24 hours answer with the first result; with other arguments they are refused. Reads ignore it.",
        }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": without_dialect(&tool.input_schema) } } },
        "responses": responses,
    } })
}

/// The schema of a result; of a third party's tool that promises none, anything.
fn result_schema(schema: &Value) -> Value {
    if schema.is_object() { without_dialect(schema) } else { json!({}) }
}

/// A schema inside the document has the document's dialect.
fn without_dialect(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
    }
    schema
}

fn errors(statuses: &[&str]) -> Map<String, Value> {
    let error = json!({
        "description": "What happened, to what, and what to do",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
    });
    statuses.iter().map(|status| ((*status).to_owned(), error.clone())).collect()
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": { "error": {
            "type": "object",
            "required": ["kind", "message", "remedy", "fields", "requestId"],
            "properties": {
                "kind": { "enum": ["invalid", "unauthenticated", "forbidden", "notFound", "conflict", "exists", "choose", "keyReused", "tooLarge", "tooManyRequests", "unavailable", "internal"] },
                "message": { "type": "string" },
                "remedy": { "type": "string" },
                "fields": { "type": "array", "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": { "field": { "type": "string" }, "message": { "type": "string" } },
                } },
                "requestId": { "type": "string" },
                "choice": {
                    "type": "object",
                    "description": "What to choose from, where the arguments mean several things",
                    "required": ["argument", "replaces", "options"],
                    "properties": {
                        "argument": { "type": "string" },
                        "replaces": { "type": "string" },
                        "options": { "type": "array", "items": {
                            "type": "object",
                            "required": ["value", "title"],
                            "properties": { "value": { "type": "string" }, "title": { "type": "string" } },
                        } },
                    },
                },
            },
        } },
    })
}

fn fleet() -> Value {
    let mut responses = errors(&["401", "403"]);
    responses.insert("200".to_owned(), json_object("The servers of tools: how each is, why, and since when"));
    json!({ "get": { "operationId": "viewFleet", "summary": "How the servers are", "responses": responses } })
}

fn fleet_of_one() -> Value {
    let mut responses = errors(&["401", "403", "404"]);
    let described =
        "The server, with the definitions of a third party's tools that wait for an admin (reviews)";
    responses.insert("200".to_owned(), json_object(described));
    let summary = "How one server is";
    json!({ "get": { "summary": summary, "parameters": [server_parameter()], "responses": responses } })
}

fn approval() -> Value {
    let mut responses = errors(&["400", "401", "403", "404", "409", "503"]);
    responses.insert("200".to_owned(), json_object("The tools that are approved now"));
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
        "summary": "Approve the definition of a third party's tool, for admins",
        "parameters": [server_parameter()],
        "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
        "responses": responses,
    } })
}

fn server_parameter() -> Value {
    json!({ "name": "server", "in": "path", "required": true, "schema": { "type": "string" } })
}

fn fleet_change(summary: &str) -> Value {
    let mut responses = errors(&["401", "403", "404", "503"]);
    responses.insert("200".to_owned(), json_object("The servers that are drained now"));
    json!({ "post": { "summary": summary, "parameters": [server_parameter()], "responses": responses } })
}

fn json_object(description: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": { "type": "object" } } } })
}

fn listing() -> Value {
    let mut responses = errors(&["401"]);
    responses.insert(
        "200".to_owned(),
        json!({
            "description": "The tools that the caller may use, with their schemas",
            "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["tools"],
                "properties": { "tools": { "type": "array", "items": { "type": "object" } } },
            } } },
        }),
    );
    json!({ "get": { "operationId": "list_tools", "summary": "List the tools", "responses": responses } })
}

fn upload() -> Value {
    let mut responses = errors(&["400", "401", "403", "409", "413", "429", "500", "503"]);
    responses.insert("201".to_owned(), json!({ "description": "The stored file, what the call touched in AWS (resources) and how long it took (durationMicros)" }));
    let parameter = |name: &str, required: bool, schema: Value, description: &str| json!({ "name": name, "in": "query", "required": required, "schema": schema, "description": description });
    json!({ "put": {
        "operationId": "upload_audio_stream",
        "summary": "Upload an audio file of any size up to 5 GiB",
        "parameters": [
            parameter("fileName", true, json!({ "type": "string" }), "The name it gets in the bucket"),
            parameter("bucketName", false, json!({ "type": "string" }), "The bucket"),
            parameter("overwrite", false, json!({ "type": "boolean", "default": false }), "Replace a file of the same name"),
            parameter("metadata", false, json!({ "type": "string" }), "What to keep with the file: a JSON object of texts"),
        ],
        "requestBody": { "required": true, "content": { "application/octet-stream": {} } },
        "responses": responses,
    } })
}

fn document_upload() -> Value {
    let mut responses = errors(&["400", "401", "403", "409", "413", "503"]);
    responses.insert("201".to_owned(), json!({ "description": "The document that was added, what the call touched in AWS (resources) and how long it took (durationMicros)" }));
    let parameter = |name: &str, required: bool, schema: Value, description: &str| json!({ "name": name, "in": "query", "required": required, "schema": schema, "description": description });
    json!({ "put": {
        "operationId": "upload_knowledge_document",
        "summary": "Add a document of up to 50 MiB to a knowledge base",
        "parameters": [
            parameter("fileName", true, json!({ "type": "string" }), "The name it gets"),
            parameter("knowledgeBaseId", false, json!({ "type": "string" }), "The knowledge base"),
            parameter("title", false, json!({ "type": "string" }), "The title; the document's own unless given"),
            parameter("overwrite", false, json!({ "type": "boolean", "default": false }), "Replace a document of the same name"),
        ],
        "requestBody": { "required": true, "content": { "application/octet-stream": {} } },
        "responses": responses,
    } })
}

fn media() -> Value {
    let mut responses = errors(&["400", "401", "403", "404", "416", "500", "503"]);
    responses.insert("200".to_owned(), json!({ "description": "The file" }));
    responses.insert("206".to_owned(), json!({ "description": "The part that was asked for" }));
    let parameter =
        |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    json!({ "get": {
        "operationId": "open_file",
        "summary": "A stored file, whole or a range of it",
        "parameters": [parameter("bucket"), parameter("key")],
        "responses": responses,
    } })
}

fn probe(summary: &str) -> Value {
    json!({ "get": { "summary": summary, "responses": {
        "200": { "description": "Yes" }, "503": { "description": "No" },
    } } })
}
