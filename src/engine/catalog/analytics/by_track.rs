//! Streams of an artist's recordings, added up over the periods that pages show while the history is read: no page
//! reads more for them, and what is kept does not grow with the days.

use crate::model::analytics::DailyAnalytics;
use crate::model::track_streams::{TRACK_PERIODS, TrackRow, TrackStreams};
use jiff::ToSpan;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A number for each period.
type Sums = [Option<u64>; TRACK_PERIODS.len()];

/// The streams of all recordings of an artist that sources tell apart.
#[derive(Debug, Default)]
pub struct ByTrack {
    as_of: Option<Date>,
    days: [u32; TRACK_PERIODS.len()],
    streams: BTreeMap<String, Sums>,
}

impl ByTrack {
    /// Adds up what rows say of recordings, and takes it out of them. They come oldest first.
    pub(super) fn taken_from(rows: &mut [DailyAnalytics]) -> Self {
        let Some(as_of) = rows.last().map(|row| row.date) else { return Self::default() };
        let first = TRACK_PERIODS.map(|days| as_of.saturating_sub((i64::from(days) - 1).days()));
        let mut found = Self { as_of: Some(as_of), ..Self::default() };
        let mut days = TRACK_PERIODS.map(|_| BTreeSet::new());
        for row in rows {
            let tracks = std::mem::take(&mut row.tracks);
            if tracks.is_empty() {
                continue;
            }
            let is_in = first.map(|first| row.date >= first);
            for (days, is_in) in days.iter_mut().zip(is_in) {
                if is_in {
                    days.insert(row.date);
                }
            }
            for (isrc, streams) in tracks {
                let sums = found.streams.entry(isrc).or_default();
                for (sum, is_in) in sums.iter_mut().zip(is_in) {
                    if is_in {
                        *sum = Some(sum.unwrap_or_default().saturating_add(streams));
                    }
                }
            }
        }
        found.days = days.map(|days| u32::try_from(days.len()).unwrap_or(u32::MAX));
        found
    }

    /// The recordings that are wanted, the most streamed first, with the titles that are known.
    pub fn shown(
        &self,
        is_wanted: impl Fn(&str) -> bool,
        title: impl Fn(&str) -> Option<String>,
    ) -> TrackStreams {
        let wanted = self.streams.iter().filter(|(isrc, _)| is_wanted(isrc));
        let row = |(isrc, streams): (&String, &Sums)| TrackRow {
            isrc: isrc.clone(),
            title: title(isrc),
            streams: *streams,
        };
        let mut rows: Vec<TrackRow> = wanted.map(row).collect();
        rows.sort_by_key(|row| Reverse(row.streams));
        TrackStreams { as_of: self.as_of, days: self.days, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analytics::Platform;
    use crate::model::engagement::Engagement;
    use jiff::civil::date;

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
            tracks: tracks.iter().map(|(isrc, streams)| ((*isrc).to_owned(), *streams)).collect(),
            engagement: Engagement::default(),
            source: "test".to_owned(),
        }
    }

    #[test]
    fn each_period_ends_with_the_newest_day_and_what_is_not_told_is_unknown() {
        let (night, tide) = ("NOA1B2600042", "NOA1B2600043");
        let mut rows = [
            row(date(2026, 9, 1), Platform::Spotify, &[(tide, 7)]),
            row(date(2026, 11, 3), Platform::Spotify, &[(night, 50)]),
            row(date(2026, 11, 4), Platform::Spotify, &[(night, 10)]),
            row(date(2026, 11, 30), Platform::AppleMusic, &[(night, 5)]),
            row(date(2026, 11, 30), Platform::Spotify, &[]),
        ];
        let found = ByTrack::taken_from(&mut rows);
        assert!(rows.iter().all(|row| row.tracks.is_empty()));
        let shown = found.shown(|_| true, |isrc| (isrc == night).then(|| "Night".to_owned()));
        assert_eq!((shown.as_of, shown.days), (Some(date(2026, 11, 30)), [3, 4, 4]));
        let streams: Vec<_> = shown.rows.iter().map(|row| (row.title.as_deref(), row.streams)).collect();
        // 28 days to 30 November begin on the 3rd.
        assert_eq!(streams[0], (Some("Night"), [Some(65), Some(65), Some(65)]));
        assert_eq!(streams[1], (None, [None, Some(7), Some(7)]));
        assert_eq!(found.shown(|isrc| isrc == tide, |_| None).rows.len(), 1);
    }
}
