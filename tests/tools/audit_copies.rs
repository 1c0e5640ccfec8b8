//! Copies of the audit log's checkpoints in a bucket of their own: what is done to the tables is found by them.

use crate::support::Patchline;
use patchline::engine::audit_check::verify_in;
use patchline::engine::catalog::Catalog;
use patchline::engine::sealing::Problem;
use serde_json::json;

const BUCKET: &str = "patchline-seals";

/// A log that has ended, with a copy of its last checkpoint.
async fn written() -> (Patchline, Catalog) {
    written_with(&[("MCP_AUDIT_BUCKET", BUCKET)]).await
}

/// The same with a copy of each record.
async fn written_with_records() -> (Patchline, Catalog) {
    written_with(&[("MCP_AUDIT_BUCKET", BUCKET), ("MCP_AUDIT_COPY_RECORDS", "true")]).await
}

async fn written_with(variables: &[(&str, &str)]) -> (Patchline, Catalog) {
    let patchline = Patchline::with(variables).await;
    for prefix in ["masters/", "demos/", "artists/"] {
        patchline.result_of("list_audio_files", json!({ "prefix": prefix })).await;
    }
    patchline.engine.close().await;
    let catalog = Catalog::new(patchline.clients.clone(), &patchline.engine.config);
    (patchline, catalog)
}

async fn empty(patchline: &Patchline, table: &str, partition: &str) {
    let store = &patchline.clients.dynamodb;
    let found = store.scan().table_name(table).send().await.expect("a scan");
    for item in found.items() {
        let delete = store.delete_item().table_name(table);
        let delete = delete.key(partition, item[partition].clone()).key("id", item["id"].clone());
        delete.send().await.expect("it is deleted");
    }
}

#[tokio::test]
async fn the_end_of_a_log_is_copied_and_nothing_of_its_records() {
    let (patchline, catalog) = written().await;
    let listed = patchline.clients.s3.list_objects_v2().bucket(BUCKET).send().await.expect("a list");
    assert!(!listed.contents().is_empty(), "there is a copy");
    for object in listed.contents() {
        let key = object.key().expect("a key");
        let read = patchline.clients.s3.get_object().bucket(BUCKET).key(key).send().await.expect("an object");
        let bytes = read.body.collect().await.expect("its content").into_bytes();
        let note = String::from_utf8_lossy(&bytes);
        assert!(note.starts_with("patchline/audit/"), "{note}");
        assert!(!note.contains("list_audio_files") && !note.contains("key:"), "{note}");
    }
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    assert_eq!(report.problems(), 0, "{report:?}");
    assert!(report.logs[0].copies > 0, "{report:?}");
}

#[tokio::test]
async fn a_log_that_is_taken_away_with_all_its_checkpoints_is_missed() {
    let (patchline, catalog) = written().await;
    empty(&patchline, "patchline-audit", "logHour").await;
    empty(&patchline, "patchline-audit-checkpoints", "log").await;
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    let problems: Vec<_> = report.logs.into_iter().flat_map(|log| log.problems).collect();
    assert!(matches!(problems[..], [Problem::Truncated { from: 0, .. }, ..]), "{problems:?}");
}

/// The copies of records, as text.
async fn copied_records(patchline: &Patchline) -> String {
    let s3 = &patchline.clients.s3;
    let listed = s3.list_objects_v2().bucket(BUCKET).send().await.expect("a list");
    let mut text = String::new();
    for key in listed.contents().iter().filter_map(aws_sdk_s3::types::Object::key) {
        if key.ends_with(".ndjson") {
            let read = s3.get_object().bucket(BUCKET).key(key).send().await.expect("an object");
            let bytes = read.body.collect().await.expect("its content").into_bytes();
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    text
}

#[tokio::test]
async fn records_are_copied_without_what_can_be_erased_and_one_that_is_taken_away_is_named() {
    let (patchline, catalog) = written_with_records().await;
    let copied = copied_records(&patchline).await;
    let records =
        patchline.clients.dynamodb.scan().table_name("patchline-audit").send().await.expect("a scan");
    assert_eq!(copied.lines().count(), records.items().len(), "{copied}");
    assert!(copied.contains("list_audio_files") && copied.contains("payloadSha256"), "{copied}");
    for personal in ["masters/", "127.0.0.1", "\"salt\""] {
        assert!(!copied.contains(personal), "{personal}: {copied}");
    }
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    assert_eq!(report.problems(), 0, "{report:?}");
    assert_eq!(report.logs[0].copied_records, report.logs[0].covered, "{report:?}");

    let of_call = |item: &&std::collections::HashMap<_, _>| {
        item["operation"] == aws_sdk_dynamodb::types::AttributeValue::S("list_audio_files".to_owned())
    };
    let taken = records.items().iter().find(of_call).expect("a record of a call");
    let delete = patchline.clients.dynamodb.delete_item().table_name("patchline-audit");
    let delete = delete.key("logHour", taken["logHour"].clone()).key("id", taken["id"].clone());
    delete.send().await.expect("it is deleted");
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    let id = taken["id"].as_s().expect("an id");
    let is_named = |problem: &Problem| {
        matches!(problem, Problem::OnlyInCopy { id: gone, operation, .. }
            if gone == id && operation == "list_audio_files")
    };
    assert!(report.logs[0].problems.iter().any(is_named), "{report:?}");
}

#[tokio::test]
async fn a_log_that_was_taken_away_whole_is_told_record_by_record_from_its_copy() {
    let (patchline, catalog) = written_with_records().await;
    let copied = copied_records(&patchline).await.lines().count();
    empty(&patchline, "patchline-audit", "logHour").await;
    empty(&patchline, "patchline-audit-checkpoints", "log").await;
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    let problems: Vec<_> = report.logs.into_iter().flat_map(|log| log.problems).collect();
    let named = problems.iter().filter(|problem| matches!(problem, Problem::OnlyInCopy { .. })).count();
    assert!(copied > 0 && named == copied, "{problems:?}");
}

#[tokio::test]
async fn no_tool_reaches_the_bucket_of_copies() {
    let (patchline, _) = written().await;
    let listed = patchline.tool("list_audio_files", json!({ "bucketName": BUCKET })).await;
    assert!(listed.status.is_client_error(), "{}", listed.text());
}
