//! The servers of tools: how each is, draining and enabling, and what survives a restart.

use crate::support::{Patchline, Switch};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use patchline::model::fleet::{FleetView, Health, ServerView};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

async fn post(patchline: &Patchline, path: &str) -> crate::support::Answer {
    patchline.send(Request::post(path).body(Body::empty()).expect("a request")).await
}

async fn fleet(patchline: &Patchline) -> FleetView {
    let answer = patchline.get("/api/fleet").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_value(answer.json()).expect("the fleet")
}

fn server(fleet: &FleetView, id: &str) -> ServerView {
    fleet.servers.iter().find(|server| server.id == id).cloned().expect("the server is there")
}

/// Another door to the same stores, as another instance has it.
fn another_instance(patchline: &Patchline) -> (Gateway, Switch) {
    let switch = Switch::new(patchline);
    let mut aws = patchline.clients.clone();
    aws.logs = switch.logs(&aws.logs);
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(aws, config));
    let audit = AuditLog::start(Arc::clone(&catalog), false);
    (Gateway::new(catalog, config, audit, Telemetry::off()), switch)
}

async fn list_files(gateway: &Gateway) -> Result<(), String> {
    let (who, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let done = gateway.call_tool(&who, &origin, "list_audio_files", json!({})).await;
    done.map(drop).map_err(|error| error.message)
}

/// Waits until something holds; fails when it does not for a long time.
async fn until<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(3), waiting).await.expect("it comes true");
}

#[tokio::test]
async fn a_drained_server_refuses_new_calls_and_says_who_did_it_also_after_a_restart() {
    let patchline = Patchline::start().await;
    let drained = post(&patchline, "/api/fleet/s3/drain").await;
    assert_eq!(drained.status, StatusCode::OK, "{}", drained.text());
    let since = drained.json()["drained"]["s3"]["since"].as_str().expect("a time").to_owned();

    let refused = patchline.tool("list_audio_files", json!({})).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    let message = refused.error()["message"].as_str().unwrap_or_default().to_owned();
    assert_eq!(message, format!("The server s3 takes no new calls: Bootstrap key drained it at {since}."));
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    patchline.result_of("query_artist_data", json!({})).await;

    let patchline = patchline.restart().await;
    until(|| async { patchline.tool("list_audio_files", json!({})).await.status != StatusCode::OK }).await;
    let view = server(&fleet(&patchline).await, "s3");
    assert_eq!((view.health, view.drained.map(|drained| drained.since)), (Health::Drained, Some(since)));

    assert_eq!(post(&patchline, "/api/fleet/s3/enable").await.status, StatusCode::OK);
    patchline.result_of("list_audio_files", json!({})).await;
    let records = patchline.audit_records().await;
    let changes: Vec<_> = records
        .iter()
        .filter(|record| record["operation"] == "drain_server" || record["operation"] == "enable_server")
        .map(|record| (record["operation"].as_str().unwrap_or_default(), record["phase"].clone()))
        .collect();
    let expected = [
        ("drain_server", json!("intent")),
        ("drain_server", json!("outcome")),
        ("enable_server", json!("intent")),
        ("enable_server", json!("outcome")),
    ];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn every_instance_follows_when_a_server_is_drained() {
    let patchline = Patchline::start().await;
    let (other, _) = another_instance(&patchline);
    other.watch_fleet();
    assert_eq!(list_files(&other).await, Ok(()));
    assert_eq!(post(&patchline, "/api/fleet/s3/drain").await.status, StatusCode::OK);
    until(|| async { list_files(&other).await.is_err() }).await;
    assert_eq!(post(&patchline, "/api/fleet/s3/enable").await.status, StatusCode::OK);
    until(|| async { list_files(&other).await.is_ok() }).await;
    other.stop_watching().await;
}

#[tokio::test]
async fn only_servers_that_exist_can_be_drained_and_twice_is_as_good_as_once() {
    let patchline = Patchline::start().await;
    assert_eq!(post(&patchline, "/api/fleet/coffee/drain").await.status, StatusCode::NOT_FOUND);
    let first = post(&patchline, "/api/fleet/dynamodb/drain").await.json();
    let second = post(&patchline, "/api/fleet/dynamodb/drain").await.json();
    assert_eq!(first["drained"], second["drained"]);
    // The table of drained servers is reached all the same.
    assert_eq!(post(&patchline, "/api/fleet/dynamodb/enable").await.status, StatusCode::OK);
    patchline.result_of("query_artist_data", json!({})).await;
}

#[tokio::test]
async fn a_check_finds_what_is_missing_and_says_what_to_do() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    patchline.engine.gateway.check_fleet().await;
    let all = fleet(&patchline).await;
    assert_eq!(all.overall.words, "All servers work", "{all:?}");
    assert_eq!(all.servers.len(), 5);
    assert!(all.servers.iter().all(|server| !server.checks.is_empty() && server.checked_at.is_some()));

    patchline.clients.dynamodb.delete_table().table_name("artists").send().await.expect("it is gone");
    patchline.engine.gateway.check_fleet().await;
    let seen = fleet(&patchline).await;
    let catalogue = server(&seen, "dynamodb");
    // The server of music reads the same tables.
    let words = seen.overall.words.as_str();
    assert_eq!((catalogue.health, words), (Health::Degraded, "2 of 5 servers with trouble"));
    let reason = catalogue.reason.expect("a reason");
    assert!(reason.contains("table artists") && reason.contains("patchline doctor"), "{reason}");
    assert_eq!(server(&seen, "s3").health, Health::Healthy);

    for table in ["releases", "analytics"] {
        patchline.clients.dynamodb.delete_table().table_name(table).send().await.expect("it is gone");
    }
    patchline.engine.gateway.check_fleet().await;
    let seen = fleet(&patchline).await;
    let catalogue = server(&seen, "dynamodb");
    assert_eq!(
        (catalogue.health, seen.overall.words.as_str()),
        (Health::Failing, "2 of 5 servers not working")
    );
    assert!(catalogue.failures.iter().any(|failure| failure.what == "check"), "{catalogue:?}");
}

#[tokio::test]
async fn a_server_whose_service_is_away_fails_its_check_and_comes_back() {
    let patchline = Patchline::start().await;
    let (gateway, switch) = another_instance(&patchline);
    switch.close();
    gateway.check_fleet().await;
    let logs = server(&gateway.fleet_now(), "cloudwatch");
    assert_eq!(logs.health, Health::Failing);
    assert!(logs.reason.is_some_and(|reason| reason.contains("log group")));
    switch.open();
    gateway.check_fleet().await;
    assert_eq!(gateway.overall().words, "All servers work");
}

#[tokio::test]
async fn calls_are_measured_and_the_mistakes_of_callers_are_no_failures() {
    let patchline = Patchline::start().await;
    patchline.engine.gateway.check_fleet().await;
    patchline.result_of("query_artist_data", json!({})).await;
    for (tool, arguments) in [
        ("query_artist_data", json!({ "artistId": "art_nobody" })),
        ("query_artist_data", json!({ "coffee": true })),
        ("query_release_data", json!({ "tableName": "payroll" })),
    ] {
        patchline.tool(tool, arguments).await;
    }
    let view = server(&fleet(&patchline).await, "dynamodb");
    assert_eq!((view.figures.error_rate, view.failures.len()), (Some(0.0), 0), "{view:?}");
    assert!(view.figures.requests_a_minute >= 1 && view.figures.median_ms.is_some());
    assert_eq!(view.figures.connections, 0);

    patchline.clients.dynamodb.delete_table().table_name("artists").send().await.expect("it is gone");
    let failed = patchline.tool("query_artist_data", json!({})).await;
    let view = server(&fleet(&patchline).await, "dynamodb");
    assert!(view.figures.error_rate.is_some_and(|rate| rate > 0.0), "{view:?}");
    let failure = view.failures.first().expect("a failure");
    assert_eq!(failure.what, "query_artist_data");
    assert_eq!(failure.request_id.as_deref().map(Value::from), Some(failed.error()["requestId"].clone()));
}

#[tokio::test]
async fn after_a_hundred_failed_calls_the_next_are_refused_at_once() {
    let patchline = Patchline::start().await;
    patchline.clients.dynamodb.delete_table().table_name("artists").send().await.expect("it is gone");
    for _ in 0..100 {
        patchline.tool("query_artist_data", json!({})).await;
    }
    let refused = patchline.tool("query_release_data", json!({})).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.error()["message"].as_str().is_some_and(|words| words.contains("given a rest")));
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(server(&fleet(&patchline).await, "dynamodb").health, Health::Failing);
    patchline.result_of("list_audio_files", json!({})).await;
}

#[tokio::test]
async fn the_history_survives_a_restart_and_instances_add_to_it() {
    let patchline = Patchline::start().await;
    let (other, _) = another_instance(&patchline);
    patchline.engine.gateway.check_fleet().await;
    other.check_fleet().await;
    other.stop_watching().await;
    drop(other);
    let patchline = patchline.restart().await;
    let view = server(&fleet(&patchline).await, "s3");
    let checks: u32 = view.history.iter().map(|day| day.healthy).sum();
    assert!(checks >= 2, "{view:?}");
}

#[tokio::test]
async fn the_page_of_health_tells_of_every_server_also_while_a_table_is_away() {
    let patchline = Patchline::start().await;
    assert_eq!(patchline.get("/health").await.status, StatusCode::OK, "the admin has signed in before");
    patchline
        .clients
        .dynamodb
        .delete_table()
        .table_name("patchline-settings")
        .send()
        .await
        .expect("it is gone");
    patchline.engine.gateway.check_fleet().await;
    let page = patchline.get("/health").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in
        ["Files (S3)", "Logs and metrics (CloudWatch)", "The history cannot be read.", "Drain Files (S3)"]
    {
        assert!(page.text().contains(words), "{words}");
    }
    assert_eq!(patchline.get("/health/s3").await.status, StatusCode::OK);
    assert_eq!(patchline.get("/health/coffee").await.status, StatusCode::NOT_FOUND);
}

fn form(fields: &str) -> Request<Body> {
    Request::post("/health")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields.to_owned()))
        .expect("a request")
}

#[tokio::test]
async fn the_button_drains_and_leads_back_and_every_page_tells() {
    let patchline = Patchline::start().await;
    patchline.engine.gateway.check_fleet().await;
    assert!(patchline.get("/tools").await.text().contains("All servers work"));
    let drained = patchline.send(form("server=s3&change=drain&back=server")).await;
    assert_eq!(
        (drained.status, &drained.headers[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/health/s3".parse().expect("an address"))
    );
    assert!(patchline.get("/health/s3").await.text().contains("Ada drained it"));
    assert!(patchline.get("/tools").await.text().contains("s3: drained"));
    let wrong = patchline.send(form("server=coffee&change=drain")).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    assert!(wrong.text().contains("There is no server"), "{}", wrong.text());
    assert_eq!(patchline.send(form("server=s3&change=sell")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_stream_tells_how_the_servers_are_until_the_instance_stops() {
    let patchline = Patchline::start().await;
    let told =
        patchline.events_until("/events/health", "event: health", || patchline.engine.end_streams()).await;
    let data = told.lines().find_map(|line| line.strip_prefix("data: ")).expect("an event");
    let view: FleetView = serde_json::from_str(data).expect("the fleet");
    assert_eq!(view.servers.len(), 4);
}

#[tokio::test]
async fn an_instance_that_is_about_to_stop_is_not_ready_and_still_serves() {
    let patchline = Patchline::start().await;
    patchline.engine.begin_stop();
    let ready = patchline.get("/readyz").await;
    assert_eq!(
        (ready.status, &ready.json()["status"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("stopping"))
    );
    assert_eq!(patchline.get("/livez").await.status, StatusCode::OK);
    patchline.result_of("list_audio_files", json!({})).await;
}
