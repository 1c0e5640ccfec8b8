//! Who shares in what the releases of the sample label earn, as somebody would have entered it.
//!
//! The parts in the recordings are those of what comes in: the label's, the artist's and the producer's, in agreement
//! with the deals and with the ledger. The parts in the works are those of the writers.

use super::LABEL_NAME;
use super::artists::SampleArtist;
use super::deals::{Deal, deals};
use super::producers::{Production, names, productions};
use crate::model::identifier::ReleaseId;
use crate::model::release::Release;
use crate::model::splits::{ReleaseSplits, SplitShare, WHOLE};

/// The place in the roster of whoever has the split sheet.
pub(super) const WITH_SHEET: usize = 0;
/// What the split sheet gives to the first writer, in hundredths of a percent.
const FIRST_WRITER: u32 = 6_000;
/// Two writers share alike where no sheet says otherwise.
const HALF: u32 = WHOLE / 2;

/// The splits of all releases.
pub(super) fn generate(
    seed: u64,
    roster: &[SampleArtist],
    releases: &[Release],
) -> Vec<(ReleaseId, ReleaseSplits)> {
    let (deals, names) = (deals(seed, roster), names());
    let sheet = roster.get(WITH_SHEET).and_then(|artist| {
        let first = releases.iter().find(|release| release.artist_id == artist.artist_id)?;
        Some(&first.release_id)
    });
    let productions = productions(seed, roster, releases);
    let made = releases.iter().zip(productions).filter_map(|(release, production)| {
        let mut deals = roster.iter().zip(&deals);
        let (artist, deal) = deals.find(|(artist, _)| artist.artist_id == release.artist_id)?;
        let [_, second] = artist.profile.writers;
        let first_writer = if sheet == Some(&release.release_id) {
            FIRST_WRITER
        } else if release.tracks.iter().any(|track| track.composers.iter().any(|name| name == second)) {
            HALF
        } else {
            WHOLE
        };
        let splits = ReleaseSplits {
            recordings: recordings(artist, deal, production, &names),
            publishing: publishing(artist, first_writer),
        };
        Some((release.release_id.clone(), splits))
    });
    made.collect()
}

fn recordings(
    artist: &SampleArtist,
    deal: &Deal,
    production: Option<Production>,
    names: &[String],
) -> Vec<SplitShare> {
    let rate = u32::try_from(deal.rate).unwrap_or_default().min(WHOLE);
    let produced = production.and_then(|production| {
        let place = usize::try_from(production.number).ok()?.checked_sub(1)?;
        Some(share(names.get(place)?, rate * production.basis_points / WHOLE))
    });
    let of_producer = produced.as_ref().map_or(0, |share| share.basis_points);
    let label = share(LABEL_NAME, WHOLE - rate);
    [label, share(artist.profile.name, rate - of_producer)].into_iter().chain(produced).collect()
}

fn publishing(artist: &SampleArtist, first_writer: u32) -> Vec<SplitShare> {
    let [first, second] = artist.profile.writers;
    let mut shares = vec![share(first, first_writer), share(second, WHOLE - first_writer)];
    shares.retain(|share| share.basis_points > 0);
    shares
}

fn share(payee: &str, basis_points: u32) -> SplitShare {
    SplitShare { payee: payee.to_owned(), basis_points }
}
