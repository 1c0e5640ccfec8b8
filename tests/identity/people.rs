//! The page of people, through its plain forms and as its script asks.

use super::sign_in::with_admin;
use crate::support::visitor::{EMAIL, PASSWORD, form, session_of};
use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::model::role::Role;
use serde_json::json;

/// Sends a plain form as somebody who is signed in.
pub(super) async fn form_with(
    patchline: &Patchline,
    path: &str,
    session: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, session)
        .body(Body::from(form(fields)));
    patchline.send_as_stranger(request.expect("a request")).await
}

/// Somebody who has signed in: the id and the session.
pub(super) async fn person(
    patchline: &Patchline,
    name: &str,
    email: &str,
    password: &str,
    role: Role,
) -> (String, String) {
    person_with_agent(patchline, name, email, password, role, "").await
}

/// The same with a browser that says this of itself.
pub(super) async fn person_with_agent(
    patchline: &Patchline,
    name: &str,
    email: &str,
    password: &str,
    role: Role,
    agent: &str,
) -> (String, String) {
    let identity = &patchline.engine.identity;
    let user = identity.add(name, email, role).await.expect("added");
    let link = identity.link_for_password(&user).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link");
    let request = Request::post("/welcome")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::USER_AGENT, agent)
        .body(Body::from(form(&[("link", link), ("password", password)])));
    let answer = patchline.send_as_stranger(request.expect("a request")).await;
    (user.id, session_of(&answer).expect("a session"))
}

async fn admin(patchline: &Patchline) -> String {
    patchline.sign_in(EMAIL, PASSWORD).await.expect("a session")
}

async fn change(patchline: &Patchline, session: &str, fields: &[(&str, &str)]) -> Answer {
    form_with(patchline, "/admin/users", session, fields).await
}

/// The link that a page shows.
fn link_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("http://localhost:3000/welcome?link=")?;
    Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
}

async fn is_open(patchline: &Patchline, session: &str) -> bool {
    patchline.get_with("/account", session).await.status == StatusCode::OK
}

#[tokio::test]
async fn somebody_who_is_invited_chooses_a_password_by_a_link_that_is_shown_once() {
    let patchline = with_admin().await;
    let ada = admin(&patchline).await;
    let invited =
        [("change", "invite"), ("name", "Ben Holm"), ("email", "Ben@Label.Example"), ("role", "manager")];
    let answer = change(&patchline, &ada, &invited).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("Ben Holm is invited"), "{}", answer.text());
    let link = link_in(&answer.text()).expect("a link");
    let page = patchline.get_with("/admin/users", &ada).await.text();
    assert!(
        page.contains("ben@label.example") && page.contains("Invited") && page.contains("Never"),
        "{page}"
    );
    assert_eq!(link_in(&page), None, "it is shown once");

    let welcome = [("link", link.as_str()), ("password", "a password of Ben")];
    let ben = session_of(&patchline.form_of_stranger("/welcome", &welcome).await).expect("a session");
    assert!(patchline.get_with("/account", &ben).await.text().contains("data-role=\"manager\""));
    let page = patchline.get_with("/admin/users", &ada).await.text();
    assert!(!page.contains("Invited") && !page.contains("Never"), "{page}");

    let twice = change(&patchline, &ada, &invited).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text());
    let text = twice.text();
    assert!(
        text.contains("There is already an account with the e-mail address ben@label.example."),
        "{text}"
    );
    assert!(text.contains("value=\"Ben Holm\""), "what was typed stays: {text}");
    let records = patchline.all_audit_records().await;
    let added: Vec<_> = records.iter().filter(|record| record["operation"] == "add_user").collect();
    assert_eq!(added.len(), 4, "an intent and an outcome each time: {records:?}");
    assert!(added[0]["arguments"].as_str().is_some_and(|told| told.contains("Label.Example")), "{added:?}");
    assert!(!format!("{records:?}").contains(&link), "no record has the link");
}

#[tokio::test]
async fn what_an_admin_changes_holds_at_once_and_is_on_record() {
    let patchline = with_admin().await;
    let ada = admin(&patchline).await;
    let (id, first) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Artist).await;
    let sign_in = || patchline.sign_in("ben@label.example", "a password of Ben");
    let user = ("user", id.as_str());

    let answer = change(&patchline, &ada, &[("change", "role"), user, ("role", "label")]).await;
    let address = format!("/admin/users?done=role&user={id}");
    assert_eq!(answer.headers[header::LOCATION], address.as_str(), "{}", answer.text());
    assert!(!is_open(&patchline, &first).await, "another role ends the sessions");
    let page = patchline.get_with(&address, &ada).await.text();
    assert!(page.contains("Ben has another role"), "{page}");

    let session = sign_in().await.expect("a session");
    change(&patchline, &ada, &[("change", "endSessions"), user]).await;
    assert!(!is_open(&patchline, &session).await);

    let session = sign_in().await.expect("a session");
    change(&patchline, &ada, &[("change", "disable"), user]).await;
    assert!(!is_open(&patchline, &session).await);
    assert_eq!(sign_in().await, None);
    let useless = change(&patchline, &ada, &[("change", "link"), user]).await;
    assert_eq!(useless.status, StatusCode::CONFLICT, "{}", useless.text());
    change(&patchline, &ada, &[("change", "enable"), user]).await;
    assert!(sign_in().await.is_some());

    let link = change(&patchline, &ada, &[("change", "link"), user]).await;
    let link = link_in(&link.text()).expect("a link");
    let welcome = [("link", link.as_str()), ("password", "another password of Ben")];
    let answer = patchline.form_of_stranger("/welcome", &welcome).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(sign_in().await, None, "the forgotten one is of no use any more");

    let records = patchline.all_audit_records().await;
    for operation in
        ["set_user_role", "end_user_sessions", "disable_user", "enable_user", "make_password_link"]
    {
        let told =
            |record: &&serde_json::Value| record["operation"] == operation && record["phase"] == "outcome";
        let record = records.iter().find(told).unwrap_or_else(|| panic!("{operation}: {records:?}"));
        assert_eq!(record["decision"], "allowed", "{operation}");
        assert!(record["arguments"].as_str().is_some_and(|told| told.contains(&id)), "{operation}: {record}");
    }
}

#[tokio::test]
async fn an_admin_ends_one_session_of_somebody_and_their_others_go_on() {
    let patchline = with_admin().await;
    let ada = admin(&patchline).await;
    let (id, first) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let second = patchline.sign_in("ben@label.example", "a password of Ben").await.expect("a session");
    let (eve, _) = person(&patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    let sessions = patchline.engine.identity.sessions_of(&id).await.expect("a list");
    let page = patchline.get_with(&format!("/admin/users?sessions={id}"), &ada).await.text();
    assert!(page.contains("Where Ben is signed in") && page.contains("127.0.0.1"), "{page}");
    for session in &sessions {
        assert!(page.contains(&format!("value=\"{}\"", session.id)), "each has a form: {page}");
    }

    let ended = sessions[0].id.as_str();
    let form = |user| [("change", "endSession"), ("user", user), ("session", ended)];
    let of_eve = change(&patchline, &ada, &form(eve.as_str())).await;
    assert_eq!(of_eve.status, StatusCode::NOT_FOUND, "{}", of_eve.text());
    assert!(is_open(&patchline, &first).await && is_open(&patchline, &second).await, "it is not one of hers");

    let answer = change(&patchline, &ada, &form(id.as_str())).await;
    let address = format!("/admin/users?done=endSession&user={id}&sessions={id}");
    assert_eq!(answer.headers[header::LOCATION], address.as_str(), "{}", answer.text());
    let open = [is_open(&patchline, &first).await, is_open(&patchline, &second).await];
    assert_eq!(open.iter().filter(|is_open| **is_open).count(), 1, "one has ended, the other goes on");
    let page = patchline.get_with(&address, &ada).await.text();
    assert!(page.contains("That session of Ben has ended.") && !page.contains(ended), "{page}");
    let records = patchline.audit_records().await;
    let told = records.iter().filter(|record| record["operation"] == "end_user_session");
    let phases: Vec<_> = told.map(|record| record["phase"].clone()).collect();
    assert_eq!(phases, ["intent", "outcome", "intent", "outcome"], "{records:?}");
}

#[tokio::test]
async fn the_only_admin_is_neither_disabled_nor_given_another_role() {
    let patchline = with_admin().await;
    let ada = admin(&patchline).await;
    let id = patchline.engine.identity.user(EMAIL).await.expect("the admin").id;
    let user = ("user", id.as_str());
    for fields in [&[("change", "disable"), user][..], &[("change", "role"), user, ("role", "label")][..]] {
        let answer = change(&patchline, &ada, fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
        assert!(answer.text().contains("Ada is the only admin who may sign in"), "{}", answer.text());
    }
    assert!(is_open(&patchline, &ada).await);
    person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Admin).await;
    let answer = change(&patchline, &ada, &[("change", "role"), user, ("role", "label")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(!is_open(&patchline, &ada).await);
}

#[tokio::test]
async fn nobody_but_admins_sees_the_list_or_changes_anybody() {
    let patchline = with_admin().await;
    let id = patchline.engine.identity.user(EMAIL).await.expect("the admin").id;
    let user = ("user", id.as_str());
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        let email = format!("{}@label.example", role.id());
        let (own, session) = person(&patchline, "Ben", &email, "a password of Ben", role).await;
        let page = patchline.get_with("/admin/users", &session).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}: {}", role.id(), page.text());
        assert!(
            page.text().contains("This is not allowed") && !page.text().contains(EMAIL),
            "{}",
            page.text()
        );
        let invite =
            [("change", "invite"), ("name", "Eve"), ("email", "eve@label.example"), ("role", "admin")];
        let promoted = [("change", "role"), ("user", own.as_str()), ("role", "admin")];
        for fields in [
            &invite[..],
            &promoted[..],
            &[("change", "disable"), user][..],
            &[("change", "enable"), user][..],
            &[("change", "endSessions"), user][..],
            &[("change", "endSession"), user, ("session", "none")][..],
            &[("change", "link"), user][..],
        ] {
            let answer = change(&patchline, &session, fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {fields:?}: {}", role.id(), answer.text());
            assert_eq!(link_in(&answer.text()), None);
        }
        let kept = patchline.engine.identity.account(&own).await.expect("it is there");
        assert_eq!(kept.role, role);
    }
    assert!(patchline.engine.identity.user("eve@label.example").await.is_err());
    let records = patchline.audit_records().await;
    let denied = records.iter().filter(|record| record["operation"] == "add_user");
    let decisions: Vec<_> = denied.map(|record| record["decision"].clone()).collect();
    assert_eq!(decisions, vec![json!("denied"); 4], "{records:?}");
}

#[tokio::test]
async fn what_a_form_says_wrongly_is_told_and_changes_nothing() {
    let patchline = with_admin().await;
    let ada = admin(&patchline).await;
    let before = patchline.engine.identity.users().await.expect("a list");
    for (fields, status, said) in [
        (&[("change", "remove")][..], StatusCode::BAD_REQUEST, "The form could not be read"),
        (
            &[("change", "invite"), ("name", ""), ("email", "ben@label.example"), ("role", "label")][..],
            StatusCode::BAD_REQUEST,
            "The name has to have 1 to 100 characters",
        ),
        (
            &[("change", "invite"), ("name", "Ben"), ("email", "ben@label.example")][..],
            StatusCode::BAD_REQUEST,
            "No role was chosen.",
        ),
        (
            &[("change", "disable"), ("user", "usr_nobody_of_this_id")][..],
            StatusCode::NOT_FOUND,
            "There is no account",
        ),
    ] {
        let answer = change(&patchline, &ada, fields).await;
        assert_eq!(answer.status, status, "{fields:?}: {}", answer.text());
        assert!(answer.text().contains(said), "{fields:?}: {}", answer.text());
    }
    assert_eq!(patchline.engine.identity.users().await.expect("a list"), before);
}

/// Sends the form as the script of the page does.
async fn ask(patchline: &Patchline, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post("/fn/change-user")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form(fields)));
    patchline.send(request.expect("a request")).await
}

#[tokio::test]
async fn the_script_of_the_page_gets_the_same_answers() {
    let patchline = with_admin().await;
    let invited = [("change", "invite"), ("user", ""), ("name", "Ben"), ("email", "ben@label.example")];
    let made = ask(&patchline, &[&invited[..], &[("role", "artist")][..]].concat()).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let made = made.json();
    assert!(
        made["link"].as_str().is_some_and(|link| link.starts_with("http://localhost:3000/welcome?link="))
    );
    let taken = ask(&patchline, &[&invited[..], &[("role", "artist")][..]].concat()).await;
    assert_eq!((taken.status, &taken.json()["kind"]), (StatusCode::CONFLICT, &json!("exists")));
    let id = made["user"].as_str().expect("an id");
    let disabled = ask(&patchline, &[("change", "disable"), ("user", id)]).await;
    assert_eq!(disabled.json()["name"], "Ben", "{}", disabled.text());
    let list = patchline.get("/fn/users").await.json();
    let ben = list.as_array().and_then(|list| list.iter().find(|user| user["name"] == "Ben")).expect("Ben");
    assert_eq!(ben["state"], "disabled", "{list}");
}

#[tokio::test]
async fn the_accounts_of_the_sample_label_stay_as_the_page_of_sign_in_offers_them() {
    let demo = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    let entered = demo.form_of_stranger("/sign-in", &[("demo", "admin")]).await;
    let session = session_of(&entered).expect("a session");
    let page = demo.get_with("/account", &session).await.text();
    assert!(page.contains("has no password: you sign in another way"), "{page}");
    for fields in [
        &[("change", "disable"), ("user", "usr_demo_artist")][..],
        &[("change", "role"), ("user", "usr_demo_artist"), ("role", "admin")][..],
        &[("change", "link"), ("user", "usr_demo_artist")][..],
    ] {
        let answer = change(&demo, &session, fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}: {}", answer.text());
        assert!(answer.text().contains("stays as it is"), "{}", answer.text());
    }
}
