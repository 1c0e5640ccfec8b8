//! Changes that a process has left open because it died: whoever starts next says so in the audit log.

use crate::support::{Patchline, eventually};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use std::collections::HashMap;

const AUDIT: &str = "patchline-audit";
const CHECKPOINTS: &str = "patchline-audit-checkpoints";

fn text(text: &Value) -> AttributeValue {
    AttributeValue::S(text.as_str().expect("a text").to_owned())
}

/// A change that was made, by its intent and its outcome.
async fn changed(patchline: &Patchline) -> [Value; 2] {
    patchline.put_artist_and_release().await;
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    patchline.result_of("update_release_data", change).await;
    let mut records = patchline.audit_records().await;
    records.retain(|record| record["operation"] == "update_release_data");
    records.try_into().expect("an intent and an outcome")
}

/// Puts the change on the list again, as a process that died has left it there.
async fn leave_open(patchline: &Patchline, intent: &Value) {
    let item: HashMap<_, _> = [
        ("log", AttributeValue::S("open".to_owned())),
        ("id", AttributeValue::S("a-process-that-died".to_owned())),
        ("logHour", text(&intent["logHour"])),
        ("record", text(&intent["id"])),
        ("requestId", text(&intent["requestId"])),
        ("aliveUntil", AttributeValue::N("1".to_owned())),
        ("expiresAt", AttributeValue::N("4000000000".to_owned())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let put = patchline.clients.dynamodb.put_item().table_name(CHECKPOINTS).set_item(Some(item));
    put.send().await.expect("it is put");
}

async fn is_open(patchline: &Patchline) -> bool {
    let found = patchline.clients.dynamodb.scan().table_name(CHECKPOINTS).send().await.expect("a scan");
    found.items().iter().any(|item| item["log"] == AttributeValue::S("open".to_owned()))
}

async fn outcomes(patchline: &Patchline, request: &Value) -> Vec<Value> {
    let mut records = patchline.all_audit_records().await;
    records.retain(|record| record["requestId"] == *request && record["phase"] == "outcome");
    records
}

#[tokio::test]
async fn a_change_that_has_ended_is_on_the_list_no_more() {
    let patchline = Patchline::start().await;
    changed(&patchline).await;
    assert!(!is_open(&patchline).await);
}

#[tokio::test]
async fn the_next_start_records_that_nobody_knows_how_the_change_ended() {
    let patchline = Patchline::start().await;
    let [intent, outcome] = changed(&patchline).await;
    let delete = patchline.clients.dynamodb.delete_item().table_name(AUDIT);
    let delete = delete.key("logHour", text(&outcome["logHour"])).key("id", text(&outcome["id"]));
    delete.send().await.expect("as if it had never been written");
    leave_open(&patchline, &intent).await;

    let patchline = patchline.restart().await;
    eventually("it is found out what became of the change", || async { !is_open(&patchline).await }).await;
    let found = outcomes(&patchline, &intent["requestId"]).await;
    let [unknown] = &found[..] else { panic!("one outcome: {found:?}") };
    assert!(
        unknown["error"].as_str().is_some_and(|error| error.starts_with("unknownOutcome: ")),
        "{unknown}"
    );
    for same in ["principal", "role", "channel", "operation", "arguments", "resources"] {
        assert_eq!(unknown[same], intent[same], "{same}");
    }
    assert_ne!(unknown["logHour"], intent["logHour"], "it stands in the log of whoever found it out");
}

#[tokio::test]
async fn a_change_whose_outcome_is_on_record_is_only_taken_off_the_list() {
    let patchline = Patchline::start().await;
    let [intent, outcome] = changed(&patchline).await;
    leave_open(&patchline, &intent).await;
    let patchline = patchline.restart().await;
    eventually("the change is taken off the list", || async { !is_open(&patchline).await }).await;
    assert_eq!(outcomes(&patchline, &intent["requestId"]).await, [outcome]);
}
