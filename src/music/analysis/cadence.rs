//! How often a source reports: a day without the report of one that reports once a week is no fall.

use super::daily::days_between;
use jiff::civil::Date;

/// Reports from which it can be told.
const NEEDED_REPORTS: usize = 3;

/// How many days usually lie from one report to the next, as the median, of a source that does not report daily. None
/// where it does, or where there are fewer than three reports. The days are in order, none of them twice. Of two in the
/// middle the shorter counts, so that a day that is missing among a few makes no source one that reports seldom.
pub fn seldom(days: &[Date]) -> Option<i32> {
    if days.len() < NEEDED_REPORTS {
        return None;
    }
    let mut distances: Vec<i32> = days.windows(2).map(|pair| days_between(pair[0], pair[1])).collect();
    distances.sort_unstable();
    distances.get((distances.len() - 1) / 2).copied().filter(|usual| *usual > 1)
}

#[cfg(test)]
mod tests {
    use super::super::daily::after;
    use super::*;
    use jiff::civil::date;

    fn told(days: impl Iterator<Item = i32>) -> Option<i32> {
        seldom(&days.map(|day| after(date(2026, 9, 7), day)).collect::<Vec<_>>())
    }

    #[test]
    fn a_source_that_reports_weekly_is_told_from_one_that_lacks_some_days() {
        assert_eq!(told((0..8).map(|week| 7 * week)), Some(7));
        assert_eq!(told([0, 7, 14, 35, 42].into_iter()), Some(7));
        assert_eq!(told((0..56).filter(|day| day % 5 != 0)), None);
        assert_eq!(told([0, 7].into_iter()), None, "two reports say nothing");
        assert_eq!(told([0, 1, 3].into_iter()), None, "a day is missing among a few");
        assert_eq!(told([0, 7, 14].into_iter()), Some(7));
    }
}
