//! Figures of an artist's recordings, taken while the history is read: no page reads more for them. Sums and the newest
//! listeners are kept as pages show them, streams also by day, for the curves of releases.

use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::track_streams::{TRACK_PERIODS, TrackListeners, TrackRow, TrackStreams, TrackSums};
use jiff::ToSpan;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// The figures of all recordings of an artist that sources tell apart.
#[derive(Debug, Default)]
pub struct ByTrack {
    as_of: Option<Date>,
    days: [u32; TRACK_PERIODS.len()],
    recordings: BTreeMap<String, Recording>,
    told: Vec<ToldDay>,
}

/// The figures of a recording.
#[derive(Debug, Default)]
struct Recording {
    /// What stands for it in the streams of days, which are many.
    place: u32,
    streams: TrackSums,
    saves: TrackSums,
    /// On the newest day of each platform.
    listeners: BTreeMap<Platform, (Date, u64)>,
}

/// A day on a platform that tells recordings apart.
#[derive(Debug)]
struct ToldDay {
    date: Date,
    platform: Platform,
    /// The places of recordings with their streams.
    streams: Box<[(u32, u64)]>,
}

impl ByTrack {
    /// Adds up what rows say of recordings, and takes it out of them. They come oldest first.
    pub(super) fn taken_from(rows: &mut [DailyAnalytics]) -> Self {
        let Some(as_of) = rows.last().map(|row| row.date) else { return Self::default() };
        let first = TRACK_PERIODS.map(|days| as_of.saturating_sub((i64::from(days) - 1).days()));
        let mut found = Self { as_of: Some(as_of), ..Self::default() };
        let mut days = TRACK_PERIODS.map(|_| BTreeSet::new());
        for row in rows {
            let is_in = first.map(|first| row.date >= first);
            let tracks = std::mem::take(&mut row.tracks);
            if !tracks.is_empty() {
                for (days, is_in) in days.iter_mut().zip(is_in) {
                    if is_in {
                        days.insert(row.date);
                    }
                }
                found.add_streams(row.date, row.platform, is_in, tracks);
            }
            for (isrc, saves) in std::mem::take(&mut row.track_saves) {
                add(&mut found.recording(isrc).saves, is_in, saves);
            }
            for (isrc, listeners) in std::mem::take(&mut row.track_listeners) {
                found.recording(isrc).listeners.insert(row.platform, (row.date, listeners));
            }
        }
        found.days = days.map(|days| u32::try_from(days.len()).unwrap_or(u32::MAX));
        found
    }

    fn add_streams(
        &mut self,
        date: Date,
        platform: Platform,
        is_in: [bool; TRACK_PERIODS.len()],
        tracks: BTreeMap<String, u64>,
    ) {
        let of_recordings = tracks.into_iter().map(|(isrc, streams)| {
            let recording = self.recording(isrc);
            add(&mut recording.streams, is_in, streams);
            (recording.place, streams)
        });
        let streams = of_recordings.collect();
        self.told.push(ToldDay { date, platform, streams });
    }

    fn recording(&mut self, isrc: String) -> &mut Recording {
        let place = u32::try_from(self.recordings.len()).unwrap_or(u32::MAX);
        self.recordings.entry(isrc).or_insert_with(|| Recording { place, ..Recording::default() })
    }

    /// The recordings that are wanted, the most streamed first, with the titles that are known.
    pub fn shown(
        &self,
        is_wanted: impl Fn(&str) -> bool,
        title: impl Fn(&str) -> Option<String>,
    ) -> TrackStreams {
        let wanted = self.recordings.iter().filter(|(isrc, _)| is_wanted(isrc));
        let row = |(isrc, recording): (&String, &Recording)| TrackRow {
            isrc: isrc.clone(),
            title: title(isrc),
            streams: recording.streams,
            saves: recording.saves,
            listeners: recording
                .listeners
                .iter()
                .map(|(platform, (date, listeners))| TrackListeners {
                    platform: *platform,
                    date: *date,
                    listeners: *listeners,
                })
                .collect(),
        };
        let mut rows: Vec<TrackRow> = wanted.map(row).collect();
        rows.sort_by_key(|row| Reverse(row.streams));
        TrackStreams { as_of: self.as_of, days: self.days, rows }
    }

    /// The days of a span on which platforms tell recordings apart, oldest first, with the streams of those that are
    /// wanted: none where only others were told.
    pub fn by_day(
        &self,
        span: RangeInclusive<Date>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Vec<(Date, Platform, Option<u64>)> {
        let wanted = self.recordings.iter().filter(|(isrc, _)| is_wanted(isrc));
        let wanted: BTreeSet<u32> = wanted.map(|(_, recording)| recording.place).collect();
        let streams = |day: &ToldDay| {
            let own = day.streams.iter().filter(|(place, _)| wanted.contains(place));
            own.fold(None, |sum: Option<u64>, (_, more)| Some(sum.unwrap_or_default().saturating_add(*more)))
        };
        let told = self.told.iter().filter(|day| span.contains(&day.date));
        told.map(|day| (day.date, day.platform, streams(day))).collect()
    }
}

/// Adds a figure to the sums of the periods that it is in.
fn add(sums: &mut TrackSums, is_in: [bool; TRACK_PERIODS.len()], figure: u64) {
    for (sum, is_in) in sums.iter_mut().zip(is_in) {
        if is_in {
            *sum = Some(sum.unwrap_or_default().saturating_add(figure));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::engagement::Engagement;
    use jiff::civil::date;

    const NIGHT: &str = "NOA1B2600042";
    const TIDE: &str = "NOA1B2600043";

    fn by_isrc(tracks: &[(&str, u64)]) -> BTreeMap<String, u64> {
        tracks.iter().map(|(isrc, figure)| ((*isrc).to_owned(), *figure)).collect()
    }

    fn row(date: Date, platform: Platform, tracks: &[(&str, u64)]) -> DailyAnalytics {
        DailyAnalytics {
            artist_id: "art_1".parse().expect("an id"),
            date,
            platform,
            streams: 100,
            listeners: None,
            saves: None,
            followers: None,
            territories: BTreeMap::new(),
            tracks: by_isrc(tracks),
            track_saves: BTreeMap::new(),
            track_listeners: BTreeMap::new(),
            engagement: Engagement::default(),
            source: "test".to_owned(),
        }
    }

    #[test]
    fn each_period_ends_with_the_newest_day_and_what_is_not_told_is_unknown() {
        let mut rows = [
            row(date(2026, 9, 1), Platform::Spotify, &[(TIDE, 7)]),
            row(date(2026, 11, 3), Platform::Spotify, &[(NIGHT, 50)]),
            row(date(2026, 11, 4), Platform::Spotify, &[(NIGHT, 10)]),
            row(date(2026, 11, 30), Platform::AppleMusic, &[(NIGHT, 5)]),
            row(date(2026, 11, 30), Platform::Spotify, &[]),
        ];
        let found = ByTrack::taken_from(&mut rows);
        assert!(rows.iter().all(|row| row.tracks.is_empty()));
        let shown = found.shown(|_| true, |isrc| (isrc == NIGHT).then(|| "Night".to_owned()));
        assert_eq!((shown.as_of, shown.days), (Some(date(2026, 11, 30)), [3, 4, 4]));
        let streams: Vec<_> = shown.rows.iter().map(|row| (row.title.as_deref(), row.streams)).collect();
        // 28 days to 30 November begin on the 3rd.
        assert_eq!(streams[0], (Some("Night"), [Some(65), Some(65), Some(65)]));
        assert_eq!(streams[1], (None, [None, Some(7), Some(7)]));
        assert_eq!(found.shown(|isrc| isrc == TIDE, |_| None).rows.len(), 1);
    }

    #[test]
    fn saves_are_added_up_and_listeners_are_those_of_one_day_on_each_platform() {
        let told = |day: i8, platform: Platform, saves: u64, listeners: u64| DailyAnalytics {
            track_saves: by_isrc(&[(NIGHT, saves)]),
            track_listeners: by_isrc(&[(NIGHT, listeners)]),
            ..row(date(2026, 11, day), platform, &[])
        };
        let mut rows = [
            told(1, Platform::Spotify, 3, 90),
            told(2, Platform::AppleMusic, 1, 20),
            told(2, Platform::Spotify, 4, 80),
            row(date(2026, 11, 3), Platform::Spotify, &[(TIDE, 5)]),
        ];
        let found = ByTrack::taken_from(&mut rows);
        assert!(rows.iter().all(|row| row.track_saves.is_empty() && row.track_listeners.is_empty()));
        let shown = found.shown(|isrc| isrc == NIGHT, |_| None).rows.remove(0);
        assert_eq!((shown.streams, shown.saves), ([None; 3], [Some(8); 3]));
        let newest = |platform, listeners| TrackListeners { platform, date: date(2026, 11, 2), listeners };
        assert_eq!(shown.listeners, [newest(Platform::Spotify, 80), newest(Platform::AppleMusic, 20)]);
    }

    #[test]
    fn a_day_that_tells_others_only_is_told_and_has_none_of_those_that_are_wanted() {
        let mut rows = [
            row(date(2026, 11, 1), Platform::Spotify, &[(NIGHT, 50), (TIDE, 1)]),
            row(date(2026, 11, 2), Platform::Spotify, &[(TIDE, 2)]),
            row(date(2026, 11, 2), Platform::AppleMusic, &[]),
        ];
        let found = ByTrack::taken_from(&mut rows);
        let spotify = |day: i8, streams: Option<u64>| (date(2026, 11, day), Platform::Spotify, streams);
        let both = date(2026, 11, 1)..=date(2026, 11, 2);
        let night = found.by_day(both.clone(), |isrc| isrc == NIGHT);
        assert_eq!(night, [spotify(1, Some(50)), spotify(2, None)]);
        assert_eq!(found.by_day(both, |_| true), [spotify(1, Some(51)), spotify(2, Some(2))]);
        let second = date(2026, 11, 2)..=date(2026, 11, 9);
        assert_eq!(found.by_day(second, |_| true), [spotify(2, Some(2))]);
    }
}
