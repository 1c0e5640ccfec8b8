//! The knowledge base by the questions of `questions.toml`: through the real tools, on the embedded AWS.

use crate::support::Patchline;
use patchline::engine::knowledge::entry::Entry;
use patchline::engine::knowledge::shipped;
use serde::Deserialize;
use serde_json::{Value, json};

/// The day on which questions are asked that say no other.
const TODAY: &str = "2026-11-24";

/// The right entry must be among the first three of so many questions in a hundred that have an answer.
const AMONG_THREE: usize = 90;
/// The right entry must be the first of so many in a hundred.
const FIRST: usize = 75;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    question: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    ask: String,
    right: Vec<String>,
    on: Option<String>,
    value: Option<f64>,
}

impl Question {
    fn day(&self) -> &str {
        self.on.as_deref().unwrap_or(TODAY)
    }

    /// Whether the answer is another one at another time: a right entry is one of several rows of a series.
    fn changes(&self) -> bool {
        let right = entries().iter().filter(|entry| self.right.contains(&entry.id));
        let mut series = right.filter_map(|entry| entry.series.as_ref());
        series
            .any(|series| entries().iter().filter(|entry| entry.series.as_ref() == Some(series)).count() > 1)
    }
}

fn entries() -> &'static [Entry] {
    shipped::entries().expect("the shipped entries are right")
}

fn questions() -> Vec<Question> {
    let file: Questions = toml::from_str(include_str!("questions.toml")).expect("the questions can be read");
    file.question
}

/// How the answers were.
#[derive(Default)]
struct Figures {
    answerable: usize,
    first: usize,
    among_three: usize,
    said_to_be_unknown: Vec<String>,
    not_among_three: Vec<String>,
    with_value: usize,
    dated: usize,
    wrong_values: Vec<String>,
    unanswerable: usize,
    answered_all_the_same: Vec<String>,
}

impl Figures {
    fn count(&mut self, question: &Question, answer: &Value) {
        let is_known = answer["notInKnowledgeBase"] == json!(false);
        let asked = format!("{} ({})", question.ask, question.day());
        if question.right.is_empty() {
            self.unanswerable += 1;
            if is_known {
                self.answered_all_the_same.push(asked);
            }
            return;
        }
        self.answerable += 1;
        if !is_known {
            self.said_to_be_unknown.push(asked.clone());
        }
        let results = answer["results"].as_array().expect("results");
        let ids: Vec<&str> = results.iter().filter_map(|result| result["entry"]["id"].as_str()).collect();
        let place = results.iter().position(|result| {
            let id = result["entry"]["id"].as_str();
            id.is_some_and(|id| question.right.iter().any(|right| right == id))
        });
        self.first += usize::from(place == Some(0));
        match place {
            Some(place) if place < 3 => self.among_three += 1,
            _ => self.not_among_three.push(format!("{asked}: {ids:?}")),
        }
        if let Some(value) = question.value {
            self.with_value += 1;
            let right = place.and_then(|place| results.get(place));
            let verdict = if question.changes() {
                self.dated += 1;
                first_value(answer, value)
            } else {
                right.map_or(Err("not found".to_owned()), |right| value_of(right, value))
            };
            if let Err(wrong) = verdict {
                self.wrong_values.push(format!("{asked}: {wrong}"));
            }
        }
    }

    #[expect(clippy::print_stderr, reason = "the figures are what this test is read for")]
    fn print(&self) {
        let Self { answerable, first, among_three, with_value, dated, unanswerable, .. } = self;
        eprintln!(
            "right entry first: {first} of {answerable}; among the first three: {among_three} of {answerable}"
        );
        eprintln!(
            "right values: {} of {with_value}, {dated} of which changed over time",
            with_value - self.wrong_values.len()
        );
        eprintln!(
            "said not to be in the knowledge base: {} of {unanswerable} that are not, {} of {answerable} that are",
            unanswerable - self.answered_all_the_same.len(),
            self.said_to_be_unknown.len()
        );
        for (what, asked) in [
            ("not among three", &self.not_among_three),
            ("wrong value", &self.wrong_values),
            ("answered all the same", &self.answered_all_the_same),
            ("said to be unknown", &self.said_to_be_unknown),
        ] {
            for question in asked {
                eprintln!("  {what}: {question}");
            }
        }
    }
}

/// Whether a result has this value.
fn value_of(result: &Value, right: f64) -> Result<(), String> {
    let entry = &result["entry"];
    match entry["value"].as_f64() {
        Some(found) if (found - right).abs() < 1e-9 => Ok(()),
        found => Err(format!("{found:?} of {} instead of {right}", entry["id"])),
    }
}

/// What people read as the answer to a question that has another one at another time: the sum, else the first
/// result. It must be right and in force, and no other row of its series may stand in the answer.
fn first_value(answer: &Value, right: f64) -> Result<(), String> {
    let results = answer["results"].as_array().expect("results");
    let first = results.first().ok_or("no result")?;
    match answer["calculation"]["value"].as_f64() {
        Some(sum) if (sum - right).abs() < 1e-9 => {}
        Some(sum) => return Err(format!("the sum {sum} instead of {right}")),
        None => value_of(first, right)?,
    }
    let entry = &first["entry"];
    if first["inForce"] != json!(true) {
        return Err(format!("{} was not in force", entry["id"]));
    }
    let others = results.iter().skip(1).map(|result| &result["entry"]);
    let other =
        others.filter(|_| entry["series"].is_string()).find(|other| other["series"] == entry["series"]);
    other.map_or(Ok(()), |other| Err(format!("{} of the same series is listed with it", other["id"])))
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
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true"), ("MCP_DEMO_MODE", "true")]).await;
    patchline.engine.knowledge_settled().await;
    patchline.engine.sample_label_settled().await;
    let mut figures = Figures::default();
    for question in questions() {
        let arguments = json!({ "query": question.ask, "asOf": question.day(), "maxResults": 10 });
        let answer = patchline.result_of("music_knowledge_search", arguments).await;
        figures.count(&question, &answer);
    }
    figures.print();
    assert!(figures.first * 100 >= FIRST * figures.answerable, "the right entry is first too seldom");
    assert!(
        figures.among_three * 100 >= AMONG_THREE * figures.answerable,
        "the right entry is found too seldom"
    );
    assert_eq!(figures.wrong_values, Vec::<String>::new());
    assert_eq!(figures.answered_all_the_same, Vec::<String>::new());
    let unknown = figures.said_to_be_unknown.len();
    assert!(unknown * 10 <= figures.answerable, "{unknown} answers are said not to be there");
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
    let ids: Vec<&str> = entries().iter().map(|entry| entry.id.as_str()).collect();
    for question in &questions {
        assert!(question.right.iter().all(|right| ids.contains(&right.as_str())), "{}", question.ask);
    }
}
