//! Questions with the entries that answer them, and how well they were answered. The tests assert on it, the
//! measurements of `make bench` print it.

use patchline::engine::knowledge::shipped;
use serde::Deserialize;
use serde_json::{Value, json};

/// The day on which questions are asked that say no other.
const TODAY: &str = "2026-11-24";

/// The questions on which the weights of the ranking were set.
pub(crate) const KNOWN: &str = include_str!("questions.toml");
/// Further questions on which the weights and the threshold of what is not known were set.
pub(crate) const DEVELOPMENT: &str = include_str!("development.toml");
/// Questions on which the weight of meaning and the threshold were set.
pub(crate) const SECOND_DEVELOPMENT: &str = include_str!("second_development.toml");
/// Questions that were asked now and then while the search was being made better.
pub(crate) const HELD_OUT: &str = include_str!("held_out.toml");
/// Questions that nobody looked at and nothing was set on.
pub(crate) const UNSEEN: &str = include_str!("unseen.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    question: Vec<Question>,
}

/// A question with what answers it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub(crate) ask: String,
    /// The entries of which any one is the answer; none where the knowledge base does not know.
    pub(crate) right: Vec<String>,
    on: Option<String>,
    /// The figure that must come with the right entry.
    pub(crate) value: Option<f64>,
}

impl Question {
    /// The questions of a file.
    pub(crate) fn read(toml: &str) -> Result<Vec<Self>, toml::de::Error> {
        Ok(toml::from_str::<Questions>(toml)?.question)
    }

    /// The day on which it is asked.
    pub(crate) fn day(&self) -> &str {
        self.on.as_deref().unwrap_or(TODAY)
    }

    /// Whether the answer is another one at another time: a right entry is one of several rows of a series.
    pub(crate) fn changes(&self) -> bool {
        let entries = shipped::entries().unwrap_or_default();
        let right = entries.iter().filter(|entry| self.right.contains(&entry.id));
        let mut series = right.filter_map(|entry| entry.series.as_ref());
        series.any(|series| entries.iter().filter(|entry| entry.series.as_ref() == Some(series)).count() > 1)
    }

    /// The arguments of `music_knowledge_search` that ask it.
    pub(crate) fn arguments(&self) -> Value {
        json!({ "query": self.ask, "asOf": self.day(), "maxResults": 10 })
    }
}

/// How the answers were.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) answerable: usize,
    pub(crate) first: usize,
    pub(crate) among_three: usize,
    pub(crate) said_to_be_unknown: Vec<String>,
    pub(crate) not_first: Vec<String>,
    pub(crate) dated: usize,
    pub(crate) wrong_values: Vec<String>,
    pub(crate) unanswerable: usize,
    pub(crate) answered_all_the_same: Vec<String>,
}

impl Figures {
    /// Counts the answer to a question.
    pub(crate) fn count(&mut self, question: &Question, answer: &Value) {
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
        let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        let id = |result: &Value| result["entry"]["id"].as_str().map(str::to_owned);
        let place =
            results.iter().position(|result| id(result).is_some_and(|id| question.right.contains(&id)));
        self.first += usize::from(place == Some(0));
        self.among_three += usize::from(place.is_some_and(|place| place < 3));
        if place != Some(0) {
            let found: Vec<String> = results.iter().take(4).filter_map(id).collect();
            self.not_first.push(format!("{asked}: {found:?}, right at {place:?}"));
        }
        if let Some(value) = question.value {
            self.dated += 1;
            let right = place.and_then(|place| results.get(place)).ok_or("not found".to_owned());
            let verdict = if question.changes() {
                first_value(answer, value)
            } else {
                right.and_then(|right| value_of(right, value))
            };
            if let Err(wrong) = verdict {
                self.wrong_values.push(format!("{asked}: {wrong}"));
            }
        }
    }

    /// The questions that were not answered as they should be, each with what is wrong.
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("not first", &self.not_first),
            ("wrong value", &self.wrong_values),
            ("answered all the same", &self.answered_all_the_same),
            ("said not to be there", &self.said_to_be_unknown),
        ];
        all.into_iter().flat_map(|(what, asked)| asked.iter().map(move |question| (what, question.as_str())))
    }

    /// The figures, each with what it counts.
    pub(crate) fn lines(&self) -> [(&'static str, String); 5] {
        let of = |part: usize, all: usize| format!("{part} of {all}");
        let Self { answerable, dated, unanswerable, .. } = self;
        [
            ("the right entry first", of(self.first, *answerable)),
            ("the right entry among the first three", of(self.among_three, *answerable)),
            ("the right value, where there is one", of(dated - self.wrong_values.len(), *dated)),
            ("said not to be there, though they are", of(self.said_to_be_unknown.len(), *answerable)),
            (
                "said not to be there, and are not",
                of(unanswerable - self.answered_all_the_same.len(), *unanswerable),
            ),
        ]
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
pub(crate) fn first_value(answer: &Value, right: f64) -> Result<(), String> {
    let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
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
