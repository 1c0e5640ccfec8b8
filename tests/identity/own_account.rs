//! The page of one's own account, through its plain forms.

use super::people::{form_with, person, person_with_agent};
use super::sign_in::{as_if_at_once, with_admin};
use crate::support::Patchline;
use crate::support::visitor::session_of;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use axum::http::{StatusCode, header};
use patchline::model::role::Role;
use serde_json::json;

const OLD: &str = "the first password of Ben";
const NEW: &str = "the second password of Ben";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

async fn is_open(patchline: &Patchline, session: &str) -> bool {
    patchline.get_with("/account", session).await.status == StatusCode::OK
}

#[tokio::test]
async fn everybody_sees_who_they_are_and_where_they_are_signed_in() {
    let patchline = with_admin().await;
    for role in Role::ALL {
        let email = format!("{}@label.example", role.id());
        let (_, session) = person_with_agent(&patchline, "Ben", &email, OLD, role, FIREFOX).await;
        let page = patchline.get_with("/account", &session).await;
        assert_eq!(page.status, StatusCode::OK, "{}: {}", role.id(), page.text());
        let text = page.text();
        for said in
            [email.as_str(), role.title(), "Firefox on Linux", "127.0.0.1", "This one", "href=\"/account\""]
        {
            assert!(text.contains(said), "{}: the page says {said:?}: {text}", role.id());
        }
    }
}

#[tokio::test]
async fn one_session_is_ended_and_the_others_go_on() {
    let patchline = with_admin().await;
    let (id, first) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Artist).await;
    let second = patchline.sign_in("ben@label.example", OLD).await.expect("a session");
    let sessions = patchline.engine.identity.sessions_of(&id).await.expect("a list");
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let page = patchline.get_with("/account", &first).await.text();
    assert_eq!(page.matches("End the session of").count(), 1, "every one but this: {page}");
    let mut other = sessions.iter().filter(|session| page.contains(&format!("value=\"{}\"", session.id)));
    let other = other.next().expect("a form with the other").id.clone();

    let (_, eve) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    let form = [("change", "endSession"), ("session", other.as_str())];
    let answer = form_with(&patchline, "/account", &eve, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(is_open(&patchline, &second).await, "what is not hers is left alone");

    let answer = form_with(&patchline, "/account", &first, &form).await;
    assert_eq!(answer.headers[header::LOCATION], "/account?done=endSession", "{}", answer.text());
    assert!(is_open(&patchline, &first).await && !is_open(&patchline, &second).await);
    let page = patchline.get_with("/account?done=endSession", &first).await.text();
    assert!(page.contains("That session has ended."), "{page}");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_this_person_and_of_nobody_else() {
    let patchline = with_admin().await;
    let (_, first) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Manager).await;
    let (_, eve) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    let second = patchline.sign_in("ben@label.example", OLD).await.expect("a session");
    let answer = form_with(&patchline, "/account", &first, &[("change", "signOutEverywhere")]).await;
    assert_eq!(answer.headers[header::LOCATION], "/sign-in", "{}", answer.text());
    assert!(!is_open(&patchline, &first).await && !is_open(&patchline, &second).await);
    assert!(is_open(&patchline, &eve).await);
    let records = patchline.audit_records().await;
    let phases: Vec<_> = records
        .iter()
        .filter(|record| record["operation"] == "sign_out_everywhere")
        .map(|record| record["phase"].clone())
        .collect();
    assert_eq!(phases, [json!("intent"), json!("outcome")], "{records:?}");
}

#[tokio::test]
async fn another_password_needs_the_old_one_ends_the_other_sessions_and_renews_this_one() {
    let patchline = with_admin().await;
    let (_, first) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Producer).await;
    let second = patchline.sign_in("ben@label.example", OLD).await.expect("a session");
    let typed = |old: &'static str, new: &'static str| [("change", "password"), ("old", old), ("new", new)];
    for (old, new, said) in [
        ("not the password", NEW, "This is not the password that you have now."),
        (OLD, "too short", "has to have 12 to 128 characters, not 9"),
        (OLD, "ben@label.example", "something else than the e-mail address"),
    ] {
        let answer = form_with(&patchline, "/account", &first, &typed(old, new)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        let text = answer.text();
        assert!(text.contains(said), "the page says {said:?}: {text}");
        assert!(!text.contains(NEW) && !text.contains(OLD), "no page shows a password");
    }
    assert!(is_open(&patchline, &first).await && is_open(&patchline, &second).await, "nothing was changed");

    let answer = form_with(&patchline, "/account", &first, &typed(OLD, NEW)).await;
    assert_eq!(answer.headers[header::LOCATION], "/account?done=password", "{}", answer.text());
    let renewed = session_of(&answer).expect("a session");
    assert_ne!(renewed, first);
    assert!(is_open(&patchline, &renewed).await);
    assert!(!is_open(&patchline, &first).await && !is_open(&patchline, &second).await);
    assert_eq!(patchline.sign_in("ben@label.example", OLD).await, None);
    assert!(patchline.sign_in("ben@label.example", NEW).await.is_some());
    let records = patchline.all_audit_records().await;
    let told: Vec<_> = records.iter().filter(|record| record["operation"] == "change_own_password").collect();
    assert_eq!(told.len(), 8, "an intent and an outcome each time: {told:?}");
    assert!(!format!("{records:?}").contains("password of Ben"), "no record has a password");
}

#[tokio::test]
async fn the_page_tells_how_many_keys_outlive_another_password() {
    let patchline = with_admin().await;
    let (_, ben) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Label).await;
    let wish = [("change", "create"), ("name", "Nightly report"), ("scope", "read"), ("days", "7")];
    let made = form_with(&patchline, "/keys", &ben, &wish).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let form = [("change", "password"), ("old", OLD), ("new", NEW)];
    let ben = session_of(&form_with(&patchline, "/account", &ben, &form).await).expect("a session");
    let page = patchline.get_with("/account?done=password", &ben).await.text();
    assert!(page.contains("One works, and goes on working") && page.contains("href=\"/keys\""), "{page}");
}

#[tokio::test]
async fn guessing_the_old_password_is_slowed_down_as_at_sign_in() {
    let patchline = with_admin().await;
    let (_, session) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Artist).await;
    let form = [("change", "password"), ("old", "not the password"), ("new", NEW)];
    let begun = jiff::Timestamp::now();
    for attempt in 0..10 {
        let answer = form_with(&patchline, "/account", &session, &form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{attempt}: {}", answer.text());
    }
    as_if_at_once(&patchline, begun).await;
    let answer = form_with(&patchline, "/account", &session, &form).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
}

#[tokio::test]
async fn people_see_what_they_did_and_nothing_of_what_others_did() {
    let patchline = with_admin().await;
    let (_, ben) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Label).await;
    let (_, eve) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    let form = [("change", "password"), ("old", OLD), ("new", NEW)];
    let ben = session_of(&form_with(&patchline, "/account", &ben, &form).await).expect("a session");
    let page = patchline.get_with("/account", &ben).await.text();
    assert!(page.contains("Changed the password") && page.contains("On a page"), "{page}");
    let page = patchline.get_with("/account", &eve).await.text();
    assert!(!page.contains("Changed the password"), "{page}");
}

#[tokio::test]
async fn a_log_that_an_older_version_has_begun_tells_who_did_what_too() {
    let patchline = with_admin().await;
    let (_, ben) = person(&patchline, "Ben", "ben@label.example", OLD, Role::Label).await;
    let store = &patchline.clients.dynamodb;
    store.delete_table().table_name("patchline-audit").send().await.expect("it is gone");
    let mut older =
        store.create_table().table_name("patchline-audit").billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("logHour", KeyType::Hash), ("id", KeyType::Range)] {
        let attribute = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .expect("an attribute");
        let key = KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("a key");
        older = older.attribute_definitions(attribute).key_schema(key);
    }
    older.send().await.expect("it is made as it was before");
    let form = [("change", "password"), ("old", OLD), ("new", NEW)];
    let ben = session_of(&form_with(&patchline, "/account", &ben, &form).await).expect("a session");
    let patchline = patchline.restart().await;
    let page = patchline.get_with("/account", &ben).await.text();
    assert!(page.contains("Changed the password"), "also what was recorded before: {page}");
}
