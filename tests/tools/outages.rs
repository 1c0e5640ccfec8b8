//! When a store is away: clear words, the right status, nothing lost.

use crate::support::{Patchline, base64, wav};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_missing_table_sends_to_the_doctor() {
    let patchline = Patchline::start().await;
    patchline.clients.dynamodb.delete_table().table_name("artists").send().await.expect("it is gone");
    let answer = patchline.tool("query_artist_data", json!({})).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    let error = answer.error();
    assert!(error["message"].as_str().is_some_and(|text| text.contains("table artists")), "{error}");
    assert!(error["remedy"].as_str().is_some_and(|text| text.contains("patchline doctor")));
    assert_eq!(patchline.get("/artists").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn nothing_is_changed_while_the_audit_log_cannot_be_written() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    patchline.clients.dynamodb.delete_table().table_name("patchline-audit").send().await.expect("it is gone");
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    let answer = patchline.tool("update_release_data", change).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.error()["message"].as_str().is_some_and(|text| text.starts_with("Nothing was changed")));
    let upload = json!({ "fileName": "a.wav", "fileContent": base64(&wav()) });
    assert_eq!(patchline.tool("upload_audio_file", upload).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    assert_eq!(found["rows"][0]["title"], "Night Drive", "reading still works, and nothing was changed");
    assert_eq!(patchline.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
