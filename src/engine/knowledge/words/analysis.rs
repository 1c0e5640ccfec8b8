//! From a text to the words by which questions and passages are compared.
//!
//! Words are in lower case and stemmed; words of grammar are left out. Numbers are figures, whether they are
//! written in digits or in words, lose the commas between thousands, and stand apart from a unit that is written
//! without a space. Signs of money and percent become words.

use super::lists;
use std::collections::HashSet;
use std::sync::LazyLock;
use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, WhitespaceTokenizer};

/// Numbers in words, from two on: `one` is seldom a number.
const NUMBERS: [&str; 11] =
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| lists::STOP.split_whitespace().collect());

/// The stem of each word of a text, in order; words of grammar left out.
pub(in crate::engine::knowledge) fn stems(text: &str) -> Vec<String> {
    let kept: Vec<String> = split(text).filter(|word| !STOP_WORDS.contains(word.as_str())).collect();
    stem(&kept)
}

/// The stems of a list of words, apart by blanks.
pub(super) fn stems_of_list(words: &str) -> HashSet<String> {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    stem(&words).into_iter().collect()
}

/// The stem of each word.
pub(super) fn stem(words: &[String]) -> Vec<String> {
    let mut analyzer =
        TextAnalyzer::builder(WhitespaceTokenizer::default()).filter(Stemmer::new(Language::English)).build();
    let text = words.join(" ");
    let mut stream = analyzer.token_stream(&text);
    let mut stems = Vec::with_capacity(words.len());
    stream.process(&mut |token| stems.push(token.text.clone()));
    stems
}

fn split(text: &str) -> impl Iterator<Item = String> {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '’' | '‘' => plain.push('\''),
            '%' => plain.push_str(" percent "),
            '¢' => plain.push_str(" cent "),
            '$' => plain.push_str(" dollar "),
            '€' => plain.push_str(" euro "),
            other => plain.push(other),
        }
    }
    let words: Vec<String> = plain
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | '\'')))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .flat_map(|word| parts(&word))
        .filter(|word| !word.is_empty())
        .collect();
    words.into_iter()
}

/// The words of what stands between blanks: a figure and its unit, or words with marks between them.
fn parts(word: &str) -> Vec<String> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        let word = word.trim_end_matches("'s");
        return word.split(['.', ',', ':', '\'']).map(in_figures).collect();
    }
    let word = word.replace(',', "");
    match word.find(char::is_alphabetic) {
        Some(unit) if unit > 0 => {
            let (figure, unit) = word.split_at(unit);
            // `1st` and `360s` are words of their own.
            if unit.len() > 1 && !matches!(unit, "st" | "nd" | "rd" | "th") {
                vec![figure.trim_end_matches(['.', ':']).to_owned(), unit.to_owned()]
            } else {
                vec![word]
            }
        }
        _ => vec![word],
    }
}

fn in_figures(word: &str) -> String {
    let place = NUMBERS.iter().position(|number| *number == word);
    place.map_or_else(|| word.to_owned(), |place| (place + 2).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stemmed_and_figures_stay_whole() {
        assert_eq!(
            stems("What does Spotify's 1,000-stream rule of 6:10 say?"),
            ["spotifi", "1000", "stream", "rule", "6:10"]
        );
        assert_eq!(stems("royalties"), stems("royalty"));
    }

    #[test]
    fn figures_are_the_same_however_they_are_written() {
        assert_eq!(stems("44.1kHz and 24bit"), stems("44.1 kHz and 24-bit"));
        assert_eq!(stems("ten-track album"), stems("10 track album"));
        assert_eq!(stems("15.35 % at 10¢"), stems("15.35 percent at 10 cents"));
        assert_eq!(stems("the 1st of 7 1/2"), ["1st", "7", "1", "2"]);
    }

    #[test]
    fn lists_have_no_word_twice() {
        let all = [lists::STOP, lists::EVERYDAY, lists::GENERAL].join(" ");
        let mut words: Vec<&str> = all.split_whitespace().collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
