//! Rules that admins set while Patchline runs: stored as versions, known to every instance, taken back.

use super::{from_here, somebody};
use crate::support::{Patchline, eventually};
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, CallErrorKind, Gateway, Role};
use patchline::engine::telemetry::Telemetry;
use patchline::model::policy::{
    PlaceKind, PolicyAnswer, PolicyMode, PolicyQuestion, PolicyVersion, RuleDocument, RuleSays,
};
use serde_json::json;
use std::sync::Arc;

fn no_uploads_for_producers() -> RuleDocument {
    RuleDocument {
        id: "no-uploads".to_owned(),
        says: RuleSays::NoTools { names: vec!["upload_audio_file".to_owned()] },
        roles: vec!["producer".to_owned()],
        shadow: false,
    }
}

fn rule(says: RuleSays) -> RuleDocument {
    RuleDocument { id: "a-rule".to_owned(), says, roles: Vec::new(), shadow: false }
}

async fn change(gateway: &Gateway, expected: u32, rules: Vec<RuleDocument>) -> PolicyVersion {
    let (admin, origin) = (somebody(Role::Admin), from_here());
    let changed = gateway.change_policy(&admin, &origin, expected, rules, "A test".to_owned()).await;
    changed.expect("it is changed").output
}

fn is_offered(gateway: &Gateway, role: Role) -> bool {
    gateway.tools(&somebody(role)).iter().any(|tool| tool.name == "upload_audio_file")
}

#[tokio::test]
async fn a_tool_that_is_denied_to_producers_vanishes_from_their_list_and_comes_back() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let mut news = gateway.watch_tools();
    let first = change(gateway, 0, vec![no_uploads_for_producers()]).await;
    assert_eq!((first.version, first.by.as_str(), first.note.as_str()), (1, "Some admin", "A test"));
    assert!(news.has_changed().expect("it is watched"), "clients that follow the list are told");
    assert!(!is_offered(gateway, Role::Producer) && is_offered(gateway, Role::Label));
    let refused =
        gateway.call_tool(&somebody(Role::Producer), &from_here(), "upload_audio_file", json!({})).await;
    assert_eq!(refused.expect_err("it is denied").kind, CallErrorKind::Forbidden);
    news.mark_unchanged();
    let admin = somebody(Role::Admin);
    let back = gateway.roll_back_policy(&admin, &from_here(), 1, 0).await.expect("it is taken back").output;
    assert_eq!((back.version, back.rules.len()), (2, 0));
    assert!(is_offered(gateway, Role::Producer));
}

#[tokio::test]
async fn every_version_is_kept_and_can_be_put_in_place_again() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let admin = somebody(Role::Admin);
    change(gateway, 0, vec![no_uploads_for_producers()]).await;
    change(gateway, 1, Vec::new()).await;
    let late = gateway.change_policy(&admin, &from_here(), 1, Vec::new(), String::new()).await;
    assert_eq!(late.expect_err("somebody was faster").kind, CallErrorKind::Conflict);
    let back = gateway.roll_back_policy(&admin, &from_here(), 2, 1).await.expect("it is put in place").output;
    assert_eq!((back.version, back.rules), (3, vec![no_uploads_for_producers()]));
    let view = gateway.view_policy(&admin, &from_here()).await.expect("it is shown").output;
    let numbers: Vec<_> = view.history.iter().map(|version| version.version).collect();
    assert_eq!((view.current.version, numbers), (3, vec![2, 1]));
    assert!(view.rules.iter().any(|rule| rule.id == "no-uploads" && !rule.from_environment));
    assert!(view.cedar.iter().any(|policy| policy.name == "no-uploads" && policy.text.contains("forbid")));
    let none = gateway.roll_back_policy(&admin, &from_here(), 3, 9).await;
    assert_eq!(none.expect_err("there is no version 9").kind, CallErrorKind::NotFound);
}

#[tokio::test]
async fn rules_outlive_a_restart_and_other_instances_follow() {
    let patchline = Patchline::start().await;
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(patchline.clients.clone(), config));
    let other = Gateway::new(Arc::clone(&catalog), config, AuditLog::start(catalog, false), Telemetry::off());
    other.watch_fleet();
    change(&patchline.engine.gateway, 0, vec![no_uploads_for_producers()]).await;
    eventually("the other instance knows", async || !is_offered(&other, Role::Producer)).await;
    other.stop_watching().await;
    drop(other);
    let patchline = patchline.restart().await;
    assert!(!is_offered(&patchline.engine.gateway, Role::Producer));
}

#[tokio::test]
async fn only_admins_see_the_policy_or_change_it() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        let who = somebody(role);
        let question = PolicyQuestion {
            role: "admin".to_owned(),
            operation: "change_policy".to_owned(),
            ..PolicyQuestion::default()
        };
        let kinds = [
            gateway.view_policy(&who, &from_here()).await.map(drop),
            gateway.try_policy(&who, &from_here(), question).await.map(drop),
            gateway.change_policy(&who, &from_here(), 0, Vec::new(), String::new()).await.map(drop),
            gateway.roll_back_policy(&who, &from_here(), 0, 0).await.map(drop),
            gateway.change_security_mode(&who, &from_here(), 0, None, String::new()).await.map(drop),
        ]
        .map(|done| done.expect_err("it is not for them").kind);
        assert_eq!(kinds, [CallErrorKind::Forbidden; 5], "{}", role.id());
    }
}

#[tokio::test]
async fn rules_that_shut_out_their_writer_or_mean_nothing_are_refused() {
    let patchline = Patchline::with(&[("MCP_DENIED_TOOLS", "store_contract")]).await;
    let gateway = &patchline.engine.gateway;
    let (place, names) = (PlaceKind::Table, vec!["artists".to_owned(), "releases".to_owned()]);
    let settings = vec!["*-settings".to_owned()];
    for (document, words) in [
        (rule(RuleSays::OnlyPlaces { place, names }), "shut you out"),
        (rule(RuleSays::NoPlaces { place, names: settings }), "shut you out"),
        (rule(RuleSays::OnlyFrom { networks: vec!["10.0.0.0/8".to_owned()] }), "shut you out"),
        (rule(RuleSays::NoTools { names: vec!["upload_audio_fiel".to_owned()] }), "there is no tool"),
        (rule(RuleSays::OnlyTools { names: Vec::new() }), "it names nothing"),
        (
            RuleDocument { id: "denied-tools".to_owned(), ..no_uploads_for_producers() },
            "named denied-tools already",
        ),
    ] {
        let refused = gateway
            .change_policy(&somebody(Role::Admin), &from_here(), 0, vec![document], String::new())
            .await
            .expect_err("it is refused");
        assert_eq!(refused.kind, CallErrorKind::Invalid);
        assert!(refused.message.contains(words), "{}", refused.message);
    }
    assert!(is_offered(gateway, Role::Producer), "nothing was changed");
}

#[tokio::test]
async fn hours_that_exclude_now_can_be_set_and_taken_back() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let hours = crate::support::hours_that_are_not_now();
    change(gateway, 0, vec![rule(RuleSays::OnlyAt { hours })]).await;
    let admin = somebody(Role::Admin);
    let origin = from_here();
    let list = || gateway.call_tool(&admin, &origin, "list_audio_files", json!({}));
    let refused = list().await.expect_err("it is not the time");
    assert!(refused.message.starts_with("Calls are not allowed at this time"), "{}", refused.message);
    change(gateway, 1, Vec::new()).await;
    assert!(list().await.is_ok());
}

#[tokio::test]
async fn the_mode_is_changed_by_itself() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let admin = somebody(Role::Admin);
    change(gateway, 0, vec![RuleDocument { roles: Vec::new(), ..no_uploads_for_producers() }]).await;
    assert!(!is_offered(gateway, Role::Admin));
    let mode = Some(PolicyMode::Permissive);
    let changed = gateway.change_security_mode(&admin, &from_here(), 1, mode, "Trying".to_owned()).await;
    let changed = changed.expect("it is changed").output;
    assert_eq!((changed.version, changed.mode, changed.rules.len()), (2, mode, 1));
    assert!(is_offered(gateway, Role::Admin), "the rule only counts");
}

#[tokio::test]
async fn a_mode_in_which_the_rules_shut_out_whoever_sets_it_is_refused() {
    let patchline = Patchline::start().await;
    let gateway = &patchline.engine.gateway;
    let admin = somebody(Role::Admin);
    let set = async |expected: u32, mode: PolicyMode| {
        gateway.change_security_mode(&admin, &from_here(), expected, Some(mode), String::new()).await
    };
    set(0, PolicyMode::Permissive).await.expect("it is changed");
    change(gateway, 1, vec![rule(RuleSays::OnlyFrom { networks: vec!["10.0.0.0/8".to_owned()] })]).await;
    let refused = set(2, PolicyMode::Enforcing).await.expect_err("it is refused");
    assert_eq!(refused.kind, CallErrorKind::Invalid);
    assert!(refused.message.contains("shut you out"), "{}", refused.message);
    change(gateway, 2, Vec::new()).await;
    set(3, PolicyMode::Enforcing).await.expect("it is changed");
}

#[tokio::test]
async fn a_question_is_answered_as_the_door_would() {
    let patchline = Patchline::with(&[("MCP_TIME_RESTRICTIONS", "Mon-Fri 09:00-18:30")]).await;
    let gateway = &patchline.engine.gateway;
    let admin = somebody(Role::Admin);
    let ask = async |role: &str, time: &str, place: &str| -> PolicyAnswer {
        let question = PolicyQuestion {
            role: role.to_owned(),
            operation: "upload_audio_file".to_owned(),
            place: place.to_owned(),
            file: "masters/a.wav".to_owned(),
            day: "Wed".to_owned(),
            time: time.to_owned(),
            ..PolicyQuestion::default()
        };
        gateway
            .try_policy(&admin, &from_here(), question)
            .await
            .map(|answer| answer.output)
            .expect("an answer")
    };
    // The rule about hours holds for the one who asks, too: asking is administration.
    assert!(ask("producer", "12:00", "patchline-audio").await.allowed);
    let late = ask("producer", "22:00", "patchline-audio").await;
    assert_eq!((late.allowed, late.policies), (false, vec!["allowed-hours".to_owned()]));
    assert!(!ask("manager", "12:00", "patchline-audio").await.allowed);
    let artist = ask("artist", "12:00", "patchline-audio").await;
    assert!(artist.allowed && artist.reason.ends_with("for artists of their own"), "{artist:?}");
    assert!(ask("artist", "12:00", "").await.allowed, "as such, too");
    let elsewhere = ask("producer", "12:00", "somebody-elses").await;
    assert_eq!((elsewhere.allowed, elsewhere.reason.as_str()), (false, "place not allowed"));
    let wrong = PolicyQuestion { role: "boss".to_owned(), ..PolicyQuestion::default() };
    let wrong = gateway.try_policy(&admin, &from_here(), wrong).await.expect_err("there is no such role");
    assert_eq!((wrong.kind, wrong.fields[0].field.as_str()), (CallErrorKind::Invalid, "role"));
}
