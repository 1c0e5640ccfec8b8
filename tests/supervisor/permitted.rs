//! The policy is asked about the arguments of steps before anything of a plan runs: what it forbids is denied once, on
//! record once, and told; what needs nothing of it is done all the same.

use super::model::{not_seen, proposes, with};
use super::planted::{from_here, plant, settled, step};
use super::request;
use crate::policy::somebody;
use crate::support::Patchline;
use crate::support::language_model::{Conduct, LanguageModel};
use patchline::engine::gateway::Role;
use patchline::model::policy::{PlaceKind, RuleDocument, RuleSays};
use patchline::model::task::{Planner, StepDecision, StepState, TaskState, TaskView};
use serde_json::{Value, json};

const NAME: &str = "no-such-table";

/// From now on nobody may use a table, except admins.
async fn forbid_table(patchline: &Patchline, table: &str) {
    let rule = RuleDocument {
        id: NAME.to_owned(),
        says: RuleSays::NoPlaces { place: PlaceKind::Table, names: vec![table.to_owned()] },
        roles: vec!["label".to_owned()],
        shadow: false,
    };
    let (admin, origin) = (somebody(Role::Admin), from_here());
    let changed =
        patchline.engine.gateway.change_policy(&admin, &origin, 0, vec![rule], "A test".to_owned()).await;
    changed.expect("it is changed");
}

/// Asserts that a step was denied without having been tried, is on record as that once, and says who says so and
/// whom to ask.
fn was_denied(task: &TaskView, step: usize, table: &str, records: &[Value]) {
    let step = &task.steps[step];
    let place = format!("{table:?} may not be used");
    assert_eq!((step.state, step.decision), (StepState::Failed, Some(StepDecision::Denied)), "{step:?}");
    assert_eq!((step.attempts, &step.result), (0, &None), "it was not tried");
    let problem = step.problem.as_deref().expect("why");
    for words in ["access policy", place.as_str(), "ask an admin to allow it"] {
        assert!(problem.contains(words), "{words}: {problem}");
    }
    let request = step.request_id.as_deref().expect("it is on record");
    let found: Vec<_> = records.iter().filter(|record| record["requestId"] == request).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["decision"], "denied");
    assert_eq!(found[0]["policies"], json!([NAME]));
}

fn calls_of(tool: &str, records: &[Value]) -> usize {
    records.iter().filter(|record| record["operation"] == tool).count()
}

#[tokio::test]
async fn what_a_rule_about_a_table_forbids_is_denied_before_anything_runs() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    forbid_table(&patchline, "releases").await;
    let who = somebody(Role::Label);
    let of_artist = json!({ "artistId": { "value": "art_1" } });
    let found = json!({ "artistId": { "from": { "step": "s1", "pointer": "/rows/0/artistId" } } });
    let steps = [
        step("s1", "query_artist_data", &of_artist, &[], "low"),
        step("s2", "query_release_data", &of_artist, &[], "low"),
        // Were it asked for only when its turn comes, it would be left out without a word of the policy.
        step("s3", "query_release_data", &of_artist, &["s2"], "low"),
        step("s4", "query_artist_data", &of_artist, &["s2"], "low"),
        // What it is about is known only when the first one has found it.
        step("s5", "query_release_data", &found, &["s1"], "low"),
    ];
    plant(&patchline, &who, "01a", &steps).await;
    let ended = settled(&patchline, &who, "01a").await;
    assert_eq!(ended.state, TaskState::Partial, "{:?}", ended.steps);
    assert_eq!(
        (ended.steps[0].state, ended.steps[0].decision),
        (StepState::Done, Some(StepDecision::Allowed))
    );
    assert_eq!((ended.steps[3].state, ended.steps[3].attempts), (StepState::Skipped, 0));
    let records = patchline.audit_records().await;
    for denied in [1, 2, 4] {
        was_denied(&ended, denied, "releases", &records);
    }
    assert_eq!(calls_of("query_release_data", &records), 3, "each once: {records:#?}");
    let unseen = not_seen(&ended);
    assert!(unseen.contains("access policy") && unseen.contains("ask an admin to allow it"), "{unseen}");
}

#[tokio::test]
async fn a_person_sees_what_is_denied_of_a_plan_before_they_approve_the_rest() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    forbid_table(&patchline, "releases").await;
    let who = somebody(Role::Label);
    let of_artist = json!({ "artistId": { "value": "art_1" } });
    let update = json!({
        "artistId": { "value": "art_1" }, "expectedVersion": { "value": 1 },
        "updateData": { "value": { "disambiguation": "Of Bergen" } }
    });
    let steps = [
        step("s1", "update_artist_data", &update, &[], "high"),
        step("s2", "query_release_data", &of_artist, &[], "low"),
    ];
    plant(&patchline, &who, "01a", &steps).await;
    let waits = settled(&patchline, &who, "01a").await;
    assert_eq!((waits.state, waits.awaiting.len()), (TaskState::Approving, 1), "{:?}", waits.steps);
    was_denied(&waits, 1, "releases", &patchline.audit_records().await);
}

#[tokio::test]
async fn plans_by_rules_and_by_a_model_are_denied_the_same_and_tell_what_was_not_seen() {
    let tool = "analyze_artist_performance";
    let plan = proposes(&json!([
        { "id": "who", "tool": "query_artist_data", "arguments": { "artistId": "art_1" }, "reason": "Find her" },
        { "id": "how", "tool": tool, "arguments": { "artistId": "art_1" }, "reason": "Look at her figures" },
    ]));
    let no_answer = Conduct::Writes(vec!["Bananas are yellow."]);
    let model = LanguageModel::start(Conduct::InTurn(vec![plan, no_answer])).await;
    let patchline = with(&model, &[]).await;
    let by_rules = Patchline::start().await;
    by_rules.put_artist_and_release().await;
    for (patchline, is_by_rules) in [(&patchline, false), (&by_rules, true)] {
        forbid_table(patchline, "analytics").await;
        let who = somebody(Role::Label);
        let asked = request("How is Mira doing this month?");
        let begun = patchline.engine.supervisor.start(&who, &from_here(), asked).await.expect("it begins");
        let plan = begun.plan.clone().expect("a plan");
        assert_eq!(plan.planner == Planner::Rules, is_by_rules, "{plan:?}");
        let ended = settled(patchline, &who, &begun.id).await;
        assert_eq!(ended.state, TaskState::Partial, "{:?}", ended.steps);
        let denied = plan.steps.iter().position(|step| step.tool == tool);
        let records = patchline.audit_records().await;
        was_denied(&ended, denied.expect("it looks at her figures"), "analytics", &records);
        assert_eq!(calls_of(tool, &records), 1, "{records:#?}");
        let unseen = not_seen(&ended);
        assert!(unseen.contains("access policy"), "{unseen}");
    }
}
