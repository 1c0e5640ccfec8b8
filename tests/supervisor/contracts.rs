//! A contract that is named without its folder, or only by whose it is.

use super::planted::{decide, from_here};
use super::request;
use crate::policy::somebody;
use crate::support::{Patchline, artist};
use aws_sdk_s3::primitives::ByteStream;
use patchline::engine::gateway::Role;
use patchline::model::task::{Argument, TaskDecision, TaskState, TaskView};
use serde_json::json;

const NAMES: [&str; 4] =
    ["art_1/mira-ashford-recording.md", "art_1/licence.md", "art_2/licence.md", "art_3/management.md"];

async fn with_contracts() -> Patchline {
    let patchline = Patchline::start().await;
    for (id, name) in [("art_1", "Mira Ashford"), ("art_2", "Nils Berg"), ("art_3", "Harbour Lanterns")] {
        patchline.put("artists", artist(id, name)).await;
    }
    for name in NAMES {
        let content = ByteStream::from_static(b"# Agreement\n\nThe term is two years.");
        let put = patchline.clients.s3.put_object().bucket("patchline-contracts").key(name).body(content);
        put.send().await.expect("the file is put");
    }
    // Nothing of it is done, so that only plans are looked at.
    patchline.engine.supervisor.stop().await;
    patchline
}

async fn asked(patchline: &Patchline, words: &str) -> TaskView {
    let supervisor = &patchline.engine.supervisor;
    supervisor.start(&somebody(Role::Label), &from_here(), request(words)).await.expect("it is taken")
}

/// The contract that the plan of a task reads.
fn read_by(task: &TaskView) -> Option<&Argument> {
    let steps = task.plan.iter().flat_map(|plan| &plan.steps);
    steps.filter(|step| step.tool == "get_contract").find_map(|step| step.arguments.get("fileName"))
}

fn options(task: &TaskView) -> Vec<&str> {
    let choices = task.question.iter().flat_map(|question| &question.choice.options);
    choices.map(|option| option.value.as_str()).collect()
}

#[tokio::test]
async fn a_unique_name_is_found_in_its_folder() {
    let patchline = with_contracts().await;
    for (words, name) in [
        ("Summarise the contract mira-ashford-recording.md", NAMES[0]),
        ("Summarise the contract Mira-Ashford-Recording.md", NAMES[0]),
        ("Summarise the contract of Harbour Lanterns", NAMES[3]),
        ("Summarise the contract art_2/licence.md", NAMES[2]),
    ] {
        let task = asked(&patchline, words).await;
        assert_eq!(read_by(&task), Some(&Argument::Value(json!(name))), "{words}: {task:?}");
    }
    let unknown = asked(&patchline, "Summarise the contract nothing-of-this-name.md").await;
    assert_eq!(unknown.state, TaskState::Refused, "{unknown:?}");
}

#[tokio::test]
async fn of_two_contracts_it_asks_which_is_meant() {
    let patchline = with_contracts().await;
    let task = asked(&patchline, "Summarise the contract licence.md").await;
    assert_eq!(task.state, TaskState::Asking, "{:?}", task.problem);
    assert_eq!(options(&task), [NAMES[1], NAMES[2]]);
    let answer = TaskDecision::Answer { value: NAMES[2].to_owned() };
    let task = decide(&patchline, &somebody(Role::Label), &task.id, answer).await.expect("it goes on");
    assert_eq!(read_by(&task), Some(&Argument::Value(json!(NAMES[2]))), "{task:?}");

    let task = asked(&patchline, "Summarise the contract of Mira Ashford").await;
    assert_eq!(task.state, TaskState::Asking, "{:?}", task.problem);
    assert_eq!(options(&task), [NAMES[1], NAMES[0]]);
}
