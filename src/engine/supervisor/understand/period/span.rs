//! Calendar arithmetic: weeks, months, quarters and years around a day.

use super::Period;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span as Shift, ToSpan};

/// The parts of the calendar that people speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Days, and of which part of the calendar they are; none where they are just days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) whole: Option<Unit>,
}

impl Unit {
    fn shift(self, count: i64) -> Option<Shift> {
        let shift = Shift::new();
        match self {
            Unit::Day => shift.try_days(count),
            Unit::Week => shift.try_weeks(count),
            Unit::Month => shift.try_months(count),
            Unit::Quarter => shift.try_months(count.saturating_mul(3)),
            Unit::Year => shift.try_years(count),
        }
        .ok()
    }

    /// The one that a day is in.
    pub(super) fn around(self, day: Date) -> Span {
        let (from, to) = match self {
            Unit::Day => (day, day),
            Unit::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                let monday = day.saturating_sub(back.days());
                (monday, monday.saturating_add(6.days()))
            }
            Unit::Month => (day.first_of_month(), day.last_of_month()),
            Unit::Quarter => {
                let back = i64::from((day.month() - 1) % 3);
                let first = day.first_of_month().saturating_sub(back.months());
                (first, first.saturating_add(2.months()).last_of_month())
            }
            Unit::Year => (day.first_of_year(), day.last_of_year()),
        };
        Span { from, to, whole: Some(self) }
    }

    /// The one so many after that of a day.
    pub(super) fn near(self, day: Date, count: i64) -> Option<Span> {
        let here = self.around(day).from;
        Some(self.around(here.checked_add(self.shift(count)?).ok()?))
    }
}

impl Span {
    /// Just these days.
    pub(super) fn days(from: Date, to: Date) -> Self {
        Self { from: from.min(to), to: from.max(to), whole: None }
    }

    /// So many days up to yesterday.
    pub(super) fn last_days(count: i64, today: Date) -> Self {
        Self::last(count, Unit::Day, today).unwrap_or_else(|| Unit::Day.around(today))
    }

    /// So many days, weeks, months … up to yesterday.
    pub(super) fn last(count: i64, unit: Unit, today: Date) -> Option<Self> {
        let from = today.checked_sub(unit.shift(count)?).ok()?;
        Some(Self::days(from, today.yesterday().ok()?))
    }

    /// So many days, weeks, months … from tomorrow on.
    pub(super) fn next(count: i64, unit: Unit, today: Date) -> Option<Self> {
        let to = today.checked_add(unit.shift(count)?).ok()?;
        Some(Self::days(today.tomorrow().ok()?, to))
    }

    /// A week by its number.
    pub(super) fn week(year: i16, week: i8) -> Option<Self> {
        let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
        Some(Unit::Week.around(monday))
    }

    pub(super) fn is_week(&self) -> bool {
        (self.to - self.from).get_days() == 6 || self.whole == Some(Unit::Week)
    }

    pub(super) fn period(&self) -> Period {
        Period { from: self.from, to: self.to }
    }

    /// Without days that are not complete yet, where there are others.
    pub(super) fn up_to_yesterday(self, today: Date) -> Self {
        match today.yesterday() {
            Ok(yesterday) if self.to > yesterday && self.from <= yesterday => Self { to: yesterday, ..self },
            _ if self.to > today && self.from <= today => Self { to: today, ..self },
            _ => self,
        }
    }

    /// Without days to come, where there are others.
    pub(super) fn up_to(self, today: Date) -> Self {
        if self.to > today && self.from <= today { Self { to: today, ..self } } else { self }
    }

    /// The same days a year before.
    pub(super) fn a_year_before(&self) -> Period {
        Period { from: self.from.saturating_sub(1.year()), to: self.to.saturating_sub(1.year()) }
    }

    /// The span before this one, with as many days as are left of this one.
    pub(super) fn like_before(&self, cut: Span) -> Period {
        let shorter = |before: Span| before.like(cut, self);
        let before = self.whole.filter(|unit| *unit != Unit::Day).and_then(|unit| unit.near(self.from, -1));
        before.map_or_else(|| super::just_before(cut.period()).unwrap_or_else(|| cut.period()), shorter)
    }

    /// This span; where another was cut short, only as many of its days.
    pub(super) fn like(&self, cut: Span, uncut: &Span) -> Period {
        if cut == *uncut {
            return self.period();
        }
        let days = i64::from((cut.to - cut.from).get_days());
        Period { from: self.from, to: self.to.min(self.from.saturating_add(days.days())) }
    }
}
