//! “Check the newest upload”: the file that was stored last is taken, named and checked.

use super::planted::{from_here, settled};
use super::request;
use crate::policy::{somebody, somebody_with};
use crate::support::Patchline;
use aws_sdk_s3::primitives::DateTime;
use patchline::engine::gateway::{Principal, Role};
use patchline::model::task::{StepState, TaskView};
use serde_json::{Value, json};

const OLD: &str = "artists/art_1/a.wav";
const NEW: &str = "artists/art_2/z.wav";

/// When the store says that a file was stored.
async fn stored(patchline: &Patchline, name: &str) -> DateTime {
    let list = patchline.clients.s3.list_objects_v2().bucket("patchline-audio").prefix(name);
    let listed = list.send().await.expect("a list");
    listed.contents()[0].last_modified().copied().expect("a moment")
}

async fn newest(patchline: &Patchline) -> Value {
    patchline.result_of("list_audio_files", json!({ "order": "newest" })).await["files"].clone()
}

async fn checked(patchline: &Patchline, who: &Principal) -> TaskView {
    let begun =
        patchline.engine.supervisor.start(who, &from_here(), request("Check the newest upload")).await;
    settled(patchline, who, &begun.expect("it is kept").id).await
}

fn told(task: &TaskView) -> String {
    json!(task.answer.as_ref().expect("an answer")).to_string()
}

#[tokio::test]
async fn the_newest_upload_that_somebody_may_see_is_checked() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let label = somebody(Role::Label);
    let none = checked(&patchline, &label).await;
    assert!(told(&none).contains("There is no upload"), "{}", told(&none));

    patchline.put_sound(OLD).await;
    patchline.put_sound(NEW).await;
    // Until the clock of the store has gone on.
    while stored(&patchline, NEW).await == stored(&patchline, OLD).await {
        patchline.put_sound(NEW).await;
    }
    assert_eq!(newest(&patchline).await[0]["fileName"], NEW);
    let manager = somebody_with(Role::Manager, &["art_1"]);
    for (who, file) in [(&label, NEW), (&manager, OLD)] {
        let ended = checked(&patchline, who).await;
        let process =
            ended.plan.as_ref().expect("a plan").steps.iter().position(|step| step.tool == "process_audio");
        let step = &ended.steps[process.expect("it is listened to")];
        assert_eq!(step.state, StepState::Done, "{:?}", step.problem);
        assert_eq!(step.arguments, Some(json!({ "fileName": file })));
        let answer = told(&ended);
        assert!(answer.contains("The newest upload is") && answer.contains(file), "{answer}");
    }
}
