//! A step that is done again: what depended on it is done anew with it, and the rest is kept.

use super::planted::{decide, plant, settled, step};
use crate::policy::somebody;
use crate::support::Patchline;
use patchline::engine::gateway::{CallErrorKind, Role};
use patchline::model::task::{StepId, StepState, TaskDecision, TaskState, TaskView};
use serde_json::{Value, json};

/// The calls in the audit log that steps are, each with the title of the release that it has found.
fn found(task: &TaskView) -> Vec<(Option<String>, Value)> {
    let steps = task.steps.iter();
    steps
        .map(|step| {
            let title = step.result.as_ref().and_then(|result| result.pointer("/rows/0/title")).cloned();
            (step.request_id.clone(), title.unwrap_or_default())
        })
        .collect()
}

#[tokio::test]
async fn what_depended_on_a_step_is_done_anew_with_it_and_the_rest_is_kept() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    let read = |id: &str, after: &[&str]| {
        let release = if after.is_empty() {
            json!({ "value": "rel_1" })
        } else {
            json!({ "from": { "step": after[0], "pointer": "/rows/0/releaseId" } })
        };
        step(id, "query_release_data", &json!({ "releaseId": release }), after, "low")
    };
    let steps = [read("s1", &[]), read("s2", &["s1"]), read("s3", &["s2"]), read("s4", &[])];
    plant(&patchline, &who, "01a", &steps).await;
    let first = settled(&patchline, &who, "01a").await;
    assert_eq!(first.state, TaskState::Done, "{:?}", first.steps);
    let change =
        json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "Day Drive" } });
    patchline.result_of("update_release_data", change).await;

    let retry = |place: usize| TaskDecision::Retry { step: StepId::at(place) };
    decide(&patchline, &who, "01a", retry(2)).await.expect("it is done again");
    let again = settled(&patchline, &who, "01a").await;
    assert_eq!(again.state, TaskState::Done, "{:?}", again.steps);
    let (before, after) = (found(&first), found(&again));
    for (place, is_anew) in [(0, false), (1, true), (2, true), (3, false)] {
        let title = if is_anew { "Day Drive" } else { "Night Drive" };
        assert_eq!(after[place].1, title, "step {}", place + 1);
        assert_eq!(after[place].0 != before[place].0, is_anew, "step {}", place + 1);
    }
    assert!(again.answer.is_some() && again.steps.iter().all(|step| step.attempts == 1), "{again:?}");

    let unknown = decide(&patchline, &who, "01a", retry(9)).await.expect_err("there is none");
    assert_eq!(unknown.kind, CallErrorKind::Conflict);
    let seen = settled(&patchline, &who, "01a").await;
    assert!(seen.steps.iter().all(|step| step.state == StepState::Done), "{seen:?}");
}
