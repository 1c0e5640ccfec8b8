//! The rows of a log query are for who started it, whoever else learns its id.

use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

const KEY: &str = "a-key-for-tests-only";

async fn page(patchline: &Patchline, function: &str, body: Value) -> Answer {
    let request = Request::post(format!("/fn/{function}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request");
    patchline.send(request).await
}

async fn export(patchline: &Patchline, id: &str, key: Option<&str>) -> Answer {
    let mut request = Request::get(format!("/export/logs?id={id}&format=json"));
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    patchline.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn somebody_else_cannot_read_the_rows_of_a_query() {
    let patchline = Patchline::with(&[("PATCHLINE_BOOTSTRAP_KEY", KEY)]).await;
    let request = json!({ "request": { "query": "fields @message", "limit": 1 } });
    let started = page(&patchline, "start-log-query", request).await.json();
    let id = started["queryId"].as_str().expect("an id");
    assert_eq!(export(&patchline, id, None).await.status, StatusCode::OK, "whoever started it may");
    let refused = export(&patchline, id, Some(KEY)).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text());
}

#[tokio::test]
async fn a_query_that_was_started_past_patchline_is_not_read_through_it() {
    let patchline = Patchline::start().await;
    let now = jiff::Timestamp::now().as_second();
    let logs = &patchline.clients.logs;
    logs.create_log_group().log_group_name("/somebody/else").send().await.expect("a group");
    let foreign = logs.start_query().log_group_name("/somebody/else").query_string("fields @message");
    let foreign = foreign.start_time(now - 60).end_time(now).send().await.expect("a query");
    let id = foreign.query_id().expect("an id");
    let look = json!({ "look": { "queryId": id, "limit": 1 } });
    assert_eq!(page(&patchline, "log-query", look).await.status, StatusCode::NOT_FOUND);
    let look = json!({ "look": {
        "histogramQueryId": id, "startTime": "2026-11-01T00:00:00Z", "endTime": "2026-11-02T00:00:00Z",
        "binSeconds": 3600
    } });
    assert_eq!(page(&patchline, "log-histogram", look).await.status, StatusCode::NOT_FOUND);
    assert_eq!(export(&patchline, id, None).await.status, StatusCode::NOT_FOUND);
}
