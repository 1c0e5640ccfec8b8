//! Markdown as text: markup goes, headings, lists and tables stay readable.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::page::{BlockKind, PageBuilder, title_of};
use super::{Document, Format};

/// Reads Markdown. There is no wrong Markdown.
pub(super) fn read(source: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(source, options) {
        reader.take(event);
    }
    reader.finish_block(BlockKind::Paragraph);
    let pages = vec![reader.page.finish(None)];
    Document { format: Format::Markdown, title: title_of(&pages), pages }
}

#[derive(Default)]
struct Reader {
    page: PageBuilder,
    /// The block that is being read.
    text: String,
    /// The lists around it; the number of the next item where they are numbered.
    lists: Vec<Option<u64>>,
    /// The head of the table around it.
    head: Vec<String>,
    /// The cells of the row that is being read.
    row: Vec<String>,
    in_metadata: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            _ if self.in_metadata => {}
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::FootnoteReference(name) => {
                self.text.push('[');
                self.text.push_str(&name);
                self.text.push(']');
            }
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            // HTML is for looks; its text arrives as text.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::MetadataBlock(_) => self.in_metadata = true,
            Tag::List(first) => {
                // A list within an item begins where the item's own text ends.
                self.finish_block(BlockKind::Line);
                self.lists.push(*first);
            }
            Tag::Item => {
                self.finish_block(BlockKind::Line);
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.text = format!("{number}. ");
                        *number += 1;
                    }
                    _ => self.text.push_str("- "),
                }
            }
            Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Table(_) | Tag::BlockQuote(_) => {
                self.finish_block(BlockKind::Paragraph);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            TagEnd::Heading(level) => self.finish_block(BlockKind::Heading { level: level as u8 }),
            TagEnd::Paragraph | TagEnd::Item if !self.lists.is_empty() => self.finish_block(BlockKind::Line),
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => {
                self.finish_block(BlockKind::Paragraph);
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                self.row.push(cell.trim().to_owned());
            }
            TagEnd::TableHead => self.head = std::mem::take(&mut self.row),
            TagEnd::TableRow => {
                let row = std::mem::take(&mut self.row);
                self.text = with_head(&self.head, &row);
                self.finish_block(BlockKind::Line);
            }
            TagEnd::Table => self.head.clear(),
            _ => {}
        }
    }

    fn finish_block(&mut self, kind: BlockKind) {
        let text = std::mem::take(&mut self.text);
        if !matches!(text.trim(), "-") {
            self.page.push(kind, &text);
        }
    }
}

/// A row that can stand alone: each cell with the name of its column.
fn with_head(head: &[String], row: &[String]) -> String {
    let cells = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(column, cell)| match head
        .get(column)
        .filter(|name| !name.is_empty())
    {
        Some(name) => format!("{name}: {cell}"),
        None => cell.clone(),
    });
    cells.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_structure_stays() {
        let source = "---\nlayout: x\n---\n# Rates *now*\n\nSome **bold** text\nwith [a link](http://x).\n\n\
                      ## List\n- one\n- two\n  1. inner\n\n| from | rate |\n|---|---|\n| 2026 | 13.1 |\n| 2027 | |\n\n```\ncode\n```\n";
        let document = read(source);
        assert_eq!(document.title.as_deref(), Some("Rates now"));
        let page = &document.pages[0];
        let expected = "Rates now\n\nSome bold text with a link.\n\nList\n\n- one\n- two\n1. inner\n\
                        from: 2026 | rate: 13.1\nfrom: 2027\n\ncode";
        assert_eq!(page.text, expected);
        assert_eq!(page.blocks[0].kind, BlockKind::Heading { level: 1 });
        assert_eq!(page.blocks[2].kind, BlockKind::Heading { level: 2 });
    }

    #[test]
    fn blocks_cover_the_text_in_order() {
        let document = read("# A\n\n> quoted\n\n* x\n\n  y\n\nend");
        let page = &document.pages[0];
        let joined: Vec<&str> = page.blocks.iter().map(|block| &page.text[block.range.clone()]).collect();
        assert_eq!(joined, ["A", "quoted", "- x", "y", "end"]);
    }
}
