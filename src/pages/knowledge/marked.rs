//! Texts with marks: the words of a question, and the passage on a page. Places are in characters.

use crate::model::knowledge::Span;
use leptos::prelude::*;

/// The most characters of a passage on a card.
const EXCERPT: u32 = 360;
/// How many of them stand before the first mark.
const LEAD: u32 = 120;

/// A text with its marks.
pub fn marked(text: &str, marks: &[Span]) -> Vec<AnyView> {
    let (pieces, _) = pieces(text, marks, 0);
    pieces.into_iter().map(view_of).collect()
}

/// A text with its marks, of which one part is a passage that stands out.
pub fn marked_with_passage(text: &str, marks: &[Span], passage: Span) -> Vec<AnyView> {
    let end = length(text);
    let (from, to) = (passage.start.min(end), passage.end.clamp(passage.start.min(end), end));
    let part = |from: u32, to: u32| {
        let inside = marks.iter().filter(|mark| mark.start >= from && mark.end <= to);
        let moved: Vec<Span> =
            inside.map(|mark| Span { start: mark.start - from, end: mark.end - from }).collect();
        marked(&cut(text, from, to), &moved)
    };
    let mut views = part(0, from);
    views.push(view! { <span class="passage" id=PASSAGE>{part(from, to)}</span> }.into_any());
    views.extend(part(to, end));
    views
}

/// The id of the passage that stands out.
pub const PASSAGE: &str = "passage";

/// The part of a long text around its first mark, with its marks; dots stand for what is left out.
pub fn excerpt(text: &str, marks: &[Span]) -> (String, Vec<Span>) {
    let end = length(text);
    if end <= EXCERPT {
        return (text.to_owned(), marks.to_vec());
    }
    let first = marks.first().map_or(0, |mark| mark.start);
    let from = word_begins(text, first.saturating_sub(LEAD).min(end - EXCERPT));
    let to = (from + EXCERPT).min(end);
    let mut part = cut(text, from, to);
    if to < end {
        // The last word is whole, too.
        if let Some(end_of_word) = part.rfind(char::is_whitespace) {
            part.truncate(end_of_word);
        }
        part.push_str(" …");
    }
    let lead = u32::from(from > 0);
    if from > 0 {
        part.insert(0, '…');
    }
    let kept = from + length(&part);
    let inside = marks.iter().filter(|mark| mark.start >= from && mark.end <= to.min(kept));
    let moved = inside.map(|mark| Span { start: mark.start - from + lead, end: mark.end - from + lead });
    (part, moved.collect())
}

/// Where the next word begins at or after a place; the place itself at the start of the text.
fn word_begins(text: &str, place: u32) -> u32 {
    if place == 0 {
        return 0;
    }
    let mut former_is_space = false;
    for (index, character) in (0_u32..).zip(text.chars()) {
        if index >= place && former_is_space && !character.is_whitespace() {
            return index;
        }
        former_is_space = character.is_whitespace();
    }
    place
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Mark(String),
}

fn view_of(piece: Piece) -> AnyView {
    match piece {
        Piece::Plain(words) => words.into_any(),
        Piece::Mark(words) => view! { <mark>{words}</mark> }.into_any(),
    }
}

/// Splits a text at its marks. Marks that overlap or run over the end are cut.
fn pieces(text: &str, marks: &[Span], begin: u32) -> (Vec<Piece>, u32) {
    let mut pieces = Vec::new();
    let mut at = begin;
    for mark in marks {
        let (start, end) = (mark.start.max(at), mark.end);
        if end <= start {
            continue;
        }
        push(&mut pieces, Piece::Plain(cut(text, at, start)));
        push(&mut pieces, Piece::Mark(cut(text, start, end)));
        at = end;
    }
    push(&mut pieces, Piece::Plain(cut(text, at, u32::MAX)));
    (pieces, at)
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    let (Piece::Plain(words) | Piece::Mark(words)) = &piece;
    if !words.is_empty() {
        pieces.push(piece);
    }
}

/// The characters from one place to another.
pub fn cut(text: &str, from: u32, to: u32) -> String {
    let inside = (0_u32..).zip(text.chars()).skip_while(|(place, _)| *place < from);
    inside.take_while(|(place, _)| *place < to).map(|(_, character)| character).collect()
}

/// How many characters a text has.
pub fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    fn split(text: &str, marks: &[Span]) -> String {
        let words = |piece: Piece| match piece {
            Piece::Plain(words) => words,
            Piece::Mark(words) => format!("[{words}]"),
        };
        pieces(text, marks, 0).0.into_iter().map(words).collect()
    }

    #[test]
    fn places_are_characters_and_not_bytes() {
        assert_eq!(split("Für große Löhne", &[span(4, 9), span(10, 15)]), "Für [große] [Löhne]");
    }

    #[test]
    fn marks_that_overlap_or_run_over_are_cut() {
        assert_eq!(split("abcdef", &[span(1, 4), span(3, 5), span(5, 90)]), "a[bcd][e][f]");
        assert_eq!(split("ab", &[span(5, 9)]), "ab");
        assert_eq!(split("", &[]), "");
    }

    #[test]
    fn a_short_text_is_not_cut() {
        assert_eq!(excerpt("short", &[span(0, 5)]), ("short".to_owned(), vec![span(0, 5)]));
    }

    #[test]
    fn an_excerpt_has_the_first_mark_and_begins_with_a_word() {
        let text = format!("{}zamboni {}", "word ".repeat(100), "more ".repeat(100));
        let (part, marks) = excerpt(&text, &[span(500, 507)]);
        assert!(part.starts_with("…word "), "{part}");
        assert!(part.ends_with(" more …") && length(&part) <= EXCERPT + 3, "{part}");
        let mark = marks[0];
        assert_eq!(cut(&part, mark.start, mark.end), "zamboni");
    }

    #[test]
    fn a_passage_stands_out_with_its_marks() {
        let html =
            Owner::new().with(|| marked_with_passage("one two three", &[span(4, 7)], span(4, 900)).to_html());
        assert!(html.contains("id=\"passage\"") && html.contains("<mark>two"), "{html}");
        assert!(html.starts_with("one "), "{html}");
    }
}
