//! Whoever has signed in shows once more who they are, before they change what others rely on.

use super::openid::{believing, come_back, cookie_of, session as session_at_provider};
use super::people::{form_with, person};
use super::sessions::shift;
use super::sign_in::{as_if_at_once, with_admin};
use crate::support::provider::Provider;
use crate::support::visitor::{EMAIL, PASSWORD, form, session_of};
use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::{Channel, Origin, Principal};
use patchline::model::confirmation::ASKED_BEFORE;
use patchline::model::key::KeyRequest;
use patchline::model::role::Role;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const SETTINGS: [(&str, &str); 3] = [("version", "0"), ("note", "Tour week"), ("MCP_BUDGET_PERSON", "7.25")];
const BEFORE_SETTINGS: &str = "/confirm?for=change_limits&next=%2Fadmin%2Fsettings";

/// As if somebody had shown long ago who they are, and had signed in an hour ago.
async fn long_ago(patchline: &Patchline, email: &str) {
    let identity = &patchline.engine.identity;
    let user = identity.user(email).await.expect("an account");
    let hour_ago = jiff::Timestamp::now().as_second() - 3_600;
    for kept in identity.sessions_of(&user.id).await.expect("a list") {
        shift(patchline, &kept.id, "confirmedAt", hour_ago).await;
        shift(patchline, &kept.id, "signedInAt", hour_ago).await;
    }
}

/// The admin in a browser that was left open.
async fn left_open(patchline: &Patchline) -> String {
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    long_ago(patchline, EMAIL).await;
    session
}

async fn confirm(patchline: &Patchline, session: &str, next: &str) -> Answer {
    let path = format!("/confirm?{}", form(&[("for", "change_limits"), ("next", next)]));
    form_with(patchline, &path, session, &[("password", PASSWORD)]).await
}

async fn is_open(patchline: &Patchline, session: &str) -> bool {
    patchline.get_with("/account", session).await.status == StatusCode::OK
}

/// The records of confirming, as decision and arguments.
async fn confirmations(patchline: &Patchline) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let records = patchline.all_audit_records().await;
    let own = records.iter().filter(|record| record["operation"] == "confirm_identity");
    own.map(|record| (text(&record["decision"]), text(&record["arguments"]))).collect()
}

/// A confirmation is wanted, and the way there knows the way back.
fn assert_asked(answer: &Answer, operation: &str, back: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{operation}: {}", answer.text());
    let way = format!("/confirm?for={operation}&next={}", encoded(back));
    assert_eq!(answer.headers[header::LOCATION], way.as_str(), "{operation}");
}

/// A page, as a field of an address.
fn encoded(page: &str) -> String {
    utf8_percent_encode(page, NON_ALPHANUMERIC).to_string()
}

/// Sends a form from a page that the browser tells.
async fn form_from(
    patchline: &Patchline,
    before: &str,
    path: &str,
    session: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "localhost:3000")
        .header(header::REFERER, before)
        .header(header::COOKIE, session)
        .body(Body::from(form(fields)));
    patchline.send_as_stranger(request.expect("a request")).await
}

/// A form: its address, its fields, and the operation that it asks for.
type Form<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

#[tokio::test]
async fn a_session_that_was_left_open_changes_nothing_that_others_rely_on() {
    let patchline = with_admin().await;
    let (ben, at_work) =
        person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let wish = [("change", "create"), ("name", "Nightly report"), ("scope", "read"), ("days", "7")];
    let session = left_open(&patchline).await;
    let before = patchline.engine.identity.users().await.expect("a list");
    let user = ("user", ben.as_str());
    let mode = [("what", "mode"), ("step", "save"), ("expected", "0"), ("mode", "permissive")];
    let back = [("what", "back"), ("step", "save"), ("expected", "0"), ("to", "0")];
    let invite = [("change", "invite"), ("name", "Eve"), ("email", "eve@label.example"), ("role", "artist")];
    let forms: [Form<'_>; 15] = [
        ("/admin/policy", &back, "change_policy"),
        ("/admin/policy", &mode, "change_security_mode"),
        ("/admin/settings", &SETTINGS, "change_limits"),
        ("/keys", &wish, "create_key"),
        ("/keys", &[("change", "revoke"), ("id", "none")], "revoke_own_key"),
        ("/admin/keys", &[("change", "revoke"), ("id", "none")], "revoke_key"),
        ("/admin/users", &invite, "add_user"),
        ("/admin/users", &[("change", "role"), user, ("role", "artist")], "set_user_role"),
        ("/admin/users", &[("change", "artists"), user, ("artists", "art_1")], "set_user_artists"),
        ("/admin/users", &[("change", "link"), user], "make_password_link"),
        ("/admin/users", &[("change", "disable"), user], "disable_user"),
        ("/admin/users", &[("change", "enable"), user], "enable_user"),
        ("/admin/users", &[("change", "endSession"), user, ("session", "none")], "end_user_session"),
        ("/admin/users", &[("change", "endSessions"), user], "end_user_sessions"),
        ("/health", &[("server", "s3"), ("change", "drain")], "drain_server"),
    ];
    for (path, fields, operation) in forms {
        assert_asked(&form_with(&patchline, path, &session, fields).await, operation, path);
    }
    let of_ben = [("change", "pauseAny"), ("owner", ben.as_str()), ("id", "none")];
    let paused = form_with(&patchline, "/tasks/automation", &session, &of_ben).await;
    assert_asked(&paused, "pause_any_automation", "/tasks/automation?of=everybody");
    // Personal payloads are erased at the terminal only, and only a third party's tool can be approved.
    let sent = forms.iter().map(|(_, _, operation)| *operation);
    let asked: Vec<_> = sent.chain(["pause_any_automation"]).collect();
    let not_here: Vec<_> = ASKED_BEFORE.iter().filter(|known| !asked.contains(&known.operation)).collect();
    let elsewhere = ["approve_tool", "erase_audit_payloads"];
    assert!(not_here.iter().all(|known| elsewhere.contains(&known.operation)), "{not_here:?}");

    assert_eq!(patchline.engine.identity.users().await.expect("a list"), before);
    assert!(is_open(&patchline, &at_work).await && is_open(&patchline, &session).await);
    let records = patchline.all_audit_records().await;
    let of_forms = |record: &&Value| asked.iter().any(|operation| record["operation"] == *operation);
    let told: Vec<_> = records.iter().filter(of_forms).collect();
    assert_eq!(told.len(), asked.len(), "{told:?}");
    for record in told {
        assert_eq!(
            (&record["phase"], &record["decision"]),
            (&json!("outcome"), &json!("denied")),
            "{record}"
        );
    }
    // What hurts nobody else goes on.
    assert_eq!(patchline.get_with("/admin/users", &session).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_script_of_a_page_is_told_the_remedy_and_the_page_says_so_before() {
    let patchline = with_admin().await;
    let session = left_open(&patchline).await;
    let request = Request::post("/fn/change-user")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &session)
        .body(Body::from(form(&[
            ("change", "invite"),
            ("name", "Eve"),
            ("email", "eve@label.example"),
            ("role", "artist"),
        ])));
    let answer = patchline.send_as_stranger(request.expect("a request")).await;
    let error = answer.json();
    assert_eq!(
        (answer.status, &error["kind"]),
        (StatusCode::FORBIDDEN, &json!("confirmIdentity")),
        "{error}"
    );
    assert_eq!(error["confirm"], "add_user");
    assert_eq!(error["remedy"], "Confirm that it is you, then do it once more.");
    let fresh = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    for page in
        ["/admin/users", "/admin/policy", "/admin/settings", "/admin/keys", "/keys", "/health", "/health/s3"]
    {
        let way = format!("href=\"/confirm?for=&amp;next={}\"", encoded(page));
        let text = patchline.get_with(page, &session).await.text();
        assert!(text.contains(&way), "{page} leads to the confirmation: {text}");
        let fresh = patchline.get_with(page, &fresh).await.text();
        assert!(!fresh.contains("/confirm?"), "{page}: whoever has just signed in is not asked: {fresh}");
    }
    let page = patchline.get_with(BEFORE_SETTINGS, &session).await.text();
    for said in
        ["Confirm that it is you", "You were about to change limits and budgets.", "press the button again"]
    {
        assert!(page.contains(said), "the page says {said:?}: {page}");
    }
}

#[tokio::test]
async fn whoever_confirms_goes_on_under_another_session_id_and_comes_back() {
    let patchline = with_admin().await;
    let session = left_open(&patchline).await;
    assert_asked(
        &form_with(&patchline, "/admin/settings", &session, &SETTINGS).await,
        "change_limits",
        "/admin/settings",
    );
    let answer = confirm(&patchline, &session, "/admin/settings?from=2").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.headers[header::LOCATION], "/admin/settings?from=2");
    let confirmed = session_of(&answer).expect("a session");
    assert_ne!(confirmed, session);
    assert!(!is_open(&patchline, &session).await, "the old cookie opens nothing");
    assert!(is_open(&patchline, &confirmed).await);
    let saved = form_with(&patchline, "/admin/settings", &confirmed, &SETTINGS).await;
    assert_eq!(saved.headers[header::LOCATION], "/admin/settings?saved=1", "{}", saved.text());

    let told = confirmations(&patchline).await;
    let [(decision, arguments)] = &told[..] else { panic!("one record: {told:?}") };
    assert_eq!(decision, "allowed");
    assert!(arguments.contains("change_limits") && arguments.contains("password"), "{arguments}");
    assert!(!arguments.contains(PASSWORD), "no record has a password");
    // The session ends when it would have ended.
    let admin = patchline.engine.identity.user(EMAIL).await.expect("the admin").id;
    let sessions = patchline.engine.identity.sessions_of(&admin).await.expect("a list");
    let hour_ago = jiff::Timestamp::now().as_second() - 3_500;
    assert!(sessions.iter().all(|session| session.signed_in_at < hour_ago), "{sessions:?}");
}

#[tokio::test]
async fn whoever_confirms_comes_back_to_the_page_where_they_were() {
    let patchline = with_admin().await;
    let session = left_open(&patchline).await;
    let drain = [("server", "s3"), ("change", "drain"), ("back", "server")];
    let asked = form_with(&patchline, "/health", &session, &drain).await;
    assert_asked(&asked, "drain_server", "/health/s3");
    for (before, back) in [
        ("http://localhost:3000/health", "/health"),
        ("http://localhost:3000/health/s3", "/health/s3"),
        ("http://localhost:3000//evil.example/", "/"),
        ("http://evil.example/health/dynamodb", "/health/s3"),
    ] {
        let asked = form_from(&patchline, before, "/health", &session, &drain).await;
        assert_asked(&asked, "drain_server", back);
    }
    let before = "http://localhost:3000/admin/settings?saved=3";
    let asked = form_from(&patchline, before, "/admin/settings", &session, &SETTINGS).await;
    assert_asked(&asked, "change_limits", "/admin/settings");

    let answer = confirm(&patchline, &session, "/health/s3").await;
    assert_eq!(answer.headers[header::LOCATION], "/health/s3", "{}", answer.text());
    let confirmed = session_of(&answer).expect("a session");
    let drained = form_with(&patchline, "/health", &confirmed, &drain).await;
    assert_eq!(drained.headers[header::LOCATION], "/health/s3", "{}", drained.text());
}

#[tokio::test]
async fn a_wrong_password_is_told_counted_as_at_sign_in_and_on_record() {
    let patchline = with_admin().await;
    let session = left_open(&patchline).await;
    let of_demo = form_with(&patchline, BEFORE_SETTINGS, &session, &[("demo", "yes")]).await;
    assert_eq!(of_demo.status, StatusCode::FORBIDDEN, "{}", of_demo.text());
    let begun = jiff::Timestamp::now();
    for attempt in 0..10 {
        let answer = form_with(&patchline, BEFORE_SETTINGS, &session, &[("password", "a wrong one")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{attempt}: {}", answer.text());
        let text = answer.text();
        assert!(text.contains("This is not your password.") && !text.contains("a wrong one"), "{text}");
    }
    as_if_at_once(&patchline, begun).await;
    let right = form_with(&patchline, BEFORE_SETTINGS, &session, &[("password", PASSWORD)]).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "{}", right.text());
    assert!(right.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(patchline.sign_in(EMAIL, PASSWORD).await, None, "they count together with those to sign in");
    assert!(is_open(&patchline, &session).await);
    assert_asked(
        &form_with(&patchline, "/admin/settings", &session, &SETTINGS).await,
        "change_limits",
        "/admin/settings",
    );
    let told = confirmations(&patchline).await;
    assert_eq!(told.len(), 12, "{told:?}");
    assert!(told.iter().all(|(decision, _)| decision == "denied"), "{told:?}");
}

#[tokio::test]
async fn nobody_is_led_to_another_site_after_confirming() {
    let patchline = with_admin().await;
    let mut session = left_open(&patchline).await;
    for (next, led) in [
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/tools?tool=list_audio_files&run=1", "/tools?tool=list_audio_files"),
    ] {
        let answer = confirm(&patchline, &session, next).await;
        assert_eq!(answer.headers[header::LOCATION], led, "{next}: {}", answer.text());
        session = session_of(&answer).expect("a session");
    }
    let page = form(&[("for", "<b>"), ("next", "//evil.example\"><b>")]);
    let page = patchline.get_with(&format!("/confirm?{page}"), &session).await.text();
    assert!(!page.contains("<b>"), "{page}");
}

#[tokio::test]
async fn programs_are_not_asked_whatever_the_session_of_their_owner() {
    let patchline = with_admin().await;
    let (_, ben) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let owner = patchline.engine.identity.user("ben@label.example").await.expect("an account");
    let owner = Principal::new(owner.id, owner.name, owner.role);
    let wish = KeyRequest { name: "Report".to_owned(), scope: "all".to_owned(), ..KeyRequest::default() };
    let made = patchline.engine.create_key(&owner, &Origin::new(Channel::Page, None), &wish).await;
    let key = made.expect("a key").text;
    long_ago(&patchline, "ben@label.example").await;
    let another = [("change", "create"), ("name", "Another"), ("scope", "read"), ("days", "7")];
    assert_asked(&form_with(&patchline, "/keys", &ben, &another).await, "create_key", "/keys");
    let call = Request::post("/api/tools/list_audio_files")
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .body(Body::from("{}"));
    let answer = patchline.send_as_stranger(call.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let fleet =
        patchline.send(Request::post("/api/fleet/s3/drain").body(Body::empty()).expect("a request")).await;
    assert_eq!(fleet.status, StatusCode::OK, "{}", fleet.text());
}

#[tokio::test]
async fn accounts_of_the_demo_have_no_password_and_confirm_with_a_click() {
    let demo = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    let entered = demo.form_of_stranger("/sign-in", &[("demo", "admin")]).await;
    let session = session_of(&entered).expect("a session");
    long_ago(&demo, "admin@demo.example").await;
    assert_asked(
        &form_with(&demo, "/admin/settings", &session, &SETTINGS).await,
        "change_limits",
        "/admin/settings",
    );
    let page = demo.get_with(BEFORE_SETTINGS, &session).await.text();
    assert!(page.contains("It is me") && !page.contains("type=\"password\""), "{page}");
    let answer = form_with(&demo, BEFORE_SETTINGS, &session, &[("demo", "yes")]).await;
    assert_eq!(answer.headers[header::LOCATION], "/admin/settings", "{}", answer.text());
    assert_ne!(session_of(&answer).expect("a session"), session);
}

/// Leads somebody to the provider to confirm who they are: the cookies of the browser, and the page there.
async fn led(patchline: &Patchline, session: &str) -> (String, String) {
    let way = BEFORE_SETTINGS.replace("/confirm", "/confirm/openid");
    let answer = patchline.get_with(&way, session).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
    (format!("{session}; {}", cookie_of(&answer)), page)
}

#[tokio::test]
async fn whoever_came_by_the_provider_signs_in_there_anew_and_an_earlier_sign_in_is_not_enough() {
    let provider = Provider::start().await;
    provider.says(json!({ "groups": ["admins"] }));
    let patchline = believing(&provider).await;
    let session = session_at_provider(&patchline, &provider).await;
    long_ago(&patchline, "ana@label.example").await;
    assert_asked(
        &form_with(&patchline, "/admin/settings", &session, &SETTINGS).await,
        "change_limits",
        "/admin/settings",
    );
    let page = patchline.get_with(BEFORE_SETTINGS, &session).await.text();
    assert!(page.contains("Confirm with Northlight") && !page.contains("type=\"password\""), "{page}");

    let now = jiff::Timestamp::now().as_second();
    let not_enough = [
        json!({}),
        json!({ "auth_time": now - 3_600 }),
        json!({ "auth_time": now, "sub": "eve-1" }),
        json!({ "auth_time": now, "sub": "ana-1", "nonce": "another" }),
    ];
    for claims in not_enough {
        provider.says(claims.clone());
        let (cookies, page) = led(&patchline, &session).await;
        assert!(page.contains("prompt=login") && page.contains("max_age=0"), "{page}");
        let answer = come_back(&patchline, &cookies, &provider.lets_in(&page)).await;
        let failed = format!("{BEFORE_SETTINGS}&failed=notShown");
        assert_eq!(answer.headers[header::LOCATION], failed.as_str(), "{claims}: {}", answer.text());
        let told = patchline.get_with(&failed, &session).await.text();
        assert!(told.contains("have just signed in there"), "{told}");
    }
    provider.is_silent_on(&["nonce"]);
    let (cookies, page) = led(&patchline, &session).await;
    let brought = provider.lets_in(&page);
    // In a browser in which somebody else is signed in, it confirms nobody.
    let (_, handle) = cookies.split_once("; ").expect("two cookies");
    let (_, eve) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Admin).await;
    let strange = come_back(&patchline, &format!("{eve}; {handle}"), &brought).await;
    assert!(strange.headers[header::LOCATION].to_str().is_ok_and(|way| way.ends_with("failed=notShown")));

    let (cookies, page) = led(&patchline, &session).await;
    let answer = come_back(&patchline, &cookies, &provider.lets_in(&page)).await;
    assert_eq!(answer.headers[header::LOCATION], "/admin/settings", "{}", answer.text());
    let confirmed = session_of(&answer).expect("a session");
    assert_ne!(confirmed, session);
    assert!(!is_open(&patchline, &session).await);
    let saved = form_with(&patchline, "/admin/settings", &confirmed, &SETTINGS).await;
    assert_eq!(saved.headers[header::LOCATION], "/admin/settings?saved=1", "{}", saved.text());
    let told = confirmations(&patchline).await;
    assert_eq!(told.iter().filter(|(decision, _)| decision == "denied").count(), 5, "{told:?}");
    assert!(told.iter().any(|(decision, told)| decision == "allowed" && told.contains("openid")), "{told:?}");
}

#[tokio::test]
async fn no_other_site_leads_anybody_to_the_provider_to_confirm() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let session = session_at_provider(&patchline, &provider).await;
    let request = Request::get("/confirm/openid?for=change_limits&next=/keys")
        .header(header::COOKIE, &session)
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-dest", "document")
        .body(Body::empty());
    let answer = patchline.send_as_stranger(request.expect("a request")).await;
    assert_eq!(
        answer.headers[header::LOCATION],
        "/confirm?for=change_limits&next=%2Fkeys",
        "{}",
        answer.text()
    );
}
