//! Tells the format of a document by its first bytes and its contents.

use super::{DocumentError, plain_text};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text without any markup.
    PlainText,
    /// `CommonMark` with tables.
    Markdown,
    /// PDF.
    Pdf,
    /// Word since 2007: Office Open XML.
    Docx,
}

/// Programs accept a PDF whose header comes within the first kilobyte (PDF 1.7, appendix H.3).
const PDF_HEADER_WITHIN: usize = 1024;
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The name of the stream that an encrypted Office document lies in, as OLE writes names: UTF-16.
const ENCRYPTED_PACKAGE: &str = "EncryptedPackage";

impl Format {
    /// The format of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DocumentError> {
        let unknown = |what| Err(DocumentError::UnknownFormat { what });
        let beginning = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
        if contains(beginning, b"%PDF-") {
            return Ok(Self::Pdf);
        }
        if bytes.starts_with(OLE) {
            let name: Vec<u8> = ENCRYPTED_PACKAGE.encode_utf16().flat_map(u16::to_le_bytes).collect();
            if contains(bytes, &name) {
                return Err(DocumentError::Encrypted);
            }
            return unknown("a file of an old Office version (.doc, .xls or .ppt)");
        }
        if bytes.starts_with(b"PK\x03\x04") {
            // The names of the files in an archive stand in it as they are.
            if contains(bytes, b"word/document.xml") {
                return Ok(Self::Docx);
            }
            return unknown("an archive without a Word document in it");
        }
        for (signature, what) in PICTURES_AND_SOUNDS {
            if bytes.starts_with(signature) {
                return unknown(what);
            }
        }
        if bytes.trim_ascii().is_empty() {
            return Err(DocumentError::Empty);
        }
        if plain_text::is_binary(bytes) {
            return unknown("a file of an unknown, binary format");
        }
        let text = plain_text::decode(bytes)?;
        Ok(if has_markup(&text) { Self::Markdown } else { Self::PlainText })
    }
}

const PICTURES_AND_SOUNDS: [(&[u8], &str); 8] = [
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a sound or video file"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"OggS", "a sound file"),
    (b"{\\rtf", "a rich text file (.rtf)"),
];

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether some line can only be Markdown: a heading with `#`, the rule below a table's head, or a
/// fence around code. Text with less markup reads the same either way.
fn has_markup(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_end();
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading =
            (1..=6).contains(&level) && line.get(level..).is_some_and(|rest| rest.starts_with(' '));
        let is_table_rule = line.starts_with('|')
            && line.contains("--")
            && line.chars().all(|character| matches!(character, '|' | '-' | ':' | ' '));
        is_heading || is_table_rule || line.starts_with("```")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        assert_eq!(Format::of(b"%PDF-1.7\n"), Ok(Format::Pdf));
        assert_eq!(Format::of(b"junk before\n%PDF-1.4"), Ok(Format::Pdf));
        assert_eq!(Format::of(b"# Title\n\ntext"), Ok(Format::Markdown));
        assert_eq!(Format::of(b"a\n\n| a | b |\n|---|---|\n| 1 | 2 |"), Ok(Format::Markdown));
        assert_eq!(Format::of(b"#1 song of the year, and a #hashtag"), Ok(Format::PlainText));
        assert_eq!(Format::of(b"  \n\t "), Err(DocumentError::Empty));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let what = |bytes: &[u8]| Format::of(bytes).map_err(|error| error.to_string());
        assert!(what(b"\x89PNG\r\n\x1a\n").is_err_and(|text| text.contains("PNG picture")));
        assert!(what(b"PK\x03\x04........").is_err_and(|text| text.contains("archive")));
        assert!(what(b"\x00\x01\x02\x03").is_err_and(|text| text.contains("binary")));
        let mut office = OLE.to_vec();
        assert!(what(&office).is_err_and(|text| text.contains("old Office")));
        office.extend(ENCRYPTED_PACKAGE.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Format::of(&office), Err(DocumentError::Encrypted));
    }
}
