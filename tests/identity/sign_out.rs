//! Signing out of Patchline, and at the provider of OpenID Connect through which somebody came.

use super::openid::{believing, session};
use super::people::form_with;
use super::sign_in::with_admin;
use crate::support::provider::Provider;
use crate::support::visitor::{EMAIL, PASSWORD};
use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use reqwest::Url;
use serde_json::json;
use std::collections::HashMap;

async fn sign_out(patchline: &Patchline, session: &str) -> Answer {
    form_with(patchline, "/sign-out", session, &[]).await
}

/// The page after the sign-out, as a browser with these cookies sees it.
async fn page_after(patchline: &Patchline, query: &str, cookies: &str) -> String {
    let answer = patchline.get_with(&format!("/signed-out{query}"), cookies).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.text()
}

#[tokio::test]
async fn whoever_came_by_the_provider_is_led_from_the_sign_out_here_to_the_one_there() {
    let provider = Provider::start().await;
    let way_out = format!("{}/leave?theme=dark", provider.issuer());
    provider.describes(json!({ "end_session_endpoint": way_out }));
    let patchline = believing(&provider).await;
    let ana = session(&patchline, &provider).await;
    let signed_in = patchline.get_with("/signed-out", &ana).await;
    assert_eq!(signed_in.headers[header::LOCATION], "/", "nobody is told so who has not signed out");

    let out = sign_out(&patchline, &ana).await;
    assert_eq!(out.headers[header::LOCATION], "/signed-out");
    assert_eq!(patchline.get_with("/artists", &ana).await.status, StatusCode::SEE_OTHER, "it has ended");
    let page = page_after(&patchline, "", "").await;
    assert!(page.contains("You are signed out of Patchline"), "{page}");
    assert!(
        page.contains("href=\"/sign-out/openid\"") && page.contains("Sign out at Northlight, too"),
        "{page}"
    );

    let linked = Request::get("/sign-out/openid")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-dest", "document")
        .body(Body::empty());
    let linked = patchline.send_as_stranger(linked.expect("a request")).await;
    assert_eq!(linked.headers[header::LOCATION], "/signed-out", "no other site signs anybody out");

    let led = patchline.get_with("/sign-out/openid", "").await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text());
    let place = Url::parse(led.headers[header::LOCATION].to_str().expect("text")).expect("an address");
    let asked: HashMap<String, String> = place.query_pairs().into_owned().collect();
    assert!(place.as_str().starts_with(&way_out), "{place}");
    assert_eq!(asked["client_id"], "patchline");
    assert_eq!(asked["post_logout_redirect_uri"], "http://localhost:3000/signed-out");
    assert!(!asked.contains_key("id_token_hint") && !asked.contains_key("logout_uri"), "{place}");
    let cookie = led.headers[header::SET_COOKIE].to_str().expect("text");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/signed-out", "Max-Age="] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let kept = cookie.split(';').next().expect("a name and a value");
    let state = &asked["state"];
    assert_eq!(kept, format!("patchline_signed_out={state}"));

    let back = page_after(&patchline, &format!("?state={state}"), kept).await;
    assert!(back.contains("You are back from Northlight"), "{back}");
    for (query, cookies) in [("?state=made-up", kept), (&*format!("?state={state}"), ""), ("?state=", "")] {
        let page = page_after(&patchline, query, cookies).await;
        assert!(!page.contains("You are back"), "{query} {cookies}: {page}");
    }
}

#[tokio::test]
async fn a_provider_without_a_page_to_sign_out_or_that_is_away_is_told_of_in_words() {
    let provider = Provider::start().await;
    let patchline = believing(&provider).await;
    let ana = session(&patchline, &provider).await;
    assert_eq!(sign_out(&patchline, &ana).await.headers[header::LOCATION], "/signed-out");
    let page = page_after(&patchline, "", "").await;
    assert!(page.contains("tells no page where you could sign out"), "{page}");
    assert!(!page.contains("/sign-out/openid"), "{page}");
    let led = patchline.get_with("/sign-out/openid", "").await;
    assert_eq!(led.headers[header::LOCATION], "/signed-out", "the page says what is so");

    let gone = Provider::start().await;
    let patchline = believing(&gone).await;
    gone.stop();
    let page = page_after(&patchline, "", "").await;
    assert!(page.contains("does not answer just now"), "{page}");
}

#[tokio::test]
async fn whoever_came_with_a_password_is_signed_out_of_nothing_else() {
    let provider = Provider::start().await;
    provider.describes(json!({ "end_session_endpoint": format!("{}/leave", provider.issuer()) }));
    let patchline = believing(&provider).await;
    patchline.get("/").await;
    let admin = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    assert_eq!(sign_out(&patchline, &admin).await.headers[header::LOCATION], "/sign-in");

    let without = with_admin().await;
    let page = page_after(&without, "", "").await;
    assert!(page.contains("You are signed out of Patchline") && !page.contains("at Northlight"), "{page}");
}
