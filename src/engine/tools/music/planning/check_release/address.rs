//! Where a person mends what was found in a release: the field of its form, or that of a track.

use crate::model::details_form::fields_of;
use crate::model::release::Release;
use crate::music::quality::Finding;

/// The form of a release.
pub(super) fn of_release(release: &Release) -> String {
    format!("/releases/{}/edit", release.release_id)
}

/// Where a finding is mended; none where the record has no field for it, such as the ISNI of the artist.
pub(super) fn of_finding(release: &Release, found: &Finding) -> Option<String> {
    let field = field_of(found)?;
    if field == "splits" {
        return Some(format!("/releases/{}#splits", release.release_id));
    }
    let form = of_release(release);
    let Some(number) = found.track else {
        return has_field(false, field).then(|| format!("{form}#field-{field}"));
    };
    let track = release.tracks.iter().find(|track| track.number == number)?;
    let form = format!("{form}?track={}", track.track_id);
    // What is about several fields leads to all of them.
    Some(if has_field(true, field) { format!("{form}#field-{field}") } else { form })
}

/// The field in which it is mended: a length that differs from that of the master is corrected as a length.
fn field_of(found: &Finding) -> Option<&'static str> {
    if found.rule.code == "M04" { Some("durationSeconds") } else { found.field }
}

fn has_field(is_track: bool, name: &str) -> bool {
    fields_of(is_track).iter().any(|field| field.name == name)
}
