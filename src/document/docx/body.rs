//! The text of a Word document: paragraphs, headings, tables and the page breaks that are marked.
//!
//! Word lays pages out when it shows a document. Page numbers are known only where the author set a
//! break or Word left a mark of its last layout; a document without either has no page numbers.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::styles::{HeadingLevels, attribute};
use super::{DocumentError, broken};
use crate::document::page::{BlockKind, PageBuilder};
use crate::document::{MOST_TEXT, Page};

/// How deep elements may lie in elements; Word writes a few dozen levels.
const DEEPEST: usize = 256;

/// Reads `document.xml`, and after it the parts with notes: Word shows those at the end of pages or of the
/// document, and no part says on which page.
pub(super) fn read(
    xml: &[u8],
    notes: &[Vec<u8>],
    headings: &HeadingLevels,
) -> Result<Vec<Page>, DocumentError> {
    let mut body = Body::new(headings);
    read_part(xml, &mut body)?;
    for part in notes {
        body.finish_paragraph();
        read_part(part, &mut body)?;
    }
    Ok(body.finish())
}

fn read_part(xml: &[u8], body: &mut Body<'_>) -> Result<(), DocumentError> {
    let mut reader = Reader::from_reader(xml);
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(tag) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(DocumentError::Broken {
                        reason: "its elements are nested too deep".to_owned(),
                    });
                }
                body.start(&tag);
            }
            Event::Empty(tag) => {
                body.start(&tag);
                body.end(tag.local_name().as_ref());
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                body.end(tag.local_name().as_ref());
            }
            Event::Text(text) if body.in_text => body.push(&text.decode().map_err(|error| broken(&error))?),
            Event::CData(text) if body.in_text => body.push(&text.decode().map_err(|error| broken(&error))?),
            Event::GeneralRef(reference) if body.in_text => body.push_reference(&reference),
            Event::Eof => return Ok(()),
            _ => {}
        }
        if body.length > MOST_TEXT {
            return Err(DocumentError::UnpacksTooLarge { megabytes: MOST_TEXT / (1024 * 1024) });
        }
    }
}

struct Body<'a> {
    headings: &'a HeadingLevels,
    pages: Vec<PageBuilder>,
    page: PageBuilder,
    /// The paragraph that is being read.
    text: String,
    level: Option<u8>,
    is_item: bool,
    in_text: bool,
    /// How many tables the paragraph is in.
    tables: usize,
    /// The cells of the row that is being read, of the outermost table.
    row: Vec<String>,
    /// How much text was read, in bytes.
    length: usize,
    /// What was read of the paragraphs around a text box, the outermost first.
    around: Vec<Around>,
    /// How many alternatives for older programs are open: they say again what was said already.
    fallbacks: usize,
}

/// A paragraph that is interrupted by a text box.
struct Around {
    text: String,
    level: Option<u8>,
    is_item: bool,
    tables: usize,
}

impl<'a> Body<'a> {
    fn new(headings: &'a HeadingLevels) -> Self {
        Self {
            headings,
            pages: Vec::new(),
            page: PageBuilder::default(),
            text: String::new(),
            level: None,
            is_item: false,
            in_text: false,
            tables: 0,
            row: Vec::new(),
            length: 0,
            around: Vec::new(),
            fallbacks: 0,
        }
    }

    /// A text box has paragraphs of its own in the middle of one.
    fn enter_box(&mut self) {
        self.around.push(Around {
            text: std::mem::take(&mut self.text),
            level: self.level.take(),
            is_item: std::mem::take(&mut self.is_item),
            tables: std::mem::take(&mut self.tables),
        });
    }

    fn leave_box(&mut self) {
        self.finish_paragraph();
        if let Some(Around { text, level, is_item, tables }) = self.around.pop() {
            (self.text, self.level, self.is_item, self.tables) = (text, level, is_item, tables);
        }
    }

    fn push(&mut self, text: &str) {
        if self.fallbacks > 0 {
            return;
        }
        self.length += text.len();
        self.text.push_str(text);
    }

    /// The five entities of XML and characters by number; Word documents define no others.
    fn push_reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            self.push(character.encode_utf8(&mut [0; 4]));
        } else if let Ok(name) = reference.decode()
            && let Some(text) = quick_xml::escape::resolve_xml_entity(&name)
        {
            self.push(text);
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            b"Fallback" => self.fallbacks += 1,
            _ if self.fallbacks > 0 => {}
            b"txbxContent" => self.enter_box(),
            b"t" => self.in_text = true,
            b"tab" | b"noBreakHyphen" if self.in_run() => {
                let mark = if tag.local_name().as_ref() == b"tab" { "\t" } else { "-" };
                self.push(mark);
            }
            b"br" => match attribute(tag, b"type").as_deref() {
                Some("page") => self.break_page(),
                _ => self.push("\n"),
            },
            b"cr" => self.push("\n"),
            b"lastRenderedPageBreak" => self.break_page(),
            b"pStyle" => self.level = attribute(tag, b"val").and_then(|style| self.headings.of(&style)),
            b"outlineLvl" => {
                let level = attribute(tag, b"val").and_then(|level| level.parse::<u8>().ok());
                self.level = level.filter(|level| *level < 9).map(|level| level + 1).or(self.level);
            }
            b"numPr" => self.is_item = true,
            b"tbl" => self.tables += 1,
            _ => {}
        }
    }

    /// Tabulators are also declared in the properties of a paragraph, before its text.
    fn in_run(&self) -> bool {
        !self.text.is_empty()
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"Fallback" => self.fallbacks = self.fallbacks.saturating_sub(1),
            _ if self.fallbacks > 0 => {}
            b"txbxContent" => self.leave_box(),
            b"t" => self.in_text = false,
            b"p" if self.tables > 0 => {
                // The paragraphs of a cell share its line.
                if !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
                (self.level, self.is_item) = (None, false);
            }
            b"p" => self.finish_paragraph(),
            b"tc" if self.tables == 1 => {
                let cell = std::mem::take(&mut self.text);
                self.row.push(cell.trim().to_owned());
            }
            b"tr" if self.tables == 1 => {
                let cells = std::mem::take(&mut self.row);
                let filled: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
                self.page.push(BlockKind::Line, &filled.join(" | "));
            }
            b"tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn finish_paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        let kind = match (self.level.take(), std::mem::take(&mut self.is_item)) {
            (Some(level), _) => BlockKind::Heading { level },
            (None, true) => BlockKind::Line,
            (None, false) => BlockKind::Paragraph,
        };
        self.page.push(kind, &text);
    }

    /// A break within a paragraph or a table leaves what was read of it on the page before.
    fn break_page(&mut self) {
        if self.tables == 0 {
            let text = std::mem::take(&mut self.text);
            self.page.push(BlockKind::Paragraph, &text);
        }
        self.pages.push(std::mem::take(&mut self.page));
    }

    fn finish(mut self) -> Vec<Page> {
        self.finish_paragraph();
        let is_paged = !self.pages.is_empty();
        self.pages.push(self.page);
        let numbered = (1..).zip(self.pages);
        numbered.map(|(number, page)| page.finish(is_paged.then_some(number))).collect()
    }
}
