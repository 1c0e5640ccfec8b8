//! A waterfall: singles before an album, each a product of its own that repeats the tracks before it.

use super::rules::{DayRange, Rules, days_between, plus};
use jiff::civil::Date;

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its id within the label.
    pub track_id: String,
    /// Its title.
    pub title: String,
    /// Its ISRC, the same in every product.
    pub isrc: String,
}

/// A product of the waterfall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// From 1.
    pub order: u32,
    /// The day it comes out.
    pub date: Date,
    /// Its title.
    pub title: String,
    /// Its tracks: the new one first, then those before; of the last product all in the order of the album.
    pub tracks: Vec<Recording>,
    /// The last day for its pitch; none where no rule is known.
    pub pitch_by: Option<Date>,
    /// The place of the track that is new in the list of the album's tracks; none of the album itself, which
    /// may have several.
    pub new_track: Option<usize>,
}

/// Plans the products up to an album: `singles` of its first tracks, one after another at the distance that the
/// rule advises, the album last. A day in the closed weeks moves ahead week by week. Steps before
/// `first_possible` are left out.
pub fn plan(
    title: &str,
    release: Date,
    tracks: &[Recording],
    singles: usize,
    interval: DayRange,
    first_possible: Date,
    rules: &Rules,
) -> Vec<Product> {
    let singles = singles.min(tracks.len().saturating_sub(1));
    let days = days_of_singles(release, singles, interval, first_possible, rules);
    let pitch_by = |date: Date| rules.pitch_floor.as_ref().map(|rule| plus(date, -rule.value));
    let mut products: Vec<Product> = Vec::new();
    for (place, date) in days.iter().enumerate() {
        products.push(Product {
            order: order(place),
            date: *date,
            title: tracks[place].title.clone(),
            tracks: tracks[..=place].iter().rev().cloned().collect(),
            pitch_by: pitch_by(*date),
            new_track: Some(place),
        });
    }
    products.push(Product {
        order: order(days.len()),
        date: release,
        title: title.to_owned(),
        tracks: tracks.to_vec(),
        pitch_by: pitch_by(release),
        new_track: (days.len() + 1 == tracks.len()).then_some(days.len()),
    });
    products
}

fn order(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1)
}

/// The days of the singles, the earliest first: counted back from the album in whole weeks, so that each falls on
/// its day of the week.
fn days_of_singles(
    release: Date,
    singles: usize,
    interval: DayRange,
    first_possible: Date,
    rules: &Rules,
) -> Vec<Date> {
    const WEEK: i32 = 7;
    let middle = i32::midpoint(interval.least, interval.most);
    let step = ((middle + WEEK / 2) / WEEK).max(1) * WEEK;
    let mut days = Vec::new();
    let mut next = release;
    for _ in 0..singles {
        next = plus(next, -step);
        while rules.is_closed(next) && days_between(next, release) < 400 {
            next = plus(next, -WEEK);
        }
        if next < first_possible {
            break;
        }
        days.push(next);
    }
    days.reverse();
    days
}

#[cfg(test)]
mod tests {
    use super::super::rules::{ClosedWeeks, Rule, YearDay};
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const INTERVAL: DayRange = DayRange { least: 28, most: 42 };

    fn rules() -> Rules {
        let closed = ClosedWeeks { from: YearDay { month: 12, day: 18 }, to: YearDay { month: 1, day: 1 } };
        Rules {
            pitch_floor: Some(Rule { id: "spotify-pitch-deadline", value: 7 }),
            closed: Some(Rule { id: "holiday-caution", value: closed }),
            ..Rules::default()
        }
    }

    fn tracks(count: usize) -> Vec<Recording> {
        let track = |number: usize| Recording {
            track_id: format!("trk_{number}"),
            title: format!("Song {number}"),
            isrc: format!("XX0NL26{number:05}"),
        };
        (1..=count).map(track).collect()
    }

    #[test]
    fn each_step_repeats_the_ones_before_with_the_same_identifiers() {
        let (tracks, long_ago) = (tracks(4), date(2026, 1, 1));
        let found = plan("Album", date(2026, 10, 2), &tracks, 3, INTERVAL, long_ago, &rules());
        let days: Vec<Date> = found.iter().map(|product| product.date).collect();
        assert_eq!(days, [date(2026, 6, 19), date(2026, 7, 24), date(2026, 8, 28), date(2026, 10, 2)]);
        let isrcs = |product: &Product| product.tracks.iter().map(|t| t.isrc.clone()).collect::<Vec<_>>();
        assert_eq!(isrcs(&found[1]), ["XX0NL2600002", "XX0NL2600001"]);
        assert_eq!(found[3].tracks, tracks);
        assert_eq!(found[2].pitch_by, Some(date(2026, 8, 21)));
        assert_eq!(found[3].new_track, Some(3));
    }

    #[test]
    fn closed_weeks_are_left_out_and_steps_that_come_too_soon_too() {
        let found = plan("Album", date(2027, 1, 29), &tracks(4), 3, INTERVAL, date(2026, 11, 1), &rules());
        let days: Vec<Date> = found.iter().map(|product| product.date).collect();
        assert_eq!(days, [date(2026, 11, 6), date(2026, 12, 11), date(2027, 1, 29)]);
        assert_eq!(found[2].new_track, None, "two songs are new on the album");
    }

    proptest! {
        #[test]
        fn a_recording_never_changes_its_identifiers(count in 1_usize..12, singles in 0_usize..12) {
            let tracks = tracks(count);
            let found = plan("Album", date(2026, 10, 2), &tracks, singles, INTERVAL, date(2020, 1, 1), &rules());
            prop_assert!(found.windows(2).all(|pair| pair[0].date < pair[1].date));
            for product in &found {
                prop_assert!(product.tracks.iter().all(|track| tracks.contains(track)));
            }
            for pair in found.windows(2) {
                prop_assert!(pair[0].tracks.iter().all(|track| pair[1].tracks.contains(track)));
            }
        }
    }
}
