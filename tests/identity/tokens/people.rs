//! What whoever is behind a token may do: by the groups that it names, or by their account.

use super::{LIST, Label, names};
use crate::support::token_issuer::PUBLIC_URL;
use axum::http::StatusCode;
use serde_json::{Value, json};

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
