//! Splits a text into the pieces of words that the model knows (`WordPiece`, lower case, without accents).

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest word that is split; longer ones are unknown, as the model was trained.
const LONGEST_WORD: usize = 100;

/// The pieces of words that the model knows, with their numbers.
pub(super) struct Pieces {
    numbers: HashMap<String, usize>,
    begin: usize,
    end: usize,
    unknown: usize,
}

impl Pieces {
    /// From all pieces in order, one a line; none when one is missing that every model has.
    pub(super) fn of(words: &str) -> Option<Self> {
        let numbers: HashMap<String, usize> =
            words.split('\n').enumerate().map(|(number, word)| (word.to_owned(), number)).collect();
        let number = |word: &str| numbers.get(word).copied();
        let (begin, end, unknown) = (number("[CLS]")?, number("[SEP]")?, number("[UNK]")?);
        Some(Self { numbers, begin, end, unknown })
    }

    /// The numbers of a text's pieces, at most so many, between the marks of its beginning and end. Empty
    /// for a text without words.
    pub(super) fn numbers(&self, text: &str, most: usize) -> Vec<usize> {
        let mut numbers = vec![self.begin];
        for word in words(text) {
            numbers.extend(self.split(&word));
            if numbers.len() >= most {
                break;
            }
        }
        if numbers.len() == 1 {
            return Vec::new();
        }
        numbers.truncate(most.saturating_sub(1));
        numbers.push(self.end);
        numbers
    }

    /// The longest pieces from the front.
    fn split(&self, word: &str) -> Vec<usize> {
        if word.chars().count() > LONGEST_WORD {
            return vec![self.unknown];
        }
        let mut found = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, character)| at + character.len_utf8()).rev();
            let piece = ends.filter_map(|end| rest.split_at_checked(end)).find_map(|(piece, after)| {
                let number = if found.is_empty() {
                    self.numbers.get(piece)
                } else {
                    self.numbers.get(&format!("##{piece}"))
                };
                number.map(|number| (*number, after))
            });
            let Some((number, after)) = piece else { return vec![self.unknown] };
            found.push(number);
            rest = after;
        }
        found
    }
}

/// The words of a text and its punctuation marks, each a word of its own.
fn words(text: &str) -> Vec<String> {
    let folded = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let mut words = Vec::new();
    let mut word = String::new();
    for character in folded {
        let stands_alone = is_punctuation(character) || is_ideograph(character);
        if (stands_alone || character.is_whitespace()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if stands_alone {
            words.push(character.into());
        } else if !character.is_whitespace() && !is_invisible(character) {
            word.push(character);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What the model never saw: control characters, and those that only say how a text is laid out, such as the
/// soft hyphens of PDF files.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
        || matches!(character, '\u{feff}' | '\u{fffd}')
}

fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || matches!(character, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}')
        || matches!(character, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}')
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_into_the_longest_known_pieces() {
        let known = ["[UNK]", "[CLS]", "[SEP]", "royal", "##ty", "##ties", "pre", "-", "save", "?"];
        let pieces = Pieces::of(&known.join("\n")).unwrap();
        assert_eq!(pieces.numbers("Royalties, PRÉ-save?", 20), [1, 3, 5, 0, 6, 7, 8, 9, 2]);
        assert_eq!(pieces.numbers("royalty royalty royalty", 4), [1, 3, 4, 2]);
        assert!(pieces.numbers(" \t", 20).is_empty());
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_a_word() {
        let pieces = Pieces::of("[UNK]\n[CLS]\n[SEP]\nroyal\n##ty").unwrap();
        for text in ["royal\u{ad}ty", "\u{feff}royalty", "roy\u{200b}alty", "royalty\u{202c}"] {
            assert_eq!(pieces.numbers(text, 20), [1, 3, 4, 2], "{text:?}");
        }
    }
}
