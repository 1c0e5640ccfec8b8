//! What a release that is checked is compared with, and what its tracks are by all that is known of them.

use super::compared::ComparedMasters;
use super::contract::NamedContract;
use super::elsewhere::{self, KnownElsewhere, KnownUnlike, Other, is_same};
use crate::engine::tools::Context;
use crate::model::artist::Artist;
use crate::model::recording::RecordingReport;
use crate::model::release::{Release, ReleaseStatus, Track};
use crate::music::identifier::Isni;
use crate::music::quality::release::{Compared, Declared, Elsewhere, Planned, Sound, TrackSubject, Unlike};
use crate::music::release::rules::Rules;
use jiff::civil::Date;

/// What a release is compared with, and by which rules.
pub(super) struct Around<'a> {
    pub(super) credited: Credited<'a>,
    pub(super) others: Vec<Other<'a>>,
    pub(super) contract: NamedContract,
    pub(super) tracks: Vec<KnownTrack>,
    /// How many masters could not be compared with others.
    pub(super) unheard: usize,
    /// Whether releases of some artists only may be told of.
    pub(super) is_scoped: bool,
    pub(super) today: Date,
    pub(super) rules: Rules,
}

/// The main artist.
pub(super) struct Credited<'a> {
    pub(super) name: &'a str,
    pub(super) isni: Option<&'a str>,
    pub(super) ipi: Option<&'a str>,
    /// Another artist with the same ISNI, as far as that may be told.
    pub(super) same_isni: Option<&'a str>,
}

impl<'a> Credited<'a> {
    pub(super) fn of(release: &'a Release, artists: &'a [Artist], context: &Context) -> Self {
        let (own, others): (Vec<&Artist>, Vec<&Artist>) =
            artists.iter().partition(|artist| artist.artist_id == release.artist_id);
        let own = own.first().copied();
        let isni = own.and_then(|artist| artist.isni.as_deref());
        let same = isni.and_then(|isni| {
            let has_it =
                |other: &&&Artist| other.isni.as_deref().is_some_and(|known| is_same::<Isni>(known, isni));
            others.iter().find(has_it).copied()
        });
        let is_told = |other: &Artist| context.scope.covers(&other.artist_id);
        Self {
            name: own.map_or(release.artist_id.as_str(), |artist| artist.name.as_str()),
            isni,
            ipi: own.and_then(|artist| artist.ipi.as_deref()),
            same_isni: same.map(|other| if is_told(other) { other.name.as_str() } else { "another artist" }),
        }
    }
}

/// What is known of a track from other releases.
pub(super) struct KnownTrack {
    elsewhere: Option<KnownElsewhere>,
    unlike: Option<KnownUnlike>,
    compared: Vec<Compared>,
}

/// What is known of each track, in order.
pub(super) fn known(release: &Release, others: &[Other<'_>], compared: ComparedMasters) -> Vec<KnownTrack> {
    let tracks = release.tracks.iter().zip(compared.tracks);
    tracks
        .map(|(track, compared)| KnownTrack {
            elsewhere: elsewhere::elsewhere(track, others),
            unlike: elsewhere::unlike(track, others),
            compared,
        })
        .collect()
}

/// The other releases that may be told of, planned and out.
pub(super) fn roster<'a>(others: &[Other<'a>]) -> Vec<Planned<'a>> {
    let shown = others.iter().filter(|other| other.is_told);
    let shown = shown.map(|other| other.release).filter(|other| other.status != ReleaseStatus::Withdrawn);
    shown
        .map(|other| Planned { title: &other.title, genre: &other.genre, date: other.release_date })
        .collect()
}

/// What the check is told of a track.
pub(super) fn track_subject<'a>(
    track: &'a Track,
    master: Option<&RecordingReport>,
    known: &'a KnownTrack,
) -> TrackSubject<'a> {
    TrackSubject {
        number: track.number,
        title: &track.title,
        isrc: &track.isrc,
        seconds: track.duration_seconds,
        composers: &track.composers,
        has_master: master.is_some(),
        sound: master.map(|master| Sound {
            kind: (master.report.sample_rate, master.report.bits, master.report.channels),
            seconds: master.report.seconds,
            loudness: master.report.loudness.integrated,
            sha256: master.report.sha256.clone(),
        }),
        elsewhere: known.elsewhere.as_ref().map(|other| Elsewhere {
            name: &other.name,
            has_other_title: other.has_other_title,
            seconds: other.seconds,
        }),
        unlike: known.unlike.as_ref().map(|other| Unlike { name: &other.name, fields: other.fields.clone() }),
        compared: &known.compared,
        declared: declared(track),
    }
}

/// What the record says of words and rights.
fn declared(track: &Track) -> Declared<'_> {
    let uncleared = track.samples.iter().filter(|sample| sample.cleared_by.is_none());
    Declared {
        iswc: track.iswc.as_deref(),
        language: track.language.as_deref(),
        lyricists: &track.lyricists,
        is_cover_version: track.cover_version,
        mechanical_licence: track.mechanical_licence.as_deref(),
        uncleared: uncleared.map(|sample| sample.recording.as_str()).collect(),
        is_ai_answered: track.ai_use.is_some(),
    }
}
