//! When a schedule is due: cron in a time zone, with the two days of the year on which its clocks are changed.
//!
//! The expression is read as civil time. A time that the zone leaves out runs at the moment at which its clocks go
//! on; one that it has twice runs at the first.

use cronexpr::{Crontab, MakeTimestamp};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The least time between two runs: a task costs more than a look at a page.
const LEAST_BETWEEN: SignedDuration = SignedDuration::from_mins(15);

/// How many runs are looked at to find the least time between two.
const LOOKED_AT: usize = 200;

/// How often a time is passed over that is none after the moment that is asked about: an hour has as many minutes.
const MOST_PASSED: usize = 180;

/// A schedule that can be followed.
#[derive(Debug, Clone)]
pub(super) struct Timetable {
    /// The expression, over civil time as if it were that of UTC.
    crontab: Crontab,
    zone: TimeZone,
}

/// Why a schedule cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TimetableError {
    /// There is no such time zone.
    #[error("there is no time zone {0:?}; one such as Europe/Oslo is needed")]
    Zone(String),
    /// The expression does not have five fields.
    #[error("five fields are needed: minute, hour, day of the month, month, day of the week")]
    Fields,
    /// The expression cannot be read.
    #[error("it cannot be read: {0}")]
    Expression(String),
    /// It never comes.
    #[error("such a day never comes")]
    Never,
    /// It comes too often.
    #[error("it may run every {} minutes at most", LEAST_BETWEEN.as_mins())]
    TooOften,
}

impl Timetable {
    /// Of five fields of cron and an IANA time zone.
    ///
    /// # Errors
    /// When one of them cannot be followed.
    pub(super) fn new(expression: &str, zone: &str) -> Result<Self, TimetableError> {
        let known = TimeZone::get(zone).map_err(|_| TimetableError::Zone(zone.to_owned()))?;
        if expression.split_ascii_whitespace().count() != 5 {
            return Err(TimetableError::Fields);
        }
        let crontab = cronexpr::parse_crontab(&format!("{} UTC", expression.trim()))
            .map_err(|error| TimetableError::Expression(one_line(&error.to_string())))?;
        Ok(Self { crontab, zone: known })
    }

    /// The same, if it comes at all and not too often from a moment on.
    ///
    /// # Errors
    /// `Never` and `TooOften`.
    pub(super) fn checked(self, now: Timestamp) -> Result<Self, TimetableError> {
        let mut last = self.next(now).ok_or(TimetableError::Never)?;
        for _ in 0..LOOKED_AT {
            let Some(next) = self.next(last) else { break };
            // Clocks that go on bring two runs nearer together, and that is no fault of the schedule.
            let between = self.zone.to_datetime(next).duration_since(self.zone.to_datetime(last));
            if next.duration_since(last) < LEAST_BETWEEN && between < LEAST_BETWEEN {
                return Err(TimetableError::TooOften);
            }
            last = next;
        }
        Ok(self)
    }

    /// The first moment after this one at which it is due; none where it never is.
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let mut civil = self.zone.to_datetime(after);
        for _ in 0..MOST_PASSED {
            civil = self.next_civil(civil)?;
            let moment = self.moment(civil)?;
            if moment > after {
                return Some(moment);
            }
        }
        None
    }

    /// The newest moment up to a limit at which it is due, from one that is on.
    pub(super) fn newest(&self, due: Timestamp, until: Timestamp) -> Timestamp {
        /// More are not gone through: whoever was away for so long is late in any case.
        const MOST: usize = 50_000;
        let mut newest = due;
        for _ in 0..MOST {
            match self.next(newest) {
                Some(next) if next <= until => newest = next,
                _ => break,
            }
        }
        newest
    }

    /// A moment in the words of its zone: `Mon 30 Nov 2026, 07:00`.
    pub(super) fn in_words(&self, moment: Timestamp) -> String {
        moment.to_zoned(self.zone.clone()).strftime("%a %-d %b %Y, %H:%M").to_string()
    }

    fn next_civil(&self, after: DateTime) -> Option<DateTime> {
        let as_if = TimeZone::UTC.to_timestamp(after).ok()?;
        let next = self.crontab.find_next(MakeTimestamp(as_if)).ok()?;
        Some(next.datetime())
    }

    /// The moment of a civil time.
    fn moment(&self, civil: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_timestamp(civil);
        match ambiguous.offset() {
            AmbiguousOffset::Gap { after, .. } => {
                // With the offset that holds later, the time lies before the clocks go on.
                let before = after.to_timestamp(civil).ok()?;
                self.zone.following(before).next().map(|change| change.timestamp())
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok(),
        }
    }
}

/// What an error says, without its drawing of the place.
fn one_line(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn of(expression: &str, zone: &str) -> Timetable {
        Timetable::new(expression, zone).expect("it can be followed")
    }

    fn runs(expression: &str, zone: &str, from: &str, many: usize) -> Vec<String> {
        let timetable = of(expression, zone);
        let next = |moment: &Timestamp| timetable.next(*moment);
        std::iter::successors(next(&at(from)), next).take(many).map(|moment| moment.to_string()).collect()
    }

    #[test]
    fn a_time_is_that_of_the_zone_on_both_sides_of_the_change() {
        assert_eq!(
            runs("0 7 * * *", "Europe/Oslo", "2026-03-27T12:00:00Z", 3),
            ["2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z", "2026-03-30T05:00:00Z"]
        );
    }

    #[test]
    fn a_time_that_does_not_exist_runs_at_the_next_moment() {
        assert_eq!(
            runs("30 2 * * *", "Europe/Oslo", "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
        );
        assert_eq!(
            runs("0,30 2,3 * * *", "Europe/Oslo", "2026-03-29T00:00:00Z", 3),
            ["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"],
            "what is left out and what comes then is one run"
        );
    }

    #[test]
    fn a_time_that_exists_twice_runs_once() {
        assert_eq!(
            runs("30 2 * * *", "Europe/Oslo", "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
        let between_the_two = "2026-10-25T00:45:00Z";
        assert_eq!(runs("30 2 * * *", "Europe/Oslo", between_the_two, 1), ["2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn what_was_missed_is_the_newest_that_was_due() {
        let daily = of("0 7 * * *", "UTC");
        let newest = daily.newest(at("2026-11-01T07:00:00Z"), at("2026-11-05T06:59:59Z"));
        assert_eq!(newest.to_string(), "2026-11-04T07:00:00Z");
        assert_eq!(daily.in_words(newest), "Wed 4 Nov 2026, 07:00");
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        let now = at("2026-11-27T00:00:00Z");
        let wrong = |expression: &str, zone: &str| {
            Timetable::new(expression, zone).and_then(|timetable| timetable.checked(now)).err()
        };
        assert_eq!(wrong("0 7 * * *", "Mars/Base"), Some(TimetableError::Zone("Mars/Base".to_owned())));
        assert_eq!(wrong("0 7 * *", "UTC"), Some(TimetableError::Fields));
        assert!(matches!(wrong("0 25 * * *", "UTC"), Some(TimetableError::Expression(_))));
        assert_eq!(wrong("0 7 31 2 *", "UTC"), Some(TimetableError::Never));
        assert_eq!(wrong("*/5 * * * *", "UTC"), Some(TimetableError::TooOften));
        assert_eq!(wrong("*/15 * * * *", "Europe/Oslo"), None);
        assert_eq!(wrong("0 7 29 2 *", "UTC"), None);
        assert_eq!(wrong("0 7 L * *", "UTC"), None);
    }

    #[test]
    fn fuzz_expression_of_a_schedule() {
        /// As the form takes it.
        const LONGEST: usize = 200;
        let seeds =
            ["0 7 * * 1-5", "*/15 8-18 L * *", "0,30 2 1,15 JAN-MAR FRI#2", "5 0 29 2 *", "0 9 15W * 5L"];
        let words =
            ["*", "*/", "-", ",", "L", "W", "#", "?", "59", "0", "MON", "DEC", " ", "@daily", "TZ=UTC"];
        let now = at("2026-11-27T00:00:00Z");
        fuzzing::text(120, &seeds, &words, |expression| {
            if expression.chars().count() > LONGEST {
                return;
            }
            let read = Timetable::new(expression, "Europe/Oslo");
            match read.and_then(|timetable| timetable.checked(now)) {
                Ok(timetable) => {
                    let next = timetable.next(now).expect("what never comes is refused");
                    assert!(next > now, "{next}");
                    assert!(timetable.next(next).is_none_or(|later| later > next), "after {next}");
                }
                Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
            }
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_day_has_its_one_run_whatever_the_zone_does(
            minute in 0..60_u8,
            hour in 0..24_u8,
            day in 0..700_i64,
            zone in prop::sample::select(vec![
                "UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
                "Asia/Kathmandu", "Africa/Cairo",
            ]),
        ) {
            let timetable = of(&format!("{minute} {hour} * * *"), zone);
            let from = at("2026-01-01T00:00:00Z") + SignedDuration::from_hours(24 * day);
            let mut last = timetable.next(from).expect("it comes");
            for _ in 0..40 {
                let next = timetable.next(last).expect("it comes again");
                prop_assert!(next > last);
                let days = timetable.zone.to_datetime(last).date().until(timetable.zone.to_datetime(next).date());
                prop_assert_eq!(days.expect("days").get_days(), 1);
                last = next;
            }
        }
    }
}
