//! An artist's streams by day as the methods take them: days on which a platform is missing are not known.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::analytics::HISTORY_DAYS;
use crate::engine::config::TableRole;
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::identifier::ArtistId;
use crate::model::release::{Release, ReleaseStatus};
use crate::music::release::curve::{Curve, DAYS, curve};
use crate::music::release::rules::plus;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The streams of a day by platform, in the order of `Platform::ALL`.
type Day = [Option<u64>; Platform::ALL.len()];

/// An artist's streams by day, and where they come from.
pub(super) struct Figures {
    /// The days on which no platform is missing that otherwise reports.
    days: BTreeMap<Date, Day>,
    /// The newest day with figures.
    pub(super) as_of: Option<Date>,
    /// The oldest day with figures.
    pub(super) first: Option<Date>,
    /// The query in words.
    pub(super) source: String,
    /// Whether they are generated sample data.
    pub(super) sample: bool,
    /// How many days lack a platform that otherwise reports.
    pub(super) incomplete: usize,
}

impl Figures {
    /// From the rows of an artist.
    pub(super) fn of(history: &[DailyAnalytics], artist: &ArtistId, catalog: &Catalog) -> Self {
        let mut sums: BTreeMap<Date, Day> = BTreeMap::new();
        for row in history {
            sums.entry(row.date).or_default()[row.platform as usize] = Some(row.streams);
        }
        let usual = reporting(sums.values());
        let whole = |day: &Day| day.iter().zip(usual).all(|(streams, usual)| streams.is_some() || !usual);
        let days: BTreeMap<Date, Day> =
            sums.iter().filter(|(_, day)| whole(day)).map(|(date, day)| (*date, *day)).collect();
        Self {
            as_of: sums.keys().next_back().copied(),
            first: sums.keys().next().copied(),
            incomplete: sums.len() - days.len(),
            days,
            source: format!(
                "table {}, artistId = {artist}, newest {HISTORY_DAYS} days",
                catalog.table(TableRole::Analytics)
            ),
            sample: history.iter().any(|row| row.source == "sample"),
        }
    }

    /// How many days have complete figures.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.days.len()).unwrap_or(u32::MAX)
    }

    /// What a release of the artist on a day did, on the platforms that reported in the weeks before: one that began
    /// with the release would look like its effect.
    pub(super) fn curve(&self, release: Date) -> Curve {
        let first = i32::try_from(DAYS).unwrap_or(i32::MAX);
        let day = |offset: i32| self.days.get(&plus(release, offset));
        let counted = reporting((-first..0).filter_map(day));
        let at = |offset: i32| day(offset).and_then(|day| total(day, counted));
        let mut before = [None; DAYS];
        for (day, offset) in before.iter_mut().zip(-first..0) {
            *day = at(offset);
        }
        let known = |offset: &i32| self.as_of.is_some_and(|as_of| plus(release, *offset) <= as_of);
        let after: Vec<Option<f64>> = (0..first).take_while(known).map(at).collect();
        curve(&before, &after)
    }
}

/// Which platforms report on more than half of some days.
fn reporting<'a>(days: impl Iterator<Item = &'a Day> + Clone) -> [bool; Platform::ALL.len()] {
    let count = days.clone().count();
    Platform::ALL
        .map(|platform| days.clone().filter(|day| day[platform as usize].is_some()).count() * 2 > count)
}

/// The streams of a day on the platforms that count; none where one of them is missing, and where none counts.
#[expect(clippy::cast_precision_loss, reason = "streams are far below 2^52")]
fn total(day: &Day, counted: [bool; Platform::ALL.len()]) -> Option<f64> {
    let streams = day.iter().zip(counted).filter(|(_, counted)| *counted).map(|(streams, _)| *streams);
    let sum: Option<u64> = streams.sum();
    sum.filter(|_| counted.contains(&true)).map(|sum| sum as f64)
}

/// Streams as a whole number.
#[expect(clippy::cast_possible_truncation, reason = "streams are far below 2^52")]
pub(super) fn streams(value: Option<f64>) -> Option<i64> {
    value.map(|value| value.round() as i64)
}

/// Whether a release came out.
pub(super) fn came_out(release: &Release) -> bool {
    matches!(release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn)
}

/// The day at the label.
pub(super) fn today(now: Timestamp, catalog: &Catalog) -> Date {
    catalog.time_zone.to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_platform_that_begins_with_a_release_is_not_its_effect() {
        let release = date(2026, 10, 2);
        let day = |offset: i32| {
            let mut day = Day::default();
            day[Platform::Spotify as usize] = Some(1_000);
            day[Platform::Deezer as usize] = (offset >= 0).then_some(500);
            (plus(release, offset), day)
        };
        let figures = Figures {
            days: (-28..28).map(day).collect(),
            as_of: Some(plus(release, 27)),
            first: Some(plus(release, -28)),
            source: String::new(),
            sample: false,
            incomplete: 0,
        };
        assert!(figures.curve(release).days.iter().all(|effect| *effect == Some(0.0)));
    }
}
