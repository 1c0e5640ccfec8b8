//! Roles of AWS, taken in the name of the person for whom something is asked.

use crate::policy::{from_here, somebody_with};
use crate::support::Patchline;
use axum::http::StatusCode;
use patchline::embedded_aws::TakenRole;
use patchline::engine::gateway::{KeyUse, Principal, Role};
use patchline::model::key::KeyScope;
use serde_json::{Value, json};
use std::sync::Arc;

const S3_ROLE: &str = "arn:aws:iam::000000000000:role/PatchlineMCPS3Role";
const DYNAMODB_ROLE: &str = "arn:aws:iam::000000000000:role/PatchlineMCPDynamoRole";

async fn with_roles() -> Patchline {
    let roles = [("MCP_S3_ROLE_ARN", S3_ROLE), ("MCP_DYNAMODB_ROLE_ARN", DYNAMODB_ROLE)];
    let patchline = Patchline::with(&roles).await;
    patchline.put_artist_and_release().await;
    patchline
}

/// The sessions of a role in a name.
fn sessions_of(patchline: &Patchline, role: &str, name: &str) -> Vec<TakenRole> {
    let mut taken = patchline.taken_roles();
    taken.retain(|taken| taken.role_arn == role && taken.session_name == name);
    taken
}

async fn call(patchline: &Patchline, who: &Principal, tool: &str, arguments: Value) {
    let answer = patchline.engine.gateway.call_tool(who, &from_here(), tool, arguments).await;
    answer.unwrap_or_else(|error| panic!("{tool}: {error}"));
}

#[tokio::test]
async fn cloudtrail_shows_the_person_and_what_they_are() {
    let patchline = with_roles().await;
    let artist = somebody_with(Role::Artist, &["art_1"]);
    call(&patchline, &artist, "query_artist_data", json!({ "artistId": "art_1" })).await;
    let taken = sessions_of(&patchline, DYNAMODB_ROLE, "artist-1");
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].source_identity.as_deref(), Some("artist-1"));
    let tags: Vec<_> = taken[0].tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let expected =
        [("PatchlinePrincipal", "artist-1"), ("PatchlineRole", "artist"), ("PatchlineKind", "person")];
    assert_eq!(tags, expected);
    assert!(sessions_of(&patchline, S3_ROLE, "artist-1").is_empty(), "a role that was not needed");
}

#[tokio::test]
async fn a_key_is_shown_as_its_owner_with_the_key_as_a_tag() {
    let patchline = with_roles().await;
    let of_key =
        KeyUse { owner: "usr_mira".to_owned(), scope: KeyScope::AllTools, ceiling: Role::Label, token: None };
    let key = Principal { key: Some(Arc::new(of_key)), ..Principal::new("key:0123", "Nightly", Role::Label) };
    call(&patchline, &key, "list_audio_files", json!({})).await;
    let taken = sessions_of(&patchline, S3_ROLE, "usr_mira");
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].tags[0], ("PatchlinePrincipal".to_owned(), "key:0123".to_owned()));
    assert_eq!(taken[0].tags[2], ("PatchlineKind".to_owned(), "key".to_owned()));
}

#[tokio::test]
async fn a_session_is_kept_for_its_person_and_never_used_for_another() {
    let patchline = with_roles().await;
    let people = [somebody_with(Role::Label, &[]), somebody_with(Role::Admin, &[])];
    for _ in 0..3 {
        for person in &people {
            call(&patchline, person, "list_audio_files", json!({})).await;
        }
    }
    let at_once = (0..8).map(|_| call(&patchline, &people[0], "list_contracts", json!({})));
    futures::future::join_all(at_once).await;
    for person in &people {
        assert_eq!(sessions_of(&patchline, S3_ROLE, &person.id).len(), 1, "{}", person.id);
    }
}

#[tokio::test]
async fn what_patchline_does_by_itself_is_done_in_its_own_name() {
    let patchline = with_roles().await;
    assert_eq!(patchline.get("/readyz").await.status, StatusCode::OK);
    let taken = sessions_of(&patchline, DYNAMODB_ROLE, "patchline");
    assert!(!taken.is_empty() && taken.iter().all(|taken| taken.tags.is_empty()), "{taken:?}");
    assert!(patchline.complaints().await.is_empty(), "doctor takes the roles, too");
}

#[tokio::test]
async fn a_role_that_may_not_be_taken_is_named() {
    let elsewhere = "arn:aws:iam::111122223333:role/PatchlineMCPS3Role";
    let patchline = with_roles().await.restart_with(&[("MCP_CLOUDWATCH_ROLE_ARN", elsewhere)]).await;
    let answer = patchline.tool("get_performance_metrics", json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    let error = answer.error();
    let told = format!("{} {}", error["message"], error["remedy"]);
    assert!(told.contains("sts:AssumeRole") && told.contains(elsewhere), "{told}");
}
