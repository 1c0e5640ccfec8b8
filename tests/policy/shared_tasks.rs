//! A task that is shared by a link: read by whoever may use every tool of its steps, and by nobody else.

use super::people::People;
use super::{ROLES, from_here};
use crate::supervisor::planted::{plant, settled, step};
use crate::support::Answer;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt;
use patchline::engine::gateway::{CallErrorKind, Role};
use patchline::model::task::{TaskDecision, TaskState, TaskView};
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
        taken_along(people, link, role, readers.contains(&role)).await;
    }
}

/// As files and as events a task is what its page shows, to the same people.
async fn taken_along(people: &People, link: &str, role: Role, may_read: bool) {
    for (path, kind) in [
        ("/export/tasks/shared/task.md?", "text/markdown; charset=utf-8"),
        ("/export/tasks/shared/task.json?", "application/json"),
        ("/events/tasks/shared?", "text/event-stream"),
    ] {
        let answer = people.get(role, &link.replace("/tasks/shared?", path)).await;
        let text = answer.text();
        if may_read {
            assert_eq!(answer.status, StatusCode::OK, "{role:?} {path}: {text}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], kind);
            assert!(text.contains(CONTENT), "{role:?} {path}: {text}");
        } else {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?} {path}: {text}");
            assert!(!text.contains(CONTENT) && !text.contains("rel_2"), "{role:?} {path}: {text}");
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
    for path in ["/export/tasks/shared/task.md?", "/events/tasks/shared?"] {
        let former = people.get(Role::Manager, &first.replace("/tasks/shared?", path)).await;
        assert_eq!(former.status, StatusCode::NOT_FOUND, "{path}: there is a new one");
    }
    let unknown = people.get(Role::Manager, "/export/tasks/shared/task.exe?link=none").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
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

/// A task of somebody of the label whose change waits for an approval, and its link's secret.
async fn that_waits(people: &People, id: &str) -> (TaskView, String) {
    let who = people.principal(Role::Label);
    let read = json!({ "releaseId": { "value": "rel_1" } });
    let change = json!({
        "releaseId": { "value": "rel_1" },
        "expectedVersion": { "from": { "step": "s1", "pointer": "/rows/0/version" } },
        "updateData": { "value": { "title": "Day Drive" } }
    });
    let steps = [
        step("s1", "query_release_data", &read, &[], "low"),
        step("s2", "update_release_data", &change, &["s1"], "high"),
    ];
    plant(&people.patchline, who, id, &steps).await;
    let waiting = settled(&people.patchline, who, id).await;
    assert_eq!(waiting.state, TaskState::Approving, "{waiting:?}");
    let link = link_in(&decide(people, Role::Label, id, "share").await);
    let secret = link.rsplit('=').next().expect("a secret").to_owned();
    (waiting, secret)
}

#[tokio::test]
async fn a_shared_task_is_followed_as_long_as_its_reader_may_read_it() {
    let people = People::of(&[]).await;
    let supervisor = &people.patchline.engine.supervisor;
    let follow = |role: Role, secret: &str| {
        Box::pin(supervisor.follow_shared(people.principal(role), &from_here(), secret))
    };

    let (waiting, secret) = that_waits(&people, "01a").await;
    let (mut of_admin, mut of_manager) = (follow(Role::Admin, &secret), follow(Role::Manager, &secret));
    let first = of_admin.next().await.expect("a view").expect("it may be read");
    assert_eq!((first.state, &first.approval), (TaskState::Approving, &None), "nothing to decide is told");
    let mut told = of_manager.next().await;
    let approval = waiting.approval.expect("what is approved");
    let approved = TaskDecision::Approve { approval };
    supervisor
        .decide(people.principal(Role::Label), &from_here(), "01a", approved)
        .await
        .expect("it goes on");
    let mut last = first;
    while let Some(change) = of_admin.next().await {
        let view = change.expect("it may still be read");
        assert!(view.revision > last.revision && view.approval.is_none() && view.awaiting.is_empty());
        last = view;
    }
    assert!(last.state.has_ended(), "{last:?}");
    // What a change was called with is known once it is done, and is not for whoever sees some artists only.
    let refused = loop {
        match told.take().expect("a reason") {
            Ok(view) => assert!(!view.state.has_ended(), "{view:?}"),
            Err(error) => break error,
        }
        told = of_manager.next().await;
    };
    assert_eq!(refused.kind, CallErrorKind::Forbidden, "{refused:?}");
    assert!(of_manager.next().await.is_none());

    let (_, secret) = that_waits(&people, "01b").await;
    let mut of_admin = follow(Role::Admin, &secret);
    of_admin.next().await.expect("a view").expect("it may be read");
    decide(&people, Role::Label, "01b", "stopSharing").await;
    let ended = of_admin.next().await.expect("a reason").expect_err("the link was taken back");
    assert_eq!(ended.kind, CallErrorKind::NotFound, "{ended:?}");
    assert!(of_admin.next().await.is_none());
}
