//! What one task may take: whichever of its budgets is used up says so in its own words, and what needs nothing of it
//! is done all the same. How many steps a plan may have is tried with the plans of a model.

use super::model::not_seen;
use super::planted::{plant, plant_changed, settled, settled_at, step};
use crate::policy::somebody;
use crate::support::Patchline;
use crate::support::gate::{Gate, lists_files};
use patchline::engine::gateway::Role;
use patchline::model::task::{StepState, TaskState};
use serde_json::json;

#[tokio::test]
async fn when_its_time_is_over_a_step_is_stopped_and_what_waits_for_it_is_not_begun() {
    let patchline = Patchline::with(&[("MCP_TASK_TIME_LIMIT", "900")]).await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    let who = somebody(Role::Label);
    let list = |id: &str, after: &[&str]| step(id, "list_audio_files", &json!({}), after, "low");
    // Others have done it for so long that a second is left.
    plant_changed(&patchline, &who, "01a", &[list("s1", &[]), list("s2", &["s1"])], |content| {
        content["run"]["workedMillis"] = json!(899_000);
    })
    .await;
    let ended = settled_at(&engine, &who, "01a").await;
    // Nobody has let the step through.
    gate.has_under_way(0).await;
    assert_eq!(ended.state, TaskState::Failed);
    for step in &ended.steps {
        assert_eq!(step.state, StepState::Failed);
        let problem = step.problem.as_deref().expect("why");
        assert!(problem.contains("may take 15 min") && problem.contains("MCP_TASK_TIME_LIMIT"), "{problem}");
    }
    assert_eq!(ended.steps[1].attempts, 0);
    let problem = ended.problem.expect("why");
    assert!(problem.message.contains("MCP_TASK_TIME_LIMIT"), "{problem:?}");

    // Where nothing is left, nothing is begun.
    plant_changed(&patchline, &who, "01b", &[list("s1", &[])], |content| {
        content["run"]["workedMillis"] = json!(900_000);
    })
    .await;
    let ended = settled_at(&engine, &who, "01b").await;
    assert_eq!((ended.state, ended.steps[0].attempts), (TaskState::Failed, 0), "{:?}", ended.steps);
    let problem = ended.steps[0].problem.as_deref().expect("why");
    assert!(problem.contains("MCP_TASK_TIME_LIMIT"), "{problem}");
}

#[tokio::test]
async fn when_its_tokens_are_used_up_no_model_is_asked_any_more_and_what_asks_none_is_done() {
    let patchline = Patchline::with(&[
        ("ENABLE_BEDROCK", "true"),
        ("MCP_MODEL_PRICES", "local.extractive-v1=1000/1000"),
        ("MCP_BUDGET_PERSON", "none"),
        ("MCP_BUDGET_LABEL", "none"),
        ("MCP_TASK_DOLLAR_LIMIT", "none"),
        ("MCP_TASK_TOKEN_LIMIT", "1"),
    ])
    .await;
    patchline.knowledge_settled().await;
    let who = somebody(Role::Label);
    let question = "what is the mechanical rate for a 6:10 song pressed in 2026?";
    let asked = json!({ "prompt": { "value": question } });
    plant(
        &patchline,
        &who,
        "01a",
        &[
            step("s1", "generate_music_insights", &asked, &[], "low"),
            step("s2", "generate_music_insights", &asked, &["s1"], "low"),
            step("s3", "list_audio_files", &json!({}), &["s1"], "low"),
        ],
    )
    .await;
    let ended = settled(&patchline, &who, "01a").await;
    let states: Vec<_> = ended.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Failed, StepState::Done], "{:?}", ended.steps);
    assert_eq!((ended.state, ended.steps[1].spent), (TaskState::Partial, None));
    let problem = ended.steps[1].problem.as_deref().expect("there is nothing left");
    assert!(problem.contains("may take 1 tokens") && problem.contains("MCP_TASK_TOKEN_LIMIT"), "{problem}");
    assert!(not_seen(&ended).contains("its model calls may take 1 tokens"), "{}", not_seen(&ended));
}
