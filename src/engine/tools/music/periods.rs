//! The periods of an analysis: as asked, or the newest 28 days against the 28 before.

use crate::engine::tools::ToolError;
use crate::model::identifier::ArtistId;
use crate::music::analysis::comparison::Period;
use crate::music::analysis::daily::{after, days_between};
use jiff::civil::Date;

/// The days of a period that nobody named.
pub(super) const USUAL_DAYS: i32 = 28;
/// The longest period.
const LONGEST: i32 = 366;

/// A day that an argument names.
pub(super) fn day(field: &str, text: Option<&String>) -> Result<Option<Date>, ToolError> {
    let Some(text) = text else { return Ok(None) };
    let wrong = |_| ToolError::field(field, "a day such as 2026-11-22 is needed");
    text.parse().map(Some).map_err(wrong)
}

/// The artist that an argument names.
pub(super) fn artist(field: &str, text: &str) -> Result<ArtistId, ToolError> {
    text.parse().map_err(|error| ToolError::field(field, format!("{error}")))
}

/// The days that are asked for; what is not named follows from the others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    pub(super) compare_from: Option<Date>,
    pub(super) compare_to: Option<Date>,
}

impl Asked {
    /// The period and the one that it is compared with, where figures are known up to `newest`: by default
    /// the newest 28 days, against as many days directly before.
    pub(super) fn periods(self, newest: Date) -> Result<(Period, Period), ToolError> {
        let to = self.to.unwrap_or_else(|| self.from.map_or(newest, |from| newest.max(from)));
        let from = self.from.unwrap_or_else(|| after(to, 1 - USUAL_DAYS));
        let now = checked("from", from, to)?;
        let compare_to = self.compare_to.unwrap_or_else(|| after(from, -1));
        let length = days_between(from, to);
        let compare_from = self.compare_from.unwrap_or_else(|| after(compare_to, -length));
        let before = checked("compareFrom", compare_from, compare_to)?;
        if before.to >= now.from && before.from <= now.to {
            return Err(ToolError::field(
                "compareTo",
                "the two periods overlap; let one end before the other begins",
            ));
        }
        Ok((now, before))
    }
}

fn checked(field: &str, from: Date, to: Date) -> Result<Period, ToolError> {
    match days_between(from, to) {
        length if length < 0 => Err(ToolError::field(field, "the period ends before it begins")),
        length if length >= LONGEST => Err(ToolError::field(field, "a period of at most 366 days is needed")),
        _ => Ok(Period { from, to }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_not_named_follows_from_the_rest() {
        let newest = date(2026, 11, 21);
        let (now, before) = Asked::default().periods(newest).expect("periods");
        assert_eq!((now.from, now.to), (date(2026, 10, 25), newest));
        assert_eq!((before.from, before.to), (date(2026, 9, 27), date(2026, 10, 24)));
        let week = Asked { from: Some(date(2026, 11, 2)), to: Some(date(2026, 11, 8)), ..Asked::default() };
        let (_, before) = week.periods(newest).expect("periods");
        assert_eq!((before.from, before.to), (date(2026, 10, 26), date(2026, 11, 1)));
    }

    #[test]
    fn periods_that_cannot_be_compared_are_refused() {
        let newest = date(2026, 11, 21);
        let backwards =
            Asked { from: Some(date(2026, 11, 9)), to: Some(date(2026, 11, 8)), ..Asked::default() };
        assert!(backwards.periods(newest).is_err());
        let overlapping = Asked { compare_to: Some(date(2026, 11, 1)), ..Asked::default() };
        assert!(overlapping.periods(newest).is_err());
    }
}
