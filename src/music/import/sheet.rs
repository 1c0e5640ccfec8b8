//! The first sheet of a workbook as CSV, cell by cell, so that everything after it knows texts only.

use super::error::ImportError;
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};
use jiff::civil::Date;
use std::io::{self, Read, Seek, Write};

/// How much a workbook may unpack to.
const MOST_MEBIBYTES: u64 = 256;

/// How much the text of its first sheet may have: cells that repeat a long text, or stand far to the right, are more
/// in a text than in the workbook.
const MOST_TEXT_MEBIBYTES: u64 = 1024;

/// How many rows and columns a sheet of Excel can have.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// The largest workbook; larger tables are exported as CSV.
pub const LARGEST_WORKBOOK: u64 = 64 * 1024 * 1024;

/// Writes the first sheet with anything in it as CSV in UTF-8; each row of the sheet is a line.
///
/// # Errors
/// When it is no workbook, names cells that no sheet has, comes to too much, or cannot be written.
pub fn copy_as_csv<R: Read + Seek>(mut workbook: R, csv: impl Write) -> Result<(), ImportError> {
    check_size(&mut workbook)?;
    workbook.rewind()?;
    let unreadable = |error: calamine::XlsxError| ImportError::Workbook(error.to_string());
    let mut book = Xlsx::new(workbook).map_err(unreadable)?;
    let csv = Capped { inner: csv, left: MOST_TEXT_MEBIBYTES * 1024 * 1024 };
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(csv);
    for sheet in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(unreadable)?;
        let (mut row, mut line): (Vec<String>, u32) = (Vec::new(), 0);
        let mut has_any = false;
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (at, column) = cell.get_position();
            check_place(at, column, line)?;
            let text = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            has_any = true;
            while line < at {
                write_row(&mut writer, &mut row)?;
                line += 1;
            }
            let column = column as usize;
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
        if has_any {
            write_row(&mut writer, &mut row)?;
            writer.flush().map_err(unwritten)?;
            return Ok(());
        }
    }
    Err(ImportError::Empty)
}

/// The reader of workbooks believes any place that a cell names: each row up to it is written, and each column kept.
fn check_place(row: u32, column: u32, line: u32) -> Result<(), ImportError> {
    let refused =
        |why: &str| Err(ImportError::Workbook(format!("a cell in row {} {why}", u64::from(row) + 1)));
    if row >= MOST_ROWS || column >= MOST_COLUMNS {
        return refused("is outside of what a sheet can have");
    }
    if row < line { refused("stands behind cells of later rows") } else { Ok(()) }
}

fn write_row(writer: &mut csv::Writer<impl Write>, row: &mut Vec<String>) -> Result<(), ImportError> {
    // An empty row is a line, too, or the lines after it would be counted wrong.
    let written = if row.is_empty() { writer.write_record([""]) } else { writer.write_record(row.iter()) };
    row.clear();
    written.map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => unwritten(error),
        other => ImportError::Io(io::Error::other(format!("{other:?}"))),
    })
}

fn unwritten(error: io::Error) -> ImportError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => ImportError::TooMuch(MOST_TEXT_MEBIBYTES),
        _ => ImportError::Io(error),
    }
}

/// A writer that takes so many bytes and no more.
struct Capped<W> {
    inner: W,
    left: u64,
}

impl<W: Write> Write for Capped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.left = self.left.checked_sub(written as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Unpacks everything into nothing, because sizes that a package tells can be wrong.
fn check_size(workbook: &mut (impl Read + Seek)) -> Result<(), ImportError> {
    let unreadable = |error: zip::result::ZipError| ImportError::Workbook(error.to_string());
    let most = MOST_MEBIBYTES * 1024 * 1024;
    let mut package = zip::ZipArchive::new(workbook).map_err(unreadable)?;
    if package.index_for_name("xl/workbook.xml").is_none() {
        return Err(ImportError::NoTable("a package without a workbook"));
    }
    let mut left = most;
    for index in 0..package.len() {
        let part = package.by_index(index).map_err(unreadable)?;
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink())?;
        left = left.checked_sub(unpacked).ok_or(ImportError::TooMuch(MOST_MEBIBYTES))?;
    }
    Ok(())
}

/// A cell as the text that a CSV would have: days in ISO 8601, numbers with a point and without grouping.
fn text(value: &DataRef<'_>) -> String {
    let text = match Data::from(value.clone()) {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Bool(is) => is.to_string(),
        Data::DateTime(moment) if moment.is_datetime() => day(moment),
        Data::DateTime(duration) => duration.as_f64().to_string(),
        Data::Error(error) => format!("{error}"),
        Data::Empty => String::new(),
    };
    // A line of the CSV is a row of the sheet.
    text.replace(['\r', '\n'], " ").trim().to_owned()
}

/// The day of a moment of Excel's calendar.
fn day(moment: ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(year), Ok(month), Ok(day)) => {
            Date::new(year, month, day).map_or_else(|_| moment.as_f64().to_string(), |day| day.to_string())
        }
        _ => moment.as_f64().to_string(),
    }
}
