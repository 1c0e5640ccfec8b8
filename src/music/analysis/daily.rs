//! A series of days: one value for each calendar day, or none.

use super::statistics::median;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The longest gap that is bridged by a straight line in logarithms, in days.
pub const LONGEST_BRIDGE: usize = 7;

/// The least number of values of a weekday from which its median is taken.
const NEEDED_OF_A_WEEKDAY: usize = 3;

/// Values of consecutive calendar days.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// The day of the first value.
    pub first: Date,
    /// One for each day; none where nothing is known.
    pub values: Vec<Option<f64>>,
}

/// The days from `from` to `to`, both included; none where `to` is earlier.
pub fn days(from: Date, to: Date) -> impl DoubleEndedIterator<Item = Date> {
    let count = days_between(from, to) + 1;
    (0..count.max(0)).map(move |day| after(from, day))
}

/// How many days `to` is after `from`; negative where it is before.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The day this many days later, or earlier where negative.
pub fn after(date: Date, days: i32) -> Date {
    date.saturating_add(days.days())
}

/// 0 for Monday to 6 for Sunday.
pub fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default()
}

impl Daily {
    /// The days from `from` to `to` of values by day.
    pub fn of(values: &BTreeMap<Date, f64>, from: Date, to: Date) -> Self {
        Self { first: from, values: days(from, to).map(|day| values.get(&day).copied()).collect() }
    }

    /// The value of a day.
    pub fn on(&self, date: Date) -> Option<f64> {
        let place = usize::try_from(days_between(self.first, date)).ok()?;
        self.values.get(place).copied().flatten()
    }

    /// Day and value, also of days without one.
    pub fn iter(&self) -> impl Iterator<Item = (Date, Option<f64>)> + '_ {
        self.values.iter().zip(0..).map(|(value, day)| (after(self.first, day), *value))
    }

    /// The part of the series from `from` to `to`.
    #[must_use]
    pub fn between(&self, from: Date, to: Date) -> Self {
        Self { first: from, values: days(from, to).map(|day| self.on(day)).collect() }
    }

    /// The values that are known.
    pub fn known(&self) -> Vec<f64> {
        self.values.iter().flatten().copied().collect()
    }

    /// How many days have a value.
    pub fn days_with_data(&self) -> usize {
        self.values.iter().flatten().count()
    }

    /// Each value by a function; without the days for which it gives none.
    #[must_use]
    pub fn map(&self, function: impl Fn(Date, f64) -> Option<f64>) -> Self {
        let values = self.iter().map(|(date, value)| function(date, value?)).collect();
        Self { first: self.first, values }
    }

    /// ln(1 + x): as ln x for counts of any size, and defined for nought.
    #[must_use]
    pub fn logarithms(&self) -> Self {
        self.map(|_, value| (value >= 0.0).then(|| value.ln_1p()))
    }

    /// The difference of each day from the day before; none where either is unknown.
    #[must_use]
    pub fn differences(&self) -> Self {
        let values = self.values.windows(2).map(|pair| Some(pair[1]? - pair[0]?));
        Self {
            first: self.first,
            values: std::iter::once(None).chain(values).take(self.values.len()).collect(),
        }
    }

    /// The median of each weekday, Monday first; none where there are too few values.
    pub fn weekday_medians(&self) -> [Option<f64>; 7] {
        let mut by_weekday: [Vec<f64>; 7] = Default::default();
        for (date, value) in self.iter() {
            by_weekday[weekday(date)].extend(value);
        }
        by_weekday.map(|values| median(&values).filter(|_| values.len() >= NEEDED_OF_A_WEEKDAY))
    }

    /// Gaps of at most [`LONGEST_BRIDGE`] days filled by straight lines, and how many days that are. Days
    /// before the first and after the last value stay unknown.
    pub fn bridged(&self) -> (Self, usize) {
        let mut values = self.values.clone();
        let mut bridged = 0;
        let known: Vec<usize> = (0..values.len()).filter(|day| values[*day].is_some()).collect();
        for pair in known.windows(2) {
            let (left, right) = (pair[0], pair[1]);
            let missing = right - left - 1;
            let (Some(low), Some(high)) = (values[left], values[right]) else { continue };
            if missing == 0 || missing > LONGEST_BRIDGE {
                continue;
            }
            let step = (high - low) / super::statistics::count(right - left);
            for (distance, value) in (1..).zip(&mut values[left + 1..right]) {
                *value = Some(low + step * super::statistics::count(distance));
            }
            bridged += missing;
        }
        (Self { first: self.first, values }, bridged)
    }

    /// The newest stretch without a day that is unknown.
    #[must_use]
    pub fn newest_stretch(&self) -> Self {
        let end = self.values.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let begin = self.values[..end].iter().rposition(Option::is_none).map_or(0, |gap| gap + 1);
        let first = after(self.first, i32::try_from(begin).unwrap_or(i32::MAX));
        Self { first, values: self.values[begin..end].to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn daily(values: &[Option<f64>]) -> Daily {
        Daily { first: date(2026, 11, 2), values: values.to_vec() }
    }

    #[test]
    fn days_are_found_by_date() {
        let series = daily(&[Some(1.0), None, Some(3.0)]);
        assert_eq!(series.on(date(2026, 11, 4)), Some(3.0));
        assert_eq!((series.on(date(2026, 11, 1)), series.on(date(2026, 11, 5))), (None, None));
        assert_eq!(series.between(date(2026, 11, 3), date(2026, 11, 5)).values, [None, Some(3.0), None]);
        assert_eq!(days(date(2026, 11, 3), date(2026, 11, 2)).count(), 0);
    }

    #[test]
    fn short_gaps_are_bridged_and_counted_and_long_ones_end_the_stretch() {
        let (bridged, days) = daily(&[None, Some(1.0), None, Some(3.0)]).bridged();
        assert_eq!((bridged.values.as_slice(), days), (&[None, Some(1.0), Some(2.0), Some(3.0)][..], 1));
        let mut long = vec![Some(1.0)];
        long.extend([None; 8]);
        long.push(Some(2.0));
        let (left, days) = daily(&long).bridged();
        assert_eq!((left.newest_stretch().values, days), (vec![Some(2.0)], 0));
    }

    #[test]
    fn a_difference_needs_both_days() {
        let series = daily(&[Some(1.0), Some(3.0), None, Some(4.0)]);
        assert_eq!(series.differences().values, [None, Some(2.0), None, None]);
    }
}
