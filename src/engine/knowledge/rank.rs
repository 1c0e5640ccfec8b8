//! Puts what Retrieve found in order: what was in force on the asked day, in the asked country, from the
//! weightier source, checked last.

mod answered;
mod scale;

use super::entry::{Entry, Tier};
use super::passage::Passage;
use super::question::{Question, country, holds_in};
use super::words::{Subject, Vocabulary};
use answered::is_answered;
use scale::{Circumstances, Scale};
use std::collections::HashSet;

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
    let scale = Scale::of(&passages);
    let mut hits: Vec<Hit> =
        passages.into_iter().map(|passage| judge(question, &subject, scale, passage)).collect();
    let superseded = superseded(&hits);
    hits.retain(|hit| !superseded.contains(&hit.passage.uri));
    hits.sort_by(|a, b| b.relevance.total_cmp(&a.relevance).then_with(|| checked_on(b).cmp(&checked_on(a))));
    // Not before they are in order: at the ends of the scale all would be equal.
    for hit in &mut hits {
        hit.relevance = hit.relevance.clamp(0.0, 1.0);
    }
    let is_known = !subject.is_empty() && is_answered(question, hits.get(..3).unwrap_or(&hits));
    Ranking { hits, is_known }
}

/// A hit whose relevance may still lie a little outside of 0 to 1.
fn judge(question: &Question, subject: &Subject, scale: Scale, passage: Passage) -> Hit {
    let entry = passage.entry();
    let texts = match &entry {
        Some(entry) => {
            let place = country(&entry.jurisdiction).unwrap_or_default();
            let unit = entry.amount.as_ref().map_or("", |amount| amount.unit.as_str());
            let text = Vocabulary::of(&format!("{}. {} {place}", entry.title, entry.statement));
            vec![text.with_unit(unit).with_asked(&entry.asked)]
        }
        None => Vocabulary::windows_of(&passage.text),
    };
    let covered = |text: &Vocabulary| {
        let is_beside = question.asks_for_money && !text.is_about_money();
        subject.covered_by(text) * if is_beside { WITHOUT_MONEY } else { 1.0 }
    };
    let coverage = texts.iter().map(covered).fold(0.0, f64::max);
    let in_force = entry.as_ref().is_none_or(|entry| is_in_force(question, entry));
    let relevance = scale.fit(subject, &passage, &texts, coverage)
        + beside(question, entry.as_ref(), in_force, scale.circumstances());
    Hit { passage, entry, relevance, coverage, in_force }
}

/// What the circumstances of a passage count.
fn beside(question: &Question, entry: Option<&Entry>, in_force: bool, count: &Circumstances) -> f64 {
    let Some(entry) = entry else { return -count.no_entry };
    let out_of_force = if in_force { 0.0 } else { count.not_in_force };
    let tier = tier(entry.tier) * count.tier_step;
    place(question, &entry.jurisdiction, count) + tier - out_of_force
}

fn is_in_force(question: &Question, entry: &Entry) -> bool {
    question.days.iter().any(|day| entry.effect.contains(*day))
}

fn place(question: &Question, jurisdiction: &str, count: &Circumstances) -> f64 {
    match question.jurisdictions.as_slice() {
        [] => 0.0,
        _ if jurisdiction == "worldwide" => 0.0,
        asked if asked.iter().any(|country| holds_in(jurisdiction, country)) => count.right_place,
        _ => -count.wrong_place,
    }
}

/// How many steps of weight a source has.
fn tier(tier: Tier) -> f64 {
    match tier {
        Tier::Statute => 4.0,
        Tier::Official => 3.0,
        Tier::Distributor => 2.0,
        Tier::Trade => 1.0,
        Tier::Heuristic => 0.0,
    }
}

fn checked_on(hit: &Hit) -> Option<jiff::civil::Date> {
    hit.entry.as_ref().map(|entry| entry.checked_on)
}

/// Where the documents lie whose row is not in force: of a series, only the row of the asked day counts.
fn superseded(hits: &[Hit]) -> HashSet<String> {
    let rows = hits.iter().filter(|hit| hit.entry.as_ref().is_some_and(|entry| entry.series.is_some()));
    rows.filter(|hit| !hit.in_force).map(|hit| hit.passage.uri.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::{Value, json};

    /// A passage of a document.
    fn document(name: &str, score: f64) -> Passage {
        let (text, uri) = ("A royalty is paid for each copy.".to_owned(), format!("s3://knowledge/{name}"));
        Passage { text, score, uri, attributes: std::collections::BTreeMap::new() }
    }

    /// An entry that is in force up to a year.
    fn entry(name: &str, score: f64, to: i16) -> Passage {
        let attributes = json!({
            "kind": "entry", "id": name, "topic": "rates", "title": "Royalty", "jurisdiction": "worldwide",
            "statement": "A royalty is paid for each copy.", "source_title": "Law", "tier": "statute",
            "confidence": "high", "checked_on": "2026-01-01", "effective_to": format!("{to}-12-31"),
        });
        let attributes = attributes.as_object().expect("an object").clone().into_iter().collect();
        Passage { attributes, ..document(name, score) }
    }

    fn near(mut passage: Passage, similarity: f64) -> Passage {
        passage.attributes.insert("x-patchline-similarity".to_owned(), Value::from(similarity));
        passage
    }

    fn ranked(passages: Vec<Passage>) -> Vec<(String, f64)> {
        let question = Question::read("What royalty is paid for a copy?", date(2026, 6, 1));
        let hits = rank(&question, passages).hits;
        hits.iter().map(|hit| (hit.passage.key().to_owned(), hit.relevance)).collect()
    }

    fn keys(ranked: &[(String, f64)]) -> Vec<&str> {
        ranked.iter().map(|(key, _)| key.as_str()).collect()
    }

    #[test]
    fn where_no_meaning_is_told_scores_of_any_size_order_alike() {
        for size in [0.01, 1.0, 1000.0] {
            let ranked = ranked(vec![
                entry("past", 2.0 * size, 2020),
                document("worse", size),
                document("better", 1.2 * size),
                entry("now", 1.9 * size, 2030),
            ]);
            assert_eq!(keys(&ranked), ["now", "past", "better", "worse"], "{size}");
            assert!(ranked.iter().all(|(_, relevance)| (0.2..=1.0).contains(relevance)), "{ranked:?}");
        }
    }

    #[test]
    fn an_entry_is_known_by_a_way_to_ask_for_it_where_its_text_has_too_few_of_the_words() {
        let question = Question::read("Who yanks the ghosted thingamabob?", date(2026, 6, 1));
        let mut asked = entry("asked", 1.0, 2030);
        let without = rank(&question, vec![asked.clone()]);
        assert!(!without.is_known);
        asked.attributes.insert("asked".to_owned(), "how much\nwho yanks a ghosted thingamabob".into());
        let with = rank(&question, vec![asked, document("other", 1.0)]);
        assert!(with.is_known);
        assert_eq!(with.hits[0].passage.key(), "asked");
        assert!(with.hits[0].coverage > with.hits[1].coverage);
    }

    #[test]
    fn what_holds_elsewhere_or_for_another_service_answers_nothing() {
        let known = |ask: &str, jurisdiction: &str, statement: &str| {
            let mut passage = entry("one", 1.0, 2030);
            passage.attributes.insert("jurisdiction".to_owned(), jurisdiction.into());
            passage.attributes.insert("statement".to_owned(), statement.into());
            statement.clone_into(&mut passage.text);
            rank(&Question::read(ask, date(2026, 6, 1)), vec![passage]).is_known
        };
        let royalty = "A royalty is paid for each copy.";
        assert!(known("What royalty is paid for a copy in the US?", "US", royalty));
        let in_france = "A royalty is paid for each copy, in France as elsewhere.";
        assert!(known("What royalty is paid for a copy in France?", "EU", in_france));
        assert!(known("What royalty is paid for a copy in France?", "worldwide", in_france));
        assert!(known("What royalty is paid for a copy in France?", "US", in_france), "it names the country");
        assert!(!known("What royalty is paid for a copy in the US?", "FR", royalty));
        assert!(known("What royalty is paid for a copy?", "US", royalty));
        let by_deezer = "Deezer pays a royalty for each copy.";
        assert!(known("What royalty does Deezer pay for a copy?", "worldwide", by_deezer));
        assert!(!known("What royalty does Tidal pay for a copy?", "worldwide", by_deezer));
    }

    #[test]
    fn without_any_score_the_words_order() {
        let other = Passage { text: "Artwork is square.".to_owned(), ..document("other", 0.0) };
        assert_eq!(keys(&ranked(vec![other, document("right", 0.0)])), ["right", "other"]);
    }

    #[test]
    fn what_lies_at_the_ends_of_the_scale_stays_in_order() {
        let low = ranked(vec![near(document("worse", 0.01), 0.1), near(document("better", 0.02), 0.1)]);
        assert_eq!(low, [("better".to_owned(), 0.0), ("worse".to_owned(), 0.0)]);
        let high = ranked(vec![near(entry("worse", 1.1, 2030), 0.9), near(entry("better", 1.2, 2030), 0.9)]);
        assert_eq!(high, [("better".to_owned(), 1.0), ("worse".to_owned(), 1.0)]);
    }
}
