//! Sums over daily figures, as lists and pages show them.

use crate::engine::catalog::analytics::{DayStreams, Recent};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::analytics::{DayTotal, Platform, Share};
use crate::model::artist::{Artist, ArtistRow};
use crate::model::identifier::ArtistId;
use crate::model::release::Release;
use crate::music::analysis::cadence;
use crate::music::window::{WINDOW_DAYS, WindowChange, window_change};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many artists' figures are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// The newest figures of every artist, and the newest day of all.
pub(super) struct LabelFigures {
    pub(super) recent: HashMap<ArtistId, Arc<Recent>>,
    pub(super) as_of: Option<Date>,
}

impl LabelFigures {
    pub(super) async fn read(catalog: &Catalog, artists: &[Artist]) -> Result<Self, CatalogError> {
        let ids: Vec<ArtistId> = artists.iter().map(|artist| artist.artist_id.clone()).collect();
        let recent: HashMap<_, _> = stream::iter(ids)
            .map(|id| async move {
                let days = catalog.recent(&id).await?;
                Ok::<_, CatalogError>((id, days))
            })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        let as_of = recent.values().filter_map(|recent| recent.as_of()).max();
        Ok(Self { recent, as_of })
    }

    /// The totals of an artist over the days up to the label's newest day, oldest first. All rows of a
    /// list use the same days, so that they can be compared.
    pub(super) fn totals(&self, artist: &ArtistId, days: usize) -> Vec<DayTotal> {
        let (Some(as_of), Some(recent)) = (self.as_of, self.recent.get(artist)) else { return Vec::new() };
        calendar(as_of, days)
            .map(|date| DayTotal { date, streams: recent.days.get(&date).and_then(DayStreams::total) })
            .collect()
    }

    /// The window of an artist with the change of those platforms that report daily.
    fn change(&self, artist: &ArtistId, all: WindowChange) -> WindowChange {
        let (Some(as_of), Some(recent)) = (self.as_of, self.recent.get(artist)) else { return all };
        let days = calendar(as_of, 2 * WINDOW_DAYS).filter_map(|date| Some((date, recent.days.get(&date)?)));
        let told =
            days.flat_map(|(date, day)| day.told().map(move |(platform, streams)| (date, platform, streams)));
        without_seldom(all, as_of, told)
    }

    /// The line of an artist in a list.
    pub(super) fn row(&self, artist: &Artist, releases: &HashMap<ArtistId, u32>) -> ArtistRow {
        let totals = self.totals(&artist.artist_id, 2 * WINDOW_DAYS);
        let streams: Vec<_> = totals.iter().map(|day| day.streams).collect();
        let change = self.change(&artist.artist_id, window_change(&streams));
        ArtistRow {
            artist_id: artist.artist_id.clone(),
            name: artist.name.clone(),
            disambiguation: artist.disambiguation.clone(),
            genre: artist.genre.clone(),
            country: artist.country.clone(),
            streams28: change.sum,
            change28: change.change,
            sparkline: streams[streams.len().saturating_sub(WINDOW_DAYS)..].to_vec(),
            release_count: releases.get(&artist.artist_id).copied().unwrap_or_default(),
            standing: None,
        }
    }
}

/// The same window with the change of those platforms alone that report daily: a week without the report of one that
/// reports once a week would look like a fall. `told` are the streams of the two windows, oldest first.
pub(super) fn without_seldom(
    all: WindowChange,
    as_of: Date,
    told: impl Iterator<Item = (Date, Platform, u64)>,
) -> WindowChange {
    let told: Vec<_> = told.collect();
    let mut seldom: BTreeMap<Platform, Vec<Date>> = BTreeMap::new();
    for (date, platform, _) in &told {
        seldom.entry(*platform).or_default().push(*date);
    }
    seldom.retain(|_, days| cadence::seldom(days).is_some());
    if seldom.is_empty() {
        return all;
    }
    let mut sums: BTreeMap<Date, u64> = BTreeMap::new();
    for (date, _, streams) in told.iter().filter(|(_, platform, _)| !seldom.contains_key(platform)) {
        *sums.entry(*date).or_default() += streams;
    }
    let daily: Vec<_> = calendar(as_of, 2 * WINDOW_DAYS).map(|date| sums.get(&date).copied()).collect();
    WindowChange { change: window_change(&daily).change, ..all }
}

/// The days that end with `last`, oldest first.
pub(super) fn calendar(last: Date, days: usize) -> impl Iterator<Item = Date> {
    let back = i32::try_from(days).unwrap_or(i32::MAX) - 1;
    let first = last.checked_sub(back.days()).ok().filter(|_| days > 0);
    std::iter::successors(first, |day| day.tomorrow().ok()).take(days)
}

/// How many releases each artist has.
pub(super) fn release_counts(releases: &[Release]) -> HashMap<ArtistId, u32> {
    let mut counts = HashMap::new();
    for release in releases {
        *counts.entry(release.artist_id.clone()).or_default() += 1;
    }
    counts
}

/// Parts of a whole, biggest first.
#[expect(clippy::cast_precision_loss, reason = "stream counts lie far below 2^53")]
pub(super) fn shares(parts: BTreeMap<String, u64>) -> Vec<Share> {
    let whole: u64 = parts.values().sum();
    let mut shares: Vec<_> = parts
        .into_iter()
        .map(|(label, streams)| Share {
            label,
            streams,
            share: if whole == 0 { 0.0 } else { streams as f64 / whole as f64 },
        })
        .collect();
    shares.sort_by(|a, b| b.streams.cmp(&a.streams).then_with(|| a.label.cmp(&b.label)));
    shares
}

/// The rows of a page, and the page that really exists.
pub(super) fn page_of<T>(rows: Vec<T>, page: u32) -> (Vec<T>, u32, u32) {
    use crate::model::list::PAGE_SIZE;
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let page = page.clamp(1, total.div_ceil(PAGE_SIZE).max(1));
    let rows = rows.into_iter().skip(((page - 1) * PAGE_SIZE) as usize).take(PAGE_SIZE as usize).collect();
    (rows, total, page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        assert_eq!(page_of((0..60).collect(), 9), ((50..60).collect(), 60, 2));
        assert_eq!(page_of(Vec::<u8>::new(), 0), (Vec::new(), 0, 1));
    }

    #[test]
    fn a_week_without_the_report_of_a_platform_that_reports_weekly_is_no_fall() {
        let as_of = jiff::civil::date(2026, 3, 1);
        let dates: Vec<_> = calendar(as_of, 2 * WINDOW_DAYS).collect();
        let spotify = dates.iter().map(|date| (*date, Platform::Spotify, 100));
        let deezer = dates.iter().step_by(7).take(7).map(|date| (*date, Platform::Deezer, 700));
        let mut told: Vec<_> = spotify.chain(deezer).collect();
        told.sort_by_key(|(date, platform, _)| (*date, *platform));
        let fallen = WindowChange { sum: 4_900, change: Some(-0.125) };
        let found = without_seldom(fallen, as_of, told.into_iter());
        assert_eq!(found, WindowChange { change: Some(0.0), ..fallen });
        let daily = dates.iter().map(|date| (*date, Platform::Spotify, 100));
        assert_eq!(without_seldom(fallen, as_of, daily), fallen);
    }

    #[test]
    fn the_calendar_has_every_day_up_to_the_last() {
        let last = jiff::civil::date(2026, 3, 1);
        let days: Vec<_> = calendar(last, 3).map(|day| day.to_string()).collect();
        assert_eq!(days, ["2026-02-27", "2026-02-28", "2026-03-01"]);
    }
}
