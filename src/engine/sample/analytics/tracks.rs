//! The figures of recordings: what the tracks of an artist's newest releases have of the artist's figures.
//!
//! One platform tells them, from the day of a release on. Of older releases nothing is told, as in an export that a label
//! has only begun to keep.

use super::super::artists::SampleArtist;
use super::super::portable::{number, rounded};
use super::super::random::Random;
use super::events;
use super::plants::days_ago;
use super::rows::divided;
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::release::Release;
use jiff::civil::Date;

/// The platform that tells recordings apart.
pub(super) const TOLD_BY: Platform = Platform::Spotify;
/// What a release keeps for good, as a part of what it adds on its first day.
const TAIL: f64 = 0.05;
/// Chance of a release's day, in parts of the whole.
const CHANCE: f64 = 0.03;
/// How much more often new tracks are saved than others.
const SAVED_MORE: f64 = 1.3;

/// The newest releases of an artist.
pub(super) struct Tracks {
    releases: Vec<Songs>,
    half_life_days: f64,
    streams_per_listener: f64,
}

/// The tracks of a release.
struct Songs {
    date: Date,
    /// What the release adds on its first day, as a part of the usual streams.
    jump: f64,
    isrcs: Vec<String>,
    /// How the streams of the release are divided among them.
    weights: Vec<f64>,
}

impl Tracks {
    /// Those of the releases that came out on a day or later.
    pub(super) fn since(
        first: Date,
        seed: u64,
        artist: &SampleArtist,
        releases: &[Release],
        (half_life_days, streams_per_listener): (f64, f64),
    ) -> Self {
        let newest = events::of_artist(artist, releases).filter(|release| release.release_date >= first);
        let releases = newest.map(|release| Songs::of(seed, release)).collect();
        Self { releases, half_life_days, streams_per_listener }
    }

    /// Tells of a row what the tracks have of it; `organic` are its streams without those of a spike without a cause.
    pub(super) fn tell(&self, row: &mut DailyAnalytics, organic: u64, random: &mut Random) {
        let out: Vec<(&Songs, f64)> = self
            .releases
            .iter()
            .filter(|songs| songs.date <= row.date)
            .map(|songs| {
                (songs, songs.jump * events::faded(days_ago(songs.date, row.date), self.half_life_days))
            })
            .collect();
        let whole = 1.0 + out.iter().map(|(_, effect)| effect).sum::<f64>();
        let parts: Vec<f64> = out
            .iter()
            .map(|(songs, effect)| (effect + TAIL * songs.jump) / whole * (1.0 + CHANCE * random.normal()))
            .collect();
        let saved = SAVED_MORE.min(1.0 / parts.iter().sum::<f64>().max(f64::MIN_POSITIVE));
        for ((songs, _), part) in out.iter().zip(parts) {
            songs.tell(row, organic, (part, part * saved), self.streams_per_listener);
        }
    }
}

impl Songs {
    /// The first track is the one that is played most, the second half as often, and so on, more or less.
    fn of(seed: u64, release: &Release) -> Self {
        let mut random = Random::new(seed, &format!("tracks of {}", release.release_id));
        let weights =
            release.tracks.iter().map(|track| random.between(0.8, 1.25) / f64::from(track.number.max(1)));
        Self {
            date: release.release_date,
            jump: events::jump(release.kind),
            weights: weights.collect(),
            isrcs: release.tracks.iter().map(|track| track.isrc.replace('-', "")).collect(),
        }
    }

    /// Tells of a row the parts of its streams and saves.
    fn tell(
        &self,
        row: &mut DailyAnalytics,
        organic: u64,
        (of_streams, of_saves): (f64, f64),
        per_listener: f64,
    ) {
        let part = |count: u64, of: f64| divided(rounded((number(count) * of).floor()), &self.weights);
        let most = row.listeners.unwrap_or_default();
        let streams = self.isrcs.iter().zip(part(organic, of_streams));
        for (isrc, streams) in streams.filter(|(_, count)| *count > 0) {
            let listeners = rounded(number(streams) / per_listener).min(most);
            row.tracks.insert(isrc.clone(), streams);
            row.track_listeners.insert(isrc.clone(), listeners);
        }
        let saves = part(row.saves.unwrap_or_default(), of_saves);
        let saves = self.isrcs.iter().cloned().zip(saves).filter(|(_, count)| *count > 0);
        row.track_saves.extend(saves);
    }
}
