//! Where a person mends what was found in a release: the field of its form, of that of a track or of the artist, the
//! order of its tracks, its contract, or the place where its cover or a master is replaced.

use crate::model::contract::id_of;
use crate::model::details_form::fields_of;
use crate::model::release::Release;
use crate::model::release_file::{self, COVER};
use crate::music::quality::Finding;

/// The form of a release.
pub(super) fn of_release(release: &Release) -> String {
    format!("/releases/{}/edit", release.release_id)
}

/// The place where the cover, or the master of a track, is replaced.
pub(super) fn of_file(release: &Release, subject: &str) -> String {
    release_file::address(release.release_id.as_str(), subject)
}

/// Where a finding is mended; none where the record has no field for it.
pub(super) fn of_finding(release: &Release, found: &Finding) -> Option<String> {
    let field = field_of(found)?;
    let form = of_release(release);
    let track = found.track.and_then(|number| release.tracks.iter().find(|track| track.number == number));
    if let Some(track) = track {
        if field == "audio" {
            return Some(of_file(release, track.track_id.as_str()));
        }
        let form = format!("{form}?track={}", track.track_id);
        // What is about several fields leads to all of them.
        return Some(if has_field(true, field) { format!("{form}#field-{field}") } else { form });
    }
    match field {
        "splits" => Some(format!("/releases/{}#splits", release.release_id)),
        "isni" | "ipi" => Some(format!("/artists/{}/edit#field-{field}", release.artist_id)),
        "artwork" => Some(of_file(release, COVER)),
        // That it is signed, or has been renewed, is entered where its terms are.
        "contract" => release.contract.as_ref().map(|name| format!("/contracts/{}#terms", id_of(name))),
        "tracks" => (!release.tracks.is_empty()).then(|| format!("{form}#field-tracks")),
        _ => has_field(false, field).then(|| format!("{form}#field-{field}")),
    }
}

/// The field in which it is mended: a length that differs from that of the master is corrected as a length.
fn field_of(found: &Finding) -> Option<&'static str> {
    if found.rule.code == "M04" { Some("durationSeconds") } else { found.field }
}

fn has_field(is_track: bool, name: &str) -> bool {
    fields_of(is_track).iter().any(|field| field.name == name)
}
