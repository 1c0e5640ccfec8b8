//! The built-in model: it chooses the sentences that have most of the question, and quotes them.
//!
//! It says first that no language model was used. Its tokens are words between white space.

use std::collections::{BTreeSet, HashMap};

use super::passages::{self, GivenPassage};
use super::prompt::Prompt;
use super::{Event, StopReason, Usage};
use crate::document::sentences;
use crate::embedded_aws::bedrock::search::content_words;

/// How each answer begins.
pub(in crate::embedded_aws::bedrock) const NO_LANGUAGE_MODEL: &str = "No language model was used.";

/// The most sentences that are quoted.
const MOST_QUOTES: usize = 4;
/// A sentence is quoted when it has so much of what the best one has.
const OF_THE_BEST: f64 = 0.5;
/// What each place further down in the order of the passages takes from a sentence.
const LOSS_BY_PLACE: f64 = 0.04;
/// A sentence without a full stop and with fewer words is a heading, and says nothing.
const HEADING_WORDS: usize = 9;

/// A sentence that answers something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct Quote {
    /// The place of its passage among those given.
    pub(in crate::embedded_aws::bedrock) passage: usize,
    /// Its words.
    pub(in crate::embedded_aws::bedrock) text: String,
}

/// The sentences of the passages that say most about the question, the best first. The passages
/// come in the order of how well they fit.
pub(in crate::embedded_aws::bedrock) fn quotes(question: &str, passages: &[&str]) -> Vec<Quote> {
    let asked: BTreeSet<String> = content_words(question).into_iter().collect();
    let mut candidates: Vec<(Quote, BTreeSet<String>)> = Vec::new();
    for (passage, text) in passages.iter().enumerate() {
        for sentence in statements(text) {
            let words: BTreeSet<String> =
                content_words(sentence).into_iter().filter(|word| asked.contains(word)).collect();
            let is_known = candidates.iter().any(|(quote, _)| quote.text == sentence);
            if !is_known {
                candidates.push((Quote { passage, text: sentence.to_owned() }, words));
            }
        }
    }
    let rarity = rarity_of(&asked, &candidates);
    let mut scored: Vec<(f64, Quote)> = candidates
        .into_iter()
        .map(|(quote, words)| {
            let sum: f64 = words.iter().filter_map(|word| rarity.get(word.as_str())).sum();
            (sum * by_place(quote.passage), quote)
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    scored.sort_by(|(first, _), (second, _)| second.total_cmp(first));
    let least = scored.first().map_or(0.0, |(best, _)| best * OF_THE_BEST);
    scored
        .into_iter()
        .filter(|(score, _)| *score >= least)
        .take(MOST_QUOTES)
        .map(|(_, quote)| quote)
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "there are few passages")]
fn by_place(passage: usize) -> f64 {
    1.0 / (1.0 + LOSS_BY_PLACE * passage as f64)
}

/// The sentences of a passage, and the items and rows of its lists and tables, without headings.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    let parts = sentences(text).into_iter().filter_map(|range| text.get(range));
    let lines = parts.flat_map(|part| {
        let is_list = part.lines().count() > 1
            && part.lines().all(|line| line.starts_with("- ") || line.contains(" | "));
        if is_list { part.lines().collect::<Vec<_>>() } else { vec![part] }
    });
    lines.map(str::trim).filter(|line| {
        line.ends_with(['.', '!', '?', '”', '"', ')'])
            || line.contains(" | ")
            || line.starts_with("- ")
            || line.split_whitespace().count() >= HEADING_WORDS
    })
}

/// Words that few sentences have say more.
#[expect(clippy::cast_precision_loss, reason = "there are few sentences")]
fn rarity_of<'a>(
    asked: &'a BTreeSet<String>,
    candidates: &[(Quote, BTreeSet<String>)],
) -> HashMap<&'a str, f64> {
    let all = candidates.len() as f64;
    let rarity = asked.iter().map(|word| {
        let with = candidates.iter().filter(|(_, words)| words.contains(word)).count() as f64;
        (word.as_str(), (1.0 + (all - with + 0.5) / (with + 0.5)).ln())
    });
    rarity.collect()
}

/// Answers a prompt whose passages are in the form of [`passages`].
pub(super) fn answer(prompt: &Prompt) -> Vec<Event> {
    let (given, question) = passages::read(prompt);
    let pieces = pieces(&question, &given);
    let said = prompt.turns.iter().map(|turn| words(&turn.text()));
    let input = prompt.system.iter().map(|text| words(text)).chain(said).sum();
    let (text, reason) = within_limits(&pieces.concat(), prompt);
    let mut events = Vec::new();
    let mut rest = text.as_str();
    for piece in &pieces {
        let (now, later) = rest.split_at(rest.floor_char_boundary(piece.len()));
        if !now.is_empty() {
            events.push(Event::Text(now.to_owned()));
        }
        rest = later;
    }
    events.push(Event::End { reason, usage: Usage { input, output: words(&text) } });
    events
}

fn pieces(question: &str, given: &[GivenPassage]) -> Vec<String> {
    let texts: Vec<&str> = given.iter().map(|passage| passage.text.as_str()).collect();
    let quotes = quotes(question, &texts);
    if given.is_empty() {
        return vec![format!("{NO_LANGUAGE_MODEL} No passages were given to quote from.")];
    }
    if quotes.is_empty() {
        return vec![format!("{NO_LANGUAGE_MODEL} The passages say nothing about this.")];
    }
    let mut pieces = vec![format!("{NO_LANGUAGE_MODEL} The passages say:")];
    for quote in quotes {
        let id = given.get(quote.passage).map_or("", |passage| passage.id.as_str());
        pieces.push(format!("\n\n“{}” [{id}]", quote.text));
    }
    pieces
}

fn words(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

fn within_limits(text: &str, prompt: &Prompt) -> (String, StopReason) {
    let stop = prompt.limits.stop.iter().filter_map(|stop| text.find(stop.as_str())).min();
    let (text, mut reason) = match stop.and_then(|at| text.get(..at)) {
        Some(before) => (before, StopReason::StopSequence),
        None => (text, StopReason::EndTurn),
    };
    let mut end = text.len();
    if let Some(most) = prompt.limits.max_tokens
        && let Some(surplus) = text.split_whitespace().nth(most)
    {
        end = surplus.as_ptr() as usize - text.as_ptr() as usize;
        reason = StopReason::MaxTokens;
    }
    (text.get(..end).unwrap_or_default().trim_end().to_owned(), reason)
}

#[cfg(test)]
mod tests {
    use super::super::prompt::{Limits, Role, Turn};
    use super::*;

    const RATES: &str =
        "Rates of 2026\n\nA song of 6:10 earns 17.64 cents for each copy. The rate was lower before.";
    const DATES: &str = "Records come out on Fridays. Deliver a song four weeks before.";

    #[test]
    fn the_sentence_that_answers_comes_first() {
        let quotes = quotes("What is the rate for a song of 6:10?", &[DATES, RATES]);
        assert_eq!(
            quotes[0],
            Quote { passage: 1, text: "A song of 6:10 earns 17.64 cents for each copy.".to_owned() }
        );
    }

    #[test]
    fn headings_are_not_quoted_and_rows_are_quoted_alone() {
        let table = "Rates\n\nfrom: 2025 | rate: 12.7 cents\nfrom: 2026 | rate: 13.1 cents";
        let quotes = quotes("which rate in 2026", &[table]);
        assert_eq!(quotes[0].text, "from: 2026 | rate: 13.1 cents");
        assert!(quotes.iter().all(|quote| quote.text != "Rates"));
    }

    fn ask(text: &str, limits: Limits) -> (String, StopReason) {
        let turns = vec![Turn::said(Role::User, text)];
        let mut whole = String::new();
        for event in answer(&Prompt { turns, limits, ..Prompt::default() }) {
            match event {
                Event::Text(piece) => whole.push_str(&piece),
                Event::End { reason, .. } => return (whole, reason),
                other => panic!("{other:?}"),
            }
        }
        panic!("no end");
    }

    #[test]
    fn answers_say_that_no_language_model_was_used() {
        let prompt = format!("<passage id=\"7\">{RATES}</passage> Which rate for 6:10?");
        let (text, reason) = ask(&prompt, Limits::default());
        assert!(
            text.starts_with("No language model was used. The passages say:\n\n“A song of 6:10"),
            "{text}"
        );
        assert!(text.contains("copy.” [7]"));
        assert_eq!(reason, StopReason::EndTurn);
        assert!(ask("Anything?", Limits::default()).0.contains("No passages were given"));
        assert!(ask("<passage>X y.</passage> Zebra?", Limits::default()).0.contains("say nothing"));
    }

    #[test]
    fn limits_are_kept() {
        let most = |words| Limits { max_tokens: Some(words), ..Limits::default() };
        assert_eq!(ask("Anything?", most(3)), ("No language model".to_owned(), StopReason::MaxTokens));
        let stop = Limits { stop: vec![" was".to_owned()], ..Limits::default() };
        assert_eq!(ask("Anything?", stop), ("No language model".to_owned(), StopReason::StopSequence));
        assert_eq!(ask("Anything?", most(500)).1, StopReason::EndTurn);
    }
}
