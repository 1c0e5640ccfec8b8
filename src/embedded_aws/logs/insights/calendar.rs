//! Times as queries see them: how they are written, and the periods they fall into. All in UTC.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A period of time that never is empty, such as `5m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    /// As long as this many milliseconds.
    Milliseconds(i64),
    /// Weeks from Monday on.
    Weeks(i64),
    /// As long as this many months of the calendar; quarters and years are months, too.
    Months(i64),
}

impl Period {
    /// The period of so many units; none when there is no such unit or the period is empty.
    ///
    /// The units are those of the function `bin` in the documentation of Logs Insights, and so are their
    /// caps: `bin(300s)` has steps of 60 s.
    pub(crate) fn of(count: u32, unit: &str) -> Option<Self> {
        let count = i64::from(count);
        if count == 0 {
            return None;
        }
        let unit = unit.to_ascii_lowercase();
        let singular =
            if unit.len() > 2 && unit != "ms" { unit.strip_suffix('s').unwrap_or(&unit) } else { &unit };
        let milliseconds = |each: i64, most: i64| count.min(most).checked_mul(each).map(Self::Milliseconds);
        match singular {
            "millisecond" | "ms" | "msec" => milliseconds(1, 1000),
            "second" | "s" | "sec" => milliseconds(1000, 60),
            "minute" | "m" | "min" => milliseconds(60 * 1000, 60),
            "hour" | "h" | "hr" => milliseconds(60 * 60 * 1000, 24),
            "day" | "d" => milliseconds(DAY, i64::MAX),
            "week" | "w" => Some(Self::Weeks(count)),
            "month" | "mo" | "mon" => Some(Self::Months(count)),
            "quarter" | "q" | "qtr" => Some(Self::Months(count * 3)),
            "year" | "y" | "yr" => Some(Self::Months(count * 12)),
            _ => None,
        }
    }

    /// A length in milliseconds that all periods consist of, counted from 1970.
    pub(super) fn common_length(self) -> i64 {
        match self {
            Self::Milliseconds(length) => length,
            Self::Weeks(_) | Self::Months(_) => DAY,
        }
    }

    /// The latest beginning of a period at or before this time.
    pub(crate) fn floor(self, time: i64) -> i64 {
        match self {
            Self::Milliseconds(length) => time - time.rem_euclid(length),
            Self::Weeks(count) => floor_weeks(time, count).unwrap_or(time),
            Self::Months(count) => floor_months(time, count).unwrap_or(time),
        }
    }

    /// The earliest beginning of a period at or after this time.
    pub(crate) fn ceiling(self, time: i64) -> i64 {
        let floor = self.floor(time);
        if floor == time {
            return time;
        }
        match self {
            Self::Milliseconds(length) => floor.saturating_add(length),
            Self::Weeks(count) => floor.saturating_add(count.saturating_mul(WEEK)),
            Self::Months(count) => next_months(floor, count).unwrap_or(floor),
        }
    }
}

/// In milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;
const WEEK: i64 = 7 * DAY;
/// From the first Thursday, 1 January 1970, back to its Monday.
const MONDAY: i64 = 3 * DAY;

fn floor_weeks(time: i64, count: i64) -> Option<i64> {
    let length = count.checked_mul(WEEK)?;
    let since = time.checked_add(MONDAY)?;
    Some(since - since.rem_euclid(length) - MONDAY)
}

fn floor_months(time: i64, count: i64) -> Option<i64> {
    let day = civil(time)?.date();
    let months = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
    first_of(months - months.rem_euclid(count))
}

fn next_months(time: i64, count: i64) -> Option<i64> {
    let day = civil(time)?.date();
    first_of(i64::from(day.year()) * 12 + i64::from(day.month()) - 1 + count)
}

/// The first day of a month, counted from year 0.
fn first_of(months: i64) -> Option<i64> {
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(first.timestamp().as_millisecond())
}

fn civil(time: i64) -> Option<DateTime> {
    Timestamp::from_millisecond(time).ok().map(|time| time.to_zoned(TimeZone::UTC).datetime())
}

/// As results show a time: `2026-11-22 08:15:00.000`.
pub(crate) fn written(time: i64) -> String {
    let Some(civil) = civil(time) else { return time.to_string() };
    civil.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn units_have_several_names() {
        let five_minutes = Some(Period::Milliseconds(300_000));
        for unit in ["m", "min", "mins", "minute", "minutes"] {
            assert_eq!(Period::of(5, unit), five_minutes, "{unit}");
        }
        assert_eq!(Period::of(2, "ms"), Some(Period::Milliseconds(2)));
        assert_eq!(Period::of(1, "qtrs"), Some(Period::Months(3)));
        assert_eq!(Period::of(0, "m"), None);
        assert_eq!(Period::of(1, "fortnight"), None);
    }

    #[test]
    fn a_step_is_no_longer_than_its_unit_allows() {
        let capped = [(1500, "ms", 1000), (300, "s", 60_000), (90, "m", 3_600_000), (36, "hrs", DAY)];
        for (count, unit, milliseconds) in capped {
            assert_eq!(Period::of(count, unit), Some(Period::Milliseconds(milliseconds)), "{count}{unit}");
        }
        assert_eq!(Period::of(30, "d"), Some(Period::Milliseconds(30 * DAY)));
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let month = Period::Months(1);
        assert_eq!(month.floor(at("2026-02-28T23:00:00Z")), at("2026-02-01T00:00:00Z"));
        assert_eq!(month.ceiling(at("2026-12-02T00:00:00Z")), at("2027-01-01T00:00:00Z"));
        assert_eq!(Period::Months(3).floor(at("2026-11-24T00:00:00Z")), at("2026-10-01T00:00:00Z"));
        assert_eq!(Period::Weeks(1).floor(at("2026-11-24T10:00:00Z")), at("2026-11-23T00:00:00Z"));
    }

    #[test]
    fn times_are_written_with_milliseconds() {
        assert_eq!(written(at("2026-11-22T08:15:00.007Z")), "2026-11-22 08:15:00.007");
        assert_eq!(written(0), "1970-01-01 00:00:00.000");
    }

    proptest! {
        #[test]
        fn a_time_lies_between_the_beginnings_of_periods(
            time in -1_000_000_000_000_i64..4_000_000_000_000,
            count in 1_u32..40,
            unit in prop::sample::select(vec!["ms", "s", "m", "h", "d", "w", "mo", "q", "y"]),
        ) {
            let period = Period::of(count, unit).unwrap();
            let (floor, ceiling) = (period.floor(time), period.ceiling(time));
            prop_assert!(floor <= time && time <= ceiling);
            prop_assert_eq!(period.floor(floor), floor);
            prop_assert_eq!(period.ceiling(ceiling), ceiling);
        }
    }
}
