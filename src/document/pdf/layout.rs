//! From the drawing operations of a page to lines and paragraphs of text.
//!
//! A PDF says where glyphs go, not what a word or a line is. Text that moves down begins a new line;
//! text that moves down by more than a line, or becomes larger or smaller there, begins a paragraph;
//! text that moves to the right is apart by a space. Text matrices: PDF 1.7 (ISO 32000-1), section 9.4.

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Encoding, Object};

use super::widths::Widths;
use super::{DocumentError, UNPACKED, reason_of};

/// The most text of one page, in bytes.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// A step down of so many font sizes begins a new line.
const NEW_LINE: f32 = 0.3;
/// A step down of so many font sizes begins a paragraph.
const NEW_PARAGRAPH: f32 = 1.7;
/// A gap within shown text of so many thousandths of the font size is a space.
const SPACE: f32 = 180.0;

/// Letters on a new line that are so much larger or smaller begin a paragraph.
const OTHER_SIZE: f32 = 0.1;

/// Words in the names of fonts with heavy letters.
const HEAVY: [&str; 4] = ["bold", "black", "heavy", "demi"];

/// The text of a page as far as it has been drawn.
#[derive(Default)]
pub(super) struct Layout {
    paragraphs: Vec<Paragraph>,
    /// The paragraph that is being drawn.
    current: Paragraph,
    /// How much text was drawn, in bytes.
    length: usize,
}

/// A paragraph, and what its letters look like.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Paragraph {
    text: String,
    /// How many letters were drawn in each face.
    faces: BTreeMap<Face, usize>,
}

/// What letters look like.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Face {
    /// Their size, in tenths of a point.
    pub(super) tenths: u32,
    /// Whether they are heavy.
    pub(super) is_bold: bool,
}

impl Paragraph {
    /// One in a single face.
    #[cfg(test)]
    pub(super) fn of(text: &str, face: Face) -> Self {
        Self { text: text.to_owned(), faces: BTreeMap::from([(face, text.len())]) }
    }

    /// The text, with the lines joined.
    pub(super) fn text(&self) -> String {
        join_lines(&self.text)
    }

    /// How many letters were drawn in each face.
    pub(super) fn faces(&self) -> impl Iterator<Item = (Face, usize)> {
        self.faces.iter().map(|(face, letters)| (*face, *letters))
    }

    /// The face of most letters; none of white space alone.
    pub(super) fn face(&self) -> Option<Face> {
        self.faces().max_by_key(|(_, letters)| *letters).map(|(face, _)| face)
    }

    /// Whether all letters are heavy.
    pub(super) fn is_bold(&self) -> bool {
        !self.faces.is_empty() && self.faces.keys().all(|face| face.is_bold)
    }
}

/// A font as far as its text can be read.
struct Font<'a> {
    encoding: Encoding<'a>,
    is_bold: bool,
    /// None where they are not known.
    widths: Option<Widths>,
}

/// Where text is drawn.
struct Cursor {
    size: f32,
    leading: f32,
    /// The beginning of the line that is drawn.
    line: (f32, f32),
    /// The scale of the text matrix, down the page.
    scale: f32,
    /// The place of the last text that was shown, and what it looked like.
    shown: Option<((f32, f32), Face)>,
    /// How far that text leads on its line, where the widths of its letters are known.
    end: Option<f32>,
}

impl Layout {
    /// Draws the text of a content stream. Returns the names of the objects that it draws with it.
    pub(super) fn run(
        &mut self,
        pdf: &lopdf::Document,
        content: &[u8],
        fonts: BTreeMap<Vec<u8>, &Dictionary>,
    ) -> Result<Vec<Vec<u8>>, DocumentError> {
        let mut readable: BTreeMap<Vec<u8>, Font<'_>> = BTreeMap::new();
        for (name, font) in fonts {
            match font.get_font_encoding_with_limit(pdf, UNPACKED) {
                Ok(encoding) => {
                    readable.insert(
                        name,
                        Font { encoding, is_bold: is_bold(font), widths: Widths::of(pdf, font) },
                    );
                }
                Err(error @ lopdf::Error::Decompress(_)) => return Err(reason_of(&error)),
                // Text in a font that cannot be read is left out.
                Err(_) => {}
            }
        }
        let content = Content::decode(content).map_err(|error| reason_of(&error))?;
        let mut cursor =
            Cursor { size: 1.0, leading: 0.0, line: (0.0, 0.0), scale: 1.0, shown: None, end: None };
        let mut font = None;
        let mut drawn = Vec::new();
        self.end_paragraph();
        for operation in &content.operations {
            if operation.operator == "Tf" {
                let name = operation.operands.first().and_then(|name| name.as_name().ok());
                font = name.and_then(|name| readable.get(name));
                cursor.size = number(operation, 1).unwrap_or(1.0);
            } else if operation.operator == "Do" {
                let name = operation.operands.first().and_then(|name| name.as_name().ok());
                drawn.extend(name.map(<[u8]>::to_vec));
            } else {
                self.apply(&mut cursor, operation, font);
            }
            if self.length > MOST_TEXT {
                return Err(DocumentError::UnpacksTooLarge { megabytes: MOST_TEXT / (1024 * 1024) });
            }
        }
        Ok(drawn)
    }

    fn apply(&mut self, cursor: &mut Cursor, operation: &Operation, font: Option<&Font<'_>>) {
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
            "Tj" | "TJ" => self.show(cursor, &operation.operands, font),
            "'" => {
                cursor.next_line();
                self.show(cursor, &operation.operands, font);
            }
            "\"" => {
                cursor.next_line();
                self.show(cursor, operation.operands.get(2..).unwrap_or_default(), font);
            }
            _ => {}
        }
    }

    fn show(&mut self, cursor: &mut Cursor, operands: &[Object], font: Option<&Font<'_>>) {
        let Some(font) = font else { return };
        let face = Face { tenths: cursor.tenths(), is_bold: font.is_bold };
        self.break_before(cursor, face);
        for operand in operands {
            match operand {
                Object::String(bytes, _) => self.write(font, bytes, face),
                Object::Array(parts) => self.show_parts(parts, font, face),
                _ => {}
            }
        }
        // Text that is shown right behind other text, without a move between, does not begin where that does.
        let is_appended = cursor.shown.is_some_and(|(place, _)| place == cursor.line);
        let begin = if is_appended { cursor.end } else { Some(cursor.line.0) };
        let advance = font.widths.as_ref().map(|widths| advance(widths, operands) / 1000.0 * cursor.height());
        cursor.end = begin.zip(advance).map(|(begin, advance)| begin + advance);
        cursor.shown = Some((cursor.line, face));
    }

    fn show_parts(&mut self, parts: &[Object], font: &Font<'_>, face: Face) {
        for part in parts {
            if let Object::String(bytes, _) = part {
                self.write(font, bytes, face);
            } else if part.as_float().is_ok_and(|gap| gap < -SPACE) {
                self.space();
            }
        }
    }

    fn write(&mut self, font: &Font<'_>, bytes: &[u8], face: Face) {
        let Ok(text) = lopdf::Document::decode_text(&font.encoding, bytes) else { return };
        let paragraph = &mut self.current;
        let before = paragraph.text.len();
        paragraph.text.extend(text.chars().filter(|character| !character.is_control()));
        let letters = text.chars().filter(|character| character.is_alphanumeric()).count();
        if letters > 0 {
            *paragraph.faces.entry(face).or_default() += letters;
        }
        let more = paragraph.text.len() - before;
        self.length += more;
    }

    /// What lies between the last text and this: nothing, a space, a line or a paragraph.
    fn break_before(&mut self, cursor: &Cursor, face: Face) {
        let Some(((x, y), former)) = cursor.shown else { return };
        let size = cursor.height().max(1.0);
        let step = (cursor.line.1 - y).abs() / size;
        let heading_ends = self.current.is_bold() && !face.is_bold;
        if step > NEW_PARAGRAPH || (step > NEW_LINE && (differs(former, face) || heading_ends)) {
            self.end_paragraph();
        } else if step > NEW_LINE {
            self.current.text.push('\n');
        } else if cursor.line.0 > x
            && cursor.end.is_none_or(|end| cursor.line.0 - end > SPACE / 1000.0 * size)
        {
            // A letter that is moved a little to its neighbour is kerned.
            self.space();
        }
    }

    fn space(&mut self) {
        let text = &mut self.current.text;
        if !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
    }

    fn end_paragraph(&mut self) {
        self.paragraphs.push(std::mem::take(&mut self.current));
    }

    /// The paragraphs in the order in which they were drawn.
    pub(super) fn finish(mut self) -> Vec<Paragraph> {
        self.end_paragraph();
        self.paragraphs
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of letters are small")]
fn differs(former: Face, face: Face) -> bool {
    let (former, now) = (former.tenths as f32, face.tenths as f32);
    (former - now).abs() > OTHER_SIZE * former.max(now)
}

/// Whether a font has heavy letters, by its name: `ABCDEF+Helvetica-Bold`.
fn is_bold(font: &Dictionary) -> bool {
    let name = font.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
    let name = String::from_utf8_lossy(name).to_lowercase();
    HEAVY.iter().any(|word| name.contains(word))
}

impl Cursor {
    /// The height of letters, in points.
    fn height(&self) -> f32 {
        (self.size * self.scale).abs()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and what is too large is cut off"
    )]
    fn tenths(&self) -> u32 {
        (self.height() * 10.0).round() as u32
    }

    fn go(&mut self, x: f32, y: f32) {
        self.line.0 += x * self.scale.abs();
        self.line.1 += y * self.scale;
    }

    fn next_line(&mut self) {
        let leading = if self.leading == 0.0 { self.size } else { self.leading };
        self.go(0.0, -leading);
    }
}

/// How far shown text leads, with the gaps in it, in thousandths of the font size.
fn advance(widths: &Widths, operands: &[Object]) -> f32 {
    let of = |part: &Object| match part {
        Object::String(bytes, _) => widths.advance(bytes),
        gap => -gap.as_float().unwrap_or_default(),
    };
    let all = operands.iter().map(|operand| match operand {
        Object::Array(parts) => parts.iter().map(of).sum(),
        Object::String(bytes, _) => widths.advance(bytes),
        // The first two of the operator `"`, which are no text, are not among them.
        _ => 0.0,
    });
    all.sum()
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
