//! What happens to figures: holidays, a shock to the whole market, releases, a playlist.

use super::super::artists::SampleArtist;
use super::super::days_before;
use super::super::portable::exp;
use super::super::roster::Role;
use super::baseline::Audience;
use super::plants::{self, days_ago};
use crate::model::artist::{ArtistEvent, EventKind};
use crate::model::release::{Release, ReleaseKind, ReleaseStatus};
use jiff::civil::Date;

/// What everyone's streams are multiplied with on the day of the market shock.
pub(super) const SHOCK_FACTOR: f64 = 0.70;
/// What the playlist adds on its first day, as a part of the usual streams.
const PLAYLIST_EFFECT: f64 = 0.90;

/// What a day does to all artists alike.
pub(super) fn day_factor(date: Date, today: Date) -> f64 {
    let shock = if date == days_before(today, plants::SHOCK_DAYS_AGO) { SHOCK_FACTOR } else { 1.0 };
    shock * holiday_factor(date)
}

/// People listen to other music at Christmas, and sleep on New Year's Day.
fn holiday_factor(date: Date) -> f64 {
    match (date.month(), date.day()) {
        (12, 24) => 0.72,
        (12, 25) => 0.65,
        (12, 26) => 0.76,
        (12, 31) => 0.85,
        (1, 1) => 0.68,
        _ => 1.0,
    }
}

/// What the playlist does to the artist whom it added: a jump that fades as a release does.
pub(super) fn playlist_factor(artist: &SampleArtist, date: Date, today: Date, audience: &Audience) -> f64 {
    let since = days_ago(plants::playlist_day(today), today) - days_ago(date, today);
    if artist.profile.role == Role::PlaylistSpike && since >= 0 {
        1.0 + PLAYLIST_EFFECT * faded(since, audience.half_life_days)
    } else {
        1.0
    }
}

/// For each day, what the artist's releases up to then multiply the streams with.
pub(super) fn release_factors(
    days: &[Date],
    artist: &SampleArtist,
    releases: &[Release],
    half_life_days: f64,
) -> Vec<f64> {
    let own: Vec<&Release> = of_artist(artist, releases).collect();
    let effect = |date: Date, release: &Release| {
        let since = days_ago(release.release_date, date);
        if since >= 0 { jump(release.kind) * faded(since, half_life_days) } else { 0.0 }
    };
    days.iter().map(|date| 1.0 + own.iter().map(|release| effect(*date, release)).sum::<f64>()).collect()
}

/// What a release adds on its first day, as a part of the usual streams.
pub(super) fn jump(kind: ReleaseKind) -> f64 {
    match kind {
        ReleaseKind::Single => 0.6,
        ReleaseKind::Ep => 0.9,
        ReleaseKind::Album => 1.4,
    }
}

/// The part of an effect that is left after so many days.
pub(super) fn faded(days: i32, half_life_days: f64) -> f64 {
    exp(-std::f64::consts::LN_2 * f64::from(days) / half_life_days)
}

/// The artist's releases that came out, also those that were taken down since.
pub(super) fn of_artist<'a>(
    artist: &'a SampleArtist,
    releases: &'a [Release],
) -> impl Iterator<Item = &'a Release> + 'a {
    let out =
        |release: &&Release| matches!(release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn);
    releases.iter().filter(|release| release.artist_id == artist.artist_id).filter(out)
}

/// What is logged about an artist: releases, and the playlist of the one whom it added.
pub(in super::super) fn events(today: Date, artist: &SampleArtist, releases: &[Release]) -> Vec<ArtistEvent> {
    let release = |release: &Release| ArtistEvent {
        date: release.release_date,
        kind: EventKind::Release,
        title: format!("{} “{}” came out", release.kind, release.title),
    };
    let mut events: Vec<ArtistEvent> = of_artist(artist, releases).map(release).collect();
    if artist.profile.role == Role::PlaylistSpike {
        events.push(ArtistEvent {
            date: plants::playlist_day(today),
            kind: EventKind::Playlist,
            title: format!("Added to the playlist {} (412,000 followers)", plants::PLAYLIST_NAME),
        });
    }
    events
}
