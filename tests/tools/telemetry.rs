//! What Patchline writes of itself, while `CloudWatch` is there and while it is away.

use crate::support::{Patchline, Switch};
use axum::http::StatusCode;
use patchline::engine::gateway::{AuditLog, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A second door to the same stores, whose way to `CloudWatch` can be closed.
struct Door {
    gateway: Gateway,
    audit: AuditLog,
    telemetry: Telemetry,
    cloudwatch: Switch,
}

impl Door {
    fn before(patchline: &Patchline) -> Self {
        Self::with_audit(patchline, false)
    }

    fn with_audit(patchline: &Patchline, is_audited: bool) -> Self {
        let cloudwatch = Switch::new(patchline);
        let config = &patchline.engine.config;
        let mut aws = patchline.clients.clone();
        aws.logs = cloudwatch.logs(&aws.logs);
        aws.cloudwatch = cloudwatch.metrics(&aws.cloudwatch);
        let telemetry = Telemetry::start(&aws, config, "other", true);
        let catalog = Arc::new(patchline::engine::catalog::Catalog::new(aws, config));
        let audit = AuditLog::start(Arc::clone(&catalog), is_audited);
        let gateway = Gateway::new(catalog, config, audit.clone(), telemetry.clone());
        Self { gateway, audit, telemetry, cloudwatch }
    }

    async fn call(&self) -> bool {
        let (who, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
        self.gateway.call_tool(&who, &origin, "list_audio_files", json!({})).await.is_ok()
    }
}

async fn counted(patchline: &Patchline, query: &str) -> Option<u64> {
    let arguments = json!({ "query": query, "logGroupName": "/patchline/mcp/audit" });
    let found = patchline.result_of("query_performance_logs", arguments).await;
    found["rows"][0]["n"].as_u64()
}

#[tokio::test]
async fn while_cloudwatch_is_away_calls_go_on_and_their_lines_wait() {
    let patchline = Patchline::start().await;
    let door = Door::before(&patchline);
    door.cloudwatch.close();
    for _ in 0..20 {
        assert!(door.call().await, "a call does not need CloudWatch");
    }
    door.telemetry.flush().await;
    door.cloudwatch.open();
    door.telemetry.flush().await;
    let query = r#"filter tool = "list_audio_files" and outcome = "ok" | stats count(*) as n"#;
    assert_eq!(counted(&patchline, query).await, Some(20), "nothing was lost");
    let metrics = json!({ "tool": "list_audio_files" });
    let calls = patchline.result_of("get_performance_metrics", metrics).await;
    let total: f64 = calls["combined"]
        .as_array()
        .expect("values")
        .iter()
        .filter_map(|value| value["value"].as_f64())
        .sum();
    assert!((total - 20.0).abs() < 1e-9, "{calls}");
}

#[tokio::test]
async fn a_line_of_the_audit_log_group_has_the_hash_of_its_record() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({})).await;
    patchline.engine.flush_telemetry().await;
    let records = patchline.all_audit_records().await;
    let logs = &patchline.clients.logs;
    let found = logs.filter_log_events().log_group_name("/patchline/mcp/audit").send().await;
    let found = found.expect("the events");
    let mut lines = found.events().iter().filter_map(|event| {
        let line: Value = serde_json::from_str(event.message()?).ok()?;
        (line["tool"] == "list_audio_files").then_some(line)
    });
    let line = lines.next().expect("a line of the call");
    let record = records.iter().find(|record| record["requestId"] == line["requestId"]).expect("its record");
    assert!(record["leaf"].as_str().is_some_and(|leaf| !leaf.is_empty()), "{record}");
    assert_eq!((&line["leaf"], &line["seq"]), (&record["leaf"], &record["seq"]));
    assert!(
        record["logHour"].as_str().zip(line["log"].as_str()).is_some_and(|(hour, log)| hour.contains(log))
    );
}

#[tokio::test]
async fn counts_that_cloudwatch_refuses_do_not_keep_later_ones_waiting() {
    let patchline = Patchline::start().await;
    let door = Door::before(&patchline);
    door.cloudwatch.refuse("InvalidParameterValue");
    assert!(door.call().await);
    door.telemetry.flush().await;
    door.cloudwatch.open();
    assert!(door.call().await);
    door.telemetry.flush().await;
    let calls = patchline.result_of("get_performance_metrics", json!({ "tool": "list_audio_files" })).await;
    let counted: f64 =
        calls["combined"].as_array().expect("values").iter().filter_map(|one| one["value"].as_f64()).sum();
    assert!((counted - 1.0).abs() < 1e-9, "only what was refused is gone: {calls}");
}

#[tokio::test]
async fn lines_beyond_the_room_are_lost_and_counted() {
    let patchline = Patchline::start().await;
    let door = Door::before(&patchline);
    door.cloudwatch.close();
    // A refused call is the cheapest, and leaves its line like any other.
    let (who, origin) = (Principal::unknown(), Origin::new(Channel::Rest, None));
    let refused = 12_000;
    for _ in 0..refused {
        let error = patchline::engine::gateway::CallError::new(
            patchline::engine::gateway::CallErrorKind::Unauthenticated,
            "",
            "",
        );
        door.gateway.refused(&who, &origin, "list_audio_files", error);
    }
    door.telemetry.flush().await;
    door.cloudwatch.open();
    door.telemetry.flush().await;
    let written = counted(&patchline, r#"filter principal = "unknown" | stats count(*) as n"#).await;
    let lost = counted(&patchline, "filter ispresent(lostLines) | stats sum(lostLines) as n").await;
    let (written, lost) = (written.expect("a count"), lost.expect("a line that says how many"));
    assert_eq!(written + lost, refused);
    assert!(lost > 0);
    let metrics = &patchline.clients.cloudwatch;
    let listed = metrics.list_metrics().namespace("Patchline/MCP").metric_name("LostLogLines").send().await;
    assert_eq!(listed.expect("they are listed").metrics().len(), 1);
}

#[tokio::test]
async fn the_end_does_not_wait_for_a_cloudwatch_that_never_answers() {
    let patchline = Patchline::start().await;
    let door = Door::before(&patchline);
    door.cloudwatch.hang();
    assert!(door.call().await);
    // A limit for a stuck test, not a measurement: without a limit of its own this would never end.
    let ended = tokio::time::timeout(Duration::from_mins(1), door.telemetry.close()).await;
    assert!(ended.is_ok());
    assert!(door.call().await, "and calls need it no more than before");
}

#[tokio::test]
async fn writing_the_log_writes_no_log() {
    let _spans = patchline::engine::telemetry::start(true, None);
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({})).await;
    patchline.engine.flush_telemetry().await;
    let count = async || {
        patchline.engine.flush_telemetry().await;
        let logs = &patchline.clients.logs;
        let found = logs.filter_log_events().log_group_name("/patchline/application").send().await;
        found.expect("the events").events().len()
    };
    let before = count().await;
    assert!(before > 0);
    for _ in 0..5 {
        assert_eq!(count().await, before);
    }
}

#[tokio::test]
async fn a_caller_who_goes_away_stops_the_query_and_leaves_a_line() {
    let patchline = Patchline::start().await;
    patchline.engine.flush_telemetry().await;
    let door = Door::before(&patchline);
    door.cloudwatch.never_complete();
    let (who, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let arguments = json!({ "query": "stats count(*)" });
    let call = door.gateway.call_tool(&who, &origin, "query_performance_logs", arguments);
    tokio::select! {
        answer = call => panic!("it must not end: {answer:?}"),
        () = door.cloudwatch.asked_for_results() => {}
    }
    door.cloudwatch.asked_to_stop().await;
    door.telemetry.flush().await;
    let cancelled =
        r#"filter outcome = "cancelled" and tool = "query_performance_logs" | stats count(*) as n"#;
    assert_eq!(counted(&patchline, cancelled).await, Some(1));
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_stopped_and_it_is_said() {
    let patchline = Patchline::start().await;
    patchline.engine.flush_telemetry().await;
    let door = Door::before(&patchline);
    door.cloudwatch.never_complete();
    let (who, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let arguments = json!({ "query": "stats count(*)", "timeLimitSeconds": 1 });
    let error = door.gateway.call_tool(&who, &origin, "query_performance_logs", arguments).await;
    let error = error.expect_err("it takes too long");
    assert!(error.message.contains("stopped after 1 s"), "{error}");
    door.cloudwatch.asked_to_stop().await;
}

#[tokio::test]
async fn throttling_and_a_missing_permission_are_said_with_the_right_status() {
    let patchline = Patchline::start().await;
    let door = Door::before(&patchline);
    let (who, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let ask = async || {
        let arguments = json!({ "query": "stats count(*)" });
        let answer = door.gateway.call_tool(&who, &origin, "query_performance_logs", arguments).await;
        answer.expect_err("it is refused")
    };
    door.cloudwatch.refuse("AccessDeniedException");
    let denied = ask().await;
    assert_eq!(denied.kind.id(), "forbidden", "{denied}");
    assert!(denied.remedy.contains("logs:StartQuery"), "{denied}");
    door.cloudwatch.refuse("LimitExceededException");
    let throttled = ask().await;
    assert_eq!(throttled.kind.id(), "unavailable", "{throttled}");
    assert!(throttled.retry_after.is_some() && throttled.message.contains("limit"), "{throttled}");
    door.cloudwatch.refuse("ResourceNotFoundException");
    let missing = ask().await;
    assert!(missing.message.contains("log group /patchline/application"), "{missing}");
    assert!(missing.remedy.contains("patchline doctor"), "{missing}");
    door.cloudwatch.close();
    let away = ask().await;
    assert_eq!(away.kind.id(), "unavailable", "{away}");
}

#[tokio::test]
async fn over_rest_throttling_has_status_remedy_and_record() {
    let patchline = Patchline::start().await;
    let door = Door::with_audit(&patchline, true);
    let mut answered = Vec::new();
    for (code, status) in [
        ("ThrottlingException", StatusCode::SERVICE_UNAVAILABLE),
        ("LimitExceededException", StatusCode::SERVICE_UNAVAILABLE),
        ("ServiceUnavailableException", StatusCode::SERVICE_UNAVAILABLE),
        ("AccessDeniedException", StatusCode::FORBIDDEN),
    ] {
        door.cloudwatch.refuse(code);
        let arguments = json!({ "query": "limit 1" });
        let answer = patchline.tool_through(door.gateway.clone(), "query_performance_logs", arguments).await;
        assert_eq!(answer.status, status, "{code}: {}", answer.text());
        let may_pass = status == StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(answer.headers.contains_key("retry-after"), may_pass, "{code}");
        let error = answer.error();
        for part in ["message", "remedy", "requestId"] {
            assert!(error[part].as_str().is_some_and(|text| !text.is_empty()), "{code}: {error}");
        }
        answered.push(error);
    }
    door.audit.flush().await;
    let records = patchline.audit_records().await;
    for error in answered {
        let record = records.iter().find(|record| record["requestId"] == error["requestId"]);
        let record = record.unwrap_or_else(|| panic!("no record of {error} in {records:?}"));
        assert_eq!(record["operation"], "query_performance_logs");
        assert!(record["error"].is_string(), "{record}");
    }
}

#[tokio::test]
async fn a_call_does_not_wait_for_a_cloudwatch_that_never_answers() {
    let patchline = Patchline::start().await;
    let door = Door::before(&patchline);
    door.cloudwatch.hang();
    // More lines than one request takes, so that one is under way while others are added.
    for _ in 0..600 {
        assert!(door.call().await);
    }
    // A limit for a stuck test: each of these would wait for as long as a request to CloudWatch may take.
    let calls = async {
        for _ in 0..20 {
            assert!(door.call().await);
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(30), calls).await.is_ok());
}

#[tokio::test]
async fn without_the_server_nothing_is_written() {
    let patchline = Patchline::with(&[("ENABLE_CLOUDWATCH", "false")]).await;
    patchline.result_of("list_audio_files", json!({})).await;
    patchline.engine.flush_telemetry().await;
    let groups = patchline.clients.logs.describe_log_groups().send().await.expect("the groups");
    assert!(groups.log_groups().is_empty(), "{groups:?}");
    assert_eq!(
        patchline.tool("query_performance_logs", json!({ "query": "limit 1" })).await.status,
        StatusCode::NOT_FOUND
    );
    let _: Value = patchline.get("/api/tools").await.json();
}

#[tokio::test]
async fn the_doctor_examines_log_groups_metrics_and_databases() {
    let well =
        Patchline::with(&[("ENABLE_RDS", "true"), ("PATCHLINE_MAIL_FROM", "notices@label.example")]).await;
    assert_eq!(well.complaints().await, [], "e-mails could be sent, too");
    let ill = Patchline::with(&[
        ("ENABLE_RDS", "true"),
        ("RDS_INSTANCES", "patchline-ledger"),
        ("CLOUDWATCH_LOG_GROUPS", "/other"),
    ])
    .await;
    let complaints = ill.complaints().await;
    let [(log, _), (database, problem)] = &complaints[..] else { panic!("two complaints: {complaints:?}") };
    assert!(log.contains("own log"), "{log}");
    assert_eq!(database, "database patchline-ledger");
    assert!(problem.contains("no secret is known"), "{problem}");
}
