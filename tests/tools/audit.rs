//! The audit log: what a call leaves behind.

use crate::support::{Patchline, base64, wav};
use patchline::engine::gateway::{Channel, OnBehalfOfTask, Origin, Principal};
use serde_json::{Value, json};

fn of<'a>(records: &'a [Value], operation: &str) -> Vec<&'a Value> {
    records.iter().filter(|record| record["operation"] == operation).collect()
}

#[tokio::test]
async fn a_read_leaves_one_record_with_who_what_and_where() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({ "prefix": "masters/" })).await;
    let records = patchline.audit_records().await;
    let [record] = of(&records, "list_audio_files")[..] else { panic!("one record: {records:?}") };
    assert_eq!(record["principal"], "key:bootstrap");
    assert_eq!(record["channel"], "rest");
    assert_eq!(record["phase"], "outcome");
    assert_eq!(record["decision"], "allowed");
    assert_eq!(record["resources"][0]["name"], "patchline-audio/masters/");
    assert_eq!(record["arguments"], r#"{"prefix":"masters/"}"#);
    assert_eq!(record["authenticated"], "key");
    assert_eq!(
        record["definition"].as_str().map(str::len),
        Some(64),
        "the digest of what the tool is said to be"
    );
    assert_eq!(record["awsRequestIds"].as_array().map(Vec::len), Some(1), "the one request to S3: {record}");
}

#[tokio::test]
async fn a_change_leaves_its_intent_before_and_its_outcome_after() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    patchline.result_of("update_release_data", change).await;
    let records = patchline.audit_records().await;
    let both = of(&records, "update_release_data");
    assert_eq!(both.iter().map(|record| &record["phase"]).collect::<Vec<_>>(), ["intent", "outcome"]);
    assert_eq!(both[0]["requestId"], both[1]["requestId"]);
}

#[tokio::test]
async fn a_failed_change_says_so_in_its_outcome() {
    let patchline = Patchline::start().await;
    let change = json!({ "releaseId": "rel_0", "expectedVersion": 1, "updateData": { "title": "New" } });
    patchline.tool("update_release_data", change).await;
    let records = patchline.audit_records().await;
    let both = of(&records, "update_release_data");
    assert_eq!(both[1]["error"], "notFound: There is no release \"rel_0\".");
}

#[tokio::test]
async fn a_file_in_the_arguments_leaves_only_size_and_digest() {
    let patchline = Patchline::start().await;
    let content = base64(&wav());
    patchline.result_of("upload_audio_file", json!({ "fileName": "a.wav", "fileContent": content })).await;
    let records = patchline.audit_records().await;
    let record = of(&records, "upload_audio_file")[0];
    let arguments: Value = serde_json::from_str(record["arguments"].as_str().expect("text")).expect("JSON");
    assert_eq!(arguments["fileContent"]["bytes"], content.len());
}

#[tokio::test]
async fn a_record_tells_how_much_was_stored_or_read() {
    let patchline = Patchline::start().await;
    let content = base64(&wav());
    let size = u64::try_from(wav().len()).expect("a size");
    patchline.result_of("upload_audio_file", json!({ "fileName": "a.wav", "fileContent": content })).await;
    patchline.result_of("get_audio_file", json!({ "fileName": "a.wav" })).await;
    patchline.get("/media/patchline-audio/a.wav").await;
    let records = patchline.audit_records().await;
    let upload = of(&records, "upload_audio_file");
    assert_eq!(upload[0]["bytesSent"], Value::Null, "nothing was sent when it was only meant");
    assert!(upload[1]["bytesSent"].as_u64().is_some_and(|sent| sent >= size), "{}", upload[1]);
    let opened = of(&records, "open_file")[0];
    assert!(opened["bytesReceived"].as_u64().is_some_and(|received| received >= size), "{opened}");
}

#[tokio::test]
async fn a_step_of_an_agents_work_is_on_record_with_it() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let task = OnBehalfOfTask { task: "run_1".to_owned(), step: "2".to_owned() };
    let origin = Origin { task: Some(task), ..Origin::new(Channel::Rest, None) };
    let called = gateway.call_tool(&Principal::bootstrap_key(), &origin, "list_audio_files", json!({})).await;
    called.expect("a list");
    let records = patchline.audit_records().await;
    let record = of(&records, "list_audio_files")[0];
    assert_eq!((&record["task"], &record["step"]), (&json!("run_1"), &json!("2")));
}

#[tokio::test]
async fn reads_are_kept_for_90_days_and_all_else_for_400_unless_somebody_wants_otherwise() {
    let longer = [("MCP_AUDIT_RETENTION_DAYS", "800"), ("MCP_AUDIT_READS_RETENTION_DAYS", "30")];
    for (variables, reads, others) in [(&[][..], 90, 400), (&longer[..], 30, 800)] {
        let patchline = Patchline::with(variables).await;
        patchline.result_of("list_audio_files", json!({})).await;
        patchline.tool("get_audio_file", json!({ "fileName": "none.wav" })).await;
        patchline.get("/admin/audit").await;
        let records = patchline.audit_records().await;
        let days = |operation: &str| {
            let record = of(&records, operation)[0];
            let made: jiff::Timestamp = record["time"].as_str().expect("a time").parse().expect("a time");
            (record["expiresAt"].as_i64().expect("a time") - made.as_second()) / (24 * 60 * 60)
        };
        assert_eq!(days("list_audio_files"), reads);
        assert_eq!(days("get_audio_file"), others, "it failed");
        assert_eq!(days("view_audit"), others, "it is administration");
    }
}

#[tokio::test]
async fn pages_leave_records_too() {
    let patchline = Patchline::start().await;
    patchline.get("/artists").await;
    let records = patchline.audit_records().await;
    assert_eq!(of(&records, "browse_artists")[0]["channel"], "page");
    assert_eq!(of(&records, "browse_artists")[0]["definition"], Value::Null, "it is no tool");
}
