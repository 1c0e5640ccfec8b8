//! Logs: this instance's own, asked through the tool and through the page's server functions.

use crate::support::{Answer, Patchline, Switch, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use patchline::engine::tools::Progress;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;

/// Two calls that succeed and two that fail, written to the logs.
async fn with_calls() -> Patchline {
    let patchline = Patchline::start().await;
    for name in ["a.wav", "b.wav"] {
        patchline.result_of("list_audio_files", json!({})).await;
        let missing = patchline.tool("get_audio_file", json!({ "fileName": name })).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    }
    patchline.engine.flush_telemetry().await;
    patchline
}

async fn query(patchline: &Patchline, query: &str) -> Value {
    patchline.result_of("query_performance_logs", json!({ "query": query })).await
}

async fn page(patchline: &Patchline, function: &str, body: Value) -> Answer {
    let request = Request::post(format!("/fn/{function}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request");
    patchline.send(request).await
}

#[tokio::test]
async fn the_own_log_says_which_tools_failed_and_when() {
    let patchline = with_calls().await;
    let found = query(&patchline, r#"filter level = "ERROR" | stats count(*) by tool, bin(5m)"#).await;
    let rows = found["rows"].as_array().expect("rows");
    let total: u64 = rows.iter().map(|row| row["count(*)"].as_u64().expect("a number")).sum();
    assert_eq!(total, 2, "{found}");
    assert!(rows.iter().all(|row| row["tool"] == "get_audio_file"), "{found}");
    let kinds: Vec<_> = found["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| {
            (column["name"].as_str().unwrap_or_default(), column["kind"].as_str().unwrap_or_default())
        })
        .collect();
    assert!(kinds.contains(&("tool", "text")) && kinds.contains(&("count(*)", "number")), "{kinds:?}");
    assert!(kinds.contains(&("bin(5m)", "time")), "{kinds:?}");
    assert!(found["statistics"]["recordsScanned"].as_u64() >= Some(4), "{found}");
    assert_eq!(found["statistics"]["recordsMatched"], 2);
}

#[tokio::test]
async fn matching_records_are_counted_over_time() {
    let patchline = with_calls().await;
    let arguments = json!({ "query": "filter ispresent(tool) | limit 1", "histogram": true });
    let found = patchline.result_of("query_performance_logs", arguments).await;
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(1));
    let bars = found["histogram"]["bars"].as_array().expect("bars");
    let counted: u64 = bars.iter().map(|bar| bar["count"].as_u64().expect("a number")).sum();
    assert_eq!(counted, 4, "{found}");
    assert!(bars.len() >= 12, "an hour in bars of five minutes, those without records, too");
}

#[tokio::test]
async fn every_call_leaves_a_line_in_the_audit_log_group() {
    let patchline = with_calls().await;
    patchline.get("/artists").await;
    patchline.tool("query_artist_data", json!({ "limit": 0 })).await;
    patchline.engine.flush_telemetry().await;
    let arguments = json!({
        "logGroupName": "/patchline/mcp/audit",
        "query": "fields timestamp, event, requestId, principal, role, server, tool, outcome, errorKind, durationMs, source | sort @timestamp asc"
    });
    let found = patchline.result_of("query_performance_logs", arguments).await;
    let rows = found["rows"].as_array().expect("rows");
    let of = |tool: &str| rows.iter().filter(|row| row["tool"] == tool).collect::<Vec<_>>();
    let failed = of("get_audio_file");
    assert_eq!(failed.len(), 2, "{found}");
    for (name, value) in [
        ("event", "toolCall"),
        ("principal", "key:bootstrap"),
        ("role", "admin"),
        ("server", "s3"),
        ("outcome", "error"),
        ("errorKind", "notFound"),
        ("source", "rest"),
    ] {
        assert_eq!(failed[0][name], value, "{name}");
    }
    assert!(failed[0]["durationMs"].is_number());
    assert_eq!(of("query_artist_data")[0]["outcome"], "invalid");
    assert_eq!(of("browse_artists")[0]["event"], "pageOperation");
    let durable = patchline.audit_records().await;
    assert!(durable.iter().any(|record| record["requestId"] == failed[0]["requestId"]));
}

#[tokio::test]
async fn a_group_that_is_not_allowed_is_refused_with_those_that_are() {
    let patchline = Patchline::start().await;
    let arguments = json!({ "logGroupName": "/aws/lambda/payroll", "query": "limit 1" });
    let answer = patchline.tool("query_performance_logs", arguments).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    assert_eq!(answer.wrong_fields(), ["logGroupName"]);
    assert!(answer.text().contains("/patchline/application"), "{}", answer.text());
    let request =
        json!({ "request": { "logGroupName": "/aws/lambda/payroll", "query": "limit 1", "limit": 1 } });
    let answer = page(&patchline, "start-log-query", request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    assert!(answer.text().contains("/patchline/application"), "{}", answer.text());
}

#[tokio::test]
async fn a_query_that_is_wrong_is_shown_with_the_place() {
    let patchline = Patchline::start().await;
    let arguments = json!({ "query": "fields tool\n| filtre level = 1" });
    let answer = patchline.tool("query_performance_logs", arguments).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(answer.wrong_fields(), ["query"]);
    let message = answer.error()["fields"][0]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("line 2"), "{message}");
    assert!(message.contains("\n| filtre level = 1\n"), "{message}");
    assert!(message.lines().last().is_some_and(|line| line.trim_start().starts_with('^')), "{message}");
}

#[tokio::test]
async fn bad_arguments_are_named() {
    let patchline = Patchline::start().await;
    for (arguments, field) in [
        (json!({ "query": "" }), "query"),
        (
            json!({ "query": "limit 1", "startTime": "2026-11-24T10:00:00Z", "endTime": "2026-11-24T09:00:00Z" }),
            "endTime",
        ),
        (json!({ "query": "limit 1", "startTime": "yesterday" }), "startTime"),
        (json!({ "query": "limit 1", "limit": 10_001 }), "limit"),
    ] {
        let answer = patchline.tool("query_performance_logs", arguments.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{arguments}: {}", answer.text());
        assert_eq!(answer.wrong_fields(), [field], "{arguments}");
    }
}

#[tokio::test]
async fn a_regular_expression_that_explodes_does_not() {
    let patchline = with_calls().await;
    let huge = format!("filter @message like /{}/", "(a{1,1000}){1,1000}");
    let answer = patchline.tool("query_performance_logs", json!({ "query": huge })).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(answer.wrong_fields(), ["query"]);
    let nested = query(&patchline, r"filter @message like /^(\w+\s?)*$/ | stats count(*) as n").await;
    assert!(nested["rows"].is_array(), "it is answered in time: {nested}");
}

#[tokio::test]
async fn progress_counts_the_records() {
    let patchline = with_calls().await;
    let (progress, watcher) = Progress::watched();
    let arguments = json!({ "query": "stats count(*) as n" });
    let answer = patchline
        .engine
        .gateway
        .call_tool_watched(
            &Principal::local_operator(),
            &Origin::new(Channel::Rest, None),
            "query_performance_logs",
            arguments,
            progress,
        )
        .await
        .expect("an answer");
    let step = watcher.borrow().clone();
    assert_eq!(Some(step.done), answer.output["statistics"]["recordsScanned"].as_u64());
    assert!(step.message.contains("records scanned"), "{step:?}");
}

#[tokio::test]
async fn the_page_starts_a_query_and_reads_rows_and_histogram_by_their_ids() {
    let patchline = with_calls().await;
    let request =
        json!({ "request": { "query": "filter outcome = \"error\" | sort @timestamp desc", "limit": 1 } });
    let started = page(&patchline, "start-log-query", request).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text());
    let started = started.json();
    let rows = loop {
        let look = json!({ "look": { "queryId": started["queryId"], "limit": 1 } });
        let state = page(&patchline, "log-query", look).await.json();
        if state["status"] != "running" {
            break state;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(rows["status"], "complete", "{rows}");
    assert_eq!(
        (&rows["table"]["truncated"], &rows["statistics"]["recordsMatched"]),
        (&json!(true), &json!(2))
    );
    let histogram = loop {
        let look = json!({ "look": {
            "histogramQueryId": started["histogramQueryId"], "startTime": started["startTime"],
            "endTime": started["endTime"], "binSeconds": started["binSeconds"]
        } });
        let state = page(&patchline, "log-histogram", look).await.json();
        if state["status"] != "running" {
            break state;
        }
        tokio::task::yield_now().await;
    };
    let bars = histogram["histogram"]["bars"].as_array().expect("bars");
    assert_eq!(bars.iter().filter_map(|bar| bar["count"].as_u64()).sum::<u64>(), 2, "{histogram}");
    let stop = Request::post("/fn/stop-log-query")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(format!("query_id={}", started["queryId"].as_str().expect("an id"))))
        .expect("a request");
    let stopped = patchline.send(stop).await;
    assert_eq!(
        stopped.status,
        StatusCode::OK,
        "one that has ended is as good as stopped: {}",
        stopped.text()
    );
    let look = json!({ "look": { "queryId": "00000000-0000-0000-0000-000000000000", "limit": 1 } });
    assert_eq!(page(&patchline, "log-query", look).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn queries_are_kept_for_each_person() {
    let patchline = Patchline::start().await;
    let keep =
        |name: &str, query: &str| json!({ "query": { "name": name, "logGroupName": null, "query": query } });
    page(&patchline, "save-log-query", keep("slow", "filter durationMs > 100")).await;
    page(&patchline, "save-log-query", keep("errors", "filter level = \"ERROR\"")).await;
    let kept = page(&patchline, "save-log-query", keep("slow", "filter durationMs > 500")).await.json();
    let named: Vec<_> = kept
        .as_array()
        .expect("a list")
        .iter()
        .map(|query| (query["name"].as_str(), query["query"].as_str()))
        .collect();
    assert_eq!(
        named,
        [(Some("errors"), Some("filter level = \"ERROR\"")), (Some("slow"), Some("filter durationMs > 500"))]
    );
    let patchline = patchline.restart().await;
    let kept = patchline.get("/fn/saved-log-queries").await.json();
    assert_eq!(kept.as_array().map(Vec::len), Some(2), "{kept}");
    let empty = page(&patchline, "save-log-query", keep(" ", "limit 1")).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST, "{}", empty.text());
}

#[tokio::test]
async fn two_tabs_that_keep_a_query_at_once_lose_none() {
    let patchline = Patchline::start().await;
    let keep = |name: &str| json!({ "query": { "name": name, "logGroupName": null, "query": "limit 1" } });
    let (first, second) = tokio::join!(
        page(&patchline, "save-log-query", keep("first")),
        page(&patchline, "save-log-query", keep("second"))
    );
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK));
    let kept = patchline.get("/fn/saved-log-queries").await.json();
    assert_eq!(kept.as_array().map(Vec::len), Some(2), "{kept}");
}

#[tokio::test]
async fn the_page_lists_the_groups_with_their_retention() {
    let patchline = with_calls().await;
    let listed = patchline.get("/fn/log-groups").await.json();
    let groups = listed["groups"].as_array().expect("groups");
    assert_eq!(groups.len(), 2, "{listed}");
    for group in groups {
        assert_eq!((&group["exists"], &group["retentionDays"]), (&json!(true), &json!(30)), "{group}");
    }
    assert_eq!(listed["defaultGroup"], "/patchline/application");
}

#[tokio::test]
async fn a_search_of_the_page_answers_in_one_request_and_its_rows_can_be_taken_along() {
    let patchline = with_calls().await;
    let search = json!({ "search": {
        "logGroupName": null, "query": "filter level = \"ERROR\" | stats count(*) by tool, bin(5m)",
        "range": "quarterHour", "limit": 1000, "waitMillis": 20_000
    } });
    let found = page(&patchline, "search-logs", search).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    let found = found.json();
    assert_eq!(
        (&found["rows"]["status"], &found["counts"]["status"]),
        (&json!("complete"), &json!("complete"))
    );
    let rows = found["rows"]["table"]["rows"].as_array().expect("rows");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["tool"] == "get_audio_file"), "{found}");
    let id = found["started"]["queryId"].as_str().expect("an id");
    let csv = patchline.get(&format!("/export/logs?id={id}&format=csv")).await;
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.text());
    assert_eq!(csv.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"logs.csv\"");
    assert_eq!(csv.text().lines().count(), rows.len() + 1, "{}", csv.text());
    let as_json = patchline.get(&format!("/export/logs?id={id}&format=json")).await.json();
    assert_eq!(as_json["rows"], found["rows"]["table"]["rows"]);
    let unknown = patchline.get("/export/logs?id=00000000-0000-0000-0000-000000000000").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.text());
    let odd = patchline.get(&format!("/export/logs?id={id}&format=xls")).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{}", odd.text());
}

#[tokio::test]
async fn a_search_names_the_end_of_its_range_that_is_wrong() {
    let patchline = Patchline::start().await;
    for (range, field) in [
        (json!({ "between": ["2026-11-24T10:00Z", "2026-11-24T09:00Z"] }), "endTime"),
        (json!({ "between": ["", "2026-11-24T09:00Z"] }), "startTime"),
    ] {
        let search = json!({ "search": {
            "logGroupName": null, "query": "limit 1", "range": range, "limit": 10, "waitMillis": 0
        } });
        let answer = page(&patchline, "search-logs", search).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert!(answer.text().contains(field), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_page_of_logs_is_searched_without_a_script() {
    let patchline = with_calls().await;
    let query = "filter+level+%3D+%22ERROR%22%0D%0A%7C+stats+count%28*%29+by+tool%2C+bin%285m%29";
    let found = patchline.get(&format!("/logs?query={query}&range=1h&run=1&wait=1")).await;
    assert_eq!(found.status, StatusCode::OK);
    let html = found.text();
    assert!(html.contains("get_audio_file") && html.contains("time-bars series-1"), "{html}");
    assert!(html.contains("/export/logs?id="), "{html}");
    let wrong = patchline.get("/logs?query=filtre+a&run=1").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("query-place"), "{}", wrong.text());
}

#[tokio::test]
async fn uploads_as_streams_are_in_log_and_metrics_by_their_names() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    let uploads: [(&str, Vec<u8>); 2] = [
        ("/upload/audio?fileName=stream.wav", wav()),
        ("/upload/document?fileName=stream.md", b"A clause.".to_vec()),
    ];
    for (path, content) in uploads {
        let request = Request::put(path).header(header::CONTENT_LENGTH, content.len());
        let answer = patchline.send(request.body(Body::from(content)).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    }
    patchline.engine.flush_telemetry().await;
    let found =
        query(&patchline, r#"filter outcome = "ok" and tool like "upload" | fields tool, server"#).await;
    let rows = found["rows"].as_array().expect("rows");
    for (tool, server) in [("upload_audio_stream", "s3"), ("upload_knowledge_document", "bedrock")] {
        assert!(rows.iter().any(|row| row["tool"] == tool && row["server"] == server), "{tool}: {found}");
        let calls = patchline.clients.cloudwatch.list_metrics().metric_name("Calls");
        let calls = calls.dimensions(
            aws_sdk_cloudwatch::types::DimensionFilter::builder().name("tool").value(tool).build(),
        );
        assert_eq!(calls.send().await.expect("a list").metrics().len(), 1, "{tool}");
    }
}

#[tokio::test]
async fn the_example_of_changes_names_every_tool_that_changes_something() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    let tools = patchline.get("/api/tools").await.json();
    let tools = tools["tools"].as_array().expect("tools").clone();
    let changing = tools.iter().filter(|tool| tool["annotations"]["readOnlyHint"] == false);
    let mut names: Vec<&str> = changing.filter_map(|tool| tool["name"].as_str()).collect();
    names.extend(["upload_audio_stream", "upload_knowledge_document"]);
    let page = patchline.get("/logs").await.text();
    let example =
        page.split("href=\"").find(|link| link.contains("%22upload_artwork%22")).expect("the example");
    for name in names {
        assert!(example.contains(&format!("%22{name}%22")), "{name}: {example}");
    }
}

#[tokio::test]
async fn a_search_goes_on_where_its_histogram_cannot_begin() {
    let patchline = with_calls().await;
    let switch = Switch::new(&patchline);
    let mut aws = patchline.clients.clone();
    aws.logs = switch.logs(&aws.logs);
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(aws, config));
    let audit = AuditLog::start(Arc::clone(&catalog), false);
    let gateway = Gateway::new(catalog, config, audit, Telemetry::off());
    switch.close_for("by bin(");
    let request = Request::post("/fn/start-log-query")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(
            json!({ "request": { "query": "filter ispresent(tool)", "limit": 10 } }).to_string(),
        ))
        .expect("a request");
    let started = patchline.send_through(gateway, request).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text());
    assert!(started.json()["queryId"].is_string(), "{}", started.text());
    assert_eq!(started.json()["histogramQueryId"], Value::Null);
}

/// A query that is busy with each record for long: it doubles its text again and again, and searches that.
fn slow_query() -> String {
    let mut query = "fields concat(@message, @message) as text1".to_owned();
    for number in 1..15 {
        let _ = write!(query, " | fields concat(text{number}, text{number}) as text{}", number + 1);
    }
    let conditions: Vec<_> =
        (10..40).map(|number| format!("text15 like /[aeiou][0-9][aeiou][0-9]+[A-Z]{number}/")).collect();
    format!("{query} | filter {} | stats count(*)", conditions.join(" or "))
}

#[tokio::test]
async fn a_search_that_runs_is_stopped_from_the_page_and_says_so() {
    let patchline = with_calls().await;
    let request = json!({ "request": { "query": slow_query(), "limit": 10 } });
    let started = page(&patchline, "start-log-query", request).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text());
    let id = started.json()["queryId"].as_str().expect("an id").to_owned();
    let look = json!({ "look": { "queryId": id, "limit": 10 } });
    assert_eq!(page(&patchline, "log-query", look.clone()).await.json()["status"], "running");
    let stop = Request::post("/fn/stop-log-query")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(format!("query_id={id}")))
        .expect("a request");
    assert_eq!(patchline.send(stop).await.status, StatusCode::OK);
    let state = page(&patchline, "log-query", look).await.json();
    assert_eq!((&state["status"], &state["table"]["rows"]), (&json!("cancelled"), &json!([])), "{state}");
}
