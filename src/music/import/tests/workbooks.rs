//! Workbooks, which are read as texts.

use super::{entries_of, first_rows};
use crate::fuzzing;
use crate::music::import::dialect::{self, Dialect, Kind};
use crate::music::import::error::ImportError;
use crate::music::import::head;
use crate::music::import::mapping::Mapping;
use crate::music::import::sheet;
use jiff::civil::date;
use std::io::Cursor;

#[test]
fn a_workbook_is_read_as_a_text() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 2).expect("a day");
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write(0, 0, "Streams by day").expect("a cell");
    for (column, name) in ["artistId", "date", "platform", "streams"].into_iter().enumerate() {
        sheet.write(2, u16::try_from(column).expect("a column"), name).expect("a cell");
    }
    sheet.write(3, 0, "art_1").expect("a cell");
    sheet.write_datetime_with_format(3, 1, &day, &format).expect("a cell");
    sheet.write(3, 2, "spotify").expect("a cell");
    sheet.write(3, 3, 1234.0).expect("a cell");
    let bytes = book.save_to_buffer().expect("a workbook");
    assert_eq!(dialect::sniff(&bytes).expect("a kind"), Kind::Workbook);
    let mut text = Vec::new();
    sheet::copy_as_csv(Cursor::new(bytes), &mut text).expect("it can be read");
    let dialect = Dialect::of_sheets();
    let head = head::find(&first_rows(&text, &dialect)).expect("names of columns");
    assert_eq!(head.line, 3, "rows of the sheet are lines");
    let mapping = Mapping::proposed(&head, dialect);
    let found = entries_of(&text, &mapping);
    let key = ("art_1".to_owned(), date(2026, 11, 2), "spotify".to_owned());
    assert_eq!(found.figures[&key].streams, 1234);
}

/// A workbook whose only sheet has these rows.
fn workbook_of(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let packages = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{packages}\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"a\" sheetId=\"1\" \
                 r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{packages}\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        package.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        package.write_all(text.as_bytes()).expect("it can be written");
    }
    package.finish().expect("a package").into_inner()
}

#[test]
fn cells_at_places_that_no_sheet_has_are_refused() {
    let copied = |rows: &str| {
        let mut text = Vec::new();
        sheet::copy_as_csv(Cursor::new(workbook_of(rows)), &mut text).map(|()| text.len())
    };
    let row = |place: &str| format!("<row><c r=\"{place}\"><v>1</v></c></row>");
    assert_eq!(copied(&row("B2")).expect("it can be read"), "\"\"\n,1\n".len());
    for places in [&["ZZZZZZ1"][..], &["A4294967295"], &["A1048577"], &["XFE1"], &["A3", "A2"]] {
        let rows: String = places.iter().map(|place| row(place)).collect();
        assert!(matches!(copied(&rows), Err(ImportError::Workbook(_))), "{places:?}");
    }
}

/// Whatever was read of a workbook is a text with as many columns in each line as it has.
fn assert_is_a_table(workbook: Vec<u8>) {
    let mut text = Vec::new();
    if sheet::copy_as_csv(Cursor::new(workbook), &mut text).is_ok() {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice());
        assert!(reader.byte_records().all(|row| row.is_ok_and(|row| row.len() <= 16_384)));
        assert!(std::str::from_utf8(&text).is_ok(), "the text is in UTF-8");
    }
}

#[test]
fn fuzz_rows_of_a_workbook() {
    let seeds = [
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>date</t></is></c><c r=\"B1\" t=\"str\"><v>streams</v></c></row>\
         <row r=\"2\"><c r=\"A2\"><v>46000.5</v></c><c r=\"B2\"><v>12</v></c></row>",
        "<row><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"d\"><v>2026-11-01</v></c></row>",
        "<row><c r=\"C3\"><f>SUM(A1:A2)</f><v>-1e9</v></c></row><mergeCell ref=\"A1:B2\"/>",
    ];
    let words = [
        "<row>",
        "</row>",
        "<c r=\"ZZ9\">",
        "</c>",
        "<v>",
        "t=\"s\"",
        "s=\"9\"",
        "r=\"\"",
        "&lt;",
        "&#0;",
        "&a;",
        "<![CDATA[",
        "<!--",
        "A1048577",
        "1e308",
    ];
    fuzzing::text(150, &seeds, &words, |rows| assert_is_a_table(workbook_of(rows)));
}

#[test]
fn fuzz_package_of_a_workbook() {
    let own = workbook_of("<row><c r=\"B2\"><v>1</v></c></row>");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "date").expect("a cell");
    let written = book.save_to_buffer().expect("a workbook");
    let words =
        ["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "xl/workbook.xml", "worksheets/sheet1.xml", "../"];
    fuzzing::bytes(150, &[own.as_slice(), written.as_slice()], &words, |bytes| {
        assert_is_a_table(bytes.to_vec());
    });
}
