//! Links that work once: the first admin, and people who choose a password.

use super::sign_in::with_admin;
use crate::support::Patchline;
use crate::support::visitor::{EMAIL, PASSWORD, session_of};
use axum::http::{StatusCode, header};
use patchline::engine::identity::Link;
use patchline::model::role::Role;

fn text_of(link: &Link) -> String {
    link.address("").strip_prefix("/welcome?link=").expect("the address of the page").to_owned()
}

async fn use_link(patchline: &Patchline, link: &str, password: &str) -> crate::support::Answer {
    let form = [("link", link), ("name", "Ada"), ("email", EMAIL), ("password", password)];
    patchline.form_of_stranger("/welcome", &form).await
}

#[tokio::test]
async fn the_first_start_has_a_link_that_makes_one_admin_and_no_second() {
    let patchline = Patchline::start().await;
    let identity = &patchline.engine.identity;
    let first = text_of(&identity.link_for_first_admin().await.expect("an answer").expect("a link"));
    let second = text_of(&identity.link_for_first_admin().await.expect("an answer").expect("a link"));
    let page = patchline.get_with(&format!("/welcome?link={first}"), "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("You make the first admin") && page.text().contains("Your name"));

    let short = use_link(&patchline, &first, "too short").await;
    assert_eq!(short.status, StatusCode::BAD_REQUEST, "{}", short.text());
    assert!(short.text().contains("12 to 128 characters"), "{}", short.text());
    let made = use_link(&patchline, &first, PASSWORD).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "what was typed wrong did not use it up: {}", made.text());
    let session = session_of(&made).expect("a session");
    assert!(patchline.get_with("/", &session).await.text().contains("data-role=\"admin\""));

    for used in [&first, &second] {
        let answer = use_link(&patchline, used, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
        assert!(answer.text().contains("not valid any more"), "{}", answer.text());
        assert_eq!(session_of(&answer), None);
    }
    assert!(identity.link_for_first_admin().await.expect("an answer").is_none());
    assert_eq!(identity.users().await.expect("a list").len(), 1);
}

#[tokio::test]
async fn an_e_mail_address_that_somebody_has_does_not_use_up_the_link_for_the_first_admin() {
    let patchline = Patchline::start().await;
    let identity = &patchline.engine.identity;
    let link = text_of(&identity.link_for_first_admin().await.expect("an answer").expect("a link"));
    let ben = identity.add("Ben", EMAIL, Role::Label).await.expect("added");
    let taken = use_link(&patchline, &link, PASSWORD).await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.text());
    assert!(identity.account(&ben.id).await.expect("Ben").password.is_none());
    let form = [
        ("link", link.as_str()),
        ("name", "Ada"),
        ("email", "another@label.example"),
        ("password", PASSWORD),
    ];
    let made = patchline.form_of_stranger("/welcome", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
}

#[tokio::test]
async fn somebody_who_was_added_chooses_a_password_once() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let ben = identity.add("Ben", "Ben@Label.Example", Role::Manager).await.expect("added");
    assert_eq!(patchline.sign_in("ben@label.example", "").await, None, "nobody signs in without a password");
    let link = text_of(&identity.link_for_password(&ben).await.expect("a link"));
    let older = text_of(&identity.link_for_password(&ben).await.expect("a link"));
    let page = patchline.get_with(&format!("/welcome?link={link}"), "").await.text();
    assert!(page.contains("Choose the password") && !page.contains("Your name"), "{page}");
    let own_address = use_link(&patchline, &link, "ben@label.example").await;
    assert_eq!(own_address.status, StatusCode::BAD_REQUEST, "{}", own_address.text());
    let used = use_link(&patchline, &link, "a password of Ben").await;
    // No artists are his yet: what he may do first is ask.
    assert_eq!(used.headers[header::LOCATION], "/tasks");
    for void in [&link, &older] {
        assert_eq!(use_link(&patchline, void, "another password").await.status, StatusCode::FORBIDDEN);
    }
    assert!(patchline.sign_in("ben@label.example", "a password of Ben").await.is_some());
}

#[tokio::test]
async fn a_link_that_nobody_made_opens_nothing_and_none_is_kept_as_it_is() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let ben = identity.add("Ben", "ben@label.example", Role::Artist).await.expect("added");
    let link = text_of(&identity.link_for_password(&ben).await.expect("a link"));
    for made_up in ["first-0000", "password-0000", "", &link[..link.len() - 1]] {
        assert_eq!(use_link(&patchline, made_up, PASSWORD).await.status, StatusCode::FORBIDDEN, "{made_up}");
    }
    let settings = patchline.clients.dynamodb.scan().table_name("patchline-settings").send().await;
    let kept = format!("{:?}", settings.expect("a scan").items());
    assert!(!kept.contains(&link), "whoever reads the table has no link");
}
