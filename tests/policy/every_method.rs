//! Every method of MCP, asked for by each role, by a key that is for less than its owner may, and by nobody: what must
//! happen.

mod rows;

use super::people::People;
use super::{ROLES, from_here};
use crate::support::{Answer, Stranger};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::Role;
use patchline::model::key::KeyRequest;
use rows::{BY_THE_LIBRARY, Era, HANDLERS, NOT_THERE, Row, rows};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Somebody with a key, as the rows name them, and their session of the older era.
struct Program {
    name: String,
    key: String,
    session: String,
}

/// A key of somebody.
async fn key_of(people: &People, role: Role, scope: &str, servers: &[&str]) -> String {
    let servers = servers.iter().map(|server| (*server).to_owned()).collect();
    let name = format!("Desk for {scope}");
    let wish = KeyRequest { name, scope: scope.to_owned(), servers, ..KeyRequest::default() };
    people.patchline.engine.create_key(people.principal(role), &from_here(), &wish).await.expect("a key").text
}

/// Everybody of whom the rows tell, in their order.
async fn programs(people: &People) -> Vec<Program> {
    let mut keys = Vec::new();
    for role in ROLES {
        keys.push((role.id().to_owned(), key_of(people, role, "all", &[]).await));
    }
    keys.push(("a key for files".to_owned(), key_of(people, Role::Admin, "servers", &["s3"]).await));
    let mut programs = Vec::new();
    for (name, key) in keys {
        let session = begin(people, &key).await;
        programs.push(Program { name, key, session });
    }
    programs
}

/// Begins a session of the older era.
async fn begin(people: &People, key: &str) -> String {
    let hello = rows("").into_iter().find(|row| row.method == "initialize").expect("a row");
    let begun = people.patchline.send_as_stranger(request(&hello, Some(key), None)).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    begun.headers["mcp-session-id"].to_str().expect("text").to_owned()
}

/// A request for a method.
fn request(row: &Row, key: Option<&str>, session: Option<&str>) -> Request<Body> {
    let mut message = json!({ "jsonrpc": "2.0", "method": row.method, "params": row.params });
    if !row.is_notice() {
        message["id"] = json!(1);
    }
    let mut request = Request::post("/mcp")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    match row.era {
        Era::Newer => {
            let tasks =
                if row.knows_tasks() { json!({ "io.modelcontextprotocol/tasks": {} }) } else { json!({}) };
            let said = &mut message["params"]["_meta"];
            said["io.modelcontextprotocol/protocolVersion"] = json!("2026-07-28");
            said["io.modelcontextprotocol/clientCapabilities"] =
                json!({ "elicitation": {}, "extensions": tasks });
            request = request.header("mcp-protocol-version", "2026-07-28").header("mcp-method", row.method);
            if let Some(named) = row.named() {
                request = request.header("mcp-name", named);
            }
        }
        Era::Older => {
            if let Some(session) = session.filter(|_| row.method != "initialize") {
                request =
                    request.header("mcp-session-id", session).header("mcp-protocol-version", "2025-11-25");
            }
        }
    }
    request.body(Body::from(message.to_string())).expect("a request")
}

/// What was answered, whether as it is or as the last event of a stream.
fn said(answer: &Answer) -> Value {
    let text = answer.text();
    let event = text.lines().filter_map(|line| line.strip_prefix("data:")).rfind(|data| data.contains('{'));
    serde_json::from_str(event.unwrap_or(&text)).unwrap_or_default()
}

/// Whether somebody gets what a row shows; whoever does not sees nothing of it.
async fn gets(people: &People, row: &Row, program: &Program) -> bool {
    let asked = request(row, Some(&program.key), Some(&program.session));
    let case = format!("{} {} {:?}", program.name, row.method, row.era);
    if row.method == "subscriptions/listen" {
        // It goes on: what is said in it is told elsewhere.
        let mut asked = asked;
        asked.extensions_mut().insert(Stranger);
        return people.patchline.begin(asked).await.status() == StatusCode::OK;
    }
    let answer = people.patchline.send_as_stranger(asked).await;
    assert!(!answer.status.is_server_error(), "{case}: {}", answer.text());
    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{case}: {}", answer.text());
    if row.is_notice() {
        return answer.status == StatusCode::ACCEPTED;
    }
    let said = said(&answer);
    let is_there = row.shows.is_empty() || answer.text().contains(&row.shows);
    let is_done = said["result"].is_object() && said["result"]["isError"] != true;
    assert!(is_done || row.shows.is_empty() || !is_there, "{case} shows it though: {}", answer.text());
    is_done && is_there
}

/// A call of the admin that waits for an answer: which of two artists of one name is meant.
async fn task_of(people: &People, admin: &Program) -> String {
    let begin = Row {
        method: "tools/call",
        era: Era::Newer,
        params: json!({
            "name": "query_artist_data", "arguments": { "name": "Mira" }, "_meta": { "patchline/task": true },
        }),
        who: "",
        shows: String::new(),
    };
    let answer = said(&people.patchline.send_as_stranger(request(&begin, Some(&admin.key), None)).await);
    answer["result"]["taskId"].as_str().unwrap_or_else(|| panic!("a task: {answer}")).to_owned()
}

/// The methods of the protocol that the code answers, by the names of the functions that do.
fn answering() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/mcp/handler.rs");
    let code = fs::read_to_string(path).expect("the source");
    let (_, handler) = code.split_once("impl ServerHandler for Handler {").expect("the handler");
    let functions = handler.lines().filter_map(|line| {
        let line = line.strip_prefix("    ")?;
        line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?.split('(').next()
    });
    functions.map(str::to_owned).collect()
}

#[test]
fn each_method_that_is_answered_has_a_row() {
    let named: BTreeSet<_> = HANDLERS.iter().map(|(function, _)| (*function).to_owned()).collect();
    assert_eq!(answering(), named, "say in HANDLERS which methods a function answers");
    let of_handlers = HANDLERS.iter().flat_map(|(_, methods)| methods.iter().copied());
    let there: BTreeSet<_> = of_handlers.chain(BY_THE_LIBRARY).chain(NOT_THERE).collect();
    let with_row: BTreeSet<_> = rows("").iter().map(|row| row.method).collect();
    let missing: Vec<_> = there.difference(&with_row).collect();
    assert!(missing.is_empty(), "say in a row what must happen with {missing:?}");
    let unknown: Vec<_> = with_row.difference(&there).collect();
    assert!(unknown.is_empty(), "nothing answers {unknown:?}");
}

#[tokio::test]
async fn each_role_and_each_key_gets_of_a_method_what_its_row_says_and_nobody_gets_anything() {
    let people = People::of(&[]).await;
    let programs = programs(&people).await;
    let admin = programs.iter().find(|program| program.name == Role::Admin.id()).expect("an admin");
    for row in rows(&task_of(&people, admin).await) {
        for session in [None, Some(admin.session.as_str())] {
            let refused = people.patchline.send_as_stranger(request(&row, None, session)).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "nobody {}: {}", row.method, refused.text());
        }
        assert_eq!(row.who.len(), programs.len(), "{} tells of everybody", row.method);
        for (program, what) in programs.iter().zip(row.who.chars()) {
            let case = format!("{} {} {:?} {}", program.name, row.method, row.era, row.shows);
            assert_eq!(gets(&people, &row, program).await, what == 'y', "{case}");
        }
    }
}
