//! Why a file cannot be read as a table at all.

/// A file that is no table, or breaks off.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It is something else.
    #[error("the file is {0}, and no table; export it as CSV, TSV or XLSX")]
    NoTable(&'static str),
    /// No line looks like the names of columns.
    #[error("no line with the names of columns was found in the first {0} lines")]
    NoHeader(usize),
    /// More columns than any export has.
    #[error(
        "the table has {found} columns; the most that is read is {most}, so leave out the ones that are not needed"
    )]
    TooManyColumns {
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A row that never ends.
    #[error(
        "the row from line {line} on has more than {most} bytes; a quotation mark is probably opened there and never closed"
    )]
    EndlessRow {
        /// Where it begins.
        line: u64,
        /// How much a row may have.
        most: usize,
    },
    /// A workbook that unpacks to more than it may.
    #[error("the workbook unpacks to more than {0} MiB; export the sheet as CSV")]
    TooMuch(u64),
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read: {0}")]
    Workbook(String),
    /// A table that cannot be read on.
    #[error("the table cannot be read from line {line} on: {detail}")]
    Broken {
        /// Where.
        line: u64,
        /// Why.
        detail: String,
    },
    /// The file itself cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}
