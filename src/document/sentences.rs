//! Where sentences end.

use std::ops::Range;

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 34] = [
    "a.k.a", "al", "approx", "art", "bros", "c.f", "cf", "cl", "co", "corp", "dr", "e.g", "ed", "eg", "est",
    "etc", "ex", "feat", "fig", "ft", "i.e", "ie", "inc", "incl", "jr", "ltd", "max", "min", "mr", "mrs",
    "nr", "para", "sec", "vs",
];

/// Words after which a number follows, so that their full stop ends nothing.
const BEFORE_NUMBERS: [&str; 6] = ["no", "nos", "p", "pp", "vol", "ver"];

/// The sentences of a text as ranges of bytes, in order, without the white space around them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = at + character.len_utf8();
        let is_end = match character {
            '.' | '!' | '?' | '…' => {
                let mut end = after;
                while let Some((next, closing)) = characters.next_if(|(_, next)| is_closing(*next)) {
                    end = next + closing.len_utf8();
                }
                ends_sentence(text, start, at, end, character).then_some(end)
            }
            '\n' if text.get(after..).is_some_and(|rest| rest.starts_with('\n')) => Some(at),
            _ => None,
        };
        if let Some(end) = is_end {
            push_trimmed(text, start..end, &mut all);
            start = end;
        }
    }
    push_trimmed(text, start..text.len(), &mut all);
    all
}

/// What may stand between the mark that ends a sentence and the white space after it.
fn is_closing(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '"' | '\'' | '”' | '’' | '»' | ')' | ']')
}

fn ends_sentence(text: &str, start: usize, mark: usize, end: usize, character: char) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let Some(space) = rest.chars().next() else { return true };
    if !space.is_whitespace() {
        return false;
    }
    let Some(next) = rest.trim_start().chars().next() else { return true };
    if next.is_lowercase() {
        return false;
    }
    if character != '.' {
        return true;
    }
    let before = text.get(start..mark).unwrap_or_default();
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“')).next();
    let word = word.unwrap_or_default().to_lowercase();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    // "1." at the beginning of an item; a year at the end of a sentence has words before it.
    let is_item_number = !word.is_empty() && word.len() == before.trim_start().len() && is_number(&word);
    let precedes_number = next.is_ascii_digit() && BEFORE_NUMBERS.contains(&word.as_str());
    !(is_initial || is_item_number || precedes_number || ABBREVIATIONS.contains(&word.as_str()))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn push_trimmed(text: &str, range: Range<usize>, all: &mut Vec<Range<usize>>) {
    let Some(part) = text.get(range.clone()) else { return };
    let start = range.start + part.len() - part.trim_start().len();
    let end = start + part.trim().len();
    if start < end {
        all.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_at_marks_before_white_space() {
        assert_eq!(of("One. Two! Three? “Four.” Five"), ["One.", "Two!", "Three?", "“Four.”", "Five"]);
        assert_eq!(of("It is 17.64 cents. 2027 is not known."), ["It is 17.64 cents.", "2027 is not known."]);
        assert_eq!(of("No end here\n\nA new one"), ["No end here", "A new one"]);
        assert!(of("  \n ").is_empty());
    }

    #[test]
    fn abbreviations_and_numbers_do_not_end_sentences() {
        assert_eq!(of("See e.g. Article 5. Done."), ["See e.g. Article 5.", "Done."]);
        assert_eq!(of("J. S. Bach wrote it. Yes."), ["J. S. Bach wrote it.", "Yes."]);
        assert_eq!(of("As in No. 5 of the list. Yes."), ["As in No. 5 of the list.", "Yes."]);
        assert_eq!(of("1. First item. 2. Second"), ["1. First item.", "2. Second"]);
        assert_eq!(of("It began in 2024. Then it ended."), ["It began in 2024.", "Then it ended."]);
    }
}
