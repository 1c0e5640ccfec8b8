//! Where a value stands among others, by the plotting positions of Hazen (1914).
//!
//! Hazen places the i-th of n ordered values at (i - 0.5) / n. The median of few values is then the usual one,
//! and no value of a sample counts as 0 or 100 percent.

/// The value below which the part `p` (0 to 1) of the values lies, between two values in proportion; the
/// smallest or largest value beyond the outer positions. None where there are no values.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (first, last) = (sorted.first()?, sorted.last()?);
    let place = count(sorted.len()) * p - 0.5;
    if place <= 0.0 {
        return Some(*first);
    }
    let below = place.floor();
    let index = sorted.iter().zip(0_u32..).position(|(_, at)| f64::from(at) >= below)?;
    let low = sorted[index];
    let high = sorted.get(index + 1).unwrap_or(last);
    Some(low + (high - low) * (place - below))
}

/// The part (0 to 1) of the others that a value is above; equal ones count half. None without others.
pub fn rank(others: &[f64], value: f64) -> Option<f64> {
    if others.is_empty() {
        return None;
    }
    let below = count(others.iter().filter(|other| **other < value).count());
    let equal = count(others.iter().filter(|other| (**other - value).abs() < f64::EPSILON).count());
    Some((below + equal / 2.0) / count(others.len()))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of releases are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-12)
    }

    #[test]
    fn quantiles_are_those_of_numpy_s_method_hazen() {
        // numpy.quantile([1, 2, 4, 8], [0.25, 0.5, 0.75, 0.9], method="hazen")
        let values = [8.0, 1.0, 4.0, 2.0];
        for (p, expected) in [(0.25, 1.5), (0.5, 3.0), (0.75, 6.0), (0.9, 8.0), (0.0, 1.0), (1.0, 8.0)] {
            assert!(close(quantile(&values, p), expected), "{p}: {:?}", quantile(&values, p));
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert!(close(quantile(&[3.0], 0.75), 3.0));
    }

    #[test]
    fn a_rank_counts_equal_values_half() {
        let others = [1.0, 2.0, 2.0, 3.0];
        assert!(close(rank(&others, 2.0), 0.5));
        assert!(close(rank(&others, 9.0), 1.0));
        assert!(close(rank(&others, 0.0), 0.0));
        assert_eq!(rank(&[], 1.0), None);
    }
}
