//! Turns text into the words that are searched.
//!
//! Numbers stay whole (`17.64`, `6:10`, `1,000`), also with their sign (`-14`, found as `14`, too),
//! and lose a unit that is written without a space (`44.1kHz`). Compounds are found in both forms:
//! `pre-save` as `pre save` and as `presave`. Signs for money and percent become words. Words are
//! folded to lower case without accents and stemmed; words of grammar and of asking are left out.

use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The analysis of text that is searched.
pub(super) const STEMMED: &str = "stemmed";
/// The same without stemming, for finding what a misspelt word was meant to be.
pub(super) const UNSTEMMED: &str = "unstemmed";

/// The most parts of a compound that are also searched as one word.
const MOST_PARTS: usize = 3;

/// Words that say nothing about what is asked for. `us` is not among them: it is a country.
const STOP_WORDS: [&str; 95] = [
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but", "by", "can",
    "could", "did", "do", "does", "doing", "done", "for", "from", "get", "give", "given", "had", "has",
    "have", "having", "he", "her", "here", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "itself", "just", "let", "like", "many", "may", "me", "might", "much", "must", "my", "need", "no", "not",
    "of", "on", "or", "our", "please", "shall", "she", "should", "so", "some", "such", "tell", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "want", "was",
    "we", "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "would",
];

/// Both analyses under their names.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(STEMMED, stemmed());
    manager.register(UNSTEMMED, TextAnalyzer::from(Words));
    manager
}

fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(Words).filter(Stemmer::new(Language::English)).build()
}

/// A word of a text, as it is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Stemmed.
    pub(super) stem: String,
    /// As written, folded.
    pub(super) folded: String,
    /// Its place; forms of the same word share one.
    pub(super) position: usize,
}

/// The words of a question or phrase, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let folded = tokens(text);
    let mut analyzer = stemmed();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::with_capacity(folded.len());
    for token in folded {
        if stream.advance() {
            let stem = stream.token().text.clone();
            words.push(Word { stem, folded: token.text, position: token.position });
        }
    }
    words
}

/// The stems of the words in a text, without those of grammar; what two texts have in common is
/// what they have in common of these.
pub(crate) fn content_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.stem).collect()
}

/// Splits text into words.
#[derive(Clone)]
struct Words;

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        WordStream { tokens: tokens(text).into_iter(), current: Token::default() }
    }
}

struct WordStream {
    tokens: std::vec::IntoIter<Token>,
    current: Token,
}

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.current = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut collector = Collector::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_alphanumeric() {
            let (chunk, after) = rest.split_at(chunk_length(rest));
            let is_negative = first.is_ascii_digit() && has_sign(text, text.len() - rest.len());
            collector.add_chunk(chunk, is_negative);
            rest = after;
        } else {
            if let Some(name) = name_of_sign(first) {
                // "13.1%" and "13.1 %" are the same two words.
                collector.add(&[name.to_owned()]);
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    collector.tokens
}

/// How far letters and digits go, with the marks between them that may belong to a word.
fn chunk_length(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    let mut end = 0;
    while let Some((at, character)) = characters.next() {
        let after = at + character.len_utf8();
        let goes_on = characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if character.is_alphanumeric() || is_combining_mark(character) {
            end = after;
        } else if !(is_joiner(character) && goes_on) {
            break;
        }
    }
    end
}

fn is_joiner(character: char) -> bool {
    is_hyphen(character) || matches!(character, '.' | ',' | ':' | '/' | '\'' | '’' | '&' | '_')
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}' | '\u{2011}')
}

/// Whether a minus stands before this place, with nothing or white space before it.
fn has_sign(text: &str, at: usize) -> bool {
    let mut before = text.get(..at).unwrap_or_default().chars().rev();
    matches!(before.next(), Some('-' | '\u{2212}' | '\u{2013}'))
        && before.next().is_none_or(|character| character.is_whitespace() || character == '(')
}

fn name_of_sign(character: char) -> Option<&'static str> {
    Some(match character {
        '%' => "percent",
        '¢' => "cent",
        '$' => "dollar",
        '€' => "euro",
        '£' => "pound",
        _ => return None,
    })
}

#[derive(Default)]
struct Collector {
    tokens: Vec<Token>,
    position: usize,
}

impl Collector {
    /// Adds forms of one word at the next place.
    fn add(&mut self, forms: &[String]) {
        for form in forms.iter().filter(|form| !form.is_empty()) {
            let is_stop_word = STOP_WORDS.binary_search(&form.as_str()).is_ok();
            if !is_stop_word {
                self.tokens.push(Token { position: self.position, text: form.clone(), ..Token::default() });
            }
        }
        self.position += 1;
    }

    fn add_chunk(&mut self, chunk: &str, is_negative: bool) {
        let parts: Vec<&str> = chunk
            .split(|c| is_hyphen(c) || matches!(c, '/' | '&' | '_'))
            .filter(|part| !part.is_empty())
            .collect();
        let is_compound = (2..=MOST_PARTS).contains(&parts.len()) && chunk.contains(is_hyphen);
        for (index, part) in parts.into_iter().enumerate() {
            let mut places = words_of_part(part).into_iter();
            let first = places.next().unwrap_or_default();
            let mut forms = vec![first];
            if index == 0 && is_negative {
                forms.extend(forms.first().map(|number| format!("-{number}")));
            }
            if index == 0 && is_compound {
                let whole: String = chunk.chars().filter(|character| character.is_alphanumeric()).collect();
                forms.push(fold(&whole));
            }
            self.add(&forms);
            for word in places {
                self.add(&[word]);
            }
        }
    }
}

/// The words of a part of a compound: a number, a number and its unit, an acronym with its full
/// stops, or words with marks between them.
fn words_of_part(part: &str) -> Vec<String> {
    let part = without_apostrophes(part);
    if let Some(number) = as_number(&part) {
        return vec![number];
    }
    let digits = part.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ':'))).unwrap_or(0);
    let (number, unit) = part.split_at(digits);
    if (1..=4).contains(&unit.chars().count())
        && unit.chars().all(char::is_alphabetic)
        && let Some(number) = as_number(number)
    {
        return vec![number, fold(unit)];
    }
    let segments: Vec<&str> = part.split(['.', ',', ':']).filter(|segment| !segment.is_empty()).collect();
    let is_acronym = segments.len() > 1
        && segments
            .iter()
            .all(|segment| segment.chars().count() == 1 && segment.chars().all(char::is_alphabetic));
    if is_acronym {
        return vec![fold(&segments.concat())];
    }
    segments.into_iter().map(fold).collect()
}

/// Drops the `'s` of possession and other apostrophes.
fn without_apostrophes(part: &str) -> String {
    let part = part.strip_suffix("'s").or_else(|| part.strip_suffix("’s")).unwrap_or(part);
    part.replace(['\'', '’'], "")
}

/// A number with the commas between its thousands taken out.
fn as_number(text: &str) -> Option<String> {
    let mut groups = text.split(['.', ',', ':']);
    if text.is_empty()
        || !groups.all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    let whole = text.split('.').next().unwrap_or_default();
    let mut thousands = whole.split(',');
    let has_head = thousands.next().is_some_and(|head| (1..=3).contains(&head.len()));
    let is_grouped = has_head && whole.contains(',') && thousands.all(|group| group.len() == 3);
    Some(if is_grouped { text.replace(',', "") } else { text.to_owned() })
}

fn fold(word: &str) -> String {
    word.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<(usize, String)> {
        words(text).into_iter().map(|word| (word.position, word.folded)).collect()
    }

    fn plain(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn the_list_of_stop_words_is_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn numbers_stay_whole() {
        assert_eq!(
            plain("17.64 ¢ for 6:10, 1,000,000.5 plays."),
            ["17.64", "cent", "6:10", "1000000.5", "plays"]
        );
        assert_eq!(folded("-14 LUFS"), [(0, "14".into()), (0, "-14".into()), (1, "lufs".into())]);
        assert_eq!(plain("44.1kHz at 24bit, MP3"), ["44.1", "khz", "24", "bit", "mp3"]);
    }

    #[test]
    fn compounds_have_both_forms() {
        let expected = [(0, "pre".into()), (0, "presave".into()), (1, "save".into()), (2, "link".into())];
        assert_eq!(folded("Pre-save link"), expected);
        assert_eq!(plain("2026-12-04"), ["2026", "20261204", "12", "04"]);
        assert_eq!(plain("and/or R&B"), ["r", "b"]);
    }

    #[test]
    fn words_are_folded_and_stemmed() {
        assert_eq!(plain("Beyoncé's U.S. don't ISRC"), ["beyonce", "us", "dont", "isrc"]);
        assert_eq!(content_words("the royalties of recordings"), content_words("royalty, recording"));
        assert!(content_words("what is it that we do?").is_empty());
    }

    #[test]
    fn left_out_words_keep_their_place() {
        assert_eq!(folded("rate of the song"), [(0, "rate".into()), (3, "song".into())]);
    }
}
