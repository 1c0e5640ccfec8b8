//! The first sheet of a workbook as CSV, cell by cell, so that everything after it knows texts only.

use super::error::ImportError;
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};
use jiff::civil::Date;
use std::io::{self, Read, Seek, Write};

/// How much a workbook may unpack to.
const MOST_MEBIBYTES: u64 = 256;

/// The largest workbook; larger tables are exported as CSV.
pub const LARGEST_WORKBOOK: u64 = 64 * 1024 * 1024;

/// Writes the first sheet with anything in it as CSV in UTF-8; each row of the sheet is a line.
///
/// # Errors
/// When it is no workbook, unpacks to too much, or cannot be written.
pub fn copy_as_csv<R: Read + Seek>(mut workbook: R, csv: impl Write) -> Result<(), ImportError> {
    check_size(&mut workbook)?;
    workbook.rewind()?;
    let unreadable = |error: calamine::XlsxError| ImportError::Workbook(error.to_string());
    let mut book = Xlsx::new(workbook).map_err(unreadable)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(csv);
    for sheet in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(unreadable)?;
        let (mut row, mut line): (Vec<String>, u32) = (Vec::new(), 0);
        let mut has_any = false;
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (at, column) = cell.get_position();
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
            writer.flush()?;
            return Ok(());
        }
    }
    Err(ImportError::Empty)
}

fn write_row(writer: &mut csv::Writer<impl Write>, row: &mut Vec<String>) -> Result<(), ImportError> {
    // An empty row is a line, too, or the lines after it would be counted wrong.
    let written = if row.is_empty() { writer.write_record([""]) } else { writer.write_record(row.iter()) };
    row.clear();
    written.map_err(|error| ImportError::Io(io::Error::other(error)))
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
