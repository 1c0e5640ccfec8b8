//! What people and programs get wrong: each mistake names the field or the resource, and is on record.

use crate::support::{Answer, Patchline, base64, wav};
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
    let range = |from: &str, to: &str| json!({ "query": "limit 1", "startTime": from, "endTime": to });
    let query = |text: &str| json!({ "query": text });
    let cases = [
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
    let elsewhere = Case {
        status: StatusCode::FORBIDDEN,
        ..case((json!({ "logGroupName": "/aws/lambda/payroll", "query": "limit 1" }), "logGroupName"))
    };
    cases.into_iter().map(case).chain([elsewhere]).collect()
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
        case("list_audio_files", json!({ "bucketName": "secrets" }), StatusCode::FORBIDDEN, "bucketName"),
        case(
            "list_audio_files",
            json!({ "bucketName": "patchline-contracts" }),
            StatusCode::FORBIDDEN,
            "bucketName",
        ),
        case("query_artist_data", json!({ "tableName": "users" }), StatusCode::FORBIDDEN, "tableName"),
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

/// Each answer's call is on record: what was asked, and why it was not done.
async fn are_on_record(patchline: &Patchline, refused: &[(&str, Answer)]) {
    let records = patchline.audit_records().await;
    for (operation, answer) in refused {
        let error = answer.error();
        let of_call = records.iter().filter(|record| record["requestId"] == error["requestId"]);
        let outcomes: Vec<_> = of_call.filter(|record| record["phase"] == "outcome").collect();
        let [outcome] = outcomes[..] else { panic!("one outcome of {operation}: {outcomes:?}") };
        assert_eq!(outcome["operation"], *operation);
        let kind = error["kind"].as_str().expect("a kind");
        assert!(outcome["error"].as_str().is_some_and(|text| text.starts_with(kind)), "{outcome}");
    }
}

#[tokio::test]
async fn every_wrong_argument_is_named() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    let mut refused = Vec::new();
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
        refused.push((tool, answer));
    }
    are_on_record(&patchline, &refused).await;
}

#[tokio::test]
async fn every_wrong_argument_is_named_to_the_script_of_a_page_too() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    for Case { tool, arguments, status, field } in cases() {
        let answer = patchline.tool_of_page(tool, &arguments).await;
        assert_eq!(answer.status, status, "{tool} {arguments}: {}", answer.text());
        let error = answer.json();
        assert_eq!(error["fields"][0]["field"], field, "{tool} {arguments}: {error}");
        assert!(error["requestId"].as_str().is_some_and(|id| id.starts_with("req_")), "{error}");
    }
    let records = patchline.audit_records().await;
    let refused: Vec<_> = records.iter().filter(|record| record["phase"] == "outcome").collect();
    assert_eq!(refused.len(), cases().len(), "each refusal is on record");
    assert!(refused.iter().all(|record| record["error"].is_string() && record["channel"] == "page"));
}

/// A form as a browser without JavaScript sends it, and what has to come of it.
struct Form {
    tool: &'static str,
    sent: &'static str,
    status: StatusCode,
    kind: &'static str,
    /// What the page says.
    message: &'static str,
    /// What has to stand in the form again; empty where nothing does.
    kept: &'static str,
}

fn forms() -> Vec<Form> {
    let form = |tool, sent, (status, kind), message, kept| Form { tool, sent, status, kind, message, kept };
    let invalid = (StatusCode::BAD_REQUEST, "invalid");
    let forbidden = (StatusCode::FORBIDDEN, "forbidden");
    let not_found = (StatusCode::NOT_FOUND, "notFound");
    vec![
        form(
            "get_audio_file",
            "fileName=..%2Fsecrets.wav",
            invalid,
            "the name must not contain the part",
            "value=\"../secrets.wav\"",
        ),
        form("get_audio_file", "fileName=", invalid, "This is needed.", ""),
        form("query_artist_data", "tableName=users", forbidden, "users", ""),
        form("query_artist_data", "tableName=users&limit=many", invalid, "Give a whole number.", ""),
        form(
            "update_release_data",
            "releaseId=r&expectedVersion=soon",
            invalid,
            "Give a whole number.",
            "value=\"r\"",
        ),
        form(
            "upload_artwork",
            "fileName=covers%2Fa.png&fileContent=ab*c",
            invalid,
            "This is not base64: it contains",
            "value=\"covers/a.png\"",
        ),
        form(
            "scan_analytics_data",
            "filterExpression=streams+%3E",
            invalid,
            "at character 10",
            "streams ></textarea>",
        ),
        form("query_release_data", "releaseId=rel_0", not_found, "There is no release", "value=\"rel_0\""),
        form(
            "update_release_data",
            "_confirmed=yes&releaseId=rel_0&expectedVersion=1&updateData.title=Day+Drive",
            not_found,
            "There is no release",
            "value=\"Day Drive\"",
        ),
        form("make_coffee", "strength=3", not_found, "make_coffee", ""),
    ]
}

#[tokio::test]
async fn a_form_without_javascript_comes_back_with_what_is_wrong_and_is_on_record() {
    let patchline = Patchline::start().await;
    let mut pages = Vec::new();
    for Form { tool, sent, status, message, kept, .. } in forms() {
        let request = Request::post(format!("/tools?tool={tool}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(sent))
            .expect("a request");
        let answer = patchline.send(request).await;
        let page = answer.text();
        assert_eq!(answer.status, status, "{tool} {sent}: {page}");
        assert!(page.contains(message), "{tool} {sent}: {page}");
        assert!(page.contains(kept), "{tool} {sent}: {page}");
        pages.push(page);
    }
    let records = patchline.audit_records().await;
    let outcomes: Vec<_> = records.iter().filter(|record| record["phase"] == "outcome").collect();
    assert_eq!(outcomes.len(), pages.len(), "each form is on record once: {outcomes:?}");
    for ((Form { tool, sent, kind, .. }, page), outcome) in forms().iter().zip(&pages).zip(outcomes) {
        assert_eq!(outcome["operation"], *tool, "{sent}");
        assert_eq!(outcome["channel"], "page", "{tool} {sent}");
        let error = outcome["error"].as_str().unwrap_or_default();
        assert!(error.starts_with(&format!("{kind}: ")), "{tool} {sent}: {outcome}");
        let id = outcome["requestId"].as_str().expect("an id");
        assert!(page.contains(id), "{tool} {sent}: the page names its record {id}: {page}");
    }
}

#[tokio::test]
async fn a_link_that_runs_a_tool_with_something_wrong_is_on_record_too() {
    let patchline = Patchline::start().await;
    let address = "/tools?tool=list_audio_files&arguments=%7B%22maxKeys%22%3A%22many%22%7D&run=1";
    let answer = patchline.get(address).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{page}");
    assert!(page.contains("Give a whole number.") && page.contains("value=\"many\""), "{page}");
    let records = patchline.audit_records().await;
    let [record] = &records[..] else { panic!("one record: {records:?}") };
    assert_eq!((&record["operation"], &record["decision"]), (&json!("list_audio_files"), &json!("invalid")));
    assert!(record["arguments"].as_str().is_some_and(|text| text.contains("many")), "{record}");
    assert!(page.contains(record["requestId"].as_str().expect("an id")), "{page}");
}

#[tokio::test]
async fn a_link_to_an_unknown_tool_is_not_found_beside_the_list_of_those_that_there_are() {
    let patchline = Patchline::start().await;
    let answer = patchline.get("/tools?tool=make_coffee").await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(page.contains("There is no such tool") && page.contains("make_coffee"), "{page}");
    assert!(page.contains("tool=query_artist_data"), "{page}");
}

#[tokio::test]
async fn what_is_wrong_with_a_stream_is_named_before_it_is_stored() {
    let patchline = Patchline::start().await;
    let put = async |query: &str, length: Option<u64>, body: Vec<u8>| {
        let mut request = Request::put(format!("/upload/audio?{query}"));
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        patchline.send(request.body(Body::from(body)).expect("a request")).await
    };
    let six_gigabytes = Some(6 * 1024 * 1024 * 1024);
    let mut refused = Vec::new();
    for (query, length, body, status, field) in [
        ("fileName=huge.wav", six_gigabytes, vec![], StatusCode::PAYLOAD_TOO_LARGE, "file"),
        ("fileName=..%2Fa.wav", None, wav(), StatusCode::BAD_REQUEST, "fileName"),
        ("fileName=a.wav&bucketName=secrets", None, wav(), StatusCode::FORBIDDEN, "bucketName"),
        ("fileName=a.wav&metadata=%7B", None, wav(), StatusCode::BAD_REQUEST, "metadata"),
        ("fileName=a.wav", None, b"%PDF-1.7".to_vec(), StatusCode::BAD_REQUEST, "file"),
        ("fileName=a.wav", None, vec![], StatusCode::BAD_REQUEST, "file"),
    ] {
        let answer = put(query, length, body).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
        assert_eq!(answer.wrong_fields(), [field], "{query}: {}", answer.text());
        refused.push(("upload_audio_stream", answer));
    }
    let nameless = put("", None, wav()).await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST, "{}", nameless.text());
    assert!(nameless.error()["message"].as_str().is_some_and(|text| text.contains("fileName")));
    refused.push(("upload_audio_stream", nameless));
    assert_eq!(patchline.result_of("list_audio_files", json!({})).await["files"], json!([]));
    are_on_record(&patchline, &refused).await;
}

#[tokio::test]
async fn an_unknown_tool_is_answered_with_the_nearest() {
    let patchline = Patchline::start().await;
    let answer = patchline.tool("query_artists", json!({})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.error()["message"], "There is no tool \"query_artists\".");
    assert!(answer.error()["remedy"].as_str().is_some_and(|text| text.contains("query_artist_data")));
    are_on_record(&patchline, &[("query_artists", answer)]).await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let patchline = Patchline::start().await;
    let update = json!({ "releaseId": "rel_0", "expectedVersion": 1, "updateData": { "title": "x" } });
    let mut refused = Vec::new();
    for (tool, arguments, message) in [
        ("update_release_data", update, "There is no release \"rel_0\"."),
        ("query_release_data", json!({ "releaseId": "rel_0" }), "There is no release \"rel_0\"."),
        ("query_artist_data", json!({ "artistId": "art_0" }), "There is no artist \"art_0\"."),
        ("get_audio_file", json!({ "fileName": "no.wav" }), "There is no file \"patchline-audio/no.wav\"."),
        ("get_contract", json!({ "fileName": "no.md" }), "There is no file \"patchline-contracts/no.md\"."),
    ] {
        let answer = patchline.tool(tool, arguments).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{tool}");
        assert_eq!(answer.error()["message"], message);
        refused.push((tool, answer));
    }
    are_on_record(&patchline, &refused).await;
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
    are_on_record(&patchline, &[("query_artist_data", answer)]).await;
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
    are_on_record(&patchline, &[("upload_audio_file", answer)]).await;
}

/// Whether it says how long to wait for the one call of a minute.
fn waits_a_minute_at_most(answer: &Answer) -> bool {
    let wait = answer.headers["retry-after"].to_str().expect("seconds").parse::<u64>();
    wait.is_ok_and(|seconds| (1..=60).contains(&seconds))
}

#[tokio::test]
async fn too_many_calls_are_told_how_long_to_wait() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "3")]).await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(patchline.tool("list_audio_files", json!({})).await);
    }
    assert!(answers[..3].iter().all(|answer| answer.status == StatusCode::OK), "the burst passes");
    let refused = answers.into_iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS);
    let refused = refused.expect("one is refused");
    assert!(waits_a_minute_at_most(&refused), "{:?}", refused.headers);
    are_on_record(&patchline, &[("list_audio_files", refused)]).await;
}

#[tokio::test]
async fn the_script_of_a_page_is_told_how_long_to_wait_too() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "1")]).await;
    let first = patchline.tool_of_page("list_audio_files", &json!({})).await;
    assert_eq!((first.status, first.headers.get("retry-after")), (StatusCode::OK, None), "{}", first.text());
    let second = patchline.tool_of_page("list_audio_files", &json!({})).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS, "{}", second.text());
    assert!(waits_a_minute_at_most(&second), "{:?}", second.headers);
}
