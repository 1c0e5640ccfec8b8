//! A process that is killed while it makes changes: nothing is changed that is not on record, and whoever lives on
//! records of the rest that nobody knows how it ended.

use super::instance::{Instance, call};
use crate::support::{Patchline, artist, eventually, release};
use aws_sdk_dynamodb::types::AttributeValue;
use patchline::engine::audit_check::verify_in;
use patchline::engine::catalog::Catalog;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often a process is killed: each time at other steps of the changes that it is making.
const ROUNDS: usize = 6;

/// Releases that are changed at the same time.
const RELEASES: usize = 4;

fn id(number: usize) -> String {
    format!("rel_{number}")
}

/// Title and version of a release, as the store has them.
async fn stored(store: &Patchline, release: &str) -> (String, u64) {
    let key = AttributeValue::S(release.to_owned());
    let found = store.clients.dynamodb.get_item().table_name("releases").key("releaseId", key);
    let item = found.send().await.expect("an answer").item.expect("the release");
    let title = item["title"].as_s().expect("a text").clone();
    (title, item["version"].as_n().expect("a number").parse().expect("a number"))
}

/// Changes a release again and again, until nobody answers any more.
async fn change(
    door: (reqwest::Client, String),
    release: String,
    from: u64,
    round: usize,
    made: Arc<AtomicUsize>,
) {
    for version in from.. {
        let title = format!("{round}-{version}");
        let change =
            json!({ "releaseId": release, "expectedVersion": version, "updateData": { "title": title } });
        let answer = call(&door.0, &door.1, "update_release_data", None, &change).await;
        if answer.status != 200 {
            return;
        }
        made.fetch_add(1, Ordering::SeqCst);
    }
}

/// The records of changes of releases: of intents the titles that were wanted, by release, and all calls by phase.
#[derive(Default)]
struct Recorded {
    wanted: HashMap<String, Vec<String>>,
    calls: BTreeMap<String, BTreeSet<String>>,
}

async fn recorded(store: &Patchline) -> Recorded {
    let mut pages = store.clients.dynamodb.scan().table_name("patchline-audit").into_paginator().send();
    let mut recorded = Recorded::default();
    while let Some(page) = pages.next().await {
        for item in page.expect("a page").items.unwrap_or_default() {
            let text = |name: &str| item[name].as_s().expect("a text").clone();
            if text("operation") != "update_release_data" {
                continue;
            }
            recorded.calls.entry(text("phase")).or_default().insert(text("requestId"));
            if text("phase") == "intent" {
                let arguments: Value = serde_json::from_str(&text("arguments")).expect("JSON");
                let said = |value: &Value| value.as_str().expect("a text").to_owned();
                let release = said(&arguments["releaseId"]);
                recorded.wanted.entry(release).or_default().push(said(&arguments["updateData"]["title"]));
            }
        }
    }
    recorded
}

/// How many changes are on the list of those whose end is not known.
async fn left_open(store: &Patchline) -> usize {
    let open = store.clients.dynamodb.query().table_name("patchline-audit-checkpoints");
    let open = open.key_condition_expression("#log = :log").expression_attribute_names("#log", "log");
    let open = open.expression_attribute_values(":log", AttributeValue::S("open".to_owned()));
    open.send().await.expect("an answer").items().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whenever_a_process_is_killed_every_change_that_it_made_is_on_record() {
    let store = Patchline::start().await;
    store.put("artists", artist("art_1", "Mira")).await;
    for number in 0..RELEASES {
        store.put("releases", release(&id(number), "art_1")).await;
    }
    for round in 0..ROUNDS {
        let mut instance = Instance::start_with(&store, None, &[]).await;
        let made = Arc::<AtomicUsize>::default();
        let mut changes = Vec::new();
        for number in 0..RELEASES {
            let (_, version) = stored(&store, &id(number)).await;
            let change = change(instance.door(), id(number), version, round, Arc::clone(&made));
            changes.push(tokio::spawn(change));
        }
        let enough = 5 + 3 * round;
        eventually("changes are made", || async { made.load(Ordering::SeqCst) >= enough }).await;
        instance.kill();
        for change in changes {
            change.await.expect("it ends");
        }
    }

    let found = recorded(&store).await;
    for number in 0..RELEASES {
        let (title, version) = stored(&store, &id(number)).await;
        let wanted = found.wanted.get(&id(number)).cloned().unwrap_or_default();
        assert!(wanted.contains(&title), "{title} of {} was wanted by somebody", id(number));
        let changes = usize::try_from(version - 1).expect("a count");
        assert!(wanted.len() >= changes, "{changes} changes of {}, {} on record", id(number), wanted.len());
    }
    // Of those that were cut off in between, this process records what is known.
    eventually("no change is left open", || async { left_open(&store).await == 0 }).await;
    let found = recorded(&store).await;
    let without: Vec<_> = found.calls["intent"].difference(&found.calls["outcome"]).collect();
    assert!(without.is_empty(), "each change has an outcome on record: {without:?}");
    store.engine.close().await;
    let catalog = Catalog::new(store.clients.clone(), &store.engine.config);
    let report = verify_in(&catalog, None).await.expect("everything can be read");
    assert_eq!(report.problems(), 0, "a crash does not look like tampering: {report:?}");
}
