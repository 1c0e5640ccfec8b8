//! Third parties that ask for OAuth: with a token of Patchline's own, or with the consent of a person.

use super::guard::{Guard, Person, SECRET};
use super::stranger::Stranger;
use super::third_parties::{ask, press_approve, server};
use crate::support::{Patchline, Served};
use axum::http::StatusCode;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tempfile::NamedTempFile;

/// A Patchline that knows a stranger behind a guard, with this in the table `[upstream.oauth]`.
async fn meeting(
    guard: &Guard,
    stranger: &Stranger,
    table: impl Fn(&str) -> String,
) -> (Patchline, Served, NamedTempFile) {
    let served = guard.serve(stranger).await;
    let (url, file) = (served.url(), NamedTempFile::new().expect("a file"));
    let table = table(&url);
    let text = format!("[[upstream]]\nprefix = \"tickets\"\nurl = \"{url}/mcp\"\n[upstream.oauth]\n{table}");
    std::fs::write(file.path(), text).expect("it is written");
    let variables = [
        ("MCP_UPSTREAMS", file.path().to_str().expect("a path")),
        ("TICKETS_SECRET", SECRET),
        ("WRONG_SECRET", "another-secret"),
    ];
    let patchline = Patchline::with(&variables).await;
    patchline.engine.gateway.check_fleet().await;
    (patchline, served, file)
}

fn with_secret_in(variable: &str) -> impl Fn(&str) -> String {
    move |url| format!("issuer = \"{url}\"\nclient_id = \"label\"\nclient_secret_variable = \"{variable}\"\n")
}

fn with_consent(_: &str) -> String {
    "grant = \"authorization_code\"\n".to_owned()
}

/// Waits until what is checked finds the server well.
async fn until_healthy(patchline: &Patchline) {
    let healthy = async {
        while server(patchline).await["health"] != "healthy" {
            patchline.engine.gateway.check_fleet().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(3), healthy).await.expect("it is well in time");
}

#[tokio::test]
async fn a_server_that_asks_for_oauth_is_shown_a_token_of_patchline() {
    for stranger in [Stranger::modern(), Stranger::old()] {
        let guard = Guard::default();
        let (patchline, _served, _file) = meeting(&guard, &stranger, with_secret_in("TICKETS_SECRET")).await;
        until_healthy(&patchline).await;
        press_approve(&patchline).await;
        let shows = ask(&patchline).await;
        assert_eq!(shows.json()["result"], json!({ "shows": ["Mira in Oslo"] }), "{}", shows.text());
        assert_eq!(guard.tokens(), 1, "it is kept");

        guard.take_back_the_token();
        let shows = ask(&patchline).await;
        assert_eq!(shows.status, StatusCode::OK, "{}", shows.text());
        assert_eq!((guard.tokens(), stranger.called()), (2, 2), "another one, and no call twice");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_where_the_server_is_watched_and_never_shown() {
    let (guard, stranger) = (Guard::default(), Stranger::modern());
    let (patchline, _served, _file) = meeting(&guard, &stranger, with_secret_in("WRONG_SECRET")).await;
    let told = server(&patchline).await;
    let reason = told["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("it wants an authorization, which failed"), "{told}");
    assert!(!told.to_string().contains("another-secret"), "{told}");
    assert_eq!((guard.tokens(), stranger.called()), (0, 0));
}

#[tokio::test]
async fn a_secret_is_not_shown_to_an_authorization_server_that_nobody_named() {
    let (guard, stranger) = (Guard::default(), Stranger::modern());
    let elsewhere = |_: &str| with_secret_in("TICKETS_SECRET")("https://login.example");
    let (patchline, _served, _file) = meeting(&guard, &stranger, elsewhere).await;
    let told = server(&patchline).await;
    let reason = told["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("not to \"https://login.example\""), "{told}");
    assert_eq!(guard.tokens(), 0);
}

#[tokio::test]
async fn a_person_consents_once_for_all_instances_and_restarts() {
    let (guard, stranger) = (Guard::default(), Stranger::modern());
    let (patchline, _served, _file) = meeting(&guard, &stranger, with_consent).await;
    let told = server(&patchline).await;
    let reason = told["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("nobody has consented yet; run `patchline consent tickets`"), "{told}");

    assert_eq!(patchline.consent("tickets", Arc::new(Person)).await.expect("it is done"), 1);
    assert_eq!((guard.tokens(), guard.registered()), (1, 1));
    until_healthy(&patchline).await;
    press_approve(&patchline).await;
    assert_eq!(ask(&patchline).await.status, StatusCode::OK);

    let patchline = patchline.restart().await;
    until_healthy(&patchline).await;
    assert_eq!(ask(&patchline).await.status, StatusCode::OK);
    assert_eq!(guard.tokens(), 1, "nobody was asked again");

    guard.take_back_the_token();
    let renewed = ask(&patchline).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text());
    // Its checks may have renewed it, too.
    assert!(guard.tokens() > 1);
    assert_eq!(guard.registered(), 1);

    guard.take_back_the_consent();
    let refused = ask(&patchline).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.text().contains("run `patchline consent tickets`"), "{}", refused.text());

    // What is consented to anew holds at once, and can be renewed, though the client is another one.
    patchline.consent("tickets", Arc::new(Person)).await.expect("it is done");
    assert_eq!(guard.registered(), 2);
    until_healthy(&patchline).await;
    assert_eq!(ask(&patchline).await.status, StatusCode::OK);
    guard.take_back_the_token();
    assert_eq!(ask(&patchline).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_asks_for_a_consent_that_is_not_wanted_is_told_so() {
    let (guard, stranger) = (Guard::default(), Stranger::modern());
    let (patchline, _served, _file) = meeting(&guard, &stranger, with_secret_in("TICKETS_SECRET")).await;
    for (prefix, expected) in [("shows", "it has: tickets"), ("tickets", "needs nobody's consent")] {
        let refused = patchline.consent(prefix, Arc::new(Person)).await.expect_err("it is refused");
        assert!(refused.to_string().contains(expected), "{refused}");
    }
}
