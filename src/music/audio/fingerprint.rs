//! What a recording sounds like, as a row of numbers (Chromaprint, as `AcoustID` uses it): the same recording is known
//! again in another coding, louder or quieter, or with a little more silence before it.

use super::time::real_length;
use rusty_chromaprint::{Configuration, Fingerprinter};
use std::collections::BTreeSet;

/// How alike two prints are, from which on they are of the same recording: the share of equal bits. Recordings that
/// have nothing in common share about half, as chance has it; other codings of one recording more than nine tenths.
pub const SAME_RECORDING: f32 = 0.9;

/// How much of a recording is listened to, in seconds, as `AcoustID` does.
const LISTENED: u32 = 120;
/// How far the beginnings of two recordings may be apart, in numbers of a print: about ten seconds.
const FARTHEST: usize = 80;
/// How much two prints must overlap, in numbers: about four seconds.
const LEAST: usize = 32;
/// Different numbers that a print must have to be known again.
const LEAST_DIFFERENT: usize = 16;

/// What a recording sounds like: a number for each eighth of a second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AcousticPrint(Vec<u32>);

impl AcousticPrint {
    /// The numbers, to be kept.
    pub fn numbers(&self) -> &[u32] {
        &self.0
    }

    /// Whether there is enough in it to be known again: silence and steady tones all look alike.
    pub fn is_telling(&self) -> bool {
        self.0.iter().collect::<BTreeSet<_>>().len() >= LEAST_DIFFERENT
    }
}

impl From<Vec<u32>> for AcousticPrint {
    fn from(numbers: Vec<u32>) -> Self {
        Self(numbers)
    }
}

pub(super) struct PrintMaker {
    /// None where the rate is not one that can be listened to.
    maker: Option<Fingerprinter>,
    left: usize,
    samples: Vec<i16>,
}

impl PrintMaker {
    pub(super) fn new(rate: u32) -> Self {
        let mut maker = Fingerprinter::new(&Configuration::default());
        let maker = maker.start(rate, 1).is_ok().then_some(maker);
        let left = usize::try_from(u64::from(LISTENED) * u64::from(rate)).unwrap_or(usize::MAX);
        Self { maker, left, samples: Vec::new() }
    }

    pub(super) fn feed(&mut self, mono: &[f32]) {
        let Some(maker) = &mut self.maker else { return };
        let taken = &mono[..mono.len().min(self.left)];
        self.left -= taken.len();
        self.samples.clear();
        self.samples.extend(taken.iter().map(|sample| coarse(*sample)));
        maker.consume(&self.samples);
    }

    pub(super) fn finish(self) -> AcousticPrint {
        let Some(mut maker) = self.maker else { return AcousticPrint::default() };
        maker.finish();
        AcousticPrint(maker.fingerprint().to_vec())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "within the range by the clamp")]
fn coarse(sample: f32) -> i16 {
    (sample * 32_767.0).clamp(-32_768.0, 32_767.0) as i16
}

/// How alike two recordings are, from 0 to 1: the share of equal bits where their beginnings fit best. 0 where one
/// is shorter than about four seconds. See [`SAME_RECORDING`].
pub fn similarity(a: &AcousticPrint, b: &AcousticPrint) -> f32 {
    let forwards = (0..=FARTHEST).filter_map(|shift| equal(a.0.get(shift..)?, &b.0));
    let backwards = (1..=FARTHEST).filter_map(|shift| equal(&a.0, b.0.get(shift..)?));
    forwards.chain(backwards).fold(0.0, f32::max)
}

/// The share of equal bits of two prints from their beginnings on.
#[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
fn equal(a: &[u32], b: &[u32]) -> Option<f32> {
    let length = a.len().min(b.len());
    if length < LEAST {
        return None;
    }
    let different: u32 = a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum();
    Some((1.0 - f64::from(different) / (32.0 * real_length(length))) as f32)
}

#[cfg(test)]
mod tests {
    use super::{AcousticPrint, SAME_RECORDING, similarity};
    use crate::music::audio::tests::support::{analysis, wav};
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    const RATE: u32 = 22_050;

    /// Chords that change twice a second, in an order that a seed decides.
    fn song(seed: u32, seconds: u32) -> Vec<[f64; 2]> {
        let note = |at: u32| {
            let turn = (at / (RATE / 2)).wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503));
            110.0 * 2.0_f64.powf(f64::from((turn >> 16) % 24) / 12.0)
        };
        let value = |at: u32| {
            let time = f64::from(at) / f64::from(RATE);
            [1.0, 1.5, 2.0, 3.0].iter().map(|part| (TAU * note(at) * part * time).sin() / part).sum::<f64>()
                * 0.1
        };
        (0..seconds * RATE).map(|at| [value(at); 2]).collect()
    }

    fn print(bits: u16, frames: &[[f64; 2]]) -> AcousticPrint {
        analysis(&wav(RATE, bits, frames)).expect("audio").print
    }

    #[test]
    fn a_recording_is_known_again_louder_coarser_and_later() {
        let frames = song(1, 20);
        let whole = print(24, &frames);
        let louder: Vec<_> = frames.iter().map(|frame| frame.map(|sample| sample * 2.0)).collect();
        let coarser: Vec<_> =
            frames.iter().map(|frame| frame.map(|sample| (sample * 256.0).round() / 256.0)).collect();
        let later: Vec<_> = std::iter::repeat_n([0.0; 2], RATE as usize * 3).chain(frames).collect();
        for (how, other) in [("louder", louder), ("coarser", coarser), ("later", later)] {
            let alike = similarity(&whole, &print(16, &other));
            assert!(alike >= SAME_RECORDING, "{how}: {alike}");
        }
    }

    #[test]
    fn another_recording_is_not() {
        let alike = similarity(&print(16, &song(1, 20)), &print(16, &song(2, 20)));
        assert!(alike < SAME_RECORDING - 0.1, "{alike}");
    }

    #[test]
    fn what_is_too_short_is_like_nothing() {
        let print = AcousticPrint::from(vec![7; 10]);
        assert!(similarity(&print, &print) == 0.0);
    }

    proptest! {
        #[test]
        fn each_is_itself_and_order_does_not_matter(
            a in prop::collection::vec(any::<u32>(), 32..200),
            b in prop::collection::vec(any::<u32>(), 0..200),
        ) {
            let (a, b) = (AcousticPrint::from(a), AcousticPrint::from(b));
            prop_assert!((similarity(&a, &a) - 1.0).abs() < 1e-6);
            prop_assert!((similarity(&a, &b) - similarity(&b, &a)).abs() < 1e-6);
        }
    }
}
