//! Whether streams grow or fall steadily, by how much a day, and whether that is proven.

use super::Verdict;
use super::daily::{Daily, after, days_between, weekday};
use super::holidays::is_holiday;
use super::mann_kendall::cautious;
use super::slope::theil_sen;
use super::statistics::count;
use jiff::civil::Date;

/// The days that a trend looks back.
pub const TREND_DAYS: i32 = 120;
/// The least number of days with data.
pub const NEEDED_DAYS: usize = 56;
/// What is called proven.
pub const SIGNIFICANCE: f64 = 0.05;

/// A steady change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The relative change from day to day (0.01 = +1 % a day).
    pub per_day: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The p-value of the corrected test.
    pub p_value: Option<f64>,
    /// The days that were looked at.
    pub days: usize,
    /// How many of them had no data, and were bridged.
    pub bridged: usize,
    /// Whether it is proven.
    pub verdict: Verdict,
}

/// The trend of the [`TREND_DAYS`] days up to `to`; none with fewer than [`NEEDED_DAYS`] days of data in the
/// newest stretch without a gap of more than a week.
///
/// On ln(1 + x), without holidays and with gaps bridged by straight lines: Theil and Sen's slope b, and
/// e^b − 1 a day; Mann and Kendall's test with Hamed and Rao's correction, or a larger one where days
/// resemble each other more ([`cautious`]). The same corrected variance widens the interval of the slope. What the weekdays differ
/// by from the line is taken off first. Proven means that the test says so and the interval leaves out
/// nought.
pub fn trend(streams: &Daily, to: Date) -> Option<Trend> {
    let (series, bridged) = prepared(&streams.between(after(to, 1 - TREND_DAYS), to));
    let values = series.known();
    if values.len() < NEEDED_DAYS || values.len() - bridged.min(values.len()) < NEEDED_DAYS * 3 / 4 {
        return None;
    }
    let test = cautious(&values);
    let days: Vec<f64> = (0..values.len()).map(count).collect();
    let line = theil_sen(&days, &values, Some(test.corrected_variance()))?;
    let p_value = test.p_value();
    let apart = line.low > 0.0 || line.high < 0.0;
    let proven = apart && p_value.is_some_and(|p| p < SIGNIFICANCE);
    Some(Trend {
        per_day: line.slope.exp_m1(),
        low: line.low.exp_m1(),
        high: line.high.exp_m1(),
        p_value,
        days: values.len(),
        bridged,
        verdict: if proven { Verdict::Proven } else { Verdict::NotProven },
    })
}

/// Logarithms without holidays, gaps and weekdays: the newest stretch, and how many days were bridged.
pub(super) fn prepared(streams: &Daily) -> (Daily, usize) {
    let logarithms = streams.logarithms().map(|date, value| (!is_holiday(date)).then_some(value));
    let (bridged, days) = logarithms.bridged();
    (without_weekdays(&bridged.newest_stretch()), days)
}

/// Takes off what each weekday differs by, in the median, from the line through all of them.
fn without_weekdays(series: &Daily) -> Daily {
    let known: Vec<(f64, f64)> = series
        .iter()
        .filter_map(|(date, value)| Some((f64::from(days_between(series.first, date)), value?)))
        .collect();
    let (days, values): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
    let Some(line) = theil_sen(&days, &values, None) else { return series.clone() };
    let at = |date: Date| line.intercept + line.slope * f64::from(days_between(series.first, date));
    let usual = series.map(|date, value| Some(value - at(date))).weekday_medians();
    series.map(|date, value| Some(value - usual[weekday(date)].unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::analysis::chance::chance;
    use jiff::civil::date;

    const TO: Date = date(2026, 11, 21);

    fn series(days: i32, value: impl Fn(i32) -> Option<f64>) -> Daily {
        let values = (0..days).map(value).collect();
        Daily { first: after(TO, 1 - days), values }
    }

    #[test]
    fn steady_growth_is_proven_with_its_slope_whatever_the_week() {
        let week = |day: i32| 1.0 + 0.1 * f64::from(day % 7) / 7.0;
        let growth = |day: i32| (0.004 * f64::from(day) + 0.02 * chance(day)).exp();
        let found = trend(&series(120, |day| Some(20_000.0 * growth(day) * week(day))), TO);
        let found = found.expect("enough days");
        assert_eq!((found.verdict, found.days, found.bridged), (Verdict::Proven, 120, 0));
        assert!((found.per_day - 0.004).abs() < 5e-4 && found.low < 0.004 && 0.004 < found.high, "{found:?}");
    }

    #[test]
    fn chance_is_not_proven() {
        let found =
            trend(&series(120, |day| Some(20_000.0 * (0.02 * chance(day)).exp())), TO).expect("enough days");
        assert_eq!(found.verdict, Verdict::NotProven);
    }

    #[test]
    fn three_weeks_or_nothing_but_noughts_say_nothing_of_a_trend() {
        assert_eq!(trend(&series(21, |_| Some(100.0)), TO), None);
        assert_eq!(trend(&series(120, |day| (day % 3 == 0).then_some(100.0)), TO), None);
        let noughts = trend(&series(120, |_| Some(0.0)), TO).expect("enough days");
        assert_eq!((noughts.verdict, noughts.p_value), (Verdict::NotProven, None));
    }
}
