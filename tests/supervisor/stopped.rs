//! A task that somebody stops while a step is under way, and how many steps are under way at once.

use super::planted::{from_here, plant, settled_at, step};
use crate::policy::somebody;
use crate::support::Patchline;
use crate::support::gate::{Gate, lists_files};
use patchline::engine::gateway::{CallErrorKind, Role};
use patchline::model::task::{StepId, StepState, TaskDecision, TaskState};
use serde_json::json;

#[tokio::test]
async fn what_is_cancelled_stops_in_the_middle_of_a_step_and_nothing_later_is_begun() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    let who = somebody(Role::Label);
    let artist = json!({ "artistId": { "value": "art_1" } });
    plant(
        &patchline,
        &who,
        "01a",
        &[
            step("s1", "query_artist_data", &artist, &[], "low"),
            step("s2", "list_audio_files", &json!({}), &["s1"], "low"),
            step("s3", "query_artist_data", &artist, &["s2"], "low"),
        ],
    )
    .await;
    gate.has_under_way(1).await;
    let decide = async |decision| engine.supervisor.decide(&who, &from_here(), "01a", decision).await;
    let cancelled = decide(TaskDecision::Cancel).await.expect("it is theirs");
    assert_eq!(cancelled.state, TaskState::Cancelled);
    let states: Vec<_> = cancelled.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Cancelled, StepState::Cancelled]);

    // Nobody has let it through, so it ends only because nobody waits for it any more.
    gate.has_under_way(0).await;
    gate.open();
    let again = decide(TaskDecision::Cancel).await.expect_err("it has ended");
    assert_eq!(again.kind, CallErrorKind::Conflict);
    let seen = engine.supervisor.view(&who, &from_here(), "01a").await.expect("it is theirs");
    assert_eq!((seen.revision, seen.state), (cancelled.revision, TaskState::Cancelled));
    assert!(seen.answer.is_none() && seen.steps[2].attempts == 0, "{seen:?}");

    // It is not lost: whoever wants it after all has the rest of it done.
    decide(TaskDecision::Retry { step: StepId::at(2) }).await.expect("it is done after all");
    let done = settled_at(&engine, &who, "01a").await;
    assert_eq!(done.state, TaskState::Done, "{:?}", done.steps);
}

#[tokio::test]
async fn no_more_steps_are_under_way_at_once_than_there_may_be() {
    const STEPS: usize = 5;
    let patchline = Patchline::with(&[("MAX_CONCURRENT_OPERATIONS", "2")]).await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    let who = somebody(Role::Label);
    let steps =
        (1..=STEPS).map(|place| step(&format!("s{place}"), "list_audio_files", &json!({}), &[], "low"));
    plant(&patchline, &who, "01a", &steps.collect::<Vec<_>>()).await;
    for left in (1..=STEPS).rev() {
        gate.has_under_way(left.min(2)).await;
        gate.let_one_through();
    }
    let ended = settled_at(&engine, &who, "01a").await;
    assert_eq!(ended.state, TaskState::Done, "{:?}", ended.steps);
    assert_eq!(gate.most_under_way(), 2);
}
