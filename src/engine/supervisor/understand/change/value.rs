//! The new value of an order, as the record takes it.

use super::order::{Order, Wanted};
use super::{Attribute, nothing_left, refusal};
use crate::engine::supervisor::understand::period::{self, Direction};
use crate::engine::supervisor::understand::refusal::unknown_genre;
use crate::engine::supervisor::understand::text::{Text, words_of};
use crate::engine::supervisor::understand::{Known, KnownRelease, Understanding, genres};
use crate::model::task::Problem;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The longest title, in characters: as `update_release_data` takes it.
const LONGEST_TITLE: usize = 200;

const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// What a release can be, and what people call it.
const STATES: [(&str, &[&str]); 4] = [
    ("draft", &["draft", "a draft"]),
    ("scheduled", &["scheduled"]),
    ("released", &["released", "out", "live"]),
    ("withdrawn", &["withdrawn", "taken down", "off"]),
];

/// The new value. `after` are its words, without names.
///
/// # Errors
/// A refusal where there is none, it is none of the attribute's, or it is what the release has already.
pub(super) fn of(
    order: &Order<'_>,
    after: &mut Text,
    release: &KnownRelease,
    known: &Known,
) -> Result<String, Understanding> {
    let not = Understanding::Not;
    if order.wanted == Wanted::Withdrawn {
        return Ok("withdrawn".to_owned());
    }
    let said = order.value.map(str::trim).filter(|said| !said.is_empty());
    let said = said.ok_or_else(|| not(refusal::no_value(order.attribute, release)))?;
    match order.attribute {
        Attribute::ReleaseDate => {
            let day = match order.wanted {
                Wanted::Shifted => shifted(order, said, release).map_err(not)?,
                Wanted::Said | Wanted::Withdrawn => day(order, said, after, known)?,
            };
            fits(day, release, known).map_err(not)?;
            Ok(day.to_string())
        }
        Attribute::Title => {
            let title = title(said).map_err(not)?;
            let is_as_now = title == release.title;
            if is_as_now { Err(not(refusal::is_so_already(order.attribute, release))) } else { Ok(title) }
        }
        Attribute::Genre => {
            let genre = genres::known(unquoted(said), &known.genres);
            let unknown = || not(unknown_genre(unquoted(said), known));
            genre.map(str::to_owned).ok_or_else(unknown)
        }
        Attribute::Status => state(said).map(str::to_owned).ok_or_else(|| not(refusal::no_status(said))),
    }
}

/// The one day that the words name, and nothing else.
fn day(order: &Order<'_>, said: &str, after: &mut Text, known: &Known) -> Result<Date, Understanding> {
    let not = Understanding::Not;
    let named = period::read(after, known.today, Direction::Future);
    let one = named.period.filter(|period| period.from == period.to);
    let one = one.filter(|_| named.before.is_none());
    let day = one.ok_or_else(|| not(refusal::no_day(said)))?.from;
    for place in named.places {
        after.take(place..place + 1);
    }
    let weekdays = period::weekdays(after);
    if let Some(other) = weekdays.iter().find(|weekday| **weekday != day.weekday()) {
        return Err(not(refusal::other_weekday(day, *other)));
    }
    for token in &mut after.tokens {
        token.taken |= period::is_calendar_word(&token.word);
    }
    nothing_left(after, order, known)?;
    Ok(day)
}

fn shifted(order: &Order<'_>, said: &str, release: &KnownRelease) -> Result<Date, Problem> {
    let (span, rest) = span(said).ok_or_else(|| refusal::no_day(said))?;
    if rest.iter().any(|word| !super::is_filler(word)) {
        return Err(refusal::no_day(said));
    }
    let now = release.release_date.ok_or_else(|| refusal::no_day(said))?;
    let day = if order.is_earlier() { now.checked_sub(span) } else { now.checked_add(span) };
    day.map_err(|_| refusal::no_day(said))
}

/// So many days, weeks or months, and the words after that.
pub(super) fn span(said: &str) -> Option<(Span, Vec<String>)> {
    let words = words_of(said);
    let (count, rest) = words.split_first()?;
    let (unit, rest) = rest.split_first()?;
    let named = NUMBERS.iter().position(|name| name == count).and_then(|place| i64::try_from(place + 1).ok());
    let count = named.or_else(|| if count == "a" { Some(1) } else { count.parse().ok() });
    let count: i64 = count.filter(|count| (1..=366).contains(count))?;
    let span = match unit.as_str() {
        "day" | "days" => count.days(),
        "week" | "weeks" => count.weeks(),
        "month" | "months" => count.months(),
        _ => return None,
    };
    Some((span, rest.to_vec()))
}

/// A release that is to come does not come out on a day that is past, and a date that is so already is no change.
fn fits(day: Date, release: &KnownRelease, known: &Known) -> Result<(), Problem> {
    if release.release_date == Some(day) {
        return Err(refusal::is_so_already(Attribute::ReleaseDate, release));
    }
    let is_to_come = release.release_date.is_some_and(|now| now > known.today);
    if is_to_come && day < known.today { Err(refusal::is_past(day, release)) } else { Ok(()) }
}

/// The title as it was written: all that stands in quotation marks, or all there is.
fn title(said: &str) -> Result<String, Problem> {
    let quoted = in_quotes(said);
    let title = match quoted {
        Some((inner, rest)) if words_of(rest).iter().all(|word| super::is_filler(word)) => inner,
        Some(_) => return Err(refusal::unclear_title(said)),
        None => without_politeness(said),
    };
    let title = title.trim();
    let orders_more = quoted.is_none() && says_another_attribute(title);
    // Dots are the gap of a sentence that nobody has filled.
    let is_gap = title.chars().all(|character| matches!(character, '.' | '…'));
    let is_line = !is_gap && !title.chars().any(char::is_control);
    if orders_more || !is_line || title.chars().count() > LONGEST_TITLE {
        return Err(refusal::unclear_title(said));
    }
    Ok(title.to_owned())
}

/// What stands in quotation marks at the beginning, and what comes after.
fn in_quotes(said: &str) -> Option<(&str, &str)> {
    let mut characters = said.chars();
    let closing = match characters.next()? {
        '"' => '"',
        '“' => '”',
        '„' => '“',
        '«' => '»',
        '\'' => '\'',
        '‘' => '’',
        _ => return None,
    };
    // An apostrophe within a title is no end of it.
    let inner = characters.as_str();
    let end = if closing == '\'' || closing == '’' { inner.rfind(closing) } else { inner.find(closing) }?;
    Some((&inner[..end], &inner[end + closing.len_utf8()..]))
}

fn unquoted(said: &str) -> &str {
    let inner = in_quotes(said).map_or(said, |(inner, _)| inner);
    without_politeness(inner)
}

fn without_politeness(said: &str) -> &str {
    let plain = |text: &'_ str| -> usize { text.trim_end_matches(['.', '!', ',', ' ']).len() };
    let mut rest = &said[..plain(said)];
    for end in [" please", " pls", " thanks", " thank you"] {
        let begins = rest.len().checked_sub(end.len()).filter(|at| rest.is_char_boundary(*at));
        if let Some(at) = begins.filter(|at| rest[*at..].eq_ignore_ascii_case(end)) {
            rest = &rest[..plain(&rest[..at])];
        }
    }
    rest
}

/// Whether words that are no quotation go on with the next change.
fn says_another_attribute(title: &str) -> bool {
    let words = words_of(title);
    let is_attribute = |word: &str| matches!(word, "date" | "title" | "genre" | "status");
    words.windows(2).any(|pair| is_attribute(&pair[0]) && pair[1] == "to")
}

fn state(said: &str) -> Option<&'static str> {
    let words = words_of(unquoted(said)).join(" ");
    STATES.iter().find(|(_, names)| names.contains(&words.as_str())).map(|(state, _)| *state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_is_taken_as_it_is_written() {
        for (said, expected) in [
            ("“Don’t Stop (Up, Up!)”", Some("Don’t Stop (Up, Up!)")),
            ("\"Road to Nowhere\" please", Some("Road to Nowhere")),
            ("Harbour Nights, please.", Some("Harbour Nights")),
            ("'It's Late'", Some("It's Late")),
            ("R&B", Some("R&B")),
            ("“One” and “Two”", None),
            ("Night and the genre to jazz", None),
            ("“”", None),
            ("“…”", None),
        ] {
            assert_eq!(title(said).ok().as_deref(), expected, "{said}");
        }
    }

    #[test]
    fn states_and_spans_are_read_in_words() {
        assert_eq!(state("taken down."), Some("withdrawn"));
        assert_eq!(state("gold"), None);
        assert!(span("two weeks later").is_some_and(|(_, rest)| rest == ["later"]));
        assert!(span("4 december").is_none());
        assert!(span("9999 months").is_none());
    }

    proptest! {
        #[test]
        fn no_value_is_too_strange(said in any::<String>()) {
            let _ = (title(&said), state(&said), span(&said));
        }
    }
}
