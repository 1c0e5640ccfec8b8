//! The rules of timing as the caller brings them: each names the entry that carries it, or is not known.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// A rule and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<T> {
    /// The id of the entry of the knowledge base.
    pub id: &'static str,
    /// What it says.
    pub value: T,
}

/// A range of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// The least.
    pub least: i32,
    /// The most.
    pub most: i32,
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// Weeks of every year in which nothing is processed; they may reach over New Year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedWeeks {
    /// The first closed day.
    pub from: YearDay,
    /// The last closed day.
    pub to: YearDay,
}

impl ClosedWeeks {
    /// Whether a day is closed.
    pub fn contains(self, date: Date) -> bool {
        let day = YearDay { month: date.month(), day: date.day() };
        if self.from <= self.to {
            (self.from..=self.to).contains(&day)
        } else {
            day >= self.from || day <= self.to
        }
    }

    /// The day itself where it is open, else the last open day before the closed weeks.
    pub fn open_before(self, date: Date) -> Date {
        self.walk(date, -1)
    }

    /// The day itself where it is open, else the first open day after the closed weeks.
    pub fn open_after(self, date: Date) -> Date {
        self.walk(date, 1)
    }

    fn walk(self, mut date: Date, step: i64) -> Date {
        // No closed weeks are longer than a year, so this ends also where everything is closed.
        for _ in 0..366 {
            if !self.contains(date) {
                break;
            }
            date = date.saturating_add(step.days());
        }
        date
    }
}

/// The rules for one kind of release. A rule that is none is not known, and is said to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The day of the week on which music comes out.
    pub weekday: Option<Rule<Weekday>>,
    /// The least days from delivery to release.
    pub least_lead: Option<Rule<i32>>,
    /// The advised days from delivery to release.
    pub advised_lead: Option<Rule<DayRange>>,
    /// The least days from a pitch to the release.
    pub pitch_floor: Option<Rule<i32>>,
    /// The advised days from a pitch to the release.
    pub pitch_advised: Option<Rule<i32>>,
    /// The closed weeks of the year.
    pub closed: Option<Rule<ClosedWeeks>>,
    /// How many days apart releases of one genre should lie.
    pub clash: Option<Rule<i32>>,
    /// How many days apart releases of one artist should lie.
    pub spacing: Option<Rule<DayRange>>,
}

impl Rules {
    /// Whether a day lies in closed weeks that are known.
    pub fn is_closed(&self, date: Date) -> bool {
        self.closed.as_ref().is_some_and(|rule| rule.value.contains(date))
    }

    /// The days from one day up to another on which deliveries are processed.
    pub fn open_days(&self, from: Date, to: Date) -> i32 {
        let open = days_from(from, to).filter(|day| !self.is_closed(*day)).count();
        i32::try_from(open).unwrap_or(i32::MAX)
    }
}

/// How many days later the second day is.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The days from one on, up to another and without it.
pub fn days_from(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day < to)
}

/// So many days later; earlier where the number is below zero.
pub fn plus(date: Date, days: i32) -> Date {
    date.saturating_add(i64::from(days).days())
}

/// A day in words: `Friday 8 January 2027`.
pub fn in_words(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const CHRISTMAS: ClosedWeeks =
        ClosedWeeks { from: YearDay { month: 12, day: 18 }, to: YearDay { month: 1, day: 1 } };

    #[test]
    fn closed_weeks_reach_over_new_year() {
        for closed in [date(2026, 12, 18), date(2026, 12, 31), date(2027, 1, 1)] {
            assert!(CHRISTMAS.contains(closed));
        }
        for open in [date(2026, 12, 17), date(2027, 1, 2), date(2026, 6, 1)] {
            assert!(!CHRISTMAS.contains(open));
        }
        assert_eq!(CHRISTMAS.open_before(date(2027, 1, 1)), date(2026, 12, 17));
        assert_eq!(CHRISTMAS.open_after(date(2026, 12, 20)), date(2027, 1, 2));
        assert_eq!(CHRISTMAS.open_after(date(2026, 6, 1)), date(2026, 6, 1));
    }

    #[test]
    fn closed_days_do_not_count_as_lead_time() {
        let rules =
            Rules { closed: Some(Rule { id: "holiday-caution", value: CHRISTMAS }), ..Rules::default() };
        assert_eq!(rules.open_days(date(2026, 12, 15), date(2027, 1, 5)), 6);
        assert_eq!(Rules::default().open_days(date(2026, 12, 15), date(2027, 1, 5)), 21);
    }
}
