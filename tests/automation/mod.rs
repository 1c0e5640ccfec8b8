//! Automations: what runs by itself, in whose name, how often, and who is told.

mod killed;
mod triggers;
mod webhook;

use crate::policy::{from_here, somebody};
use crate::support::Patchline;
use axum::http::StatusCode;
use jiff::civil::time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use patchline::engine::Engine;
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::model::automation::{
    AutomationView, AutomationWish, DeliveryState, DeliveryWay, Notice, RunState, Schedule, When,
};
use patchline::model::task::{TaskQuery, TaskRequest, TaskState};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Every day, half a day from now: whatever time it is, nothing is due by itself while this is tried, nor for hours
/// after [`tomorrow`].
fn daily() -> When {
    let then = (Timestamp::now() + SignedDuration::from_hours(12)).to_zoned(TimeZone::UTC);
    let at = time(then.hour(), then.minute(), 0, 0);
    When::Schedule { schedule: Schedule::Day { at }, time_zone: "UTC".to_owned() }
}

fn wish(task: &str, when: When, notice: Notice) -> AutomationWish {
    let request =
        TaskRequest { task: task.to_owned(), parameters: BTreeMap::new(), music_industry_role: None };
    AutomationWish { name: "Every morning".to_owned(), request, when, notice }
}

/// A moment by which every day's time has come.
fn tomorrow() -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(25)
}

async fn set(engine: &Engine, who: &Principal, wish: AutomationWish) -> String {
    let made = engine.automations.create(who, &from_here(), wish).await;
    made.expect("it is kept").automation.id
}

async fn seen(engine: &Engine, who: &Principal, id: &str) -> AutomationView {
    engine.automations.view(who, &from_here(), id).await.expect("it is theirs")
}

/// The automation when its newest run has ended and everybody was told, as time goes on from a moment.
async fn told(engine: &Engine, who: &Principal, id: &str, from: Timestamp) -> AutomationView {
    const SHORTEST: Duration = Duration::from_millis(20);
    const LONGEST: Duration = Duration::from_secs(1);
    let mut now = from;
    let begun = Instant::now();
    let looking = async {
        loop {
            engine.automations.look(now).await;
            now += SignedDuration::from_secs(20);
            let view = seen(engine, who, id).await;
            let rests = view.runs.first().is_some_and(|run| {
                let waits = |state: DeliveryState| state == DeliveryState::Waiting;
                run.state.has_ended() && !run.deliveries.iter().any(|delivery| waits(delivery.state))
            });
            if rests {
                return view;
            }
            // The longer it takes, the fewer looks: on a slow machine, too, time goes on by less than an hour.
            tokio::time::sleep((begun.elapsed() / 10).clamp(SHORTEST, LONGEST)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), looking).await.expect("it comes to a rest")
}

/// Somebody with an account, beside an admin who stays.
async fn with_account(patchline: &Patchline) -> Principal {
    let identity = &patchline.engine.identity;
    identity.add("Ada", "ada.holm@label.example", Role::Admin).await.expect("an admin stays");
    let user = identity.add("Grace", "grace@label.example", Role::Label).await.expect("somebody is added");
    Principal::new(user.id, user.name, user.role)
}

#[tokio::test]
async fn what_is_due_is_done_and_told_on_the_page_and_by_mail() {
    let patchline = Patchline::with(&[
        ("MCP_DEMO_MODE", "true"),
        ("PATCHLINE_MAIL_FROM", "Patchline <notices@label.example>"),
    ])
    .await;
    patchline.engine.sample_label_settled().await;
    let who = with_account(&patchline).await;
    let engine = &patchline.engine;
    let notice = Notice { mail: true, webhook: None };
    let id = set(engine, &who, wish("Which artists are breaking out?", daily(), notice)).await;
    assert!(seen(engine, &who, &id).await.next.is_some());

    let view = told(engine, &who, &id, tomorrow()).await;
    let run = view.runs.first().expect("a run");
    assert!(matches!(run.state, RunState::Done | RunState::Partial), "{run:?}");
    let ways: Vec<_> = run.deliveries.iter().map(|delivery| (delivery.way, delivery.state)).collect();
    assert_eq!(ways, [(DeliveryWay::Page, DeliveryState::Sent), (DeliveryWay::Mail, DeliveryState::Sent)]);
    let task = run.task.clone().expect("its task");
    let task = engine.supervisor.view(&who, &from_here(), &task).await.expect("it is theirs");
    assert!(task.answer.is_some(), "{:?}", task.problem);

    let mails = patchline.files_in("mail");
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = std::fs::read_to_string(&mails[0]).expect("a text");
    assert!(mail.contains("To: grace@label.example\r\n"), "{mail}");
    assert!(mail.contains("From: Patchline <notices@label.example>\r\n"), "{mail}");
    assert!(mail.contains("Subject: Every morning: "), "{mail}");
}

#[tokio::test]
async fn what_would_change_something_waits_for_its_owner_who_is_told() {
    let patchline = Patchline::with(&[("PATCHLINE_MAIL_FROM", "Patchline <notices@label.example>")]).await;
    patchline.put_artist_and_release().await;
    let who = with_account(&patchline).await;
    let engine = &patchline.engine;
    let task = "Move the release date of Night Drive to 4 December 2030";
    let id = set(engine, &who, wish(task, daily(), Notice { mail: true, webhook: None })).await;
    let view = told(engine, &who, &id, tomorrow()).await;
    let run = view.runs.first().expect("a run");
    assert_eq!(run.state, RunState::NeedsYou, "{run:?}");
    assert!(run.deliveries.iter().all(|delivery| delivery.state == DeliveryState::Sent), "{run:?}");
    let mail = std::fs::read_to_string(&patchline.files_in("mail")[0]).expect("a text");
    assert!(mail.contains("Subject: Every morning: needs you"), "{mail}");
    assert!(run.outcome.as_ref().is_some_and(|told| told.contains("waits for your approval")), "{run:?}");
    let task = run.task.as_deref().expect("its task");
    let task = engine.supervisor.view(&who, &from_here(), task).await.expect("it is theirs");
    assert_eq!(task.state, TaskState::Approving, "{:?}", task.problem);
    let release = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    assert_eq!(release["rows"][0]["version"], 1, "nothing was changed");
}

#[tokio::test]
async fn new_answers_are_counted_until_they_are_looked_at() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let id = set(engine, &who, wish("Is everything working?", daily(), Notice::default())).await;
    engine.automations.run_now(&who, &from_here(), &id).await.expect("it runs");
    crate::support::eventually("it is told", || async {
        engine.automations.look(Timestamp::now()).await;
        engine.automations.unread(&who).await.expect("a number") == 1
    })
    .await;
    seen(engine, &who, &id).await;
    assert_eq!(engine.automations.unread(&who).await.expect("a number"), 0);
}

#[tokio::test]
async fn of_two_instances_one_runs_what_is_due_once() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let another = patchline.another_instance().await;
    let id = set(engine, &who, wish("Is everything working?", daily(), Notice::default())).await;
    let later = tomorrow();
    for _ in 0..3 {
        tokio::join!(engine.automations.look(later), another.automations.look(later));
    }
    told(engine, &who, &id, later).await;
    assert_eq!(seen(&another, &who, &id).await.runs.len(), 1);
    let tasks = engine.supervisor.list(&who, &from_here(), TaskQuery::default()).await.expect("a list");
    assert_eq!(tasks.tasks.len(), 1);
    another.automations.stop().await;
}

#[tokio::test]
async fn whoever_may_do_nothing_any_more_has_nothing_run() {
    let patchline = Patchline::start().await;
    let who = with_account(&patchline).await;
    let engine = &patchline.engine;
    let id = set(engine, &who, wish("Which artists are breaking out?", daily(), Notice::default())).await;
    engine.identity.set_disabled(&who.id, true).await.expect("they are disabled");
    engine.automations.look(tomorrow()).await;
    let view = seen(engine, &who, &id).await;
    let reason = view.paused.expect("it is paused").reason;
    assert!(reason.contains("Grace may do nothing here any more"), "{reason}");
    assert_eq!(
        view.runs.first().map(|run| (run.state, run.task.is_some())),
        Some((RunState::Refused, false))
    );
}

#[tokio::test]
async fn nobody_finds_the_automations_of_others_and_admins_pause_them() {
    let patchline = Patchline::start().await;
    let (engine, who, admin) = (&patchline.engine, somebody(Role::Label), somebody(Role::Admin));
    let hook = "https://hooks.label.example/services/secret".to_owned();
    let notice = Notice { mail: false, webhook: Some(hook) };
    let id = set(engine, &who, wish("Is everything working?", daily(), notice)).await;
    let other = engine.automations.view(&admin, &from_here(), &id).await;
    assert_eq!(other.expect_err("it is not theirs").kind, CallErrorKind::NotFound);
    let refused = engine.automations.list_all(&who, &from_here()).await;
    assert_eq!(refused.expect_err("they are no admin").kind, CallErrorKind::Forbidden);
    let all = engine.automations.list_all(&admin, &from_here()).await.expect("all of them");
    let [one] = &all[..] else { panic!("one automation: {all:?}") };
    assert_eq!(one.wish.notice.webhook.as_deref(), Some("hooks.label.example"), "no more than the host");
    assert!(one.wish.request.task.is_empty(), "what it asks is theirs alone");
    engine.automations.pause_any(&admin, &from_here(), &who.id, &id).await.expect("it is paused");
    engine.automations.look(tomorrow()).await;
    let view = seen(engine, &who, &id).await;
    assert!(view.runs.is_empty() && view.paused.is_some_and(|paused| paused.reason.contains(&admin.name)));
}

#[tokio::test]
async fn what_cannot_be_kept_says_why_at_its_field() {
    let patchline = Patchline::start().await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    let cron = |expression: &str| When::Schedule {
        schedule: Schedule::Cron { expression: expression.to_owned() },
        time_zone: "UTC".to_owned(),
    };
    let hook = |address: &str| Notice { mail: false, webhook: Some(address.to_owned()) };
    for (wish, field) in [
        (wish("Is everything working?", cron("* * * * *"), Notice::default()), "cron"),
        (wish("Is everything working?", daily(), Notice { mail: true, webhook: None }), "mail"),
        (wish("Is everything working?", daily(), hook("https://169.254.169.254/")), "webhook"),
        (wish("Is everything working?", daily(), hook("http://127.0.0.1:9/")), "webhook"),
    ] {
        let refused = engine.automations.create(&who, &from_here(), wish).await.expect_err(field);
        assert_eq!(refused.kind, CallErrorKind::Invalid);
        let fields: Vec<_> = refused.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, [field]);
    }
}

#[tokio::test]
async fn an_automation_has_a_page_that_works_without_javascript() {
    let patchline = Patchline::start().await;
    let empty = patchline.get("/tasks/automation").await.text();
    assert!(empty.contains("No automations yet") && empty.contains("Weekly report"), "{empty}");
    let engine = &patchline.engine;
    let who = somebody(Role::Label);
    let id = set(engine, &who, wish("Is everything working?", daily(), Notice::default())).await;
    let other = patchline.get(&format!("/tasks/automation/{id}")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "it is somebody else's");
}
