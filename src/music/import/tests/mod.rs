//! Exports as services write them, in our own words, and files that nobody should have to import.

mod artists;
mod figures;
mod notations;
mod statements;
mod texts;
mod workbooks;

use crate::music::import::dialect::{self, Dialect, Kind};
use crate::music::import::directory::Directory;
use crate::music::import::entries;
use crate::music::import::head::{self, Head, LOOKED_AT};
use crate::music::import::mapping::Mapping;
use crate::music::import::reading::Reader;
use crate::music::import::rows::{Row, Rows};
use crate::music::import::survey::{self, Part, Survey};
use jiff::civil::{Date, date};

const LATEST: Date = date(2026, 11, 27);

fn label() -> Directory {
    let mut label = Directory::default();
    label.add_artist("art_1", "Nora Vale");
    label.add_artist("art_2", "Glass Harbour");
    label.add_artist("art_3", "Nora  VALE");
    label.add_recording("NO-A1B-26-00042", "art_1", "Night Drive");
    label.add_release("0602445790098", "art_2");
    label
}

fn dialect_of(text: &[u8]) -> Dialect {
    match dialect::sniff(&text[..text.len().min(dialect::BEGINNING)]).expect("a table") {
        Kind::Text(dialect) => dialect,
        Kind::Workbook => panic!("it is a text"),
    }
}

fn first_rows(text: &[u8], dialect: &Dialect) -> Vec<Row> {
    let mut rows = Rows::new(text, dialect);
    let mut first = Vec::new();
    while let Some(row) = rows.next_row().expect("rows") {
        first.push(row.clone());
        if first.len() == LOOKED_AT {
            break;
        }
    }
    first
}

fn proposed(text: &[u8]) -> (Head, Mapping) {
    let dialect = dialect_of(text);
    let head = head::find(&first_rows(text, &dialect)).expect("names of columns");
    let mapping = Mapping::proposed(&head, dialect);
    (head, mapping)
}

fn survey_of(text: &[u8], mapping: &Mapping) -> Survey {
    let directory = label();
    let reader = Reader { mapping, directory: &directory, latest: LATEST };
    survey::of(text, reader, |_| true).expect("it can be read").expect("it goes on")
}

fn entries_of(text: &[u8], mapping: &Mapping) -> entries::Entries {
    let directory = label();
    let reader = Reader { mapping, directory: &directory, latest: LATEST };
    let all = Part::of_shelves((String::new(), String::new()), ("~".to_owned(), String::new()), 0);
    entries::of(text, reader, &all, |_| true).expect("it can be read").expect("it goes on")
}
