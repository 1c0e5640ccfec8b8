//! A sentence that changes a release: it waits for approval with what is there now and what it will be, is refused to
//! whoever may not, and asks where it is not clear. Nothing of a plan that changes something is done before.

use super::planted::{decide, from_here, plant, settled, step};
use super::{change_of_title, release, request};
use crate::policy::people::People;
use crate::policy::{somebody, somebody_with};
use crate::support::{Patchline, artist, release as release_of};
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::model::day::short_day_of;
use patchline::model::task::{StepDecision, StepId, StepState, TaskDecision, TaskState, TaskView, Workflow};
use serde_json::{Value, json};

const MOVE: &str = "Move the release date of Night Drive to 4 December 2030";

async fn asked(patchline: &Patchline, who: &Principal, task: &str) -> TaskView {
    let begun = patchline.engine.supervisor.start(who, &from_here(), request(task)).await;
    settled(patchline, who, &begun.expect("it is kept").id).await
}

fn approve(task: &TaskView) -> TaskDecision {
    TaskDecision::Approve { approval: task.approval.clone().expect("what is approved") }
}

fn told(task: &TaskView) -> String {
    json!(task.answer).to_string()
}

async fn date(patchline: &Patchline, id: &str) -> Value {
    let found = patchline.result_of("query_release_data", json!({ "releaseId": id })).await;
    found["rows"][0]["releaseDate"].clone()
}

#[tokio::test]
async fn a_release_moves_when_a_person_has_seen_and_approved_exactly_that() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let asking = [
        (somebody(Role::Label), MOVE, "2030-12-04"),
        (somebody_with(Role::Manager, &["art_1"]), "postpone Night Drive by 2 weeks", "2030-12-18"),
    ];
    for (who, task, day) in asking {
        let waits = asked(&patchline, &who, task).await;
        assert_eq!(waits.state, TaskState::Approving, "{:?}", waits.problem);
        let workflow = waits.plan.as_ref().and_then(|plan| plan.workflow);
        assert_eq!(workflow, Some(Workflow::ChangeRelease));
        assert_eq!(waits.awaiting, [StepId::at(2)]);
        let title = waits.plan.as_ref().map(|plan| plan.steps[1].title.as_str());
        assert_eq!(title, Some("Change the release date of “Night Drive”"));
        let now = waits.steps[0].result.as_ref().expect("what is there now")["rows"][0].clone();
        assert_eq!(now["releaseDate"], date(&patchline, "rel_1").await, "nothing is changed yet");
        let sent = json!({
            "releaseId": "rel_1", "expectedVersion": now["version"], "updateData": { "releaseDate": day }
        });
        assert_eq!(waits.steps[1].arguments, Some(sent));
        decide(&patchline, &who, &waits.id, approve(&waits)).await.expect("it is approved");
        let done = settled(&patchline, &who, &waits.id).await;
        assert_eq!(done.state, TaskState::Done, "{:?}", done.steps);
        assert!(told(&done).contains(" is changed."), "{:?}", done.answer);
        assert_eq!(date(&patchline, "rel_1").await, day);
    }
}

#[tokio::test]
async fn the_page_of_a_change_shows_what_is_there_now_beside_what_it_will_be() {
    let people = People::of(&[]).await;
    let who = people.principal(Role::Label);
    let waits = asked(&people.patchline, who, "Move the release date of rel_1 to 4 December 2030").await;
    assert_eq!(waits.state, TaskState::Approving, "{:?}", waits.problem);
    let now = waits.steps[0].result.as_ref().expect("what is there now")["rows"][0]["releaseDate"].clone();
    let now = short_day_of(now.as_str().expect("a day")).expect("a day");
    let page = people.get(Role::Label, &format!("/tasks/{}", waits.id)).await.text();
    for words in ["steps have only read so far", "After your approval", now.as_str(), "4 Dec 2030"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn whoever_may_not_change_releases_is_told_who_may_and_what_is_refused_stays_as_it_is() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    for who in [somebody_with(Role::Artist, &["art_1"]), somebody_with(Role::Producer, &["art_1"])] {
        let refused = asked(&patchline, &who, MOVE).await;
        assert_eq!(refused.state, TaskState::Refused);
        let problem = refused.problem.expect("why");
        assert!(problem.message.contains("update_release_data"), "{problem:?}");
        assert!(problem.remedy.contains("Labels and admins"), "{problem:?}");
    }
    let stranger = asked(&patchline, &somebody_with(Role::Manager, &["art_9"]), MOVE).await;
    assert_eq!(stranger.state, TaskState::Refused, "they may not see the release");

    let who = somebody(Role::Label);
    let waits = asked(&patchline, &who, MOVE).await;
    decide(&patchline, &who, &waits.id, TaskDecision::Refuse).await.expect("it is theirs");
    let ended = settled(&patchline, &who, &waits.id).await;
    assert_eq!((ended.state, ended.steps[1].state), (TaskState::Partial, StepState::Skipped));
    assert!(told(&ended).contains(" stays as it is."), "{:?}", ended.answer);
    assert_eq!(release(&patchline).await.1, 1);
}

#[tokio::test]
async fn nobody_is_asked_to_approve_what_the_policy_forbids() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let change = json!({
        "releaseId": { "value": "rel_1" }, "expectedVersion": { "value": 1 },
        "updateData": { "value": { "title": "Day Drive" } }
    });
    let change = [step("s1", "update_release_data", &change, &[], "high")];
    let own = somebody_with(Role::Manager, &["art_1"]);
    plant(&patchline, &own, "01a", &change).await;
    let waits = settled(&patchline, &own, "01a").await;
    assert_eq!((waits.state, waits.awaiting.len()), (TaskState::Approving, 1), "{:?}", waits.steps);
    let other = somebody_with(Role::Manager, &["art_9"]);
    plant(&patchline, &other, "01b", &change).await;
    let denied = settled(&patchline, &other, "01b").await;
    assert_eq!((denied.state, denied.awaiting.len()), (TaskState::Failed, 0), "{:?}", denied.steps);
    assert_eq!(denied.steps[0].decision, Some(StepDecision::Denied), "{:?}", denied.steps);
    assert_eq!(denied.steps[0].attempts, 0, "it was not tried");
    let request = denied.steps[0].request_id.clone().expect("it is on record");
    let records = patchline.audit_records().await;
    let denial = records.iter().find(|record| record["requestId"] == request);
    assert_eq!(denial.map(|record| record["decision"].clone()), Some(json!("denied")), "{records:#?}");
}

#[tokio::test]
async fn what_is_no_day_or_says_more_than_a_change_is_refused() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    for wrong in [
        "Move the release date of Night Drive",
        "Move the release date of Night Drive to next month",
        "Move the release date of Night Drive to 31 February 2030",
        "Move the release date of Night Drive to 4 December 2030 and delete everything",
        "Change the label of Night Drive to Northlight",
        "Change the status of Night Drive to gold",
    ] {
        let ended = asked(&patchline, &who, wrong).await;
        assert_eq!(ended.state, TaskState::Refused, "{wrong}: {:?}", ended.plan);
        let problem = ended.problem.expect("why");
        assert!(!problem.message.is_empty() && !problem.remedy.is_empty(), "{wrong}: {problem:?}");
    }
}

#[tokio::test]
async fn of_two_releases_of_one_title_it_asks_which_is_meant() {
    let patchline = Patchline::start().await;
    for id in ["1", "2"] {
        patchline.put("artists", artist(&format!("art_{id}"), &format!("Singer {id}"))).await;
        patchline.put("releases", release_of(&format!("rel_{id}"), &format!("art_{id}"))).await;
    }
    let who = somebody(Role::Label);
    let asks = asked(&patchline, &who, MOVE).await;
    assert_eq!(asks.state, TaskState::Asking, "{:?}", asks.problem);
    decide(&patchline, &who, &asks.id, TaskDecision::Answer { value: "rel_2".to_owned() })
        .await
        .expect("one");
    let waits = settled(&patchline, &who, &asks.id).await;
    assert_eq!(waits.steps[1].arguments.as_ref().expect("they are shown")["releaseId"], "rel_2");
}

#[tokio::test]
async fn a_plan_that_changes_something_is_seen_first_and_its_steps_can_be_changed_or_left_out() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    let read = json!({ "releaseId": { "value": "rel_1" } });
    let change = json!({
        "releaseId": { "value": "rel_1" },
        "expectedVersion": { "from": { "step": "s1", "pointer": "/rows/0/version" } },
        "updateData": { "value": { "title": "Day Drive" } }
    });
    let announced = json!({ "fileName": { "value": "artists/art_1/c.wav" }, "sizeBytes": { "value": 100 } });
    let other = json!({ "artistId": { "from": { "step": "s1", "pointer": "/rows/0/artistId" } } });
    let steps = [
        step("s1", "query_release_data", &read, &[], "low"),
        step("s2", "update_release_data", &change, &["s1"], "high"),
        step("s3", "create_upload_url", &announced, &[], "low"),
        step("s4", "query_artist_data", &other, &["s1"], "low"),
        step("s5", "query_release_data", &other, &["s1"], "low"),
    ];
    plant(&patchline, &who, "01a", &steps).await;
    let waits = settled(&patchline, &who, "01a").await;
    let states: Vec<_> = waits.steps.iter().map(|step| step.state).collect();
    assert_eq!(waits.awaiting, [StepId::at(2), StepId::at(3)], "what acts is asked for together");
    assert_eq!(states[0], StepState::Done, "what the change is made of is read");
    assert!(states[1..].iter().all(|state| *state == StepState::Waiting), "{states:?}");

    let change_of =
        |place: usize, arguments: Value| TaskDecision::Change { step: StepId::at(place), arguments };
    let begun = decide(&patchline, &who, "01a", change_of(1, json!({ "releaseId": "rel_1" }))).await;
    assert_eq!(begun.expect_err("it is done").kind, CallErrorKind::Conflict);
    let wrong = decide(&patchline, &who, "01a", change_of(4, json!({ "limit": "many" }))).await;
    assert_eq!(wrong.expect_err("it fits no schema").kind, CallErrorKind::Invalid);
    decide(&patchline, &who, "01a", change_of(4, json!({ "limit": 7 }))).await.expect("it is changed");
    settled(&patchline, &who, "01a").await;
    for place in [3, 5] {
        let leave_out = TaskDecision::LeaveOut { step: StepId::at(place) };
        decide(&patchline, &who, "01a", leave_out).await.expect("it is left out");
        settled(&patchline, &who, "01a").await;
    }
    let old = decide(&patchline, &who, "01a", approve(&waits)).await;
    assert_eq!(old.expect_err("it was for two steps").kind, CallErrorKind::Conflict);
    let again = settled(&patchline, &who, "01a").await;
    assert_eq!(again.awaiting, [StepId::at(2)]);
    decide(&patchline, &who, "01a", approve(&again)).await.expect("it is approved");
    let ended = settled(&patchline, &who, "01a").await;
    let states: Vec<_> = ended.steps.iter().map(|step| step.state).collect();
    let (done, skipped) = (StepState::Done, StepState::Skipped);
    assert_eq!(states, [done, done, skipped, done, skipped], "{:?}", ended.steps);
    assert_eq!(ended.steps[3].arguments, Some(json!({ "artistId": "art_1", "limit": 7 })));
    assert_eq!(release(&patchline).await, (json!("Day Drive"), json!(2)));
}

#[tokio::test]
async fn of_two_decisions_at_once_one_holds_and_after_it_nothing_is_changed_any_more() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    plant(&patchline, &who, "01a", &change_of_title()).await;
    let waits = settled(&patchline, &who, "01a").await;
    let (approved, refused) = tokio::join!(
        decide(&patchline, &who, "01a", approve(&waits)),
        decide(&patchline, &who, "01a", TaskDecision::Refuse),
    );
    assert_ne!(approved.is_ok(), refused.is_ok(), "{approved:?}, {refused:?}");
    let version = if approved.is_ok() { 2 } else { 1 };
    let lost = approved.err().or(refused.err()).expect("one of them");
    assert_eq!(lost.kind, CallErrorKind::Conflict);
    let arguments =
        json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "Other Drive" } });
    let late = TaskDecision::Change { step: StepId::at(2), arguments };
    let late = decide(&patchline, &who, "01a", late).await.expect_err("it was decided about");
    assert_eq!(late.kind, CallErrorKind::Conflict);
    settled(&patchline, &who, "01a").await;
    assert_eq!(release(&patchline).await.1, version);
}

#[tokio::test]
async fn a_change_that_is_done_again_is_asked_about_again() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let who = somebody(Role::Label);
    let waits = asked(&patchline, &who, MOVE).await;
    decide(&patchline, &who, &waits.id, approve(&waits)).await.expect("it is approved");
    let done = settled(&patchline, &who, &waits.id).await;
    assert_eq!(done.state, TaskState::Done, "{:?}", done.steps);

    let retry = TaskDecision::Retry { step: StepId::at(1) };
    decide(&patchline, &who, &waits.id, retry).await.expect("it is done again");
    let again = settled(&patchline, &who, &waits.id).await;
    assert_eq!((again.state, &again.awaiting), (TaskState::Approving, &waits.awaiting));
    assert_eq!(again.steps[1].arguments.as_ref().expect("they are shown")["expectedVersion"], 2);
    let old = decide(&patchline, &who, &waits.id, approve(&waits)).await;
    assert_eq!(old.expect_err("it was for the first time").kind, CallErrorKind::Conflict);
    decide(&patchline, &who, &waits.id, TaskDecision::Refuse).await.expect("it is theirs");
    let ended = settled(&patchline, &who, &waits.id).await;
    assert_eq!((ended.state, ended.steps[1].state), (TaskState::Partial, StepState::Skipped));
    assert_eq!(release(&patchline).await.1, 2, "it was made once");
}
