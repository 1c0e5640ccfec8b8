//! Streams of a release's own tracks by day, from what platforms tell of recordings.
//!
//! A platform counts if it tells recordings apart on more than half of the days on which any does, so that one that does
//! so now and then makes no steps. A day is known if every platform that counts told recordings on it; a recording that
//! it did not name then had no streams.

use std::collections::{BTreeMap, BTreeSet};

/// What a platform told on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Days since the release.
    pub day: usize,
    /// The platform, by a number of its own.
    pub platform: usize,
    /// Streams of the release's tracks; none where only other recordings were told.
    pub streams: Option<u64>,
}

/// Streams of a release's own tracks.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackDays {
    /// The streams of each day from the release on; none where a platform that counts told nothing.
    pub days: Vec<Option<f64>>,
    /// The platforms that count.
    pub platforms: BTreeSet<usize>,
}

/// The streams of the first days of a release. None where no platform that counts tells any of its tracks.
pub fn track_days(told: &[Told], length: usize) -> Option<TrackDays> {
    let mut by_day: Vec<BTreeMap<usize, Option<u64>>> = vec![BTreeMap::new(); length];
    for one in told {
        if let Some(day) = by_day.get_mut(one.day) {
            day.insert(one.platform, one.streams);
        }
    }
    let told_on = by_day.iter().filter(|day| !day.is_empty()).count();
    let often =
        |platform: &usize| by_day.iter().filter(|day| day.contains_key(platform)).count() * 2 > told_on;
    let platforms: BTreeSet<usize> = told.iter().map(|one| one.platform).filter(often).collect();
    let named = |day: &BTreeMap<usize, Option<u64>>| {
        day.iter().any(|(platform, streams)| streams.is_some() && platforms.contains(platform))
    };
    if !by_day.iter().any(named) {
        return None;
    }
    let days = by_day.iter().map(|day| sum(day, &platforms)).collect();
    Some(TrackDays { days, platforms })
}

/// The streams of a day; none where a platform that counts is missing.
fn sum(day: &BTreeMap<usize, Option<u64>>, platforms: &BTreeSet<usize>) -> Option<f64> {
    let mut sum = 0_u64;
    for platform in platforms {
        sum = sum.saturating_add(day.get(platform)?.unwrap_or_default());
    }
    Some(as_float(sum))
}

#[expect(clippy::cast_precision_loss, reason = "streams are far below 2^52")]
fn as_float(streams: u64) -> f64 {
    streams as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(day: usize, platform: usize, streams: Option<u64>) -> Told {
        Told { day, platform, streams }
    }

    #[test]
    fn platforms_are_added_up_and_a_day_without_one_of_them_is_unknown() {
        let found = track_days(
            &[
                told(0, 0, Some(10)),
                told(0, 1, Some(5)),
                told(1, 0, Some(8)),
                told(2, 0, Some(6)),
                told(2, 1, None),
                told(9, 0, Some(99)),
            ],
            3,
        );
        let days = vec![Some(15.0), None, Some(6.0)];
        assert_eq!(found, Some(TrackDays { days, platforms: BTreeSet::from([0, 1]) }));
    }

    #[test]
    fn a_platform_that_tells_recordings_now_and_then_makes_no_steps() {
        let mut all: Vec<Told> = (0..4).map(|day| told(day, 0, Some(1))).collect();
        all.push(told(2, 3, Some(50)));
        let found = track_days(&all, 4).expect("streams");
        assert_eq!((found.days, found.platforms), (vec![Some(1.0); 4], BTreeSet::from([0])));
    }

    #[test]
    fn where_only_others_are_told_nothing_is_known_and_not_nought() {
        assert_eq!(track_days(&[told(0, 0, None), told(1, 0, None)], 2), None);
        assert_eq!(track_days(&[], 28), None);
        assert_eq!(track_days(&[told(0, 0, Some(1))], 0), None);
    }

    proptest! {
        #[test]
        fn where_every_platform_tells_every_day_no_stream_is_lost(
            streams in proptest::collection::vec(proptest::collection::vec(0_u64..1_000_000, 3), 1..28)
        ) {
            let all: Vec<Told> = streams
                .iter()
                .enumerate()
                .flat_map(|(day, of_platforms)| {
                    (0..).zip(of_platforms).map(move |(platform, streams)| told(day, platform, Some(*streams)))
                })
                .collect();
            let found = track_days(&all, streams.len()).expect("streams");
            let sum: f64 = found.days.iter().copied().flatten().sum();
            prop_assert_eq!(found.days.iter().filter(|day| day.is_some()).count(), streams.len());
            prop_assert!((sum - as_float(streams.iter().flatten().sum())).abs() < 0.5);
        }
    }
}
