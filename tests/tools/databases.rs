//! Databases: listing them, and reading one without ever writing.

use crate::support::{Patchline, Switch};
use axum::http::StatusCode;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::telemetry::Telemetry;
use serde_json::{Value, json};
use std::sync::Arc;

async fn with_databases() -> Patchline {
    Patchline::with(&[("ENABLE_RDS", "true")]).await
}

#[tokio::test]
async fn the_database_of_the_embedded_aws_is_listed_and_can_be_read() {
    let patchline = with_databases().await;
    let listed = patchline.result_of("list_database_instances", json!({})).await;
    let [instance] = &listed["instances"].as_array().expect("instances")[..] else {
        panic!("one instance: {listed}")
    };
    assert_eq!(instance["instanceName"], "patchline-ledger");
    assert_eq!(instance["problem"], Value::Null, "{instance}");
    assert_eq!(instance["status"], "available");
}

#[tokio::test]
async fn cells_are_typed_and_parameters_are_data() {
    let patchline = with_databases().await;
    let found = patchline
        .result_of(
            "query_database",
            json!({
                "sql": "SELECT 41 + :one AS number, 0.5 AS half, :name AS name, NULL AS empty, 1 AS number",
                "parameters": { "one": 1, "name": "x'; DROP TABLE t; --" }
            }),
        )
        .await;
    let row = json!({
        "number": 42, "half": 0.5, "name": "x'; DROP TABLE t; --", "empty": null, "number (2)": 1
    });
    assert_eq!(found["rows"], json!([row]));
    let names: Vec<_> =
        found["columns"].as_array().expect("columns").iter().map(|column| &column["name"]).collect();
    assert_eq!(names, ["number", "half", "name", "empty", "number (2)"]);
    assert_eq!(found["truncated"], false);
}

#[tokio::test]
async fn rows_beyond_the_limit_are_cut_and_it_is_said() {
    let patchline = with_databases().await;
    let sql =
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n";
    let found = patchline.result_of("query_database", json!({ "sql": sql, "maxRows": 4 })).await;
    assert_eq!(found["rows"], json!([{ "i": 1 }, { "i": 2 }, { "i": 3 }, { "i": 4 }]));
    assert_eq!(found["truncated"], true);
}

#[tokio::test]
async fn sql_that_writes_is_refused_before_the_database_and_by_it() {
    let patchline = with_databases().await;
    for (sql, expected) in [
        ("DELETE FROM statements", "not DELETE"),
        ("WITH gone AS (SELECT 1) DELETE FROM statements", "DELETE at character"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        // The check before does not know what functions do.
        ("SELECT load_extension('x')", "the database refuses it"),
    ] {
        let answer = patchline.tool("query_database", json!({ "sql": sql })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{sql}: {}", answer.text());
        assert_eq!(answer.wrong_fields(), ["sql"], "{sql}");
        let message = answer.error()["fields"][0]["message"].clone();
        assert!(message.as_str().is_some_and(|text| text.contains(expected)), "{sql}: {message}");
    }
}

#[tokio::test]
async fn mistakes_in_sql_and_parameters_name_the_argument() {
    let patchline = with_databases().await;
    let missing = patchline.tool("query_database", json!({ "sql": "SELECT * FROM nowhere" })).await;
    assert_eq!((missing.status, missing.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["sql".to_owned()]));
    let arguments = json!({ "sql": "SELECT :list", "parameters": { "list": [1, 2] } });
    let list = patchline.tool("query_database", arguments).await;
    assert_eq!(list.wrong_fields(), ["parameters.list"]);
    let other = patchline.tool("query_database", json!({ "sql": "SELECT 1", "instanceName": "other" })).await;
    assert_eq!(other.wrong_fields(), ["instanceName"]);
}

#[tokio::test]
async fn without_the_switch_there_is_no_such_tool() {
    let patchline = Patchline::start().await;
    let answer = patchline.tool("query_database", json!({ "sql": "SELECT 1" })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_database_that_is_away_does_not_hide_the_others() {
    let variables = [("ENABLE_RDS", "true"), ("RDS_INSTANCES", "archive,patchline-ledger")];
    let patchline = Patchline::with(&variables).await;
    let switch = Switch::new(&patchline);
    let mut aws = patchline.clients.clone();
    aws.rds = switch.databases(&aws.rds);
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(aws, config));
    let audit = AuditLog::start(Arc::clone(&catalog), false);
    let gateway = Gateway::new(catalog, config, audit, Telemetry::off());
    switch.close_for("archive");
    let listed = patchline.tool_through(gateway, "list_database_instances", json!({})).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.text());
    let instances = listed.json()["result"]["instances"].clone();
    let problem = instances[0]["problem"].as_str().unwrap_or_default().to_owned();
    assert!(problem.contains("Nothing is known of it"), "{instances}");
    assert_eq!(
        (&instances[1]["instanceName"], &instances[1]["status"]),
        (&json!("patchline-ledger"), &json!("available"))
    );
}
