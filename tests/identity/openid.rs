//! Signing in at a provider of OpenID Connect, and everything that must not open the door.

use super::people::person;
use super::sign_in::with_admin;
use crate::support::provider::{Provider, Signing};
use crate::support::visitor::{form, session_of};
use crate::support::{Answer, Patchline};
use axum::http::{StatusCode, header};
use patchline::model::role::Role;
use serde_json::{Value, json};
use std::collections::HashMap;

const CALLBACK: &str = "/sign-in/openid/callback";

/// A browser that was led to the provider: its cookie, and the page there.
struct Led {
    cookie: String,
    page: String,
}

pub(super) async fn believing(provider: &Provider) -> Patchline {
    Patchline::with(&provider.settings()).await
}

async fn begin(patchline: &Patchline, address: &str) -> Led {
    let answer = patchline.get_with(address, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
    Led { cookie: cookie_of(&answer), page }
}

/// What the browser keeps until it is back.
pub(super) fn cookie_of(answer: &Answer) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE);
    let mut kept = cookies.into_iter().filter_map(|cookie| cookie.to_str().ok());
    let cookie = kept.find(|cookie| cookie.starts_with("patchline_openid=")).expect("a cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/sign-in", "Max-Age="] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    cookie.split(';').next().expect("a name and a value").to_owned()
}

pub(super) async fn come_back(
    patchline: &Patchline,
    cookie: &str,
    brought: &HashMap<String, String>,
) -> Answer {
    let fields: Vec<_> = brought.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    patchline.get_with(&format!("{CALLBACK}?{}", form(&fields)), cookie).await
}

/// All of it, as somebody does who is let in at the provider.
async fn sign_in(patchline: &Patchline, provider: &Provider) -> Answer {
    let led = begin(patchline, "/sign-in/openid").await;
    come_back(patchline, &led.cookie, &provider.lets_in(&led.page)).await
}

/// Somebody who comes in: their session.
pub(super) async fn session(patchline: &Patchline, provider: &Provider) -> String {
    let answer = sign_in(patchline, provider).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    session_of(&answer).expect("a session")
}

/// Nobody comes in, and the page of sign-in says why.
fn assert_refused(answer: &Answer, status: StatusCode, words: &str) {
    let page = answer.text();
    assert_eq!(answer.status, status, "{words}: {page}");
    assert_eq!(session_of(answer), None, "{words}");
    assert!(page.contains("role=\"alert\"") && page.contains(words), "{words}: {page}");
    assert!(page.contains("Sign in with Northlight") && page.contains("req_"), "{words}: {page}");
}

#[tokio::test]
async fn somebody_of_a_group_comes_in_with_its_role_and_is_led_to_the_page_that_they_wanted() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let page = patchline.get_with("/sign-in?next=/artists%3Fpage%3D2", "").await.text();
    assert!(page.contains("Sign in with Northlight"), "{page}");
    assert!(page.contains("href=\"/sign-in/openid?next=%2Fartists%3Fpage%3D2\""), "{page}");

    let led = begin(&patchline, "/sign-in/openid?next=%2Fartists%3Fpage%3D2").await;
    assert!(led.page.starts_with(&format!("{}/authorize?", provider.issuer())), "{}", led.page);
    assert!(
        led.page.contains("redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fsign-in%2Fopenid%2Fcallback"),
        "{}",
        led.page
    );
    let answer = come_back(&patchline, &led.cookie, &provider.lets_in(&led.page)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.headers[header::LOCATION], "/artists?page=2");
    assert_eq!(cookie_of(&answer), "patchline_openid=", "the browser forgets what it kept");
    let session = session_of(&answer).expect("a session");
    let seen = patchline.get_with("/account", &session).await.text();
    assert!(seen.contains("data-viewer=\"Ana Holm\"") && seen.contains("data-role=\"label\""), "{seen}");
    let ana = patchline.engine.identity.user("ana@label.example").await.expect("an account");
    assert!(ana.password.is_none() && ana.has_way_in());

    let records = patchline.all_audit_records().await;
    let arrived = records.iter().find(|record| record["operation"] == "sign_in").expect("a record");
    assert_eq!((&arrived["principal"], &arrived["decision"]), (&json!(ana.id), &json!("allowed")));
    assert!(arrived["arguments"].to_string().contains("openid"), "{arrived}");
    let all = serde_json::to_string(&records).expect("text");
    let handle = led.cookie.split_once('=').expect("a value").1;
    assert!(!all.contains(handle) && !all.contains("code-0"), "no record has what opens the door");
}

/// The records of changes of accounts, as phase, what was changed, and the role.
fn changes_of_accounts(records: &[Value]) -> Vec<(String, String, String)> {
    let changes = records.iter().filter(|record| record["operation"] == "change_account_at_sign_in");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    changes
        .map(|record| {
            let arguments: Value = serde_json::from_str(&text(&record["arguments"])).expect("JSON");
            (text(&record["phase"]), text(&arguments["what"]), text(&arguments["role"]))
        })
        .collect()
}

#[tokio::test]
async fn what_a_sign_in_changes_of_an_account_is_on_record_before_it_is_changed() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    session(&patchline, &provider).await;
    session(&patchline, &provider).await;
    provider.says(json!({ "groups": ["artists"] }));
    session(&patchline, &provider).await;
    provider.is_silent_on(&["groups"]);
    sign_in(&patchline, &provider).await;
    let ana = patchline.engine.identity.user("ana@label.example").await.expect("an account");
    let records = patchline.all_audit_records().await;
    let expected = [("newAccount", "label"), ("role", "artist"), ("endSessions", "artist")];
    let expected: Vec<_> = expected
        .into_iter()
        .flat_map(|(what, role)| ["intent", "outcome"].map(|phase| (phase, what, role)))
        .map(|(phase, what, role)| (phase.to_owned(), what.to_owned(), role.to_owned()))
        .collect();
    assert_eq!(changes_of_accounts(&records), expected);
    let mut changes = records.iter().filter(|record| record["operation"] == "change_account_at_sign_in");
    assert!(changes.all(|record| record["principal"] == json!(ana.id)), "in the name of whoever signs in");
}

#[tokio::test]
async fn no_account_is_made_or_changed_at_a_sign_in_that_cannot_be_put_on_record() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let identity = &patchline.engine.identity;
    let (ben, _) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Artist).await;
    provider.says(json!({ "sub": "ben-1", "email": "ben@label.example" }));
    let cookie = cookie_of(&sign_in(&patchline, &provider).await);
    provider.says(json!({ "sub": "ana-1", "email": "ana@label.example" }));
    patchline.clients.dynamodb.delete_table().table_name("patchline-audit").send().await.expect("it is gone");

    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::SERVICE_UNAVAILABLE, "Nothing was changed");
    assert!(identity.user("ana@label.example").await.is_err(), "no account is made");
    let of_ben = [("email", "ben@label.example"), ("password", "a password of Ben")];
    let refused = super::people::form_with(&patchline, "/sign-in", &cookie, &of_ben).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(identity.account(&ben).await.expect("Ben").openid.is_none(), "and none is joined");
}

#[tokio::test]
async fn over_tls_the_browser_keeps_the_sign_in_for_tls_and_this_host_only() {
    let provider = Provider::start().await;
    let mut settings = provider.settings().to_vec();
    settings.push(("PATCHLINE_PUBLIC_URL", "https://patchline.label.example"));
    let patchline = Patchline::with(&settings).await;
    let begun = patchline.get_with("/sign-in/openid", "").await;
    let cookie = begun.headers[header::SET_COOKIE].to_str().expect("text");
    let parts: Vec<_> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-patchline_openid="), "{cookie}");
    assert!(parts.contains(&"Secure") && parts.contains(&"Path=/"), "{cookie}");
    let page = begun.headers[header::LOCATION].to_str().expect("an address");
    let answer = come_back(&patchline, parts[0], &provider.lets_in(page)).await;
    assert!(session_of(&answer).is_some(), "{}", answer.text());
}

#[tokio::test]
async fn where_there_is_no_provider_nothing_is_said_of_one() {
    let patchline = with_admin().await;
    assert!(!patchline.get_with("/sign-in", "").await.text().contains("Sign in with"));
    for path in ["/sign-in/openid", CALLBACK] {
        let answer = patchline.get_with(path, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_session_has_a_new_name_after_a_sign_in_at_the_provider_and_ends_by_the_button() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let first = session(&patchline, &provider).await;
    let led = begin(&patchline, "/sign-in/openid").await;
    let cookies = format!("{first}; {}", led.cookie);
    let answer = come_back(&patchline, &cookies, &provider.lets_in(&led.page)).await;
    let second = session_of(&answer).expect("a session");
    assert_ne!(first, second);
    assert_eq!(patchline.get_with("/account", &first).await.status, StatusCode::SEE_OTHER);
    assert_eq!(patchline.get_with("/account", &second).await.status, StatusCode::OK);
    let out = super::people::form_with(&patchline, "/sign-out", &second, &[]).await;
    assert_eq!(out.headers[header::LOCATION], "/signed-out");
    assert_eq!(patchline.get_with("/account", &second).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_somebody_is_at_the_provider_decides_and_the_groups_say_the_role_each_time() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let identity = &patchline.engine.identity;
    let first = session(&patchline, &provider).await;
    let ana = identity.user("ana@label.example").await.expect("an account");

    provider.says(json!({ "email": "holm@label.example", "groups": ["artists"] }));
    let second = session(&patchline, &provider).await;
    let same = identity.account(&ana.id).await.expect("the same account");
    assert_eq!((same.role, same.email.as_str()), (Role::Artist, "ana@label.example"));
    assert!(identity.user("holm@label.example").await.is_err(), "no second account is made");
    assert_eq!(patchline.get_with("/account", &first).await.status, StatusCode::SEE_OTHER, "another role");
    assert_eq!(patchline.get_with("/account", &second).await.status, StatusCode::OK);

    // The address of somebody who has one already opens nothing for another person.
    provider.says(json!({ "sub": "eve-1", "email": "ana@label.example", "groups": ["admins"] }));
    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::CONFLICT, "There is an account with the e-mail address");
    assert_eq!(identity.account(&ana.id).await.expect("Ana").role, Role::Artist);
}

#[tokio::test]
async fn the_last_admin_keeps_the_role_whatever_the_groups_say() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let identity = &patchline.engine.identity;
    provider.says(json!({ "groups": ["admins"] }));
    let first = session(&patchline, &provider).await;
    provider.says(json!({ "groups": ["staff"] }));
    session(&patchline, &provider).await;
    let ana = identity.user("ana@label.example").await.expect("an account");
    assert_eq!(ana.role, Role::Admin, "nobody else could change it back");
    assert_eq!(patchline.get_with("/admin/users", &first).await.status, StatusCode::OK, "nothing has ended");

    person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Admin).await;
    session(&patchline, &provider).await;
    let ana = identity.account(&ana.id).await.expect("Ana");
    assert_eq!(ana.role, Role::Label, "somebody else can");
}

#[tokio::test]
async fn without_a_group_nobody_comes_in_and_whoever_lost_it_is_out_everywhere() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    provider.says(json!({ "groups": ["everybody"] }));
    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "in none of its groups that may use Patchline");
    assert!(patchline.engine.identity.user("ana@label.example").await.is_err(), "no account is made");

    provider.says(json!({ "groups": "staff" }));
    let before = session(&patchline, &provider).await;
    provider.is_silent_on(&["groups"]);
    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "in none of its groups that may use Patchline");
    assert_eq!(patchline.get_with("/account", &before).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_account_with_a_password_is_never_taken_over_and_an_invitation_is_taken_up() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let identity = &patchline.engine.identity;
    let (ben, open) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Artist).await;
    provider.says(json!({ "sub": "ben-1", "email": "Ben@Label.Example", "groups": ["admins"] }));
    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::CONFLICT, "which has a password");
    let same = identity.account(&ben).await.expect("Ben");
    assert!(same.role == Role::Artist && same.openid.is_none() && same.password.is_some());
    assert_eq!(patchline.get_with("/account", &open).await.status, StatusCode::OK, "nothing has ended");

    let invited = identity.add("Ana", "ana@label.example", Role::Manager).await.expect("added");
    let link = identity.link_for_password(&invited).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link").to_owned();
    provider.says(json!({ "sub": "ana-1", "email": "ana@label.example", "email_verified": false }));
    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "an e-mail address which was verified");
    provider.says(json!({ "email_verified": true, "groups": ["staff"] }));
    session(&patchline, &provider).await;
    let joined = identity.account(&invited.id).await.expect("Ana");
    assert!(joined.openid.is_some() && joined.role == Role::Label, "{joined:?}");
    let late = [("link", link.as_str()), ("password", "a password of another")];
    let late = patchline.form_of_stranger("/welcome", &late).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN, "the link of the invitation is void");

    identity.set_disabled(&invited.id, true).await.expect("disabled");
    let refused = sign_in(&patchline, &provider).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "Your account is switched off.");
}

#[tokio::test]
async fn whoever_shows_the_password_after_coming_back_has_both_ways_in_and_nobody_else_has() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let identity = &patchline.engine.identity;
    let (ben, open) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Artist).await;
    let (eve, _) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Artist).await;
    provider.says(json!({ "sub": "ben-1", "email": "ben@label.example", "groups": ["staff"] }));
    let of_eve = [("email", "eve@label.example"), ("password", "a password of Eve")];
    let of_ben = [("email", "ben@label.example"), ("password", "a password of Ben")];

    let cookie = cookie_of(&sign_in(&patchline, &provider).await);
    let other = super::people::form_with(&patchline, "/sign-in", &cookie, &of_eve).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "Eve comes in with her password");
    assert!(identity.account(&eve).await.expect("Eve").openid.is_none(), "and is Ben for nobody");
    let late = super::people::form_with(&patchline, "/sign-in", &cookie, &of_ben).await;
    assert_eq!(late.status, StatusCode::SEE_OTHER);
    assert!(identity.account(&ben).await.expect("Ben").openid.is_none(), "what Eve used is used up");

    let cookie = cookie_of(&sign_in(&patchline, &provider).await);
    let wrong = [("email", "ben@label.example"), ("password", "not the password of Ben")];
    let refused = super::people::form_with(&patchline, "/sign-in", &cookie, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
    let entered = super::people::form_with(&patchline, "/sign-in", &cookie, &of_ben).await;
    let joined = session_of(&entered).expect("a session");
    assert_eq!(patchline.get_with("/account", &joined).await.status, StatusCode::OK);
    assert_eq!(patchline.get_with("/account", &open).await.status, StatusCode::SEE_OTHER, "others end");
    session(&patchline, &provider).await;
    assert_eq!(identity.account(&ben).await.expect("Ben").role, Role::Label);
    assert!(patchline.sign_in("ben@label.example", "a password of Ben").await.is_some());
}

#[tokio::test]
async fn the_first_admin_may_come_from_the_provider_and_the_link_of_the_first_start_is_void_then() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let identity = &patchline.engine.identity;
    assert!(identity.link_for_first_admin().await.expect("an answer").is_some());
    provider.says(json!({ "groups": ["staff", "admins"] }));
    let admin = session(&patchline, &provider).await;
    assert_eq!(patchline.get_with("/admin/users", &admin).await.status, StatusCode::OK);
    assert!(identity.link_for_first_admin().await.expect("an answer").is_none());
}

#[tokio::test]
async fn a_token_that_is_not_for_this_sign_in_opens_nothing() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let now = jiff::Timestamp::now().as_second();
    let wrong: [(&str, Value, &str); 11] = [
        ("another sign-in", json!({ "nonce": "another" }), "for another sign-in"),
        ("no sign-in", json!({ "nonce": null }), "for another sign-in"),
        ("another client", json!({ "aud": "other" }), "for another application"),
        ("several clients", json!({ "aud": ["other", "patchline"] }), "for another application"),
        ("another party", json!({ "azp": "other" }), "for another application"),
        ("another issuer", json!({ "iss": "https://login.example" }), "another issuer made it"),
        ("two issuers", json!({ "iss": [provider.issuer(), "https://login.example"] }), "another issuer"),
        ("expired", json!({ "exp": now - 61 }), "it has expired"),
        ("never ends", json!({ "exp": null }), "exp is missing"),
        ("not yet", json!({ "nbf": now + 600 }), "it is not valid yet"),
        ("access token", json!({ "token_use": "access" }), "for something else"),
    ];
    for (name, claims, words) in wrong {
        let named: Vec<String> = claims.as_object().expect("claims").keys().cloned().collect();
        provider.says(claims);
        let answer = sign_in(&patchline, &provider).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, words);
        provider.is_silent_on(&named.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(patchline.engine.identity.user("ana@label.example").await.is_err(), "{name}");
    }
    session(&patchline, &provider).await;
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_opens_nothing() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    for (signing, words) in [
        (Signing::NotAtAll, "not signed in a way that is allowed"),
        (Signing::WithThePublicKey, "not signed in a way that is allowed"),
        (Signing::ByStranger, "its signature is wrong"),
        (Signing::UnderAnotherName, "a key that its issuer does not have"),
    ] {
        provider.signs(signing);
        let answer = sign_in(&patchline, &provider).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, words);
    }
    provider.signs(Signing::Rightly);
    session(&patchline, &provider).await;
    let refused: Vec<_> = patchline.audit_records().await;
    let refused = refused.iter().filter(|record| record["operation"] == "sign_in").count();
    assert_eq!(refused, 4, "each is on record");
}

#[tokio::test]
async fn keys_of_the_provider_are_asked_for_anew_when_they_change_and_not_each_time() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    session(&patchline, &provider).await;
    session(&patchline, &provider).await;
    assert_eq!(provider.asked_for_keys(), 1);
    provider.rotates();
    session(&patchline, &provider).await;
    assert_eq!(provider.asked_for_keys(), 2);
    provider.signs(Signing::UnderAnotherName);
    for _ in 0..3 {
        assert_eq!(sign_in(&patchline, &provider).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(provider.asked_for_keys(), 2, "names that are made up make nobody ask");
}

#[tokio::test]
async fn keys_of_the_kind_that_most_providers_have_are_understood() {
    let provider = Provider::start().await;
    provider.signs_with_rsa();
    let patchline = believing(&provider).await;
    session(&patchline, &provider).await;
    provider.signs(Signing::ByStranger);
    assert_refused(&sign_in(&patchline, &provider).await, StatusCode::UNAUTHORIZED, "its signature is wrong");
}

#[tokio::test]
async fn what_the_token_does_not_say_is_asked_for_and_never_taken_from_somebody_else() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    provider.is_silent_on(&["email", "email_verified", "groups", "name"]);
    let more =
        json!({ "sub": "eve-1", "email": "ana@label.example", "email_verified": true, "groups": ["staff"] });
    provider.says_more(more);
    assert_refused(
        &sign_in(&patchline, &provider).await,
        StatusCode::UNAUTHORIZED,
        "it speaks of two people",
    );
    provider.says_more(json!({ "sub": "ana-1", "name": "Ana" }));
    let session = session(&patchline, &provider).await;
    let seen = patchline.get_with("/account", &session).await.text();
    assert!(seen.contains("data-viewer=\"Ana\"") && seen.contains("data-role=\"label\""), "{seen}");
}

#[tokio::test]
async fn only_the_browser_that_began_a_sign_in_ends_it_and_only_once() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let not_here = "This sign-in was not begun in this browser";
    let (own, other) =
        (begin(&patchline, "/sign-in/openid").await, begin(&patchline, "/sign-in/openid").await);
    let brought = provider.lets_in(&own.page);
    for (cookie, what) in [("", "no cookie"), (other.cookie.as_str(), "another browser")] {
        let answer = come_back(&patchline, cookie, &brought).await;
        assert_refused(&answer, StatusCode::FORBIDDEN, not_here);
        assert!(!answer.text().contains("code-0"), "{what}");
    }
    let mut forged = brought.clone();
    forged.insert("state".to_owned(), "forged".to_owned());
    assert_refused(&come_back(&patchline, &own.cookie, &forged).await, StatusCode::FORBIDDEN, not_here);
    forged.remove("state");
    assert_refused(&come_back(&patchline, &own.cookie, &forged).await, StatusCode::FORBIDDEN, not_here);

    let right = come_back(&patchline, &own.cookie, &brought).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "what was forged has used nothing up");
    let again = come_back(&patchline, &own.cookie, &brought).await;
    assert_refused(&again, StatusCode::FORBIDDEN, not_here);

    // The code of somebody else, brought into a sign-in of one's own.
    let mut injected = provider.lets_in(&begin(&patchline, "/sign-in/openid").await.page);
    let state = provider.lets_in(&other.page).remove("state").expect("a state");
    injected.insert("state".to_owned(), state);
    let answer = come_back(&patchline, &other.cookie, &injected).await;
    assert_refused(&answer, StatusCode::FORBIDDEN, "refused the sign-in (invalid_grant)");
}

#[tokio::test]
async fn a_code_that_was_used_is_refused_by_the_provider_and_that_is_told() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let first = begin(&patchline, "/sign-in/openid").await;
    let used = provider.lets_in(&first.page);
    come_back(&patchline, &first.cookie, &used).await;
    let second = begin(&patchline, "/sign-in/openid").await;
    let mut brought = provider.lets_in(&second.page);
    brought.insert("code".to_owned(), used["code"].clone());
    let answer = come_back(&patchline, &second.cookie, &brought).await;
    assert_refused(&answer, StatusCode::FORBIDDEN, "refused the sign-in (invalid_grant)");
}

#[tokio::test]
async fn the_answer_of_another_provider_is_not_taken_for_that_of_the_one_that_was_asked() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    for other in [Some("https://login.example"), None] {
        let led = begin(&patchline, "/sign-in/openid").await;
        let mut brought = provider.lets_in(&led.page);
        match other {
            Some(other) => brought.insert("iss".to_owned(), other.to_owned()),
            None => brought.remove("iss"),
        };
        let answer = come_back(&patchline, &led.cookie, &brought).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "another provider answers");
    }
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_in_its_word_and_nothing_else_from_the_address() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    for (error, words) in [
        ("access_denied", "Northlight did not let you in"),
        ("login_required", "refused the sign-in (login_required)"),
        ("<b>call us</b>", "refused the sign-in (for a reason of its own)"),
    ] {
        let led = begin(&patchline, "/sign-in/openid").await;
        let mut brought = provider.lets_in(&led.page);
        brought.remove("code");
        brought.insert("error".to_owned(), error.to_owned());
        brought.insert("error_description".to_owned(), "Send your password to eve".to_owned());
        let answer = come_back(&patchline, &led.cookie, &brought).await;
        assert_refused(&answer, StatusCode::FORBIDDEN, words);
        assert!(!answer.text().contains("Send your password") && !answer.text().contains("call us<"));
    }
}

#[tokio::test]
async fn while_the_provider_is_away_passwords_still_open_the_door() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    provider.stop();
    let answer = patchline.get_with("/sign-in/openid", "").await;
    assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, "Northlight cannot be reached");
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    assert!(patchline.sign_in("ben@label.example", "a password of Ben").await.is_some());
}

#[tokio::test]
async fn the_doctor_says_whether_the_provider_can_be_asked() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let name = format!("provider {}", provider.issuer());
    let problem = async || patchline.complaints().await.into_iter().find(|(what, _)| *what == name);
    assert_eq!(problem().await, None);
    provider.stop();
    let (_, words) = problem().await.expect("it is away");
    assert!(words.contains("cannot be reached") && words.contains("PATCHLINE_OIDC_ISSUER"), "{words}");
}

#[tokio::test]
async fn nothing_is_sent_to_where_the_provider_itself_may_not_be() {
    for (description, begins) in [
        (json!({ "issuer": "https://login.example" }), false),
        (json!({ "token_endpoint": "http://192.0.2.1/token" }), false),
        (json!({ "jwks_uri": "ftp://127.0.0.1/keys" }), false),
        (json!({ "token_endpoint": "https://10.0.0.1/token" }), true),
        (json!({ "jwks_uri": "https://169.254.169.254/keys" }), true),
    ] {
        let provider = Provider::start().await;
        provider.describes(description.clone());
        let patchline = believing(&provider).await;
        let answer = if begins {
            sign_in(&patchline, &provider).await
        } else {
            patchline.get_with("/sign-in/openid", "").await
        };
        assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, "does not answer as it should");
        assert!(!answer.text().contains("169.254"), "{description}: addresses stand in the log only");
    }
}

#[tokio::test]
async fn no_redirect_takes_a_code_elsewhere() {
    let provider = Provider::start().await;
    provider.describes(json!({ "token_endpoint": format!("{}/elsewhere", provider.issuer()) }));
    let patchline = believing(&provider).await;
    let answer = sign_in(&patchline, &provider).await;
    assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, "does not answer as it should");
}

#[tokio::test]
async fn the_way_back_from_the_provider_never_leads_to_another_site() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
        let led = begin(&patchline, &format!("/sign-in/openid?next={next}")).await;
        let answer = come_back(&patchline, &led.cookie, &provider.lets_in(&led.page)).await;
        assert_eq!(answer.headers[header::LOCATION], "/", "{next}");
    }
}

#[tokio::test]
async fn whoever_begins_sign_ins_without_end_has_to_wait() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let mut last = patchline.get_with("/sign-in/openid", "").await;
    for _ in 0..1_000 {
        if last.status != StatusCode::SEE_OTHER {
            break;
        }
        last = patchline.get_with("/sign-in/openid", "").await;
    }
    assert_refused(&last, StatusCode::TOO_MANY_REQUESTS, "too many attempts");
}
