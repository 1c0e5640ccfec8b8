//! Who has produced which release of the sample label, and which part of its royalties that is.

use super::LABEL_NAME;
use super::artists::SampleArtist;
use super::deals::PRODUCED;
use super::random::Random;
use crate::model::identifier::ReleaseId;
use crate::model::release::Release;

/// Invented producers.
const PRODUCERS: [&str; 6] =
    ["Ida Sundvoll", "Marek Oleandro", "Tove Brekkmoe", "Kofi Aderemi-Lund", "Celia Norrvik", "Jun Hayamori"];
/// What a producer may get of royalties, in hundredths of a percent: of each rate of a deal it is a whole number of
/// hundredths of a percent of what comes in.
const PARTS: [u32; 3] = [1_000, 1_500, 2_000];

/// How many invented producers there are.
const INVENTED: u32 = 6;
/// The producer of the producer agreement, who comes after them.
const CONTRACTED: &str = "Copperline Audio (sample)";
/// Its part: 3.00 % of what comes in at the rate of the artist whose recordings they are, as the agreement says.
const CONTRACTED_PART: u32 = 1_500;
/// The agreement is about up to so many tracks.
const CONTRACTED_TRACKS: usize = 6;

/// A producer's part in a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Production {
    /// Which producer, from 1.
    pub(super) number: u32,
    /// The part of the royalties, in hundredths of a percent.
    pub(super) basis_points: u32,
}

/// The names of the producers; the first has the number 1.
pub(super) fn names() -> Vec<String> {
    let invented = PRODUCERS.iter().map(|name| format!("{name} (producer of {LABEL_NAME})"));
    invented.chain([CONTRACTED.to_owned()]).collect()
}

/// Who has produced each release. One producer makes a whole release; every second one is made by the artist alone.
pub(super) fn productions(
    seed: u64,
    roster: &[SampleArtist],
    releases: &[Release],
) -> Vec<Option<Production>> {
    let mut random = Random::new(seed, "ledger splits");
    let contracted = contracted(roster, releases);
    let drawn = releases.iter().map(|release| {
        let number = (random.below(2) == 0).then(|| 1 + random.below(INVENTED));
        let basis_points = *random.pick(&PARTS);
        if contracted == Some(&release.release_id) {
            return Some(Production { number: INVENTED + 1, basis_points: CONTRACTED_PART });
        }
        number.map(|number| Production { number, basis_points })
    });
    drawn.collect()
}

/// The release that the producer agreement is about: the artist's first of so few tracks.
fn contracted<'a>(roster: &[SampleArtist], releases: &'a [Release]) -> Option<&'a ReleaseId> {
    let artist = &roster.get(PRODUCED)?.artist_id;
    let mut theirs = releases.iter().filter(|release| release.artist_id == *artist);
    theirs.find(|release| release.tracks.len() <= CONTRACTED_TRACKS).map(|release| &release.release_id)
}
