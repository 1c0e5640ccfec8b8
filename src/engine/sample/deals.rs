//! What the label has agreed with each artist: the part of receipts that is credited, and the advance on it.

use super::artists::SampleArtist;
use super::random::Random;

/// Royalty rates of the deals, in hundredths of a percent.
const RATES: [i64; 5] = [1_500, 1_800, 2_000, 2_500, 5_000];
/// How many months of royalties were advanced.
const ADVANCE_MONTHS: [i64; 5] = [0, 4, 8, 12, 20];

/// The place in the roster of whoever has the licence agreement.
pub(super) const LICENSED: usize = 13;
/// The owner's share by the licence agreement, in hundredths of a percent.
pub(super) const LICENCE_RATE: i64 = 5_000;
/// The advance of the licence agreement, in minor units.
const LICENCE_ADVANCE: i64 = 2_000_000;

/// The place in the roster of whoever records with the producer of the producer agreement.
pub(super) const PRODUCED: usize = 4;
/// Their rate, of which the producer's part comes to what the agreement says.
const PRODUCED_RATE: i64 = 2_000;

/// What was agreed with an artist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deal {
    /// The part of receipts that is credited, in hundredths of a percent.
    pub(super) rate: i64,
    /// What was advanced.
    pub(super) advance: Advance,
    /// What of the advance was recouped before the months of the ledger, in percent.
    pub(super) recouped_percent: u32,
}

/// How much was advanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advance {
    /// As much as the royalties of so many usual months.
    Months(i64),
    /// So many minor units.
    Minor(i64),
}

/// The deals in the order of the roster. Those with a contract that says more are as it says.
pub(super) fn deals(seed: u64, roster: &[SampleArtist]) -> Vec<Deal> {
    let mut random = Random::new(seed, "ledger accounts");
    let drawn = (0..roster.len()).map(|place| {
        let deal = Deal {
            rate: *random.pick(&RATES),
            advance: Advance::Months(*random.pick(&ADVANCE_MONTHS)),
            recouped_percent: random.below(101),
        };
        match place {
            LICENSED => Deal { rate: LICENCE_RATE, advance: Advance::Minor(LICENCE_ADVANCE), ..deal },
            PRODUCED => Deal { rate: PRODUCED_RATE, ..deal },
            _ => deal,
        }
    });
    drawn.collect()
}
