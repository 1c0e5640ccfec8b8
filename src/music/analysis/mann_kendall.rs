//! The test of Mann and Kendall for a trend, as it is and with the correction of Hamed and Rao for memory.

use super::probability::{normal_quantile, two_sided};
use super::slope::theil_sen;
use super::statistics::{autocorrelations, count, ranks, ties};

/// The outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// S: pairs that rise less pairs that fall.
    pub score: f64,
    /// The variance of S without a trend, for independent values.
    pub variance: f64,
    /// What memory multiplies the variance with.
    pub correction: f64,
}

impl MannKendall {
    /// The variance of S with memory.
    pub fn corrected_variance(&self) -> f64 {
        self.variance * self.correction
    }

    /// The score in standard deviations, with the correction for continuity; none where the variance is not
    /// positive, which Hamed and Rao's estimate may come to.
    pub fn z(&self) -> Option<f64> {
        let deviation = self.corrected_variance().sqrt();
        (deviation > 0.0).then(|| {
            if self.score.abs() > 0.0 { (self.score - self.score.signum()) / deviation } else { 0.0 }
        })
    }

    /// The two-sided p-value.
    pub fn p_value(&self) -> Option<f64> {
        self.z().map(two_sided)
    }

    /// The same with a correction of at least 1: an estimate that makes days say more than independent ones
    /// is chance, and is not relied on.
    #[must_use]
    pub fn cautious(self) -> Self {
        Self { correction: self.correction.max(1.0), ..self }
    }
}

/// The test as it is (Mann 1945, Kendall 1975), for values at equal distances.
pub fn mann_kendall(values: &[f64]) -> MannKendall {
    let rises = values
        .iter()
        .enumerate()
        .map(|(place, value)| -> f64 { values[place + 1..].iter().map(|later| sign(later - value)).sum() });
    let term = |members: f64| members * (members - 1.0) * (2.0 * members + 5.0);
    let tied: f64 = ties(values).into_iter().map(|members| term(count(members))).sum();
    MannKendall { score: rises.sum(), variance: (term(count(values.len())) - tied) / 18.0, correction: 1.0 }
}

fn sign(difference: f64) -> f64 {
    if difference.abs() > 0.0 { difference.signum() } else { 0.0 }
}

/// The test with the variance corrected for memory (Hamed and Rao 1998): the autocorrelations at all lags
/// of the ranks, after the Theil-Sen line was taken off, as far as they are significant at 5 %. In the form
/// of pymannkendall's `hamed_rao_modification_test`.
pub fn hamed_rao(values: &[f64]) -> MannKendall {
    let plain = mann_kendall(values);
    let days: Vec<f64> = (1..=values.len()).map(count).collect();
    let Some(line) = theil_sen(&days, values, None) else { return plain };
    let rest: Vec<f64> = values.iter().zip(&days).map(|(value, day)| value - day * line.slope).collect();
    let n = count(values.len());
    let limit = normal_quantile(0.975) / n.sqrt();
    let memory = autocorrelations(&ranks(&rest), values.len());
    let significant = memory.iter().enumerate().skip(1).filter(|(_, correlation)| correlation.abs() > limit);
    let sum: f64 = significant
        .map(|(lag, correlation)| {
            let left = n - count(lag);
            left * (left - 1.0) * (left - 2.0) * correlation
        })
        .sum();
    MannKendall { correction: 1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * sum, ..plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_rise_has_the_largest_score() {
        let values: Vec<f64> = (0..10_u32).map(f64::from).collect();
        let test = mann_kendall(&values);
        assert_eq!((test.score, test.variance), (45.0, 125.0));
        assert!(test.p_value().is_some_and(|p| p < 1e-4));
    }

    #[test]
    fn ties_lessen_the_variance_and_nothing_at_all_is_no_trend() {
        let tied = mann_kendall(&[1.0, 1.0, 2.0]);
        assert_eq!((tied.score, tied.variance * 18.0), (2.0, 48.0));
        assert_eq!(mann_kendall(&[5.0; 8]).z(), None);
    }

    #[test]
    fn slow_waves_are_taken_for_memory() {
        let wave: Vec<f64> = (0..120_u32).map(|day| (f64::from(day) / 11.0).sin()).collect();
        assert!(hamed_rao(&wave).correction > 2.0);
        assert!(hamed_rao(&[1.0, 3.0, 2.0, 4.0]).cautious().correction >= 1.0);
    }
}
