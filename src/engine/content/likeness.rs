//! Which recordings of the catalogue sound the same: another coding, level or copy of one recording.

use crate::engine::catalog::recordings::{KeptRecording, SoundsLike};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::recording::RecordingState;
use crate::music::audio::{AcousticPrint, SAME_RECORDING, similarity};

/// How far the lengths of two codings of one recording may be apart, in seconds: as far as their beginnings may be.
const FARTHEST_LENGTH: f64 = 10.0;

/// Recordings that one is compared with at most, so that the work does not grow with the catalogue: those whose
/// length is nearest.
const MOST_COMPARED: usize = 40;

/// Recordings that are told at most.
const MOST_TOLD: usize = 10;

/// The recordings that sound like one with this print, those most alike first.
pub(super) async fn sounds_like(
    catalog: &Catalog,
    kept: &KeptRecording,
    print: &AcousticPrint,
) -> Result<Vec<SoundsLike>, CatalogError> {
    if !print.is_telling() {
        return Ok(Vec::new());
    }
    let all = catalog.recordings().await?;
    let mut found = Vec::new();
    for other in candidates(kept, all.iter().collect()) {
        let Some(theirs) = catalog.print(&other.id, &other.etag).await? else { continue };
        let alike = similarity(print, &theirs);
        if alike >= SAME_RECORDING {
            let percent = percent(alike);
            found.push(SoundsLike { id: other.id.clone(), etag: other.etag.clone(), percent });
        }
    }
    found.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.id.cmp(&b.id)));
    found.truncate(MOST_TOLD);
    Ok(found)
}

/// Those that are worth a comparison: as long as it, the nearest first. The length of one that is being processed is
/// not known yet.
fn candidates<'a>(kept: &KeptRecording, all: Vec<&'a KeptRecording>) -> Vec<&'a KeptRecording> {
    let own = kept.line.seconds.unwrap_or_default();
    let apart = |other: &KeptRecording| match other.line.seconds {
        Some(seconds) if other.state.is_released() => Some((seconds - own).abs()),
        None if other.state == RecordingState::Processing => Some(0.0),
        _ => None,
    };
    let others = all.into_iter().filter(|other| other.id != kept.id);
    let near =
        others.filter_map(|other| Some((apart(other).filter(|apart| *apart <= FARTHEST_LENGTH)?, other)));
    let mut near: Vec<_> = near.collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.into_iter().take(MOST_COMPARED).map(|(_, other)| other).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f32) -> u32 {
    (share * 100.0).round() as u32
}
