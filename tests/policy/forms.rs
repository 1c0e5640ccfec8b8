//! The forms of the policy's page, as a browser without JavaScript sends them.

use super::from_here;
use super::mcp_client::Client;
use super::people::People;
use crate::support::visitor::form;
use crate::support::{Answer, eventually, hours_that_are_not_now, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::Role;
use patchline::model::key::KeyRequest;
use serde_json::json;

/// Sends a form as somebody.
async fn send(people: &People, role: Role, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post("/admin/policy")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form(fields)));
    people.send(Some(role), request.expect("a request")).await
}

/// The form of a rule about tools.
fn rule_about_tools<'f>(step: &'f str, expected: &'f str, tool: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("what", "rule"),
        ("step", step),
        ("expected", expected),
        ("replaces", ""),
        ("about", "tools"),
        ("id", "not-for-producers"),
        ("effect", "none"),
        ("tools", tool),
        ("names", ""),
        ("roles", "producer"),
        ("shadow", "0"),
    ]
}

fn other<'f>(mut fields: Vec<(&'f str, &'f str)>, name: &str, value: &'f str) -> Vec<(&'f str, &'f str)> {
    for field in &mut fields {
        if field.0 == name {
            field.1 = value;
        }
    }
    fields
}

/// Where a form leads that was saved.
fn led_to(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.headers[header::LOCATION].to_str().expect("text").to_owned()
}

/// A page without what the server puts between texts for the browser's side.
fn words(answer: &Answer) -> String {
    answer.text().replace("<!>", "")
}

/// A key of a producer, for everything that they may use.
async fn key_of_producer(people: &People) -> String {
    let wish = KeyRequest { name: "Agent".to_owned(), scope: "all".to_owned(), ..KeyRequest::default() };
    let producer = people.principal(Role::Producer);
    people.patchline.engine.create_key(producer, &from_here(), &wish).await.expect("a key").text
}

/// Calls a tool as a producer, and says whether it was let in.
async fn use_tool(people: &People, tool: &str) -> StatusCode {
    let body = format!("tool={tool}&arguments=%7B%7D");
    let request = Request::post("/fn/run-tool")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body));
    people.send(Some(Role::Producer), request.expect("a request")).await.status
}

#[tokio::test]
async fn a_tool_that_is_denied_by_the_form_vanishes_from_a_running_client_and_is_refused() {
    let people = People::of(&[]).await;
    let key = key_of_producer(&people).await;
    let served = people.patchline.listen().await;
    let mut client = Client::begin(&served, &key).await;
    assert!(client.tools().await.contains("\"list_audio_files\""), "it is listed before");

    let seen = send(&people, Role::Admin, &rule_about_tools("preview", "0", "list_audio_files")).await;
    let text = words(&seen);
    assert_eq!(seen.status, StatusCode::OK, "{text}");
    for said in [
        "Added not-for-producers",
        "Nothing is saved yet.",
        "For producers: these tools may not be used: list_audio_files.",
        "forbid",
    ] {
        assert!(text.contains(said), "the page says {said:?}: {text}");
    }
    assert!(client.tools().await.contains("\"list_audio_files\""), "looking changes nothing");

    let mut fields = rule_about_tools("save", "0", "list_audio_files");
    fields.push(("note", "Masters leave the house"));
    let saved = led_to(&send(&people, Role::Admin, &fields).await);
    assert_eq!(saved, "/admin/policy?done=rule&version=1#policy-outcome");
    client.hears("notifications/tools/list_changed").await;
    assert!(!client.tools().await.contains("\"list_audio_files\""), "it has vanished");
    let refused = client.call("list_audio_files").await;
    assert!(refused.contains("list_audio_files is not allowed here."), "{refused}");

    let page = words(&people.get(Role::Admin, "/admin/policy?done=rule&version=1").await);
    for said in
        ["The rule is saved. Version 1 holds", "Masters leave the house", "Some admin", "not-for-producers"]
    {
        assert!(page.contains(said), "the page says {said:?}: {page}");
    }
    let removed = [("what", "remove"), ("step", "save"), ("expected", "1"), ("id", "not-for-producers")];
    led_to(&send(&people, Role::Admin, &removed).await);
    assert!(client.tools().await.contains("\"list_audio_files\""), "it is back");
}

#[tokio::test]
async fn the_difference_names_the_calls_that_would_newly_be_denied() {
    let people = People::of(&[]).await;
    for _ in 0..3 {
        assert_eq!(use_tool(&people, "list_audio_files").await, StatusCode::OK);
    }
    let fields = rule_about_tools("preview", "0", "list_audio_files");
    // Records of reads are written a moment later.
    eventually("the calls are on record", async || {
        words(&send(&people, Role::Admin, &fields).await).contains("3 calls would newly be denied")
    })
    .await;
    let text = words(&send(&people, Role::Admin, &fields).await);
    for said in ["Newly denied", "Some producer", "list_audio_files", "patchline-audio"] {
        assert!(text.contains(said), "the page says {said:?}: {text}");
    }
    let none = words(&send(&people, Role::Admin, &other(fields.clone(), "roles", "label")).await);
    assert!(none.contains("No call of the last 7 days would fare otherwise."), "{none}");

    led_to(&send(&people, Role::Admin, &other(fields, "step", "save")).await);
    let back = [("what", "remove"), ("step", "preview"), ("expected", "1"), ("id", "not-for-producers")];
    let text = words(&send(&people, Role::Admin, &back).await);
    assert!(text.contains("3 calls would newly be allowed"), "{text}");
}

#[tokio::test]
async fn what_does_not_fit_together_is_told_before_a_rule_is_saved_and_what_is_proven() {
    let people = People::of(&[]).await;
    let fits =
        words(&send(&people, Role::Admin, &rule_about_tools("preview", "0", "list_audio_files")).await);
    assert!(!fits.contains("Look at this before you save it"), "{fits}");
    for proven in
        ["Rules only forbid", "No rule can fail while a call is judged", "can take it back at any hour"]
    {
        assert!(fits.contains(proven), "{proven}: {fits}");
    }
    led_to(&send(&people, Role::Admin, &rule_about_tools("save", "0", "list_audio_files")).await);
    let only = other(rule_about_tools("preview", "1", "list_audio_files"), "effect", "only");
    let nothing = words(&send(&people, Role::Admin, &other(only, "id", "only-lists")).await);
    let said = "not-for-producers and only-lists together leave no tool to producers.";
    assert!(nothing.contains(said), "{nothing}");
    let again = other(rule_about_tools("preview", "1", "list_audio_files"), "id", "once-more");
    let idle = words(&send(&people, Role::Admin, &again).await);
    assert!(idle.contains("once-more adds nothing: not-for-producers says that already."), "{idle}");
}

/// Uploads a file of some thousand bytes as somebody.
async fn upload(people: &People, role: Role, name: &str, says_its_size: bool) -> Answer {
    let file = wav();
    let mut request = Request::put(format!("/upload/audio?fileName={name}"));
    if says_its_size {
        request = request.header(header::CONTENT_LENGTH, file.len());
    }
    people.send(Some(role), request.body(Body::from(file)).expect("a request")).await
}

/// The form of a rule about how large files of producers may be, in thousands of bytes.
fn rule_about_sizes<'f>(step: &'f str, amount: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("what", "rule"),
        ("step", step),
        ("expected", "0"),
        ("replaces", ""),
        ("about", "size"),
        ("id", "small-files"),
        ("effect", "only"),
        ("amount", amount),
        ("unit", "kB"),
        ("roles", "producer"),
        ("shadow", "0"),
    ]
}

#[tokio::test]
async fn a_file_that_is_larger_than_a_rule_allows_or_says_no_size_is_not_stored() {
    let people = People::of(&[]).await;
    led_to(&send(&people, Role::Admin, &rule_about_sizes("save", "10")).await);
    for (name, says_its_size) in [("said.wav", true), ("not-said.wav", false)] {
        let refused = upload(&people, Role::Producer, name, says_its_size).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name}: {}", refused.text());
        assert!(refused.text().contains("may not be stored here"), "{name}: {}", refused.text());
    }
    let of_label = upload(&people, Role::Label, "said.wav", true).await;
    assert_eq!(of_label.status, StatusCode::CREATED, "the rule is about producers: {}", of_label.text());
}

#[tokio::test]
async fn the_difference_knows_the_sizes_that_were_said_and_tells_how_many_were_not() {
    let people = People::of(&[]).await;
    for (name, says_its_size) in [("said.wav", true), ("not-said.wav", false)] {
        let answer = upload(&people, Role::Producer, name, says_its_size).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    }
    let at_most = |amount| rule_about_sizes("preview", amount);
    let small = words(&send(&people, Role::Admin, &at_most("10")).await);
    assert!(small.contains("1 call would newly be denied"), "{small}");
    let not_known = "1 call stored files whose size is not on record";
    assert!(small.contains("upload_audio_stream") && small.contains(not_known), "{small}");
    let large = words(&send(&people, Role::Admin, &at_most("20")).await);
    assert!(large.contains("No call of the last 7 days would fare otherwise."), "{large}");
    assert!(large.contains(not_known), "{large}");
}

#[tokio::test]
async fn a_rule_that_is_tried_is_noted_and_the_report_says_what_it_would_have_denied() {
    let people = People::of(&[]).await;
    let tried = other(rule_about_tools("save", "0", "list_audio_files"), "shadow", "1");
    led_to(&send(&people, Role::Admin, &tried).await);
    for _ in 0..2 {
        assert_eq!(use_tool(&people, "list_audio_files").await, StatusCode::OK, "it denies nothing");
    }
    eventually("the report names the calls", async || {
        let page = words(&people.get(Role::Admin, "/admin/policy?show=report").await);
        page.contains("Done, and noted") && page.contains("Some producer") && page.contains(">2<")
    })
    .await;
    let page = words(&people.get(Role::Admin, "/admin/policy").await);
    assert!(page.contains("Show the report") && !page.contains("Done, and noted"), "{page}");
    let in_force =
        other(rule_about_tools("preview", "1", "list_audio_files"), "replaces", "not-for-producers");
    let text = words(&send(&people, Role::Admin, &in_force).await);
    assert!(text.contains("Changed not-for-producers"), "{text}");
    assert!(text.contains("2 calls would newly be denied"), "{text}");
}

#[tokio::test]
async fn hours_that_exclude_now_are_set_by_the_form() {
    let people = People::of(&[]).await;
    let hours = hours_that_are_not_now();
    let day = &hours[..3];
    let fields = [
        ("what", "rule"),
        ("step", "save"),
        ("expected", "0"),
        ("replaces", ""),
        ("about", "hours"),
        ("id", "office-hours"),
        ("effect", "only"),
        ("first", day),
        ("last", ""),
        ("from", "00:00"),
        ("to", "00:01"),
        ("first", ""),
        ("last", ""),
        ("from", ""),
        ("to", ""),
        ("shadow", "0"),
    ];
    led_to(&send(&people, Role::Admin, &fields).await);
    assert_eq!(use_tool(&people, "list_audio_files").await, StatusCode::FORBIDDEN);
    let form = words(&people.get(Role::Admin, "/admin/policy?rule=office-hours").await);
    assert!(form.contains("Change the rule office-hours"), "{form}");
    assert!(form.contains("value=\"00:01\"") && form.contains("By the clock of UTC"), "{form}");
    let back = [("what", "back"), ("step", "save"), ("expected", "1"), ("to", "0"), ("note", "Too strict")];
    let saved = led_to(&send(&people, Role::Admin, &back).await);
    assert_eq!(saved, "/admin/policy?done=back&version=2#policy-outcome");
    assert_eq!(use_tool(&people, "list_audio_files").await, StatusCode::OK);
    let page = words(&people.get(Role::Admin, "/admin/policy").await);
    for said in ["Back to version 0: Too strict", "Removed office-hours", "Added office-hours"] {
        assert!(page.contains(said), "the page says {said:?}: {page}");
    }
}

#[tokio::test]
async fn a_form_that_is_stale_is_refused_and_keeps_what_was_typed() {
    let people = People::of(&[]).await;
    led_to(&send(&people, Role::Admin, &rule_about_tools("save", "0", "list_audio_files")).await);
    let late = other(rule_about_tools("save", "0", "get_audio_file"), "id", "another-rule");
    for step in ["preview", "save"] {
        let refused = send(&people, Role::Admin, &other(late.clone(), "step", step)).await;
        let text = words(&refused);
        assert_eq!(refused.status, StatusCode::CONFLICT, "{text}");
        assert!(text.contains("Some admin has saved version 1 meanwhile"), "{text}");
        assert!(text.contains("value=\"another-rule\""), "what was typed stays: {text}");
        assert!(text.contains("name=\"expected\" value=\"1\""), "the form is for what holds now: {text}");
    }
    let page = words(&people.get(Role::Admin, "/admin/policy").await);
    assert!(!page.contains("another-rule"), "nothing was saved: {page}");
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_stays() {
    let people = People::of(&[]).await;
    let networks = |names: &'static str| {
        [
            ("what", "rule"),
            ("step", "preview"),
            ("expected", "0"),
            ("about", "networks"),
            ("id", "home"),
            ("effect", "only"),
            ("names", names),
            ("shadow", "0"),
        ]
    };
    for (names, said) in [("10.0.0.0/33", "10.0.0.0/33"), ("", "name a network at least")] {
        let refused = send(&people, Role::Admin, &networks(names)).await;
        let text = words(&refused);
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{text}");
        assert!(text.contains("id=\"policy-wrong-names\"") && text.contains(said), "{text}");
        assert!(text.contains("value=\"home\""), "what was typed stays: {text}");
    }
    let unnamed = other(rule_about_tools("preview", "0", "list_audio_files"), "id", "Bad Name");
    let text = words(&send(&people, Role::Admin, &unnamed).await);
    assert!(text.contains("id=\"policy-wrong-id\"") && text.contains("value=\"Bad Name\""), "{text}");
    let missing = [("what", "remove"), ("step", "preview"), ("expected", "0"), ("id", "nothing")];
    assert_eq!(send(&people, Role::Admin, &missing).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_mode_is_changed_by_a_form_of_its_own_and_the_difference_is_told() {
    let people = People::of(&[]).await;
    let mode = |step: &'static str, expected: &'static str, mode: &'static str| {
        [("what", "mode"), ("step", step), ("expected", expected), ("mode", mode)]
    };
    led_to(&send(&people, Role::Admin, &mode("save", "0", "permissive")).await);
    led_to(&send(&people, Role::Admin, &rule_about_tools("save", "1", "list_audio_files")).await);
    assert_eq!(use_tool(&people, "list_audio_files").await, StatusCode::OK, "violations are counted only");
    eventually("the call is on record", async || {
        let text = words(&send(&people, Role::Admin, &mode("preview", "2", "enforcing")).await);
        text.contains("Mode: enforcing") && text.contains("1 call would newly be denied")
    })
    .await;
    led_to(&send(&people, Role::Admin, &mode("save", "2", "enforcing")).await);
    assert_eq!(use_tool(&people, "list_audio_files").await, StatusCode::FORBIDDEN);
    let page = words(&people.get(Role::Admin, "/admin/policy").await);
    assert!(page.contains("Enforcing: calls that violate a rule are refused."), "{page}");
}

#[tokio::test]
async fn nobody_but_an_admin_learns_anything_from_the_forms() {
    let people = People::of(&[]).await;
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        for step in ["preview", "save"] {
            for fields in [
                rule_about_tools(step, "0", "list_audio_files"),
                rule_about_tools(step, "7", "no_such_tool"),
                other(rule_about_tools(step, "0", "list_audio_files"), "about", "weather"),
                vec![("what", "mode"), ("step", step), ("expected", "0"), ("mode", "none")],
            ] {
                let refused = send(&people, role, &fields).await;
                assert_eq!(refused.status, StatusCode::FORBIDDEN, "{} {fields:?}", role.id());
                assert!(!refused.text().contains("no_such_tool"), "{} {fields:?}", role.id());
            }
        }
    }
    let records = people.patchline.audit_records().await;
    assert!(records.iter().all(|record| record["operation"] != json!("review_policy")), "nothing was read");
}

#[tokio::test]
async fn somebody_can_be_asked_about_with_their_own_artists() {
    let people = People::of(&[]).await;
    let artist = &people.principal(Role::Artist).id;
    let ask = async |file: &str| {
        let asked = format!(
            "/admin/policy?person={artist}&operation=upload_audio_file&place=patchline-audio&file={file}"
        );
        words(&people.get(Role::Admin, &asked).await)
    };
    let own = ask("artists%2Fart_1%2Fa.wav").await;
    assert!(own.contains("<strong>Yes"), "{own}");
    let of_others = ask("artists%2Fart_2%2Fa.wav").await;
    assert!(of_others.contains("<strong>No"), "{of_others}");
    let nobody = "/admin/policy?person=usr_none&operation=upload_audio_file";
    let nobody = words(&people.get(Role::Admin, nobody).await);
    assert!(nobody.contains("there is nobody of this id or address"), "{nobody}");
}
