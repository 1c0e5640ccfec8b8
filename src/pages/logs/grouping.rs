//! What a query groups its figures by: the columns behind the last `by`, and how long its steps of time are.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A column that rows are told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    column: String,
    /// How long its steps are, where it is a time put into steps.
    pub(super) step: Option<Step>,
}

/// How long a step of time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// So many seconds.
    Seconds(u32),
    /// So many months of the calendar, which are not equally long.
    Months(u32),
}

impl Key {
    /// Whether a column of the result is this key.
    pub(super) fn is(&self, column: &str) -> bool {
        self.column == plain(column)
    }
}

impl Step {
    /// The step of a call such as `bin(5m)`; none where it is none, or shorter than a second.
    pub(super) fn of(call: &str) -> Option<Self> {
        let call = plain(call);
        let lower = call.to_ascii_lowercase();
        let inside = lower.strip_prefix("bin(").or_else(|| lower.strip_prefix("datefloor("))?;
        let width = inside.strip_suffix(')')?.rsplit(',').next()?;
        let digits = width.find(|c: char| !c.is_ascii_digit())?;
        let (count, unit) = width.split_at(digits);
        let count = count.parse::<u32>().ok().filter(|count| *count > 0)?;
        let singular = if unit.len() > 2 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        // AWS takes larger counts of small units for these.
        let seconds = |each: u32, most: u32| count.min(most).checked_mul(each).map(Self::Seconds);
        match singular {
            "s" | "sec" | "second" => seconds(1, 60),
            "m" | "min" | "minute" => seconds(60, 60),
            "h" | "hr" | "hour" => seconds(3600, 24),
            "d" | "day" => seconds(86_400, u32::MAX),
            "w" | "week" => seconds(604_800, u32::MAX),
            "mo" | "mon" | "month" => Some(Self::Months(count)),
            "q" | "qtr" | "quarter" => count.checked_mul(3).map(Self::Months),
            "y" | "yr" | "year" => count.checked_mul(12).map(Self::Months),
            _ => None,
        }
    }

    /// How long it is in seconds, of months about.
    pub(super) fn seconds(self) -> u32 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Months(months) => months.saturating_mul(30 * 86_400),
        }
    }

    /// The beginning of the step that is so many steps after another.
    pub(super) fn after(self, start: Timestamp, steps: i64) -> Option<Timestamp> {
        match self {
            Self::Seconds(width) => {
                Timestamp::from_second(start.as_second().checked_add(i64::from(width).checked_mul(steps)?)?)
                    .ok()
            }
            Self::Months(months) => {
                let span = Span::new().try_months(i64::from(months).checked_mul(steps)?).ok()?;
                Some(start.to_zoned(TimeZone::UTC).checked_add(span).ok()?.timestamp())
            }
        }
    }
}

/// The keys of the last `stats` of a query, in its order; empty where nothing is grouped.
pub(super) fn keys(query: &str) -> Vec<Key> {
    let lines = query.lines().filter(|line| !line.trim_start().starts_with('#'));
    let query = lines.collect::<Vec<_>>().join("\n");
    let mut stats = query.split('|').map(str::trim).filter(|command| {
        let word = command.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        word.eq_ignore_ascii_case("stats")
    });
    let Some(last) = stats.next_back() else { return Vec::new() };
    let Some(by) = word_outside(last, "by") else { return Vec::new() };
    items(last.get(by + 2..).unwrap_or_default()).into_iter().map(key).collect()
}

fn key(item: &str) -> Key {
    let step = |call: &str| Step::of(call);
    match word_outside(item, "as") {
        Some(at) => Key {
            column: plain(item.get(at + 2..).unwrap_or_default()),
            step: step(item.get(..at).unwrap_or_default()),
        },
        None => Key { column: plain(item), step: step(item) },
    }
}

/// A name without the blanks and quotation marks that are written differently in queries and results.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}

/// Where the last of such words stands that is in no brackets and no quotation marks.
fn word_outside(text: &str, word: &str) -> Option<usize> {
    let is_blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let found = outside(text).filter(|(at, _)| {
        let Some((before, rest)) = text.split_at_checked(*at) else { return false };
        let Some((here, after)) = rest.split_at_checked(word.len()) else { return false };
        here.eq_ignore_ascii_case(word)
            && (is_blank(before.chars().next_back()) || before.ends_with(')'))
            && is_blank(after.chars().next())
    });
    found.last().map(|(at, _)| at)
}

/// The items of a list, whose commas are in no brackets and no quotation marks.
fn items(list: &str) -> Vec<&str> {
    let commas = outside(list).filter(|(_, c)| *c == ',').map(|(at, _)| at);
    let mut items = Vec::new();
    let mut start = 0;
    for end in commas.chain([list.len()]) {
        items.push(list.get(start..end).unwrap_or_default().trim());
        start = end + 1;
    }
    items.retain(|item| !item.is_empty());
    items
}

/// The characters that are in no brackets and no quotation marks, with their places.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_i32;
    let mut quote = None;
    text.char_indices().filter(move |(_, c)| {
        if let Some(mark) = quote {
            if *c == mark {
                quote = None;
            }
            return false;
        }
        match c {
            '"' | '\'' | '`' => quote = Some(*c),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => return depth == 0,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(query: &str) -> Vec<(String, Option<Step>)> {
        keys(query).into_iter().map(|key| (key.column, key.step)).collect()
    }

    #[test]
    fn the_keys_are_those_of_the_last_grouping() {
        assert_eq!(
            named("filter a like / by x/ | stats count(*) as n by `status code`, bin(5m) as t | sort t"),
            [("statuscode".to_owned(), None), ("t".to_owned(), Some(Step::Seconds(300)))]
        );
        assert_eq!(
            named("stats count(*) by tool\n# stats by nothing\n| stats max(`count(*)`) BY bin( 1 mo )"),
            [("bin(1mo)".to_owned(), Some(Step::Months(1)))]
        );
        assert_eq!(named("stats count(*)"), []);
        assert_eq!(named("fields tool, by"), []);
        assert!(keys("stats count(*) by datefloor(@timestamp, 2h)")[0].is("datefloor(@timestamp, 2h)"));
    }

    #[test]
    fn steps_have_several_names() {
        assert_eq!(Step::of("bin(45 s)"), Some(Step::Seconds(45)));
        assert_eq!(
            Step::of("bin(90 s)"),
            Some(Step::Seconds(60)),
            "AWS takes no more seconds than a minute has"
        );
        assert_eq!(Step::of("BIN(2hours)"), Some(Step::Seconds(7200)));
        assert_eq!(Step::of("datefloor(@timestamp, 1q)"), Some(Step::Months(3)));
        for none in ["bin(0m)", "bin(5ms)", "bin(m)", "tool", "bin(5m"] {
            assert_eq!(Step::of(none), None, "{none}");
        }
    }

    #[test]
    fn months_follow_the_calendar() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let after = |steps| Step::Months(1).after(start, steps).map(|time| time.to_string());
        assert_eq!(after(2).as_deref(), Some("2026-03-01T00:00:00Z"));
        assert_eq!(after(-1).as_deref(), Some("2025-12-01T00:00:00Z"));
    }
}
