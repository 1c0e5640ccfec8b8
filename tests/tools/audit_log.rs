//! The audit log as evidence: whatever is done to its records in the store is found, and where.

use crate::support::Patchline;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};
use patchline::engine::audit_check::{AuditReport, verify_in};
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{Channel, KeyUse, Origin, Principal, Role};
use patchline::engine::sealing::{Problem, PublicKey};
use patchline::engine::tools::views::{EraseAuditPayloads, EraseAuditPayloadsInput};
use patchline::model::key::KeyScope;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

const RECORDS: u64 = 1000;
const TABLE: &str = "patchline-audit";
const CHECKPOINTS: &str = "patchline-audit-checkpoints";

type Item = HashMap<String, AttributeValue>;

/// A log that has ended, and its records by their places.
struct Written {
    patchline: Patchline,
    catalog: Catalog,
    records: Vec<Item>,
}

impl Written {
    async fn new() -> Self {
        let patchline = Patchline::start().await;
        let (somebody, gateway) = (Principal::local_operator(), &patchline.engine.gateway);
        for number in 0..RECORDS {
            let origin = Origin::new(Channel::Command, None);
            gateway.noted(&somebody, &origin, "try_something", &json!({ "number": number }));
        }
        patchline.engine.close().await;
        let catalog = Catalog::new(patchline.clients.clone(), &patchline.engine.config);
        let mut records = scan(&patchline, TABLE).await;
        records.sort_by_key(seq);
        assert_eq!(records.iter().map(seq).collect::<Vec<_>>(), (0..RECORDS).collect::<Vec<_>>());
        Self { patchline, catalog, records }
    }

    async fn report(&self) -> AuditReport {
        verify_in(&self.catalog, None).await.expect("everything can be read")
    }

    /// The problems of the one log.
    async fn problems(&self) -> Vec<Problem> {
        let report = self.report().await;
        assert_eq!(report.logs.len(), 1, "{report:?}");
        report.logs.into_iter().flat_map(|log| log.problems).collect()
    }

    async fn put(&self, record: Item) {
        let put = self.patchline.clients.dynamodb.put_item().table_name(TABLE).set_item(Some(record));
        put.send().await.expect("it is put");
    }

    async fn delete(&self, record: &Item) {
        let delete = self.patchline.clients.dynamodb.delete_item().table_name(TABLE);
        let delete = delete.key("logHour", record["logHour"].clone()).key("id", record["id"].clone());
        delete.send().await.expect("it is deleted");
    }

    /// Many at once, since a test does this to each record of the log.
    async fn put_all(&self, records: impl Iterator<Item = Item>) {
        let put = |record| PutRequest::builder().set_item(Some(record)).build().expect("a request");
        self.send(records.map(|record| WriteRequest::builder().put_request(put(record)).build()).collect())
            .await;
    }

    async fn delete_all<'a>(&self, records: impl Iterator<Item = &'a Item>) {
        let key = |record: &Item| {
            let delete = DeleteRequest::builder().key("logHour", record["logHour"].clone());
            delete.key("id", record["id"].clone()).build().expect("a request")
        };
        self.send(
            records.map(|record| WriteRequest::builder().delete_request(key(record)).build()).collect(),
        )
        .await;
    }

    async fn send(&self, requests: Vec<WriteRequest>) {
        for some in requests.chunks(25) {
            let batch =
                self.patchline.clients.dynamodb.batch_write_item().request_items(TABLE, some.to_vec());
            let left = batch.send().await.expect("it is written").unprocessed_items.unwrap_or_default();
            assert!(left.is_empty(), "all of it is written");
        }
    }

    async fn restore(&self) {
        self.delete_all(scan(&self.patchline, TABLE).await.iter()).await;
        self.put_all(self.records.iter().cloned()).await;
    }
}

async fn scan(patchline: &Patchline, table: &str) -> Vec<Item> {
    let mut pages = patchline.clients.dynamodb.scan().table_name(table).into_paginator().send();
    let mut items = Vec::new();
    while let Some(page) = pages.next().await {
        items.extend(page.expect("a page").items.unwrap_or_default());
    }
    items
}

fn seq(record: &Item) -> u64 {
    record["seq"].as_n().expect("a number").parse().expect("a number")
}

fn text(record: &Item, attribute: &str) -> String {
    record[attribute].as_s().expect("a text").clone()
}

fn at(seq: u64) -> AttributeValue {
    AttributeValue::N(seq.to_string())
}

/// The same record with one thing in it changed, another for each number.
fn flipped(record: &Item, number: u64) -> Item {
    let mut flipped = record.clone();
    let attributes = ["principal", "operation", "requestId", "time", "arguments", "leaf", "channel", "salt"];
    let place = usize::try_from(number).expect("a place") % (attributes.len() + 2);
    match attributes.get(place) {
        Some(attribute) => {
            let mut changed = text(record, attribute);
            let last = changed.pop().expect("a character");
            changed.push(if last == '0' { '1' } else { '0' });
            flipped.insert((*attribute).to_owned(), AttributeValue::S(changed));
        }
        None if place == attributes.len() => {
            flipped.insert("decision".to_owned(), AttributeValue::S("denied".to_owned()));
        }
        None => {
            flipped.insert("durationMicros".to_owned(), at(987_654_321));
        }
    }
    flipped
}

/// A record that was never written, in the place of another one.
fn forged(record: &Item) -> Item {
    let mut forged = record.clone();
    forged.insert("id".to_owned(), AttributeValue::S(format!("{}X", text(record, "id"))));
    forged
}

#[tokio::test]
async fn a_log_that_was_left_alone_is_right() {
    let log = Written::new().await;
    let report = log.report().await;
    assert_eq!(report.problems(), 0, "{report:?}");
    assert_eq!((report.logs[0].records, report.logs[0].covered), (RECORDS, RECORDS));
    assert!(report.logs[0].ended);
    let known = report.key.expect("a key");
    let pinned = verify_in(&log.catalog, Some(known)).await.expect("everything can be read");
    assert_eq!(pinned.problems(), 0);
    let other: PublicKey = "00".repeat(32).parse().expect("a key");
    let other = verify_in(&log.catalog, Some(other)).await.expect("everything can be read");
    assert_ne!(other.problems(), 0, "another key has signed nothing here");
}

#[tokio::test]
async fn each_of_a_thousand_records_is_found_that_is_changed_deleted_put_in_or_moved() {
    let log = Written::new().await;

    log.put_all(log.records.iter().map(|record| flipped(record, seq(record)))).await;
    let found: BTreeSet<_> = log
        .problems()
        .await
        .into_iter()
        .map(|problem| match problem {
            Problem::Changed { seq, .. } | Problem::PayloadChanged { seq, .. } => seq,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(found, (0..RECORDS).collect(), "changed");
    log.restore().await;

    log.delete_all(log.records.iter().filter(|record| seq(record).is_multiple_of(2))).await;
    let expected = (0..RECORDS).step_by(2).map(|seq| Problem::Missing { seq });
    assert_eq!(log.problems().await, expected.collect::<Vec<_>>(), "deleted");
    log.restore().await;

    log.delete_all(log.records.iter().filter(|record| seq(record) % 2 == 1)).await;
    let mut expected: Vec<_> = (1..RECORDS - 1).step_by(2).map(|seq| Problem::Missing { seq }).collect();
    expected.push(Problem::Truncated { from: RECORDS - 1, last: RECORDS - 1 });
    assert_eq!(log.problems().await, expected, "the others deleted");
    log.restore().await;

    log.put_all(log.records.iter().map(forged)).await;
    let mut expected: Vec<_> = log
        .records
        .iter()
        .map(|record| Problem::Inserted { seq: seq(record), id: format!("{}X", text(record, "id")) })
        .collect();
    expected.sort();
    assert_eq!(log.problems().await, expected, "put in");
    log.restore().await;

    let moved = |record: &Item| {
        let mut moved = record.clone();
        moved.insert("seq".to_owned(), at(RECORDS - 1 - seq(record)));
        moved
    };
    log.put_all(log.records.iter().map(moved)).await;
    let mut expected: Vec<_> = log
        .records
        .iter()
        .map(|record| Problem::Moved {
            seq: RECORDS - 1 - seq(record),
            id: text(record, "id"),
            written: seq(record),
        })
        .collect();
    expected.sort();
    assert_eq!(log.problems().await, expected, "moved");
}

#[tokio::test]
async fn a_log_that_is_cut_off_is_found_wherever_it_is_cut() {
    let log = Written::new().await;
    let mut left = RECORDS;
    for cut in [999, 998, 768, 767, 512, 1, 0] {
        log.delete_all(log.records.iter().filter(|record| (cut..left).contains(&seq(record)))).await;
        left = cut;
        let expected = [Problem::Truncated { from: cut, last: RECORDS - 1 }];
        assert_eq!(log.problems().await, expected, "at {cut}");
    }
}

#[tokio::test]
async fn of_one_thing_that_is_done_exactly_that_is_told() {
    let log = Written::new().await;
    let mut random = ChaCha8Rng::seed_from_u64(5);
    for round in 0..24 {
        let place = random.next_u64() % (RECORDS - 1);
        let record = &log.records[usize::try_from(place).expect("a place")];
        let id = text(record, "id");
        let expected = match round % 3 {
            0 => {
                let mut changed = record.clone();
                changed.insert("operation".to_owned(), AttributeValue::S("something_else".to_owned()));
                log.put(changed).await;
                Problem::Changed { seq: place, id }
            }
            1 => {
                log.delete(record).await;
                Problem::Missing { seq: place }
            }
            _ => {
                log.put(forged(record)).await;
                Problem::Inserted { seq: place, id: format!("{id}X") }
            }
        };
        assert_eq!(log.problems().await, [expected], "round {round}");
        log.delete(&forged(record)).await;
        log.put(record.clone()).await;
    }
}

#[tokio::test]
async fn nothing_is_written_behind_the_end_of_a_log() {
    let log = Written::new().await;
    let (somebody, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
    log.patchline.engine.gateway.noted(&somebody, &origin, "try_something", &json!({}));
    log.patchline.engine.close().await;
    assert_eq!(scan(&log.patchline, TABLE).await.len(), log.records.len());
    assert!(log.problems().await.is_empty());
}

#[tokio::test]
async fn records_whose_payload_is_erased_are_still_proven() {
    let Written { patchline, catalog, .. } = Written::new().await;
    drop(catalog);
    let patchline = patchline.restart().await;
    let (somebody, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
    let input = EraseAuditPayloadsInput { principal: somebody.id.clone() };
    let answer = patchline.engine.gateway.call::<EraseAuditPayloads>(&somebody, &origin, input).await;
    assert!(answer.expect("it is done").output >= RECORDS);
    patchline.engine.close().await;
    let left = scan(&patchline, TABLE).await;
    for record in
        left.iter().filter(|record| record["operation"].as_s().is_ok_and(|name| name == "try_something"))
    {
        for attribute in ["salt", "address", "arguments", "argumentsSha256", "resources", "error"] {
            assert!(!record.contains_key(attribute), "{attribute} of {record:?}");
        }
    }
    let catalog = Catalog::new(patchline.clients.clone(), &patchline.engine.config);
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    let erased: u64 = report.logs.iter().map(|log| log.erased).sum();
    assert!(report.problems() == 0 && erased >= RECORDS, "{report:?}");
}

#[tokio::test]
async fn what_programs_did_in_the_name_of_somebody_is_erased_with_the_rest() {
    let patchline = Patchline::start().await;
    for (id, owner) in [
        ("key:1", "usr_ana"),
        ("token:report#1", "usr_ana"),
        ("token:report#2", "ext_7"),
        ("token:report#3", "ext_8"),
    ] {
        let scope = KeyScope::AllTools;
        let in_use = KeyUse { owner: owner.to_owned(), scope, ceiling: Role::Label, token: None };
        let program = Principal { key: Some(Arc::new(in_use)), ..Principal::new(id, "Report", Role::Label) };
        let origin = Origin::new(Channel::Rest, None);
        let call = patchline.engine.gateway.call_tool(&program, &origin, "list_audio_files", json!({}));
        call.await.expect("it is done");
    }
    let patchline = patchline.restart().await;
    let (operator, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
    for (who, records) in [("usr_ana", 2), ("ext_7", 1), ("ext_7", 0)] {
        let input = EraseAuditPayloadsInput { principal: who.to_owned() };
        let done = patchline.engine.gateway.call::<EraseAuditPayloads>(&operator, &origin, input).await;
        assert_eq!(done.expect("it is done").output, records, "{who}");
    }
    let left = patchline.all_audit_records().await;
    let calls: Vec<_> = left.iter().filter(|record| record["operation"] == "list_audio_files").collect();
    assert_eq!(calls.len(), 4, "{calls:?}");
    for call in calls {
        assert_eq!(call["arguments"].is_null(), call["onBehalfOf"] != "ext_8", "{call}");
    }
}

#[tokio::test]
async fn a_checkpoint_that_is_changed_or_gone_is_told_and_hides_nothing() {
    let log = Written::new().await;
    let store = &log.patchline.clients.dynamodb;
    let mut checkpoints = scan(&log.patchline, CHECKPOINTS).await;
    checkpoints.retain(|item| text(item, "log").starts_with("checkpoint#"));
    checkpoints.sort_by_key(|item| text(item, "id"));
    let first = checkpoints[0].clone();
    assert!(checkpoints.len() > 2, "several checkpoints and the end");

    let mut changed = first.clone();
    let note = text(&first, "note").replacen("time 2", "time 3", 1);
    changed.insert("note".to_owned(), AttributeValue::S(note));
    store.put_item().table_name(CHECKPOINTS).set_item(Some(changed)).send().await.expect("it is put");
    let problems = log.problems().await;
    assert!(matches!(problems[..], [Problem::Uncovered { .. } | Problem::Checkpoint { .. }, ..]));

    let mut odd = first.clone();
    odd.remove("note");
    store.put_item().table_name(CHECKPOINTS).set_item(Some(odd)).send().await.expect("it is put");
    let report = log.report().await;
    let name = format!("{}/{}", text(&first, "log"), text(&first, "id"));
    assert_eq!(report.unreadable, [name], "one that cannot be read does not end the check");

    let gone = store.delete_item().table_name(CHECKPOINTS);
    let gone = gone.key("log", first["log"].clone()).key("id", first["id"].clone());
    gone.send().await.expect("it is deleted");
    let problems = log.problems().await;
    assert!(matches!(problems[..], [Problem::Uncovered { from: 0, .. }]), "{problems:?}");
    log.delete(&log.records[3]).await;
    assert!(
        log.problems().await.contains(&Problem::Missing { seq: 3 }),
        "a missing record is told all the same"
    );
}
