//! The length of the periods of a metric: what `CloudWatch` still has, and what a range needs.

use super::time::TimeRange;
use jiff::Timestamp;

/// The lengths that are chosen from, in seconds.
const LENGTHS: [u32; 6] = [60, 300, 900, 3600, 21_600, 86_400];

/// The shortest period that `CloudWatch` still has: minutes for 15 days, 5 minutes for 63, then hours.
pub(crate) fn least(range: TimeRange, now: Timestamp) -> u32 {
    const DAY: i64 = 86_400;
    match now.as_second() - range.from.as_second() {
        age if age <= 15 * DAY => 60,
        age if age <= 63 * DAY => 300,
        _ => 3600,
    }
}

/// The shortest period, but not shorter than `least`, with which a range has at most so many values; the
/// longest of all where even that is too short.
pub(crate) fn chosen(range: TimeRange, least: u32, most_values: i64) -> u32 {
    let [.., longest] = LENGTHS;
    let fits = |period: &&u32| **period >= least && range.seconds() / i64::from(**period) <= most_values;
    LENGTHS.iter().find(fits).copied().unwrap_or(longest)
}
