//! What people send that cannot be done as it is: each has a defined end, and says what to do.

use super::planted::{from_here, plant, settled, step};
use super::request;
use crate::policy::{somebody, somebody_with};
use crate::support::{Patchline, artist};
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::model::task::{StepDecision, TaskRequest, TaskState, TaskView};
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

#[tokio::test]
async fn an_artist_who_names_another_one_by_id_is_refused_and_told_nothing_of_them() {
    let patchline = with_two_artists().await;
    let who = somebody_with(Role::Artist, &["art_1"]);
    for words in ["What did I earn last quarter?", "How am I doing this month against last?"] {
        let mut asked = request(words);
        asked.parameters.insert("artistId".to_owned(), json!("art_2"));
        let task = ended(&patchline, &who, asked).await;
        assert_eq!(task.state, TaskState::Refused, "{words}: {task:?}");
        assert!(task.plan.is_none() && task.steps.is_empty() && task.answer.is_none(), "{words}: {task:?}");
        assert!(!serde_json::to_string(&task).expect("JSON").contains("Nils"), "{words}: {task:?}");
    }

    // Also where a plan has it all the same, whoever made that.
    let account = step("s1", "calculate_royalties", &json!({ "artistId": { "value": "art_2" } }), &[], "low");
    let figures =
        step("s2", "analyze_artist_performance", &json!({ "artistId": { "value": "art_2" } }), &[], "low");
    plant(&patchline, &who, "01a", &[account, figures]).await;
    let task = settled(&patchline, &who, "01a").await;
    assert_eq!(task.state, TaskState::Failed, "{task:?}");
    for step in &task.steps {
        assert_eq!((step.decision, &step.result), (Some(StepDecision::Denied), &None), "{step:?}");
    }
    assert!(!serde_json::to_string(&task).expect("JSON").contains("Nils"), "{task:?}");
}
