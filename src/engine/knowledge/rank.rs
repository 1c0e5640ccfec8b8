//! Puts what Retrieve found in order: what was in force on the asked day, in the asked country, from the
//! weightier source, checked last; and says when nothing answers the question.

use super::entry::{Entry, Tier};
use super::passage::Passage;
use super::question::{Question, country};
use super::words::{Subject, Vocabulary};
use std::collections::HashSet;

/// What it counts to be from the asked country.
const RIGHT_PLACE: f64 = 0.015;
/// What it costs to be from another country than the asked one.
const WRONG_PLACE: f64 = 0.045;
/// What it costs not to be in force on the asked day.
const NOT_IN_FORCE: f64 = 0.07;
/// What each step of weight counts; less than any word does.
const TIER_STEP: f64 = 0.002;
/// What a document counts less than an entry that fits as well.
const NO_ENTRY: f64 = 0.03;

/// What the length of a question counts, as the logarithm of its words: of a long one, an answer has a smaller
/// share and is less near in meaning.
const LENGTH: f64 = 0.4;
/// How much of the question one of the best passages must answer, by its words, its meaning and the length of the
/// question, or nothing answers it. Measured on `tests/knowledge` without `held_out.toml`.
const LEAST_ANSWERED: f64 = 1.75;
/// The share of the question's words that the best passage must have, where Retrieve does not say how near passages
/// are in meaning.
const LEAST_COVERAGE: f64 = 0.4;
/// What the words of a question about money count in a text that names no sum and nothing that is paid: it may
/// have all other words and still not answer.
const WITHOUT_MONEY: f64 = 0.5;

/// What was found, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The passages that fit best, the best first.
    pub hits: Vec<Hit>,
    /// Whether any of them answers the question.
    pub is_known: bool,
}

/// A passage that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The passage.
    pub passage: Passage,
    /// The entry that it holds; none for other documents.
    pub entry: Option<Entry>,
    /// How well it answers, from 0 to 1.
    pub relevance: f64,
    /// The share of the question's words that it has, from 0 to 1.
    pub coverage: f64,
    /// Whether it was in force on the asked day.
    pub in_force: bool,
}

/// Where a text has words of a question, as ranges of characters (Unicode scalar values) in order.
pub fn marks(question: &Question, text: &str) -> Vec<(usize, usize)> {
    Subject::of(&question.subject).found_at(text)
}

/// Orders passages by how well they answer.
pub fn rank(question: &Question, passages: Vec<Passage>) -> Ranking {
    let subject = Subject::of(&question.subject);
    let mut hits: Vec<Hit> = passages.into_iter().map(|passage| judge(question, &subject, passage)).collect();
    let superseded = superseded(&hits);
    hits.retain(|hit| !superseded.contains(&hit.passage.uri));
    hits.sort_by(|a, b| b.relevance.total_cmp(&a.relevance).then_with(|| checked_on(b).cmp(&checked_on(a))));
    let is_known = !subject.is_empty() && is_answered(question, hits.get(..3).unwrap_or(&hits));
    Ranking { hits, is_known }
}

/// Whether one of the best passages answers: words alone may be shared by chance, and meaning alone is near for
/// all that is of the trade.
fn is_answered(question: &Question, best: &[Hit]) -> bool {
    let most = |value: &dyn Fn(&Hit) -> f64| best.iter().map(value).fold(0.0, f64::max);
    let coverage = most(&|hit| hit.coverage);
    if !best.iter().any(|hit| hit.passage.similarity().is_some()) {
        return coverage >= LEAST_COVERAGE;
    }
    let similarity = most(&|hit| hit.passage.similarity().unwrap_or_default());
    let words = u32::try_from(question.text.split_whitespace().count()).unwrap_or(u32::MAX);
    similarity + coverage + LENGTH * f64::from(words).ln() >= LEAST_ANSWERED
}

fn judge(question: &Question, subject: &Subject, passage: Passage) -> Hit {
    let entry = passage.entry();
    let texts = match &entry {
        Some(entry) => {
            let place = country(&entry.jurisdiction).unwrap_or_default();
            let unit = entry.amount.as_ref().map_or("", |amount| amount.unit.as_str());
            vec![Vocabulary::of(&format!("{}. {} {place}", entry.title, entry.statement)).with_unit(unit)]
        }
        None => Vocabulary::windows_of(&passage.text),
    };
    let covered = |text: &Vocabulary| {
        let is_beside = question.asks_for_money && !text.is_about_money();
        subject.covered_by(text) * if is_beside { WITHOUT_MONEY } else { 1.0 }
    };
    let coverage = texts.iter().map(covered).fold(0.0, f64::max);
    let mut relevance = passage.score;
    let in_force = entry.as_ref().is_none_or(|entry| is_in_force(question, entry));
    if !in_force {
        relevance -= NOT_IN_FORCE;
    }
    match &entry {
        Some(entry) => {
            relevance += place(question, &entry.jurisdiction) + tier(entry.tier);
        }
        None => relevance -= NO_ENTRY,
    }
    Hit { passage, entry, relevance: relevance.clamp(0.0, 1.0), coverage, in_force }
}

fn is_in_force(question: &Question, entry: &Entry) -> bool {
    question.days.iter().any(|day| entry.effect.contains(*day))
}

fn place(question: &Question, jurisdiction: &str) -> f64 {
    match question.jurisdictions.as_slice() {
        [] => 0.0,
        asked if asked.contains(&jurisdiction) => RIGHT_PLACE,
        _ if jurisdiction == "worldwide" => 0.0,
        _ => -WRONG_PLACE,
    }
}

fn tier(tier: Tier) -> f64 {
    let steps = match tier {
        Tier::Statute => 4.0,
        Tier::Official => 3.0,
        Tier::Distributor => 2.0,
        Tier::Trade => 1.0,
        Tier::Heuristic => 0.0,
    };
    steps * TIER_STEP
}

fn checked_on(hit: &Hit) -> Option<jiff::civil::Date> {
    hit.entry.as_ref().map(|entry| entry.checked_on)
}

/// Where the documents lie whose row is not in force: of a series, only the row of the asked day counts.
fn superseded(hits: &[Hit]) -> HashSet<String> {
    let rows = hits.iter().filter(|hit| hit.entry.as_ref().is_some_and(|entry| entry.series.is_some()));
    rows.filter(|hit| !hit.in_force).map(|hit| hit.passage.uri.clone()).collect()
}
