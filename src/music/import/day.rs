//! Days in the notations that exports use, and which of them leave open what is day and what is month.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// The earliest day with figures; earlier ones are mistyped.
pub const EARLIEST: Date = date(2000, 1, 1);

/// What comes first in `01/02/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DayOrder {
    /// The day: 1 February.
    DayFirst,
    /// The month: 2 January.
    MonthFirst,
}

/// A day that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDay {
    /// The day as it is written.
    pub day: Date,
    /// Whether a time with an offset stood beside it, so that it may be another day elsewhere.
    pub has_offset: bool,
}

/// A text that is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// It is none.
    #[error("is no day")]
    None,
    /// There is no such day, such as 31 February.
    #[error("is a day that does not exist")]
    Impossible,
    /// Nobody knows which number is the month.
    #[error("can be two days; say whether the day or the month comes first")]
    Ambiguous,
    /// It names a day and a month only.
    #[error("has no year; give the last day that the file is of")]
    NoYear,
    /// Before figures began.
    #[error("is before {EARLIEST}")]
    TooEarly,
}

/// Reads a day.
///
/// # Errors
/// When it is none, does not exist, or could be two.
pub fn read(text: &str, order: Option<DayOrder>) -> Result<ReadDay, DayError> {
    let text = text.trim();
    let (date, time) = split_time(text);
    let has_offset = time.is_some_and(|time| {
        let time = time.trim();
        time.ends_with('Z') || time.contains('+') || time.contains('-')
    });
    let day = by_name(date).unwrap_or_else(|| by_numbers(date, order))?;
    if day < EARLIEST { Err(DayError::TooEarly) } else { Ok(ReadDay { day, has_offset }) }
}

/// The day, and the time behind it.
fn split_time(text: &str) -> (&str, Option<&str>) {
    if let Some((date, time)) = text.split_once('T')
        && date.len() >= 8
        && date.starts_with(|c: char| c.is_ascii_digit())
    {
        return (date, Some(time));
    }
    match text.split_once(' ') {
        Some((date, time)) if time.contains(':') && !date.is_empty() && numbers(date).is_some() => {
            (date, Some(time))
        }
        _ => (text, None),
    }
}

/// Reads a day that names a month and no year, such as `October 1`: the newest one up to the last day of its file.
/// None where it is no such day.
pub fn read_without_year(text: &str, last: Date) -> Option<Date> {
    let (month, rest) = named(text.trim())?;
    let [day] = rest.as_slice() else { return None };
    let day = without_ordinal(day).parse().ok()?;
    let of = |year: i16| Date::new(year, month, day).ok().filter(|day| *day <= last);
    of(last.year()).or_else(|| of(last.year() - 1))
}

/// `2 Nov 2026`, `Nov 2, 2026`, `2-Nov-26`, `2. November 2026`, `2 de noviembre de 2026`; none where no month is named.
fn by_name(text: &str) -> Option<Result<Date, DayError>> {
    let (month, rest) = named(text)?;
    let found = match rest.as_slice() {
        [day, year] => made(year, Some(month), None, without_ordinal(day)),
        [day] if is_digits(without_ordinal(day)) && without_ordinal(day).len() <= 2 => Err(DayError::NoYear),
        _ => Err(DayError::None),
    };
    Some(found)
}

/// The month that a text names, and its other words.
fn named(text: &str) -> Option<(i8, Vec<&str>)> {
    let is_said = |word: &&str| !word.is_empty() && !["of", "de", "del"].contains(word);
    let mut words: Vec<&str> = text.split([' ', ',', '-', '.', '/']).filter(is_said).collect();
    let (place, month) = words.iter().enumerate().find_map(|(at, word)| Some((at, month(word)?)))?;
    words.remove(place);
    Some((month, words))
}

/// A number of a day without what is written behind it: `2nd`.
fn without_ordinal(day: &str) -> &str {
    day.trim_end_matches(char::is_alphabetic)
}

/// How months begin in English, German, French, Spanish, Portuguese and Italian; what is longer comes first.
#[rustfmt::skip]
const MONTHS: [(&str, i8); 35] = [
    ("juin", 6), ("juil", 7),
    ("jan", 1), ("ene", 1), ("gen", 1), ("feb", 2), ("fév", 2), ("fev", 2), ("mar", 3), ("mär", 3), ("mrz", 3),
    ("apr", 4), ("avr", 4), ("abr", 4), ("may", 5), ("mai", 5), ("mag", 5), ("jun", 6), ("giu", 6),
    ("jul", 7), ("lug", 7), ("aug", 8), ("aoû", 8), ("ago", 8), ("sep", 9), ("set", 9),
    ("oct", 10), ("okt", 10), ("out", 10), ("ott", 10), ("nov", 11), ("dec", 12), ("dez", 12), ("déc", 12), ("dic", 12),
];

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let is_word = word.chars().all(char::is_alphabetic);
    MONTHS.iter().find(|(start, _)| is_word && word.starts_with(start)).map(|(_, month)| *month)
}

/// The three numbers of a day.
fn numbers(text: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    [a, b, c].iter().all(|part| is_number(part)).then_some([a, b, c])
}

/// The first two numbers of a day that ends with its year: one is the day and one the month.
pub(super) fn undecided(text: &str) -> Option<(u32, u32)> {
    let (date, _) = split_time(text.trim());
    let [a, b, _] = numbers(date)?;
    // With points the day comes first wherever they are used.
    (a.len() <= 2 && !date.contains('.')).then(|| Some((a.parse().ok()?, b.parse().ok()?)))?
}

fn by_numbers(text: &str, order: Option<DayOrder>) -> Result<Date, DayError> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return made(&text[..4], None, Some(&text[4..6]), &text[6..]);
    }
    let [a, b, c] = numbers(text).ok_or(DayError::None)?;
    if a.len() == 4 {
        return made(a, None, Some(b), c);
    }
    let Some((first, second)) = undecided(text) else { return made(c, None, Some(b), a) };
    let order = match (order, first > 12, second > 12) {
        (_, true, true) => return Err(DayError::Impossible),
        (Some(order), ..) => order,
        (None, true, false) => DayOrder::DayFirst,
        (None, false, true) => DayOrder::MonthFirst,
        // The second of February is the same in both.
        (None, false, false) if first == second => DayOrder::DayFirst,
        (None, false, false) => return Err(DayError::Ambiguous),
    };
    match order {
        DayOrder::DayFirst => made(c, None, Some(b), a),
        DayOrder::MonthFirst => made(c, None, Some(a), b),
    }
}

fn made(year: &str, named: Option<i8>, month: Option<&str>, day: &str) -> Result<Date, DayError> {
    let year = match (year.len(), year.parse::<i16>()) {
        (2, Ok(year)) => year + 2000,
        (4, Ok(year)) => year,
        _ => return Err(DayError::None),
    };
    let month = match (named, month) {
        (Some(month), _) => month,
        (None, Some(month)) => month.parse().map_err(|_| DayError::None)?,
        (None, None) => return Err(DayError::None),
    };
    let day = day.parse().map_err(|_| DayError::None)?;
    Date::new(year, month, day).map_err(|_| DayError::Impossible)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The month of a period: `2026-09`, `2026M09`, `202609`, `Sep 2026`, `09/2026`, or any day of it.
///
/// # Errors
/// When it is none.
pub fn period(text: &str, order: Option<DayOrder>) -> Result<String, DayError> {
    let text = text.trim();
    let parts: Vec<&str> = match text.split_once('M') {
        // In `2026M09` it stands between numbers; in `Mar 2026` it begins a name.
        Some((year, month)) if is_digits(year) && is_digits(month) => vec![year, month],
        _ => text.split(['-', '/', '.', ' ', '_']).filter(|part| !part.is_empty()).collect(),
    };
    let found = match parts.as_slice() {
        [year, month] | [month, year] if year.len() == 4 && month.len() <= 2 => {
            Some((*year, month.parse::<i8>().ok()))
        }
        [one] if one.len() == 6 && one.is_ascii() => Some((&one[..4], one[4..].parse::<i8>().ok())),
        _ => {
            let words: Vec<&str> = text.split([' ', '-', ',']).filter(|word| !word.is_empty()).collect();
            match words.as_slice() {
                [name, year] if month(name).is_some() && year.len() == 4 => Some((*year, month(name))),
                _ => None,
            }
        }
    };
    match found {
        Some((year, Some(month))) => {
            let first = made(year, Some(month), None, "1")?;
            if first < EARLIEST { Err(DayError::TooEarly) } else { Ok(first.strftime("%Y-%m").to_string()) }
        }
        Some((_, None)) => Err(DayError::None),
        None => read(text, order).map(|found| found.day.strftime("%Y-%m").to_string()),
    }
}
