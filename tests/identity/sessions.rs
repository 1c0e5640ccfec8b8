//! How sessions begin, go on and end.

use super::sign_in::with_admin;
use crate::support::visitor::{EMAIL, PASSWORD, Stranger, session_of};
use crate::support::{Patchline, eventually, router, send};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::model::role::Role;
use secrecy::SecretString;
use std::time::{Duration, Instant};
use tower_sessions::SessionStore;
use tower_sessions::session::Id;

async fn is_open(patchline: &Patchline, session: &str) -> bool {
    let answer = patchline.get_with("/artists", session).await;
    if answer.status == StatusCode::OK {
        return true;
    }
    assert_eq!(answer.headers[header::LOCATION], "/sign-in?next=/artists", "{}", answer.text());
    false
}

/// A second admin, who has signed in twice.
async fn ben(patchline: &Patchline) -> (String, [String; 2]) {
    let identity = &patchline.engine.identity;
    let ben = identity.add("Ben", "ben@label.example", Role::Admin).await.expect("added");
    let link = identity.link_for_password(&ben).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link").to_owned();
    let form = [("link", link.as_str()), ("password", "a password of Ben")];
    let first = session_of(&patchline.form_of_stranger("/welcome", &form).await).expect("a session");
    let second = patchline.sign_in("ben@label.example", "a password of Ben").await.expect("a session");
    assert_ne!(first, second);
    assert!(is_open(patchline, &first).await && is_open(patchline, &second).await);
    (ben.id, [first, second])
}

#[tokio::test]
async fn a_session_has_a_new_name_after_each_sign_in_and_the_old_one_opens_nothing() {
    let patchline = with_admin().await;
    let first = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let again = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &first)
        .body(Body::from(crate::support::visitor::form(&[("email", EMAIL), ("password", PASSWORD)])))
        .expect("a request");
    let second = session_of(&patchline.send_as_stranger(again).await).expect("a session");
    assert_ne!(first, second);
    assert!(!is_open(&patchline, &first).await && is_open(&patchline, &second).await);
}

#[tokio::test]
async fn a_name_that_somebody_else_chose_is_never_taken() {
    let patchline = with_admin().await;
    let known = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let (cookie, _) = known.split_once('=').expect("a name");
    let chosen = format!("{cookie}=AAAAAAAAAAAAAAAAAAAAAA");
    let fixed = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &chosen)
        .body(Body::from(crate::support::visitor::form(&[("email", EMAIL), ("password", PASSWORD)])))
        .expect("a request");
    let session = session_of(&patchline.send_as_stranger(fixed).await).expect("a session");
    assert_ne!(session, chosen);
    assert!(!is_open(&patchline, &chosen).await);
}

#[tokio::test]
async fn two_installations_on_one_machine_leave_each_others_sessions_alone() {
    let (first, second) = (with_admin().await, with_admin().await);
    let at_first = first.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let at_second = second.sign_in(EMAIL, PASSWORD).await.expect("a session");
    // A browser sends what it has of a machine to all ports of it.
    let both = format!("{at_first}; {at_second}");
    assert!(is_open(&first, &both).await && is_open(&second, &both).await);
    let out = Request::post("/sign-out").header(header::COOKIE, &both).body(Body::empty());
    let answer = second.send_as_stranger(out.expect("a request")).await;
    let (name, _) = at_second.split_once('=').expect("a name");
    let cookies: Vec<_> = answer.headers.get_all(header::SET_COOKIE).into_iter().collect();
    assert!(cookies.len() == 1 && cookies[0].to_str().is_ok_and(|cookie| cookie.starts_with(name)));
    assert!(is_open(&first, &both).await && !is_open(&second, &both).await);
}

#[tokio::test]
async fn instances_over_one_store_know_each_others_sessions() {
    let patchline = with_admin().await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let other = patchline.another_instance().await;
    let request = Request::get("/artists").header(header::COOKIE, &session).body(Body::empty());
    let mut request = request.expect("a request");
    request.extensions_mut().insert(Stranger);
    let answer = send(router(other.clone()), request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    other.close().await;
}

#[tokio::test]
async fn a_session_that_is_ended_ends_here_at_once_and_at_other_instances_within_a_second() {
    let patchline = with_admin().await;
    let (id, [session, _]) = ben(&patchline).await;
    let other = patchline.another_instance().await;
    let there = router(other.clone());
    let is_open_there = async || {
        let request = Request::get("/artists").header(header::COOKIE, &session).body(Body::empty());
        let mut request = request.expect("a request");
        request.extensions_mut().insert(Stranger);
        send(there.clone(), request).await.status == StatusCode::OK
    };
    assert!(is_open(&patchline, &session).await && is_open_there().await);
    patchline.engine.identity.set_role(&id, Role::Manager).await.expect("changed");
    let changed = Instant::now();
    assert!(!is_open(&patchline, &session).await, "it ends at once where the role was changed");
    eventually("the session ends at the other instance", || async {
        let asked = changed.elapsed();
        let still_open = is_open_there().await;
        assert!(!still_open || asked < Duration::from_secs(1), "it is still open after {asked:?}");
        !still_open
    })
    .await;
    other.close().await;
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let patchline = with_admin().await;
    let (_, [first, second]) = ben(&patchline).await;
    let out = Request::post("/sign-out").header(header::COOKIE, &first).body(Body::empty());
    let answer = patchline.send_as_stranger(out.expect("a request")).await;
    assert_eq!(answer.headers[header::LOCATION], "/sign-in");
    assert!(!is_open(&patchline, &first).await && is_open(&patchline, &second).await);
    let records = patchline.audit_records().await;
    assert!(records.iter().any(|record| record["operation"] == "sign_out"), "{records:?}");
}

#[tokio::test]
async fn another_role_another_password_disabling_and_signing_out_everywhere_end_all_sessions() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let (id, [first, second]) = ben(&patchline).await;
    let session = || async { patchline.sign_in("ben@label.example", "a password of Ben").await };

    identity.sign_out_everywhere(&id).await.expect("signed out");
    assert!(!is_open(&patchline, &first).await && !is_open(&patchline, &second).await);
    assert!(identity.sessions_of(&id).await.expect("a list").is_empty());

    let open = session().await.expect("a session");
    identity.set_role(&id, Role::Manager).await.expect("changed");
    assert!(!is_open(&patchline, &open).await, "another role");

    let open = session().await.expect("a session");
    let (old, new) = (SecretString::from("a password of Ben"), SecretString::from("another one of Ben"));
    assert!(identity.change_password(&id, &new, &new).await.is_err(), "the old one has to be known");
    identity.change_password(&id, &old, &new).await.expect("changed");
    assert!(!is_open(&patchline, &open).await, "another password");
    assert_eq!(session().await, None);

    let open = patchline.sign_in("ben@label.example", "another one of Ben").await.expect("a session");
    identity.set_disabled(&id, true).await.expect("disabled");
    assert!(!is_open(&patchline, &open).await, "disabled");
    assert_eq!(patchline.sign_in("ben@label.example", "another one of Ben").await, None);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_one() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let (id, [first, second]) = ben(&patchline).await;
    let listed = identity.sessions_of(&id).await.expect("a list");
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert!(listed.iter().all(|session| session.address.as_deref() == Some("127.0.0.1")), "{listed:?}");
    let admin = identity.user(EMAIL).await.expect("the admin");
    identity.end_session_of(&admin.id, &listed[0].id).await.expect("an answer");
    assert!(is_open(&patchline, &first).await && is_open(&patchline, &second).await, "it is not the admin's");
    for session in listed {
        identity.end_session_of(&id, &session.id).await.expect("ended");
    }
    assert!(!is_open(&patchline, &first).await && !is_open(&patchline, &second).await);
}

#[tokio::test]
async fn a_session_outlives_the_process_and_its_name_is_kept_nowhere() {
    let patchline = with_admin().await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let patchline = patchline.restart().await;
    assert!(is_open(&patchline, &session).await);
    let (_, name) = session.split_once('=').expect("a name");
    for table in ["patchline-sessions", "patchline-users", "patchline-settings"] {
        let kept = patchline.clients.dynamodb.scan().table_name(table).send().await.expect("a scan");
        let kept = format!("{:?}", kept.items());
        assert!(
            !kept.contains(name) && !kept.contains(PASSWORD),
            "{table} opens nothing to whoever reads it"
        );
    }
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_and_one_that_is_used_goes_on() {
    let patchline = Patchline::with(&[("MCP_SESSION_TIMEOUT", "3600000")]).await;
    patchline.get("/").await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let store = &patchline.clients.dynamodb;
    let admin = patchline.engine.identity.user(EMAIL).await.expect("the admin").id;
    let ids = patchline.engine.identity.sessions_of(&admin).await.expect("a list");
    // As if half of the hour had passed since the last request.
    let half_an_hour_ago = jiff::Timestamp::now().as_second() - 1_800;
    for kept in &ids {
        shift(&patchline, &kept.id, "seenAt", half_an_hour_ago).await;
        expire(&patchline, &kept.id, 1_800).await;
    }
    assert!(is_open(&patchline, &session).await);
    let kept = patchline.engine.identity.sessions_of(&admin).await.expect("a list");
    assert!(kept[0].seen_at > half_an_hour_ago, "its use is written down: {kept:?}");
    let used =
        store.get_item().table_name("patchline-sessions").key("id", AttributeValue::S(kept[0].id.clone()));
    let used = used.send().await.expect("an answer").item.expect("the session");
    let expires: i64 = used["expiresAt"].as_n().expect("a number").parse().expect("a number");
    assert!(expires > jiff::Timestamp::now().as_second() + 3_000, "it has its hour again");
    for kept in &ids {
        expire(&patchline, &kept.id, -1).await;
    }
    assert!(!is_open(&patchline, &session).await);
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_however_much_it_is_used() {
    let patchline = with_admin().await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let admin = patchline.engine.identity.user(EMAIL).await.expect("the admin").id;
    let nine_hours_ago = jiff::Timestamp::now().as_second() - 9 * 3_600;
    for kept in patchline.engine.identity.sessions_of(&admin).await.expect("a list") {
        shift(&patchline, &kept.id, "signedInAt", nine_hours_ago).await;
    }
    assert!(!is_open(&patchline, &session).await);
}

/// Lets a Patchline forget which sessions it has just recognised, as it does after each change that it makes itself.
async fn forget_recent(patchline: &Patchline) {
    let nobody = patchline.engine.identity.session_store().delete(&Id::default()).await;
    nobody.expect("there is no such session, which is no error");
}

/// Sets one of the moments that a session remembers.
pub(super) async fn shift(patchline: &Patchline, id: &str, field: &str, moment: i64) {
    let store = &patchline.clients.dynamodb;
    let read = store.get_item().table_name("patchline-sessions").key("id", AttributeValue::S(id.to_owned()));
    let mut item = read.send().await.expect("an answer").item.expect("the session");
    let data = item["data"].as_s().expect("a text");
    let mut data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    data["signedIn"][field] = moment.into();
    item.insert("data".to_owned(), AttributeValue::S(data.to_string()));
    store.put_item().table_name("patchline-sessions").set_item(Some(item)).send().await.expect("it is put");
    forget_recent(patchline).await;
}

/// Lets a session end so many seconds from now.
async fn expire(patchline: &Patchline, id: &str, seconds: i64) {
    let store = &patchline.clients.dynamodb;
    let read = store.get_item().table_name("patchline-sessions").key("id", AttributeValue::S(id.to_owned()));
    let mut item = read.send().await.expect("an answer").item.expect("the session");
    let until = jiff::Timestamp::now().as_second() + seconds;
    item.insert("expiresAt".to_owned(), AttributeValue::N(until.to_string()));
    store.put_item().table_name("patchline-sessions").set_item(Some(item)).send().await.expect("it is put");
    forget_recent(patchline).await;
}
