//! Metrics of calls: what is counted, by what, and how it is read.

use crate::support::Patchline;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Three calls that succeed, one that fails, one to a tool that does not exist.
async fn with_calls() -> Patchline {
    let patchline = Patchline::start().await;
    for _ in 0..3 {
        patchline.result_of("list_audio_files", json!({})).await;
    }
    let missing = patchline.tool("get_audio_file", json!({ "fileName": "missing.wav" })).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    patchline.tool("no_such_tool_1", json!({})).await;
    patchline.engine.flush_telemetry().await;
    patchline
}

fn total(values: &Value) -> f64 {
    let values = values.as_array().expect("values");
    values.iter().map(|value| value["value"].as_f64().expect("a number")).sum()
}

#[tokio::test]
async fn calls_and_errors_are_counted_by_tool_and_outcome() {
    let patchline = with_calls().await;
    let calls = patchline.result_of("get_performance_metrics", json!({})).await;
    assert_eq!((&calls["metric"], &calls["statistic"]), (&json!("Calls"), &json!("Sum")));
    assert!((total(&calls["combined"]) - 5.0).abs() < 1e-9, "{calls}");
    let named: Vec<_> = calls["series"]
        .as_array()
        .expect("series")
        .iter()
        .map(|series| (series["tool"].as_str(), series["outcome"].as_str()))
        .collect();
    assert_eq!(
        named,
        [
            (Some("get_audio_file"), Some("error")),
            (Some("list_audio_files"), Some("ok")),
            (Some("unknown"), Some("invalid"))
        ]
    );
    let errors = patchline.result_of("get_performance_metrics", json!({ "metric": "Errors" })).await;
    assert!((total(&errors["combined"]) - 2.0).abs() < 1e-9, "{errors}");
    let of_one = json!({ "metric": "Errors", "tool": "list_audio_files" });
    let of_one = patchline.result_of("get_performance_metrics", of_one).await;
    assert!(total(&of_one["combined"]).abs() < 1e-9, "{of_one}");
}

#[tokio::test]
async fn durations_have_percentiles_for_each_series() {
    let patchline = with_calls().await;
    let arguments = json!({ "metric": "Duration", "statistic": "p90", "tool": "list_audio_files" });
    let found = patchline.result_of("get_performance_metrics", arguments).await;
    assert_eq!(found["unit"], "milliseconds");
    assert!(total(&found["combined"]) > 0.0, "{found}");
    let several = patchline.result_of("get_performance_metrics", json!({ "metric": "Duration" })).await;
    assert_eq!(several["combined"], Value::Null, "percentiles of several series cannot be added up");
    let average = json!({ "metric": "Errors", "statistic": "Average", "period": 3600 });
    let rate = patchline.result_of("get_performance_metrics", average).await;
    let rates = rate["combined"].as_array().expect("values").clone();
    // The calls may lie on both sides of a full hour.
    assert!(rates.iter().all(|rate| rate["value"].as_f64().is_some_and(|rate| (0.0..=1.0).contains(&rate))));
}

#[tokio::test]
async fn no_metric_knows_who_called() {
    let patchline = with_calls().await;
    let listed = patchline.clients.cloudwatch.list_metrics().namespace("Patchline/MCP").send().await;
    let listed = listed.expect("they are listed");
    assert!(!listed.metrics().is_empty());
    for metric in listed.metrics() {
        let mut names: Vec<_> =
            metric.dimensions().iter().map(|dimension| dimension.name().unwrap_or_default()).collect();
        names.sort_unstable();
        // By tool; by server, or of all; requests to AWS.
        let known: [&[&str]; 4] = [&["outcome", "server", "tool"], &["server"], &[], &["access", "service"]];
        assert!(known.contains(&names.as_slice()), "{metric:?}");
        assert!(!format!("{metric:?}").contains("key:bootstrap"), "{metric:?}");
        assert!(!format!("{metric:?}").contains("no_such_tool"), "{metric:?}");
    }
}

#[tokio::test]
async fn times_and_periods_that_cannot_be_are_refused_by_name() {
    let patchline = Patchline::start().await;
    for (arguments, field) in [
        (json!({ "startTime": "2026-11-24T10:00:00Z", "endTime": "2026-11-24T09:00:00Z" }), "endTime"),
        (json!({ "startTime": "soon" }), "startTime"),
        (json!({ "period": 61 }), "period"),
        (json!({ "startTime": "2026-01-01", "endTime": "2026-11-01", "period": 60 }), "period"),
        (json!({ "statistic": "p95" }), "statistic"),
    ] {
        let answer = patchline.tool("get_performance_metrics", arguments.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{arguments}: {}", answer.text());
        assert_eq!(answer.wrong_fields(), [field], "{arguments}: {}", answer.text());
    }
}
