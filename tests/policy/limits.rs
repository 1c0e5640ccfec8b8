//! How much a principal may do.

use super::{from_here, somebody};
use crate::support::Patchline;
use axum::http::StatusCode;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, CallErrorKind, Gateway, Role};
use patchline::engine::telemetry::Telemetry;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many calls become allowed in a time, at so many a minute.
fn within(time: Duration, per_minute: u32) -> u64 {
    (time * per_minute).as_secs() / 60 + 1
}

#[tokio::test]
async fn too_many_calls_are_told_which_limit_it_is_and_how_long_to_wait() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "1")]).await;
    let done = patchline.tool("list_audio_files", json!({})).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(done.headers["ratelimit-policy"], "\"default\";q=1;w=60");
    assert_eq!(done.headers["ratelimit"], "\"default\";r=0;t=60", "it was the only one of this minute");
    let refused = patchline.tool("list_audio_files", json!({})).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers["ratelimit-policy"], "\"default\";q=1;w=60");
    let told = refused.text();
    assert!(told.contains("The limit of 1 call a minute for one person is reached"), "{told}");
    let wait = refused.headers["retry-after"].to_str().expect("seconds");
    assert!(wait.parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)), "{wait}");
    assert_eq!(refused.headers["ratelimit"], format!("\"default\";r=0;t={wait}"));
    // The admin at the page is somebody else than the program with the key.
    assert_eq!(patchline.tool_of_page("list_audio_files", &json!({})).await.status, StatusCode::OK);
    let page = patchline.tool_of_page("list_audio_files", &json!({})).await;
    assert_eq!(page.headers["ratelimit-policy"], "\"default\";q=1;w=60");
}

#[tokio::test]
async fn a_tool_with_figures_of_its_own_leaves_the_others_what_they_have() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMITS", "list_audio_files=1/1")]).await;
    assert_eq!(patchline.tool("list_audio_files", json!({})).await.status, StatusCode::OK);
    let refused = patchline.tool("list_audio_files", json!({})).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers["ratelimit-policy"], "\"tool\";q=1;w=60");
    let told = refused.text();
    assert!(told.contains("The limit of 1 call of list_audio_files a minute for one person"), "{told}");
    assert_eq!(patchline.tool("list_contracts", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_role_has_figures_of_its_own_and_each_principal_a_budget_of_its_own() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMITS", "producer=1/1")]).await;
    let gateway = &patchline.engine.gateway;
    let call = async |role: Role, number: u32| {
        let mut who = somebody(role);
        who.id = format!("{}-{number}", role.id());
        let called = gateway.call_tool(&who, &from_here(), "list_audio_files", json!({})).await;
        called.map(drop).map_err(|error| error.kind)
    };
    assert_eq!(call(Role::Producer, 1).await, Ok(()));
    assert_eq!(call(Role::Producer, 1).await, Err(CallErrorKind::TooManyRequests));
    assert_eq!(call(Role::Producer, 2).await, Ok(()), "another producer");
    for _ in 0..3 {
        assert_eq!(call(Role::Label, 1).await, Ok(()), "another role");
    }
}

#[tokio::test]
async fn a_restart_gives_nobody_a_new_budget() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "1")]).await;
    let begun = Instant::now();
    assert_eq!(patchline.tool("list_audio_files", json!({})).await.status, StatusCode::OK);
    let patchline = patchline.restart().await;
    let again = patchline.tool("list_audio_files", json!({})).await;
    if begun.elapsed() < Duration::from_secs(59) {
        assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS, "{}", again.text());
    }
}

/// How many calls three doors on one store let in, of so many that are made at each of them, and in which time.
async fn let_in_by_three_doors(per_minute: u32, burst: u32, at_each: u32) -> (u64, Duration) {
    let (per_minute, burst) = (per_minute.to_string(), burst.to_string());
    let limits = [("MCP_RATE_LIMIT", per_minute.as_str()), ("MCP_BURST_LIMIT", burst.as_str())];
    let patchline = Patchline::with(&limits).await;
    let config = &patchline.engine.config;
    let door = || {
        let catalog = Arc::new(Catalog::new(patchline.clients.clone(), config));
        let audit = AuditLog::start(Arc::clone(&catalog), false);
        Gateway::new(catalog, config, audit, Telemetry::off())
    };
    let doors = [door(), door(), door()];
    let begun = Instant::now();
    let callers = doors.iter().cloned().map(|door| {
        tokio::spawn(async move {
            let mut admitted = 0_u64;
            for _ in 0..at_each {
                let who = somebody(Role::Label);
                match door.call_tool(&who, &from_here(), "list_audio_files", json!({})).await {
                    Ok(_) => admitted += 1,
                    Err(error) => assert_eq!(error.kind, CallErrorKind::TooManyRequests, "{error}"),
                }
            }
            admitted
        })
    });
    let mut admitted = 0;
    for caller in callers.collect::<Vec<_>>() {
        admitted += caller.await.expect("it ends");
    }
    (admitted, begun.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_doors_on_one_store_never_let_more_calls_in_than_the_limit_allows() {
    // Of the second budget, the next calls are taken beside those that are made.
    for (per_minute, burst, at_each) in [(1, 10, 12), (1_440, 12, 60)] {
        let (admitted, time) = let_in_by_three_doors(per_minute, burst, at_each).await;
        let most = u64::from(burst) + within(time, per_minute);
        assert!((1..=most).contains(&admitted), "{admitted} of {most}, at {per_minute} a minute");
    }
}
