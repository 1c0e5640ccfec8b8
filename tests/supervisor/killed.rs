//! A process that is killed after any write of a run: another one finishes it, and nothing is changed twice.

use super::planted::{from_here, lapse, plant};
use super::{change_of_title, release};
use crate::fleet::instance::Instance;
use crate::policy::somebody;
use crate::support::way::{Counted, Way};
use crate::support::{Patchline, eventually};
use patchline::engine::Engine;
use patchline::engine::gateway::{Principal, Role};
use patchline::model::task::{StepState, TaskDecision, TaskState, TaskView};
use std::time::Duration;

/// Only every second write is one after which the process is killed: the others are between them.
const STRIDE: usize = 2;

/// All writes from the one on by which the run is taken.
const OF_THE_RUN: Counted = Counted { from: "open runs", with: &[""] };

async fn settled(engine: &Engine, who: &Principal, id: &str) -> TaskView {
    let patience = Duration::from_mins(3);
    engine.supervisor.settled(who, &from_here(), id, patience).await.expect("the task is there")
}

/// A task whose change is approved, and which nobody has gone on with yet.
async fn approved(store: &Patchline, who: &Principal, id: &str) {
    let engine = store.another_instance().await;
    plant(store, who, id, &change_of_title()).await;
    let waiting = settled(&engine, who, id).await;
    engine.supervisor.stop().await;
    let approval = waiting.approval.expect("what is approved");
    let decision = TaskDecision::Approve { approval };
    engine.supervisor.decide(who, &from_here(), id, decision).await.expect("it is approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_finished_once_after_whatever_write_its_process_is_killed() {
    let store = Patchline::start().await;
    store.put_artist_and_release().await;
    store.engine.supervisor.stop().await;
    let (way, served) = Way::to(&store).await;
    let address = served.url();
    let who = somebody(Role::Label);
    let mut writes = 1;
    loop {
        let id = format!("01{writes:03}");
        let version = release(&store).await.1.as_u64().expect("a version");
        approved(&store, &who, &id).await;
        let is_reached = way.after(writes, OF_THE_RUN);
        let mut instance = Instance::start_with(&store, None, &[("AWS_ENDPOINT_URL", &address)]).await;
        let has_ended = || async {
            let seen = store.engine.supervisor.view(&who, &from_here(), &id).await;
            seen.expect("the task is there").state.has_ended()
        };
        let was_killed = tokio::select! {
            _ = is_reached => true,
            () = eventually("the run ends", has_ended) => false,
        };
        way.open();
        instance.kill();

        lapse(&store).await;
        let another = store.another_instance().await;
        let ended = settled(&another, &who, &id).await;
        another.supervisor.stop().await;
        assert!(matches!(ended.state, TaskState::Done | TaskState::Partial), "{writes}: {:?}", ended.problem);
        assert_eq!(ended.steps[1].state, StepState::Done, "{writes}: {:?}", ended.steps[1].problem);
        let now = release(&store).await.1.as_u64().expect("a version");
        assert_eq!(now, version + 1, "after {writes} writes the change was made once");
        if !was_killed {
            break;
        }
        writes += STRIDE;
    }
    assert!(writes > 8, "the journal, the change and its records are writes: {writes}");
}
