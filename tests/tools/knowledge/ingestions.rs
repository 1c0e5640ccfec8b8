//! When the knowledge base reads its documents anew: what is shipped is kept in step, and no change is forgotten that
//! comes while it reads.

use super::start;
use crate::support::{Patchline, Switch, base64, eventually};
use aws_sdk_bedrockagent::types::IngestionJobStatus;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::telemetry::Telemetry;
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn the_shipped_knowledge_is_written_once_and_kept_in_step() {
    let patchline = start().await;
    let bucket = "patchline-knowledge";
    let s3 = &patchline.clients.s3;
    let stray = "entries/rates/no-longer-there.md";
    let changed = "contracts/sync.md";
    for key in [stray, changed] {
        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"# Old\n\nOld text.");
        s3.put_object().bucket(bucket).key(key).body(body).send().await.expect("it is put");
    }
    let kept = "entries/rates/us-mechanical-work-2026.md";
    let version = async |patchline: &Patchline, key: &str| {
        let head = patchline.clients.s3.head_object().bucket(bucket).key(key).send().await;
        head.map(|head| (head.e_tag, head.version_id)).ok()
    };
    let before = (version(&patchline, kept).await, version(&patchline, changed).await);
    let patchline = patchline.restart().await;
    patchline.knowledge_settled().await;
    let after = (version(&patchline, kept).await, version(&patchline, changed).await);
    assert_eq!(before.0, after.0, "what has not changed is not written again");
    assert_ne!(before.1, after.1, "what was changed is as it is shipped");
    assert_eq!(version(&patchline, stray).await, None, "what is no longer shipped is gone");
}

/// The ingestions that there were so far.
async fn ingestions(patchline: &Patchline) -> usize {
    let jobs = patchline.clients.bedrock_agent.list_ingestion_jobs().knowledge_base_id("kb-music-industry");
    let jobs = jobs.data_source_id("documents").send().await.expect("a list");
    jobs.ingestion_job_summaries().len()
}

/// Another door to the same stores, whose way to the knowledge bases can be switched.
fn through_a_switch(patchline: &Patchline) -> (Gateway, Switch) {
    let switch = Switch::new(patchline);
    let mut aws = patchline.clients.clone();
    aws.bedrock_agent = switch.knowledge_bases(&aws.bedrock_agent);
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(aws, config));
    let audit = AuditLog::start(Arc::clone(&catalog), false);
    (Gateway::new(catalog, config, audit, Telemetry::off()), switch)
}

#[tokio::test]
async fn what_is_added_during_an_ingestion_is_read_when_that_has_ended() {
    let patchline = start().await;
    let (gateway, switch) = through_a_switch(&patchline);
    let before = ingestions(&patchline).await;
    switch.ingest_elsewhere();
    let new = json!({ "fileName": "zamboni.md", "fileContent": base64(b"The zamboni clause.") });
    let added = patchline.tool_through(gateway, "add_knowledge_document", new).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    assert_eq!(added.json()["result"]["ingestionStarted"], false);
    let problem = added.json()["result"]["ingestionProblem"].as_str().unwrap_or_default().to_owned();
    assert!(problem.contains("right after"), "{problem}");
    assert_eq!(ingestions(&patchline).await, before);
    assert_eq!(waits(&patchline).await, Some(true), "a restart would not forget it");
    switch.open();
    eventually("the document is read without another word", || async {
        ingestions(&patchline).await > before && waits(&patchline).await == Some(false)
    })
    .await;
}

/// Whether something of the knowledge base is known to wait for an ingestion.
async fn waits(patchline: &Patchline) -> Option<bool> {
    let key = AttributeValue::S("ingestAgain#kb-music-industry".to_owned());
    let item = patchline.clients.dynamodb.get_item().table_name("patchline-settings").key("name", key);
    let item = item.send().await.expect("an answer").item?;
    Some(*item["waits"].as_bool().expect("yes or no"))
}

/// Keeps that a change waits, as another instance does; earlier versions gave it no name.
async fn another_waits(patchline: &Patchline, change: Option<&str>) {
    let name = AttributeValue::S("ingestAgain#kb-music-industry".to_owned());
    let put = patchline.clients.dynamodb.put_item().table_name("patchline-settings").item("name", name);
    let mut put = put.item("waits", AttributeValue::Bool(true));
    if let Some(change) = change {
        put = put.item("change", AttributeValue::S(change.to_owned()));
    }
    put.send().await.expect("it is put");
}

/// Whether no ingestion is under way.
async fn all_have_ended(patchline: &Patchline) -> bool {
    let jobs = patchline.clients.bedrock_agent.list_ingestion_jobs().knowledge_base_id("kb-music-industry");
    let jobs = jobs.data_source_id("documents").send().await.expect("a list");
    let under_way = [IngestionJobStatus::Starting, IngestionJobStatus::InProgress];
    jobs.ingestion_job_summaries().iter().all(|job| !under_way.contains(job.status()))
}

#[tokio::test]
async fn the_turn_of_one_change_does_not_forget_another_that_came_since() {
    let patchline = start().await;
    let (gateway, switch) = through_a_switch(&patchline);
    switch.ingest_elsewhere();
    let document = |name: &str| json!({ "fileName": name, "fileContent": base64(b"The zamboni clause.") });
    let first = patchline.tool_through(gateway.clone(), "add_knowledge_document", document("first.md"));
    let another_comes = async {
        eventually("the first waits", || async { waits(&patchline).await == Some(true) }).await;
        another_waits(&patchline, Some("another")).await;
        switch.open();
    };
    let (added, ()) = tokio::join!(first, another_comes);
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    assert_eq!(waits(&patchline).await, Some(true), "the other one still waits");

    eventually("it has ended", || all_have_ended(&patchline)).await;
    let added = patchline.tool_through(gateway, "add_knowledge_document", document("second.md")).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    eventually("all has been read", || async { waits(&patchline).await == Some(false) }).await;
}

#[tokio::test]
async fn what_waited_when_the_program_was_killed_is_read_after_its_next_start() {
    let patchline = start().await;
    let before = ingestions(&patchline).await;
    another_waits(&patchline, None).await;
    let patchline = patchline.restart().await;
    eventually("it waits no more", || async { waits(&patchline).await == Some(false) }).await;
    assert_ne!(ingestions(&patchline).await, before, "an ingestion was started");
}
