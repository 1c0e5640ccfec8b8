//! Word documents since 2007 (Office Open XML, ECMA-376, part 1): a ZIP archive with XML in it.

mod body;
mod styles;

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::page::title_of;
use super::{Document, DocumentError, Format};

/// The most that the parts that are read may unpack to, each.
const UNPACKED: u64 = 64 * 1024 * 1024;
/// The most entries of the archive; a document with thousands of pictures has fewer.
const MOST_ENTRIES: usize = 20_000;

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| reason_of(&error))?;
    if archive.len() > MOST_ENTRIES {
        return Err(DocumentError::Broken { reason: format!("it has {} parts", archive.len()) });
    }
    let headings = match part(&mut archive, "word/styles.xml")? {
        Some(xml) => styles::heading_levels(&xml)?,
        None => styles::HeadingLevels::by_usual_ids(),
    };
    let xml = part(&mut archive, "word/document.xml")?
        .ok_or_else(|| DocumentError::Broken { reason: "it has no text part".to_owned() })?;
    let mut notes = Vec::new();
    for name in ["word/footnotes.xml", "word/endnotes.xml"] {
        notes.extend(part(&mut archive, name)?);
    }
    let pages = body::read(&xml, &notes, &headings)?;
    Ok(Document { format: Format::Docx, title: title_of(&pages), pages })
}

/// A part of the archive; none when there is none of that name.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(reason_of(&error)),
    };
    // What the archive says about the size is not believed.
    let mut content = Vec::new();
    file.take(UNPACKED + 1).read_to_end(&mut content).map_err(|error| broken(&error))?;
    if content.len() as u64 > UNPACKED {
        return Err(DocumentError::UnpacksTooLarge {
            megabytes: usize::try_from(UNPACKED).unwrap_or(0) / (1024 * 1024),
        });
    }
    Ok(Some(content))
}

fn reason_of(error: &ZipError) -> DocumentError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            DocumentError::Encrypted
        }
        other => broken(other),
    }
}

fn broken(error: &dyn std::fmt::Display) -> DocumentError {
    DocumentError::Broken { reason: error.to_string() }
}

#[cfg(test)]
mod tests;
