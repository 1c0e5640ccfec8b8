//! The daily figures of the sample label: a baseline for each artist, what happens to it, and the rows.

mod baseline;
mod events;
mod plants;
mod rows;
mod tracks;

pub(super) use events::events;
pub use plants::{Plant, PlantKind};
pub(super) use rows::Figures;

use super::artists::SampleArtist;
use super::random::Random;
use super::roster::Role;
use super::{HISTORY_DAYS, NEWCOMER_DAYS, PLATFORMS, days_before};
use crate::model::release::Release;
use baseline::Audience;
use jiff::civil::Date;
use rows::{Absence, Surge};
use tracks::Tracks;

/// What the figures contain on purpose.
pub(super) fn plants(seed: u64, today: Date, artists: &[SampleArtist], releases: &[Release]) -> Vec<Plant> {
    let absences = single_absences(seed, today, artists);
    let reports = artists.iter().zip(&absences);
    let missing = reports.filter_map(|(artist, absence)| plants::missing_report(artist, absence.as_ref()?));
    plants::plants(today, artists, releases).into_iter().chain(missing).collect()
}

/// The figures of all artists, ready to be written out as rows.
pub(super) fn plan(seed: u64, today: Date, artists: &[SampleArtist], releases: &[Release]) -> Vec<Figures> {
    let absences = single_absences(seed, today, artists);
    let figures = artists.iter().zip(absences);
    figures.map(|(artist, absence)| figures_of(seed, today, artist, releases, absence)).collect()
}

fn figures_of(
    seed: u64,
    today: Date,
    artist: &SampleArtist,
    releases: &[Release],
    absence: Option<Absence>,
) -> Figures {
    let topic = format!("figures {}", artist.artist_id);
    let mut random = Random::new(seed, &topic);
    let audience = Audience::draw(artist.profile, &mut random);
    let first = days_before(today, history_of(artist));
    let days = artist_days(today, artist);
    let levels = baseline::levels(today, artist, &audience, &days, &mut random);
    let jumps = events::release_factors(&days, artist, releases, audience.half_life_days);
    let levels = levels.into_iter().zip(jumps).map(|(level, jump)| level * jump).collect();
    let role = artist.profile.role;
    let listening = (audience.half_life_days, audience.streams_per_listener);
    let tracks = Tracks::since(first, seed, artist, releases, listening);
    Figures {
        artist_id: artist.artist_id.clone(),
        first,
        levels,
        audience,
        surge: (role == Role::ForeignSpike).then(|| Surge::new(plants::surge_start(today))),
        absences: absence.into_iter().chain((role == Role::Gap).then(|| Absence::gap(today))).collect(),
        tracks,
        topic,
    }
}

/// How many days of figures the artist has.
fn history_of(artist: &SampleArtist) -> i32 {
    if artist.profile.role == Role::Newcomer { NEWCOMER_DAYS } else { HISTORY_DAYS }
}

/// The days for which the artist may have figures, oldest first, the last of them yesterday.
fn artist_days(today: Date, artist: &SampleArtist) -> Vec<Date> {
    (1..=history_of(artist)).rev().map(|ago| days_before(today, ago)).collect()
}

/// One lost report, a platform on a day, for every third artist without another part to play.
fn single_absences(seed: u64, today: Date, artists: &[SampleArtist]) -> Vec<Option<Absence>> {
    let mut random = Random::new(seed, "absences");
    let mut ordinary = 0;
    let mut absence = |artist: &SampleArtist| {
        ordinary += u32::from(artist.profile.role == Role::Ordinary);
        (artist.profile.role == Role::Ordinary && ordinary % 3 == 0).then(|| {
            let ago = 15 + i32::try_from(random.below(300)).unwrap_or_default();
            let day = days_before(today, ago);
            Absence { first: day, last: day, platform: Some(*random.pick(&PLATFORMS)) }
        })
    };
    artists.iter().map(&mut absence).collect()
}
