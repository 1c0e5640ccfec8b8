//! What happens begins a task about it, once, for whoever may see it.

use super::{seen, set, told, wish};
use crate::policy::{from_here, somebody, somebody_with};
use crate::support::{Patchline, artist, base64, eventually, hours_that_are_not_now, wav};
use aws_sdk_cloudwatch::types::{ComparisonOperator, Statistic};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::date};
use patchline::engine::Engine;
use patchline::engine::gateway::{Principal, Role};
use patchline::model::automation::{Notice, RunView, Trigger, When};
use patchline::model::policy::{RuleDocument, RuleSays};
use patchline::model::release::ReleaseStatus;
use patchline::model::task::TaskView;
use serde_json::{Value, json};

/// The only run of an automation, and its task, once they have ended; what has happened is found no second time.
async fn only_run(engine: &Engine, who: &Principal, id: &str, from: Timestamp) -> (RunView, TaskView) {
    told(engine, who, id, from).await;
    for _ in 0..3 {
        engine.automations.look(from).await;
    }
    let view = seen(engine, who, id).await;
    let [run] = &view.runs[..] else { panic!("one run: {:?}", view.runs) };
    let task = run.task.as_ref().expect("its task");
    let task = engine.supervisor.view(who, &from_here(), task).await.expect("it is theirs");
    (run.clone(), task)
}

async fn set_trigger(engine: &Engine, who: &Principal, task: &str, trigger: Trigger) -> String {
    set(engine, who, wish(task, When::Trigger { trigger }, Notice::default())).await
}

/// Waits until what has happened is found by a look at this moment.
async fn until_found(engine: &Engine, who: &Principal, id: &str) {
    eventually("it is found", || async {
        engine.automations.look(Timestamp::now()).await;
        !seen(engine, who, id).await.runs.is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_release_that_enters_a_status_begins_one_task_about_it() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let trigger = Trigger::ReleaseStatus { status: ReleaseStatus::Scheduled };
    let id = set_trigger(engine, &who, "How is the release doing?", trigger).await;
    engine.automations.look(Timestamp::now()).await;
    assert!(seen(engine, &who, &id).await.runs.is_empty(), "nothing has happened yet");
    let change =
        json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "status": "scheduled" } });
    patchline.result_of("update_release_data", change).await;
    let title = json!({ "releaseId": "rel_1", "expectedVersion": 2, "updateData": { "title": "Day" } });
    patchline.result_of("update_release_data", title).await;

    let view = told(engine, &who, &id, Timestamp::now()).await;
    for _ in 0..3 {
        engine.automations.look(Timestamp::now()).await;
    }
    assert_eq!(seen(engine, &who, &id).await.runs.len(), 1, "never the same event twice");
    let run = view.runs.first().expect("a run");
    assert!(run.cause.contains("Scheduled"), "{}", run.cause);
    let task = run.task.clone().expect("its task");
    let task = engine.supervisor.view(&who, &from_here(), &task).await.expect("it is theirs");
    assert_eq!(task.request.parameters.get("releaseId"), Some(&json!("rel_1")));
}

#[tokio::test]
async fn an_upload_that_lands_begins_one_task_about_it() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let trigger = Trigger::Upload { problems_only: false };
    let id = set_trigger(engine, &who, "Check the upload", trigger).await;
    engine.automations.look(Timestamp::now()).await;
    assert!(seen(engine, &who, &id).await.runs.is_empty(), "nothing has landed yet");
    let upload = json!({ "fileName": "masters/tone.wav", "fileContent": base64(&wav()) });
    patchline.result_of("upload_audio_file", upload).await;
    until_found(engine, &who, &id).await;
    let (run, task) = only_run(engine, &who, &id, Timestamp::now()).await;
    assert!(run.cause.contains("masters/tone.wav has landed"), "{}", run.cause);
    assert_eq!(task.request.parameters.get("fileName"), Some(&json!("masters/tone.wav")));
}

#[tokio::test]
async fn a_notice_date_that_is_near_begins_one_task_about_its_contract() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let id = set_trigger(engine, &who, "Summarise the contract", Trigger::NoticeDate { days: 30 }).await;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let store = async |name: &str, ends_in: i64| {
        let terms = json!({ "endsOn": today.saturating_add(ends_in.days()), "noticeDays": 90 });
        let contract = json!({ "fileName": name, "fileContent": base64(b"# Licence"), "terms": terms });
        patchline.result_of("store_contract", contract).await;
    };
    store("art_1/later.md", 200).await;
    engine.automations.look(Timestamp::now()).await;
    assert!(seen(engine, &who, &id).await.runs.is_empty(), "there are months left");
    store("art_1/licence.md", 100).await;
    let (run, task) = only_run(engine, &who, &id, Timestamp::now()).await;
    let until = today.saturating_add(10_i64.days());
    assert_eq!(run.cause, format!("because notice of art_1/licence.md can be given until {until}"));
    assert_eq!(task.request.parameters.get("fileName"), Some(&json!("art_1/licence.md")));
}

#[tokio::test]
async fn what_is_none_of_theirs_is_asked_for_once_and_does_not_use_up_their_calls() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMITS", "artist=1/2")]).await;
    let engine = &patchline.engine;
    let (who, artist) = (somebody(Role::Label), somebody_with(Role::Artist, &["art_1"]));
    let any = || Trigger::Upload { problems_only: false };
    let theirs = set_trigger(engine, &artist, "Check the upload", any()).await;
    let id = set_trigger(engine, &who, "Check the upload", any()).await;
    let upload = json!({ "fileName": "masters/tone.wav", "fileContent": base64(&wav()) });
    patchline.result_of("upload_audio_file", upload).await;
    until_found(engine, &who, &id).await;
    for _ in 0..3 {
        engine.automations.look(Timestamp::now()).await;
    }
    assert!(seen(engine, &artist, &theirs).await.runs.is_empty(), "it is none of theirs");
    let asked = json!({ "prefix": "artists/art_1/" });
    let listed = engine.gateway.call_tool(&artist, &from_here(), "list_audio_files", asked).await;
    assert!(listed.is_ok(), "they have a call left: {listed:?}");
}

/// Figures of a day: the same each day, but for one on which they jump.
fn figures(day: jiff::civil::Date, streams: u64) -> Value {
    json!({
        "artistId": "art_1", "date": day, "platform": "spotify", "streams": streams, "listeners": 500,
        "saves": 10, "followers": 100, "territories": { "NO": streams }
    })
}

#[tokio::test]
async fn a_day_that_stands_out_begins_one_task_about_its_artist() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let record = async |rows: Vec<Value>| {
        patchline.result_of("record_analytics", json!({ "source": "test", "rows": rows })).await;
    };
    let first = date(2026, 8, 3);
    // A little more on each day of the week than on the one before, as no artist is the same each day.
    let usual =
        (0..62_i64).map(|day| figures(first + day.days(), 1_000 + u64::try_from(day % 7).unwrap_or(0)));
    record(usual.collect()).await;
    let trigger = Trigger::Anomaly { artist_id: "art_1".to_owned() };
    let id = set_trigger(engine, &who, "How is the artist doing?", trigger).await;
    let now = Timestamp::now() + SignedDuration::from_secs(1);
    engine.automations.look(now).await;
    assert!(seen(engine, &who, &id).await.runs.is_empty(), "nothing stands out");

    record(vec![figures(first + 62.days(), 9_000)]).await;
    let (run, task) = only_run(engine, &who, &id, now + SignedDuration::from_hours(21)).await;
    assert_eq!(run.cause, "because 2026-10-04 stands out in the figures of Mira");
    assert_eq!(task.request.parameters.get("artistId"), Some(&json!("art_1")));
}

/// An alarm that fires from when it is first looked at, as there are no values.
async fn set_alarm(patchline: &Patchline, name: &str) {
    let alarm = patchline.clients.cloudwatch.put_metric_alarm().alarm_name(name);
    let alarm = alarm.namespace("Tests").metric_name("errors").statistic(Statistic::Sum);
    let alarm = alarm.period(60).evaluation_periods(1).threshold(5.0).treat_missing_data("breaching");
    let alarm = alarm.comparison_operator(ComparisonOperator::GreaterThanThreshold);
    alarm.send().await.expect("it is set");
    patchline.clients.cloudwatch.describe_alarms().send().await.expect("it is looked at");
}

#[tokio::test]
async fn an_alarm_that_fires_begins_one_task() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    set_alarm(&patchline, "has long fired").await;
    let id =
        set_trigger(engine, &who, "Is everything working?", Trigger::Alarm { name: String::new() }).await;
    engine.automations.look(Timestamp::now()).await;
    assert!(seen(engine, &who, &id).await.runs.is_empty(), "it fired before");
    set_alarm(&patchline, "errors").await;
    let (run, _) = only_run(engine, &who, &id, Timestamp::now()).await;
    assert!(run.cause.starts_with("because the alarm “errors” fires: "), "{}", run.cause);
}

#[tokio::test]
async fn an_alarm_is_for_whoever_waits_for_it_and_may_see_alarms() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let of = |name: &str| Trigger::Alarm { name: name.to_owned() };
    let artist = somebody(Role::Artist);
    let (here, when) = (from_here(), When::Trigger { trigger: of("errors") });
    let refused =
        engine.automations.create(&artist, &here, wish("Is everything working?", when, Notice::default()));
    let refused = refused.await.expect_err("alarms are not for artists");
    assert_eq!(refused.fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["when"]);
    let (one, other) = (
        set_trigger(engine, &who, "Is everything working?", of("other")).await,
        set_trigger(engine, &who, "Is everything working?", of("errors")).await,
    );
    set_alarm(&patchline, "errors").await;
    engine.automations.look(Timestamp::now()).await;
    assert!(seen(engine, &who, &one).await.runs.is_empty(), "another alarm");
    assert_eq!(seen(engine, &who, &other).await.runs.len(), 1);
}

#[tokio::test]
async fn what_happens_outside_the_allowed_hours_is_answered_within_them() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let any = Trigger::Alarm { name: String::new() };
    let id = set_trigger(engine, &who, "Is everything working?", any).await;
    let change = async |from: u32, rules: Vec<RuleDocument>| {
        let (admin, here) = (somebody(Role::Admin), from_here());
        let changed = engine.gateway.change_policy(&admin, &here, from, rules, "A test".to_owned());
        changed.await.expect("it is changed");
    };
    let says = RuleSays::OnlyAt { hours: hours_that_are_not_now() };
    let closed = RuleDocument { id: "a-rule".to_owned(), says, roles: Vec::new(), shadow: false };
    change(0, vec![closed]).await;
    set_alarm(&patchline, "errors").await;
    engine.automations.look(Timestamp::now()).await;
    change(1, Vec::new()).await;
    let view = seen(engine, &who, &id).await;
    assert!(view.runs.is_empty() && view.paused.is_none(), "it is only not the time: {view:?}");
    engine.automations.look(Timestamp::now()).await;
    assert_eq!(seen(engine, &who, &id).await.runs.len(), 1);
}
