//! Holidays: days on which people listen to other music everywhere, so that they say nothing about an artist, and days
//! that single territories keep, which explain what happens there.

mod moon;
pub mod national;

use jiff::civil::Date;

/// What a day is called that is kept nearly everywhere: Christmas, New Year's Eve and New Year's Day.
pub fn name(date: Date) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (12, 24) => Some("Christmas Eve"),
        (12, 25) => Some("Christmas Day"),
        (12, 26) => Some("Second Day of Christmas"),
        (12, 31) => Some("New Year’s Eve"),
        (1, 1) => Some("New Year’s Day"),
        _ => None,
    }
}

/// Christmas, New Year's Eve and New Year's Day.
pub fn is_holiday(date: Date) -> bool {
    name(date).is_some()
}

/// A holiday, or the day after one: its difference from the day before says nothing either.
pub fn touches_holiday(date: Date) -> bool {
    is_holiday(date) || date.yesterday().is_ok_and(is_holiday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_after_is_touched_but_no_holiday() {
        assert!(is_holiday(date(2026, 12, 26)) && !is_holiday(date(2026, 12, 27)));
        assert!(touches_holiday(date(2026, 12, 27)) && !touches_holiday(date(2026, 12, 28)));
    }
}
