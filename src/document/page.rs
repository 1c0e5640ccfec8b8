//! A page of text, and the blocks it is made of.

use std::ops::Range;

/// A page of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its place in the document, from 1; none in formats that have no pages.
    pub number: Option<u32>,
    /// Its text. Blocks are apart by line breaks.
    pub text: String,
    /// The blocks in order; together they cover all of the text but the breaks between them.
    pub blocks: Vec<Block>,
}

/// A heading, a paragraph, an item of a list or a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the page's text, in bytes.
    pub range: Range<usize>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading; level 1 is the highest.
    Heading {
        /// From 1 to 9.
        level: u8,
    },
    /// A paragraph.
    Paragraph,
    /// An item or a row, which follows the one before closely.
    Line,
}

/// Builds a page, block after block.
#[derive(Debug, Default)]
pub(super) struct PageBuilder {
    text: String,
    blocks: Vec<Block>,
}

impl PageBuilder {
    /// Adds a block; one without text is left out.
    pub(super) fn push(&mut self, kind: BlockKind, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if let Some(former) = self.blocks.last() {
            let is_close = kind == BlockKind::Line && former.kind == BlockKind::Line;
            self.text.push_str(if is_close { "\n" } else { "\n\n" });
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.blocks.push(Block { kind, range: start..self.text.len() });
    }

    /// The page.
    pub(super) fn finish(self, number: Option<u32>) -> Page {
        Page { number, text: self.text, blocks: self.blocks }
    }
}

/// The first heading of the highest level.
pub(super) fn title_of(pages: &[Page]) -> Option<String> {
    let headings = pages.iter().flat_map(|page| {
        page.blocks.iter().filter_map(|block| match block.kind {
            BlockKind::Heading { level } => Some((level, page.text.get(block.range.clone())?)),
            BlockKind::Paragraph | BlockKind::Line => None,
        })
    });
    headings.min_by_key(|(level, _)| *level).map(|(_, text)| text.to_owned())
}
