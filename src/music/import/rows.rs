//! The rows of a text, one after the other, none of them larger than a row can be.

use super::dialect::Dialect;
use super::encoding::AsUtf8;
use super::error::ImportError;
use super::lines::Lines;
use csv::StringRecord;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most bytes of a row.
const LARGEST_ROW: usize = 1024 * 1024;

/// A row with the line on which it begins, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The line.
    pub line: u64,
    /// What the columns say.
    pub cells: StringRecord,
}

impl Row {
    /// What a column says, without blanks around it; nothing where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default().trim()
    }

    /// Whether nothing is said.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The rows of a text.
pub struct Rows<R: Read> {
    reader: csv::Reader<Bounded<Lines<AsUtf8<R>>>>,
    since_row: Arc<AtomicUsize>,
    row: Row,
}

impl<R: Read> Rows<R> {
    /// Reads a text that is written in this way.
    pub fn new(text: R, dialect: &Dialect) -> Self {
        let since_row = Arc::new(AtomicUsize::new(0));
        let delimiter = u8::try_from(dialect.delimiter).unwrap_or(b',');
        let lines = Lines::new(AsUtf8::new(text, &dialect.encoding), delimiter);
        let bounded = Bounded { inner: lines, since_row: Arc::clone(&since_row) };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(bounded);
        Self { reader, since_row, row: Row::default() }
    }

    /// The next row; none at the end. It holds until the next is asked for.
    ///
    /// # Errors
    /// When the text breaks off, or a row never ends.
    pub fn next_row(&mut self) -> Result<Option<&Row>, ImportError> {
        self.since_row.store(0, Ordering::Relaxed);
        let line = self.reader.position().line();
        match self.reader.read_record(&mut self.row.cells) {
            Ok(false) => Ok(None),
            Ok(true) => {
                self.row.line = self.row.cells.position().map_or(line, csv::Position::line);
                Ok(Some(&self.row))
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                    Err(ImportError::EndlessRow { line, most: LARGEST_ROW })
                }
                csv::ErrorKind::Io(error) => Err(error.into()),
                other => Err(ImportError::Broken { line, detail: format!("{other:?}") }),
            },
        }
    }
}

/// A reader that gives up when a row has taken too much.
struct Bounded<R> {
    inner: R,
    since_row: Arc<AtomicUsize>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.since_row.fetch_add(read, Ordering::Relaxed) > LARGEST_ROW {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a row without end"));
        }
        Ok(read)
    }
}
