//! How the masters of a release compare with those of the other recordings of the catalogue: by file, and by what
//! they sound like.

use super::elsewhere::{Other, is_same};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::recordings::KeptRecording;
use crate::engine::config::BucketRole;
use crate::engine::tools::{Context, ToolError};
use crate::model::release::{Release, Track};
use crate::music::audio::{SAME_RECORDING, similarity};
use crate::music::identifier::Isrc;
use crate::music::quality::release::Compared;
use std::collections::{BTreeSet, HashMap};

/// What the comparison came to.
pub(super) struct ComparedMasters {
    /// For each track in order, what is to be told.
    pub(super) tracks: Vec<Vec<Compared>>,
    /// How many masters could not be compared, because nobody has listened to them yet.
    pub(super) unheard: usize,
}

/// A recording that a master is compared with.
struct Neighbour<'a> {
    track: &'a Track,
    /// What it is called, as far as that may be told.
    name: String,
    /// Whether it is on the release itself, whose equal files are told elsewhere.
    is_own: bool,
}

/// Compares each master with those of other releases, and with those before it.
pub(super) async fn masters(
    release: &Release,
    others: &[Other<'_>],
    context: &Context,
) -> Result<ComparedMasters, ToolError> {
    let catalog = &context.catalog;
    let bucket = catalog.buckets.default_of(BucketRole::Audio);
    let all = catalog.recordings().await?;
    let heard = all.iter().filter(|kept| kept.bucket == bucket && kept.state.is_released());
    let heard: HashMap<&str, &KeptRecording> = heard.map(|kept| (kept.key.as_str(), kept)).collect();
    let mut found = ComparedMasters { tracks: Vec::new(), unheard: 0 };
    for (at, track) in release.tracks.iter().enumerate() {
        let own = track.audio.as_deref().map(|key| heard.get(key));
        let told = match own {
            Some(Some(own)) => {
                let before = release.tracks[..at].iter().map(|track| Neighbour {
                    track,
                    name: format!("track {}", track.number),
                    is_own: true,
                });
                let near = before.chain(others.iter().flat_map(neighbours)).collect();
                of_track(track, own, near, &heard, catalog).await?
            }
            Some(None) => {
                found.unheard += 1;
                Vec::new()
            }
            None => Vec::new(),
        };
        found.tracks.push(told);
    }
    Ok(found)
}

fn neighbours<'o>(other: &'o Other<'_>) -> impl Iterator<Item = Neighbour<'o>> {
    other.release.tracks.iter().map(move |track| Neighbour { track, name: other.name(track), is_own: false })
}

async fn of_track(
    track: &Track,
    own: &KeptRecording,
    near: Vec<Neighbour<'_>>,
    heard: &HashMap<&str, &KeptRecording>,
    catalog: &Catalog,
) -> Result<Vec<Compared>, ToolError> {
    let mut told = Vec::new();
    let mut seen = BTreeSet::new();
    for other in near {
        // What has no ISRC yet is told as missing.
        if track.isrc.is_empty() || other.track.isrc.is_empty() {
            continue;
        }
        let key = other.track.audio.as_deref();
        let Some(theirs) = key.and_then(|key| heard.get(key)).copied() else { continue };
        let is_same_recording = is_same::<Isrc>(&track.isrc, &other.track.isrc);
        // One recording on several releases is told once.
        if !seen.insert((theirs.key.as_str(), is_same_recording)) {
            continue;
        }
        let is_same_file =
            own.key == theirs.key || (own.line.sha256.is_some() && own.line.sha256 == theirs.line.sha256);
        let name = other.name;
        told.extend(match (is_same_file, is_same_recording) {
            (true, true) => None,
            (true, false) => (!other.is_own).then_some(Compared::SameFile(name)),
            (false, true) => {
                let percent = unlike(own, theirs, catalog).await?;
                percent.map(|percent| Compared::SoundsUnlike { name, percent })
            }
            (false, false) => alike(own, theirs).map(|percent| Compared::SoundsAlike { name, percent }),
        });
    }
    Ok(told)
}

/// How much of both acoustic prints is equal, in percent, where that was found when one of them was listened to.
fn alike(own: &KeptRecording, theirs: &KeptRecording) -> Option<u32> {
    let told = |of: &KeptRecording, by: &KeptRecording| {
        let found = by.line.sounds_like.iter().find(|found| found.id == of.id && found.etag == of.etag);
        found.map(|found| found.percent)
    };
    told(theirs, own).or_else(|| told(own, theirs))
}

/// How much of both acoustic prints is equal, in percent, where that is too little for one recording.
async fn unlike(
    own: &KeptRecording,
    theirs: &KeptRecording,
    catalog: &Catalog,
) -> Result<Option<u32>, ToolError> {
    let (one, other) =
        (catalog.print(&own.id, &own.etag).await?, catalog.print(&theirs.id, &theirs.etag).await?);
    let both = one.zip(other).filter(|(one, other)| one.is_telling() && other.is_telling());
    let alike = both.map(|(one, other)| similarity(&one, &other));
    Ok(alike.filter(|alike| *alike < SAME_RECORDING).map(percent))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f32) -> u32 {
    (share * 100.0).floor() as u32
}
