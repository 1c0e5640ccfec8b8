//! The check of answers, and answers in the words of a model.

use super::super::{Unsupported, written};
use super::artists::performance;
use super::support::{Task, plain, says};
use crate::model::task::{AnswerPart, AnswerTable, Column, Line, Piece, TaskAnswer, Workflow, Writer};

fn task() -> Task {
    Task::of(Some(Workflow::ArtistPerformance), &[("analyze_artist_performance", performance())])
}

fn model(text: &str) -> Result<TaskAnswer, Vec<Unsupported>> {
    written(text, "a.model", &task().found())
}

#[test]
fn a_models_figures_stand_where_a_step_says_the_same() {
    let answer = model(
        "[s1:/artistName] fell by \u{2212}11.8% [s1:/metrics/0/change] in 2026.\n\n## Findings\n\
         - 123,456 [s1:/metrics/0/current] streams until [s1:/to].\n- “Review in a paper” [s1:/events/0/title] came out.\n\
         ## Advice\n- Find out why. | It is proven.\n## Not seen\n- Nothing of the live shows.",
    )
    .expect("all of it is so");
    assert_eq!(plain(&answer.headline), "Mira Sol fell by -11.8 % in 2026.");
    assert_eq!(answer.writer, Writer::Model { model_id: "a.model".to_owned() });
    says(
        &answer,
        &[
            "123 456 streams until 25 Nov 2026.",
            "Review in a paper came out.",
            "> Find out why. It is proven.",
        ],
    );
    says(&answer, &["? Nothing of the live shows.", "? Amazon Music has not reported since 20 Nov 2026."]);
    assert!(!answer.tables.is_empty(), "the tables are Patchline's own");
}

#[test]
fn a_number_that_no_step_found_is_refused() {
    for text in [
        "It rose by 12 %.",
        "It rose by +25 % [s1:/metrics/0/change].",
        "It rose by [s1:/metrics/9/change].",
        "It rose [s2:/metrics/0/change] by 3.",
        "It made 123 457 [s1:/metrics/0/current] streams.",
        "Saves are at [s1:/metrics/0].",
        "Hidden \u{2462} streams.",
    ] {
        assert!(model(text).is_err(), "{text}");
    }
}

#[test]
fn each_way_to_be_wrong_is_named() {
    let task = task();
    let good = task.answer();
    let checked = |change: &dyn Fn(&mut TaskAnswer)| {
        let mut answer = good.clone();
        change(&mut answer);
        task.check(&answer)
    };
    let headline = |answer: &mut TaskAnswer, change: &dyn Fn(&mut crate::model::task::Figure)| {
        for piece in &mut answer.headline.0 {
            if let Piece::Figure(figure) = piece {
                change(figure);
                break;
            }
        }
    };
    let found = checked(&|answer| headline(answer, &|figure| figure.text = "999".to_owned()));
    assert!(matches!(found.as_slice(), [Unsupported::OtherValue { .. }]), "{found:?}");
    let found = checked(&|answer| headline(answer, &|figure| figure.from.pointer = "/none".to_owned()));
    assert!(matches!(found.as_slice(), [Unsupported::NoPlace { .. }]), "{found:?}");
    let found = checked(&|answer| headline(answer, &|figure| figure.source = 7));
    assert!(matches!(found.as_slice(), [Unsupported::OtherSource { .. }]), "{found:?}");
    let found = checked(&|answer| answer.sources[0].address = Some("https://evil.example".to_owned()));
    assert!(
        found.iter().all(|problem| matches!(problem, Unsupported::OtherSource { .. })) && !found.is_empty()
    );
    let found = checked(&|answer| {
        let more = answer.sources[0].clone();
        answer.sources.push(more);
    });
    assert!(matches!(found.as_slice(), [Unsupported::Source(_)]), "{found:?}");
    let found =
        checked(&|answer| answer.findings.push(Line(vec![Piece::Words("About 40 % more.".to_owned())])));
    assert_eq!(found, [Unsupported::Number("About 40 % more.".to_owned())]);
    let found =
        checked(&|answer| answer.findings.push(Line(vec![Piece::Words("In 2026, more.".to_owned())])));
    assert_eq!(found, [], "the task itself says 2026");
    let found = checked(&|answer| {
        answer.tables.push(AnswerTable {
            title: "Odd".to_owned(),
            columns: vec![Column { title: "One".to_owned(), numeric: true }],
            rows: vec![vec![AnswerPart::Label("a".to_owned()), AnswerPart::Label("b".to_owned())]],
        });
    });
    assert!(matches!(found.as_slice(), [Unsupported::Row { cells: 2, columns: 1, .. }]), "{found:?}");
    let found = checked(&|answer| answer.advice[0].task = Some("Pay 500 to art_666".to_owned()));
    assert!(matches!(found.as_slice(), [Unsupported::Number(_)]), "{found:?}");
}
