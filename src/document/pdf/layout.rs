//! From the drawing operations of a page to lines and paragraphs of text.
//!
//! A PDF says where glyphs go, not what a word or a line is. Text that moves down begins a new line;
//! text that moves down by more than a line begins a paragraph; text that moves to the right is
//! apart by a space. Text matrices: PDF 1.7 (ISO 32000-1), section 9.4.

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Encoding, Object};

use super::{DocumentError, UNPACKED, reason_of};

/// The most text of one page, in bytes.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// A step down of so many font sizes begins a new line.
const NEW_LINE: f32 = 0.3;
/// A step down of so many font sizes begins a paragraph.
const NEW_PARAGRAPH: f32 = 1.7;
/// A gap within shown text of so many thousandths of the font size is a space.
const SPACE: f32 = 180.0;

/// The text of a page as far as it has been drawn.
#[derive(Default)]
pub(super) struct Layout {
    text: String,
}

/// Where text is drawn.
struct Cursor {
    size: f32,
    leading: f32,
    /// The beginning of the line that is drawn.
    line: (f32, f32),
    /// The scale of the text matrix, down the page.
    scale: f32,
    /// The place of the last text that was shown.
    shown: Option<(f32, f32)>,
}

impl Layout {
    /// Draws the text of a content stream.
    pub(super) fn run(
        &mut self,
        pdf: &lopdf::Document,
        content: &[u8],
        fonts: BTreeMap<Vec<u8>, &Dictionary>,
    ) -> Result<(), DocumentError> {
        let mut encodings: BTreeMap<Vec<u8>, Encoding<'_>> = BTreeMap::new();
        for (name, font) in fonts {
            match font.get_font_encoding_with_limit(pdf, UNPACKED) {
                Ok(encoding) => {
                    encodings.insert(name, encoding);
                }
                Err(error @ lopdf::Error::Decompress(_)) => return Err(reason_of(&error)),
                // Text in a font that cannot be read is left out.
                Err(_) => {}
            }
        }
        let content = Content::decode(content).map_err(|error| reason_of(&error))?;
        let mut cursor = Cursor { size: 1.0, leading: 0.0, line: (0.0, 0.0), scale: 1.0, shown: None };
        let mut encoding = None;
        for operation in &content.operations {
            if operation.operator == "Tf" {
                let name = operation.operands.first().and_then(|name| name.as_name().ok());
                encoding = name.and_then(|name| encodings.get(name));
                cursor.size = number(operation, 1).unwrap_or(1.0);
            } else {
                self.apply(&mut cursor, operation, encoding);
            }
            if self.text.len() > MOST_TEXT {
                return Err(DocumentError::UnpacksTooLarge { megabytes: MOST_TEXT / (1024 * 1024) });
            }
        }
        self.text.push_str("\n\n");
        Ok(())
    }

    fn apply(&mut self, cursor: &mut Cursor, operation: &Operation, encoding: Option<&Encoding<'_>>) {
        match operation.operator.as_str() {
            "BT" => (cursor.line, cursor.scale) = ((0.0, 0.0), 1.0),
            "TL" => cursor.leading = number(operation, 0).unwrap_or_default(),
            "Td" | "TD" => {
                let (x, y) =
                    (number(operation, 0).unwrap_or_default(), number(operation, 1).unwrap_or_default());
                if operation.operator == "TD" {
                    cursor.leading = -y;
                }
                cursor.go(x, y);
            }
            "Tm" => {
                cursor.scale = number(operation, 3).filter(|scale| *scale != 0.0).unwrap_or(1.0);
                cursor.line =
                    (number(operation, 4).unwrap_or_default(), number(operation, 5).unwrap_or_default());
            }
            "T*" => cursor.next_line(),
            "Tj" | "TJ" => self.show(cursor, &operation.operands, encoding),
            "'" => {
                cursor.next_line();
                self.show(cursor, &operation.operands, encoding);
            }
            "\"" => {
                cursor.next_line();
                self.show(cursor, operation.operands.get(2..).unwrap_or_default(), encoding);
            }
            _ => {}
        }
    }

    fn show(&mut self, cursor: &mut Cursor, operands: &[Object], encoding: Option<&Encoding<'_>>) {
        let Some(encoding) = encoding else { return };
        self.break_before(cursor);
        for operand in operands {
            match operand {
                Object::String(bytes, _) => {
                    if let Ok(text) = lopdf::Document::decode_text(encoding, bytes) {
                        self.text.extend(text.chars().filter(|character| !character.is_control()));
                    }
                }
                Object::Array(parts) => self.show_parts(parts, encoding),
                _ => {}
            }
        }
        cursor.shown = Some(cursor.line);
    }

    fn show_parts(&mut self, parts: &[Object], encoding: &Encoding<'_>) {
        for part in parts {
            if let Object::String(bytes, _) = part {
                if let Ok(text) = lopdf::Document::decode_text(encoding, bytes) {
                    self.text.extend(text.chars().filter(|character| !character.is_control()));
                }
            } else if part.as_float().is_ok_and(|gap| gap < -SPACE) {
                self.space();
            }
        }
    }

    /// What lies between the last text and this: nothing, a space, a line or a paragraph.
    fn break_before(&mut self, cursor: &Cursor) {
        let Some((x, y)) = cursor.shown else { return };
        let size = (cursor.size * cursor.scale).abs().max(1.0);
        let step = (cursor.line.1 - y).abs() / size;
        if step > NEW_PARAGRAPH {
            self.text.push_str("\n\n");
        } else if step > NEW_LINE {
            self.text.push('\n');
        } else if cursor.line.0 > x {
            self.space();
        }
    }

    fn space(&mut self) {
        if !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }

    /// The paragraphs, with the lines of each joined.
    pub(super) fn paragraphs(&self) -> impl Iterator<Item = String> {
        self.text.split("\n\n").map(join_lines)
    }
}

impl Cursor {
    fn go(&mut self, x: f32, y: f32) {
        self.line.0 += x * self.scale.abs();
        self.line.1 += y * self.scale;
    }

    fn next_line(&mut self) {
        let leading = if self.leading == 0.0 { self.size } else { self.leading };
        self.go(0.0, -leading);
    }
}

fn number(operation: &Operation, place: usize) -> Option<f32> {
    operation.operands.get(place).and_then(|operand| operand.as_float().ok())
}

/// Joins lines by a space; a word that was divided at the end of a line becomes whole again.
fn join_lines(paragraph: &str) -> String {
    let mut joined = String::with_capacity(paragraph.len());
    for line in paragraph.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            continue;
        }
        let is_divided = joined.strip_suffix('-').is_some_and(|word| word.ends_with(char::is_lowercase))
            && line.starts_with(char::is_lowercase);
        if is_divided {
            joined.pop();
        } else if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&line);
    }
    joined
}
