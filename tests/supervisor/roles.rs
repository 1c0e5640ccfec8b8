//! The role that a task is to be done in: never one with more rights than one's own, and with a lower one no more than
//! both have.

use super::planted::{from_here, plant_changed, settled, step};
use super::request;
use crate::policy::somebody;
use crate::support::{Patchline, base64};
use patchline::engine::gateway::{Principal, Role};
use patchline::model::task::{StepDecision, StepState, TaskRequest, TaskState, TaskView};
use serde_json::json;

async fn begun(patchline: &Patchline, who: &Principal, words: &str, role: Option<Role>) -> TaskView {
    let asked = TaskRequest { music_industry_role: role, ..request(words) };
    patchline.engine.supervisor.start(who, &from_here(), asked).await.expect("it is taken")
}

#[tokio::test]
async fn a_role_above_ones_own_is_refused_and_names_the_own_one() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    // Nothing of it is done, so that only plans are looked at.
    patchline.engine.supervisor.stop().await;
    let words = "Show the errors in the performance logs of the last 24 hours";
    for (own, above) in [(Role::Label, Role::Admin), (Role::Artist, Role::Producer)] {
        let task = begun(&patchline, &somebody(own), words, Some(above)).await;
        assert_eq!(task.state, TaskState::Refused, "{task:?}");
        assert!(task.plan.is_none() && task.steps.is_empty(), "{task:?}");
        let problem = task.problem.expect("why");
        assert!(problem.message.contains(&format!("your own role, {}", own.title())), "{problem:?}");
    }
}

#[tokio::test]
async fn in_a_lower_role_nothing_is_planned_that_it_may_not() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    patchline.engine.supervisor.stop().await;
    let words = "Show the errors in the performance logs of the last 24 hours";
    let who = somebody(Role::Admin);
    for own in [None, Some(Role::Admin)] {
        let task = begun(&patchline, &who, words, own).await;
        assert_eq!(task.state, TaskState::Waiting, "{:?}", task.problem);
    }
    for lower in [Role::Artist, Role::Producer, Role::Manager, Role::Label] {
        let task = begun(&patchline, &who, words, Some(lower)).await;
        assert_eq!(task.state, TaskState::Refused, "{lower:?}: {task:?}");
        assert!(task.plan.is_none(), "{lower:?}: {task:?}");
        let problem = task.problem.expect("why");
        assert!(problem.message.contains("query_performance_logs"), "{lower:?}: {problem:?}");
    }
    // An admin has no artists of their own, so in the role of an artist there is nobody to ask about.
    let words = "How is Mira doing this month against last?";
    assert_eq!(begun(&patchline, &who, words, None).await.state, TaskState::Waiting);
    let task = begun(&patchline, &who, words, Some(Role::Artist)).await;
    assert_eq!(task.state, TaskState::Refused, "{task:?}");
}

#[tokio::test]
async fn in_a_lower_role_nothing_is_done_that_it_may_not() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let content = base64(b"# Agreement\n\nThe term is two years.");
    let contract = json!({ "fileName": "art_1/licence.md", "fileContent": content });
    patchline.result_of("store_contract", contract).await;
    let who = somebody(Role::Label);
    let file = json!({ "fileName": { "value": "art_1/licence.md" } });
    let artist = json!({ "artistId": { "value": "art_1" } });
    let steps =
        [step("s1", "get_contract", &file, &[], "low"), step("s2", "query_artist_data", &artist, &[], "low")];
    for (id, role, state) in [("01a", None, StepState::Done), ("01b", Some("producer"), StepState::Failed)] {
        plant_changed(&patchline, &who, id, &steps, |content| {
            content["view"]["request"]["musicIndustryRole"] = json!(role);
        })
        .await;
        let ended = settled(&patchline, &who, id).await;
        assert_eq!(ended.steps[0].state, state, "{role:?}: {:?}", ended.steps[0]);
        assert_eq!(ended.steps[1].state, StepState::Done, "{role:?}: both may: {:?}", ended.steps[1]);
        if role.is_some() {
            assert_eq!(ended.steps[0].decision, Some(StepDecision::Denied), "{:?}", ended.steps[0]);
            assert!(ended.steps[0].result.is_none(), "{:?}", ended.steps[0]);
        }
    }
}
