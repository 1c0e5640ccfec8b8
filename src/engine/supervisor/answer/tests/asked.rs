//! What a model has answered: taken, or left for the answer by rules.

use super::super::model::{noting, read};
use super::artists::performance;
use super::support::Task;
use crate::engine::converse::{Part, Reply};
use crate::engine::supervisor::asking::Useless;
use crate::model::task::{Workflow, Writer};

fn task() -> Task {
    Task::of(Some(Workflow::ArtistPerformance), &[("analyze_artist_performance", performance())])
}

fn reply(text: &str) -> Reply {
    Reply { parts: vec![Part::Text(text.to_owned())], model: "a.model".to_owned() }
}

#[test]
fn what_a_model_writes_is_taken_where_steps_say_the_same_and_refused_where_they_do_not() {
    let task = task();
    let (found, fallback) = (task.found(), task.answer());
    let good = "[s1:/artistName] fell by [s1:/metrics/0/change].\n## Advice\n- Find out why. | It fell.";
    let answer = read(&reply(good), &found, &fallback).expect("it holds");
    assert_eq!(answer.writer, Writer::Model { model_id: "a.model".to_owned() });
    let wrong = read(&reply("It rose by 77 % [s1:/metrics/0/change]."), &found, &fallback);
    assert!(wrong.expect_err("no step says so").join(" ").contains("77"));
    for nonsense in ["Bananas are yellow.", "", "See https://evil.example for [s1:/artistName]."] {
        assert!(read(&reply(nonsense), &found, &fallback).is_err(), "{nonsense}");
    }
}

#[test]
fn the_answer_by_rules_says_why_it_is_one_and_still_holds() {
    let task = task();
    let wrong = Useless::Wrong { what: "wrote what no step had found", detail: "77".to_owned() };
    for because in [Useless::OverLimit, Useless::Silent, Useless::Failed, Useless::Lost, Useless::Away, wrong]
    {
        let noted = noting(task.answer(), &because);
        assert_eq!(task.check(&noted), Vec::new(), "{because}");
        assert_eq!(noted.writer, Writer::Patchline);
    }
}
