//! What the next weeks may bring, tried on the past first.

use super::daily::{Daily, after};
use super::holidays::is_holiday;
use super::holt_winters::{Fit, WEEK, fit};
use super::statistics::{count, mean, quantile};
use jiff::civil::Date;

/// The days that are forecast.
pub const HORIZON: usize = 28;
/// The least number of days from which a forecast is made.
const SHORTEST_PAST: usize = 56;
/// The least number of times that a forecast must have been tried.
const NEEDED_TRIALS: usize = 8;
/// Between two trials: a week.
const BETWEEN_TRIALS: usize = 7;
/// No more trials than these, the newest.
const MOST_TRIALS: usize = 26;
/// The interval is from the 10th to the 90th percentile.
const LOW: f64 = 0.1;
const HIGH: f64 = 0.9;

/// Three numbers between which the truth lies in 80 of 100 cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The 10th percentile.
    pub low: f64,
    /// What is expected.
    pub middle: f64,
    /// The 90th percentile.
    pub high: f64,
}

/// What the next 28 days may bring.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Day by day.
    pub days: Vec<(Date, Range)>,
    /// All 28 days together.
    pub sum: Range,
    /// The mean absolute error of the trials, in that of "as a week before" within the past that each trial
    /// knew (MASE, Hyndman and Koehler 2006); none where weeks never differed.
    pub mase: Option<f64>,
    /// The same of the forecast that each day will be as the same weekday of the last week known.
    pub naive_mase: Option<f64>,
    /// How many trials there were.
    pub trials: usize,
    /// Whether the season alone did better in the trials, and is therefore what is forecast.
    pub naive: bool,
}

/// How a forecast is made from the logarithms of the past.
type Method = fn(&[f64]) -> Option<Vec<f64>>;

/// Damped Holt and Winters on ln(1 + x), or the last week again, whichever missed less in the trials.
///
/// A trial forecasts 28 days from a day of the past with nothing but what was known then; there is one for
/// each week, at most 26. The interval of a day comes from the errors (in ln) of the trials at that week of
/// the horizon, that of the sum from the errors of the trials' sums. None where fewer than eight trials are
/// possible: below about 19 weeks without a gap of more than a week.
pub fn forecast(streams: &Daily) -> Option<Forecast> {
    let usual = streams.logarithms().map(|date, value| (!is_holiday(date)).then_some(value));
    let past = usual.bridged().0.newest_stretch();
    let values = past.known();
    let ends = trial_ends(values.len());
    if ends.len() < NEEDED_TRIALS {
        return None;
    }
    let smoothed = Trials::of(&values, &ends, holt_winters)?;
    let repeated = Trials::of(&values, &ends, seasonal_naive)?;
    let naive = repeated.error < smoothed.error;
    let (chosen, method): (&Trials, Method) =
        if naive { (&repeated, seasonal_naive) } else { (&smoothed, holt_winters) };
    let expected = method(&values)?;
    let last = after(past.first, i32::try_from(values.len()).ok()? - 1);
    let days = (1..).zip(&expected).map(|(ahead, value)| {
        let week = (usize::try_from(ahead).unwrap_or_default() - 1) / WEEK;
        (after(last, ahead), range(&chosen.by_week[week], *value))
    });
    let sum: f64 = expected.iter().map(|value| value.exp_m1().max(0.0)).sum();
    Some(Forecast {
        days: days.collect(),
        sum: range(&chosen.of_sums, sum.ln_1p()),
        mase: smoothed.mase,
        naive_mase: repeated.mase,
        trials: ends.len(),
        naive,
    })
}

/// Where the trials' pasts end, the newest first.
fn trial_ends(days: usize) -> Vec<usize> {
    let newest = days.saturating_sub(HORIZON);
    let ends = (0..MOST_TRIALS).filter_map(|trial| newest.checked_sub(trial * BETWEEN_TRIALS));
    ends.filter(|end| *end >= SHORTEST_PAST).collect()
}

/// Damped Holt and Winters.
fn holt_winters(past: &[f64]) -> Option<Vec<f64>> {
    let Fit { state, weights } = fit(past)?;
    Some((1..=HORIZON).map(|ahead| state.expected(ahead, weights)).collect())
}

/// The last week again and again.
fn seasonal_naive(past: &[f64]) -> Option<Vec<f64>> {
    let week = past.get(past.len().checked_sub(WEEK)?..)?;
    Some(week.iter().copied().cycle().take(HORIZON).collect())
}

/// How a method did on the past.
struct Trials {
    /// Errors in ln, by week of the horizon.
    by_week: Vec<Vec<f64>>,
    /// Errors of the sums in ln.
    of_sums: Vec<f64>,
    /// The mean absolute error in streams.
    error: f64,
    mase: Option<f64>,
}

impl Trials {
    fn of(values: &[f64], ends: &[usize], method: Method) -> Option<Self> {
        let mut by_week = vec![Vec::new(); HORIZON / WEEK];
        let (mut of_sums, mut errors, mut scaled) = (Vec::new(), Vec::new(), Vec::new());
        for end in ends {
            let (past, rest) = values.split_at_checked(*end)?;
            let truth = rest.get(..HORIZON)?;
            let expected = method(past)?;
            for (ahead, (truth, expected)) in truth.iter().zip(&expected).enumerate() {
                by_week[ahead / WEEK].push(truth - expected);
            }
            of_sums.push((sum_of(truth) / sum_of(&expected).max(1.0)).max(1e-9).ln());
            let missed = absolute_error(truth, &expected);
            errors.push(missed);
            scaled.extend(scale(past).map(|scale| missed / scale));
        }
        Some(Self { by_week, of_sums, error: mean(&errors)?, mase: mean(&scaled) })
    }
}

/// The range around a value in ln, from errors in ln.
fn range(errors: &[f64], value: f64) -> Range {
    let shifted = |by: f64| (value + by).exp_m1().max(0.0);
    let low = quantile(errors, LOW).unwrap_or_default().min(0.0);
    let high = quantile(errors, HIGH).unwrap_or_default().max(0.0);
    Range { low: shifted(low), middle: shifted(0.0), high: shifted(high) }
}

fn sum_of(logarithms: &[f64]) -> f64 {
    logarithms.iter().map(|value| value.exp_m1()).sum()
}

/// The mean absolute difference of two series that are given in ln.
fn absolute_error(truth: &[f64], expected: &[f64]) -> f64 {
    let pairs = truth.iter().zip(expected);
    pairs.map(|(truth, expected)| (truth.exp_m1() - expected.exp_m1()).abs()).sum::<f64>()
        / count(truth.len())
}

/// The mean absolute difference of each day from a week before; none where there is no difference.
pub fn scale(past: &[f64]) -> Option<f64> {
    let earlier = past.get(..past.len().checked_sub(WEEK)?)?;
    Some(absolute_error(&past[WEEK..], earlier)).filter(|scale| *scale > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::analysis::chance::chance;
    use jiff::civil::date;

    const FIRST: Date = date(2026, 2, 1);

    fn series(days: i32) -> Daily {
        let week = |day: i32| 1.0 + 0.2 * f64::from(day % 7) / 7.0;
        let values = (0..days).map(|day| Some(10_000.0 * week(day) * (0.02 * chance(day)).exp()));
        Daily { first: FIRST, values: values.collect() }
    }

    #[test]
    fn a_quiet_artist_is_forecast_within_a_few_percent_and_better_than_the_last_week() {
        let found = forecast(&series(250)).expect("enough days");
        assert_eq!((found.days.len(), found.days[0].0), (28, after(FIRST, 250)));
        assert!(found.mase < found.naive_mase, "{found:?}");
        assert!(found.sum.low <= found.sum.middle && found.sum.middle <= found.sum.high);
        assert!((found.sum.middle / 304_000.0 - 1.0).abs() < 0.02, "{}", found.sum.middle);
        let truth = series(278);
        let within = found.days.iter().filter(|(day, range)| {
            truth.on(*day).is_some_and(|streams| range.low <= streams && streams <= range.high)
        });
        assert!(within.count() >= 18, "{found:?}");
    }

    #[test]
    fn three_weeks_or_a_long_gap_allow_no_forecast() {
        assert_eq!(forecast(&series(21)), None);
        let mut gap = series(250);
        gap.values[150..160].fill(None);
        assert_eq!(forecast(&gap), None);
    }

    #[test]
    fn nothing_at_all_stays_nothing() {
        let noughts = Daily { first: FIRST, values: vec![Some(0.0); 250] };
        let found = forecast(&noughts).expect("enough days");
        assert!(found.sum.high.abs() < 1e-9 && found.mase.is_none());
    }
}
