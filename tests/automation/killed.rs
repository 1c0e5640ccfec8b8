//! A process that is killed between claiming a scheduled run and noting its task: another one begins the task, once.

use super::{daily, seen, set, told, wish};
use crate::fleet::instance::Instance;
use crate::policy::{from_here, somebody};
use crate::supervisor::planted::lapse;
use crate::support::Patchline;
use crate::support::way::{Counted, Way};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use patchline::engine::Engine;
use patchline::engine::gateway::{Principal, Role};
use patchline::model::automation::Notice;
use patchline::model::task::TaskQuery;

/// What is written of a scheduled run and of its task, in this order: the run is kept, it is claimed, its task is
/// kept.
const OF_THE_RUN: Counted = Counted {
    from: "#schedule",
    with: &[r#""TableName":"patchline-automation""#, r#""TableName":"patchline-tasks""#],
};

/// After each of them the process is killed.
const KILLED_AFTER: [usize; 3] = [1, 2, 3];

/// Longer than a run belongs to whoever has claimed it.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// Has a schedule be due a minute ago.
async fn make_due(store: &Patchline, who: &Principal, id: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let past = (Timestamp::now() - SignedDuration::from_mins(1)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let update = store.clients.dynamodb.update_item().table_name("patchline-automation");
    let update =
        update.key("owner", text(&who.id)).key("id", text(id)).update_expression("SET dueAt = :past");
    update.expression_attribute_values(":past", text(&past)).send().await.expect("it is due");
}

async fn tasks_of(engine: &Engine, who: &Principal) -> Vec<String> {
    let listed = engine.supervisor.list(who, &from_here(), TaskQuery::default()).await.expect("a list");
    listed.tasks.into_iter().map(|row| row.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_begun_once_when_the_process_is_killed_that_claimed_its_run() {
    let store = Patchline::start().await;
    store.put_artist_and_release().await;
    store.engine.automations.stop().await;
    store.engine.supervisor.stop().await;
    let (way, served) = Way::to(&store).await;
    let address = served.url();
    let (engine, who) = (&store.engine, somebody(Role::Label));
    for writes in KILLED_AFTER {
        let before = tasks_of(engine, &who).await.len();
        let id = set(engine, &who, wish("How is Mira doing?", daily(), Notice::default())).await;
        make_due(&store, &who, &id).await;
        let is_reached = way.after(writes, OF_THE_RUN);
        let mut instance = Instance::start_with(&store, None, &[("AWS_ENDPOINT_URL", &address)]).await;
        let patience = std::time::Duration::from_mins(3);
        tokio::time::timeout(patience, is_reached).await.expect("it is due").expect("the write is seen");
        instance.kill();
        let begun = usize::from(writes == 3);
        assert_eq!(tasks_of(engine, &who).await.len(), before + begun, "killed after {writes} writes");

        lapse(&store).await;
        let another = store.another_instance().await;
        let view = told(&another, &who, &id, Timestamp::now() + LEASE).await;
        assert_eq!(view.runs.len(), 1, "killed after {writes} writes: {:?}", view.runs);
        let tasks = tasks_of(engine, &who).await;
        assert_eq!(tasks.len(), before + 1, "killed after {writes} writes");
        assert_eq!(view.runs[0].task.as_ref(), tasks.first(), "killed after {writes} writes");
        another.automations.stop().await;
        another.supervisor.stop().await;
        assert_eq!(seen(engine, &who, &id).await.runs.len(), 1);
        engine.automations.delete(&who, &from_here(), &id).await.expect("it is deleted");
    }
}
