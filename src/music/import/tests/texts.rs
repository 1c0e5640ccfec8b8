//! Texts: encodings, lines, sizes, and what is no table.

use super::{LATEST, dialect_of, first_rows, label, proposed};
use crate::fuzzing;
use crate::music::import::day;
use crate::music::import::dialect::{self, Dialect, Kind};
use crate::music::import::error::ImportError;
use crate::music::import::head::{self, LOOKED_AT};
use crate::music::import::mapping::Mapping;
use crate::music::import::number::{self, Decimal};
use crate::music::import::reading::Reader;
use crate::music::import::rows::Rows;
use crate::music::import::sheet;
use crate::music::import::survey;
use proptest::prelude::*;
use std::io::{Cursor, Read};

#[test]
fn texts_of_other_encodings_say_the_same() {
    let text = "Artist;Date;Platform;Streams\nBjörk Å;2026-11-01;Spotify;1\n";
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin 1")).collect();
    let with_mark = format!("\u{feff}{text}").into_bytes();
    for (bytes, encoding) in
        [(utf_16, "UTF-16LE"), (marked, "UTF-16BE"), (latin, "windows-1252"), (with_mark, "UTF-8")]
    {
        let dialect = dialect_of(&bytes);
        assert_eq!((dialect.encoding.as_str(), dialect.delimiter), (encoding, ';'));
        let rows = first_rows(&bytes, &dialect);
        assert_eq!((rows[0].cell(0), rows[1].cell(0)), ("Artist", "Björk Å"), "{encoding}");
    }
}

#[test]
fn what_is_no_table_is_named() {
    let named = |bytes: &[u8]| dialect::sniff(bytes).expect_err("no table").to_string();
    assert!(named(b"%PDF-1.7").contains("a PDF"));
    assert!(named(b"<!DOCTYPE html><table>").contains("a web page"));
    assert!(named(b" \r\n").contains("empty"));
    assert!(matches!(head::find(&[]), Err(ImportError::NoHeader(_))));
    let wide = format!("date,streams{}\n", ",more".repeat(head::MOST_COLUMNS));
    let rows = first_rows(wide.as_bytes(), &dialect_of(wide.as_bytes()));
    assert!(matches!(head::find(&rows), Err(ImportError::TooManyColumns { .. })));
    assert!(sheet::copy_as_csv(Cursor::new(b"PK\x03\x04 and no more"), Vec::new()).is_err());
}

#[test]
fn each_row_names_the_line_on_which_an_editor_shows_it() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "", "\"two", "lines\",2", "5\" disc,3", "", "", "last,4"].join(end);
        let mut rows = Rows::new(text.as_bytes(), &Dialect::of_sheets());
        let mut lines = Vec::new();
        while let Some(row) = rows.next_row().expect("rows") {
            if !row.is_blank() {
                lines.push((row.line, row.cell(1).to_owned()));
            }
        }
        let lines: Vec<_> = lines.iter().map(|(line, cell)| (*line, cell.as_str())).collect();
        let expected = [(1, "b"), (3, "2"), (5, "3"), (8, "4")];
        // A single return within quotation marks is no line to the reader of rows.
        if end != "\r" {
            assert_eq!(lines, expected, "{end:?}");
        }
    }
}

/// A text that is made while it is read.
struct Endless {
    line: u64,
    last: u64,
    piece: Cursor<Vec<u8>>,
    make: fn(u64) -> String,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.piece.read(buffer)?;
        if read > 0 || self.line == self.last {
            return Ok(read);
        }
        self.line += 1;
        self.piece = Cursor::new((self.make)(self.line).into_bytes());
        self.piece.read(buffer)
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_the_reading() {
    let (_, mapping) = proposed(b"artistId,date,platform,streams\n");
    let make = |line: u64| if line == 1 { "\"art_1,".to_owned() } else { "x,2026-11-01\n".to_owned() };
    let mut rows =
        Rows::new(Endless { line: 0, last: u64::MAX, piece: Cursor::default(), make }, &mapping.dialect);
    assert!(matches!(rows.next_row(), Err(ImportError::EndlessRow { line: 1, .. })));
}

#[test]
fn a_large_file_leaves_nothing_behind_but_what_is_counted() {
    let head = b"artistId,date,platform,streams\n";
    let (_, mapping) = proposed(head);
    let directory = label();
    let reader = Reader { mapping: &mapping, directory: &directory, latest: LATEST };
    let make = |line: u64| {
        format!("art_{},2026-{:02}-0{},spotify,{line}\n", line % 2 + 1, line % 9 + 1, line % 9 + 1)
    };
    let text = head.chain(Endless { line: 0, last: 1_200_000, piece: Cursor::default(), make });
    let found = survey::of(text, reader, |_| true).expect("it can be read").expect("it goes on");
    assert_eq!((found.rows, found.usable, found.shelves.len()), (1_200_000, 1_200_000, 18));
    let parts = found.parts();
    assert!(parts.len() > 1 && parts.iter().all(|part| part.rows <= survey::ROWS_OF_A_PART));
    assert_eq!(parts.iter().map(|part| part.rows).sum::<u64>(), found.usable);
}

proptest! {
    #[test]
    fn nothing_that_is_read_makes_a_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        if let Ok(Kind::Text(dialect)) = dialect::sniff(&bytes) {
            let mut rows = Rows::new(bytes.as_slice(), &dialect);
            while let Ok(Some(row)) = rows.next_row() {
                for cell in &row.cells {
                    let _ = (number::count(cell), Decimal::read(cell, None), day::read(cell, None));
                    let _ = day::period(cell, None);
                }
            }
        }
    }
}

#[test]
fn fuzz_export_of_figures() {
    let seeds: [&[u8]; 3] = [
        b"Artist;Date;Platform;Streams\nNora Vale;2026-11-01;Spotify;1\n",
        b"Title,Artist,Country,11/2/2026\n\"Night, Drive\",Glass Harbour,NO,1.234\nTotal,,,1.234\n",
        b"isrc\treporting month\tstore\tquantity\tearnings (USD)\nNO-A1B-26-00042\t2026-10\tSpotify\t7\t0,021\n",
    ];
    let words = [
        "Artist",
        "Streams",
        "2026-11-01",
        "spotify",
        "NO",
        "\"",
        ";",
        "\t",
        "1.234,56",
        "-0.1",
        "USD",
        "Total",
    ];
    fuzzing::bytes(300, &seeds, &words, |bytes| {
        let Ok(Kind::Text(dialect)) = dialect::sniff(bytes) else { return };
        let mut rows = Rows::new(bytes, &dialect);
        let mut first = Vec::new();
        while first.len() < LOOKED_AT
            && let Ok(Some(row)) = rows.next_row()
        {
            first.push(row.clone());
        }
        let Ok(head) = head::find(&first) else { return };
        let (mapping, directory) = (Mapping::proposed(&head, dialect), label());
        let reader = Reader { mapping: &mapping, directory: &directory, latest: LATEST };
        if let Ok(Some(survey)) = survey::of(bytes, reader, |_| true) {
            assert!(survey.usable <= survey.rows, "{} of {}", survey.usable, survey.rows);
            assert!(survey.problems.len() <= survey::MOST_PROBLEMS);
        }
    });
}
