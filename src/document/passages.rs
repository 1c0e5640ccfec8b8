//! Splits a document into passages: pieces short enough to be quoted, long enough to be understood.
//!
//! A passage ends at a heading or between paragraphs where it can, else between sentences, and never
//! runs over the end of a page, so that one page number is right for all of it.

use std::ops::Range;

use super::page::BlockKind;
use super::{Document, Page, sentences};

/// A passage that has as many words ends with its paragraph.
const ENOUGH_WORDS: usize = 120;
/// No passage has more words.
const MOST_WORDS: usize = 300;
/// Before a heading, and before a long paragraph, fewer words are enough.
const FEW_WORDS: usize = 60;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The number of the page, in formats that have pages.
    pub page: Option<u32>,
    /// The headings that it stands under, the highest first.
    pub headings: Vec<String>,
    /// Where it begins in the page's text, in characters (Unicode scalar values).
    pub start: u32,
    /// Where it ends, exclusive, in characters.
    pub end: u32,
    /// Its text.
    pub text: String,
}

/// Splits a document. The passages are in order, do not overlap, and leave out white space only.
pub fn split(document: &Document) -> Vec<Passage> {
    let mut path = HeadingPath::default();
    document.pages.iter().flat_map(|page| split_page(page, &mut path)).collect()
}

/// The headings in force, from the highest level down.
#[derive(Debug, Default, Clone)]
struct HeadingPath(Vec<(u8, String)>);

impl HeadingPath {
    fn enter(&mut self, level: u8, text: &str) {
        self.0.retain(|(other, _)| *other < level);
        self.0.push((level, text.to_owned()));
    }

    fn texts(&self) -> Vec<String> {
        self.0.iter().map(|(_, text)| text.clone()).collect()
    }
}

/// The least that is not taken apart: a sentence, or a part of an endless one.
struct Piece {
    range: Range<usize>,
    words: usize,
    heading: Option<u8>,
    /// The words of the whole block, where the piece begins one.
    block: Option<usize>,
}

/// A passage that is still growing.
struct Growing {
    range: Range<usize>,
    words: usize,
    headings: Vec<String>,
    /// Whether it holds headings only so far, whose path is therefore its own.
    only_headings: bool,
    begins_with_heading: bool,
}

fn split_page(page: &Page, path: &mut HeadingPath) -> Vec<Passage> {
    let mut done: Vec<Growing> = Vec::new();
    let mut growing: Option<Growing> = None;
    for piece in pieces(page) {
        if growing.as_ref().is_some_and(|passage| ends_before(passage, &piece)) {
            done.extend(growing.take());
        }
        if let Some(level) = piece.heading {
            path.enter(level, page.text.get(piece.range.clone()).unwrap_or_default());
        }
        let passage = growing.get_or_insert_with(|| Growing {
            range: piece.range.start..piece.range.start,
            words: 0,
            headings: path.texts(),
            only_headings: true,
            begins_with_heading: piece.heading.is_some(),
        });
        passage.range.end = piece.range.end;
        passage.words += piece.words;
        if passage.only_headings {
            passage.headings = path.texts();
            passage.only_headings = piece.heading.is_some();
        }
    }
    done.extend(growing);
    join_short_rest(&mut done);
    let mut counter = CharacterCounter { text: &page.text, byte: 0, characters: 0 };
    done.into_iter()
        .map(|passage| Passage {
            page: page.number,
            headings: passage.headings,
            start: counter.characters_until(passage.range.start),
            end: counter.characters_until(passage.range.end),
            text: page.text.get(passage.range).unwrap_or_default().to_owned(),
        })
        .collect()
}

fn ends_before(passage: &Growing, piece: &Piece) -> bool {
    let would_be_too_long = |words: usize| passage.words + words > MOST_WORDS;
    if passage.only_headings {
        return would_be_too_long(piece.words);
    }
    match (piece.heading, piece.block) {
        (Some(_), _) => passage.words >= FEW_WORDS,
        (None, Some(block)) => {
            passage.words >= ENOUGH_WORDS
                || (passage.words >= FEW_WORDS && would_be_too_long(block))
                || would_be_too_long(piece.words)
        }
        (None, None) => would_be_too_long(piece.words),
    }
}

/// A few last words of a section are no passage of their own when they fit into the one before.
fn join_short_rest(passages: &mut Vec<Growing>) {
    let mut joined: Vec<Growing> = Vec::with_capacity(passages.len());
    for passage in passages.drain(..) {
        match joined.last_mut() {
            Some(former)
                if passage.words < FEW_WORDS
                    && !passage.begins_with_heading
                    && former.words + passage.words <= MOST_WORDS =>
            {
                former.range.end = passage.range.end;
                former.words += passage.words;
            }
            _ => joined.push(passage),
        }
    }
    *passages = joined;
}

fn pieces(page: &Page) -> impl Iterator<Item = Piece> {
    page.blocks.iter().flat_map(|block| {
        let text = page.text.get(block.range.clone()).unwrap_or_default();
        let at = block.range.start;
        let block_words = count_words(text);
        let heading = match block.kind {
            // What is longer was marked as a heading by mistake.
            BlockKind::Heading { level } if block_words <= FEW_WORDS => Some(level),
            BlockKind::Heading { .. } | BlockKind::Paragraph | BlockKind::Line => None,
        };
        let whole = || std::iter::once(0..text.len()).collect();
        let parts = if heading.is_some() { whole() } else { sentences(text) };
        let parts = parts.into_iter().flat_map(|part| {
            let within = part.start;
            let sentence = text.get(part).unwrap_or_default();
            parts_of_endless(sentence)
                .into_iter()
                .map(move |range| (range.start + within)..(range.end + within))
                .collect::<Vec<_>>()
        });
        let pieces = parts.enumerate().map(|(index, range)| Piece {
            words: count_words(text.get(range.clone()).unwrap_or_default()),
            range: (range.start + at)..(range.end + at),
            heading,
            block: (index == 0).then_some(block_words),
        });
        pieces.collect::<Vec<_>>()
    })
}

/// The sentence itself, or parts of [`MOST_WORDS`] words when it is longer. Words count by length,
/// too: text without spaces is not one word.
fn parts_of_endless(sentence: &str) -> Vec<Range<usize>> {
    if count_words(sentence) <= MOST_WORDS {
        return std::iter::once(0..sentence.len()).collect();
    }
    let mut parts = Vec::new();
    let (mut start, mut end, mut words) = (None, 0, 0);
    for (at, word) in short_words(sentence) {
        if words == MOST_WORDS {
            parts.extend(start.map(|start| start..end));
            (start, words) = (None, 0);
        }
        start = start.or(Some(at));
        end = at + word.len();
        words += 1;
    }
    parts.extend(start.map(|start| start..end));
    parts
}

/// Nothing longer than so many bytes counts as one word.
const LONGEST_WORD: usize = 64;

fn count_words(text: &str) -> usize {
    text.split_whitespace().map(|word| word.len().div_ceil(LONGEST_WORD)).sum()
}

/// The words with their places, endless ones in pieces of at most [`LONGEST_WORD`] bytes.
fn short_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().flat_map(move |word| {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let mut pieces = Vec::new();
        let (mut rest, mut offset) = (word, at);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(LONGEST_WORD));
            pieces.push((offset, piece));
            offset += piece.len();
            rest = after;
        }
        pieces
    })
}

/// Counts the characters before growing places of a text.
struct CharacterCounter<'a> {
    text: &'a str,
    byte: usize,
    characters: u32,
}

impl CharacterCounter<'_> {
    fn characters_until(&mut self, byte: usize) -> u32 {
        let passed = self.text.get(self.byte..byte).unwrap_or_default().chars().count();
        // The text of a document is far shorter than 4 GB.
        self.characters += u32::try_from(passed).unwrap_or(u32::MAX);
        self.byte = byte;
        self.characters
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::page::PageBuilder;
    use super::super::{Format, markdown, plain_text};
    use super::*;

    fn words(count: usize) -> String {
        vec!["word"; count].join(" ")
    }

    fn markdown(source: &str) -> Vec<Passage> {
        split(&markdown::read(source))
    }

    #[test]
    fn a_short_document_is_one_passage_under_its_title() {
        let passages = markdown("# Rates\n\nSome words.\n\n## More\n\nOther words.");
        assert_eq!(passages.len(), 1);
        assert_eq!(passages[0].headings, ["Rates"]);
        assert_eq!(passages[0].text, "Rates\n\nSome words.\n\nMore\n\nOther words.");
    }

    #[test]
    fn sections_become_passages_with_their_path() {
        let source = format!("# A\n\n## B\n\n{}.\n\n## C\n\n{}.\n\n{}.", words(70), words(200), words(150));
        let passages = markdown(&source);
        let paths: Vec<Vec<String>> = passages.iter().map(|passage| passage.headings.clone()).collect();
        assert_eq!(paths, [["A", "B"], ["A", "C"], ["A", "C"]]);
        assert!(passages[0].text.starts_with("A\n\nB"));
        assert!(passages[1].text.starts_with('C'));
    }

    #[test]
    fn a_long_paragraph_is_split_between_sentences() {
        let sentence = format!("Some {} end.", words(38));
        let passages = markdown(&vec![sentence; 20].join(" "));
        assert_eq!(passages.len(), 3);
        for passage in &passages {
            assert!(count_words(&passage.text) <= MOST_WORDS);
            assert!(passage.text.ends_with("end."));
        }
    }

    #[test]
    fn pages_are_never_joined() {
        let page = |number: u32| {
            let mut page = PageBuilder::default();
            page.push(BlockKind::Paragraph, "A few words.");
            page.finish(Some(number))
        };
        let document = Document { format: Format::Pdf, title: None, pages: vec![page(1), page(2)] };
        let pages: Vec<Option<u32>> = split(&document).iter().map(|passage| passage.page).collect();
        assert_eq!(pages, [Some(1), Some(2)]);
    }

    #[test]
    fn offsets_count_characters() {
        let passages = markdown(&format!("# Größe\n\n{}.\n\n# Zweite\n\nÄh.", words(80)));
        assert_eq!(passages[0].start, 0);
        assert_eq!(passages[1].start, 5 + 2 + 80 * 5 + 2);
        assert_eq!(passages[1].end - passages[1].start, 6 + 2 + 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn passages_cover_the_text_in_order(source in any_source()) {
            for document in [markdown::read(&source), plain_text::read(&source)] {
                let page = &document.pages[0];
                let characters: Vec<char> = page.text.chars().collect();
                let mut at = 0;
                for passage in split(&document) {
                    let (start, end) = (passage.start as usize, passage.end as usize);
                    prop_assert!(start >= at && end > start);
                    prop_assert!(characters[at..start].iter().all(|c| c.is_whitespace()));
                    let text: String = characters[start..end].iter().collect();
                    prop_assert_eq!(&text, &passage.text);
                    prop_assert!(count_words(&text) <= MOST_WORDS + 10, "{} words", count_words(&text));
                    at = end;
                }
                prop_assert!(characters[at..].iter().all(|c| c.is_whitespace()));
            }
        }
    }

    fn any_source() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            "#{1,6} [a-zé ]{1,20}",
            "([A-Za-zäß]{1,9}[ ,]){1,60}[a-z]{1,5}[.!?]",
            "([a-z]{1,9} ){200,500}",
            "[a-zü]{300,8000}",
            "- [a-z ]{1,30}",
            Just(String::new()),
        ];
        proptest::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
    }
}
