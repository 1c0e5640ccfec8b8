//! Dates and periods in words, as ranges of days.
//!
//! Rules: a period that is running ends yesterday, because today is not complete, or today where it is about what
//! Patchline has recorded; it is compared with as many days of the one before. A week begins on Monday. A month without a year is the latest that has begun, or, for
//! plans, the next that has not ended. `last week` is a calendar week, `the last 7 days` end yesterday.

mod parse;
mod span;

pub(super) use parse::is_calendar_word;

use super::text::Text;
use jiff::civil::{Date, Weekday};
use span::Span;

/// Days, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Whether a task looks at what has been or plans what is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Figures: nothing is known of days to come, and today is not complete.
    Past,
    /// What Patchline itself has recorded, up to this moment.
    Records,
    /// Plans.
    Future,
}

/// The periods that a text names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// The period.
    pub(super) period: Option<Period>,
    /// What it is to be compared with, where the words say so.
    pub(super) before: Option<Period>,
    /// What it would be compared with unless they do.
    pub(super) usual_before: Option<Period>,
    /// The places of the words that say it.
    pub(super) places: Vec<usize>,
    /// Whether it is about a week.
    pub(super) is_week: bool,
}

/// Reads the periods of a text.
pub(super) fn read(text: &Text, today: Date, direction: Direction) -> Named {
    let mut named = Named::default();
    let mut spans: Vec<(Span, bool)> = Vec::new();
    let mut place = 0;
    while place < text.tokens.len() {
        if text.free(place).is_none() {
            place += 1;
            continue;
        }
        let reader = parse::Reader { text, today, direction };
        if let Some(length) = reader.year_before(place) {
            named.places.extend(place..place + length);
            let span = spans.first().map_or_else(|| Span::last_days(28, today), |(span, _)| *span);
            named.before = Some(span.a_year_before());
            if spans.is_empty() {
                spans.push((span, false));
            }
            place += length;
            continue;
        }
        let compared = spans.len() == 1 && reader.compares(place);
        let elided =
            if compared { spans.first().and_then(|(first, _)| reader.elided(place, first)) } else { None };
        match elided.or_else(|| reader.span(place)) {
            Some((span, length)) => {
                let begin = if compared { reader.comparator(place) } else { place };
                named.places.extend(begin..place + length);
                spans.push((span, compared));
                place += length;
            }
            None => place += 1,
        }
    }
    settle(&mut named, &spans, today, direction);
    named
}

fn settle(named: &mut Named, spans: &[(Span, bool)], today: Date, direction: Direction) {
    let Some((first, _)) = spans.first() else { return };
    let cut = match direction {
        Direction::Past => first.up_to_yesterday(today),
        Direction::Records => first.up_to(today),
        Direction::Future => *first,
    };
    named.period = Some(cut.period());
    named.is_week = first.is_week();
    named.usual_before = Some(first.like_before(cut));
    if let Some((second, _)) = spans.iter().skip(1).find(|(_, compared)| *compared) {
        named.before = Some(second.like(cut, first));
    }
}

/// The days just before a period, as many as it has.
pub(super) fn just_before(period: Period) -> Option<Period> {
    let days = (period.to - period.from).get_days() + 1;
    let shift = jiff::Span::new().days(days);
    Some(Period { from: period.from.checked_sub(shift).ok()?, to: period.to.checked_sub(shift).ok()? })
}

/// A period as people read it.
pub(super) fn in_words(period: Period) -> String {
    if period.from == period.to {
        return day(period.from);
    }
    format!("{} to {}", day(period.from), day(period.to))
}

/// The days of the week that a text names.
pub(super) fn weekdays(text: &Text) -> Vec<Weekday> {
    text.tokens.iter().filter_map(|token| parse::weekday(&token.word)).collect()
}

/// A day as people read it.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 27);

    fn of(text: &str, direction: Direction) -> Named {
        read(&Text::read(text), TODAY, direction)
    }

    fn range(text: &str) -> Option<String> {
        of(text, Direction::Past).period.map(|period| format!("{}/{}", period.from, period.to))
    }

    #[test]
    fn records_are_there_up_to_this_moment() {
        let recorded = |text: &str| {
            of(text, Direction::Records).period.map(|period| format!("{}/{}", period.from, period.to))
        };
        assert_eq!(recorded("slow calls of the last 24 hours").as_deref(), Some("2026-11-26/2026-11-27"));
        assert_eq!(recorded("this week").as_deref(), Some("2026-11-23/2026-11-27"));
        assert_eq!(recorded("in October").as_deref(), Some("2026-10-01/2026-10-31"));
    }

    fn both(text: &str) -> String {
        let named = of(text, Direction::Past);
        let written = |period: Option<Period>| {
            period.map_or_else(String::new, |period| format!("{}/{}", period.from, period.to))
        };
        format!("{} after {}", written(named.period), written(named.before))
    }

    #[test]
    fn words_become_ranges() {
        for (text, expected) in [
            ("last month", "2026-10-01/2026-10-31"),
            ("this month", "2026-11-01/2026-11-26"),
            ("in the last 28 days", "2026-10-30/2026-11-26"),
            ("the past two weeks", "2026-11-13/2026-11-26"),
            ("the last three months", "2026-08-27/2026-11-26"),
            ("past week", "2026-11-20/2026-11-26"),
            ("last week", "2026-11-16/2026-11-22"),
            ("since Friday", "2026-11-20/2026-11-26"),
            ("since August", "2026-08-01/2026-11-26"),
            ("in March", "2026-03-01/2026-03-31"),
            ("in December", "2025-12-01/2025-12-31"),
            ("march 2025", "2025-03-01/2025-03-31"),
            ("Q3", "2026-07-01/2026-09-30"),
            ("third quarter of 2025", "2025-07-01/2025-09-30"),
            ("last quarter", "2026-07-01/2026-09-30"),
            ("last year", "2025-01-01/2025-12-31"),
            ("this year", "2026-01-01/2026-11-26"),
            ("in 2024", "2024-01-01/2024-12-31"),
            ("2026-10", "2026-10-01/2026-10-31"),
            ("week 45", "2026-11-02/2026-11-08"),
            ("2026-W45", "2026-11-02/2026-11-08"),
            ("yesterday", "2026-11-26/2026-11-26"),
            ("2026-10-03 to 2026-10-09", "2026-10-03/2026-10-09"),
            ("from 3 October to 9 October", "2026-10-03/2026-10-09"),
            ("between March and May 2026", "2026-03-01/2026-05-31"),
            ("on October 16th, 2026", "2026-10-16/2026-10-16"),
            ("end of september", "2026-09-21/2026-09-30"),
            ("14.11.2026", "2026-11-14/2026-11-14"),
            ("in September and October", "2026-09-01/2026-10-31"),
            ("year to date", "2026-01-01/2026-11-26"),
        ] {
            assert_eq!(range(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn words_that_only_look_like_periods_are_none() {
        for text in [
            "we may march on",
            "pick a Friday",
            "Monday morning report",
            "4 singles",
            "day one",
            "30 seconds",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn comparisons_have_as_many_days_as_the_running_period() {
        assert_eq!(both("this month against last"), "2026-11-01/2026-11-26 after 2026-10-01/2026-10-26");
        assert_eq!(both("Q3 vs Q2"), "2026-07-01/2026-09-30 after 2026-04-01/2026-06-30");
        assert_eq!(
            both("October compared to September"),
            "2026-10-01/2026-10-31 after 2026-09-01/2026-09-30"
        );
        assert_eq!(both("last month year over year"), "2026-10-01/2026-10-31 after 2025-10-01/2025-10-31");
    }

    #[test]
    fn plans_look_ahead() {
        let period = of("in February", Direction::Future).period;
        assert_eq!(period, Some(Period { from: date(2027, 2, 1), to: date(2027, 2, 28) }));
        let next = of("next month", Direction::Future).period;
        assert_eq!(next, Some(Period { from: date(2026, 12, 1), to: date(2026, 12, 31) }));
    }
}
