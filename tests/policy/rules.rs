//! What rules of the environment do to calls.

use crate::support::Patchline;
use axum::http::StatusCode;
use serde_json::{Value, json};

async fn listed(patchline: &Patchline) -> Vec<String> {
    let answer = patchline.get("/api/tools").await.json();
    let tools = answer["tools"].as_array().cloned().unwrap_or_default();
    tools.iter().map(|tool| tool["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn of_tool(records: &[Value], tool: &str) -> Value {
    records.iter().find(|record| record["operation"] == tool).cloned().expect("a record")
}

#[tokio::test]
async fn a_denied_tool_is_in_no_list_and_refused_and_the_record_names_the_rule() {
    let patchline = Patchline::with(&[("MCP_DENIED_TOOLS", "list_audio_files")]).await;
    let tools = listed(&patchline).await;
    assert!(!tools.contains(&"list_audio_files".to_owned()) && tools.len() > 5, "{tools:?}");
    let answer = patchline.tool("list_audio_files", json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    assert_eq!(answer.error()["message"], "list_audio_files is not allowed here.");
    assert_eq!(patchline.tool("list_contracts", json!({})).await.status, StatusCode::OK);
    let metrics = patchline.get("/metrics").await.text();
    assert!(metrics.contains("policy_violations_total{policy=\"denied-tools\"} 1"), "{metrics}");
    let record = of_tool(&patchline.audit_records().await, "list_audio_files");
    assert_eq!(record["policies"], json!(["denied-tools"]));
    assert_eq!((&record["decision"], &record["reason"]), (&json!("denied"), &json!("tool not allowed")));
}

#[tokio::test]
async fn where_only_some_tools_are_allowed_the_others_are_in_no_list() {
    let patchline = Patchline::with(&[("MCP_ALLOWED_TOOLS", "list_audio_files,query_artist_data")]).await;
    assert_eq!(listed(&patchline).await, ["list_audio_files", "query_artist_data"]);
    assert_eq!(patchline.tool("list_contracts", json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(patchline.get("/artists").await.status, StatusCode::OK, "pages are no tools");
}

#[tokio::test]
async fn what_rules_would_deny_is_done_and_on_record_where_they_do_not_block() {
    for variables in [
        [("MCP_DENIED_TOOLS", "list_audio_files"), ("MCP_SECURITY_MODE", "permissive")],
        [("MCP_DENIED_TOOLS", "list_audio_files"), ("MCP_ON_VIOLATION", "log")],
    ] {
        let patchline = Patchline::with(&variables).await;
        assert!(listed(&patchline).await.contains(&"list_audio_files".to_owned()), "{variables:?}");
        assert_eq!(patchline.tool("list_audio_files", json!({})).await.status, StatusCode::OK);
        let record = of_tool(&patchline.audit_records().await, "list_audio_files");
        assert_eq!(record["decision"], "wouldDeny", "{variables:?}");
        assert_eq!(record["wouldDeny"], json!(["denied-tools"]));
        assert_eq!(record["policies"], json!(["role:admin"]));
    }
}

#[tokio::test]
async fn wrong_arguments_of_a_denied_tool_are_not_looked_at() {
    let patchline = Patchline::with(&[("MCP_DENIED_TOOLS", "list_audio_files")]).await;
    let answer = patchline.tool("list_audio_files", json!({ "maxKeys": "many" })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "nobody is told what is wrong with it");
}

#[tokio::test]
async fn an_allowed_call_names_the_policies_that_permit_it() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({})).await;
    let record = of_tool(&patchline.audit_records().await, "list_audio_files");
    assert_eq!(record["policies"], json!(["role:admin"]));
    assert_eq!((&record["decision"], &record["reason"]), (&json!("allowed"), &json!("permitted")));
    assert_eq!(record.get("wouldDeny"), None);
}
