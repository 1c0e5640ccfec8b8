//! Days, counts and amounts in the notations of all kinds of services.

use super::proposed;
use crate::music::import::day::{self, DayError, DayOrder};
use crate::music::import::evidence;
use crate::music::import::number::{self, Decimal, Mark, NumberError};
use jiff::civil::date;
use proptest::prelude::*;

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
        "2. Nov. 2026",
        "2 novembre 2026",
        "2 de noviembre de 2026",
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
    assert_eq!(day::read("October 1", None), Err(DayError::NoYear));
    let last = date(2026, 11, 2);
    for (text, found) in [
        ("October 1", Some(date(2026, 10, 1))),
        ("2. November", Some(last)),
        ("3 novembre", Some(date(2025, 11, 3))),
        ("February 29", None),
        ("October", None),
    ] {
        assert_eq!(day::read_without_year(text, last), found, "{text}");
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

proptest! {
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
}
