//! Documents of many formats as pages of text: bytes in, pages out, and pages split into passages.
//!
//! The format is found by looking at the content; names and media types are not asked, as people
//! get them wrong. Nothing here touches the disk or the network, and every reader is bounded: a
//! hostile file costs a known amount of time and memory and ends in a [`DocumentError`].

#[cfg(test)]
mod checks;
mod docx;
mod error;
mod format;
mod markdown;
mod page;
mod passages;
mod pdf;
mod plain_text;
mod sentences;

pub use error::DocumentError;
pub use format::Format;
pub use page::{Block, BlockKind, Page};
pub use passages::{Passage, split};
pub use sentences::sentences;

/// The largest file that is read, in bytes; the limit that Bedrock's knowledge bases have, too.
pub const LARGEST_FILE: u64 = 50 * 1024 * 1024;

/// The most text that a document may have, in bytes of UTF-8. A thousand dense pages have 5 MB.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The format that was recognised.
    pub format: Format,
    /// What it calls itself: the first heading of the highest level, or its own properties.
    pub title: Option<String>,
    /// Its pages in order; one, without a number, in formats that have no pages.
    pub pages: Vec<Page>,
}

/// Refuses a file that is too large, before any of it is read.
///
/// # Errors
/// [`DocumentError::TooLarge`].
pub fn check_size(bytes: u64) -> Result<(), DocumentError> {
    if bytes > LARGEST_FILE {
        return Err(DocumentError::TooLarge { bytes, limit: LARGEST_FILE });
    }
    Ok(())
}

/// Reads a document. Takes up to half a minute for the worst of files; call it where that may block.
///
/// # Errors
/// Why the file cannot be read, in words for the person who added it.
pub fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    check_size(bytes.len() as u64)?;
    let document = match Format::of(bytes)? {
        Format::PlainText => plain_text::read(&plain_text::decode(bytes)?),
        Format::Markdown => markdown::read(&plain_text::decode(bytes)?),
        Format::Pdf => pdf::read(bytes)?,
        Format::Docx => docx::read(bytes)?,
    };
    if document.pages.iter().all(|page| page.text.is_empty()) {
        return Err(DocumentError::NoText);
    }
    Ok(document)
}
