//! Signing in through the page's own form.

use super::people::{form_with, person};
use crate::support::Patchline;
use crate::support::visitor::{EMAIL, PASSWORD, form, session_of};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use jiff::Timestamp;
use patchline::model::role::Role;
use serde_json::json;
use std::net::SocketAddr;

/// A Patchline that has its admin.
pub(super) async fn with_admin() -> Patchline {
    let patchline = Patchline::start().await;
    assert_eq!(patchline.get("/").await.status, StatusCode::OK, "the admin of the tests sees the overview");
    patchline
}

/// Takes back what time has made good of attempts since a moment, as if all of them had been made at once: on a slow
/// machine ten of them take long enough for an eleventh.
pub(super) async fn as_if_at_once(patchline: &Patchline, since: Timestamp) {
    let passed = Timestamp::now().as_millisecond() - since.as_millisecond();
    let store = &patchline.clients.dynamodb;
    let kept = store.scan().table_name("patchline-settings").send().await.expect("a scan");
    for mut item in kept.items.unwrap_or_default() {
        let Some(Ok(made_good)) = item.get("madeGoodAt").map(AttributeValue::as_n) else { continue };
        let made_good: i64 = made_good.parse().expect("a number");
        item.insert("madeGoodAt".to_owned(), AttributeValue::N((made_good + passed).to_string()));
        let put = store.put_item().table_name("patchline-settings").set_item(Some(item));
        put.send().await.expect("it is put");
    }
}

#[tokio::test]
async fn whoever_has_the_password_is_led_to_the_page_that_they_wanted() {
    let patchline = with_admin().await;
    let form =
        [("email", " Ada@Label.Example "), ("password", PASSWORD), ("next", "/artists?search=mira&page=2")];
    let answer = patchline.form_of_stranger("/sign-in", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.headers[header::LOCATION], "/artists?search=mira&page=2");
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("text");
    for part in ["patchline-", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert!(cookie.starts_with("patchline-") && !cookie.contains("Secure"), "plain HTTP: {cookie}");
    let session = session_of(&answer).expect("a session");
    let page = patchline.get_with("/artists", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("data-viewer=\"Ada\"") && page.text().contains("Sign out"));
}

#[tokio::test]
async fn over_tls_the_cookie_is_for_tls_and_this_host_only() {
    let patchline = Patchline::with(&[("PATCHLINE_PUBLIC_URL", "https://patchline.label.example")]).await;
    assert_eq!(patchline.get("/").await.status, StatusCode::OK, "the admin of the tests sees the overview");
    let form = [("email", EMAIL), ("password", PASSWORD)];
    let answer = patchline.form_of_stranger("/sign-in", &form).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("text");
    let parts: Vec<_> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-patchline-"), "{cookie}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(parts.contains(&part), "{part}: {cookie}");
    }
    let session = session_of(&answer).expect("a session");
    let request = Request::get("/api/tools").header("cookie", session.as_str()).body(Body::empty());
    let with_both = patchline.send(request.expect("a request")).await;
    assert_eq!(with_both.status, StatusCode::BAD_REQUEST, "programs bring no session");
    let out = form_with(&patchline, "/sign-out", &session, &[]).await;
    let forgotten = out.headers[header::SET_COOKIE].to_str().expect("text");
    assert!(forgotten.starts_with("__Host-patchline-") && forgotten.contains("; Secure"), "{forgotten}");
    assert_eq!(patchline.get_with("/artists", &session).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_is_led_to_another_site_or_to_something_that_runs_by_itself() {
    let patchline = with_admin().await;
    for (next, expected) in [
        ("https://evil.example", "/"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("/tools?tool=list_audio_files&run=1", "/tools?tool=list_audio_files"),
        ("", "/"),
    ] {
        let form = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = patchline.form_of_stranger("/sign-in", &form).await;
        assert_eq!(answer.headers[header::LOCATION], expected, "{next}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_not_told_and_costs_the_same() {
    let patchline = with_admin().await;
    let gone = patchline.engine.identity.add("Ben", "ben@label.example", Role::Label).await.expect("added");
    let disabled = patchline.engine.identity.set_disabled(&gone.id, true).await.expect("disabled");
    assert!(disabled.disabled);
    let mut told = Vec::new();
    for (email, password) in [
        (EMAIL, "not the password of the tests"),
        ("nobody@label.example", PASSWORD),
        ("ben@label.example", PASSWORD),
        ("no address at all", ""),
    ] {
        let answer =
            patchline.form_of_stranger("/sign-in", &[("email", email), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}: {}", answer.text());
        assert_eq!(session_of(&answer), None, "{email}");
        let text = answer.text();
        assert!(text.contains("The e-mail address or the password is wrong."), "{text}");
        assert!(!text.contains(password) || password.is_empty(), "no page shows a password");
        told.push(text.contains("req_"));
    }
    assert_eq!(told, [true; 4]);
    let records = patchline.audit_records().await;
    let refused: Vec<_> = records.iter().filter(|record| record["operation"] == "sign_in").collect();
    assert_eq!(refused.len(), 4, "{records:?}");
    for record in refused {
        assert_eq!((&record["decision"], &record["principal"]), (&json!("denied"), &json!("unknown")));
        assert!(!record.to_string().contains("not the password"), "{record}");
    }
}

#[tokio::test]
async fn after_ten_wrong_passwords_an_account_waits_whether_it_exists_or_not() {
    let patchline = with_admin().await;
    for email in [EMAIL, "nobody@label.example"] {
        let begun = Timestamp::now();
        for attempt in 0..10 {
            let answer =
                patchline.form_of_stranger("/sign-in", &[("email", email), ("password", "wrong")]).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email} {attempt}");
        }
        as_if_at_once(&patchline, begun).await;
        let right = [("email", email), ("password", PASSWORD)];
        let answer = patchline.form_of_stranger("/sign-in", &right).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{email}: {}", answer.text());
        assert!(answer.headers.contains_key(header::RETRY_AFTER));
        assert!(answer.text().contains("too many attempts"), "{}", answer.text());
    }
}

/// What comes of a password that is typed at another machine.
async fn typed_at(patchline: &Patchline, address: [u8; 4], password: &str) -> StatusCode {
    let mut request = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form(&[("email", EMAIL), ("password", password)])))
        .expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 50_000))));
    patchline.send_as_stranger(request).await.status
}

#[tokio::test]
async fn wrong_passwords_from_one_address_keep_nobody_out_at_another() {
    let patchline = with_admin().await;
    let (strange, own) = ([192, 0, 2, 1], [198, 51, 100, 1]);
    let begun = Timestamp::now();
    for attempt in 0..10 {
        assert_eq!(typed_at(&patchline, strange, "wrong").await, StatusCode::UNAUTHORIZED, "{attempt}");
    }
    as_if_at_once(&patchline, begun).await;
    assert_eq!(typed_at(&patchline, strange, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(typed_at(&patchline, own, PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_guesses_at_the_page_of_sign_in_keeps_nobody_from_changing_their_password() {
    let patchline = with_admin().await;
    for _ in 0..11 {
        patchline.form_of_stranger("/sign-in", &[("email", EMAIL), ("password", "wrong")]).await;
    }
    let identity = &patchline.engine.identity;
    let ada = identity.user(EMAIL).await.expect("the admin");
    let changed = identity.change_password(&ada.id, &PASSWORD.into(), &"another of the tests".into()).await;
    assert_eq!(changed.expect("changed").generation, ada.generation + 1);
}

#[tokio::test]
async fn whoever_knows_the_password_has_all_attempts_again() {
    let patchline = with_admin().await;
    for _ in 0..3 {
        for _ in 0..5 {
            patchline.form_of_stranger("/sign-in", &[("email", EMAIL), ("password", "wrong")]).await;
        }
        assert!(patchline.sign_in(EMAIL, PASSWORD).await.is_some());
    }
}

#[tokio::test]
async fn another_site_signs_nobody_in_and_nobody_out() {
    let patchline = with_admin().await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    for path in ["/sign-in", "/sign-out", "/welcome"] {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .header(header::COOKIE, &session)
            .body(Body::from(format!("email={EMAIL}&password={PASSWORD}")))
            .expect("a request");
        assert_eq!(patchline.send_as_stranger(request).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(patchline.get_with("/artists", &session).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_demo_has_an_account_for_each_role_and_nothing_else_has() {
    let demo = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    let page = demo.get_with("/sign-in", "").await.text();
    for role in Role::ALL {
        assert!(page.contains(&format!("Look around as {}", role.title())), "{page}");
        let answer = demo.form_of_stranger("/sign-in", &[("demo", role.id())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let session = session_of(&answer).expect("a session");
        let seen = demo.get_with("/health", &session).await.text();
        assert!(seen.contains(&format!("data-role=\"{}\"", role.id())), "{seen}");
    }
    assert!(demo.engine.identity.link_for_first_admin().await.expect("an answer").is_none());

    let own = with_admin().await;
    assert!(!own.get_with("/sign-in", "").await.text().contains("Look around"));
    let refused = own.form_of_stranger("/sign-in", &[("demo", "admin")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
}

#[tokio::test]
async fn a_session_of_the_demo_ends_with_the_demo() {
    let demo = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    let answer = demo.form_of_stranger("/sign-in", &[("demo", "admin")]).await;
    let session = session_of(&answer).expect("a session");
    let own = demo.restart_with(&[("MCP_DEMO_MODE", "false")]).await;
    let answer = own.get_with("/artists", &session).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(own.engine.identity.users().await.expect("a list").is_empty(), "nor are the accounts shown");
}

#[tokio::test]
async fn whoever_is_added_in_the_demo_is_gone_with_it() {
    let demo = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    let (id, session) = person(&demo, "Eve", "eve@label.example", "a password of Eve", Role::Admin).await;
    assert_eq!(demo.get_with("/admin/users", &session).await.status, StatusCode::OK);
    let own = demo.restart_with(&[("MCP_DEMO_MODE", "false")]).await;
    assert_eq!(own.sign_in("eve@label.example", "a password of Eve").await, None);
    assert_eq!(own.get_with("/admin/users", &session).await.status, StatusCode::SEE_OTHER);
    assert!(own.engine.identity.account(&id).await.expect("it is kept").demo);
    let link = own.engine.identity.link_for_first_admin().await.expect("an answer");
    assert!(link.is_some(), "the first admin is still to be made");
}

#[tokio::test]
async fn where_people_have_an_admin_of_their_own_nobody_enters_by_the_demo() {
    let own = with_admin().await;
    let demo = own.restart_with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    assert!(!demo.get_with("/sign-in", "").await.text().contains("Look around"));
    let refused = demo.form_of_stranger("/sign-in", &[("demo", "admin")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(demo.sign_in(EMAIL, PASSWORD).await.is_some());
}
