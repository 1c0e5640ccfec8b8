//! How people listen to an artist on a platform: streams for each listener, and saves and new followers for each stream,
//! on each of the newest days. Other artists' jumps are measured by it.
//!
//! Only how the days are spread matters, and not which is which. So they are kept in order of size, each as what it is
//! above the one before: with the streams themselves they fill less than the 4 KiB that `DynamoDB` counts as one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The steps of one stream for each listener. Pages show tenths.
const STEPS_OF_REPETITION: u32 = 100;

/// The steps of one save or new follower for each stream. Pages show tenths for 1,000 streams.
const STEPS_OF_ENGAGEMENT: u32 = 100_000;

/// What a platform told of a day, as far as it tells how people listen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) date: Date,
    pub(super) streams: u64,
    pub(super) listeners: Option<u64>,
    pub(super) saves: Option<u64>,
    pub(super) followers: Option<u64>,
}

/// How people listened to an artist on a platform.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listening {
    repetition: Vec<u32>,
    engagement: Vec<u32>,
}

impl Listening {
    /// Of days that come newest first, as far as they are not before the first one that counts. That of the day before
    /// may be there to tell new followers.
    pub(super) fn of(days: &[Told], first: Date) -> Self {
        let (mut repetition, mut engagement) = (Vec::new(), Vec::new());
        for (place, day) in days.iter().enumerate().take_while(|(_, day)| day.date >= first) {
            let day_before = days.get(place + 1).filter(|other| other.date.tomorrow().ok() == Some(day.date));
            let new_followers = day_before
                .and_then(|other| other.followers)
                .and_then(|before| Some(day.followers?.saturating_sub(before)));
            let engaged =
                day.saves.zip(new_followers).map(|(saves, followers)| saves.saturating_add(followers));
            // Each is rounded to the side on which it makes nobody suspicious.
            repetition.extend(
                day.listeners
                    .filter(|listeners| *listeners > 0)
                    .map(|listeners| in_steps(day.streams, STEPS_OF_REPETITION).div_ceil(listeners)),
            );
            engagement.extend(
                engaged
                    .filter(|_| day.streams > 0)
                    .map(|engaged| in_steps(engaged, STEPS_OF_ENGAGEMENT) / day.streams),
            );
        }
        Self { repetition: rises(repetition), engagement: rises(engagement) }
    }

    /// Streams for each listener on each day on which listeners are known, the fewest first.
    pub fn repetition(&self) -> impl Iterator<Item = f64> + '_ {
        sums(&self.repetition).map(|steps| steps / f64::from(STEPS_OF_REPETITION))
    }

    /// Saves and new followers for each stream on each day on which they are known, the fewest first.
    pub fn engagement(&self) -> impl Iterator<Item = f64> + '_ {
        sums(&self.engagement).map(|steps| steps / f64::from(STEPS_OF_ENGAGEMENT))
    }
}

fn in_steps(count: u64, steps: u32) -> u64 {
    count.saturating_mul(u64::from(steps))
}

/// Numbers in order of size, each as what it is above the one before.
fn rises(numbers: Vec<u64>) -> Vec<u32> {
    let mut numbers: Vec<u32> =
        numbers.into_iter().map(|number| u32::try_from(number).unwrap_or(u32::MAX)).collect();
    numbers.sort_unstable();
    let before = std::iter::once(0).chain(numbers.iter().copied());
    numbers.iter().zip(before).map(|(number, before)| number - before).collect()
}

/// The numbers again.
fn sums(rises: &[u32]) -> impl Iterator<Item = f64> + '_ {
    rises.iter().scan(0_u32, |sum, rise| {
        *sum = sum.saturating_add(*rise);
        Some(f64::from(*sum))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn told(day: i8, streams: u64, listeners: Option<u64>, followers: Option<u64>) -> Told {
        Told { date: date(2026, 11, day), streams, listeners, saves: Some(6), followers }
    }

    #[test]
    fn each_day_is_told_in_order_of_size_and_rounded_in_favour_of_whoever_is_measured_by_it() {
        let days = [told(3, 300, Some(200), Some(1_009)), told(2, 700, Some(300), Some(1_000))];
        let found = Listening::of(&days, date(2026, 11, 1));
        assert_eq!(found.repetition().collect::<Vec<_>>(), [1.5, 2.34]);
        // Of the first day it is not known how many followers are new.
        assert_eq!(found.engagement().collect::<Vec<_>>(), [0.05]);
    }

    #[test]
    fn what_is_not_known_makes_no_day_and_new_followers_need_the_day_before() {
        let days = [
            told(5, 0, Some(0), Some(1_003)),
            told(4, 100, None, Some(1_002)),
            told(2, 100, Some(50), Some(1_000)),
            told(1, 100, Some(10), Some(990)),
        ];
        let found = Listening::of(&days, date(2026, 11, 2));
        assert_eq!(found.repetition().collect::<Vec<_>>(), [2.0]);
        // The 2nd alone has a day before it and streams.
        assert_eq!(found.engagement().collect::<Vec<_>>(), [0.16]);
    }

    #[test]
    fn what_is_beyond_all_measure_is_kept_as_the_most_there_is() {
        let days = [told(2, 1, Some(1), Some(u64::MAX)), told(1, u64::MAX, Some(1), Some(0))];
        let found = Listening::of(&days, date(2026, 11, 1));
        let most = f64::from(u32::MAX);
        assert_eq!(found.repetition().collect::<Vec<_>>(), [1.0, most / 100.0]);
        assert_eq!(found.engagement().collect::<Vec<_>>(), [most / 100_000.0]);
    }
}
