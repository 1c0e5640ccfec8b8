//! A task that is shared by a link: read by whoever may use every tool of its steps, and by nobody else.

use super::ROLES;
use super::people::People;
use crate::supervisor::planted::{plant, settled, step};
use crate::support::Answer;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::Role;
use serde_json::{Value, json};

const CONTENT: &str = "A task of the tests";

/// A task of somebody of the label that has done this one step, and its link.
async fn shared(people: &People, id: &str, tool: &str, arguments: Value) -> String {
    let who = people.principal(Role::Label);
    plant(&people.patchline, who, id, &[step("s1", tool, &arguments, &[], "low")]).await;
    let ended = settled(&people.patchline, who, id).await;
    assert!(ended.state.has_ended(), "{ended:?}");
    let answer = decide(people, Role::Label, id, "share").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    link_in(&answer)
}

fn link_in(answer: &Answer) -> String {
    let text = answer.text();
    let begin = text.find("/tasks/shared?link=").expect("a link is shown");
    let link = &text[begin..];
    link.chars().take_while(|c| c.is_ascii_alphanumeric() || "/?=".contains(*c)).collect()
}

async fn decide(people: &People, role: Role, id: &str, decision: &str) -> Answer {
    let request = Request::post(format!("/tasks/{id}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("decision={decision}")))
        .expect("a request");
    people.send(Some(role), request).await
}

/// Asserts who reads a task, and that the others are told why not, and nothing of it.
async fn read_by(people: &People, link: &str, readers: &[Role], missing: &str) {
    for role in ROLES {
        let answer = people.get(role, link).await;
        let text = answer.text();
        if readers.contains(&role) {
            assert_eq!(answer.status, StatusCode::OK, "{role:?}: {text}");
            assert!(text.contains(CONTENT) && text.contains("shared with you to read"), "{role:?}: {text}");
            assert!(!text.contains(r#"value="retry""#) && !text.contains(r#"value="again""#), "{role:?}");
        } else {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?}: {text}");
            assert!(text.contains("This task of Some label is not for you."), "{role:?}: {text}");
            assert!(text.contains(missing), "{role:?}: {text}");
            assert!(!text.contains(CONTENT) && !text.contains("rel_2"), "{role:?}: {text}");
        }
    }
}

#[tokio::test]
async fn a_shared_task_is_read_by_those_who_may_use_what_it_has_used() {
    use Role::{Admin, Artist, Label, Manager, Producer};
    let people = People::of(&[]).await;
    let release = |id: &str| json!({ "releaseId": { "value": id } });

    let own = shared(&people, "01a", "query_release_data", release("rel_1")).await;
    read_by(&people, &own, &[Artist, Producer, Manager, Label, Admin], "").await;

    let of_others = shared(&people, "01b", "query_release_data", release("rel_2")).await;
    let missing = "may use query_release_data, but not for all that the task has used it for.";
    read_by(&people, &of_others, &[Producer, Label, Admin], missing).await;

    let of_all = shared(&people, "01c", "query_artist_data", json!({})).await;
    let missing =
        "sees artists of their own only, and what query_artist_data has found may be of others, too.";
    read_by(&people, &of_all, &[Producer, Label, Admin], missing).await;

    let of_label = shared(&people, "01d", "get_performance_metrics", json!({})).await;
    read_by(&people, &of_label, &[Label, Admin], "may not use get_performance_metrics.").await;

    // Nobody knows any more whose data it was about.
    let of_nobody = shared(&people, "01e", "list_knowledge_bases", json!({})).await;
    read_by(&people, &of_nobody, &[], "list_knowledge_bases is switched off, so it cannot be told").await;
}

#[tokio::test]
async fn a_link_only_reads_is_taken_back_and_leaves_a_record_of_who_opened_it() {
    let people = People::of(&[]).await;
    let arguments = json!({ "releaseId": { "value": "rel_1" } });
    let first = shared(&people, "01a", "query_release_data", arguments).await;
    for decision in ["share", "stopSharing", "cancel", "again"] {
        let refused = decide(&people, Role::Admin, "01a", decision).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{decision}: it is not theirs");
    }
    let second = link_in(&decide(&people, Role::Label, "01a", "share").await);
    assert_eq!(people.get(Role::Manager, &first).await.status, StatusCode::NOT_FOUND, "there is a new one");
    assert_eq!(people.get(Role::Manager, &second).await.status, StatusCode::OK);
    let page = people.get(Role::Label, "/tasks/01a").await.text();
    assert!(page.contains("Stop sharing") && !page.contains("/tasks/shared?link="), "it is told once");

    let ended = decide(&people, Role::Label, "01a", "stopSharing").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text());
    assert_eq!(people.get(Role::Manager, &second).await.status, StatusCode::NOT_FOUND);

    let records = people.patchline.audit_records().await;
    let opened = records.iter().find(|record| {
        record["operation"] == "view_shared_task"
            && record["decision"] == "allowed"
            && record["principal"] == people.principal(Role::Manager).id.as_str()
    });
    assert!(opened.is_some(), "{records:#?}");
    let secret = second.rsplit('=').next().expect("a secret");
    assert!(!records.iter().any(|record| record.to_string().contains(secret)), "no record has the secret");
}
