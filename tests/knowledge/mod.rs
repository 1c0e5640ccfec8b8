//! The knowledge base by the questions of the files beside this one: through the real tools, on the embedded AWS.

mod figures;
mod series;

use crate::support::Patchline;
use figures::{DEVELOPMENT, Figures, HELD_OUT, KNOWN, Question, SECOND_DEVELOPMENT, UNSEEN, first_value};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// Of so many questions in a hundred the right entry must be the first, or among the first three: as is wanted.
const WANTED: Least = Least { first: 75, among_three: 90 };

/// Least shares in percent.
struct Least {
    first: usize,
    among_three: usize,
}

fn questions() -> Vec<Question> {
    Question::read(KNOWN).expect("the questions can be read")
}

/// One with the knowledge that comes with Patchline.
async fn start() -> Patchline {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    patchline.knowledge_settled().await;
    patchline
}

/// One that also has the documents of the sample label, which are in the way of the entries.
async fn start_with_sample_label() -> Patchline {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true"), ("MCP_DEMO_MODE", "true")]).await;
    patchline.engine.sample_label_settled().await;
    patchline.knowledge_settled().await;
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

#[test]
fn no_entry_is_asked_for_in_the_words_of_a_question_that_measures() {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let files = [KNOWN, DEVELOPMENT, SECOND_DEVELOPMENT, HELD_OUT, UNSEEN];
    let questions =
        files.into_iter().flat_map(|toml| Question::read(toml).expect("the questions can be read"));
    let questions: HashSet<Vec<String>> = questions.map(|question| words(&question.ask)).collect();
    assert!(questions.len() > 200, "{} questions", questions.len());
    for entry in patchline::engine::knowledge::shipped::entries().expect("the shipped entries are right") {
        for phrase in &entry.asked {
            assert!(!questions.contains(&words(phrase)), "{}: {phrase}", entry.id);
        }
    }
}

/// Asks the questions of a file; the right entries must be found, and the values be those of the asked day.
async fn ask_file(patchline: &Patchline, toml: &str, least: &Least) -> Figures {
    let questions = Question::read(toml).expect("the questions can be read");
    let figures = ask_all(patchline, questions).await;
    let Figures { answerable, first, among_three, .. } = figures;
    assert!(first * 100 >= least.first * answerable, "the right entry is first too seldom");
    assert!(among_three * 100 >= least.among_three * answerable, "the right entry is found too seldom");
    assert_eq!(figures.wrong_values, Vec::<String>::new());
    figures
}

/// Of the questions with an answer at most one in so many is said to have none, and of those without one at most
/// one in so many is answered.
fn assert_told_apart(figures: &Figures, lost: usize, answered: usize) {
    let unknown = figures.said_to_be_unknown.len();
    assert!(unknown * lost <= figures.answerable, "{unknown} answers are said not to be there");
    let all_the_same = figures.answered_all_the_same.len();
    assert!(all_the_same * answered <= figures.unanswerable, "{all_the_same} are answered all the same");
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn questions_of_label_staff_are_answered_by_the_right_entries() {
    let figures = ask_file(&start_with_sample_label().await, KNOWN, &WANTED).await;
    assert_told_apart(&figures, 10, 10);
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn what_is_not_in_the_knowledge_base_is_told_from_what_is() {
    let patchline = start().await;
    let figures = ask_file(&patchline, DEVELOPMENT, &WANTED).await;
    assert_told_apart(&figures, 5, 4);
    let figures = ask_file(&patchline, SECOND_DEVELOPMENT, &WANTED).await;
    assert_told_apart(&figures, 10, 12);
    let figures = ask_file(&patchline, HELD_OUT, &WANTED).await;
    assert_told_apart(&figures, 10, 8);
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn questions_that_nothing_was_set_on_are_answered_no_worse_than_measured() {
    let figures = ask_file(&start().await, UNSEEN, &Least { first: 60, among_three: 80 }).await;
    assert_told_apart(&figures, 5, 3);
}

/// With `UPDATE_VECTORS=1` it writes them into the repository.
#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn what_comes_with_patchline_has_its_vectors_already() {
    let patchline = start_with_sample_label().await;
    patchline.result_of("music_knowledge_search", json!({ "query": "royalty" })).await;
    let is_update = std::env::var_os("UPDATE_VECTORS").is_some();
    if is_update {
        all_worked_out(&patchline).await;
    }
    // What is worked out is kept at the end at the latest.
    let patchline = patchline.restart().await;
    match worked_out(&patchline) {
        Some(file) if is_update => {
            std::fs::copy(file, concat!(env!("CARGO_MANIFEST_DIR"), "/knowledge/vectors.bin"))
                .expect("a copy");
        }
        Some(_) => panic!("shipped texts have no vector; knowledge/README.md says how to write them anew"),
        None => {}
    }
}

/// Waits until no more are worked out: the file of those that were is written each minute while there are.
async fn all_worked_out(patchline: &Patchline) {
    const QUIET: Duration = Duration::from_secs(90);
    const LOOK_AGAIN: Duration = Duration::from_millis(200);
    let (mut size, mut changed) = (None, Instant::now());
    while changed.elapsed() < QUIET {
        let now = worked_out(patchline).and_then(|file| Some(file.metadata().ok()?.len()));
        if now != size {
            (size, changed) = (now, Instant::now());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// The vectors of an embedded knowledge base that had to be worked out.
fn worked_out(patchline: &Patchline) -> Option<std::path::PathBuf> {
    let mut files = patchline.files_in("bedrock/kb-music-industry").into_iter();
    files.find(|file| file.file_name().is_some_and(|name| name == "vectors"))
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
    let others = [DEVELOPMENT, SECOND_DEVELOPMENT, HELD_OUT, UNSEEN];
    let others = others.map(|toml| Question::read(toml).expect("the questions can be read"));
    for question in questions.iter().chain(others.iter().flatten()) {
        assert!(question.right.iter().all(|right| ids.contains(&right.as_str())), "{}", question.ask);
    }
}
