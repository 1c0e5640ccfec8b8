//! The vocabulary, made ready to be looked up, and the correction of words that are spelled wrongly.

use super::concepts::{CHANGES, COURTESIES, Concept, EVERYDAY, PHRASES};
use super::period;
use super::places;
use super::stem::stem;
use super::text::{Text, Token, words_of};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

/// A phrase by the stems of its words, and what it is about.
type Phrase = (Vec<String>, Concept);

/// The vocabulary.
struct Lexicon {
    /// Phrases by the stem of their first word, the longest first.
    phrases: HashMap<String, Vec<Phrase>>,
    /// Phrases of which all parts have to be somewhere.
    apart: Vec<Phrase>,
    /// Every word as it is written in the tables.
    words: BTreeSet<String>,
    /// The same by their first letter.
    by_letter: HashMap<u8, Vec<String>>,
    /// The stems of all of them.
    stems: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

impl Lexicon {
    fn new() -> Self {
        let mut lexicon = Self {
            phrases: HashMap::new(),
            apart: Vec::new(),
            words: EVERYDAY.split_whitespace().map(str::to_owned).collect(),
            by_letter: HashMap::new(),
            stems: HashSet::new(),
        };
        for (concept, list) in PHRASES {
            for phrase in list.split(',') {
                lexicon.add(phrase.trim(), *concept);
            }
        }
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by_key(|(stems, _)| std::cmp::Reverse(stems.len()));
        }
        for word in lexicon.words.iter().filter(|word| word.len() > 3) {
            let letter = word.as_bytes().first().copied().unwrap_or_default();
            lexicon.by_letter.entry(letter).or_default().push(word.clone());
        }
        lexicon.stems = lexicon.words.iter().map(|word| stem(word)).collect();
        lexicon
    }

    fn add(&mut self, phrase: &str, concept: Concept) {
        let words = words_of(phrase);
        let stems: Vec<String> = words
            .iter()
            .filter(|word| *word != "and" || !phrase.contains('+'))
            .map(|word| stem(word))
            .collect();
        self.words.extend(words);
        if phrase.contains('+') {
            self.apart.push((stems, concept));
        } else if let Some(first) = stems.first() {
            self.phrases.entry(first.clone()).or_default().push((stems, concept));
        }
    }
}

/// Whether a word is one of the language rather than a name, as far as the tables know.
pub(super) fn is_ordinary(token: &Token) -> bool {
    LEXICON.words.contains(&token.word)
        || LEXICON.stems.contains(&token.stem)
        || period::is_calendar_word(&token.word)
        || token.word.starts_with(|c: char| c.is_ascii_digit())
        || places::is_name(&token.word)
}

/// The same, of the words of a name.
pub(super) fn are_ordinary(words: &[String]) -> bool {
    words.iter().all(|word| {
        LEXICON.words.contains(word) || LEXICON.stems.contains(&stem(word)) || period::is_calendar_word(word)
    })
}

/// How many mistakes are forgiven in a word of so many letters.
fn forgiven(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}

/// The word that somebody meant: the only nearest one of the vocabulary within the limit.
fn meant(word: &str) -> Option<&'static str> {
    let limit = forgiven(word.chars().count());
    if limit == 0 {
        return None;
    }
    let mut best: Option<(usize, &'static str)> = None;
    let mut tied = false;
    // Mistakes seldom strike the first letter, and `easter` is no `master`.
    let letter = word.as_bytes().first()?;
    for known in LEXICON.by_letter.get(letter)? {
        if known.len().abs_diff(word.len()) > limit || forgiven(known.len().max(word.len())) == 0 {
            continue;
        }
        let distance = strsim::damerau_levenshtein(word, known);
        if distance > limit {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, other)) if distance == least => tied = tied || stem(other) != stem(known),
            _ => (best, tied) = (Some((distance, known.as_str())), false),
        }
    }
    best.filter(|_| !tied).map(|(_, word)| word)
}

/// Corrects the words that nothing else was made of and that nobody knows.
pub(super) fn correct(text: &mut Text) {
    for place in 0..text.tokens.len() {
        let capital = text.is_capital(place);
        let token = &mut text.tokens[place];
        let may_be_a_name = capital || token.quote.is_some() || !token.is_latin();
        if token.taken || may_be_a_name || is_ordinary(token) {
            continue;
        }
        if let Some(word) = meant(&token.word) {
            word.clone_into(&mut token.word);
            token.stem = stem(word);
        }
    }
}

/// Whether a task begins with an order to change or to send something.
pub(super) fn orders_a_change(text: &Text) -> bool {
    let one_of = |word: &str, list: &str| list.split_whitespace().any(|known| known == word);
    let first = text.tokens.iter().find(|token| !one_of(&token.word, COURTESIES));
    first.is_some_and(|token| !token.taken && one_of(&token.word, CHANGES))
}

/// What the words are about, each concept once, with how many different phrases say so.
pub(super) fn concepts(text: &Text) -> BTreeMap<Concept, usize> {
    let mut found: BTreeMap<Concept, BTreeSet<&[String]>> = BTreeMap::new();
    let free: Vec<Option<&str>> =
        (0..text.tokens.len()).map(|place| text.free(place).map(|token| token.stem.as_str())).collect();
    let mut place = 0;
    while place < free.len() {
        let longest = free[place].and_then(|first| LEXICON.phrases.get(first)).map_or(1, |phrases| {
            let here: Vec<&Phrase> =
                phrases.iter().filter(|(stems, _)| begins(&free[place..], stems)).collect();
            let longest = here.first().map_or(1, |(stems, _)| stems.len());
            for (stems, concept) in here.iter().filter(|(stems, _)| stems.len() == longest) {
                found.entry(*concept).or_default().insert(stems);
            }
            longest
        });
        place += longest;
    }
    let all: HashSet<&str> = free.iter().flatten().copied().collect();
    for (stems, concept) in &LEXICON.apart {
        if stems.iter().all(|stem| all.contains(stem.as_str())) {
            found.entry(*concept).or_default().insert(stems);
        }
    }
    found.into_iter().map(|(concept, phrases)| (concept, phrases.len())).collect()
}

fn begins(free: &[Option<&str>], stems: &[String]) -> bool {
    free.len() >= stems.len() && stems.iter().zip(free).all(|(stem, word)| *word == Some(stem.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_spelling_is_forgiven_by_length() {
        assert_eq!(meant("watterfall"), Some("waterfall"));
        assert_eq!(meant("dowloaded"), Some("downloaded"));
        assert_eq!(meant("wekly"), Some("weekly"));
        assert_eq!(meant("lgo"), None);
        assert_eq!(meant("brontosaurus"), None);
    }

    #[test]
    fn the_order_of_words_does_not_matter() {
        let of = |text: &str| concepts(&Text::read(text)).contains_key(&Concept::WhoAccessed);
        assert!(of("who downloaded it"));
        assert!(of("downloaded by who"));
    }
}
