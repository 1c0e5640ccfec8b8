//! What kind of file it is: a workbook, or a text of an encoding with a delimiter.

use super::encoding;
use super::error::ImportError;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// How much of a file's beginning is looked at.
pub const BEGINNING: usize = 64 * 1024;

/// The signs between columns that are known.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many lines are compared.
const LINES: usize = 50;

/// What kind of file it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A workbook of Excel.
    Workbook,
    /// A text.
    Text(Dialect),
}

/// How a text is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// The encoding, by its name on the web.
    pub encoding: String,
    /// The sign between columns.
    pub delimiter: char,
}

impl Dialect {
    /// How sheets are written that were read out of a workbook.
    pub fn of_sheets() -> Self {
        Self { encoding: "UTF-8".to_owned(), delimiter: ',' }
    }

    /// The sign between columns in words.
    pub fn delimiter_in_words(&self) -> &'static str {
        match self.delimiter {
            '\t' => "tabs",
            ';' => "semicolons",
            '|' => "vertical bars",
            _ => "commas",
        }
    }
}

/// Says what kind of file begins like this; `beginning` is at most [`BEGINNING`] bytes.
///
/// # Errors
/// When it is empty, or something that is known to be no table.
pub fn sniff(beginning: &[u8]) -> Result<Kind, ImportError> {
    if beginning.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    if beginning.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Workbook);
    }
    let known: [(&[u8], &'static str); 9] = [
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x1f\x8b", "packed with gzip"),
        (b"\xd0\xcf\x11\xe0", "a workbook of before 2007"),
        (b"RIFF", "a recording"),
        (b"fLaC", "a recording"),
        (b"ID3", "a recording"),
    ];
    if let Some((_, what)) = known.iter().find(|(start, _)| beginning.starts_with(start)) {
        return Err(ImportError::NoTable(what));
    }
    let encoding = encoding::guess(beginning);
    let mut text = String::new();
    // What cannot be decoded has become a sign of its own, so that reading from memory cannot fail.
    encoding::AsUtf8::new(beginning, encoding.name()).read_to_string(&mut text)?;
    let start = text.trim_start().get(..5).unwrap_or_default().to_ascii_lowercase();
    if start == "<html" || start == "<!doc" {
        return Err(ImportError::NoTable("a web page"));
    }
    if text.contains('\0') {
        return Err(ImportError::NoTable("no text"));
    }
    let delimiter = char::from(delimiter(&text));
    Ok(Kind::Text(Dialect { encoding: encoding.name().to_owned(), delimiter }))
}

/// The sign that divides most lines into the same number of columns, more than one.
fn delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut counts = Vec::new();
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        for record in reader.into_records().take(LINES).flatten() {
            counts.push(record.len());
        }
        // The last line may be cut off in the middle.
        if counts.len() > 2 {
            counts.pop();
        }
        let alike = |columns: usize| counts.iter().filter(|count| **count == columns).count();
        let best = counts.iter().copied().filter(|columns| *columns > 1).max_by_key(|c| (alike(*c), *c));
        best.map_or((0, 0), |columns| (alike(columns), columns))
    };
    // Of equal ones the first.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}
