//! The rows of an artist: each day's level, divided among platforms and territories.

use super::super::portable::{number, rounded};
use super::super::random::Random;
use super::super::{PLATFORMS, days_before};
use super::baseline::Audience;
use super::plants::days_ago;
use super::tracks::{TOLD_BY, Tracks};
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::engagement::Engagement;
use crate::model::identifier::ArtistId;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Chance of a platform's day, in parts of the whole.
const PLATFORM_CHANCE: f64 = 0.02;
/// Chance of a territory's day, in parts of the whole.
const TERRITORY_CHANCE: f64 = 0.05;
/// New followers for each listener of a day.
const FOLLOW_RATE: f64 = 0.004;
/// The part of all followers that leaves each day.
const UNFOLLOW_RATE: f64 = 0.0006;

/// How long the spike without a cause lasts.
pub(super) const SURGE_DAYS: i32 = 3;
/// Where it comes from: a territory that no artist of the label is otherwise heard in by name.
pub(super) const SURGE_TERRITORY: &str = "NZ";
/// What it adds, as a part of the artist's streams on all platforms.
const SURGE_EFFECT: f64 = 1.5;
/// The part of it that comes from its territory.
const SURGE_CONCENTRATION: f64 = 0.85;
/// Streams for each listener in it: machines repeat.
const SURGE_STREAMS_PER_LISTENER: f64 = 24.0;

/// When the reports of one artist are missing on all platforms.
pub(super) const GAP_DAYS_AGO: i32 = 58;
/// For how long.
pub(super) const GAP_DAYS: i32 = 4;

/// The figures of one artist, before they are rows.
pub(in super::super) struct Figures {
    pub(super) artist_id: ArtistId,
    /// The first day with figures.
    pub(super) first: Date,
    /// Streams to expect on each day from the first on, all platforms.
    pub(super) levels: Vec<f64>,
    pub(super) audience: Audience,
    pub(super) surge: Option<Surge>,
    pub(super) absences: Vec<Absence>,
    pub(super) tracks: Tracks,
    /// Names the stream of chance.
    pub(super) topic: String,
}

/// A spike without a cause.
pub(super) struct Surge {
    first: Date,
}

impl Surge {
    pub(super) fn new(first: Date) -> Self {
        Self { first }
    }

    /// Streams that it adds on this day and platform.
    fn streams(&self, date: Date, platform: Platform, level: f64) -> u64 {
        let lasts = (0..SURGE_DAYS).contains(&days_ago(self.first, date));
        if lasts && platform == Platform::Spotify { rounded(level * SURGE_EFFECT) } else { 0 }
    }
}

/// Reports that never came.
pub(super) struct Absence {
    pub(super) first: Date,
    pub(super) last: Date,
    /// Whose report; none for all platforms.
    pub(super) platform: Option<Platform>,
}

impl Absence {
    /// The days without any report.
    pub(super) fn gap(today: Date) -> Self {
        let first = days_before(today, GAP_DAYS_AGO);
        Self { first, last: days_before(first, 1 - GAP_DAYS), platform: None }
    }

    fn covers(&self, date: Date, platform: Platform) -> bool {
        (self.first..=self.last).contains(&date) && self.platform.is_none_or(|missing| missing == platform)
    }
}

impl Figures {
    /// The rows, in order of day and platform.
    pub(in super::super) fn rows(&self, seed: u64) -> impl Iterator<Item = DailyAnalytics> + '_ {
        let mut random = Random::new(seed, &format!("rows of {}", self.topic));
        let mut of_tracks = Random::new(seed, &format!("tracks of {}", self.topic));
        let usual = self.levels.first().copied().unwrap_or_default();
        let per_platform = |share: f64| usual * share * self.audience.followers_per_stream;
        let mut followers = self.audience.platforms.map(per_platform);
        let cells = self.levels.iter().zip(0..).flat_map(|(level, day)| {
            let date = days_before(self.first, -day);
            PLATFORMS.into_iter().zip(0..).map(move |(platform, place)| (*level, date, platform, place))
        });
        cells.filter_map(move |(level, date, platform, place): (f64, Date, Platform, usize)| {
            let mut row = self.row(level, date, platform, (place, &mut followers[place]), &mut random);
            if platform == TOLD_BY {
                let organic = row.streams.saturating_sub(self.surged(level, date, platform));
                self.tracks.tell(&mut row, organic, &mut of_tracks);
            }
            let missing = self.absences.iter().any(|absence| absence.covers(date, platform));
            (!missing).then_some(row)
        })
    }

    /// One row; moves the followers on by a day.
    fn row(
        &self,
        level: f64,
        date: Date,
        platform: Platform,
        (place, followers): (usize, &mut f64),
        random: &mut Random,
    ) -> DailyAnalytics {
        let audience = &self.audience;
        let expected = level * audience.platforms[place];
        // Small numbers vary more: the spread of a count is its square root.
        let spread = (PLATFORM_CHANCE * PLATFORM_CHANCE + 1.0 / expected.max(1.0)).sqrt();
        let organic = rounded(expected * (1.0 + spread * random.normal()));
        let surge = self.surged(level, date, platform);
        let listeners = number(organic) / audience.streams_per_listener * (1.0 + 0.02 * random.normal());
        let saves = listeners * audience.save_rate * (1.0 + 0.06 * random.normal());
        *followers += listeners * FOLLOW_RATE - *followers * UNFOLLOW_RATE;
        DailyAnalytics {
            artist_id: self.artist_id.clone(),
            date,
            platform,
            streams: organic + surge,
            listeners: Some(rounded(listeners) + rounded(number(surge) / SURGE_STREAMS_PER_LISTENER)),
            saves: Some(rounded(saves)),
            followers: Some(rounded(*followers)),
            territories: self.territories(organic, surge, random),
            tracks: BTreeMap::new(),
            track_saves: BTreeMap::new(),
            track_listeners: BTreeMap::new(),
            engagement: Engagement::default(),
            source: "sample".to_owned(),
        }
    }

    /// What a spike without a cause adds.
    fn surged(&self, level: f64, date: Date, platform: Platform) -> u64 {
        self.surge.as_ref().map_or(0, |surge| surge.streams(date, platform, level))
    }

    /// The streams by territory; adds up to `organic + surge` exactly.
    fn territories(&self, organic: u64, surge: u64, random: &mut Random) -> BTreeMap<String, u64> {
        let weights: Vec<f64> = self
            .audience
            .territories
            .iter()
            .map(|(_, weight)| weight * (1.0 + TERRITORY_CHANCE * random.normal()))
            .collect();
        let foreign = rounded(number(surge) * SURGE_CONCENTRATION);
        let mut counts = divided(organic + surge - foreign, &weights);
        let codes = self.audience.territories.iter().map(|(code, _)| (*code).to_owned());
        let mut territories: BTreeMap<String, u64> =
            codes.zip(counts.drain(..)).filter(|(_, count)| *count > 0).collect();
        if foreign > 0 {
            territories.insert(SURGE_TERRITORY.to_owned(), foreign);
        }
        territories
    }
}

/// A count divided by weights; what rounding leaves over goes to the first.
pub(super) fn divided(count: u64, weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    let part = |weight: &f64| rounded((number(count) * weight / sum).floor());
    let mut parts: Vec<u64> = weights.iter().map(part).collect();
    let given: u64 = parts.iter().sum();
    if let Some(first) = parts.first_mut() {
        *first += count.saturating_sub(given);
    }
    parts
}
