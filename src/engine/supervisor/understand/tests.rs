//! The sentences of `tests/supervisor/sentences.toml`, and what must never happen.

#[path = "../../../../tests/supervisor/sentences.rs"]
mod sentences;

pub(in crate::engine::supervisor) use sentences::Sentences;

use super::*;
use crate::model::role::Role;
use crate::model::workflow::{Need, WORKFLOWS};
use proptest::prelude::*;

impl Sentences {
    pub(in crate::engine::supervisor) fn read() -> (Self, Known) {
        Self::parse().expect("the sentences are TOML")
    }
}

#[test]
fn sentences_mean_what_people_mean_by_them() {
    let (all, known) = Sentences::read();
    let mut mistakes = Vec::new();
    for sentence in &all.all {
        let understanding = understand(&sentence.request(), &known);
        assert!(!sentence.is_wrong_artist(&understanding), "the wrong artist: {}", sentence.task);
        mistakes.extend(sentence.mistake(&understanding).map(|wrong| format!("{}: {wrong}", sentence.task)));
    }
    let count = all.all.len();
    assert!(count >= 120);
    assert!(mistakes.len() * 20 <= count, "{} of {count}:\n{}", mistakes.len(), mistakes.join("\n"));
}

#[test]
fn sentences_that_are_offered_begin_their_workflow() {
    let (_, known) = Sentences::read();
    for entry in &WORKFLOWS {
        let name = match entry.need {
            None => "Germany",
            Some(Need::Artist) => "Harbour Lanterns",
            Some(Need::Release) => "Midnight Atlas",
            Some(Need::File) => "masters/night-drive.wav",
            Some(Need::Contract) => "licence-agreement.md",
            Some(Need::Question) => "What is a mechanical royalty?",
        };
        for sentence in entry.sentences {
            let task = sentence.with(name);
            let request =
                TaskRequest { task: task.clone(), parameters: BTreeMap::new(), music_industry_role: None };
            let understood = understand(&request, &known);
            let workflow = match &understood {
                Understanding::Clear(understood) => Some(understood.workflow),
                Understanding::Ask(_) | Understanding::Not(_) => None,
            };
            assert_eq!(workflow, Some(entry.workflow), "{task}: {understood:?}");
        }
    }
}

#[test]
fn each_workflow_has_six_sentences() {
    let (all, _) = Sentences::read();
    for workflow in Workflow::ALL {
        let count = all.all.iter().filter(|sentence| sentence.workflow == Some(workflow)).count();
        assert!(count >= 6, "{workflow:?} has {count}");
    }
}

#[test]
fn the_examples_that_are_offered_are_understood() {
    let (_, known) = Sentences::read();
    for workflow in Workflow::ALL {
        let task = refusal::example(workflow, &known);
        let request = TaskRequest { task, parameters: BTreeMap::new(), music_industry_role: None };
        match understand(&request, &known) {
            Understanding::Clear(understood) => assert_eq!(understood.workflow, workflow, "{}", request.task),
            other => panic!("{}: {other:?}", request.task),
        }
    }
}

#[test]
fn a_text_that_is_too_long_is_refused_before_it_is_read() {
    let (_, known) = Sentences::read();
    let request =
        TaskRequest { task: "Mira ".repeat(20_000), parameters: BTreeMap::new(), music_industry_role: None };
    assert!(matches!(understand(&request, &known), Understanding::Not(_)));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(task in any::<String>()) {
        let (_, known) = Sentences::read();
        let request = TaskRequest { task, parameters: BTreeMap::new(), music_industry_role: None };
        understand(&request, &known);
    }

    #[test]
    fn words_of_tasks_in_any_order_never_panic(words in prop::collection::vec("[a-zA-Z0-9'\"&.,-]{0,9}|week|last|q3|from|to|mira|2026-10|Undertow|since|end|of|march", 0..30)) {
        let (_, known) = Sentences::read();
        let request = TaskRequest { task: words.join(" "), parameters: BTreeMap::new(), music_industry_role: None };
        understand(&request, &known);
    }
}
