//! What people and programs get wrong: each mistake names the field or the resource, and is on record.

use crate::support::{Patchline, base64, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

struct Case {
    tool: &'static str,
    arguments: Value,
    status: StatusCode,
    field: &'static str,
}

fn cases() -> Vec<Case> {
    [calls(), log_queries(), statements()].into_iter().flatten().collect()
}

/// Queries of logs that make no sense, or would do harm.
fn log_queries() -> Vec<Case> {
    let group = |name: &str| json!({ "logGroupName": name, "query": "limit 1" });
    let range = |from: &str, to: &str| json!({ "query": "limit 1", "startTime": from, "endTime": to });
    let query = |text: &str| json!({ "query": text });
    let cases = [
        (group("/aws/lambda/payroll"), "logGroupName"),
        (range("2026-11-24T10:00:00Z", "2026-11-24T09:59:59Z"), "endTime"),
        (query("filter @message like /(a{1,1000}){1,1000}/"), "query"),
        (query("parse @message /((?<x>\\w{99}){99}){99}/"), "query"),
        (query("filter a like /(/"), "query"),
        (query("filtre level = 1"), "query"),
        (query("pattern @message"), "query"),
        (query(&format!("filter {}1{}", "(".repeat(1000), ")".repeat(1000))), "query"),
    ];
    let case = |(arguments, field)| Case {
        tool: "query_performance_logs",
        arguments,
        status: StatusCode::BAD_REQUEST,
        field,
    };
    cases.into_iter().map(case).collect()
}

/// Statements that write, or reach beyond the data.
fn statements() -> Vec<Case> {
    let sql = [
        "DELETE FROM statements",
        "INSERT INTO statements VALUES (1) RETURNING 1",
        "REPLACE INTO statements VALUES (1)",
        "WITH gone AS (DELETE FROM statements RETURNING *) SELECT * FROM gone",
        "WITH gone AS (SELECT 1) DELETE FROM statements",
        "/* SELECT */ DROP TABLE statements",
        "SELECT 1; -- one\nDELETE FROM statements",
        "SELECT 1--1; DELETE FROM statements",
        "SELECT 1 /*! INTO OUTFILE 'rows' */",
        "SELECT 1; SELECT 2",
        "EXPLAIN DELETE FROM statements",
        "PRAGMA writable_schema = ON",
        "ATTACH 'other.sqlite' AS other",
        "VACUUM INTO 'copy.sqlite'",
        "BEGIN",
        // The check before the database does not know what functions do; the database does.
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_table_info('statements')",
    ];
    let case = |sql| Case {
        tool: "query_database",
        arguments: json!({ "sql": sql }),
        status: StatusCode::BAD_REQUEST,
        field: "sql",
    };
    sql.into_iter().map(case).collect()
}

fn calls() -> Vec<Case> {
    let case = |tool, arguments, status, field| Case { tool, arguments, status, field };
    vec![
        case("get_audio_file", json!({ "fileName": 7 }), StatusCode::BAD_REQUEST, "fileName"),
        case("get_audio_file", json!({}), StatusCode::BAD_REQUEST, "fileName"),
        case("get_audio_file", json!({ "fileName": "a.wav", "nmae": 1 }), StatusCode::BAD_REQUEST, "nmae"),
        case("get_audio_file", json!([]), StatusCode::BAD_REQUEST, ""),
        case("get_audio_file", json!({ "fileName": "../x" }), StatusCode::BAD_REQUEST, "fileName"),
        case(
            "upload_audio_file",
            json!({ "fileName": "a.wav", "fileContent": "ab*c" }),
            StatusCode::BAD_REQUEST,
            "fileContent",
        ),
        case("list_audio_files", json!({ "maxKeys": 0 }), StatusCode::BAD_REQUEST, "maxKeys"),
        case("list_audio_files", json!({ "bucketName": "secrets" }), StatusCode::BAD_REQUEST, "bucketName"),
        case(
            "list_audio_files",
            json!({ "bucketName": "patchline-contracts" }),
            StatusCode::BAD_REQUEST,
            "bucketName",
        ),
        case("query_artist_data", json!({ "tableName": "users" }), StatusCode::BAD_REQUEST, "tableName"),
        case("query_artist_data", json!({ "cursor": "page-2" }), StatusCode::BAD_REQUEST, "cursor"),
        case("query_release_data", json!({ "releaseId": "a b" }), StatusCode::BAD_REQUEST, "releaseId"),
        case(
            "scan_analytics_data",
            json!({ "filterExpression": "streams >" }),
            StatusCode::BAD_REQUEST,
            "filterExpression",
        ),
        case(
            "update_release_data",
            json!({ "releaseId": "r", "updateData": { "title": "x" } }),
            StatusCode::BAD_REQUEST,
            "expectedVersion",
        ),
        case(
            "update_release_data",
            json!({ "releaseId": "r", "expectedVersion": 1, "updateData": {} }),
            StatusCode::BAD_REQUEST,
            "updateData",
        ),
        case(
            "update_release_data",
            json!({ "releaseId": "r", "expectedVersion": 1, "updateData": { "releaseDate": "2026-02-30" } }),
            StatusCode::BAD_REQUEST,
            "updateData.releaseDate",
        ),
        case(
            "update_release_data",
            json!({ "releaseId": "r", "expectedVersion": 1, "updateData": { "upc": "036000291453" } }),
            StatusCode::BAD_REQUEST,
            "updateData.upc",
        ),
        case(
            "update_release_data",
            json!({ "releaseId": "r", "expectedVersion": 1, "updateData": { "version": 9 } }),
            StatusCode::BAD_REQUEST,
            "updateData.version",
        ),
    ]
}

#[tokio::test]
async fn every_wrong_argument_is_named() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    for Case { tool, arguments, status, field } in cases() {
        let answer = patchline.tool(tool, arguments.clone()).await;
        assert_eq!(answer.status, status, "{tool} {arguments}: {}", answer.text());
        assert_eq!(answer.wrong_fields(), [field], "{tool} {arguments}: {}", answer.text());
        let error = answer.error();
        for part in ["message", "remedy", "requestId"] {
            assert!(
                error[part].as_str().is_some_and(|text| !text.is_empty()),
                "{tool} {arguments}: {part} is empty"
            );
        }
    }
    let records = patchline.audit_records().await;
    let refused: Vec<_> = records.iter().filter(|record| record["phase"] == "outcome").collect();
    assert_eq!(refused.len(), cases().len(), "each refusal is on record");
    for (record, case) in refused.iter().zip(cases()) {
        assert_eq!(record["operation"], case.tool);
        assert!(record["error"].is_string(), "{record}");
    }
}

#[tokio::test]
async fn an_unknown_tool_is_answered_with_the_nearest() {
    let patchline = Patchline::start().await;
    let answer = patchline.tool("query_artists", json!({})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.error()["message"], "There is no tool \"query_artists\".");
    assert!(answer.error()["remedy"].as_str().is_some_and(|text| text.contains("query_artist_data")));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let patchline = Patchline::start().await;
    let update = json!({ "releaseId": "rel_0", "expectedVersion": 1, "updateData": { "title": "x" } });
    for (tool, arguments, message) in [
        ("update_release_data", update, "There is no release \"rel_0\"."),
        ("query_release_data", json!({ "releaseId": "rel_0" }), "There is no release \"rel_0\"."),
        ("query_artist_data", json!({ "artistId": "art_0" }), "There is no artist \"art_0\"."),
        ("get_audio_file", json!({ "fileName": "no.wav" }), "There is no file \"patchline-audio/no.wav\"."),
    ] {
        let answer = patchline.tool(tool, arguments).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{tool}");
        assert_eq!(answer.error()["message"], message);
    }
    let items = patchline.clients.dynamodb.scan().table_name("releases").send().await.expect("a scan");
    assert_eq!(items.count(), 0, "an update of a missing release makes none");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let patchline = Patchline::start().await;
    let request = Request::post("/api/tools/query_artist_data").body(Body::from("{")).expect("a request");
    let answer = patchline.send(request).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.error()["message"].as_str().is_some_and(|text| text.starts_with("The body is not JSON")));
}

#[tokio::test]
async fn a_file_that_is_too_large_for_a_call_is_told_the_other_way() {
    let patchline = Patchline::start().await;
    let mut file = wav();
    file.resize(17 * 1024 * 1024, 0);
    let answer = patchline
        .tool("upload_audio_file", json!({ "fileName": "a.wav", "fileContent": base64(&file) }))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
    assert!(answer.text().contains("create_upload_url"), "{}", answer.text());
    assert_eq!(answer.wrong_fields(), ["fileContent"]);
}

#[tokio::test]
async fn too_many_calls_are_told_how_long_to_wait() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMIT", "60"), ("MCP_BURST_LIMIT", "3")]).await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(patchline.tool("list_audio_files", json!({})).await);
    }
    let refused =
        answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).expect("one is refused");
    assert!(refused.headers.contains_key("retry-after"));
    assert!(answers[..3].iter().all(|answer| answer.status == StatusCode::OK), "the burst passes");
}
