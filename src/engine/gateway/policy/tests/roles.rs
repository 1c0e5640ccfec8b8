//! What each role may do.

use super::*;
use crate::engine::gateway::policy::vocabulary::ROLES;

/// A place of each kind that a row touches, and the operation itself.
fn places(row: &'static Permission) -> Vec<Place<'static>> {
    let place = |kind: &Kind| match kind {
        Kind::Bucket => audio("masters/a.wav"),
        kind => Place::Other(*kind, "somewhere"),
    };
    let touched = row.touches.iter().map(place);
    [Place::Operation(row.operation), Place::Label].into_iter().chain(touched).collect()
}

#[test]
fn each_row_of_the_table_is_what_happens() {
    let policy = policy(Vec::new());
    for row in PERMISSIONS {
        for role in ROLES {
            for place in places(row) {
                let known = matches!(place, Place::Operation(_));
                let case = format!("{} {} {place:?}", role.id(), row.operation);
                let ask =
                    |actor: &Actor, about: &Circumstances| may(&policy, actor, row.operation, place, about);
                let nobody = person(role);
                let of_art_1 = with_artists(role, &["art_1", "art_2"]);
                match row.access(role) {
                    Access::Yes => assert!(ask(&nobody, &at_noon()), "{case}"),
                    Access::No => {
                        assert!(!ask(&of_art_1, &about(&["art_1"])), "{case}");
                        assert!(!ask(&nobody, &at_noon()), "{case}");
                    }
                    Access::Own => {
                        assert!(ask(&of_art_1, &about(&["art_1"])), "{case}: one of theirs");
                        assert!(ask(&of_art_1, &about(&["art_1", "art_2"])), "{case}: both of theirs");
                        let cover = known && is_cover_page(row);
                        assert_eq!(ask(&nobody, &about(&["art_1"])), cover, "{case}: they have none");
                        assert_eq!(ask(&nobody, &about(&[])), cover, "{case}: of nobody");
                        if !known {
                            assert!(!ask(&of_art_1, &about(&["art_3"])), "{case}: another's");
                            assert!(!ask(&of_art_1, &about(&["art_1", "art_3"])), "{case}: also another's");
                            assert!(!ask(&of_art_1, &about(&[])), "{case}: of nobody");
                            assert!(!ask(&of_art_1, &at_noon()), "{case}: not known whose");
                        }
                    }
                }
            }
        }
    }
}

/// Covers are shown to everybody, so the file's page may be asked for before it is known which file it is.
fn is_cover_page(row: &Permission) -> bool {
    row.operation == "open_file"
}

#[test]
fn lists_have_what_a_role_may_use() {
    let policy = policy(Vec::new());
    for row in PERMISSIONS {
        for role in ROLES {
            let offered = policy.offers(&person(role), row.operation, false);
            let expected = match row.access(role) {
                Access::Yes => true,
                Access::Own => is_cover_page(row),
                Access::No => false,
            };
            assert_eq!(offered, expected, "{} {}", role.id(), row.operation);
            let offered = policy.offers(&with_artists(role, &["art_1"]), row.operation, false);
            assert_eq!(offered, row.access(role) != Access::No, "{} {}", role.id(), row.operation);
        }
    }
}

#[test]
fn producers_upload_audio_and_see_no_figures_and_no_contracts() {
    let policy = policy(Vec::new());
    let ana = person(Role::Producer);
    assert!(may(&policy, &ana, "upload_audio_file", audio("masters/a.wav"), &at_noon()));
    let figures = Place::Other(Kind::Table, "analytics");
    assert!(!may(&policy, &ana, "scan_analytics_data", figures, &at_noon()));
    assert!(!may(&policy, &ana, "get_contract", contract("a.pdf"), &at_noon()));
    assert!(!may(&policy, &ana, "read_file", contract("a.pdf"), &at_noon()), "nor by another tool");
    assert!(!may(&policy, &ana, "open_file", contract("a.pdf"), &at_noon()), "nor by its address");
    assert!(may(&policy, &ana, "open_file", audio("masters/a.wav"), &at_noon()));
}

#[test]
fn managers_read_contracts_of_their_artists_only() {
    let policy = policy(Vec::new());
    let manager = with_artists(Role::Manager, &["art_1"]);
    let key = "artists/art_1/management-agreement.md";
    for operation in ["get_contract", "read_file", "open_file"] {
        assert!(may(&policy, &manager, operation, contract(key), &about(&["art_1"])), "{operation}");
        assert!(!may(&policy, &manager, operation, contract(key), &about(&["art_2"])), "{operation}");
        assert!(!may(&policy, &manager, operation, contract("a.md"), &at_noon()), "{operation}");
    }
}

#[test]
fn covers_are_for_everybody() {
    let policy = policy(Vec::new());
    let cover = Place::Bucket {
        name: "patchline-artwork",
        purpose: Some(BucketRole::Artwork),
        key: "covers/rel_1.png",
    };
    for role in ROLES {
        assert!(may(&policy, &person(role), "open_file", cover, &at_noon()), "{}", role.id());
    }
}

#[test]
fn files_below_an_artists_folder_are_that_artists() {
    assert_eq!(audio("artists/art_1/night.wav").owner(), Some("art_1".to_owned()));
    for key in ["masters/artists/art_1/night.wav", "artists/art_1", "artists//night.wav", "artists"] {
        assert_eq!(audio(key).owner(), None, "{key}");
    }
}

#[test]
fn an_agent_has_what_its_person_has_and_no_more() {
    let policy = policy(vec![Says::NotForAgents(vec!["store_contract".to_owned()])]);
    for role in ROLES {
        let person = person(role);
        let kind = ActorKind::Agent { on_behalf_of: person.id.clone() };
        let agent = Actor { id: "supervisor".to_owned(), kind, ..person.clone() };
        for row in PERMISSIONS {
            for place in places(row) {
                let ask = |actor: &Actor| may(&policy, actor, row.operation, place, &at_noon());
                let expected = ask(&person) && row.operation != "store_contract";
                assert_eq!(ask(&agent), expected, "{} {} {place:?}", role.id(), row.operation);
            }
        }
    }
}

#[test]
fn the_tools_of_third_parties_are_for_the_label_and_admins() {
    let policy = policy(vec![Says::NoTools(vec!["tickets_sell".to_owned()])]);
    let ask = |role: Role, tool: &str| {
        let (actor, circumstances) = (person(role), at_noon());
        let place = Place::Operation(tool);
        let question =
            Question { actor: &actor, operation: tool, foreign: true, place, circumstances: &circumstances };
        let offered = policy.offers(&actor, tool, true);
        assert_eq!(policy.decide(&question).allowed(), offered, "{} {tool}", role.id());
        offered
    };
    assert!(ask(Role::Label, "tickets_find") && ask(Role::Admin, "tickets_find"));
    assert!(!ask(Role::Producer, "tickets_find") && !ask(Role::Artist, "tickets_find"));
    assert!(!ask(Role::Admin, "tickets_sell"));
}

#[test]
fn a_tool_of_a_third_party_can_be_the_only_one_that_is_allowed() {
    let policy = policy(vec![Says::OnlyTools(vec!["tickets_find".to_owned()])]);
    let (actor, circumstances) = (person(Role::Admin), at_noon());
    let ask = |operation: &'static str, place: Place<'_>| {
        let question =
            Question { actor: &actor, operation, foreign: true, place, circumstances: &circumstances };
        policy.decide(&question).allowed()
    };
    assert!(ask("tickets_find", Place::Operation("tickets_find")));
    assert!(ask("tickets_find", Place::Label), "when it is done, after it was let through");
    assert!(!ask("tickets_sell", Place::Operation("tickets_sell")));
    assert!(!admin_may(&policy, "list_audio_files", audio("")));
}
