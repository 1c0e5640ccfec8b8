//! Lines of statements.

use super::{LATEST, entries_of, label, proposed, survey_of};
use crate::music::import::entries;
use crate::music::import::layout::Subject;
use crate::music::import::reading::Reader;
use crate::music::import::survey::{self, NOBODY};
use jiff::civil::date;

#[test]
fn a_large_month_of_a_statement_is_read_in_pieces_that_come_to_the_same() {
    let line =
        |number: u32| format!("2026-10-15\t2026-09\tSpotify\tSomebody\tElsewhere\t\t\t{number}\t0.5\n");
    let lines: String = (0..400).map(|number| line(number % 300)).collect();
    let head = "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tEarnings (USD)\n";
    let text = format!("{head}{lines}");
    let (_, mapping) = proposed(text.as_bytes());
    // As if there were many more of them.
    let mut found = survey_of(text.as_bytes(), &mapping);
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
    let found = survey_of(text.as_bytes(), &mapping);
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
