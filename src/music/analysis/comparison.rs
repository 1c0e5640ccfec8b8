//! Comparing two periods by like weekdays, with an interval that knows of memory.

use super::Verdict;
use super::daily::{days, weekday};
use super::holidays::is_holiday;
use super::memory::mean_with_margin;
use super::statistics::mean;
use jiff::civil::Date;

/// The least number of pairs of days from which something is said.
pub const NEEDED_PAIRS: usize = 14;

/// A stretch of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A relative change (0.1 = +10 %) with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The change of the means of the compared days.
    pub change: f64,
    /// The lower end; none where days resemble each other so much that there is no interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Change {
    /// Proven where there is an interval that leaves out nought.
    pub fn verdict(&self) -> Verdict {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low > 0.0 || high < 0.0 => Verdict::Proven,
            _ => Verdict::NotProven,
        }
    }
}

/// Days of the second period with their counterparts in the first: the newest Monday with the newest Monday,
/// the one before with the one before, and so on. A longer period's oldest days have no counterpart, and
/// holidays are left out. In order of the day.
pub fn like_days(now: Period, before: Period) -> Vec<(Date, Date)> {
    let of = |period: Period, day: usize| {
        days(period.from, period.to).rev().filter(move |date| weekday(*date) == day)
    };
    let mut pairs: Vec<(Date, Date)> = (0..7).flat_map(|day| of(now, day).zip(of(before, day))).collect();
    pairs.retain(|(one, other)| !is_holiday(*one) && !is_holiday(*other));
    pairs.sort();
    pairs
}

/// The change of a sum over pairs of like days.
///
/// The estimate is ln(Σ now / Σ before). Its variance is that of the mean of nᵢ/n̄ − bᵢ/b̄, now and
/// before, to first order (the linearised ratio estimator, Cochran, Sampling Techniques, 6.2), with the memory of these differences taken into account ([`mean_with_margin`]). What a weekday
/// does to both sides cancels out. In simulated series with a
/// memory of 0 to 0.6, 28 pairs hold what they promise in 92 to 96 of 100 cases. None below
/// [`NEEDED_PAIRS`] pairs, or where a side has no positive sum.
pub fn compare_sums(now: &[f64], before: &[f64]) -> Option<Change> {
    compare(&[(1.0, now), (-1.0, before)])
}

/// The change of a rate, such as saves for each listener, over pairs of like days; in the same way.
pub fn compare_rates(now: &[f64], now_base: &[f64], before: &[f64], before_base: &[f64]) -> Option<Change> {
    compare(&[(1.0, now), (-1.0, now_base), (-1.0, before), (1.0, before_base)])
}

fn compare(parts: &[(f64, &[f64])]) -> Option<Change> {
    let pairs = parts.iter().map(|(_, values)| values.len()).min()?;
    if pairs < NEEDED_PAIRS {
        return None;
    }
    let mut logarithm = 0.0;
    let mut differences = vec![0.0; pairs];
    for (sign, values) in parts {
        let middle = mean(&values[..pairs]).filter(|middle| *middle > 0.0)?;
        logarithm += sign * middle.ln();
        for (difference, value) in differences.iter_mut().zip(*values) {
            *difference += sign * value / middle;
        }
    }
    let margin = mean_with_margin(&differences).map(|found| found.margin);
    let end = |sign: f64| margin.map(|margin| (logarithm + sign * margin).exp_m1());
    Some(Change { change: logarithm.exp_m1(), low: end(-1.0), high: end(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::analysis::chance::chance;
    use jiff::civil::date;

    fn period(from: Date, to: Date) -> Period {
        Period { from, to }
    }

    #[test]
    fn days_meet_days_of_the_same_weekday_from_the_newest_on() {
        let now = period(date(2026, 11, 9), date(2026, 11, 22));
        let pairs = like_days(now, period(date(2026, 10, 1), date(2026, 10, 20)));
        assert_eq!(pairs.len(), 14);
        assert!(pairs.iter().all(|(one, other)| one.weekday() == other.weekday()));
        assert_eq!(pairs.last(), Some(&(date(2026, 11, 22), date(2026, 10, 18))));
    }

    #[test]
    fn holidays_are_compared_with_nothing() {
        let now = period(date(2026, 12, 21), date(2027, 1, 3));
        let pairs = like_days(now, period(date(2026, 12, 7), date(2026, 12, 20)));
        assert_eq!(pairs.len(), 9);
    }

    #[test]
    fn a_clear_change_is_proven_and_a_small_one_is_not() {
        let before: Vec<f64> = (0..28).map(|day| 100.0 + 5.0 * chance(day)).collect();
        let scaled = |by: f64| -> Vec<f64> { (28..56).map(|day| by * (100.0 + 5.0 * chance(day))).collect() };
        let clear = compare_sums(&scaled(1.3), &before).expect("enough days");
        assert_eq!(clear.verdict(), Verdict::Proven);
        assert!(clear.low.is_some_and(|low| low > 0.2) && clear.high.is_some_and(|high| high < 0.45));
        let small = compare_sums(&scaled(0.995), &before).expect("enough days");
        assert_eq!(small.verdict(), Verdict::NotProven);
    }

    #[test]
    fn few_days_or_nothing_but_noughts_say_nothing() {
        assert_eq!(compare_sums(&[1.0; 13], &[1.0; 13]), None);
        assert_eq!(compare_sums(&[1.0; 28], &[0.0; 28]), None);
        assert_eq!(compare_sums(&[0.0; 28], &[1.0; 28]), None);
    }

    #[test]
    fn a_rate_is_the_ratio_of_sums() {
        let (saves, listeners) = ([2.0; 14], [100.0; 14]);
        let change = compare_rates(&[3.0; 14], &listeners, &saves, &listeners).expect("enough days");
        assert!((change.change - 0.5).abs() < 1e-12);
    }
}
