//! Steps that wait for approval, as their page shows them and plain forms decide about them.

use crate::supervisor::planted::{plant, settled, step};
use crate::support::visitor::{EMAIL, form};
use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::Principal;
use patchline::model::task::{StepState, TaskState};
use serde_json::{Value, json};

/// A label with a release, and the admin who is shown its pages.
async fn with_release() -> (Patchline, Principal) {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    assert_eq!(patchline.get("/tasks").await.status, StatusCode::OK);
    let user = patchline.engine.identity.user(EMAIL).await.expect("the admin");
    let who = Principal::new(user.id.clone(), user.name.clone(), user.role);
    (patchline, who)
}

/// A task that reads a release, then waits for approval of another title.
async fn waiting(patchline: &Patchline, who: &Principal, id: &str, optional: bool) {
    let read = json!({ "releaseId": { "value": "rel_1" } });
    let change = json!({
        "releaseId": { "value": "rel_1" },
        "expectedVersion": { "from": { "step": "s1", "pointer": "/rows/0/version" } },
        "updateData": { "value": { "title": "Day Drive" } }
    });
    let mut change = step("s2", "update_release_data", &change, &["s1"], "high");
    change["optional"] = json!(optional);
    plant(patchline, who, id, &[step("s1", "query_release_data", &read, &[], "low"), change]).await;
    let task = settled(patchline, who, id).await;
    assert_eq!(task.state, TaskState::Approving, "{:?}", task.problem);
}

async fn post(patchline: &Patchline, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form(fields)))
        .expect("a request");
    patchline.send(request).await
}

async fn version(patchline: &Patchline) -> Value {
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    found["rows"][0]["version"].clone()
}

#[tokio::test]
async fn wrong_arguments_are_told_at_their_field_with_what_was_typed_and_right_ones_are_asked_about() {
    let (patchline, who) = with_release().await;
    waiting(&patchline, &who, "01a", false).await;
    let page = patchline.get("/tasks/01a").await.text();
    assert!(page.contains(">Day Drive<"), "what would be done is read without knowing JSON: {page}");

    let address = "/tasks/01a?change=s2";
    let sent = |version: &'static str, upc: &'static str| {
        [
            ("step", "s2"),
            ("releaseId", "rel_1"),
            ("expectedVersion", version),
            ("updateData.title", "Night Drive"),
            ("updateData.upc", upc),
            ("decision", "change"),
        ]
    };
    // What the form sees, and what only the schema says.
    for (fields, told) in [
        (sent("the first", ""), "Version you have seen: Give a whole number."),
        (sent("1", "none yet"), "UPC or EAN: "),
    ] {
        let wrong = post(&patchline, address, &fields).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        let page = wrong.text();
        assert!(page.contains(told), "{told}: {page}");
        assert!(page.contains(r#"value="Night Drive""#), "what was typed is still there: {page}");
    }

    let changed = post(&patchline, address, &sent("1", "")).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    assert_eq!(changed.headers[header::LOCATION], "/tasks/01a#approval");
    let task = settled(&patchline, &who, "01a").await;
    assert_eq!(task.state, TaskState::Approving, "{:?}", task.problem);
    assert!(patchline.get("/tasks/01a").await.text().contains(">Night Drive<"));
    assert_eq!(version(&patchline).await, 1);
}

#[tokio::test]
async fn a_step_is_left_out_whether_or_not_the_answer_can_do_without_it() {
    let (patchline, who) = with_release().await;
    let leave_out = [("step", "s2"), ("decision", "leaveOut")];
    for (id, optional) in [("01a", true), ("01b", false)] {
        waiting(&patchline, &who, id, optional).await;
        let page = format!("/tasks/{id}");
        assert!(patchline.get(&page).await.text().contains("Leave out step s2"));
        let left_out = post(&patchline, &page, &leave_out).await;
        assert_eq!(left_out.status, StatusCode::SEE_OTHER, "{}", left_out.text());
        let task = settled(&patchline, &who, id).await;
        assert!(task.state.has_ended(), "{task:?}");
        assert_eq!(task.steps[1].state, StepState::Skipped);
    }
    assert_eq!(version(&patchline).await, 1);
}

#[tokio::test]
async fn a_link_to_a_step_that_cannot_be_changed_says_why_and_what_can_be_done() {
    let (patchline, who) = with_release().await;
    waiting(&patchline, &who, "01a", false).await;
    let told = async |step: &str, words: [&str; 2]| {
        let page = patchline.get(&format!("/tasks/01a?change={step}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let page = page.text();
        for words in words {
            assert!(page.contains(words), "{step}: {words}: {page}");
        }
    };
    told("s1", ["Step s1 cannot be changed", "It has been done already"]).await;
    told("s9", ["There is no step s9", "Choose a step of the plan below."]).await;
    assert!(!patchline.get("/tasks/01a?change=s2").await.text().contains("cannot be changed"));
    let left_out = post(&patchline, "/tasks/01a", &[("step", "s2"), ("decision", "leaveOut")]).await;
    assert_eq!(left_out.status, StatusCode::SEE_OTHER, "{}", left_out.text());
    settled(&patchline, &who, "01a").await;
    told("s2", ["It was left out.", "run the whole task again"]).await;

    let nothing_found = json!({
        "releaseId": { "value": "rel_1" },
        "expectedVersion": { "from": { "step": "s1", "pointer": "/rows/9/version" } },
        "updateData": { "value": { "title": "Day Drive" } }
    });
    let read = step("s1", "query_release_data", &json!({ "releaseId": { "value": "rel_1" } }), &[], "low");
    let change = step("s2", "update_release_data", &nothing_found, &["s1"], "high");
    plant(&patchline, &who, "01b", &[read, change]).await;
    let failed = settled(&patchline, &who, "01b").await;
    assert_eq!(failed.steps[1].state, StepState::Failed, "{:?}", failed.steps);
    let page = patchline.get("/tasks/01b?change=s2").await.text();
    assert!(page.contains("It could not be done.") && !page.contains("It has been done already"), "{page}");
}
