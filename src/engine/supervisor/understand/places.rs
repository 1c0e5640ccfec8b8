//! Territories in words: `in Germany`, `the German market`, `US`.

use super::text::{Text, words_of};
use crate::music::territory::TERRITORIES;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Codes that are words of English, too; they count only where a preposition says that a place is meant.
const CODES_THAT_ARE_WORDS: &str =
    "AD AL AM AS AT BE BY CO DO ES GE ID IN IS IT LA MA ME MO MY NO PA PR SO TO";

/// What is said before a place.
const BEFORE_PLACES: &str = "in for from of within across territory country market";

static NAMES: LazyLock<HashMap<Vec<String>, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (code, name, others) in TERRITORIES {
        for name in std::iter::once(*name).chain(others.split(';')).filter(|name| !name.is_empty()) {
            names.insert(words_of(name), *code);
        }
    }
    names
});

/// The longest name, in words.
const LONGEST: usize = 5;

/// The name of a territory, by its code.
pub(in crate::engine::supervisor) fn name(code: &str) -> Option<&'static str> {
    TERRITORIES.iter().find(|(known, _, _)| *known == code).map(|(_, name, _)| *name)
}

/// Whether a word is the whole name of a territory.
pub(super) fn is_name(word: &str) -> bool {
    NAMES.contains_key(std::slice::from_ref(&word.to_owned()))
}

/// The territory that somebody names by its code or in words.
pub(super) fn code(said: &str) -> Option<&'static str> {
    let upper = said.trim().to_ascii_uppercase();
    let by_code = TERRITORIES.iter().find(|(code, _, _)| *code == upper).map(|(code, _, _)| *code);
    by_code.or_else(|| NAMES.get(&words_of(said)).copied())
}

/// The territories that a text names, in its order, each once; their words are taken.
pub(super) fn take(text: &mut Text) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let mut place = 0;
    while place < text.tokens.len() {
        match at(text, place) {
            Some((code, length)) => {
                text.take(place..place + length);
                if !found.contains(&code) {
                    found.push(code);
                }
                place += length;
            }
            None => place += 1,
        }
    }
    found
}

fn at(text: &Text, place: usize) -> Option<(&'static str, usize)> {
    for length in (1..=LONGEST).rev() {
        let words: Option<Vec<String>> =
            (place..place + length).map(|at| text.free(at).map(|token| token.word.clone())).collect();
        if let Some(code) = words.and_then(|words| NAMES.get(&words)) {
            return Some((code, length));
        }
    }
    let token = text.free(place)?;
    let is_code = token.raw.len() == 2 && token.raw.bytes().all(|b| b.is_ascii_uppercase());
    let before = place.checked_sub(1).map_or("", |before| text.word(before));
    let said_to_be_a_place = BEFORE_PLACES.split(' ').any(|word| word == before);
    let is_word = CODES_THAT_ARE_WORDS.split(' ').any(|word| word == token.raw);
    let certain = is_code && (said_to_be_a_place || !is_word) && !text.capitals_say_nothing;
    let lower_us = token.word == "us" && before == "the";
    let raw = if lower_us { "US" } else { token.raw.as_str() };
    (certain || lower_us)
        .then(|| TERRITORIES.iter().find(|(code, _, _)| *code == raw))
        .flatten()
        .map(|(code, _, _)| (*code, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        take(&mut Text::read(text))
    }

    #[test]
    fn names_adjectives_and_codes_are_read() {
        assert_eq!(codes("in Germany, the UK and New Zealand"), ["DE", "GB", "NZ"]);
        assert_eq!(codes("the german market"), ["DE"]);
        assert_eq!(codes("streams in the us"), ["US"]);
        assert_eq!(codes("in South Korea and SE"), ["KR", "SE"]);
    }

    #[test]
    fn words_that_look_like_codes_are_none() {
        assert!(codes("tell us what IT is").is_empty());
        assert!(codes("IS IT REAL").is_empty());
    }

    #[test]
    fn every_code_is_there_once() {
        let mut all: Vec<&str> = TERRITORIES.iter().map(|(code, _, _)| *code).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
