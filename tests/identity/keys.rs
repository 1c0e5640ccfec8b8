//! Keys of people: made on their page, used by programs over REST and MCP.

use super::sign_in::with_admin;
use crate::support::visitor::{EMAIL, PASSWORD, form, session_of};
use crate::support::{Answer, Patchline, eventually};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use patchline::engine::Engine;
use patchline::engine::gateway::{Channel, Origin, Principal};
use patchline::engine::identity::User;
use patchline::engine::identity::keys::KeyError;
use patchline::model::key::{KeyRequest, MadeKey};
use patchline::model::role::Role;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Sends a form of a page as the person whose session it is.
async fn send_form(patchline: &Patchline, session: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, session)
        .body(Body::from(form(fields)))
        .expect("a request");
    patchline.send_as_stranger(request).await
}

async fn admin_session(patchline: &Patchline) -> String {
    patchline.sign_in(EMAIL, PASSWORD).await.expect("a session")
}

/// Somebody of a role, with a session.
async fn somebody(patchline: &Patchline, role: Role) -> (User, String) {
    let identity = &patchline.engine.identity;
    let user = identity.add("Ben", "ben@label.example", role).await.expect("added");
    let link = identity.link_for_password(&user).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link").to_owned();
    let typed = [("link", link.as_str()), ("password", "a password of Ben")];
    let session = session_of(&patchline.form_of_stranger("/welcome", &typed).await).expect("a session");
    (user, session)
}

/// A key of somebody, made through the door.
async fn key_of(patchline: &Patchline, user: &User, wish: KeyRequest) -> MadeKey {
    let principal = Principal::new(user.id.clone(), user.name.clone(), user.role);
    let origin = Origin::new(Channel::Page, None);
    let wish = KeyRequest { name: "Nightly report".to_owned(), ..wish };
    patchline.engine.create_key(&principal, &origin, &wish).await.expect("a key")
}

fn for_everything() -> KeyRequest {
    KeyRequest { scope: "all".to_owned(), ..KeyRequest::default() }
}

fn bearer(key: &str) -> String {
    format!("Bearer {key}")
}

/// Asks for the list of tools over REST.
async fn list(patchline: &Patchline, key: &str) -> Answer {
    let request = Request::get("/api/tools").header(header::AUTHORIZATION, bearer(key)).body(Body::empty());
    patchline.send(request.expect("a request")).await
}

async fn names(patchline: &Patchline, key: &str) -> Vec<String> {
    let answer = list(patchline, key).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    texts(&answer.json()["tools"], "name")
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    let entries = list.as_array().expect("a list");
    entries.iter().map(|entry| entry[field].as_str().expect("a text").to_owned()).collect()
}

async fn run(patchline: &Patchline, key: &str, tool: &str) -> Answer {
    let request = Request::post(format!("/api/tools/{tool}"))
        .header(header::AUTHORIZATION, bearer(key))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"));
    patchline.send(request.expect("a request")).await
}

/// A request of the newer era of MCP.
async fn mcp(patchline: &Patchline, key: &str, method: &str, params: Value) -> Answer {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let mut request = Request::post("/mcp")
        .header(header::AUTHORIZATION, bearer(key))
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header(header::CONTENT_TYPE, "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method);
    if let Some(name) = params["name"].as_str() {
        request = request.header("mcp-name", name);
    }
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    patchline.send(request.body(Body::from(body)).expect("a request")).await
}

/// The key that a page shows, if it shows one.
fn shown(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("data-testid=\"key\">")?;
    rest.split('<').next().map(str::to_owned)
}

/// Changes what is kept of a key.
async fn keep(patchline: &Patchline, id: &str, field: &str, value: i64) {
    let store = &patchline.clients.dynamodb;
    let changed = store
        .update_item()
        .table_name("patchline-keys")
        .key("id", AttributeValue::S(id.to_owned()))
        .update_expression("SET #field = :value")
        .expression_attribute_names("#field", field)
        .expression_attribute_values(":value", AttributeValue::N(value.to_string()))
        .send()
        .await;
    changed.expect("it is changed");
}

#[tokio::test]
async fn a_key_is_shown_once_kept_as_a_digest_and_works_over_rest_and_mcp() {
    let patchline = with_admin().await;
    let session = admin_session(&patchline).await;
    let wish = [("change", "create"), ("name", "Nightly report"), ("scope", "all"), ("days", "7")];
    let made = send_form(&patchline, &session, "/keys", &wish).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert_eq!(made.headers[header::CACHE_CONTROL], "no-store");
    let key = shown(&made.text()).expect("the key is shown");
    assert!(made.text().contains("http://localhost:3000/mcp"), "how it is used is told");
    let again = patchline.get_with("/keys", &session).await.text();
    assert!(again.contains("Nightly report") && shown(&again).is_none() && !again.contains(&key));
    let kept = patchline.clients.dynamodb.scan().table_name("patchline-keys").send().await.expect("a scan");
    assert_eq!(kept.items().len(), 1);
    assert!(!format!("{:?}", kept.items()).contains(&key), "only a digest is kept");

    assert!(names(&patchline, &key).await.contains(&"list_audio_files".to_owned()));
    assert_eq!(run(&patchline, &key, "list_audio_files").await.status, StatusCode::OK);
    let listed = mcp(&patchline, &key, "tools/list", json!({})).await;
    let listed = texts(&listed.json()["result"]["tools"], "name");
    assert!(listed.contains(&"upload_audio_file".to_owned()), "{listed:?}");
    let called =
        mcp(&patchline, &key, "tools/call", json!({ "name": "list_audio_files", "arguments": {} })).await;
    assert_eq!(called.json()["result"]["structuredContent"]["files"], json!([]), "{}", called.text());

    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let records = patchline.audit_records().await;
    let calls: Vec<_> = records.iter().filter(|record| record["operation"] == "list_audio_files").collect();
    assert_eq!(calls.len(), 2, "{records:?}");
    let id = key.split('_').nth(1).expect("an id");
    for call in calls {
        assert_eq!(call["principal"], format!("key:{id}"));
        assert_eq!(call["onBehalfOf"], ada.id);
        assert_eq!(call["role"], "admin");
    }
    assert!(records.iter().any(|record| record["operation"] == "create_key"), "making one is on record");
    assert!(!json!(records).to_string().contains(&key), "no record has the key");
}

#[tokio::test]
async fn a_key_for_reading_sees_and_calls_nothing_that_changes_something() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let wish = KeyRequest { scope: "read".to_owned(), ..KeyRequest::default() };
    let key = key_of(&patchline, &ada, wish).await.text;
    let tools = list(&patchline, &key).await.json()["tools"].clone();
    let tools = tools.as_array().expect("a list");
    assert!(tools.len() > 5, "{tools:?}");
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true), "{tools:?}");
    assert_eq!(run(&patchline, &key, "list_audio_files").await.status, StatusCode::OK);
    let over_mcp = mcp(&patchline, &key, "tools/list", json!({})).await.json();
    let over_mcp = texts(&over_mcp["result"]["tools"], "name");
    assert!(!over_mcp.contains(&"upload_audio_file".to_owned()), "{over_mcp:?}");

    let refused = run(&patchline, &key, "upload_audio_file").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    let message = "Ada (key “Nightly report”) may not be used for upload_audio_file.";
    assert_eq!(refused.error()["message"], message);
    let call = json!({ "name": "upload_audio_file", "arguments": {} });
    let called = mcp(&patchline, &key, "tools/call", call).await;
    assert!(called.text().contains("may not be used for upload_audio_file"), "{}", called.text());
    let stream = Request::put("/upload/audio?fileName=a.wav").header(header::AUTHORIZATION, bearer(&key));
    let stream = patchline.send(stream.body(Body::from("x")).expect("a request")).await;
    assert_eq!(stream.status, StatusCode::FORBIDDEN, "{}", stream.text());
    let drain = Request::post("/api/fleet/s3/drain").header(header::AUTHORIZATION, bearer(&key));
    let drain = patchline.send(drain.body(Body::empty()).expect("a request")).await;
    assert_eq!(drain.status, StatusCode::FORBIDDEN, "{}", drain.text());
    let records = patchline.audit_records().await;
    assert!(records.iter().any(|record| record["reason"] == "beyond the scope of the key"), "{records:?}");
}

#[tokio::test]
async fn a_key_of_one_server_stays_with_it() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let wish =
        KeyRequest { scope: "servers".to_owned(), servers: vec!["s3".to_owned()], ..KeyRequest::default() };
    let key = key_of(&patchline, &ada, wish).await.text;
    let servers = texts(&list(&patchline, &key).await.json()["tools"], "server");
    assert!(!servers.is_empty() && servers.iter().all(|server| server == "s3"), "{servers:?}");
    assert_eq!(run(&patchline, &key, "query_artist_data").await.status, StatusCode::FORBIDDEN);
    assert_eq!(run(&patchline, &key, "list_audio_files").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_key_never_has_more_than_its_owner_has_now_nor_than_it_was_made_for() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let (ben, _) = somebody(&patchline, Role::Label).await;
    let whole = key_of(&patchline, &ben, for_everything()).await.text;
    let wish = KeyRequest { role: "producer".to_owned(), ..for_everything() };
    let low = key_of(&patchline, &ben, wish).await.text;
    let contracts = "list_contracts".to_owned();
    assert!(names(&patchline, &whole).await.contains(&contracts));
    assert!(!names(&patchline, &low).await.contains(&contracts), "it was made for a producer");
    assert_eq!(run(&patchline, &low, "list_contracts").await.status, StatusCode::FORBIDDEN);

    identity.set_role(&ben.id, Role::Producer).await.expect("changed");
    assert!(!names(&patchline, &whole).await.contains(&contracts), "its owner is a producer now");
    assert_eq!(run(&patchline, &whole, "list_contracts").await.status, StatusCode::FORBIDDEN);

    identity.set_role(&ben.id, Role::Admin).await.expect("changed");
    let logs = "query_performance_logs".to_owned();
    assert!(!names(&patchline, &whole).await.contains(&logs), "it was made for the label, not for an admin");
    assert!(names(&patchline, &whole).await.contains(&contracts));
    assert_eq!(run(&patchline, &whole, "query_performance_logs").await.status, StatusCode::FORBIDDEN);

    identity.set_disabled(&ben.id, true).await.expect("disabled");
    let refused = list(&patchline, &whole).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
    let message = refused.error()["message"].to_string();
    assert!(message.contains("may not sign in any more"), "{message}");
}

#[tokio::test]
async fn whoever_has_the_key_is_told_why_it_does_not_work() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let revoked = key_of(&patchline, &ada, for_everything()).await;
    patchline.engine.identity.revoke_key(&revoked.key.id).await.expect("revoked");
    let expired = key_of(&patchline, &ada, for_everything()).await;
    keep(&patchline, &expired.key.id, "endsAt", 1_700_000_000).await;
    let wish = KeyRequest { addresses: "10.0.0.0/8".to_owned(), ..for_everything() };
    let elsewhere = key_of(&patchline, &ada, wish).await;
    let mut answers = Vec::new();
    for (key, words) in [
        (&revoked, "The key \"Nightly report\" was revoked."),
        (&expired, "The key \"Nightly report\" has expired at 2023-11-14T22:13:20Z."),
        (&elsewhere, "The key \"Nightly report\" may not be used from 127.0.0.1."),
    ] {
        let refused = list(&patchline, &key.text).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
        assert_eq!(refused.error()["message"], words);
        assert!(refused.error()["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()));
        assert_eq!(
            mcp(&patchline, &key.text, "tools/list", json!({})).await.status,
            StatusCode::UNAUTHORIZED
        );
        answers.push(refused);
    }
    for address in ["10.1.2.3:50000", "[::ffff:10.1.2.3]:50000"] {
        let address: SocketAddr = address.parse().expect("an address");
        let request = Request::get("/api/tools")
            .header(header::AUTHORIZATION, bearer(&elsewhere.text))
            .extension(ConnectInfo(address))
            .body(Body::empty());
        let answer = patchline.send(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    }
    patchline.refused_and_recorded(&answers.iter().collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn a_key_that_is_revoked_ends_here_at_once_and_at_other_instances_within_a_second() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let key = key_of(&patchline, &ada, for_everything()).await;
    let (here, there) = (patchline.engine.clone(), patchline.another_instance().await);
    let works = async |engine: &Engine| engine.identity.recognise_key(&key.text, None).await.is_ok();
    assert!(works(&here).await && works(&there).await);
    here.identity.revoke_key(&key.key.id).await.expect("revoked");
    let revoked = Instant::now();
    assert!(!works(&here).await, "it ends at once where it is revoked");
    eventually("the key ends at the other instance", || async {
        let asked = revoked.elapsed();
        let still_works = works(&there).await;
        assert!(!still_works || asked < Duration::from_secs(1), "it still works after {asked:?}");
        !still_works
    })
    .await;
    there.automations.stop().await;
}

#[tokio::test]
async fn a_wrong_secret_opens_nothing_after_the_right_one() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let key = key_of(&patchline, &ada, for_everything()).await;
    let identity = &patchline.engine.identity;
    assert!(identity.recognise_key(&key.text, None).await.is_ok());
    let guessed = identity.recognise_key(&guess(&key.key.id), None).await;
    assert_eq!(guessed.expect_err("the secret is wrong").error, KeyError::Unknown);
    assert!(identity.recognise_key(&key.text, None).await.is_ok());
}

#[tokio::test]
async fn whoever_has_no_key_learns_nothing_of_which_there_are() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let works = key_of(&patchline, &ada, for_everything()).await;
    let revoked = key_of(&patchline, &ada, for_everything()).await;
    patchline.engine.identity.revoke_key(&revoked.key.id).await.expect("revoked");
    let mut told = Vec::new();
    for id in [works.key.id.as_str(), revoked.key.id.as_str(), "0123456789ab"] {
        let guessed = guess(id);
        let refused = list(&patchline, &guessed).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        let mut error = refused.error();
        error["requestId"] = Value::Null;
        told.push((error, refused.headers[header::WWW_AUTHENTICATE].clone()));
    }
    assert!(told.iter().all(|one| one == &told[0]), "{told:?}");
    assert_eq!(told[0].0["message"], "This key is not known.");
    // A mistyped one says nothing of the store, which is not even asked.
    let deleted = patchline.clients.dynamodb.delete_table().table_name("patchline-keys").send().await;
    deleted.expect("it is gone");
    let mistyped = list(&patchline, &works.text.replace("pl_", "pl_0")).await;
    assert_eq!(mistyped.status, StatusCode::UNAUTHORIZED);
    assert!(mistyped.error()["message"].to_string().contains("mistyped or cut off"), "{}", mistyped.text());
    let unanswered = list(&patchline, &works.text).await;
    assert!(unanswered.status.is_server_error(), "nobody is let in while the store is away");
}

/// A key of the right form with an id that is known, and a secret that is not.
fn guess(id: &str) -> String {
    let checked = format!("pl_{id}_{}", "0".repeat(64));
    let digits = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, checked.as_bytes());
    format!("{checked}{digits:08x}")
}

#[tokio::test]
async fn people_see_and_revoke_their_own_keys_and_admins_those_of_everybody() {
    let patchline = with_admin().await;
    let admin = admin_session(&patchline).await;
    let (ben, session) = somebody(&patchline, Role::Producer).await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let of_ada = key_of(&patchline, &ada, for_everything()).await;
    let of_ben = key_of(&patchline, &ben, for_everything()).await;

    let own = patchline.get_with("/keys", &session).await.text();
    assert!(own.contains(&of_ben.key.id) && !own.contains(&of_ada.key.id), "one's own only");
    let all = patchline.get_with("/admin/keys", &session).await;
    assert_eq!(all.status, StatusCode::FORBIDDEN, "{}", all.text());
    let revoke = |id: &str| [("change", "revoke".to_owned()), ("id", id.to_owned())];
    let send = async |session: &str, path: &str, id: &str| {
        let fields = revoke(id);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        send_form(&patchline, session, path, &fields).await.status
    };
    assert_eq!(send(&session, "/keys", &of_ada.key.id).await, StatusCode::NOT_FOUND);
    assert_eq!(send(&session, "/admin/keys", &of_ada.key.id).await, StatusCode::FORBIDDEN);
    assert_eq!(list(&patchline, &of_ada.text).await.status, StatusCode::OK, "it works as before");

    let seen = patchline.get_with("/admin/keys", &admin).await.text();
    assert!(
        seen.contains(&of_ben.key.id) && seen.contains("Ben"),
        "with the names of those to whom they belong"
    );
    assert_eq!(send(&admin, "/admin/keys", &of_ben.key.id).await, StatusCode::SEE_OTHER);
    assert_eq!(list(&patchline, &of_ben.text).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&admin, "/keys", &of_ada.key.id).await, StatusCode::SEE_OTHER);
    assert_eq!(list(&patchline, &of_ada.text).await.status, StatusCode::UNAUTHORIZED);
    let records = patchline.audit_records().await;
    let revoked: Vec<_> = records.iter().filter(|record| record["operation"] == "revoke_key").collect();
    assert!(revoked.iter().any(|record| record["principal"] == ada.id && record["phase"] == "intent"));
}

#[tokio::test]
async fn what_is_wrong_in_the_form_is_told_and_what_was_typed_stays() {
    let patchline = with_admin().await;
    let session = admin_session(&patchline).await;
    let typed = [
        ("change", "create"),
        ("name", "Nightly report"),
        ("scope", "servers"),
        ("servers", "coffee"),
        ("days", "1000"),
        ("addresses", "10.0.0.0/40"),
    ];
    let page = send_form(&patchline, &session, "/keys", &typed).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.text());
    let text = page.text();
    for words in ["from 1 to 365", "10.0.0.0/40", "coffee", "value=\"Nightly report\""] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(shown(&text).is_none());
    let other = send_form(&patchline, &session, "/keys", &[("change", "copy")]).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_key_opens_no_page_and_makes_no_other_key() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let key = key_of(&patchline, &ada, for_everything()).await.text;
    let ask = async |request: axum::http::request::Builder, body: &str| {
        let request = request.header(header::AUTHORIZATION, bearer(&key));
        patchline.send(request.body(Body::from(body.to_owned())).expect("a request")).await.status
    };
    assert_eq!(ask(Request::get("/keys"), "").await, StatusCode::SEE_OTHER);
    let plain = Request::post("/keys").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(ask(plain, "change=create&name=x&scope=all").await, StatusCode::SEE_OTHER);
    assert_eq!(ask(Request::get("/fn/own-keys"), "").await, StatusCode::UNAUTHORIZED);
    let principal = Principal::new("key:somebody", "A key", Role::Admin);
    let origin = Origin::new(Channel::Rest, None);
    let listed = patchline.engine.identity.keys(None).await.expect("the keys");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert!(!patchline.engine.gateway.tools(&principal).is_empty());
    let scoped = Principal { key: Some(std::sync::Arc::new(in_use(&ada))), ..principal };
    let wish = KeyRequest { name: "Another".to_owned(), ..for_everything() };
    let refused = patchline.engine.create_key(&scoped, &origin, &wish).await;
    let refused = refused.expect_err("a key makes no key");
    assert_eq!(refused.message, "A key may not be used for create_key.");
}

fn in_use(owner: &User) -> patchline::engine::gateway::KeyUse {
    patchline::engine::gateway::KeyUse {
        owner: owner.id.clone(),
        scope: patchline::model::key::KeyScope::AllTools,
        ceiling: Role::Admin,
        token: None,
    }
}

#[tokio::test]
async fn it_is_written_down_when_a_key_was_used_once_a_minute_at_most() {
    let patchline = with_admin().await;
    let ada = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let key = key_of(&patchline, &ada, for_everything()).await;
    let used = async || {
        let keys = patchline.engine.identity.keys(Some(&ada.id)).await.expect("the keys");
        keys.into_iter().find(|one| one.id == key.key.id).expect("the key").used_at
    };
    assert_eq!(used().await, None);
    names(&patchline, &key.text).await;
    assert!(used().await.is_some());
    let now = jiff::Timestamp::now().as_second();
    // What is changed past Patchline is found when the key is read anew, which a change of its owner sees to.
    let owner_changes = async || {
        patchline.engine.identity.sign_out_everywhere(&ada.id).await.expect("changed");
    };
    // A moment that is no minute ago, however slow this machine is.
    keep(&patchline, &key.key.id, "usedAt", now + 600).await;
    owner_changes().await;
    names(&patchline, &key.text).await;
    assert_eq!(used().await, Some(now + 600));
    keep(&patchline, &key.key.id, "usedAt", now - 3_600).await;
    owner_changes().await;
    names(&patchline, &key.text).await;
    assert!(used().await.is_some_and(|at| at >= now), "an hour later it is written again");
}

#[tokio::test]
async fn a_key_for_reading_is_offered_no_task_and_begins_none() {
    let patchline = Patchline::start().await;
    let (user, _) = somebody(&patchline, Role::Label).await;
    let key = async |scope: &str| {
        let wish = KeyRequest { scope: scope.to_owned(), ..KeyRequest::default() };
        key_of(&patchline, &user, wish).await.text
    };
    let (reads, does) = (key("read").await, key("all").await);
    let listed = async |key: &str| mcp(&patchline, key, "tools/list", json!({})).await.text();
    assert!(listed(&does).await.contains("\"run_task\""));
    assert!(!listed(&reads).await.contains("\"run_task\""));
    let found = async |key: &str| {
        let wanted = json!({ "name": "find_tools", "arguments": { "query": "run a task in words" } });
        mcp(&patchline, key, "tools/call", wanted).await.text()
    };
    assert!(found(&does).await.contains("run_task"));
    assert!(!found(&reads).await.contains("run_task"));
    let begun = async |key: &str| {
        let request = Request::post("/api/aws-mcp")
            .header(header::AUTHORIZATION, bearer(key))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "task": "What is breaking out?" }).to_string()));
        patchline.send(request.expect("a request")).await.status
    };
    assert_eq!(begun(&reads).await, StatusCode::FORBIDDEN);
    assert!(begun(&does).await.is_success());
}
