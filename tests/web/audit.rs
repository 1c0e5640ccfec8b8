//! The page of the audit log and its files, as a browser without JavaScript gets them.

use crate::policy::{from_here, somebody};
use crate::support::{Patchline, eventually};
use axum::http::{StatusCode, header};
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::engine::tools::views::{
    ExportAudit, ExportAuditInput, FollowAudit, VerifyRecord, VerifyRecordInput, ViewAudit,
};
use patchline::model::audit::AuditQuestion;
use serde_json::{Value, json};

/// The page, as soon as the record that it is to show has been written.
async fn page_with(patchline: &Patchline, path: &str, said: &str) -> String {
    eventually(&format!("{said} at {path}"), || async { patchline.get(path).await.text().contains(said) })
        .await;
    patchline.get(path).await.text()
}

/// The name of the first record that a page links to, as it stands in an address.
fn first_record(page: &str) -> String {
    let link = page.split("record=").nth(1).and_then(|rest| rest.split(['"', '&']).next());
    link.expect("a link to a record").to_owned()
}

#[tokio::test]
async fn the_page_shows_who_did_what_the_newest_first() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({ "prefix": "masters/" })).await;
    patchline.tool("get_audio_file", json!({ "fileName": "none.wav" })).await;
    let page = page_with(&patchline, "/admin/audit?who=key%3Abootstrap", "get_audio_file").await;
    let (older, newer) = (page.find("list_audio_files"), page.find("get_audio_file"));
    assert!(newer < older && older.is_some(), "{page}");
    assert!(page.contains("key:bootstrap") && page.contains("patchline-audio/masters/"), "{page}");

    let failed = patchline.get("/admin/audit?who=key%3Abootstrap&outcome=failed").await.text();
    assert!(failed.contains("get_audio_file") && !failed.contains("list_audio_files"), "{failed}");
    let touched = patchline.get("/admin/audit?who=key%3A&resource=masters").await.text();
    assert!(touched.contains("list_audio_files") && !touched.contains("get_audio_file"), "{touched}");
    let before = patchline.get("/admin/audit?who=key%3A&to=2026-01-02&from=2026-01-01").await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.text());
    let before = before.text();
    assert!(before.contains("No records fit") && !before.contains("list_audio_files"), "{before}");
    let wrong = patchline.get("/admin/audit?from=yesterday").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
}

#[tokio::test]
async fn people_are_shown_and_found_by_their_names() {
    let patchline = Patchline::start().await;
    let added = patchline.engine.identity.add("Ana Lima", "ana@label.example", Role::Label).await;
    let user = added.expect("somebody is added");
    let ana = Principal::new(user.id.clone(), user.name.clone(), Role::Label);
    let called = patchline.engine.gateway.call_tool(&ana, &from_here(), "list_audio_files", json!({})).await;
    called.expect("the files are listed");
    for who in ["lima", "ana@label"] {
        let page = page_with(&patchline, &format!("/admin/audit?who={who}"), "list_audio_files").await;
        assert!(page.contains("Ana Lima · ") && page.contains(&user.id), "{page}");
    }
    let file = patchline.get("/export/audit?who=lima&format=jsonl").await.text();
    assert!(file.contains(&user.id) && file.contains("list_audio_files"), "{file}");
    let nobody = patchline.get("/admin/audit?who=lima-").await.text();
    assert!(!nobody.contains("list_audio_files"), "{nobody}");
}

#[tokio::test]
async fn a_record_has_an_address_and_is_verified_there() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({ "prefix": "masters/" })).await;
    let list = "/admin/audit?operation=list_audio_files";
    let record = first_record(&page_with(&patchline, list, "record=").await);
    let open = format!("{list}&record={record}");
    let page = patchline.get(&open).await.text();
    for said in ["A key", "REST", "role:admin", "patchline-audio/masters/", "req_", "Place in its log"] {
        assert!(page.contains(said), "the drawer says {said:?}: {page}");
    }
    // A checkpoint covers it within seconds.
    let verified =
        page_with(&patchline, &format!("{open}&verify=1"), "This record is what was written.").await;
    assert!(verified.contains("Checked on the server."), "{verified}");

    let name = percent_encoding::percent_decode_str(&record).decode_utf8_lossy().into_owned();
    let (hour, id) = name.rsplit_once('/').expect("hour and id");
    let store = &patchline.clients.dynamodb;
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let change =
        store.update_item().table_name("patchline-audit").key("logHour", text(hour)).key("id", text(id));
    let change =
        change.update_expression("SET principal = :other").expression_attribute_values(":other", text("x"));
    change.send().await.expect("somebody changes it");
    let changed = patchline.get(&format!("{open}&verify=1")).await.text();
    assert!(changed.contains("This record is not what was written at its place."), "{changed}");
    let gone = patchline.get("/admin/audit?record=log%23a%232026010100%2F01&verify=1").await.text();
    assert!(gone.contains("There is no such record"), "{gone}");
}

#[tokio::test]
async fn the_log_is_downloaded_in_three_forms_and_that_is_on_record() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({ "prefix": "masters/" })).await;
    let only = "operation=list_audio_files";
    page_with(&patchline, &format!("/admin/audit?{only}"), "record=").await;

    let lines = patchline.get(&format!("/export/audit?{only}&format=jsonl")).await;
    assert_eq!(lines.status, StatusCode::OK, "{}", lines.text());
    assert!(
        lines.headers[header::CONTENT_DISPOSITION].to_str().is_ok_and(|text| text.contains("audit.jsonl"))
    );
    let records: Vec<Value> =
        lines.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0]["principal"], "key:bootstrap");

    let table = patchline.get(&format!("/export/audit?{only}&format=csv")).await.text();
    assert_eq!(table.lines().count(), 2, "a head and a row: {table}");
    assert!(table.starts_with("time,log,seq,") && table.contains("list_audio_files"), "{table}");

    let events = patchline.get(&format!("/export/audit?{only}&format=ocsf")).await.text();
    let event: Value = serde_json::from_str(events.trim()).expect("one event");
    assert_eq!((&event["class_uid"], &event["api"]["operation"]), (&json!(6003), &json!("list_audio_files")));

    let odd = patchline.get("/export/audit?format=pdf").await;
    assert_eq!((odd.status, odd.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["format".to_owned()]));
    let records = patchline.audit_records().await;
    let exports: Vec<_> = records.iter().filter(|record| record["operation"] == "export_audit").collect();
    assert_eq!(exports.len(), 4, "{exports:?}");
    assert!(exports[1]["arguments"].as_str().is_some_and(|text| text.contains("\"format\":\"csv\"")));
}

#[tokio::test]
async fn new_records_are_told_as_they_are_made_and_only_those_that_fit() {
    let patchline = Patchline::start().await;
    let engine = patchline.engine.clone();
    let path = "/events/audit?operation=list_audio_files";
    let told = patchline.events_until(path, "list_audio_files", move || engine.end_streams());
    let made = async {
        patchline.result_of("query_artist_data", json!({})).await;
        patchline.result_of("list_audio_files", json!({ "prefix": "masters/" })).await;
    };
    let (told, ()) = tokio::join!(told, made);
    assert!(told.contains("event: audit") && told.contains("patchline-audio/masters/"), "{told}");
    assert!(!told.contains("query_artist_data"), "{told}");
    let records = patchline.audit_records().await;
    let opened: Vec<_> = records.iter().filter(|record| record["operation"] == "follow_audit").collect();
    assert_eq!(opened.len(), 1, "following is on record once: {opened:?}");
}

#[tokio::test]
async fn nobody_but_admins_reads_verifies_or_downloads_it() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        let who = somebody(role);
        let question = AuditQuestion::default();
        let viewed = gateway.call::<ViewAudit>(&who, &from_here(), question.clone()).await;
        assert_eq!(viewed.expect_err("refused").kind, CallErrorKind::Forbidden, "{role:?}");
        let followed = gateway.call::<FollowAudit>(&who, &from_here(), question.clone()).await;
        assert_eq!(followed.expect_err("refused").kind, CallErrorKind::Forbidden, "{role:?}");
        let record = VerifyRecordInput { record: "log#a#2026112600/01".to_owned() };
        let verified = gateway.call::<VerifyRecord>(&who, &from_here(), record).await;
        assert_eq!(verified.expect_err("refused").kind, CallErrorKind::Forbidden, "{role:?}");
        let export = ExportAuditInput { question, format: "csv" };
        let exported = gateway.call::<ExportAudit>(&who, &from_here(), export).await;
        assert_eq!(exported.expect_err("refused").kind, CallErrorKind::Forbidden, "{role:?}");
    }
}
