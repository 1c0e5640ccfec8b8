//! Whether streams moved to another level on a day, and stayed there.

use super::daily::{Daily, after};
use super::statistics::{autocorrelations, count, mean};
use super::trend::{NEEDED_DAYS, TREND_DAYS, prepared};
use jiff::civil::Date;

/// A level lasts at least this many days.
const SHORTEST_LEVEL: usize = 14;
/// The smallest change that is worth a word.
const SMALLEST_CHANGE: f64 = 0.10;
/// What the largest of all splits' statistics exceeds by chance in 5 % of the cases, with 15 % of the days
/// kept from both ends (Andrews 1993 as corrected in 2003, one parameter; the table of Stock and Watson).
const CRITICAL: f64 = 8.68;

/// Another level from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The first day on it.
    pub date: Date,
    /// By how much it differs from the level before, as a ratio (0.1 = +10 %).
    pub change: f64,
}

/// A series as two means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Where the second part begins.
    pub place: usize,
    /// The mean of the first part.
    pub before: f64,
    /// The mean of the second part.
    pub after: f64,
    /// What both leave over: the sum of squares.
    pub squares: f64,
}

/// The split into two means that leaves least over, each part with at least `shortest` values.
pub fn best_split(values: &[f64], shortest: usize) -> Option<Split> {
    let places = shortest.max(1)..(values.len() + 1).saturating_sub(shortest.max(1));
    let split = |place: usize| {
        let (left, right) = values.split_at(place);
        let (before, after) = (mean(left)?, mean(right)?);
        let squares = squares_around(left, before) + squares_around(right, after);
        Some(Split { place, before, after, squares })
    };
    places.filter_map(split).min_by(|one, other| one.squares.total_cmp(&other.squares))
}

fn squares_around(values: &[f64], middle: f64) -> f64 {
    values.iter().map(|value| (value - middle).powi(2)).sum()
}

/// The level that the [`TREND_DAYS`] days up to `to` moved to, if they did.
///
/// On the same prepared logarithms as the trend: the best split into two means. It counts where its Wald
/// statistic, with the variance of values that have the memory of the residuals (long-run variance of an
/// autoregressive process of order 1), exceeds what the largest of all splits reaches by chance; where the
/// levels differ by 10 % at least; and where two levels describe the days better than a straight line does.
pub fn level(streams: &Daily, to: Date) -> Option<Level> {
    let (series, _) = prepared(&streams.between(after(to, 1 - TREND_DAYS), to));
    let values = series.known();
    if values.len() < NEEDED_DAYS {
        return None;
    }
    let edge = SHORTEST_LEVEL.max(values.len() * 3 / 20);
    let split = best_split(&values, edge)?;
    let step = split.after - split.before;
    let statistic = step * step / variance_of_step(&values, split);
    let change = step.exp_m1();
    let counts =
        statistic > CRITICAL && change.abs() >= SMALLEST_CHANGE && split.squares < line_squares(&values);
    let day = i32::try_from(split.place).ok()?;
    counts.then(|| Level { date: after(series.first, day), change })
}

/// The variance of the difference of both means.
fn variance_of_step(values: &[f64], split: Split) -> f64 {
    let middle = |place: usize| if place < split.place { split.before } else { split.after };
    let rest: Vec<f64> = values.iter().enumerate().map(|(place, value)| value - middle(place)).collect();
    let days = count(values.len());
    let memory = autocorrelations(&rest, 1).get(1).copied().unwrap_or_default().clamp(0.0, 1.0 - 2.0 / days);
    let variance = split.squares / (days - 2.0) * (1.0 + memory) / (1.0 - memory);
    variance * (1.0 / count(split.place) + 1.0 / (days - count(split.place)))
}

/// What a straight line by least squares leaves over.
fn line_squares(values: &[f64]) -> f64 {
    let middle_day = (count(values.len()) - 1.0) / 2.0;
    let middle = mean(values).unwrap_or_default();
    let days = (0..values.len()).map(|day| count(day) - middle_day);
    let spread: f64 = days.clone().map(|day| day * day).sum();
    let slope = days.clone().zip(values).map(|(day, value)| day * value).sum::<f64>() / spread;
    days.zip(values).map(|(day, value)| (value - middle - slope * day).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::analysis::chance::chance;
    use jiff::civil::date;

    const TO: Date = date(2026, 11, 21);

    fn series(value: impl Fn(i32) -> f64) -> Daily {
        Daily { first: after(TO, -119), values: (0..120).map(|day| Some(value(day))).collect() }
    }

    #[test]
    fn a_step_is_found_at_its_day() {
        let found =
            level(&series(|day| if day < 70 { 100.0 } else { 130.0 } * (0.02 * chance(day)).exp()), TO);
        let found = found.expect("a level");
        assert_eq!(found.date, after(TO, -49));
        assert!((found.change - 0.3).abs() < 0.02);
    }

    #[test]
    fn steady_growth_and_chance_are_no_step() {
        assert_eq!(
            level(&series(|day| 100.0 * (0.004 * f64::from(day) + 0.02 * chance(day)).exp()), TO),
            None
        );
        assert_eq!(level(&series(|day| 100.0 * (0.02 * chance(day)).exp()), TO), None);
    }

    #[test]
    fn the_best_split_leaves_least_over() {
        let split = best_split(&[1.0, 1.0, 5.0, 5.0, 5.0], 1).expect("a split");
        assert_eq!((split.place, split.before, split.after, split.squares), (2, 1.0, 5.0, 0.0));
        assert_eq!(best_split(&[1.0], 1), None);
    }
}
