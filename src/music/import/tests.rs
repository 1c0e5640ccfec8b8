//! Exports as services write them, in our own words, and files that nobody should have to import.

use super::day::{self, DayError, DayOrder};
use super::dialect::{self, Dialect, Kind};
use super::directory::Directory;
use super::entries;
use super::error::ImportError;
use super::evidence;
use super::field::Field;
use super::head::{self, Head, LOOKED_AT};
use super::layout::{self, Subject};
use super::mapping::Mapping;
use super::number::{self, Decimal, Mark, NumberError};
use super::reading::Reader;
use super::rows::{Row, Rows};
use super::sheet;
use super::survey::{self, NOBODY, Part, Survey};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::io::{Cursor, Read};

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

fn survey(text: &[u8], mapping: &Mapping) -> Survey {
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

#[test]
fn each_known_layout_is_known_again_by_its_columns() {
    for layout in layout::LAYOUTS {
        let names: Vec<String> = layout.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let best = layout::fits(&names)[0];
        assert_eq!((best.layout.id, best.score), (layout.id, 100));
        assert!(layout.needs.iter().all(|need| names.iter().any(|name| name == need)), "{}", layout.id);
        for (_, field) in layout.columns.iter().filter(|(_, field)| *field != Field::Ignored) {
            let times = layout.columns.iter().filter(|(_, other)| other == field).count();
            assert_eq!(times, 1, "{}: {field:?}", layout.id);
        }
    }
}

#[test]
fn a_timeline_says_everything_but_the_artist() {
    let text = b"date,listeners,streams,followers\n2026-11-01,80,120,1000\n2026-11-02,90,140,1003\n";
    let (_, mut mapping) = proposed(text);
    assert_eq!(mapping.layout.as_deref(), Some("spotifyTimeline"));
    assert_eq!(mapping.missing()[0].0, "artist");
    mapping.artist = Some("art_1".to_owned());
    assert!(mapping.missing().is_empty());
    let found = entries_of(text, &mapping);
    let key = ("art_1".to_owned(), date(2026, 11, 2), "spotify".to_owned());
    let day = &found.figures[&key];
    assert_eq!((day.streams, day.listeners, day.followers, day.saves), (140, Some(90), Some(1003), None));
}

#[test]
fn plays_of_songs_and_countries_are_added_up_and_listeners_are_not() {
    let text = "Report of plays\n\nDate;Artist;Song;Country or Region;Plays;Listeners\n\
        02.11.2026;Glass Harbour;Tide;Germany;1.200;7\n02.11.2026;Glass Harbour;Tide;NO;30;3\n\
        02.11.2026;Glass Harbour;Tide;NO;30;3\n02.11.2026;Glass Harbour;Tide;NO;31;3\n";
    let (head, mapping) = proposed(text.as_bytes());
    assert_eq!((head.line, mapping.layout.as_deref()), (3, Some("appleMusicPlays")));
    let found = entries_of(text.as_bytes(), &mapping);
    let key = ("art_2".to_owned(), date(2026, 11, 2), "appleMusic".to_owned());
    let day = &found.figures[&key];
    assert_eq!((day.streams, day.listeners, day.lines), (1261, None, 3));
    assert_eq!(day.territories.get("DE"), Some(&1200));
    assert_eq!((found.repeated, found.joined), (1, 1), "only what is the same word for word is a repeat");
}

#[test]
fn two_offers_of_a_store_are_added_up_and_the_whole_world_is_no_territory() {
    let text = "artistId,date,platform,territory,streams\n\
        art_1,2026-11-01,Amazon Prime,NO,5\nart_1,2026-11-01,Amazon Unlimited,NO,5\n\
        art_1,2026-11-02,spotify,Worldwide,10\nart_1,2026-11-02,spotify,NO,4\nart_1,2026-11-02,spotify,SE,3\n\
        art_1,2026-11-03,spotify,NO,4\nart_1,2026-11-03,spotify,,1\n";
    let (_, mapping) = proposed(text.as_bytes());
    let found = entries_of(text.as_bytes(), &mapping);
    let told: Vec<_> = found
        .figures
        .values()
        .map(|day| (day.streams, day.territories.get("NO").copied(), day.territories.get("ZZ").copied()))
        .collect();
    assert_eq!(told, [(10, Some(10), None), (10, Some(4), Some(3)), (5, Some(4), Some(1))]);
    assert_eq!((found.repeated, found.joined, found.worldwide), (0, 1, 1));
}

#[test]
fn a_label_that_knows_somebody_else_by_a_code_or_name_has_another_digest() {
    let before = label().digest();
    assert_eq!(before, label().digest());
    let mut newcomer = label();
    newcomer.add_artist("art_0", "Newcomer");
    let mut moved = label();
    moved.add_recording("NO-A1B-26-00042", "art_2", "Night Drive");
    assert!(newcomer.digest() != before && moved.digest() != before);
}

#[test]
fn a_name_that_two_artists_have_is_nobody_until_somebody_says_who() {
    let text = b"date,store,artist,track,isrc,country code,streams\n\
        2026-11-01,Spotify,Nora Vale,New,,NO,5\n2026-11-01,Spotify,Nora Vale,Night Drive,NOA1B2600042,NO,7\n\
        2026-11-01,Napster,Nora Vale,Night Drive,NOA1B2600042,NO,9\n";
    let (_, mut mapping) = proposed(text);
    let found = survey(text, &mapping);
    assert_eq!((found.usable, found.of_unknown, found.rows), (1, 1, 3));
    assert_eq!(found.unknown.keys().collect::<Vec<_>>(), ["Nora Vale"]);
    assert_eq!(found.other_platforms.get("Napster"), Some(&1));
    mapping.artists.insert("Nora Vale".to_owned(), Some("art_3".to_owned()));
    assert_eq!(survey(text, &mapping).usable, 2);
    mapping.artists.insert("Nora Vale".to_owned(), None);
    assert_eq!(survey(text, &mapping).left_out, 1);
}

#[test]
fn what_is_wrong_is_told_by_line_and_column_and_nothing_of_the_line_is_used() {
    let text = b"artistId,date,platform,territory,streams\n\
        art_1,2026-11-01,spotify,NO,-5\nart_1,2026-02-30,spotify,NO,5\nart_1,2027-01-01,spotify,NO,5\n\
        art_1,2026-11-01,spotify,Atlantis,many\n\"=cmd|' /C calc'!A0\",2026-11-01,spotify,NO,5\n\
        art_1,2026-11-01,spotify,NO,0\n";
    let (_, mapping) = proposed(text);
    let found = survey(text, &mapping);
    let told: Vec<_> =
        found.problems.iter().map(|p| (p.line, p.column.as_str(), p.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, "Streams", "is below zero"),
            (3, "Day", "is a day that does not exist"),
            (4, "Day", "has not come yet"),
            (5, "Territory", "is no territory that is known"),
            (5, "Streams", "is no number"),
        ]
    );
    assert_eq!((found.wrong, found.usable, found.rows), (4, 1, 6));
    assert_eq!(found.unknown.keys().collect::<Vec<_>>(), ["=cmd|' /C calc'!A0"]);
}

#[test]
fn one_line_decides_what_comes_first_in_all_days_of_the_column() {
    let asked = |text: &[u8]| {
        let (_, mut mapping) = proposed(text);
        let told = evidence::of(text, &mapping).expect("it can be read");
        let open = evidence::decide(&mut mapping, told);
        (mapping.order, open.iter().map(|(field, _)| *field).collect::<Vec<_>>())
    };
    let head = "artistId,date,platform,streams\n";
    let open = format!("{head}art_1,01/02/2026,spotify,1\n");
    assert_eq!(asked(open.as_bytes()), (None, vec!["order"]));
    let decided = format!("{open}art_1,13/02/2026,spotify,1\n");
    assert_eq!(asked(decided.as_bytes()), (Some(DayOrder::DayFirst), vec![]));
    let american = format!("{open}art_1,02/13/2026,spotify,1\n");
    assert_eq!(asked(american.as_bytes()), (Some(DayOrder::MonthFirst), vec![]));
    let mixed = format!("{decided}art_1,02/13/2026,spotify,1\n");
    assert_eq!(asked(mixed.as_bytes()), (None, vec!["order"]));
}

#[test]
fn the_same_day_is_read_in_all_its_notations() {
    for text in [
        "2026-11-02",
        "2026/11/02",
        "02.11.2026",
        "2.11.26",
        "20261102",
        "2 Nov 2026",
        "Nov 2, 2026",
        "2-Nov-26",
        "November 2nd 2026",
        "2026-11-02T23:30:00-08:00",
        "2026-11-02 07:00:00",
    ] {
        assert_eq!(day::read(text, None).map(|read| read.day), Ok(date(2026, 11, 2)), "{text}");
    }
    assert!(day::read("2026-11-02T23:30:00-08:00", None).expect("a day").has_offset);
    assert_eq!(day::read("02/11/2026", None), Err(DayError::Ambiguous));
    assert_eq!(day::read("02/11/2026", Some(DayOrder::MonthFirst)).expect("a day").day, date(2026, 2, 11));
    for text in ["", "Total", "31.02.2026", "2026-13-01", "1999-12-31", "=1+1", "٢٠٢٦-11-02", "11/2026"] {
        assert!(day::read(text, None).is_err(), "{text}");
    }
    for text in ["2026-09", "09/2026", "202609", "Sep 2026", "2026M09", "2026-09-30"] {
        assert_eq!(day::period(text, None).as_deref(), Ok("2026-09"), "{text}");
    }
    let names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    for (month, name) in (1..).zip(names) {
        let short = &name[..3];
        for text in [format!("{short} 2026"), format!("{short}-2026"), format!("{name} 2026")] {
            assert_eq!(day::period(&text, None), Ok(format!("2026-{month:02}")), "{text}");
        }
    }
}

#[test]
fn counts_may_be_grouped_and_are_whole() {
    for text in ["1234", "1,234", "1.234", "1 234", "1\u{202f}234", "1'234", "1234.0", "+1234"] {
        assert_eq!(number::count(text), Ok(1234), "{text}");
    }
    assert_eq!(number::count("-0"), Ok(0));
    assert_eq!(number::count("-3"), Err(NumberError::Negative));
    assert_eq!(number::count("1.5"), Err(NumberError::Fraction));
    assert_eq!(number::count("9999999999999"), Err(NumberError::TooLarge));
    for text in ["", "-", "=1", "1e3", "0x10", "12,34,", "NaN"] {
        assert!(number::count(text).is_err(), "{text}");
    }
}

#[test]
fn amounts_are_exact_and_doubt_is_told() {
    let read = |text: &str, mark| Decimal::read(text, mark).map(|amount| amount.to_string());
    assert_eq!(read("1,234.5600", None).as_deref(), Ok("1234.56"));
    assert_eq!(read("1.234,56", None).as_deref(), Ok("1234.56"));
    assert_eq!(read("0,00123456789", None).as_deref(), Ok("0.00123456789"));
    assert_eq!(read("$1-2", None), Err(NumberError::None));
    assert_eq!(read("($12.50)", None).as_deref(), Ok("-12.5"));
    assert_eq!(read("1.2E-05", None).as_deref(), Ok("0.000012"));
    assert_eq!(read("1,234", None), Err(NumberError::Ambiguous));
    assert_eq!(read("1,234", Some(Mark::Comma)).as_deref(), Ok("1.234"));
    assert_eq!(read("1,234", Some(Mark::Point)).as_deref(), Ok("1234"));
    let cent = |text: &str| Decimal::read(text, None).expect("an amount").in_minor_units(2);
    assert_eq!(
        (cent("0.005"), cent("-0.005"), cent("0.0049"), cent("7")),
        (Some(1), Some(-1), Some(0), Some(700))
    );
}

#[test]
fn a_large_month_of_a_statement_is_read_in_pieces_that_come_to_the_same() {
    let line =
        |number: u32| format!("2026-10-15\t2026-09\tSpotify\tSomebody\tElsewhere\t\t\t{number}\t0.5\n");
    let lines: String = (0..400).map(|number| line(number % 300)).collect();
    let head = "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tEarnings (USD)\n";
    let text = format!("{head}{lines}");
    let (_, mapping) = proposed(text.as_bytes());
    // As if there were many more of them.
    let mut found = survey(text.as_bytes(), &mapping);
    for rows in found.shelves.values_mut() {
        *rows = survey::ROWS_OF_A_PART * 2 + 1;
    }
    found.shelves.insert(("art_1".to_owned(), "2026-09".to_owned()), 7);
    let parts = found.parts();
    assert_eq!(parts.len(), 4, "three pieces, and another shelf that is added to none of them");
    assert_eq!(parts.iter().map(|part| part.rows).sum::<u64>(), survey::ROWS_OF_A_PART * 2 + 8);
    let directory = label();
    let reader = Reader { mapping: &mapping, directory: &directory, latest: LATEST };
    let mut pieces = Vec::new();
    for part in &parts {
        let read = entries::of(text.as_bytes(), reader, part, |_| true).expect("it can be read");
        let names: Vec<_> = read.expect("it goes on").sales.into_keys().collect();
        assert!(names.len() < 300, "no piece has all of it");
        pieces.extend(names);
    }
    let whole: Vec<_> = entries_of(text.as_bytes(), &mapping).sales.into_keys().collect();
    assert_eq!(pieces, whole, "in the same order, alike ones numbered alike");
}

#[test]
fn a_statement_keeps_each_line_also_of_what_nobody_knows() {
    let text = "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tEarnings (USD)\n\
        2026-10-15\t2026-09\tSpotify\tNora Vale\tNight Drive\tNOA1B2600042\t\t10\t0.03512345\n\
        2026-10-15\t2026-09\tSpotify\tNora Vale\tNight Drive\tNOA1B2600042\t\t10\t0.03512345\n\
        2026-10-15\t2026-09\tiTunes\tSomebody\tElsewhere\tXXX000000000\t\t-1\t-0.7\n";
    let (_, mapping) = proposed(text.as_bytes());
    assert_eq!((mapping.layout.as_deref(), mapping.subject), (Some("distroKidSales"), Subject::Statement));
    assert_eq!((mapping.dialect.delimiter, mapping.currency.as_deref()), ('\t', Some("USD")));
    let found = survey(text.as_bytes(), &mapping);
    let (sum, lines) = found.currencies["USD"];
    assert_eq!((sum.map(|sum| sum.to_string()).as_deref(), lines), (Some("-0.6297531"), 3));
    assert_eq!((found.unmatched_lines, found.below_zero), (1, 1));
    assert_eq!(found.unmatched()[0].title, "Elsewhere");
    let kept = entries_of(text.as_bytes(), &mapping).sales;
    assert_eq!(kept.keys().filter(|(whose, _)| whose == "art_1").count(), 2, "two lines alike are two sales");
    assert_eq!(kept.keys().filter(|(whose, _)| whose == NOBODY).count(), 1);
    assert!(kept.values().all(|sale| sale.reported_on == Some(date(2026, 10, 15))), "the day of the report");
    let next = text.replace("2026-10-15", "2026-11-15");
    let corrected = entries_of(next.as_bytes(), &mapping).sales;
    assert!(corrected.keys().all(|name| !kept.contains_key(name)), "the next report says it once more");
    let hyphens = text.replace("NOA1B2600042", "NO-A1B-26-00042");
    assert!(entries_of(hyphens.as_bytes(), &mapping).sales.keys().eq(kept.keys()), "a code is a code");
    let names: Vec<_> = kept.keys().cloned().collect();
    let again: Vec<_> = entries_of(text.as_bytes(), &mapping).sales.into_keys().collect();
    assert_eq!(names, again, "each copy of the statement gives its lines the same names");
}

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
fn a_social_network_needs_no_streams_and_a_name_of_two_is_asked_about() {
    let text = b"artistId,date,platform,views,likes,followers\nart_1,2026-11-01,TIKTOK,900,30,5000\n\
        art_1,2026-11-01,Facebook/Instagram,7,1,80\nart_1,2026-11-01,Deezer,7,1,80\n\
        art_1,2026-11-01,YouTube,40,2,\nart_1,2026-11-02,TikTok,,,\n";
    let (_, mut mapping) = proposed(text);
    assert!(mapping.missing().is_empty());
    let found = survey(text, &mapping);
    assert_eq!((found.usable, found.wrong, found.other_platforms.len()), (2, 2, 1));
    let notes = found.notes(&label());
    assert!(notes.iter().any(|note| note.contains("1 lines of Facebook/Instagram?")), "{notes:?}");
    let kept = entries_of(text, &mapping).figures;
    let day = &kept[&("art_1".to_owned(), date(2026, 11, 1), "tiktok".to_owned())];
    assert_eq!((day.streams, day.followers, day.engagement.get(&Field::Views)), (0, Some(5000), Some(&900)));
    assert!(kept.contains_key(&("art_1".to_owned(), date(2026, 11, 1), "youtube".to_owned())));
    mapping.platform = Some("instagram".to_owned());
    assert_eq!(survey(text, &mapping).usable, 3);
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

#[test]
fn a_quotation_mark_that_is_never_closed_ends_the_reading() {
    let (_, mapping) = proposed(b"artistId,date,platform,streams\n");
    let make = |line: u64| if line == 1 { "\"art_1,".to_owned() } else { "x,2026-11-01\n".to_owned() };
    let mut rows =
        Rows::new(Endless { line: 0, last: u64::MAX, piece: Cursor::default(), make }, &mapping.dialect);
    assert!(matches!(rows.next_row(), Err(ImportError::EndlessRow { line: 1, .. })));
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

    #[test]
    fn no_text_makes_a_reader_fall(text in "\\PC{0,40}") {
        let _ = (number::count(&text), Decimal::read(&text, None), day::read(&text, None), day::period(&text, None));
    }

    #[test]
    fn what_is_written_is_read_again(mantissa in -1_000_000_000_000_i128..1_000_000_000_000, scale in 0_u32..12) {
        let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
        let sign = if mantissa < 0 { "-" } else { "" };
        let (point, comma) = (format!("{sign}{whole}.{fraction}"), format!("{sign}{whole},{fraction}"));
        let read = Decimal::read(&point, Some(Mark::Point)).expect("an amount");
        prop_assert_eq!(Decimal::read(&comma, Some(Mark::Comma)).expect("an amount"), read);
        prop_assert_eq!(Decimal::read(&read.to_string(), Some(Mark::Point)).expect("an amount"), read);
    }

    #[test]
    fn no_line_is_lost_or_counted_twice(
        lines in proptest::collection::vec((1_u32..=3, 1_u32..=28, 0_u64..1000, 0_usize..3), 0..60)
    ) {
        let mut text = "artistId,date,platform,territory,streams\n".to_owned();
        let mut sum = 0;
        let mut seen = std::collections::BTreeSet::new();
        for (artist, day, streams, territory) in &lines {
            let territory = ["NO", "SE", "DE"][*territory];
            text.extend([format!("art_{artist},2026-09-{day:02},spotify,{territory},{streams}\n")]);
            if seen.insert((*artist, *day, territory, *streams)) {
                sum += streams;
            }
        }
        let (_, mapping) = proposed(text.as_bytes());
        let found = entries_of(text.as_bytes(), &mapping);
        prop_assert_eq!(found.figures.values().map(|figures| figures.streams).sum::<u64>(), sum);
        let used: u64 = found.figures.values().map(|figures| figures.lines).sum();
        prop_assert_eq!(used + found.repeated, lines.len() as u64);
        for figures in found.figures.values() {
            prop_assert_eq!(figures.territories.values().sum::<u64>(), figures.streams);
        }
        // Divided into parts the work comes to the same.
        let survey = survey(text.as_bytes(), &mapping);
        prop_assert_eq!(survey.usable, lines.len() as u64);
    }
}

#[test]
fn recordings_and_what_is_beside_listening_are_added_up_and_levels_are_not() {
    let text = "artistId,date,platform,territory,isrc,streams,likes,playlist reach,playlistReach\n\
        art_1,2026-11-01,spotify,,NO-A1B-26-00042,100,3,9,50\n\
        art_1,2026-11-01,spotify,NO,NOA1B2600042,60,2,9,40\nart_1,2026-11-01,spotify,SE,none,7,4,9,\n\
        art_1,2026-11-02,spotify,NO,,5,,9,40\n";
    let (_, mapping) = proposed(text.as_bytes());
    let found = entries_of(text.as_bytes(), &mapping).figures;
    let day = |day: i8| &found[&("art_1".to_owned(), date(2026, 11, day), "spotify".to_owned())];
    // However the code is written, the line for the whole world has that of Norway in it.
    let tracks: Vec<_> = day(1).tracks.iter().map(|(isrc, streams)| (isrc.as_str(), *streams)).collect();
    assert_eq!((day(1).streams, tracks), (107, vec![("NOA1B2600042", 100)]));
    assert_eq!(day(1).engagement.iter().collect::<Vec<_>>(), [(&Field::Likes, &7)]);
    assert_eq!(day(2).engagement.get(&Field::PlaylistReach), Some(&40));
    assert!(day(2).tracks.is_empty());
}

#[test]
fn lines_about_others_are_wrong_where_only_some_artists_may_be_meant() {
    let text =
        b"date,store,artist,track,isrc,country code,streams\n2026-11-01,Spotify,Glass Harbour,A,,NO,5\n\
        2026-11-01,Spotify,Nobody,B,,NO,6\n2026-11-01,Spotify,X,C,NO-A1B-26-00042,NO,7\n";
    let (_, mapping) = proposed(text);
    let mut directory = label();
    let open = directory.digest();
    directory.limit_to(["art_1".to_owned()].into());
    assert_ne!(directory.digest(), open);
    assert!(directory.likely("Glass Harbor").is_empty());
    let reader = Reader { mapping: &mapping, directory: &directory, latest: LATEST };
    let found = survey::of(&text[..], reader, |_| true).expect("it can be read").expect("it goes on");
    let lines: Vec<_> = found.problems.iter().map(|problem| problem.line).collect();
    assert_eq!((lines, found.usable, found.of_unknown), (vec![2, 3], 1, 0));
}
