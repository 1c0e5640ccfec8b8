//! Every operation, asked for by each role and by nobody through the door that people use: what must happen.

mod door;
mod rows;

use super::ROLES;
use super::people::People;
use axum::http::StatusCode;
use door::Door;
use patchline::engine::gateway::Role;
use patchline::engine::gateway::policy::PERMISSIONS;
use rows::{Row, rows};
use std::collections::BTreeSet;

/// The pages of the menu, and whether artist, producer, manager and label see them.
const MENU: [(&str, &str); 17] = [
    ("/", "ynyy"),
    ("/artists", "yyyy"),
    ("/releases", "yyyy"),
    ("/audio", "yyyy"),
    ("/contracts", "nnyy"),
    ("/market", "ynyy"),
    ("/imports", "nnyy"),
    ("/knowledge", "yyyy"),
    ("/tools", "yyyy"),
    ("/health", "nnny"),
    ("/performance", "nnny"),
    ("/logs", "nnnn"),
    ("/admin/users", "nnnn"),
    ("/admin/keys", "nnnn"),
    ("/admin/policy", "nnnn"),
    ("/admin/settings", "nnnn"),
    ("/admin/audit", "nnnn"),
];

/// Each role with what is said of it.
fn each_role(who: &str) -> impl Iterator<Item = (Role, char)> {
    ROLES.into_iter().zip(who.chars())
}

/// Whether a role may, at least for what is its own.
fn may(role: Role, who: &str) -> bool {
    each_role(who).any(|(of, what)| of == role && what != 'n')
}

/// A label with everything that is asked about.
async fn everything() -> People {
    People::of(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await
}

/// Whether somebody is let through, whatever comes of it then.
async fn lets_through(people: &People, role: Role, door: &Door, case: &str) -> bool {
    let answer = people.send(Some(role), door.request().expect("a request")).await;
    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{case}: {}", answer.text());
    assert!(!answer.status.is_server_error() || answer.status == StatusCode::SERVICE_UNAVAILABLE, "{case}");
    answer.status != StatusCode::FORBIDDEN
}

#[test]
fn each_operation_has_a_row_that_says_what_must_happen() {
    let rows: Vec<_> = rows().iter().map(|row| row.operation).collect();
    let distinct: BTreeSet<_> = rows.iter().copied().collect();
    assert_eq!(rows.len(), distinct.len(), "a row is there twice");
    let operations: BTreeSet<_> = PERMISSIONS.iter().map(|permission| permission.operation).collect();
    let missing: Vec<_> = operations.difference(&distinct).collect();
    assert!(missing.is_empty(), "say in a row what must happen with {missing:?}");
    let unknown: Vec<_> = distinct.difference(&operations).collect();
    assert!(unknown.is_empty(), "there is no operation {unknown:?}");
}

#[tokio::test]
async fn each_role_gets_what_its_row_says_and_nobody_gets_anything() {
    let people = everything().await;
    people.patchline.knowledge_settled().await;
    for Row { operation, who, door, others } in rows() {
        let Some(of_nobody) = door.request() else {
            for (role, what) in each_role(who) {
                let offered = people.patchline.engine.gateway.offers(people.principal(role), operation);
                assert_eq!(offered, what != 'n', "{} {operation}", role.id());
            }
            continue;
        };
        let refused = people.send(None, of_nobody).await;
        let is_refused = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&refused.status);
        assert!(is_refused, "nobody {operation}: {}", refused.text());
        for (role, what) in each_role(who) {
            let case = format!("{} {operation}", role.id());
            assert_eq!(lets_through(&people, role, &door, &case).await, what != 'n', "{case} of art_1");
            if let Some(others) = &others {
                assert_eq!(lets_through(&people, role, others, &case).await, what == 'y', "{case} of others");
            }
        }
    }
}

#[tokio::test]
async fn the_list_of_tools_has_what_the_row_says() {
    let people = everything().await;
    let mut all = rows();
    all.retain(|row| matches!(row.door, Door::Tool(name, _) if name == row.operation));
    for role in ROLES {
        let listed = people.get(role, "/fn/tools").await;
        assert_eq!(listed.status, StatusCode::OK, "{}", listed.text());
        let listed: Vec<_> = listed.json().as_array().cloned().unwrap_or_default();
        let listed: BTreeSet<_> = listed.iter().filter_map(|tool| tool["name"].as_str()).collect();
        let expected: BTreeSet<_> =
            all.iter().filter(|row| may(role, row.who)).map(|row| row.operation).collect();
        assert_eq!(listed, expected, "{}", role.id());
    }
}

#[tokio::test]
async fn the_menu_of_each_role_has_the_pages_that_it_may_see() {
    let people = People::of(&[]).await;
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        let page = people.get(role, "/tools").await.text();
        let menu = page.split("class=\"entries\"").nth(1).and_then(|rest| rest.split("</ul>").next());
        let menu = menu.expect("a menu");
        for (address, who) in MENU {
            let is_shown = menu.contains(&format!("href=\"{address}\""));
            assert_eq!(is_shown, may(role, who), "{} {address}", role.id());
            if !is_shown {
                let refused = people.get(role, address).await;
                assert_eq!(refused.status, StatusCode::FORBIDDEN, "{} {address}", role.id());
                let remedy = "Ask an admin for the permission.";
                assert!(refused.text().contains(remedy), "{} {address}", role.id());
            }
        }
    }
}

#[tokio::test]
async fn what_a_rule_denies_is_offered_on_no_page() {
    let all = [("ENABLE_BEDROCK", "true"), ("MCP_DENIED_TOOLS", "add_knowledge_document")];
    for (variables, offered) in [(&all[..1], true), (&all[..], false)] {
        let people = People::of(variables).await;
        let page = people.get(Role::Label, "/tools").await.text();
        let may =
            page.split("data-may=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it is told");
        let may: Vec<_> = may.split(' ').collect();
        assert!(may.contains(&"browse_knowledge_documents"), "{may:?}");
        assert_eq!(may.contains(&"upload_knowledge_document"), offered, "{may:?}");
        assert_eq!(page.contains("add_knowledge_document"), offered);
        let documents = people.get(Role::Label, "/knowledge?view=documents").await;
        assert_eq!(documents.text().contains("type=\"file\""), offered, "{}", documents.text());
    }
}
