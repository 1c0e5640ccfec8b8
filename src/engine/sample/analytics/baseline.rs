//! What an artist's figures are on a day on which nothing happens: size, week, drift, chance, audience.

use super::super::PLATFORMS;
use super::super::artists::SampleArtist;
use super::super::portable::{exp, sine};
use super::super::random::Random;
use super::super::roster::{Profile, Role};
use super::{events, plants};
use jiff::civil::Date;

/// Daily chance: an autoregressive walk with this memory …
const CHANCE_MEMORY: f64 = 0.6;
/// … and these daily steps, in ln.
const CHANCE_STEP: f64 = 0.02;
/// The false trend: a slow wave of this height in ln …
const WAVE_HEIGHT: f64 = 0.16;
/// … this length in days …
const WAVE_DAYS: f64 = 72.0;
/// … and this part of a turn behind it today, so that the last weeks stand on its crest.
const WAVE_PHASE: f64 = 0.24;

/// Where an artist's listeners are, and how they listen.
pub(in super::super) struct Audience {
    /// Part of the streams by platform, in the order of [`PLATFORMS`]; adds up to 1.
    pub(super) platforms: [f64; PLATFORMS.len()],
    /// Weight of each territory, the home first and the rest of the world last.
    pub(super) territories: Vec<(&'static str, f64)>,
    /// Streams for each listener of a day.
    pub(super) streams_per_listener: f64,
    /// Saves for each listener of a day.
    pub(super) save_rate: f64,
    /// Followers at the beginning, for each daily stream.
    pub(super) followers_per_stream: f64,
    /// Days after which half of a release's effect is gone.
    pub(super) half_life_days: f64,
}

/// Rough sizes of the markets in which the sample label is heard.
const MARKETS: [(&str, f64); 16] = [
    ("US", 0.22),
    ("GB", 0.11),
    ("DE", 0.10),
    ("BR", 0.08),
    ("FR", 0.08),
    ("MX", 0.07),
    ("JP", 0.06),
    ("ES", 0.05),
    ("NL", 0.04),
    ("SE", 0.04),
    ("KR", 0.03),
    ("PL", 0.03),
    ("NO", 0.02),
    ("NG", 0.02),
    ("CA", 0.04),
    ("IS", 0.005),
];

impl Audience {
    /// Draws the audience of an artist.
    pub(super) fn draw(profile: &Profile, random: &mut Random) -> Self {
        Self {
            platforms: platform_shares(random),
            territories: territory_weights(profile.country, random),
            streams_per_listener: random.between(1.5, 2.3),
            save_rate: random.between(0.012, 0.032),
            followers_per_stream: random.between(0.9, 2.4),
            half_life_days: random.between(6.0, 16.0),
        }
    }
}

/// Half of the streams come from the first platform, more or less.
fn platform_shares(random: &mut Random) -> [f64; PLATFORMS.len()] {
    let weights = [0.52, 0.21, 0.17, 0.10].map(|usual| usual * random.between(0.7, 1.3));
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

/// The home with a quarter to two fifths, seven other markets by size and taste, and the rest (`ZZ`).
fn territory_weights(home: &'static str, random: &mut Random) -> Vec<(&'static str, f64)> {
    let mut others: Vec<(&str, f64)> = MARKETS.into_iter().filter(|(code, _)| *code != home).collect();
    random.shuffle(&mut others);
    let mut territories = vec![(home, random.between(0.25, 0.40))];
    territories
        .extend(others.into_iter().take(7).map(|(code, size)| (code, size * random.between(0.5, 1.5))));
    territories.push(("ZZ", random.between(0.08, 0.16)));
    territories
}

/// Streams to expect on each day, all platforms, before releases.
pub(super) fn levels(
    today: Date,
    artist: &SampleArtist,
    audience: &Audience,
    days: &[Date],
    random: &mut Random,
) -> Vec<f64> {
    let week = artist.profile.genre.week();
    let usual = f64::from(artist.profile.daily_streams);
    let mut chance = 0.0;
    let day_level = |date: &Date| {
        chance = CHANCE_MEMORY * chance + CHANCE_STEP * random.normal();
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        let quiet = usual * week[weekday] * exp(drift(artist.profile.role, *date, today) + chance);
        quiet * events::day_factor(*date, today) * events::playlist_factor(artist, *date, today, audience)
    };
    days.iter().map(day_level).collect()
}

/// How far the artist's level has moved by this day, in ln.
fn drift(role: Role, date: Date, today: Date) -> f64 {
    match role {
        Role::Growth => plants::GROWTH_PER_DAY * plants::days_into(plants::GROWTH_DAYS, date, today),
        Role::Decline => plants::DECLINE_PER_DAY * plants::days_into(plants::DECLINE_DAYS, date, today),
        Role::FalseTrend => {
            WAVE_HEIGHT * sine(WAVE_PHASE - f64::from(plants::days_ago(date, today)) / WAVE_DAYS)
        }
        _ => 0.0,
    }
}
