//! Series of weeks, and several of them on one scale.

use super::daily::{Daily, after};
use super::statistics::mean;
use jiff::civil::Date;

/// A week with fewer known days says nothing.
const NEEDED_DAYS: usize = 4;

/// The first days of the weeks that end with a day, oldest first.
pub fn weeks(to: Date, count: i32) -> Vec<Date> {
    (0..count).rev().map(|week| after(to, -7 * week - 6)).collect()
}

/// The mean of each of these weeks; none where fewer than four of its days are known.
pub fn weekly_means(series: &Daily, weeks: &[Date]) -> Vec<Option<f64>> {
    let of = |first: &Date| {
        let known = series.between(*first, after(*first, 6)).known();
        mean(&known).filter(|_| known.len() >= NEEDED_DAYS)
    };
    weeks.iter().map(of).collect()
}

/// The same with the first known week above nought as 100; nothing where there is none.
pub fn indexed(means: &[Option<f64>]) -> Vec<Option<f64>> {
    let base = means.iter().flatten().copied().find(|mean| *mean > 0.0);
    means.iter().map(|mean| Some(100.0 * (*mean)? / base?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_are_means_of_known_days_and_begin_at_a_hundred() {
        let to = date(2026, 11, 21);
        let weeks = weeks(to, 3);
        assert_eq!(weeks, [date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)]);
        let value = |day: i32| match day {
            0..=3 => None,
            4..=13 => Some(50.0),
            _ => Some(75.0),
        };
        let series = Daily { first: weeks[0], values: (0..21).map(value).collect() };
        let means = weekly_means(&series, &weeks);
        assert_eq!(means, [None, Some(50.0), Some(75.0)], "three days are too few");
        assert_eq!(indexed(&means), [None, Some(100.0), Some(150.0)]);
        assert_eq!(indexed(&[None, Some(0.0)]), [None, None]);
    }
}
