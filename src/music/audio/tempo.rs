//! Tempo: onsets from a log-band spectral flux, and the beat that explains them best.

use super::mixdown::Transform;
use super::time::real_length;

/// Samples of a window.
const LENGTH: usize = 2048;
/// Bands in which energy is compared.
const BANDS: usize = 24;
/// Onset values a second, about.
const VALUES_PER_SECOND: u32 = 100;
/// Slowest and fastest beat, in beats a minute.
const SLOWEST: f64 = 50.0;
const FASTEST: f64 = 220.0;
/// The tempo that most music is near, and how far around it most is, in octaves. Less would take two thirds of fast
/// tempos for theirs.
const USUAL: f64 = 115.0;
const SPREAD: f64 = 1.2;
/// Multiples of a beat's length that a comb looks at.
const TEETH: [usize; 4] = [1, 2, 3, 4];
/// Seconds from which on a tempo is told.
const SHORTEST: f64 = 6.0;

/// A tempo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tempo {
    /// Beats a minute.
    pub bpm: f64,
    /// From 0 to 1: how much better it explains the onsets than chance.
    pub confidence: f64,
}

pub(super) struct TempoFinder {
    transform: Transform,
    /// The first bin of each band, and the end of the last.
    borders: Vec<usize>,
    before: Vec<f64>,
    /// How much energy grew at each moment.
    onsets: Vec<f64>,
    per_second: f64,
}

impl TempoFinder {
    pub(super) fn new(rate: u32) -> Self {
        let hop = usize::try_from((rate / VALUES_PER_SECOND).max(1)).unwrap_or(1);
        let length = LENGTH.max(hop.next_power_of_two() * 2);
        Self {
            transform: Transform::new(length, hop),
            borders: borders(rate, length),
            before: Vec::new(),
            onsets: Vec::new(),
            per_second: f64::from(rate) / real_length(hop),
        }
    }

    pub(super) fn feed(&mut self, mono: &[f32]) {
        let (borders, before, onsets) = (&self.borders, &mut self.before, &mut self.onsets);
        self.transform.feed(mono, |powers| {
            let bands: Vec<f64> = borders
                .windows(2)
                .map(|pair| {
                    let energy: f64 = powers[pair[0]..pair[1]].iter().map(|power| f64::from(*power)).sum();
                    (1.0 + 1e6 * energy).ln()
                })
                .collect();
            let flux = bands.iter().zip(before.iter()).map(|(now, then)| (now - then).max(0.0)).sum();
            onsets.push(flux);
            *before = bands;
        });
    }

    pub(super) fn finish(self) -> Option<Tempo> {
        let onsets = without_trend(&self.onsets, self.per_second);
        if real_length(onsets.len()) < SHORTEST * self.per_second {
            return None;
        }
        let energy: f64 = onsets.iter().map(|value| value * value).sum();
        if energy <= 0.0 {
            return None;
        }
        let longest = whole(self.per_second * 60.0 / SLOWEST) + 1;
        let likeness: Vec<f64> = (0..=longest * 4).map(|lag| likeness(&onsets, lag) / energy).collect();
        let scores: Vec<(f64, f64)> =
            (1..=longest).filter_map(|lag| score(&likeness, lag, self.per_second)).collect();
        let (best, bpm) = scores.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best > 0.0).then(|| Tempo { bpm, confidence: (best / 2.0).clamp(0.0, 1.0) })
    }
}

/// The score of a beat of this many values, and its tempo.
fn score(likeness: &[f64], lag: usize, per_second: f64) -> Option<(f64, f64)> {
    let exact = refined(likeness, lag);
    let bpm = 60.0 * per_second / exact;
    if !(SLOWEST..=FASTEST).contains(&bpm) {
        return None;
    }
    let comb: f64 = TEETH
        .iter()
        .map(|tooth| {
            let near = (lag * tooth).saturating_sub(1)..=(lag * tooth + 1).min(likeness.len() - 1);
            likeness[near].iter().copied().fold(f64::MIN, f64::max) / real_length(*tooth).sqrt()
        })
        .sum();
    let octaves = (bpm / USUAL).log2() / SPREAD;
    Some((comb * (-0.5 * octaves * octaves).exp(), bpm))
}

/// The top of the parabola through a lag and its neighbours, where the lag is a peak.
fn refined(likeness: &[f64], lag: usize) -> f64 {
    let [before, at, after] = [lag - 1, lag, lag + 1].map(|at| likeness.get(at).copied().unwrap_or(0.0));
    let curve = before - 2.0 * at + after;
    let shift = if curve < 0.0 { ((before - after) / (2.0 * curve)).clamp(-0.5, 0.5) } else { 0.0 };
    real_length(lag) + shift
}

/// How alike onsets are to themselves this much later.
fn likeness(onsets: &[f64], lag: usize) -> f64 {
    let Some(later) = onsets.get(lag..) else { return 0.0 };
    later.iter().zip(onsets).map(|(later, now)| later * now).sum()
}

/// What stands out of the mean of the half second before and after.
fn without_trend(onsets: &[f64], per_second: f64) -> Vec<f64> {
    let around = whole(per_second / 2.0).max(1);
    let mut sums = Vec::with_capacity(onsets.len() + 1);
    sums.push(0.0);
    for value in onsets {
        sums.push(sums.last().copied().unwrap_or(0.0) + value);
    }
    onsets
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let (from, to) = (at.saturating_sub(around), (at + around).min(onsets.len()));
            (value - (sums[to] - sums[from]) / real_length((to - from).max(1))).max(0.0)
        })
        .collect()
}

/// Borders of bands that are evenly spaced in pitch from 30 Hz to 16 kHz, or to half the rate.
fn borders(rate: u32, length: usize) -> Vec<usize> {
    let highest = (f64::from(rate) / 2.0).min(16_000.0);
    let bin = f64::from(rate) / real_length(length);
    let mut borders: Vec<usize> = (0..=BANDS)
        .map(|band| whole(30.0 * (highest / 30.0).powf(real_length(band) / real_length(BANDS)) / bin))
        .map(|at| at.clamp(1, length / 2))
        .collect();
    borders.dedup();
    borders
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
fn whole(number: f64) -> usize {
    number.max(0.0).round() as usize
}
