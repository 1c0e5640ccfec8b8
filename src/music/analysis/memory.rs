//! How much a mean of days can be trusted when a day resembles the day before.

use super::probability::student_quantile;
use super::statistics::{autocorrelations, count, mean};

/// Fewer independent days have no interval.
const LEAST_INDEPENDENT_DAYS: f64 = 3.0;

/// The mean of a series and half of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanWithMargin {
    /// The mean.
    pub mean: f64,
    /// Mean ± this is the interval.
    pub margin: f64,
    /// As many independent days would say as much.
    pub independent_days: f64,
}

/// The mean with its interval, for values with the memory of an autoregressive process of order 1.
///
/// The first autocorrelation r is corrected for its bias, r + (1 + 4r)/n (Marriott and Pope 1954), and kept
/// between 0 and 1 − 2/n; then n(1 − r)/(1 + r) days are independent (Bayley and Hammersley 1946), the
/// variance of the values is that of a sample of so many, and Student's quantile has so many degrees of
/// freedom less one. None below four values, or where fewer than three days are
/// independent: then the interval would say nothing.
pub fn mean_with_margin(values: &[f64]) -> Option<MeanWithMargin> {
    if values.len() < 4 {
        return None;
    }
    let (middle, days) = (mean(values)?, count(values.len()));
    let correlation = autocorrelations(values, 1)[1];
    let memory = (correlation + (1.0 + 4.0 * correlation) / days).clamp(0.0, 1.0 - 2.0 / days);
    let independent_days = days * (1.0 - memory) / (1.0 + memory);
    if independent_days < LEAST_INDEPENDENT_DAYS {
        return None;
    }
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    let variance = squares / days / (1.0 - 1.0 / independent_days);
    let quantile = student_quantile(0.975, independent_days - 1.0);
    Some(MeanWithMargin {
        mean: middle,
        margin: quantile * (variance / independent_days).sqrt(),
        independent_days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_widens_the_interval() {
        let alternating: Vec<f64> = (0..28_u32).map(|day| f64::from(day % 2)).collect();
        let in_blocks: Vec<f64> = (0..28_u32).map(|day| f64::from(day / 3 % 2)).collect();
        let free = mean_with_margin(&alternating).expect("enough days");
        let bound = mean_with_margin(&in_blocks).expect("enough days");
        assert!((free.mean - 0.5).abs() < 1e-12 && (free.independent_days - 28.0).abs() < 1e-12);
        assert!(bound.independent_days < 15.0 && bound.margin > 1.3 * free.margin);
    }

    #[test]
    fn a_handful_of_days_has_no_interval() {
        assert_eq!(mean_with_margin(&[1.0, 2.0, 3.0]), None);
    }
}
