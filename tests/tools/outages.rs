//! When a store is away: clear words, the right status, nothing lost.

use crate::support::{Patchline, base64, wav};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::StreamExt;
use patchline::engine::catalog::Catalog;
use patchline::engine::catalog::schema::{AUDIT_BY_PRINCIPAL, AUDIT_TABLE};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

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
    patchline.refused_and_recorded(&[&answer]).await;
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
    let upload = patchline.tool("upload_audio_file", upload).await;
    assert_eq!(upload.status, StatusCode::SERVICE_UNAVAILABLE, "{}", upload.text());
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    assert_eq!(found["rows"][0]["title"], "Night Drive", "reading still works, and nothing was changed");
    assert_eq!(patchline.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let listed = patchline.result_of("list_audio_files", json!({})).await;
    assert_eq!(listed["files"], json!([]));

    bring_the_audit_table_back(&patchline).await;
    patchline.refused_and_recorded(&[&answer, &upload]).await;
}

#[tokio::test]
async fn no_contract_is_shown_before_that_is_on_record() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    let shown = patchline.tool("list_contracts", json!({})).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    let kept = patchline.clients.dynamodb.scan().table_name("patchline-audit").send().await.expect("a scan");
    let is_on_record = |item: &HashMap<String, AttributeValue>| {
        item.get("operation").and_then(|name| name.as_s().ok()).is_some_and(|name| name == "list_contracts")
    };
    assert!(kept.items().iter().any(is_on_record), "when the answer is there: {:?}", kept.items());
    patchline.clients.dynamodb.delete_table().table_name("patchline-audit").send().await.expect("it is gone");
    let refused = patchline.tool("list_contracts", json!({})).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    let message = refused.error()["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.starts_with("Nothing was shown, because the audit log cannot be written."), "{message}");
    let ledger = patchline.tool("query_database", json!({ "sql": "SELECT 1" })).await;
    assert_eq!(ledger.status, StatusCode::SERVICE_UNAVAILABLE, "the ledger of royalties: {}", ledger.text());
    patchline.result_of("list_audio_files", json!({})).await;

    let metrics = patchline.get("/metrics").await.text();
    let counted = |tool: &str| {
        let of_tool = format!("tool=\"{tool}\"");
        let count = |line: &str| {
            let (labels, calls) = line.rsplit_once(' ')?;
            let status = labels.split("status=\"").nth(1)?.split('"').next()?;
            Some((status.to_owned(), calls.to_owned()))
        };
        let lines = metrics.lines().filter(|line| line.starts_with("mcp_requests_total"));
        lines.filter(|line| line.contains(&of_tool)).filter_map(count).collect::<Vec<_>>()
    };
    let (once, ok, error) = (|| "1".to_owned(), || "ok".to_owned(), || "error".to_owned());
    assert_eq!(counted("list_contracts"), [(ok(), once()), (error(), once())], "{metrics}");
    assert_eq!(counted("query_database"), [(error(), once())], "{metrics}");
}

#[tokio::test]
async fn an_index_that_the_table_of_an_older_version_has_not_is_named_and_made() {
    let patchline = Patchline::start().await;
    patchline.clients.dynamodb.delete_table().table_name(AUDIT_TABLE).send().await.expect("it is gone");
    bring_the_audit_table_back(&patchline).await;
    let catalog = Catalog::new(patchline.clients.clone(), &patchline.engine.config);
    let definitions = catalog.table_definitions();
    let audit = definitions.iter().find(|table| table.name == AUDIT_TABLE).expect("a definition");
    let missing = async || {
        let missing = catalog.missing_indexes(audit).await.expect("the table is there");
        missing.into_iter().map(|(index, _)| index).collect::<Vec<_>>()
    };
    assert_eq!(missing().await, [AUDIT_BY_PRINCIPAL]);
    catalog.create_missing().await.expect("it is made");
    assert_eq!(missing().await, Vec::<&str>::new());
}

/// Makes the audit table again, as `patchline doctor` says.
async fn bring_the_audit_table_back(patchline: &Patchline) {
    let mut request = patchline.clients.dynamodb.create_table().table_name("patchline-audit");
    for (name, key) in [("logHour", KeyType::Hash), ("id", KeyType::Range)] {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        let attribute = attribute.attribute_type(ScalarAttributeType::S).build().expect("an attribute");
        let key = KeySchemaElement::builder().attribute_name(name).key_type(key).build().expect("a key");
        request = request.attribute_definitions(attribute).key_schema(key);
    }
    request.billing_mode(BillingMode::PayPerRequest).send().await.expect("it is back");
}

#[tokio::test]
async fn records_of_what_changed_nothing_wait_until_the_audit_log_can_be_written_again() {
    let patchline = Patchline::start().await;
    patchline.clients.dynamodb.delete_table().table_name("patchline-audit").send().await.expect("it is gone");
    patchline.result_of("list_audio_files", json!({})).await;
    // A change waits for the log, and so shows that the record before it could not be written.
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    let refused = patchline.tool("update_release_data", change).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    bring_the_audit_table_back(&patchline).await;
    let records = patchline.audit_records().await;
    let operations: Vec<_> = records.iter().map(|record| &record["operation"]).collect();
    // The intent has its place in the log, and what followed says that nothing came of it.
    assert_eq!(operations, ["list_audio_files", "update_release_data", "update_release_data"]);
    assert_eq!(records[1]["phase"], "intent");
    assert_eq!((&records[2]["phase"], &records[2]["decision"]), (&json!("outcome"), &json!("denied")));
    assert_eq!(records[2]["requestId"], refused.error()["requestId"]);
}

#[tokio::test]
async fn an_upload_that_does_not_end_is_cut_off_when_the_program_ends() {
    let patchline = Patchline::start().await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    // The second piece of the file is asked for when the upload has begun, and never comes.
    let never = futures::stream::once(async move {
        begun.send(()).expect("the test waits");
        std::future::pending::<Result<bytes::Bytes, std::io::Error>>().await
    });
    let content = futures::stream::iter([Ok(bytes::Bytes::from(wav()))]).chain(never);
    let request =
        Request::put("/upload/audio?fileName=slow.wav").body(Body::from_stream(content)).expect("one");
    let upload = patchline.send(request);
    let ending = async {
        has_begun.await.expect("it begins");
        patchline.engine.close_within(Duration::ZERO).await;
    };
    let (answer, ()) = tokio::join!(upload, ending);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    let records = patchline.audit_records().await;
    assert_eq!(records.len(), 2, "{records:?}");
    assert!(records[1]["error"].as_str().is_some_and(|text| text.starts_with("abandoned")), "{records:?}");
}
