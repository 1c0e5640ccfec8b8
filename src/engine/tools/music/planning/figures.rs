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

/// An artist's streams by day, and where they come from.
pub(super) struct Figures {
    days: BTreeMap<Date, f64>,
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
        let mut sums: BTreeMap<Date, [Option<u64>; Platform::ALL.len()]> = BTreeMap::new();
        for row in history {
            sums.entry(row.date).or_default()[row.platform as usize] = Some(row.streams);
        }
        let usual = Platform::ALL.map(|platform| {
            let days = sums.values().filter(|day| day[platform as usize].is_some()).count();
            days * 2 > sums.len()
        });
        let whole = |day: &[Option<u64>; Platform::ALL.len()]| {
            day.iter().zip(usual).all(|(streams, usual)| streams.is_some() || !usual)
        };
        let days: BTreeMap<Date, f64> =
            sums.iter().filter(|(_, day)| whole(day)).map(|(date, day)| (*date, total(day))).collect();
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

    /// What a release of the artist on a day did.
    pub(super) fn curve(&self, release: Date) -> Curve {
        let first = i32::try_from(DAYS).unwrap_or(i32::MAX);
        let at = |offset: i32| self.days.get(&plus(release, offset)).copied();
        let mut before = [None; DAYS];
        for (day, offset) in before.iter_mut().zip(-first..0) {
            *day = at(offset);
        }
        let known = |offset: &i32| self.as_of.is_some_and(|as_of| plus(release, *offset) <= as_of);
        let after: Vec<Option<f64>> = (0..first).take_while(known).map(at).collect();
        curve(&before, &after)
    }
}

#[expect(clippy::cast_precision_loss, reason = "streams are far below 2^52")]
fn total(day: &[Option<u64>]) -> f64 {
    day.iter().flatten().sum::<u64>() as f64
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
