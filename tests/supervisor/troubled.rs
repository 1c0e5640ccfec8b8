//! Steps that fail: what can be answered without them is answered and says so, a read is tried again, and a change is
//! not.

use super::model::not_seen;
use super::planted::{from_here, plant, settled, settled_at, step};
use super::{change_of_title, release};
use crate::policy::somebody;
use crate::support::Patchline;
use crate::support::gate::{Gate, changes_a_release, lists_files};
use patchline::engine::gateway::Role;
use patchline::model::task::{StepState, TaskDecision, TaskState};
use serde_json::json;

#[tokio::test]
async fn a_tool_that_fails_midway_takes_along_what_needs_it_and_the_answer_says_so() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    let release = json!({ "releaseId": { "value": "rel_1" } });
    let nowhere = json!({ "fileName": { "value": "art_1/nowhere.md" } });
    let artist = json!({ "artistId": { "value": "art_1" } });
    plant(
        &patchline,
        &who,
        "01a",
        &[
            step("s1", "query_release_data", &release, &[], "low"),
            step("s2", "get_contract", &nowhere, &["s1"], "low"),
            step("s3", "list_contracts", &json!({}), &["s2"], "low"),
            step("s4", "query_artist_data", &artist, &["s1"], "low"),
        ],
    )
    .await;
    let ended = settled(&patchline, &who, "01a").await;
    let states: Vec<_> = ended.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Failed, StepState::Skipped, StepState::Done]);
    let attempts: Vec<_> = ended.steps.iter().map(|step| step.attempts).collect();
    assert_eq!(attempts, [1, 1, 0, 1], "what is not there is not there a second time either");
    assert_eq!(ended.state, TaskState::Partial);
    assert!(ended.answer.is_some(), "{:?}", ended.problem);
    let unseen = not_seen(&ended);
    for said in ["get_contract could not be done", "art_1/nowhere.md", "list_contracts was left out"] {
        assert!(unseen.contains(said), "{said}: {unseen}");
    }
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_is_tried_again_and_the_attempts_are_told() {
    let patchline = Patchline::start().await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    gate.open();
    gate.lose_an_answer();
    let who = somebody(Role::Label);
    plant(&patchline, &who, "01a", &[step("s1", "list_audio_files", &json!({}), &[], "low")]).await;
    let ended = settled_at(&engine, &who, "01a").await;
    assert_eq!((ended.state, ended.steps[0].state), (TaskState::Done, StepState::Done), "{:?}", ended.steps);
    assert_eq!((ended.steps[0].attempts, &ended.steps[0].problem), (2, &None));
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_not_made_a_second_time() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let gate = Gate::closed(&patchline, changes_a_release);
    let engine = gate.engine(&patchline).await;
    gate.open();
    gate.lose_an_answer();
    let who = somebody(Role::Label);
    plant(&patchline, &who, "01a", &change_of_title()).await;
    let waiting = settled_at(&engine, &who, "01a").await;
    let approval = waiting.approval.expect("what is approved");
    let approve = TaskDecision::Approve { approval };
    engine.supervisor.decide(&who, &from_here(), "01a", approve).await.expect("it is approved");
    let ended = settled_at(&engine, &who, "01a").await;
    assert_eq!((ended.state, ended.steps[1].state), (TaskState::Partial, StepState::Failed));
    assert_eq!(ended.steps[1].attempts, 1);
    let problem = ended.steps[1].problem.as_deref().expect("why");
    assert!(problem.contains("may have been made, or not"), "{problem}");
    assert_eq!(release(&patchline).await, (json!("Day Drive"), json!(2)), "it was made once");
}
