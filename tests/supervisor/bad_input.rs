//! What people send that cannot be done as it is: each has a defined end, and says what to do.

use super::planted::{from_here, settled};
use super::request;
use crate::policy::{somebody, somebody_with};
use crate::support::{Patchline, artist};
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::model::task::{TaskRequest, TaskState, TaskView};
use serde_json::json;

/// What a request comes to.
async fn ended(patchline: &Patchline, who: &Principal, request: TaskRequest) -> TaskView {
    let begun = patchline.engine.supervisor.start(who, &from_here(), request).await.expect("it is taken");
    settled(patchline, who, &begun.id).await
}

async fn with_two_artists() -> Patchline {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    patchline.put_artist_and_release().await;
    patchline.put("artists", artist("art_2", "Nils Berg")).await;
    patchline
}

#[tokio::test]
async fn no_words_and_a_hundred_kilobytes_are_no_task() {
    let patchline = Patchline::start().await;
    let who = somebody(Role::Label);
    for task in [" \n ".to_owned(), "Mira ".repeat(20_000)] {
        let refused = patchline.engine.supervisor.start(&who, &from_here(), request(&task)).await;
        let refused = refused.expect_err("it is no task");
        assert_eq!(refused.kind, CallErrorKind::Invalid);
        assert_eq!(refused.fields.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), ["task"]);
    }
}

#[tokio::test]
async fn an_artist_whom_nobody_knows_is_named_and_nothing_is_done() {
    let patchline = with_two_artists().await;
    let asked = request("How is “Zorblax Quintet” doing this month against last?");
    let task = ended(&patchline, &somebody(Role::Label), asked).await;
    assert_eq!(task.state, TaskState::Refused, "{task:?}");
    let problem = task.problem.expect("why");
    assert!(problem.message.to_lowercase().contains("zorblax") && !problem.remedy.is_empty(), "{problem:?}");
}

#[tokio::test]
async fn parameters_that_contradict_the_sentence_are_told_and_neither_is_chosen() {
    let patchline = with_two_artists().await;
    let mut asked = request("How is Mira doing this month against last?");
    asked.parameters.insert("artistId".to_owned(), json!("art_2"));
    let task = ended(&patchline, &somebody(Role::Label), asked).await;
    assert_eq!(task.state, TaskState::Refused, "{task:?}");
    let problem = task.problem.expect("why");
    assert!(problem.message.contains("Mira") && problem.message.contains("Nils Berg"), "{problem:?}");
}

#[tokio::test]
async fn an_artist_learns_nothing_of_what_another_one_earns() {
    let patchline = with_two_artists().await;
    let who = somebody_with(Role::Artist, &["art_1"]);
    let task = ended(&patchline, &who, request("What did “Nils Berg” earn last quarter?")).await;
    assert!(matches!(task.state, TaskState::Refused | TaskState::Failed), "{task:?}");
    assert!(task.answer.is_none() && task.problem.is_some(), "{task:?}");
    assert!(task.steps.iter().all(|step| step.result.is_none()), "{task:?}");
}
