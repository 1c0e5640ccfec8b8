//! Text without markup: its encoding, and its paragraphs.

use super::page::{BlockKind, PageBuilder};
use super::{Document, DocumentError, Format};

/// Whether the bytes are no text in any encoding that is read.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    !is_utf16 && bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

/// Decodes UTF-8, with or without a byte order mark, and UTF-16 with one. Anything else is refused:
/// single-byte encodings cannot be told from each other, and a wrong guess would corrupt names.
pub(super) fn decode(bytes: &[u8]) -> Result<String, DocumentError> {
    if let Some(units) = bytes.strip_prefix(b"\xff\xfe") {
        return decode_utf16(units, u16::from_le_bytes);
    }
    if let Some(units) = bytes.strip_prefix(b"\xfe\xff") {
        return decode_utf16(units, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            Err(DocumentError::Encoding { line: valid.split(|byte| *byte == b'\n').count() })
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DocumentError> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(character) => text.push(character),
            Err(_) => return Err(DocumentError::Encoding { line: text.matches('\n').count() + 1 }),
        }
    }
    Ok(text)
}

/// Paragraphs are what empty lines part.
pub(super) fn read(text: &str) -> Document {
    let mut page = PageBuilder::default();
    let mut paragraph = String::new();
    for line in text.split(['\n', '\u{c}']) {
        let line = line.trim_end();
        if line.trim_start().is_empty() {
            page.push(BlockKind::Paragraph, &paragraph);
            paragraph.clear();
        } else {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        }
    }
    page.push(BlockKind::Paragraph, &paragraph);
    Document { format: Format::PlainText, title: None, pages: vec![page.finish(None)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_that_are_certain_are_decoded() {
        assert_eq!(decode("Größe".as_bytes()), Ok("Größe".to_owned()));
        assert_eq!(decode(b"\xef\xbb\xbfabc"), Ok("abc".to_owned()));
        assert_eq!(decode(b"\xff\xfeG\x00\xf6\x00"), Ok("Gö".to_owned()));
        assert_eq!(decode(b"\xfe\xff\x00G\x00\xf6"), Ok("Gö".to_owned()));
    }

    #[test]
    fn latin_1_is_refused_with_the_line() {
        assert_eq!(decode(b"one\ntwo\nGr\xf6\xdfe"), Err(DocumentError::Encoding { line: 3 }));
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        let document = read("one\r\ntwo\r\n\r\n\r\nthree\n");
        let page = &document.pages[0];
        assert_eq!(page.text, "one\ntwo\n\nthree");
        assert_eq!(page.blocks.len(), 2);
    }
}
