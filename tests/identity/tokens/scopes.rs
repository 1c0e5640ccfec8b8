//! What a token may be used for: the same as keys, in the words of OAuth.

use super::{LIST, Label, ask, bearer, names};
use crate::support::token_issuer::PUBLIC_URL;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_for_reading_sees_and_calls_nothing_that_changes_something() {
    let label = Label::start().await;
    let token = label.token("tools:read");
    let tools = label.list(&token).await.json();
    let listed = tools["tools"].as_array().expect("a list");
    assert!(listed.len() > 5, "{listed:?}");
    assert!(listed.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true), "{listed:?}");
    let over_mcp = label.mcp("/mcp", &token, "tools/list", json!({})).await.json();
    assert!(!names(&over_mcp["result"]).contains(&"upload_audio_file".to_owned()), "{over_mcp}");
    assert_eq!(label.run(&token, LIST).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_a_token_is_not_for_is_refused_with_the_scopes_that_would_do() {
    let label = Label::start().await;
    let token = label.token("tools:read");
    let call = json!({ "name": "upload_audio_file", "arguments": {} });
    for (told, at) in [
        (label.run(&token, "upload_audio_file").await, "/api"),
        (label.mcp("/mcp", &token, "tools/call", call.clone()).await, "/mcp"),
        (label.mcp("/mcp/s3", &token, "tools/call", call).await, "/mcp/s3"),
    ] {
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{}", told.text);
        let challenge = told.challenge();
        assert!(challenge.starts_with("Bearer error=\"insufficient_scope\""), "{challenge}");
        assert!(challenge.contains("scope=\"tools:read tools:s3\""), "{challenge}");
        let metadata = format!("{PUBLIC_URL}/.well-known/oauth-protected-resource{at}");
        assert!(challenge.contains(&format!("resource_metadata=\"{metadata}\"")), "{challenge}");
        assert!(told.text.contains("may not be used for upload_audio_file"), "{}", told.text);
    }
    let stepped_up = label.token("tools:read tools:s3");
    let tried = label.run(&stepped_up, "upload_audio_file").await;
    assert_eq!(tried.status, StatusCode::BAD_REQUEST, "only its arguments are missing: {}", tried.text);
    assert_eq!(label.run(&stepped_up, "update_release_data").await.status, StatusCode::FORBIDDEN);

    let records = label.patchline.audit_records().await;
    let refused = records.iter().filter(|record| record["reason"] == "beyond the scope of the key");
    let refused: Vec<_> = refused.map(|record| record["operation"].clone()).collect();
    let upload = json!("upload_audio_file");
    assert_eq!(refused, [upload.clone(), upload.clone(), upload, json!("update_release_data")]);
}

/// Sends a request of a client that knows tasks and wants one.
async fn with_tasks(label: &Label, token: &str, method: &str, name: &str, mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { "extensions": { "io.modelcontextprotocol/tasks": {} } },
        "patchline/task": true,
    });
    let headers = [
        bearer(token),
        ("accept", "application/json, text/event-stream".to_owned()),
        ("mcp-protocol-version", "2026-07-28".to_owned()),
        ("mcp-method", method.to_owned()),
        ("mcp-name", name.to_owned()),
    ];
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    ask(&label.served, Method::POST, "/mcp", &headers, Some(body)).await.json()
}

#[tokio::test]
async fn a_token_gets_at_no_task_of_a_tool_that_it_is_not_for() {
    let label = Label::start().await;
    let (all, reading) = (label.token("tools:all"), label.token("tools:read"));
    let call = json!({ "name": "upload_audio_file", "arguments": {} });
    let begun = with_tasks(&label, &all, "tools/call", "upload_audio_file", call).await;
    let id = begun["result"]["taskId"].as_str().unwrap_or_else(|| panic!("no task: {begun}")).to_owned();
    for (method, more) in [
        ("tasks/get", json!({})),
        ("tasks/cancel", json!({})),
        ("tasks/update", json!({ "inputResponses": {} })),
    ] {
        let mut params = more;
        params["taskId"] = json!(id);
        let refused = with_tasks(&label, &reading, method, &id, params.clone()).await;
        let message = refused["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains("may not be used for upload_audio_file"), "{method}: {refused}");
        let taken = with_tasks(&label, &all, method, &id, params).await;
        assert!(taken["error"].is_null(), "{method}: {taken}");
    }
}

#[tokio::test]
async fn a_token_of_one_server_stays_with_it() {
    let label = Label::start().await;
    let token = label.token("tools:s3");
    let tools = label.list(&token).await.json();
    let servers = tools["tools"].as_array().expect("a list").iter().map(|tool| tool["server"].clone());
    assert!(servers.clone().count() > 0 && servers.clone().all(|server| server == "s3"), "{tools}");
    let refused = label.run(&token, "query_artist_data").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.challenge().contains("scope=\"tools:s3 tools:read\""), "{}", refused.challenge());
}

#[tokio::test]
async fn a_token_without_a_scope_of_ours_opens_nothing() {
    let label = Label::start().await;
    for scope in ["", "openid profile", "tools", "tools:coffee", "TOOLS:ALL"] {
        let token = label.token(scope);
        for told in [
            label.list(&token).await,
            label.run(&token, LIST).await,
            label.mcp("/mcp", &token, "tools/list", json!({})).await,
        ] {
            assert_eq!(told.status, StatusCode::FORBIDDEN, "{scope:?}: {}", told.text);
            assert!(told.challenge().contains("error=\"insufficient_scope\""), "{}", told.challenge());
            assert!(told.challenge().contains("scope=\"tools:read\""), "{}", told.challenge());
        }
    }
}

#[tokio::test]
async fn no_scope_is_for_administration() {
    let label = Label::with("default_role = \"admin\"").await;
    let token = label.token("tools:all");
    let drained = label.run(&token, "drain_server").await;
    assert_ne!(drained.status, StatusCode::OK, "{}", drained.text);
    let headers = [bearer(&token)];
    let drain = ask(&label.served, Method::POST, "/api/fleet/s3/drain", &headers, None).await;
    assert_eq!(drain.status, StatusCode::FORBIDDEN, "{}", drain.text);
    assert!(
        !drain.challenge().contains("insufficient_scope"),
        "no other token would do: {}",
        drain.challenge()
    );
}
