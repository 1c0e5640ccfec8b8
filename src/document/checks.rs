//! What holds of every document that could be read, for tests that try hostile files.

use super::{Format, MOST_TEXT, read, split};

/// Reads bytes. Whatever they are, the end is a refusal in words, or a document that fits together.
pub(super) fn is_refused_or_fits_together(bytes: &[u8]) {
    let document = match read(bytes) {
        Ok(document) => document,
        Err(refusal) => {
            assert!(!refusal.to_string().is_empty());
            return;
        }
    };
    match document.format {
        // A few bytes before its mark are allowed to a PDF.
        Format::Pdf => assert!(bytes.windows(4).any(|four| four == b"%PDF"), "taken for a PDF"),
        Format::Docx => assert!(bytes.starts_with(b"PK"), "taken for a DOCX"),
        Format::PlainText | Format::Markdown => assert!(document.pages.len() == 1, "it has no pages"),
    }
    let text: usize = document.pages.iter().map(|page| page.text.len()).sum();
    assert!((1..=2 * MOST_TEXT).contains(&text), "{text} bytes of text");
    for page in &document.pages {
        let mut end = 0;
        for block in &page.blocks {
            assert!(block.range.start >= end, "blocks follow each other");
            assert!(page.text.get(block.range.clone()).is_some_and(|text| !text.is_empty()));
            end = block.range.end;
        }
    }
    for passage in split(&document) {
        assert!(passage.start < passage.end && !passage.text.trim().is_empty(), "a passage says something");
        let (before, length) = (passage.start as usize, (passage.end - passage.start) as usize);
        let stands_there = document
            .pages
            .iter()
            .filter(|page| page.number == passage.page)
            .any(|page| page.text.chars().skip(before).take(length).eq(passage.text.chars()));
        assert!(stands_there, "its place is where it stands");
    }
}
