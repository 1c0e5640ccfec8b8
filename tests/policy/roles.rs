//! What the door does for each role.

use super::{ROLES, from_here, somebody};
use crate::support::{Patchline, artist};
use patchline::engine::gateway::policy::{Access, PERMISSIONS};
use patchline::engine::gateway::{CallErrorKind, Principal, Role, title_of};
use patchline::engine::tools::Operation;
use patchline::engine::tools::views::{BrowseArtists, ReadFile, ReadFileInput};
use patchline::model::list::ArtistQuery;
use serde_json::json;

async fn start() -> Patchline {
    Patchline::with(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await
}

fn access(tool: &str, role: Role) -> Access {
    let row = PERMISSIONS.iter().find(|row| row.operation == tool).expect("a row");
    row.access(role)
}

#[tokio::test]
async fn each_tool_is_listed_and_taken_for_the_roles_of_its_row_and_for_no_other() {
    let patchline = start().await;
    let gateway = &patchline.engine.gateway;
    let all = gateway.tools(&somebody(Role::Admin));
    assert!(all.len() > 20, "admins see every tool");
    for role in ROLES {
        let who = somebody(role);
        let listed: Vec<_> = gateway.tools(&who).into_iter().map(|tool| tool.name).collect();
        for tool in &all {
            let may = access(&tool.name, role) == Access::Yes;
            let case = format!("{} {}", role.id(), tool.name);
            assert_eq!(listed.contains(&tool.name), may, "{case} in the list");
            assert_eq!(gateway.tool(&who, &tool.name).is_some(), may, "{case} by its name");
            // An argument that there is not: whoever may use the tool is told of that, the others are not.
            let arguments = json!({ "no such argument": 1 });
            let refused = gateway.call_tool(&who, &from_here(), &tool.name, arguments).await;
            let kind = refused.expect_err("it is wrong").kind;
            let expected = if may { CallErrorKind::Invalid } else { CallErrorKind::Forbidden };
            assert_eq!(kind, expected, "{case} when it is called");
        }
    }
}

#[tokio::test]
async fn each_tool_is_known_by_its_title_wherever_a_record_names_it() {
    let patchline = start().await;
    let all = patchline.engine.gateway.tools(&somebody(Role::Admin));
    for tool in &all {
        assert_eq!(title_of(&tool.name), Some(tool.title.as_str()), "{}", tool.name);
    }
    assert!(all.len() > 20 && title_of("a_tool_of_tomorrow").is_none());
}

#[tokio::test]
async fn what_a_role_may_not_use_is_refused_and_on_record_with_the_reason() {
    let patchline = Patchline::start().await;
    let producer = somebody(Role::Producer);
    let gateway = &patchline.engine.gateway;
    let refused = gateway.call_tool(&producer, &from_here(), "list_contracts", json!({})).await;
    let error = refused.expect_err("producers see no contracts");
    assert_eq!(error.message, "Some producer may not use list_contracts.");
    let records = patchline.audit_records().await;
    let [record] = &records[..] else { panic!("one record: {records:?}") };
    assert_eq!((&record["decision"], &record["role"]), (&json!("denied"), &json!("producer")));
    assert_eq!(record["reason"], "not permitted to this role");
}

#[tokio::test]
async fn a_contract_is_not_opened_by_the_tool_for_any_file_either() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let input = || ReadFileInput {
        before_release: false,
        bucket_name: "patchline-contracts".to_owned(),
        file_name: "agreement.pdf".parse().expect("a name"),
    };
    let read = async |who: &Principal| {
        let read = gateway.call::<ReadFile>(who, &from_here(), input()).await;
        read.map(drop).expect_err("there is no such file").kind
    };
    assert_eq!(read(&somebody(Role::Producer)).await, CallErrorKind::Forbidden);
    assert_eq!(read(&somebody(Role::Label)).await, CallErrorKind::NotFound);
    let records = patchline.audit_records().await;
    assert_eq!(records[0]["policies"], json!(["role:contracts"]));
    assert_eq!(records[0]["resources"][0]["name"], "patchline-contracts/agreement.pdf");
    assert_eq!(records[1]["policies"], json!(["role:label"]));
}

#[tokio::test]
async fn pages_are_refused_to_those_who_may_not_see_them() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let gateway = &patchline.engine.gateway;
    for role in ROLES {
        let answer =
            gateway.call::<BrowseArtists>(&somebody(role), &from_here(), ArtistQuery::default()).await;
        let may = access(BrowseArtists::NAME, role) == Access::Yes;
        assert_eq!(answer.is_ok(), may, "{}", role.id());
        assert_eq!(gateway.offers(&somebody(role), BrowseArtists::NAME), may, "{}", role.id());
    }
}

#[tokio::test]
async fn a_tool_that_there_is_not_is_not_found_by_those_who_may_use_the_tools_of_others() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let call = async |role: Role| {
        let called = gateway.call_tool(&somebody(role), &from_here(), "list_audio_file", json!({})).await;
        called.expect_err("there is no such tool").kind
    };
    assert_eq!(call(Role::Admin).await, CallErrorKind::NotFound);
    assert_eq!(call(Role::Artist).await, CallErrorKind::Forbidden);
}
