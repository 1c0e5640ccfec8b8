//! What was done in one's name, by oneself, by one's keys and by agents, on the page of the account and as a file.

use super::people::person;
use super::sign_in::with_admin;
use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::{Channel, Origin, Principal};
use patchline::model::key::KeyRequest;
use patchline::model::role::Role;
use serde_json::{Value, json};

/// A key of somebody under a name, made through the door.
async fn key_of(patchline: &Patchline, id: &str, name: &str, scope: &str) -> String {
    let principal = Principal::new(id, name, Role::Label);
    let wish = KeyRequest { name: name.to_owned(), scope: scope.to_owned(), ..KeyRequest::default() };
    patchline
        .engine
        .create_key(&principal, &Origin::new(Channel::Page, None), &wish)
        .await
        .expect("a key")
        .text
}

/// Sends a request of a program.
async fn post(patchline: &Patchline, key: &str, path: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("prefer", "wait=60")
        .body(Body::from(body.to_string()));
    patchline.send(request.expect("a request")).await
}

async fn run(patchline: &Patchline, key: &str, tool: &str) -> StatusCode {
    post(patchline, key, &format!("/api/tools/{tool}"), &json!({})).await.status
}

/// What the file says of somebody.
async fn deeds(patchline: &Patchline, session: &str, by: &str) -> Vec<Value> {
    patchline.engine.write_down().await;
    let answer = patchline.get_with(&format!("/export/activity?format=json&by={by}"), session).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["deeds"].as_array().cloned().expect("a list")
}

#[tokio::test]
async fn people_see_what_their_keys_did_and_nobody_sees_what_the_keys_of_others_did() {
    let patchline = with_admin().await;
    let (ben_id, ben) =
        person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let (eve_id, eve) =
        person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    let report = key_of(&patchline, &ben_id, "Nightly report", "read").await;
    let export = key_of(&patchline, &eve_id, "Export of Eve", "all").await;
    assert_eq!(run(&patchline, &report, "list_audio_files").await, StatusCode::OK);
    assert_eq!(run(&patchline, &report, "store_contract").await, StatusCode::FORBIDDEN);
    assert_eq!(run(&patchline, &export, "list_contracts").await, StatusCode::OK);

    let of_keys = deeds(&patchline, &ben, "keys").await;
    let told: Vec<_> = of_keys.iter().map(|deed| (deed["words"].as_str(), deed["end"].as_str())).collect();
    let expected =
        [(Some("Used “Store a contract”"), Some("refused")), (Some("Used “List audio files”"), Some("done"))];
    assert_eq!(told, expected, "{of_keys:#?}");
    assert!(of_keys.iter().all(|deed| deed["by"] == "keys" && deed["key"] == "Nightly report"));
    assert!(of_keys[1]["on"].to_string().contains("patchline-audio"), "{of_keys:#?}");
    assert!(of_keys[0]["reason"].is_string(), "why it was refused is told: {of_keys:#?}");

    let by_me = deeds(&patchline, &ben, "me").await;
    assert!(!by_me.is_empty() && by_me.iter().all(|deed| deed["by"] == "me" && deed["key"].is_null()));
    let all = deeds(&patchline, &ben, "").await;
    for kind in ["me", "keys"] {
        assert!(all.iter().any(|deed| deed["by"] == kind), "{kind}: {all:#?}");
    }
    assert!(!json!(all).to_string().contains("Export of Eve"), "{all:#?}");

    let page = patchline.get_with("/account?by=keys", &ben).await.text();
    for said in [
        "Your key “Nightly report”",
        "Used “List audio files”",
        "patchline-audio",
        "Refused",
        "format=csv&amp;by=keys",
        "href=\"/account?by=agent#account-activity\"",
    ] {
        assert!(page.contains(said), "the page says {said:?}: {page}");
    }
    assert!(!page.contains("Made a key"), "only what keys did: {page}");
    let page = patchline.get_with("/account?by=me", &ben).await.text();
    assert!(page.contains("Made a key") && !page.contains("Nightly report"), "{page}");
    for view in ["/account", "/account?by=keys", "/export/activity", "/export/activity?by=keys"] {
        let seen = patchline.get_with(view, &eve).await.text();
        assert!(seen.contains("Export of Eve"), "{view}: {seen}");
        assert!(!seen.contains("Nightly report"), "{view}: {seen}");
    }
}

#[tokio::test]
async fn what_a_revoked_key_did_is_still_told() {
    let patchline = with_admin().await;
    let (id, ben) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let key = key_of(&patchline, &id, "Old laptop", "read").await;
    assert_eq!(run(&patchline, &key, "list_audio_files").await, StatusCode::OK);
    for kept in patchline.engine.identity.keys(Some(&id)).await.expect("a list") {
        patchline.engine.identity.revoke_key(&kept.id).await.expect("revoked");
    }
    let told = deeds(&patchline, &ben, "keys").await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0]["key"], "Old laptop");
}

#[tokio::test]
async fn what_an_agent_did_for_somebody_is_told_apart_from_what_they_and_their_keys_did() {
    let patchline = with_admin().await;
    let (id, ben) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let key = key_of(&patchline, &id, "Assistant", "all").await;
    let task = json!({ "task": "Is the system healthy?" });
    let answer = post(&patchline, &key, "/api/aws-mcp", &task).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let by_agent = deeds(&patchline, &ben, "agent").await;
    assert!(!by_agent.is_empty() && by_agent.iter().all(|deed| deed["by"] == "agent"), "{by_agent:#?}");
    assert!(by_agent.iter().all(|deed| deed["key"] == "Assistant"), "by whose order: {by_agent:#?}");
    let by_keys = deeds(&patchline, &ben, "keys").await;
    let steps: Vec<_> = by_agent.iter().map(|deed| &deed["requestId"]).collect();
    assert!(!by_keys.is_empty(), "the key has begun the task");
    assert!(by_keys.iter().all(|deed| !steps.contains(&&deed["requestId"])), "{by_keys:#?}");
    let page = patchline.get_with("/account?by=agent", &ben).await.text();
    assert!(page.contains("An agent for you, by your key “Assistant”"), "{page}");
}

#[tokio::test]
async fn the_newest_of_ones_own_is_read_by_the_index_and_nothing_that_others_did() {
    let patchline = with_admin().await;
    let (_, ben) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let (_, eve) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    for _ in 0..35 {
        assert_eq!(patchline.get_with("/fn/own-keys", &ben).await.status, StatusCode::OK);
        assert_eq!(patchline.get_with("/fn/automations", &eve).await.status, StatusCode::OK);
    }
    let told = deeds(&patchline, &ben, "me").await;
    assert_eq!(told.len(), 30, "{told:#?}");
    assert!(told.iter().all(|deed| deed["words"] == "Looked at the own keys"), "{told:#?}");
    let at: Vec<_> = told.iter().map(|deed| deed["time"].as_str().expect("a time")).collect();
    assert!(at.is_sorted_by(|later, earlier| later >= earlier), "the newest first: {at:?}");

    let records = patchline.all_audit_records().await;
    let looked = records.iter().rfind(|record| record["operation"] == "view_own_activity").expect("a look");
    // One query of thirty records, of which thirty are told: no other record was read.
    assert_eq!(looked["awsRequestIds"].as_array().map(Vec::len), Some(1), "{looked:#?}");
}
