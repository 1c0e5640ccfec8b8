//! What whoever is behind a token may do: by the groups that it names, or by their account.

use super::super::people::person;
use super::{LIST, Label, names};
use crate::support::token_issuer::PUBLIC_URL;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use patchline::engine::gateway::{Channel, Origin, Principal};
use patchline::engine::identity::User;
use patchline::engine::tools::views::{EraseAuditPayloads, EraseAuditPayloadsInput};
use patchline::model::role::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const GROUPS: &str = "role_claim = \"groups\"\n[issuer.roles]\nstaff = \"label\"\nstudio = \"producer\"\n";

/// A token with everything that its person may do, who is in these groups.
fn token(label: &Label, groups: Option<Value>) -> String {
    let mut claims = label.issuer.claims(PUBLIC_URL, "tools:all");
    if let Some(groups) = groups {
        claims["groups"] = groups;
    }
    label.issuer.token(&claims)
}

#[tokio::test]
async fn the_groups_of_a_token_say_what_its_person_is() {
    let label = Label::with(GROUPS).await;
    let contracts = "list_contracts".to_owned();
    let staff = token(&label, Some(json!(["studio", "staff"])));
    assert!(names(&label.list(&staff).await.json()).contains(&contracts), "the label may do most");
    let studio = token(&label, Some(json!(["studio"])));
    assert!(!names(&label.list(&studio).await.json()).contains(&contracts));
    assert_eq!(label.run(&studio, "list_contracts").await.status, StatusCode::FORBIDDEN);
    for groups in [None, Some(json!([])), Some(json!(["accounting"])), Some(json!({ "staff": true }))] {
        let told = label.run(&token(&label, groups.clone()), LIST).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{groups:?}: {}", told.text);
        assert!(told.text.contains("Nothing says what Ben Berg is to the label"), "{}", told.text);
    }
}

#[tokio::test]
async fn a_program_that_calls_for_itself_is_what_its_issuer_is_set_to() {
    let label = Label::with("default_role = \"producer\"").await;
    let mut claims = label.issuer.claims(PUBLIC_URL, "tools:all");
    claims["sub"] = claims["client_id"].clone();
    let program = label.issuer.token(&claims);
    assert_eq!(label.run(&program, LIST).await.status, StatusCode::OK);
    let refused = label.run(&program, "list_contracts").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("the client weekly-report"), "{}", refused.text);
    let records = label.patchline.audit_records().await;
    assert!(records.iter().all(|record| record["role"] == "producer"), "{records:?}");
}

/// Ben, who has an account of this role and signs in at the authorization server.
async fn ben(label: &Label, role: Role) -> User {
    let identity = &label.patchline.engine.identity;
    let user = identity.add("Ben", "ben@label.example", role).await.expect("added");
    join(label, &user.id).await;
    user
}

/// Makes an account that of the person who is behind the tokens.
async fn join(label: &Label, user: &str) {
    let (issuer, subject) = (label.issuer.url(), "person-7");
    let digest = hex::encode(Sha256::digest(format!("{issuer}\n{subject}")));
    label.patchline.put("patchline-users", json!({ "id": format!("openid#{digest}"), "user": user })).await;
    let of = HashMap::from([
        ("issuer".to_owned(), AttributeValue::S(issuer)),
        ("subject".to_owned(), AttributeValue::S(subject.to_owned())),
    ]);
    let joined = label
        .patchline
        .clients
        .dynamodb
        .update_item()
        .table_name("patchline-users")
        .key("id", AttributeValue::S(user.to_owned()))
        .update_expression("SET openid = :of")
        .expression_attribute_values(":of", AttributeValue::M(of))
        .send()
        .await;
    joined.expect("it is changed");
}

#[tokio::test]
async fn whoever_has_an_account_has_no_more_by_a_token_than_both_say() {
    let label = Label::with(GROUPS).await;
    let ben = ben(&label, Role::Producer).await;
    let contracts = "list_contracts".to_owned();
    let staff = token(&label, Some(json!(["staff"])));
    assert!(!names(&label.list(&staff).await.json()).contains(&contracts), "the account is a producer's");
    assert_eq!(label.run(&staff, "list_contracts").await.status, StatusCode::FORBIDDEN);
    assert_eq!(label.run(&staff, LIST).await.status, StatusCode::OK);

    let identity = &label.patchline.engine.identity;
    identity.set_role(&ben.id, Role::Label).await.expect("changed");
    assert!(names(&label.list(&staff).await.json()).contains(&contracts), "both say the label");
    let studio = token(&label, Some(json!(["studio"])));
    assert!(!names(&label.list(&studio).await.json()).contains(&contracts), "the token is a producer's");
    let silent = token(&label, None);
    assert!(names(&label.list(&silent).await.json()).contains(&contracts), "the account alone says it");
    let strange = label.list(&token(&label, Some(json!(["accounting"])))).await;
    assert_eq!(strange.status, StatusCode::FORBIDDEN, "{}", strange.text);

    identity.set_disabled(&ben.id, true).await.expect("disabled");
    let refused = label.list(&staff).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
    assert!(refused.text.contains("may not sign in any more"), "{}", refused.text);
    let records = label.patchline.audit_records().await;
    let called = records.iter().find(|record| record["operation"] == LIST).expect("a call");
    assert_eq!(called["onBehalfOf"], ben.id);
    assert_eq!(called["role"], "producer");
}

#[tokio::test]
async fn a_record_names_whose_token_called_until_that_is_erased() {
    let label = Label::with(GROUPS).await;
    let issuer = label.issuer.url();
    let of_person = json!({ "issuer": issuer, "subject": "person-7", "client": "weekly-report" });
    assert_eq!(label.run(&token(&label, Some(json!(["staff"]))), LIST).await.status, StatusCode::OK);
    let strange = token(&label, Some(json!(["accounting"])));
    assert_eq!(label.run(&strange, LIST).await.status, StatusCode::FORBIDDEN, "nobody knows its group");
    let mut claims = label.issuer.claims(PUBLIC_URL, "tools:all");
    claims["sub"] = claims["client_id"].clone();
    claims["groups"] = json!(["staff"]);
    assert_eq!(label.run(&label.issuer.token(&claims), LIST).await.status, StatusCode::OK);

    let records = label.patchline.all_audit_records().await;
    let of = |person: &Value| records.iter().filter(|record| record["bearer"] == *person).count();
    assert_eq!(of(&of_person), 2, "who was let in, and who was not: {records:?}");
    assert_eq!(of(&json!({ "issuer": issuer, "client": "weekly-report" })), 1, "{records:?}");
    let page = label.patchline.get("/admin/audit?who=person-7").await.text();
    assert!(page.contains(LIST), "it is found by it: {page}");

    let stranger = records.iter().find(|record| record["bearer"] == of_person).expect("a record");
    let who = stranger["onBehalfOf"].as_str().expect("what stands for them").to_owned();
    let (operator, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
    let input = EraseAuditPayloadsInput { principal: who.clone() };
    let erased = label.patchline.engine.gateway.call::<EraseAuditPayloads>(&operator, &origin, input).await;
    assert_eq!(erased.expect("it is done").output, 1);
    let records = label.patchline.all_audit_records().await;
    let mut theirs = records.iter().filter(|record| record["onBehalfOf"] == json!(who));
    assert!(theirs.all(|record| record["bearer"].is_null()), "{records:?}");
}

#[tokio::test]
async fn a_client_with_the_name_of_a_person_is_not_that_person() {
    let label = Label::with(&format!("default_role = \"producer\"\n{GROUPS}")).await;
    let ben = ben(&label, Role::Admin).await;
    let mut claims = label.issuer.claims(PUBLIC_URL, "tools:all");
    claims["client_id"] = claims["sub"].clone();
    let program = label.issuer.token(&claims);
    assert_eq!(label.run(&program, LIST).await.status, StatusCode::OK);
    let records = label.patchline.audit_records().await;
    let called = records.iter().find(|record| record["operation"] == LIST).expect("a call");
    assert_ne!(called["onBehalfOf"], ben.id);
    assert_eq!(called["role"], "producer");
}

#[tokio::test]
async fn people_see_the_programs_that_act_for_them_and_nobody_sees_those_of_others() {
    let label = Label::with(GROUPS).await;
    let patchline = &label.patchline;
    let (id, ben) = person(patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    let (_, eve) = person(patchline, "Eve", "eve@label.example", "a password of Eve", Role::Label).await;
    join(&label, &id).await;
    let none = "No program has called with an access token in your name";
    assert!(patchline.get_with("/account", &ben).await.text().contains(none));

    let report = token(&label, None);
    for _ in 0..2 {
        assert_eq!(label.run(&report, LIST).await.status, StatusCode::OK);
    }
    let mut claims = label.issuer.claims(PUBLIC_URL, "tools:all");
    claims["client_id"] = json!("claude");
    assert_eq!(label.run(&label.issuer.token(&claims), LIST).await.status, StatusCode::OK);
    patchline.engine.write_down().await;

    let told = patchline.get_with("/fn/own-programs", &ben).await.json();
    let programs = told["programs"].as_array().expect("a list");
    let [claude, report] = &programs[..] else { panic!("two programs: {told}") };
    assert_eq!((&claude["client"], &claude["calls"]), (&json!("claude"), &json!(1)));
    assert_eq!((&report["client"], &report["calls"]), (&json!("weekly-report"), &json!(2)));
    assert!(programs.iter().all(|program| program["issuer"] == label.issuer.url()), "{told}");
    assert!(report["firstUsed"].as_str() <= report["lastUsed"].as_str(), "{told}");
    assert_eq!(told["areAll"], true, "{told}");

    let page = patchline.get_with("/account", &ben).await.text();
    assert!(page.contains("weekly-report") && page.contains(&label.issuer.url()), "{page}");
    let page = patchline.get_with("/account", &eve).await.text();
    assert!(page.contains(none) && !page.contains("weekly-report"), "{page}");
}

#[tokio::test]
async fn the_programs_that_act_for_somebody_are_found_without_reading_the_whole_log() {
    let label = Label::with(GROUPS).await;
    let patchline = &label.patchline;
    let (id, ben) = person(patchline, "Ben", "ben@label.example", "a password of Ben", Role::Label).await;
    join(&label, &id).await;
    assert_eq!(label.run(&token(&label, None), LIST).await.status, StatusCode::OK);
    patchline.engine.write_down().await;
    let told = patchline.get_with("/fn/own-programs", &ben).await.json();
    assert_eq!(told["programs"][0]["calls"], 1, "{told}");
    assert_eq!(told["areAll"], true, "{told}");
    let records = patchline.all_audit_records().await;
    let looked = records.iter().rfind(|record| record["operation"] == "list_own_programs").expect("a look");
    // Which programs there are, and the records of the one: no hour of the log is read.
    assert_eq!(looked["awsRequestIds"].as_array().map(Vec::len), Some(2), "{looked:#?}");
}
