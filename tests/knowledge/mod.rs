//! The knowledge base by the questions of `questions.toml` and `held_out.toml`: through the real tools, on the
//! embedded AWS.

mod figures;
mod series;

use crate::support::Patchline;
use figures::{DEVELOPMENT, Figures, HELD_OUT, KNOWN, Question, first_value};
use serde_json::{Value, json};

/// The right entry must be among the first three of so many questions in a hundred that have an answer.
const AMONG_THREE: usize = 90;
/// The right entry must be the first of so many in a hundred.
const FIRST: usize = 75;
/// The same for questions that nothing was set on: a little less than what was measured when they were asked
/// first (10 and 8 of 15), which is less than what is wanted.
const HELD_OUT_AMONG_THREE: usize = 60;
const HELD_OUT_FIRST: usize = 50;

fn questions() -> Vec<Question> {
    Question::read(KNOWN).expect("the questions can be read")
}

/// One with the knowledge that comes with Patchline.
async fn start() -> Patchline {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    patchline.engine.knowledge_settled().await;
    patchline
}

/// One that also has the documents of the sample label, which are in the way of the entries.
async fn start_with_sample_label() -> Patchline {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true"), ("MCP_DEMO_MODE", "true")]).await;
    patchline.engine.knowledge_settled().await;
    patchline.engine.sample_label_settled().await;
    patchline
}

async fn ask_all(patchline: &Patchline, questions: Vec<Question>) -> Figures {
    let mut figures = Figures::default();
    for question in questions {
        let answer = patchline.result_of("music_knowledge_search", question.arguments()).await;
        figures.count(&question, &answer);
    }
    print(&figures);
    figures
}

#[expect(clippy::print_stderr, reason = "the figures are what these tests are read for")]
fn print(figures: &Figures) {
    for (what, figure) in figures.lines() {
        eprintln!("{what}: {figure}");
    }
    for (what, question) in figures.mistakes() {
        eprintln!("  {what}: {question}");
    }
}

#[test]
fn a_row_of_another_time_is_no_right_answer() {
    let row = |id: &str, value: f64, in_force: bool| json!({ "inForce": in_force, "entry": { "id": id, "series": "rate", "value": value } });
    let answer = |results: Vec<Value>| json!({ "calculation": null, "results": results });
    let (now, before) = (row("rate-now", 13.1, true), row("rate-before", 12.7, false));
    assert_eq!(first_value(&answer(vec![now.clone()]), 13.1), Ok(()));
    assert!(first_value(&answer(vec![before.clone(), now.clone()]), 13.1).is_err());
    assert!(first_value(&answer(vec![now, before.clone()]), 13.1).is_err());
    assert!(first_value(&answer(vec![before]), 12.7).is_err());
    assert!(first_value(&answer(Vec::new()), 13.1).is_err());
}

#[tokio::test]
async fn questions_of_label_staff_are_answered_by_the_right_entries() {
    let figures = ask_all(&start_with_sample_label().await, questions()).await;
    let answerable = figures.answerable;
    assert!(figures.first * 100 >= FIRST * answerable, "the right entry is first too seldom");
    assert!(figures.among_three * 100 >= AMONG_THREE * answerable, "the right entry is found too seldom");
    assert_eq!(figures.wrong_values, Vec::<String>::new());
    assert_eq!(figures.answered_all_the_same, Vec::<String>::new());
    let unknown = figures.said_to_be_unknown.len();
    assert!(unknown * 10 <= answerable, "{unknown} answers are said not to be there");
}

#[tokio::test]
async fn what_is_not_in_the_knowledge_base_is_told_from_what_is() {
    let questions = Question::read(DEVELOPMENT).expect("the questions can be read");
    let figures = ask_all(&start().await, questions).await;
    let unknown = figures.said_to_be_unknown.len();
    assert!(unknown * 10 <= figures.answerable, "{unknown} answers are said not to be there");
    let answered = figures.answered_all_the_same.len();
    // What was measured; one in ten is wanted.
    assert!(answered * 5 <= figures.unanswerable, "{answered} are answered all the same");
}

#[tokio::test]
async fn questions_that_nothing_was_set_on_are_answered_no_worse_than_measured() {
    let questions = Question::read(HELD_OUT).expect("the questions can be read");
    let figures = ask_all(&start().await, questions).await;
    assert!(
        figures.first * 100 >= HELD_OUT_FIRST * figures.answerable,
        "the right entry is first too seldom"
    );
    assert!(
        figures.among_three * 100 >= HELD_OUT_AMONG_THREE * figures.answerable,
        "the right entry is found too seldom"
    );
    assert_eq!(figures.wrong_values, Vec::<String>::new());
}

#[test]
fn the_questions_are_as_many_and_as_mixed_as_they_must_be() {
    let questions = questions();
    assert_eq!(questions.len(), 62);
    assert!(questions.iter().filter(|question| question.right.is_empty()).count() >= 8);
    let without_year = |text: &str| text.split(|c: char| c.is_ascii_digit()).collect::<String>();
    let dated: Vec<&Question> = questions.iter().filter(|question| question.value.is_some()).collect();
    let pairs = dated.windows(2).filter(|pair| {
        pair[0].value != pair[1].value
            && strsim::jaro_winkler(&without_year(&pair[0].ask), &without_year(&pair[1].ask)) > 0.85
    });
    assert!(pairs.count() >= 8, "at least eight questions are asked for two dates");
    assert!(dated.iter().filter(|question| question.changes()).count() >= 16);
    let ids: Vec<&str> = patchline::engine::knowledge::shipped::entries()
        .expect("the shipped entries are right")
        .iter()
        .map(|entry| entry.id.as_str())
        .collect();
    let held_out = Question::read(HELD_OUT).expect("the questions can be read");
    let development = Question::read(DEVELOPMENT).expect("the questions can be read");
    for question in questions.iter().chain(&held_out).chain(&development) {
        assert!(question.right.iter().all(|right| ids.contains(&right.as_str())), "{}", question.ask);
    }
}
