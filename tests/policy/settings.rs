//! Limits and budgets that admins set while Patchline runs: stored as versions, known to every instance; and the
//! configuration as admins see it.

use super::people::People;
use super::{from_here, somebody};
use crate::support::visitor::form;
use crate::support::{KEY, Patchline, eventually};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, CallError, CallErrorKind, Gateway, Role};
use patchline::engine::telemetry::Telemetry;
use patchline::model::settings::{LimitsForm, LimitsVersion, ValueSource};
use serde_json::json;
use std::sync::Arc;

fn typed(version: u32, set: &[(&str, &str)]) -> LimitsForm {
    let set = set.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    LimitsForm { expected_version: version, note: "A test".to_owned(), set }
}

async fn change(gateway: &Gateway, typed: LimitsForm) -> Result<LimitsVersion, CallError> {
    gateway.change_limits(&somebody(Role::Admin), &from_here(), typed).await.map(|answer| answer.output)
}

async fn calls_a_minute(gateway: &Gateway) -> u32 {
    let left = gateway.own_limits(&somebody(Role::Label), &from_here()).await;
    left.expect("what is left").output.calls_a_minute
}

#[tokio::test]
async fn a_limit_that_an_admin_sets_holds_at_once_and_until_it_is_taken_back() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let call = async || {
        let (somebody, origin) = (somebody(Role::Label), from_here());
        let call = gateway.call_tool(&somebody, &origin, "list_audio_files", json!({}));
        call.await.map(drop).map_err(|error| error.kind)
    };
    let first = change(gateway, typed(0, &[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "1")])).await;
    let first = first.expect("it is changed");
    assert_eq!((first.version, first.by.as_str(), first.note.as_str()), (1, "Some admin", "A test"));
    assert_eq!(call().await, Ok(()));
    assert_eq!(call().await, Err(CallErrorKind::TooManyRequests));
    let dearer = [("MCP_RATE_LIMITS", "label=100000/100000,list_audio_files=100000/100000")];
    change(gateway, typed(1, &dearer)).await.expect("it is changed");
    assert_eq!(calls_a_minute(gateway).await, 100_000);
    change(gateway, typed(2, &[])).await.expect("it is changed");
    assert_eq!(calls_a_minute(gateway).await, 100_000, "what the environment of the tests says");
}

#[tokio::test]
async fn every_version_is_kept_and_whoever_is_late_is_told() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    change(gateway, typed(0, &[("MCP_BUDGET_PERSON", "2.50")])).await.expect("it is changed");
    change(gateway, typed(1, &[("MCP_BUDGET_PERSON", "none")])).await.expect("it is changed");
    let late = change(gateway, typed(1, &[])).await.expect_err("somebody was faster");
    assert_eq!(late.kind, CallErrorKind::Conflict, "{late}");
    let view = gateway.view_settings(&somebody(Role::Admin), &from_here()).await.expect("it is shown").output;
    let sets: Vec<_> = view.history.iter().map(|version| version.set["MCP_BUDGET_PERSON"].as_str()).collect();
    assert_eq!((view.current.version, sets), (2, vec!["2.50"]));
}

#[tokio::test]
async fn figures_that_cannot_be_used_are_refused_with_their_name() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    for (name, text) in [
        ("MCP_RATE_LIMIT", "0"),
        ("MCP_RATE_LIMITS", "make_coffee=1/1"),
        ("MCP_MODEL_CALLS_AT_ONCE", "many"),
        ("MCP_BUDGET_PERSON", "-1"),
        ("MCP_BUDGET_ROLES", "boss=1"),
        ("MCP_BUDGET_LABEL", "1.2345678"),
        ("MCP_MODEL_PRICES", "a.model=1"),
        ("MCP_MODEL_PRICE_OTHERS", "none"),
    ] {
        let refused = change(gateway, typed(0, &[(name, text)])).await.expect_err(name);
        assert_eq!((refused.kind, refused.fields[0].field.as_str()), (CallErrorKind::Invalid, name));
    }
    let other = change(gateway, typed(0, &[("PATCHLINE_ADDR", "0.0.0.0:1")])).await.expect_err("no figure");
    assert_eq!(other.kind, CallErrorKind::Invalid, "{other}");
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        let refused = gateway.change_limits(&somebody(role), &from_here(), typed(0, &[])).await;
        assert_eq!(refused.expect_err(role.id()).kind, CallErrorKind::Forbidden);
    }
}

#[tokio::test]
async fn limits_outlive_a_restart_and_other_instances_follow() {
    let patchline = Patchline::start().await;
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(patchline.clients.clone(), config));
    let other = Gateway::new(Arc::clone(&catalog), config, AuditLog::start(catalog, false), Telemetry::off());
    other.follow_policy().await;
    other.watch_fleet();
    change(&patchline.engine.gateway, typed(0, &[("MCP_RATE_LIMIT", "77")])).await.expect("it is changed");
    eventually("the other instance follows", async || calls_a_minute(&other).await == 77).await;
    other.stop_watching().await;
    drop(other);
    let patchline = patchline.restart().await;
    assert_eq!(calls_a_minute(&patchline.engine.gateway).await, 77);
}

#[tokio::test]
async fn a_change_has_an_intent_and_an_outcome_on_record() {
    let patchline = Patchline::start().await;
    change(&patchline.engine.gateway, typed(0, &[("MCP_RATE_LIMIT", "90")])).await.expect("it is changed");
    let records = patchline.audit_records().await;
    let of_change: Vec<_> = records.iter().filter(|record| record["operation"] == "change_limits").collect();
    let phases: Vec<_> = of_change.iter().filter_map(|record| record["phase"].as_str()).collect();
    assert!(phases.contains(&"intent") && phases.contains(&"outcome"), "{phases:?}");
}

#[tokio::test]
async fn the_page_tells_where_each_value_comes_from_and_never_a_secret() {
    let patchline = Patchline::with(&[("MCP_BUDGET_LABEL", "12.50"), ("BEDROCK_MODELS", "some.model")]).await;
    let gateway = &patchline.engine.gateway;
    change(gateway, typed(0, &[("MCP_RATE_LIMIT", "90")])).await.expect("it is changed");
    let view = gateway.view_settings(&somebody(Role::Admin), &from_here()).await.expect("it is shown").output;
    let of = |name: &str| {
        let found = view.configuration.iter().find(|one| one.name == name).expect("a variable");
        (found.value.as_str(), found.source)
    };
    assert_eq!(of("MCP_RATE_LIMIT"), ("90", ValueSource::Page));
    assert_eq!(of("MCP_BUDGET_LABEL"), ("12.50", ValueSource::Environment));
    assert_eq!(of("MCP_BUDGET_PERSON"), ("5", ValueSource::Default));
    assert_eq!(of("PATCHLINE_BOOTSTRAP_KEY"), ("(hidden)", ValueSource::Environment));
    assert_eq!(view.without_price, ["some.model"]);
    let page = patchline.get("/admin/settings").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let text = page.text();
    for said in
        ["Calls a minute", "US dollars a day for each person", "No price is known of some.model", "(hidden)"]
    {
        assert!(text.contains(said), "the page says {said:?}: {text}");
    }
    assert!(!text.contains(KEY), "{text}");
}

#[tokio::test]
async fn the_form_works_without_a_script_and_keeps_what_was_typed_when_it_is_wrong() {
    let people = People::of(&[]).await;
    let send = async |fields: &[(&str, &str)]| {
        let request = Request::post("/admin/settings")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form(fields)))
            .expect("a request");
        people.send(Some(Role::Admin), request).await
    };
    let wrong = send(&[("version", "0"), ("note", "Tour week"), ("MCP_BUDGET_PERSON", "much")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
    for kept in ["value=\"much\"", "value=\"Tour week\"", "aria-invalid=\"true\""] {
        assert!(wrong.text().contains(kept), "{kept}: {}", wrong.text());
    }
    let saved = send(&[("version", "0"), ("note", "Tour week"), ("MCP_BUDGET_PERSON", "7.25")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert_eq!(saved.headers[header::LOCATION], "/admin/settings?saved=1");
    let page = people.get(Role::Admin, "/admin/settings?saved=1").await.text();
    for said in ["Saved. Every instance follows", "value=\"7.25\"", "MCP_BUDGET_PERSON=7.25", "Tour week"] {
        assert!(page.contains(said), "the page says {said:?}: {page}");
    }
    let older = people.get(Role::Admin, "/admin/settings?from=0").await.text();
    for said in ["begins with what held then", "value=\"As before all changes\"", "value=\"1\""] {
        assert!(older.contains(said), "the form says {said:?}: {older}");
    }
    assert!(!older.contains("value=\"7.25\""), "the environment alone held: {older}");
    let unknown = people.get(Role::Admin, "/admin/settings?from=7").await.text();
    assert!(unknown.contains("There is no such version") && unknown.contains("value=\"7.25\""), "{unknown}");
    let own = people.get(Role::Artist, "/account").await.text();
    assert!(own.contains("US$7.25 of US$7.25 left today"), "{own}");
}

#[tokio::test]
async fn people_download_what_they_did_themselves() {
    let people = People::of(&[]).await;
    people.get(Role::Label, "/releases").await;
    let csv = people.get(Role::Label, "/export/activity?format=csv").await;
    assert_eq!(csv.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"activity.csv\"");
    assert!(
        csv.text().starts_with("time,what,how,address,end,reason,request,by,key,on\r\n"),
        "{}",
        csv.text()
    );
    let other = people.get(Role::Artist, "/export/activity?format=json").await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text());
    let deeds = other.json()["deeds"].as_array().cloned().unwrap_or_default();
    assert!(deeds.iter().all(|deed| deed["words"] != "Looked through the releases"), "{deeds:?}");
    let eventual = async || {
        let text = people.get(Role::Label, "/export/activity").await.text();
        text.contains("Looked through the releases")
    };
    eventually("the visit is on record", eventual).await;
}
