//! Comparing a window of days with the one before it.

/// Days of the window that lists and pages show.
pub const WINDOW_DAYS: usize = 28;

/// The part of a window's days that must have data for a comparison to mean something.
const NEEDED_DAYS: usize = WINDOW_DAYS * 3 / 4;

/// Sum and change of the newest [`WINDOW_DAYS`] days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindowChange {
    /// Sum over the newest window; days without data add nothing.
    pub sum: u64,
    /// Relative change of the mean of the days with data against the window before (0.1 = +10 %).
    ///
    /// None when one of the windows has data on fewer than three quarters of its days, or when the
    /// window before is zero. Means of reported days are compared instead of sums, so that a missing
    /// day does not look like a fall.
    pub change: Option<f64>,
}

/// Compares the last two windows of a series of days, oldest first.
pub fn window_change(days: &[Option<u64>]) -> WindowChange {
    let (earlier, newest) = days.split_at(days.len().saturating_sub(WINDOW_DAYS));
    let before = &earlier[earlier.len().saturating_sub(WINDOW_DAYS)..];
    let sum = newest.iter().flatten().sum();
    let change = match (mean(newest), mean(before)) {
        (Some(now), Some(then)) if then > 0.0 => Some(now / then - 1.0),
        _ => None,
    };
    WindowChange { sum, change }
}

#[expect(clippy::cast_precision_loss, reason = "stream counts lie far below 2^53")]
fn mean(days: &[Option<u64>]) -> Option<f64> {
    let count = days.iter().flatten().count();
    let sum: u64 = days.iter().flatten().sum();
    (count >= NEEDED_DAYS).then(|| sum as f64 / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(runs: &[(usize, Option<u64>)]) -> Vec<Option<u64>> {
        runs.iter().flat_map(|(count, value)| std::iter::repeat_n(*value, *count)).collect()
    }

    #[test]
    fn growth_is_measured_against_the_window_before() {
        let change = window_change(&days(&[(28, Some(100)), (28, Some(110))]));
        assert_eq!(change.sum, 3080);
        assert!((change.change.expect("both windows are full") - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_missing_day_is_not_a_fall() {
        let change = window_change(&days(&[(28, Some(100)), (27, Some(100)), (1, None)]));
        assert_eq!(change.change, Some(0.0));
    }

    #[test]
    fn three_weeks_of_data_allow_no_comparison() {
        assert_eq!(window_change(&days(&[(21, Some(100))])), WindowChange { sum: 2100, change: None });
    }

    #[test]
    fn nothing_is_known_about_nothing() {
        assert_eq!(window_change(&[]), WindowChange { sum: 0, change: None });
    }
}
