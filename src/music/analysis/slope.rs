//! The slope of Theil and Sen: the median of the slopes between all pairs, which outliers do not move.

use super::probability::normal_quantile;
use super::statistics::{count, median, position, quantile_of_sorted, ties};

/// A line through the middle of a cloud of points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// The median slope.
    pub slope: f64,
    /// median(y) − slope · median(x).
    pub intercept: f64,
    /// The lower end of the 95 % interval of the slope.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The slope with its 95 % interval (Sen 1968).
///
/// The interval counts from the middle of the sorted slopes by the standard deviation of Mann and Kendall's
/// score: that of independent points, or the given variance, with which memory is taken into account. None
/// where no two points differ in x.
pub fn theil_sen(x: &[f64], y: &[f64], variance_of_score: Option<f64>) -> Option<Slope> {
    let mut slopes = pairwise(x, y);
    slopes.sort_by(f64::total_cmp);
    let slope = quantile_of_sorted(&slopes, 0.5)?;
    let variance = variance_of_score.unwrap_or_else(|| independent(x, y));
    let reach = normal_quantile(0.975) * variance.max(0.0).sqrt();
    let (pairs, last) = (count(slopes.len()), slopes.len() - 1);
    let low = position(f64::midpoint(pairs, -reach)).saturating_sub(1).min(last);
    let high = position(f64::midpoint(pairs, reach)).min(last);
    let intercept = median(y)? - slope * median(x)?;
    Some(Slope { slope, intercept, low: slopes[low], high: slopes[high] })
}

fn pairwise(x: &[f64], y: &[f64]) -> Vec<f64> {
    let points = x.iter().zip(y);
    points
        .clone()
        .enumerate()
        .flat_map(|(place, (x, y))| {
            points.clone().skip(place + 1).map(move |(later_x, later_y)| (later_x - x, later_y - y))
        })
        .filter(|(run, _)| run.abs() > 0.0)
        .map(|(run, rise)| rise / run)
        .collect()
}

/// The variance of the score for independent points, ties in x and y taken off.
fn independent(x: &[f64], y: &[f64]) -> f64 {
    let term = |members: usize| {
        let members = count(members);
        members * (members - 1.0) * (2.0 * members + 5.0)
    };
    let tied: f64 = ties(x).into_iter().chain(ties(y)).map(term).sum();
    (term(y.len()) - tied) / 18.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_outlier_moves_nothing() {
        let x: Vec<f64> = (0..20_u32).map(f64::from).collect();
        let mut y: Vec<f64> = x.iter().map(|x| 3.0 + 0.5 * x).collect();
        y[7] = 1000.0;
        let line = theil_sen(&x, &y, None).expect("a slope");
        assert!((line.slope - 0.5).abs() < 1e-12);
        assert!(line.low <= line.slope && line.slope <= line.high);
    }

    #[test]
    fn one_point_has_no_slope() {
        assert_eq!(theil_sen(&[1.0], &[1.0], None), None);
    }
}
