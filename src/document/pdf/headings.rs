//! Which paragraphs of a PDF are headings. The format does not say; the size and the weight of the letters do.

use std::collections::{BTreeMap, HashMap};

use super::layout::{Face, Paragraph};

/// Letters so many times as large as those of most of the text are a heading's.
const LARGER: f64 = 1.15;
/// Sizes so near to each other are one level.
const SAME_LEVEL: f64 = 1.05;
/// The most levels told by size.
const MOST_LEVELS: usize = 6;
/// A heading has no more words.
const MOST_WORDS: usize = 20;
/// A heading in letters of the size of the text has no more words.
const MOST_BOLD_WORDS: usize = 12;
/// Where so much of the text is heavy, weight tells nothing.
const MOST_BOLD: f64 = 0.3;
/// A large line on so many pages, and on at least so much of all of them, is a running head.
const REPEATED: usize = 3;
const REPEATED_SHARE: f64 = 0.5;

/// How the headings of a document look.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// The size of most letters, in tenths of a point.
    body: u32,
    /// The sizes of headings, the largest first.
    sizes: Vec<u32>,
    /// Whether heavy letters of the size of the text are headings, too.
    bold_tells: bool,
    /// Lines that stand on most pages.
    running: Vec<String>,
}

impl Headings {
    /// Looks at all paragraphs of a document, page by page.
    pub(super) fn of(pages: &[Vec<Paragraph>]) -> Self {
        let mut letters: BTreeMap<Face, usize> = BTreeMap::new();
        for (face, count) in pages.iter().flatten().flat_map(Paragraph::faces) {
            *letters.entry(face).or_default() += count;
        }
        let mut by_size: BTreeMap<u32, usize> = BTreeMap::new();
        for (face, count) in &letters {
            *by_size.entry(face.tenths).or_default() += count;
        }
        let body = by_size.iter().max_by_key(|(_, count)| **count).map_or(0, |(size, _)| *size);
        let all: usize = letters.values().sum();
        let bold: usize = letters.iter().filter(|(face, _)| face.is_bold).map(|(_, count)| count).sum();
        let mut headings = Self {
            body,
            sizes: Vec::new(),
            bold_tells: bold > 0 && share(bold, all) <= MOST_BOLD,
            running: running_heads(pages),
        };
        headings.sizes = headings.levels(pages);
        headings
    }

    /// The level of a paragraph from 1, if it is a heading.
    pub(super) fn level(&self, paragraph: &Paragraph) -> Option<u8> {
        let text = paragraph.text();
        let face = paragraph.face()?;
        let words = text.split_whitespace().count();
        if !text.contains(char::is_alphabetic) || words > MOST_WORDS || self.running.contains(&text) {
            return None;
        }
        if self.is_large(face) {
            let level =
                self.sizes.iter().position(|size| f64::from(face.tenths) * SAME_LEVEL >= f64::from(*size));
            return u8::try_from(level.unwrap_or(self.sizes.len()) + 1).ok();
        }
        let is_heading = self.bold_tells
            && paragraph.is_bold()
            && words <= MOST_BOLD_WORDS
            && f64::from(face.tenths) * SAME_LEVEL >= f64::from(self.body)
            && !text.ends_with([',', ';']);
        is_heading.then(|| u8::try_from(self.sizes.len() + 1).ok()).flatten()
    }

    fn is_large(&self, face: Face) -> bool {
        f64::from(face.tenths) >= f64::from(self.body) * LARGER
    }

    /// The sizes of short paragraphs in large letters, near ones taken together.
    fn levels(&self, pages: &[Vec<Paragraph>]) -> Vec<u32> {
        let short = pages.iter().flatten().filter(|paragraph| {
            let text = paragraph.text();
            text.split_whitespace().count() <= MOST_WORDS
                && text.contains(char::is_alphabetic)
                && !self.running.contains(&text)
        });
        let mut sizes: Vec<u32> = short
            .filter_map(Paragraph::face)
            .filter(|face| self.is_large(*face))
            .map(|face| face.tenths)
            .collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut levels: Vec<u32> = Vec::new();
        for size in sizes {
            let is_near =
                levels.last().is_some_and(|level| f64::from(size) * SAME_LEVEL >= f64::from(*level));
            if !is_near && levels.len() < MOST_LEVELS {
                levels.push(size);
            }
        }
        levels
    }
}

/// Paragraphs that stand on most pages alike.
fn running_heads(pages: &[Vec<Paragraph>]) -> Vec<String> {
    let mut on_pages: HashMap<String, usize> = HashMap::new();
    for page in pages {
        let mut texts: Vec<String> = page.iter().map(Paragraph::text).collect();
        texts.sort_unstable();
        texts.dedup();
        for text in texts {
            *on_pages.entry(text).or_default() += 1;
        }
    }
    let is_running = |count: usize| count >= REPEATED && share(count, pages.len()) >= REPEATED_SHARE;
    on_pages.into_iter().filter(|(_, count)| is_running(*count)).map(|(text, _)| text).collect()
}

#[expect(clippy::cast_precision_loss, reason = "letters of a document are far below 2^52")]
fn share(part: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "The licence is given for the territory and the term that are named above, and for \
                        nothing beyond them, whatever else the parties may say about it at any time.";

    fn face(tenths: u32, is_bold: bool) -> Face {
        Face { tenths, is_bold }
    }

    fn levels(paragraphs: &[(&str, Face)]) -> Vec<Option<u8>> {
        let page: Vec<Paragraph> = paragraphs.iter().map(|(text, face)| Paragraph::of(text, *face)).collect();
        let headings = Headings::of(std::slice::from_ref(&page));
        page.iter().map(|paragraph| headings.level(paragraph)).collect()
    }

    #[test]
    fn larger_letters_are_headings_by_their_size() {
        let found = levels(&[
            ("Licence agreement", face(240, false)),
            ("1. Term", face(160, false)),
            (TEXT, face(110, false)),
            ("2. Territory", face(159, false)),
            (TEXT, face(110, false)),
            ("a footnote", face(80, false)),
        ]);
        assert_eq!(found, [Some(1), Some(2), None, Some(2), None, None]);
    }

    #[test]
    fn heavy_short_lines_are_headings_unless_all_is_heavy() {
        let found = levels(&[("1. Term", face(110, true)), (TEXT, face(110, false))]);
        assert_eq!(found, [Some(1), None]);
        let found = levels(&[("1. Term", face(110, true)), (TEXT, face(110, true))]);
        assert_eq!(found, [None, None]);
    }

    #[test]
    fn long_paragraphs_and_lone_numbers_are_no_headings() {
        let long = "word ".repeat(30);
        let found = levels(&[
            (long.trim(), face(160, false)),
            ("7", face(300, false)),
            (&TEXT.repeat(3), face(110, false)),
        ]);
        assert_eq!(found, [None, None, None]);
    }

    #[test]
    fn the_running_head_of_all_pages_is_no_heading() {
        let page = |clause: &str| {
            vec![
                Paragraph::of("Northlight Records", face(180, false)),
                Paragraph::of(clause, face(140, false)),
                Paragraph::of(TEXT, face(110, false)),
            ]
        };
        let pages = [page("1. Term"), page("2. Territory"), page("3. Rates")];
        let headings = Headings::of(&pages);
        let levels: Vec<Option<u8>> = pages[1].iter().map(|paragraph| headings.level(paragraph)).collect();
        assert_eq!(levels, [None, Some(1), None]);
    }
}
