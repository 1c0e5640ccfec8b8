//! Days before, until or since something: what stands in front of a day moves it.

use super::scan::Token;
use jiff::ToSpan;
use jiff::civil::Date;

/// What a word in front of a day makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// The day before its first.
    Before,
    /// Its last day.
    Until,
    /// From its first day to today.
    Since,
    /// From the day after its last to today.
    After,
}

/// The days that a named day is about, with the words in front of it, and how many words those are. `day` lies
/// somewhere in what the words at `at` name: a day, a month or a year.
pub(super) fn days(
    tokens: &[Token],
    (at, length): (usize, usize),
    day: Date,
    today: Date,
) -> Option<(Vec<Date>, usize)> {
    let (edge, words) = edge(tokens, at)?;
    let (first, last) = period(tokens.get(at..at + length)?, day);
    let until_today = |start: Date| if start < today { vec![start, today] } else { vec![start] };
    let days = match edge {
        Edge::Before => vec![first.yesterday().ok()?],
        Edge::Until => vec![last],
        Edge::Since => until_today(first),
        Edge::After => until_today(last.tomorrow().ok()?),
    };
    Some((days, words))
}

fn edge(tokens: &[Token], at: usize) -> Option<(Edge, usize)> {
    let word =
        |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map(|token| token.lower.as_str());
    // `before the 5th March 2024`.
    let article = usize::from(word(1) == Some("the"));
    let found = match (word(2 + article), word(1 + article)?) {
        (Some("up"), "to" | "until" | "till") => (Edge::Until, 2),
        (_, "until" | "till") => (Edge::Until, 1),
        (_, "before") => (Edge::Before, 1),
        (_, "since") => (Edge::Since, 1),
        (_, "after") => (Edge::After, 1),
        _ => return None,
    };
    Some((found.0, found.1 + article))
}

/// The first and last day of what words name.
fn period(words: &[Token], day: Date) -> (Date, Date) {
    let is_year = |token: &Token| token.lower.len() == 4 && token.lower.parse::<u16>().is_ok();
    let has = |wanted: &str| words.iter().any(|token| token.lower == wanted);
    match words {
        [year] if is_year(year) => (day.first_of_year(), day.last_of_year()),
        [_, _] if has("year") => (day.first_of_year(), day.last_of_year()),
        [_, _] if has("week") => week(day).unwrap_or((day, day)),
        // A month or a season with its year, or `last month`.
        [_, year] if is_year(year) || has("month") => (day.first_of_month(), day.last_of_month()),
        _ => (day, day),
    }
}

/// Monday to Sunday.
fn week(day: Date) -> Option<(Date, Date)> {
    let monday = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?;
    Some((monday, monday.checked_add(6.days()).ok()?))
}
