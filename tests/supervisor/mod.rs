//! Tasks: from a sentence to an answer, and whatever may come in between.

mod again;
mod bad_input;
mod budgets;
mod changes;
mod contracts;
mod hostile_contracts;
mod hostile_logs;
mod killed;
mod killed_anywhere;
mod model;
mod newest_upload;
mod permitted;
pub(crate) mod planted;
mod roles;
mod stopped;
mod troubled;
mod workflows;

use crate::policy::{somebody, somebody_with};
use crate::support::{Patchline, artist};
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::model::task::{
    StepDecision, StepId, StepState, TaskDecision, TaskQuery, TaskRequest, TaskState,
};
use planted::{decide, forget_the_end_of, from_here, plant, settled, step};
use serde_json::{Value, json};

fn request(task: &str) -> TaskRequest {
    TaskRequest {
        task: task.to_owned(),
        parameters: std::collections::BTreeMap::new(),
        music_industry_role: None,
    }
}

/// A change of the title of `rel_1`, from the version that the step before has found.
fn change_of_title() -> [Value; 2] {
    let read = json!({ "releaseId": { "value": "rel_1" } });
    let change = json!({
        "releaseId": { "value": "rel_1" },
        "expectedVersion": { "from": { "step": "s1", "pointer": "/rows/0/version" } },
        "updateData": { "value": { "title": "Day Drive" } }
    });
    [
        step("s1", "query_release_data", &read, &[], "low"),
        step("s2", "update_release_data", &change, &["s1"], "high"),
    ]
}

async fn release(patchline: &Patchline) -> (Value, Value) {
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    (found["rows"][0]["title"].clone(), found["rows"][0]["version"].clone())
}

#[tokio::test]
async fn a_sentence_about_the_sample_label_comes_to_an_answer() {
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true")]).await;
    patchline.engine.sample_label_settled().await;
    let who = somebody(Role::Label);
    let supervisor = &patchline.engine.supervisor;
    let begun = supervisor.start(&who, &from_here(), request("What is breaking out?")).await;
    let begun = begun.expect("it begins");
    let ended = settled(&patchline, &who, &begun.id).await;
    assert!(matches!(ended.state, TaskState::Done | TaskState::Partial), "{:?}", ended.problem);
    assert!(ended.answer.is_some() && ended.steps.iter().any(|step| step.result.is_some()));
    let listed = supervisor.list(&who, &from_here(), TaskQuery::default()).await.expect("a list");
    assert_eq!(listed.tasks.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [begun.id.as_str()]);
}

#[tokio::test]
async fn of_two_artists_of_one_name_it_asks_which_is_meant() {
    let patchline = Patchline::start().await;
    for id in ["art_1", "art_2"] {
        patchline.put("artists", artist(id, "Mira")).await;
    }
    let who = somebody(Role::Label);
    let supervisor = &patchline.engine.supervisor;
    let asked = supervisor.start(&who, &from_here(), request("How is Mira doing this month?")).await;
    let asked = asked.expect("it is kept");
    assert_eq!(asked.state, TaskState::Asking, "{:?}", asked.problem);
    let other = TaskDecision::Answer { value: "art_9".to_owned() };
    let refused = decide(&patchline, &who, &asked.id, other).await.expect_err("it is no option");
    assert_eq!(refused.kind, CallErrorKind::Invalid);
    let answered = decide(&patchline, &who, &asked.id, TaskDecision::Answer { value: "art_2".to_owned() });
    let answered = answered.await.expect("it goes on");
    assert_ne!(answered.state, TaskState::Asking);
}

#[tokio::test]
async fn what_one_step_finds_goes_to_the_next_and_what_fails_takes_along_only_what_needs_it() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    let from = json!({ "artistId": { "from": { "step": "s1", "pointer": "/rows/0/artistId" } } });
    let nothing = json!({ "artistId": { "from": { "step": "s1", "pointer": "/rows/7/artistId" } } });
    plant(
        &patchline,
        &who,
        "01a",
        &[
            step("s1", "query_release_data", &json!({ "releaseId": { "value": "rel_1" } }), &[], "low"),
            step("s2", "query_artist_data", &from, &["s1"], "low"),
            step("s3", "query_artist_data", &nothing, &["s1"], "low"),
            step("s4", "query_artist_data", &from, &["s3"], "low"),
        ],
    )
    .await;
    let ended = settled(&patchline, &who, "01a").await;
    let states: Vec<_> = ended.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Done, StepState::Failed, StepState::Skipped]);
    assert_eq!(ended.steps[1].arguments, Some(json!({ "artistId": "art_1" })));
    let decisions: Vec<_> = ended.steps.iter().map(|step| step.decision).collect();
    let allowed = Some(StepDecision::Allowed);
    assert_eq!(decisions, [allowed, allowed, None, None], "what was not called was not decided about");
    assert_eq!(ended.state, TaskState::Partial, "{:?}", ended.problem);
}

#[tokio::test]
async fn a_change_is_made_once_and_only_as_it_was_approved() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    plant(&patchline, &who, "01a", &change_of_title()).await;
    let waiting = settled(&patchline, &who, "01a").await;
    assert_eq!(waiting.state, TaskState::Approving, "{:?}", waiting.problem);
    assert_eq!(waiting.steps[1].arguments.as_ref().expect("they are shown")["expectedVersion"], 1);
    let approve = |approval: &str| TaskDecision::Approve { approval: approval.to_owned() };
    let refused = decide(&patchline, &who, "01a", approve("something else")).await;
    assert_eq!(refused.expect_err("other steps").kind, CallErrorKind::Conflict);
    assert_eq!(release(&patchline).await.1, 1);

    let approval = waiting.approval.expect("what is approved");
    decide(&patchline, &who, "01a", approve(&approval)).await.expect("it is approved");
    let done = settled(&patchline, &who, "01a").await;
    assert_eq!(done.steps[1].state, StepState::Done, "{:?}", done.steps[1].problem);
    assert_eq!(release(&patchline).await, (json!("Day Drive"), json!(2)));

    // The process dies after the change and before it writes down that it was made.
    forget_the_end_of(&patchline, &who, "01a", 1).await;
    let again = settled(&patchline, &who, "01a").await;
    assert_eq!(again.steps[1].state, StepState::Done, "{:?}", again.steps[1].problem);
    assert_eq!(release(&patchline).await, (json!("Day Drive"), json!(2)), "it was not made twice");
}

#[tokio::test]
async fn other_arguments_are_checked_and_asked_about_anew() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    plant(&patchline, &who, "01a", &change_of_title()).await;
    let waiting = settled(&patchline, &who, "01a").await;
    assert_eq!(waiting.awaiting, [StepId::at(2)]);
    let change = |arguments: Value| TaskDecision::Change { step: StepId::at(2), arguments };
    let wrong = decide(&patchline, &who, "01a", change(json!({ "releaseId": 7 }))).await;
    assert_eq!(wrong.expect_err("it fits no schema").kind, CallErrorKind::Invalid);
    let night =
        json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "Night Drive" } });
    decide(&patchline, &who, "01a", change(night.clone())).await.expect("it is changed");
    let again = settled(&patchline, &who, "01a").await;
    assert_eq!((again.state, &again.awaiting), (TaskState::Approving, &waiting.awaiting));
    assert_eq!(again.steps[1].arguments, Some(night));
    let approve = |approval: &Option<String>| TaskDecision::Approve {
        approval: approval.clone().expect("what is approved"),
    };
    let old = decide(&patchline, &who, "01a", approve(&waiting.approval)).await;
    assert_eq!(old.expect_err("it was for other arguments").kind, CallErrorKind::Conflict);
    decide(&patchline, &who, "01a", approve(&again.approval)).await.expect("it is approved");
    settled(&patchline, &who, "01a").await;
    assert_eq!(release(&patchline).await, (json!("Night Drive"), json!(2)));
}

#[tokio::test]
async fn what_models_took_is_told_and_a_budget_that_is_used_up_is_named() {
    let patchline = Patchline::with(&[
        ("ENABLE_BEDROCK", "true"),
        ("MCP_MODEL_PRICES", "local.extractive-v1=1000/1000"),
        ("MCP_BUDGET_PERSON", "none"),
        ("MCP_BUDGET_LABEL", "none"),
        ("MCP_TASK_DOLLAR_LIMIT", "0.000001"),
    ])
    .await;
    patchline.knowledge_settled().await;
    let who = somebody(Role::Label);
    let question = "what is the mechanical rate for a 6:10 song pressed in 2026?";
    let asked = json!({ "prompt": { "value": question } });
    let steps = [
        step("s1", "generate_music_insights", &asked, &[], "low"),
        step("s2", "generate_music_insights", &asked, &["s1"], "low"),
    ];
    plant(&patchline, &who, "01a", &steps).await;
    let ended = settled(&patchline, &who, "01a").await;
    assert_eq!(ended.state, TaskState::Partial, "{:?}", ended.steps);
    let spent = ended.steps[0].spent.expect("it was paid");
    assert!(spent.micro_dollars > 0 && spent.tokens() > 0, "{spent:?}");
    assert_eq!((ended.spent, ended.steps[1].spent), (spent, None));
    let problem = ended.steps[1].problem.as_deref().expect("there is nothing left");
    assert!(problem.contains("MCP_TASK_DOLLAR_LIMIT"), "{problem}");
}

#[tokio::test]
async fn nobody_finds_the_tasks_of_others_and_what_is_cancelled_stays_undone() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    plant(&patchline, &who, "01a", &change_of_title()).await;
    settled(&patchline, &who, "01a").await;
    for other in [somebody(Role::Admin), somebody_with(Role::Manager, &["art_1"])] {
        let seen = patchline.engine.supervisor.view(&other, &from_here(), "01a").await;
        assert_eq!(seen.expect_err("it is not theirs").kind, CallErrorKind::NotFound);
        let decided = decide(&patchline, &other, "01a", TaskDecision::Cancel).await;
        assert_eq!(decided.expect_err("it is not theirs").kind, CallErrorKind::NotFound);
    }
    let cancelled = decide(&patchline, &who, "01a", TaskDecision::Cancel).await.expect("it is theirs");
    assert_eq!((cancelled.state, cancelled.steps[1].state), (TaskState::Cancelled, StepState::Cancelled));
    assert_eq!(release(&patchline).await.1, 1);
}

#[tokio::test]
async fn whoever_has_lost_their_rights_meanwhile_has_nothing_done_any_more() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let identity = &patchline.engine.identity;
    identity.add("Ada", "ada.holm@label.example", Role::Admin).await.expect("an admin stays");
    let user = identity.add("Grace", "grace@label.example", Role::Label).await.expect("somebody is added");
    let who = Principal::new(user.id.clone(), user.name.clone(), user.role);
    plant(&patchline, &who, "01a", &change_of_title()).await;
    let waiting = settled(&patchline, &who, "01a").await;
    identity.set_role(&user.id, Role::Artist).await.expect("the role is changed");
    let approval = waiting.approval.expect("what is approved");
    decide(&patchline, &who, "01a", TaskDecision::Approve { approval }).await.expect("it is approved");
    let ended = settled(&patchline, &who, "01a").await;
    assert_eq!(ended.steps[1].state, StepState::Failed, "{:?}", ended.steps[1]);
    assert_eq!(ended.steps[1].decision, Some(StepDecision::Denied), "{:?}", ended.steps[1]);
    assert_eq!(release(&patchline).await.1, 1);
}

#[tokio::test]
async fn what_an_instance_has_begun_is_finished_after_it_has_stopped() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    patchline.engine.supervisor.stop().await;
    let read = json!({ "releaseId": { "value": "rel_1" } });
    plant(&patchline, &who, "01a", &[step("s1", "query_release_data", &read, &[], "low")]).await;
    let patchline = patchline.restart().await;
    let ended = settled(&patchline, &who, "01a").await;
    assert_eq!(ended.steps[0].state, StepState::Done, "{:?}", ended.problem);
}
