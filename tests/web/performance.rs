//! The page of performance, and what Prometheus collects.

use crate::support::Patchline;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

/// Two calls that succeed, and their figures published.
async fn with_calls() -> Patchline {
    let patchline = Patchline::start().await;
    for _ in 0..2 {
        patchline.result_of("list_audio_files", json!({})).await;
    }
    patchline.engine.flush_telemetry().await;
    patchline
}

#[tokio::test]
async fn the_page_has_its_figures_as_tables_and_its_charts_as_option_trees() {
    let patchline = with_calls().await;
    let page = patchline.get("/performance?range=1h&compare=1").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for words in
        ["list_audio_files", "Response time", "Requests to AWS", "DynamoDB", "p95", "as of January 2025"]
    {
        assert!(text.contains(words), "{words}");
    }
    assert!(text.contains("var(--series-1)"), "the option trees come along");
    let of_one = patchline.get("/performance?range=1h&server=s3").await.text();
    assert!(of_one.contains("list_audio_files"));
    let wrong = patchline.get("/performance?from=2026-11-24T10:00&to=2026-11-24T09:00").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn prometheus_collects_counts_without_anybody_named() {
    let patchline = with_calls().await;
    let metrics = patchline.get("/metrics").await;
    assert_eq!(metrics.status, StatusCode::OK);
    assert!(metrics.headers[header::CONTENT_TYPE].to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    let text = metrics.text();
    let calls = r#"mcp_requests_total{server="s3",tool="list_audio_files",decision="allow",status="ok"} 2"#;
    for line in
        [calls, r#"mcp_request_duration_seconds_count{server="s3"} 2"#, r#"server_drained{server="s3"} 0"#]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(
        text.contains("aws_calls_total{service=\"DynamoDB\"") && !text.contains("key:bootstrap"),
        "{text}"
    );
}

#[tokio::test]
async fn metrics_are_not_given_to_other_machines_without_a_key() {
    let patchline = Patchline::start().await;
    let caller = std::net::SocketAddr::from(([10, 0, 0, 7], 50_000));
    let mut request = Request::get("/metrics").body(Body::empty()).expect("a request");
    request.extensions_mut().insert(axum::extract::ConnectInfo(caller));
    assert_eq!(patchline.send(request).await.status, StatusCode::UNAUTHORIZED);
}
