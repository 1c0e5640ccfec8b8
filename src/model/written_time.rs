//! Days and times in the forms in which the pages write them.
//!
//! They are written here and not by patterns, because what reads patterns, with all its messages, would be a part of
//! the browser side that each page loads first.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::Offset;

/// The months in English, from January.
pub const MONTHS: [&str; 12] = [
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

/// A moment by the calendar and the clock of UTC.
pub fn utc(moment: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(moment)
}

/// `November`.
pub fn month(date: Date) -> &'static str {
    // The calendar has no month 0 and none after the twelfth.
    usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

/// `Nov`.
pub fn short_month(date: Date) -> &'static str {
    &month(date)[..3]
}

/// `Friday`.
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `20 Nov`.
pub fn day_and_month(date: Date) -> String {
    format!("{} {}", date.day(), short_month(date))
}

/// `20 Nov 2026`.
pub fn short_day(date: Date) -> String {
    format!("{} {} {:04}", date.day(), short_month(date), date.year())
}

/// `Friday, 20 November 2026`.
pub fn long_day(date: Date) -> String {
    format!("{}, {} {} {:04}", weekday(date.weekday()), date.day(), month(date), date.year())
}

/// `Nov 2026`.
pub fn short_month_of_year(date: Date) -> String {
    format!("{} {:04}", short_month(date), date.year())
}

/// `November 2026`.
pub fn month_of_year(date: Date) -> String {
    format!("{} {:04}", month(date), date.year())
}

/// `2026-11`, as forms and addresses have a month.
pub fn iso_month(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// `09:30`.
pub fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `09:30:12`.
pub fn clock_with_seconds(time: Time) -> String {
    format!("{}:{:02}", clock(time), time.second())
}

/// `20 Nov 2026, 09:30`.
pub fn day_and_clock(moment: DateTime) -> String {
    format!("{}, {}", short_day(moment.date()), clock(moment.time()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_form_is_what_its_pattern_writes(second in 0_i64..253_402_207_200) {
            let moment = utc(Timestamp::from_second(second).expect("a moment of the calendar"));
            let pattern = |pattern: &str| moment.strftime(pattern).to_string();
            let (date, time) = (moment.date(), moment.time());
            prop_assert_eq!(day_and_month(date), pattern("%-d %b"));
            prop_assert_eq!(short_day(date), pattern("%-d %b %Y"));
            prop_assert_eq!(long_day(date), pattern("%A, %-d %B %Y"));
            prop_assert_eq!(short_month_of_year(date), pattern("%b %Y"));
            prop_assert_eq!(month_of_year(date), pattern("%B %Y"));
            prop_assert_eq!(iso_month(date), pattern("%Y-%m"));
            prop_assert_eq!(clock(time), pattern("%H:%M"));
            prop_assert_eq!(clock_with_seconds(time), pattern("%H:%M:%S"));
            prop_assert_eq!(day_and_clock(moment), pattern("%-d %b %Y, %H:%M"));
        }
    }
}
