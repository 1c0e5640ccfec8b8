//! What calls of models may cost, and how many somebody has under way: for all instances together.

use super::{from_here, somebody};
use crate::support::{Patchline, base64, eventually, zone_by_day};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use patchline::engine::catalog::Catalog;
use patchline::engine::catalog::schema::{LIMITS_TABLE, SETTINGS_TABLE};
use patchline::engine::config::Tokens;
use patchline::engine::gateway::{AuditLog, Gateway, Principal, Role};
use patchline::engine::spending::{ModelCall, ModelError, Spending, Who};
use patchline::engine::telemetry::Telemetry;
use patchline::model::money::MicroDollars;
use patchline::model::settings::OwnLimits;
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A model of which a million tokens cost a dollar, so that a token costs a millionth.
const MODEL: &str = "test.model";

/// What a person may spend in these tests.
const BUDGET: u64 = 100_000;

/// A Patchline whose model has a price. What is not limited by a test is not limited.
async fn priced(variables: &[(&str, &str)]) -> Patchline {
    let mut all = vec![
        ("MCP_MODEL_PRICES", "test.model=1/1"),
        ("MCP_BUDGET_LABEL", "none"),
        ("MCP_BUDGET_PERSON", "0.1"),
        ("MCP_MODEL_CALLS_AT_ONCE", "none"),
    ];
    all.retain(|(name, _)| variables.iter().all(|(given, _)| given != name));
    all.extend(variables);
    Patchline::with(&all).await
}

/// Another instance over the same store, as far as spending goes.
fn instance(patchline: &Patchline) -> Arc<Spending> {
    let config = &patchline.engine.config;
    Spending::new(Arc::new(Catalog::new(patchline.clients.clone(), config)), config)
}

fn who(id: &str) -> Who {
    Who { id: id.to_owned(), role: Role::Artist }
}

fn reads(input: u64) -> Tokens {
    Tokens { input, output: 0 }
}

async fn begin(
    spending: &Arc<Spending>,
    id: &str,
    most: u64,
    now: Timestamp,
) -> Result<ModelCall, ModelError> {
    spending.purse(who(id)).begin(MODEL, reads(most), now).await
}

fn noon() -> Timestamp {
    "2026-11-26T12:00:00Z".parse().expect("a moment")
}

/// How a call ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// The model used so many of a hundred parts of what was set aside.
    Used(u64),
    /// The model did nothing.
    GivenBack,
    /// Nobody says how it ended.
    Lost,
}

/// Makes a call, and says what of it has to count.
async fn spend(spending: Arc<Spending>, id: String, most: u64, end: End) -> u64 {
    match (begin(&spending, &id, most, noon()).await, end) {
        (Ok(call), End::Used(part)) => {
            let used = most * part / 100;
            call.settle(reads(used)).await;
            used
        }
        (Ok(call), End::GivenBack) => {
            call.give_back().await;
            0
        }
        (Ok(call), End::Lost) => {
            drop(call);
            most
        }
        (Err(ModelError::OverBudget(_)), _) => 0,
        (Err(error), _) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_never_spend_more_than_the_budget_and_count_each_call_once() {
    let patchline = priced(&[]).await;
    let instances = [instance(&patchline), instance(&patchline), instance(&patchline)];
    let end = prop_oneof![(0_u64..=100).prop_map(End::Used), Just(End::GivenBack), Just(End::Lost),];
    let calls = prop::collection::vec((1_u64..60_000, end), 1..40);
    let number = AtomicU32::new(0);
    let settings = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(settings, |(calls in calls)| {
        let id = format!("usr_{}", number.fetch_add(1, Ordering::Relaxed));
        let (counted, used) = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                let callers: Vec<_> = calls
                    .iter()
                    .zip(instances.iter().cycle())
                    .map(|((most, end), instance)| {
                        tokio::spawn(spend(Arc::clone(instance), id.clone(), *most, *end))
                    })
                    .collect();
                let mut counted = 0;
                for caller in callers {
                    counted += caller.await.expect("it ends");
                }
                let left = instances[0].purse(who(&id)).left(noon()).await.expect("what is left");
                (counted, left.budgets[0].used.0)
            })
        });
        prop_assert!(counted <= BUDGET, "{counted} of {BUDGET}");
        prop_assert_eq!(counted, used);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_never_have_more_under_way_than_there_are_slots() {
    const SLOTS: u32 = 3;
    let patchline = priced(&[("MCP_MODEL_CALLS_AT_ONCE", "3"), ("MCP_BUDGET_PERSON", "none")]).await;
    let instances = [instance(&patchline), instance(&patchline), instance(&patchline)];
    let under_way = Arc::new(AtomicU32::new(0));
    let callers = instances.iter().cycle().take(30).map(|instance| {
        let (instance, under_way) = (Arc::clone(instance), Arc::clone(&under_way));
        tokio::spawn(async move {
            match begin(&instance, "usr_1", 1, Timestamp::now()).await {
                Ok(call) => {
                    let at_once = under_way.fetch_add(1, Ordering::SeqCst) + 1;
                    assert!(at_once <= SLOTS, "{at_once} at once");
                    tokio::task::yield_now().await;
                    under_way.fetch_sub(1, Ordering::SeqCst);
                    call.settle(reads(1)).await;
                    1
                }
                Err(error) => {
                    assert_eq!(error, ModelError::TooManyAtOnce(SLOTS));
                    0
                }
            }
        })
    });
    let mut admitted = 0;
    for caller in callers.collect::<Vec<_>>() {
        admitted += caller.await.expect("it ends");
    }
    assert!(admitted >= 1, "somebody was let in");
    // All of them are free again, at whichever instance; those of somebody else always were.
    let mut held = Vec::new();
    for instance in &instances {
        held.push(begin(instance, "usr_1", 1, Timestamp::now()).await.expect("a slot is free"));
    }
    let fourth = begin(&instances[0], "usr_1", 1, Timestamp::now()).await;
    assert_eq!(fourth.expect_err("all are taken"), ModelError::TooManyAtOnce(SLOTS));
    assert!(begin(&instances[0], "usr_2", 1, Timestamp::now()).await.is_ok());
}

#[tokio::test]
async fn the_slot_of_a_process_that_died_comes_free_when_its_lease_ends() {
    let patchline = priced(&[("MCP_MODEL_CALLS_AT_ONCE", "1")]).await;
    let (dead, alive) = (instance(&patchline), instance(&patchline));
    let now = Timestamp::now();
    // Nothing of it is ever said again, as when a process is killed.
    std::mem::forget(begin(&dead, "usr_1", 1, now).await.expect("a slot"));
    let soon = begin(&alive, "usr_1", 1, now + SignedDuration::from_secs(1)).await;
    assert_eq!(soon.expect_err("it is held"), ModelError::TooManyAtOnce(1));
    assert!(begin(&alive, "usr_1", 1, now + SignedDuration::from_hours(1)).await.is_ok());
}

#[tokio::test]
async fn what_a_process_that_died_had_set_aside_stays_counted() {
    let patchline = priced(&[]).await;
    let spending = instance(&patchline);
    std::mem::forget(begin(&spending, "usr_1", BUDGET, noon()).await.expect("it fits"));
    assert!(begin(&spending, "usr_1", 1, noon()).await.is_err());
}

/// How many amounts are set aside under a name, in all budgets.
async fn set_aside(patchline: &Patchline) -> usize {
    let table = patchline.clients.dynamodb.scan().table_name(LIMITS_TABLE).consistent_read(true);
    let items = table.send().await.expect("the table of limits").items.unwrap_or_default();
    items.iter().flat_map(HashMap::keys).filter(|name| name.starts_with("aside-")).count()
}

#[tokio::test]
async fn what_is_dropped_stays_paid_and_leaves_no_name_in_the_item_of_the_day() {
    let patchline = priced(&[("MCP_BUDGET_LABEL", "1")]).await;
    let spending = instance(&patchline);
    let call = begin(&spending, "usr_1", 60_000, noon()).await.expect("it fits");
    assert_eq!(set_aside(&patchline).await, 2, "in the budget of the person and in that of the label");
    drop(call);
    eventually("no amount has a name any more", async || set_aside(&patchline).await == 0).await;
    let left = spending.purse(who("usr_1")).left(noon()).await.expect("what is left");
    let used: Vec<_> = left.budgets.iter().map(|budget| budget.used.0).collect();
    assert_eq!(used, [60_000, 60_000]);
}

#[tokio::test]
async fn a_refusal_says_whose_budget_it_is_how_much_is_used_and_when_it_begins_anew() {
    let patchline = priced(&[("MCP_BUDGET_ROLES", "artist=0.05"), ("MCP_TIMEZONE", "Europe/Oslo")]).await;
    let spending = instance(&patchline);
    begin(&spending, "usr_1", 40_000, noon()).await.expect("it fits").settle(reads(40_000)).await;
    let refused = begin(&spending, "usr_2", 20_000, noon()).await.expect_err("the role has no more");
    let message = refused.to_string();
    for said in ["everybody with the role Artist", "US$0.04 of US$0.05", "may cost up to US$0.02"] {
        assert!(message.contains(said), "{message}");
    }
    let ModelError::OverBudget(over) = refused else { panic!("{message}") };
    assert!(over.remedy().contains("27 Nov 2026, 00:00 (CET)"), "{}", over.remedy());
    assert_eq!(over.retry_after().as_secs(), 11 * 60 * 60);
    // What was set aside in their own budget before that of the role refused is theirs again.
    let left = spending.purse(who("usr_2")).left(noon()).await.expect("what is left");
    let used: Vec<_> = left.budgets.iter().map(|budget| budget.used.0).collect();
    assert_eq!((used, left.renewed_at.as_str()), (vec![0, 40_000], "2026-11-26T23:00:00Z"));
    let tomorrow = noon() + SignedDuration::from_hours(11);
    assert!(begin(&spending, "usr_2", 20_000, tomorrow).await.is_ok(), "a new day");
}

#[tokio::test]
async fn a_model_without_a_price_is_charged_and_one_that_is_free_is_not() {
    let free = [("MCP_MODEL_PRICES", "test.model=0/0"), ("MCP_MODEL_PRICE_OTHERS", "1/1")];
    let patchline = priced(&free).await;
    let purse = instance(&patchline).purse(who("usr_1"));
    assert!(purse.begin(MODEL, reads(u64::MAX), noon()).await.is_ok());
    let unknown = purse.begin("nobody.knows", reads(BUDGET + 1), noon()).await;
    assert!(matches!(unknown, Err(ModelError::OverBudget(_))), "{unknown:?}");
}

const ANSWERED: &str = "what is the mechanical rate for a 6:10 song pressed in 2026?";

/// A Patchline with knowledge, in which quoting costs something.
async fn dear(budget: &str) -> Patchline {
    let patchline = priced(&[
        ("ENABLE_BEDROCK", "true"),
        ("MCP_TIMEZONE", zone_by_day()),
        ("MCP_MODEL_PRICES", "local.extractive-v1=1000/1000"),
        ("MCP_BUDGET_PERSON", budget),
    ])
    .await;
    patchline.knowledge_settled().await;
    patchline
}

async fn left(patchline: &Patchline) -> OwnLimits {
    let gateway = &patchline.engine.gateway;
    gateway.own_limits(&Principal::bootstrap_key(), &from_here()).await.expect("what is left").output
}

#[tokio::test]
async fn an_answer_is_paid_for_and_what_needs_no_model_is_not() {
    let patchline = dear("20").await;
    let unknown = json!({ "prompt": "Which visa does our band need to tour the US?" });
    assert_eq!(patchline.tool("generate_music_insights", unknown).await.status, StatusCode::OK);
    assert_eq!(left(&patchline).await.budgets[0].used, MicroDollars::ZERO);
    let answered = patchline.tool("generate_music_insights", json!({ "prompt": ANSWERED })).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text());
    let used = left(&patchline).await.budgets[0].used;
    // Less than the 14,048 tokens that were set aside.
    assert!(used > MicroDollars::ZERO && used < MicroDollars(14_048_000), "{used}");
    assert_eq!(answered.headers["patchline-cost"], format!("{};qu=\"micro-dollars\"", used.0));
    let told = answered.headers["patchline-budget"].to_str().expect("text").to_owned();
    let rest = 20_000_000 - used.0;
    assert!(told.starts_with(&format!("\"Your budget\";q=20000000;r={rest};t=")), "{told}");
    let records = patchline.audit_records().await;
    let costs: Vec<_> = records
        .iter()
        .filter(|record| record["operation"] == "generate_music_insights")
        .map(|record| record["costMicroDollars"].as_u64())
        .collect();
    assert_eq!(costs, [None, Some(used.0)], "the record of a call tells what it cost");
}

#[tokio::test]
async fn over_the_budget_programs_get_429_with_the_budget_and_the_time_to_wait() {
    let patchline = dear("0.01").await;
    let refused = patchline.tool("generate_music_insights", json!({ "prompt": ANSWERED })).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    assert_eq!(refused.headers["ratelimit-policy"], "\"dollars\";q=10000;w=86400;qu=\"micro-dollars\"");
    let wait = refused.headers["retry-after"].to_str().expect("seconds").to_owned();
    assert!(wait.parse::<u64>().is_ok_and(|seconds| (1..=86_401).contains(&seconds)), "{wait}");
    assert_eq!(refused.headers["ratelimit"], format!("\"dollars\";r=10000;t={wait}"));
    let message = refused.error()["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.starts_with("Your budget for models has not enough left today"), "{message}");
}

/// A Patchline with knowledge whose embeddings cost a dollar a thousand tokens, for a budget of a person.
async fn with_dear_embeddings(budget: &str) -> Patchline {
    let patchline = priced(&[
        ("ENABLE_BEDROCK", "true"),
        ("MCP_TIMEZONE", zone_by_day()),
        ("MCP_MODEL_PRICES", "embeddings=1000/0"),
        ("MCP_BUDGET_PERSON", budget),
    ])
    .await;
    patchline.knowledge_settled().await;
    patchline
}

#[tokio::test]
async fn embeddings_of_searches_and_documents_are_paid_from_the_budget() {
    let patchline = with_dear_embeddings("20").await;
    let query = "streaming payola";
    let found = patchline.tool("music_knowledge_search", json!({ "query": query })).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    let of_search = left(&patchline).await.budgets[0].used;
    // Sixteen bytes are about six tokens.
    assert_eq!(of_search, MicroDollars(6_000));
    assert_eq!(found.headers["patchline-cost"], "6000;qu=\"micro-dollars\"");
    let text = "The mill at the river has a room with a long echo.";
    let content = base64(text.as_bytes());
    let document = json!({ "fileName": "mill.txt", "fileContent": content });
    let added = patchline.tool("add_knowledge_document", document).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    let both = left(&patchline).await.budgets[0].used;
    assert_eq!(both, MicroDollars(6_000 + 17_000), "fifty bytes are about seventeen tokens");

    let poor = with_dear_embeddings("0.01").await;
    let refused = poor.tool("music_knowledge_search", json!({ "query": query })).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    let document = json!({ "fileName": "mill.txt", "fileContent": content });
    let refused = poor.tool("add_knowledge_document", document).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    let listed = poor.tool("list_knowledge_documents", json!({})).await;
    assert!(!listed.text().contains("mill.txt"), "nothing is stored of it: {}", listed.text());
    assert_eq!(left(&poor).await.budgets[0].used, MicroDollars::ZERO);
}

/// Stores figures as a version, as another instance would.
async fn store(patchline: &Patchline, version: u32, person: &str) {
    let set = json!({ "MCP_BUDGET_PERSON": person });
    let document = json!({ "version": version, "set": set }).to_string();
    let put = patchline.clients.dynamodb.put_item().table_name(SETTINGS_TABLE);
    let put = put
        .item("name", AttributeValue::S("limits".to_owned()))
        .item("version", AttributeValue::N(version.to_string()))
        .item("document", AttributeValue::S(document));
    put.send().await.expect("it is stored");
}

#[tokio::test]
async fn until_an_instance_has_read_the_limits_it_asks_no_model_that_costs_something() {
    let patchline = dear("20").await;
    store(&patchline, 1, "-1").await;
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(patchline.clients.clone(), config));
    let log = AuditLog::start(Arc::clone(&catalog), false);
    let started = Gateway::new(catalog, config, log, Telemetry::off());
    started.follow_policy().await;
    started.follow_limits().await;
    let ask = async || {
        let (caller, question) = (Principal::bootstrap_key(), json!({ "prompt": ANSWERED }));
        started.call_tool(&caller, &from_here(), "generate_music_insights", question).await.map(drop)
    };
    let refused = ask().await.expect_err("nobody knows what may be spent");
    assert!(refused.message.contains("MCP_BUDGET_PERSON"), "{refused}");
    let seen =
        started.view_settings(&somebody(Role::Admin), &from_here()).await.expect("the settings").output;
    assert!(seen.unusable.contains("MCP_BUDGET_PERSON"), "{}", seen.unusable);

    store(&patchline, 2, "1000").await;
    started.follow_limits().await;
    assert_eq!(ask().await, Ok(()));
    // An instance that knows the limits goes on with them.
    store(&patchline, 3, "-1").await;
    started.follow_limits().await;
    assert_eq!(ask().await, Ok(()));
}
