//! What a release did by the figures of its own tracks, where sources tell them.

use crate::engine::catalog::analytics::ByTrack;
use crate::model::analytics::Platform;
use crate::model::release::Release;
use crate::music::identifier::Isrc;
use crate::music::release::curve::{Curve, DAYS, curve_of_tracks};
use crate::music::release::rules::{days_between, plus};
use crate::music::release::track_days::{Told, track_days};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a release did by the streams of its own tracks.
pub(super) struct OwnTracks {
    /// The streams of the tracks, with nothing taken off.
    pub(super) curve: Curve,
    /// The platforms that tell them.
    platforms: Vec<&'static str>,
    /// How many of the tracks have figures.
    named: usize,
    /// How many recordings the release has.
    all: usize,
}

impl OwnTracks {
    /// Of a release that came out, with figures up to a day; none where no source tells any of its tracks.
    pub(super) fn of(release: &Release, by_track: &ByTrack, as_of: Date) -> Option<Self> {
        let length = usize::try_from(days_between(release.release_date, as_of) + 1).ok()?.min(DAYS);
        let last = plus(release.release_date, i32::try_from(length).ok()? - 1);
        let own = isrcs(release);
        let is_own = |isrc: &str| isrc.parse::<Isrc>().is_ok_and(|isrc| own.contains(&isrc));
        let told = by_track.by_day(release.release_date..=last, is_own);
        let told: Vec<Told> = told
            .into_iter()
            .filter_map(|(date, platform, streams)| {
                let day = usize::try_from(days_between(release.release_date, date)).ok()?;
                Some(Told { day, platform: platform as usize, streams })
            })
            .collect();
        let found = track_days(&told, length)?;
        let counts = |platform: &Platform| found.platforms.contains(&(*platform as usize));
        Some(Self {
            platforms: Platform::ALL.into_iter().filter(counts).map(Platform::label).collect(),
            named: by_track.shown(is_own, |_| None).rows.len(),
            all: release.tracks.len(),
            curve: curve_of_tracks(&found.days),
        })
    }

    /// What is shown, and what is not in it.
    pub(super) fn note(&self) -> String {
        format!(
            "From the tracks' own figures: what is shown are the streams of its tracks on {}, with nothing taken off; \
             platforms that do not tell recordings apart are not in it. {} of its {} tracks have figures.",
            self.platforms.join(", "),
            self.named,
            self.all,
        )
    }

    /// That days lack the report of a platform; none where none does.
    pub(super) fn gaps(&self) -> Option<String> {
        let unknown = self.curve.days.iter().filter(|day| day.is_none()).count();
        (unknown > 0).then(|| {
            format!(
                "On {unknown} of its first {} days one of these platforms told no recordings; they count as unknown, \
                 and sums are filled with the mean of the other days where at least three quarters are known.",
                self.curve.days.len()
            )
        })
    }
}

/// The recordings of a release.
pub(super) fn isrcs(release: &Release) -> BTreeSet<Isrc> {
    release.tracks.iter().filter_map(|track| track.isrc.parse().ok()).collect()
}
