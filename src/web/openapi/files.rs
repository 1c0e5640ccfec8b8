//! The addresses of files: uploads as streams, stored files, exports.

use super::answers::{answers, in_path, in_query, json_answer, schema_of};
use crate::engine::tools::bedrock::AddedDocument;
use crate::engine::tools::s3::StoredFile;
use crate::model::logs::MAX_LOG_ROWS;
use crate::model::tool::AwsResource;
use crate::model::upload::{NewUpload, UploadSoFar};
use serde_json::{Value, json};

/// `PUT /upload/audio`
pub(super) fn audio_upload() -> Value {
    let text = json!({ "type": "string" });
    json!({ "put": {
        "operationId": "upload_audio_stream",
        "summary": "Upload an audio file of any size up to 5 GiB",
        "parameters": [
            in_query("fileName", true, &text, "The name it gets in the bucket"),
            in_query("bucketName", false, &text, "The bucket"),
            in_query("overwrite", false, &yes_or_no(), "Replace a file of the same name"),
            in_query("metadata", false, &text, "What to keep with the file: a JSON object of texts"),
        ],
        "requestBody": stream(),
        "responses": answers("201", stored("The stored file", schema_of::<StoredFile>()), &STORING),
    } })
}

/// `POST /upload/parts`
pub(super) fn begin_upload() -> Value {
    json!({ "post": {
        "operationId": "begin_upload",
        "summary": "Begin an upload in parts, or learn how far one is that was begun before",
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": schema_of::<NewUpload>() } },
        },
        "responses": answers("200", so_far(), &STORING),
    } })
}

/// `PUT /upload/parts/{id}/{number}`
pub(super) fn upload_part() -> Value {
    let text = json!({ "type": "string" });
    let mut parameters = of_upload();
    parameters.push(json!({
        "in": "path", "name": "number", "required": true, "schema": { "type": "integer", "minimum": 1 },
        "description": "The number of the part, from 1",
    }));
    parameters.push(json!({
        "in": "header", "name": "X-Amz-Checksum-Sha256", "required": false, "schema": text,
        "description": "The SHA-256 of the part in base64; a part that arrives otherwise is refused",
    }));
    json!({ "put": {
        "operationId": "upload_part",
        "summary": "Send a part of an upload",
        "parameters": parameters,
        "requestBody": stream(),
        "responses": answers("200", so_far(), &STORING),
    } })
}

/// `POST /upload/parts/{id}/finish`
pub(super) fn finish_upload() -> Value {
    json!({ "post": {
        "operationId": "finish_upload",
        "summary": "Make a file of the parts of an upload",
        "parameters": of_upload(),
        "responses": answers("201", stored("The stored file", schema_of::<StoredFile>()), &STORING),
    } })
}

/// `DELETE /upload/parts/{id}`
pub(super) fn cancel_upload() -> Value {
    json!({ "delete": {
        "operationId": "cancel_upload",
        "summary": "Give an upload up, and remove its parts",
        "parameters": of_upload(),
        "responses": answers("204", json!({ "description": "Nothing of it is left" }), &["404"]),
    } })
}

fn of_upload() -> Vec<Value> {
    let text = json!({ "type": "string" });
    vec![
        in_path("id", "The upload"),
        in_query("fileName", true, &text, "The name of its file in the bucket"),
        in_query("bucketName", false, &text, "The bucket"),
    ]
}

fn so_far() -> Value {
    json_answer("How far the upload is", schema_of::<UploadSoFar>())
}

/// `GET /export/audio/{id}.json`
pub(super) fn audio_export() -> Value {
    let report = json_answer("What is known of the recording", json!({ "type": "object" }));
    json!({ "get": {
        "operationId": "export_recording",
        "summary": "The report on a recording, as a file",
        "parameters": [in_path("id", "The recording, as its page names it")],
        "responses": answers("200", report, &["404"]),
    } })
}

/// `PUT /upload/document`
pub(super) fn document_upload() -> Value {
    let text = json!({ "type": "string" });
    json!({ "put": {
        "operationId": "upload_knowledge_document",
        "summary": "Add a document of up to 50 MiB to a knowledge base",
        "parameters": [
            in_query("fileName", true, &text, "The name it gets"),
            in_query("knowledgeBaseId", false, &text, "The knowledge base"),
            in_query("title", false, &text, "The title; the document's own unless given"),
            in_query("overwrite", false, &yes_or_no(), "Replace a document of the same name"),
        ],
        "requestBody": stream(),
        "responses": answers("201", stored("The document that was added", schema_of::<AddedDocument>()), &STORING),
    } })
}

/// How an upload can fail.
const STORING: [&str; 4] = ["404", "409", "413", "429"];

fn yes_or_no() -> Value {
    json!({ "type": "boolean", "default": false })
}

fn stream() -> Value {
    json!({ "required": true, "content": { "application/octet-stream": {} } })
}

/// What was stored, and what the call touched.
fn stored(description: &str, mut schema: Value) -> Value {
    schema["properties"]["resources"] = json!({ "type": "array", "items": schema_of::<AwsResource>() });
    schema["properties"]["durationMicros"] = json!({ "type": "integer", "minimum": 0 });
    let mut answer = json_answer(description, schema);
    answer["headers"] = json!({ "X-Request-Id": {
        "description": "The name of the call in the audit log",
        "schema": { "type": "string" },
    } });
    answer
}

/// `GET /media/{bucket}/{key}`
pub(super) fn media() -> Value {
    let mut responses = answers("200", file("The file"), &["404", "416"]);
    responses.insert("206".to_owned(), file("The part that was asked for"));
    responses.insert("304".to_owned(), json!({ "description": "The client has it already (If-None-Match)" }));
    json!({ "get": {
        "operationId": "open_file",
        "summary": "A stored file, whole or a range of it",
        "parameters": [
            in_path("bucket", "The bucket"),
            in_path("key", "The file's name in the bucket; its slashes stay as they are"),
            in_query("versionId", false, &json!({ "type": "string" }), "A kept version of it; the newest unless given"),
            in_query("size", false, &json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }), "The longest side of a picture in pixels: a smaller one is given"),
        ],
        "responses": responses,
    } })
}

fn file(description: &str) -> Value {
    json!({ "description": description, "content": { "*/*": {} } })
}

/// `GET /export/activity`
pub(super) fn activity_export() -> Value {
    let deeds = json!({
        "description": "What the caller, their keys and agents for them did, the newest first",
        "content": { "text/csv": { "schema": { "type": "string" } }, "application/json": { "schema": {
            "type": "object",
            "required": ["deeds", "keysLeftOut"],
            "properties": {
                "deeds": { "type": "array" },
                "keysLeftOut": { "type": "integer", "minimum": 0 },
            },
        } } },
    });
    json!({ "get": {
        "operationId": "export_activity",
        "summary": "What the caller, their keys and agents for them did last, as a file. Not for keys of people",
        "parameters": [
            in_query("format", false, &json!({ "enum": ["csv", "json"], "default": "csv" }), "The form of the file"),
            in_query("by", false, &json!({ "enum": ["me", "keys", "agent"] }), "Whose doing; all of it unless given"),
        ],
        "responses": answers("200", deeds, &["400", "403", "503"]),
    } })
}

/// `GET /export/logs`
pub(super) fn logs_export() -> Value {
    let rows = json!({
        "description": "The rows",
        "content": { "text/csv": { "schema": { "type": "string" } }, "application/json": { "schema": {
            "type": "object",
            "required": ["columns", "rows"],
            "properties": { "columns": { "type": "array" }, "rows": { "type": "array" } },
        } } },
    });
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": MAX_LOG_ROWS, "default": MAX_LOG_ROWS });
    json!({ "get": {
        "operationId": "export_logs",
        "summary": "The result of a log query that was run, as a file",
        "parameters": [
            in_query("id", true, &json!({ "type": "string" }), "The query, as query_performance_logs names it"),
            in_query("format", false, &json!({ "enum": ["csv", "json"], "default": "csv" }), "The form of the file"),
            in_query("limit", false, &limit, "How many rows at most"),
        ],
        "responses": answers("200", rows, &["404"]),
    } })
}
