//! Key: pitch classes of spectral peaks, compared with the profiles of Temperley (1999).

use super::mixdown::Transform;
use super::time::{count, real, real_length};

/// Samples of a window at about half the usual rates.
const LENGTH: usize = 8192;
/// Samples a second to which recordings are thinned, about.
const RATE: u32 = 22_050;
/// Pitches that are listened to, in Hz.
const LOWEST: f64 = 80.0;
const HIGHEST: f64 = 2500.0;
/// A peak may be a harmonic of a lower pitch: each further one weighs so much.
const HARMONICS: [(f64, f64); 3] = [(1.0, 1.0), (2.0, 0.6), (3.0, 0.36)];
/// A peak counts from this share of the power of the loudest of its window on: below are noise and drums.
const FAINTEST: f32 = 1e-3;
/// Seconds from which on a key is told.
const SHORTEST: f64 = 3.0;

/// How well each step above the tonic fits ("What's Key for Key?", Music Perception 17). Flatter than profiles that
/// were counted in scores, as are the pitch classes of recordings.
const MAJOR: [f64; 12] = [5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0];
const MINOR: [f64; 12] = [5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0];
const NAMES: [&str; 12] =
    ["C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"];

/// A key.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// For instance `E flat minor`.
    pub name: String,
    /// From 0 to 1: how much better it fits than the next best.
    pub confidence: f64,
}

pub(super) struct KeyFinder {
    transform: Transform,
    /// Samples of which one is made.
    thinning: usize,
    rate: f64,
    waiting: Vec<f32>,
    thinned: Vec<f32>,
    classes: [f64; 12],
    windows: u64,
}

impl KeyFinder {
    pub(super) fn new(rate: u32) -> Self {
        let thinning = ((rate + RATE / 2) / RATE).max(1);
        Self {
            transform: Transform::new(LENGTH, LENGTH / 2),
            thinning: usize::try_from(thinning).unwrap_or(1),
            rate: f64::from(rate) / f64::from(thinning),
            waiting: Vec::new(),
            thinned: Vec::new(),
            classes: [0.0; 12],
            windows: 0,
        }
    }

    pub(super) fn feed(&mut self, mono: &[f32]) {
        self.waiting.extend_from_slice(mono);
        let whole = self.waiting.len() / self.thinning * self.thinning;
        self.thinned.clear();
        self.thinned
            .extend(self.waiting[..whole].chunks_exact(self.thinning).map(|few| few.iter().sum::<f32>()));
        self.waiting.drain(..whole);
        let (rate, classes, windows) = (self.rate, &mut self.classes, &mut self.windows);
        self.transform.feed(&self.thinned, |powers| {
            let heard = classes_of(powers, rate);
            let most = heard.iter().copied().fold(0.0, f64::max);
            if most > 0.0 {
                *windows += 1;
                classes.iter_mut().zip(heard).for_each(|(sum, class)| *sum += class / most);
            }
        });
    }

    pub(super) fn finish(self) -> Option<Key> {
        if real(self.windows) * real_length(LENGTH / 2) / self.rate < SHORTEST {
            return None;
        }
        let mut fits: Vec<(f64, String)> = (0..12)
            .flat_map(|tonic| {
                [(&MAJOR, "major"), (&MINOR, "minor")].map(|(profile, mode)| {
                    (correlation(&self.classes, profile, tonic), format!("{} {mode}", NAMES[tonic]))
                })
            })
            .collect();
        fits.sort_by(|a, b| b.0.total_cmp(&a.0));
        let [(best, name), (second, _), ..] = fits.as_slice() else { return None };
        let confidence = (best.max(0.0) * ((best - second) / 0.2).min(1.0)).clamp(0.0, 1.0);
        (best.is_finite() && *best > 0.0).then(|| Key { name: name.clone(), confidence })
    }
}

/// How strong each pitch class is in a window.
fn classes_of(powers: &[f32], rate: f64) -> [f64; 12] {
    let bin = rate / real_length(LENGTH);
    let mut classes = [0.0; 12];
    let loudest = powers.iter().copied().fold(0.0_f32, f32::max);
    for (at, peak) in powers.windows(3).enumerate() {
        let [before, top, after] = [f64::from(peak[0]), f64::from(peak[1]), f64::from(peak[2])];
        if top <= before || top < after || peak[1] < loudest * FAINTEST {
            continue;
        }
        let [a, b, c] = [before.max(1e-30).ln(), top.ln(), after.max(1e-30).ln()];
        let shift = ((a - c) / (2.0 * (a - 2.0 * b + c))).clamp(-0.5, 0.5);
        let frequency = (real(count(at + 1)) + shift) * bin;
        if (LOWEST..=HIGHEST).contains(&frequency) {
            // Between amplitude and power: of both and this, it comes nearest to the lengths of the notes played.
            add(&mut classes, frequency, top.powf(0.75));
        }
    }
    classes
}

/// Adds a peak to the classes of the pitches whose harmonic it may be.
fn add(classes: &mut [f64; 12], frequency: f64, strength: f64) {
    for (harmonic, weight) in HARMONICS {
        let pitch = 69.0 + 12.0 * (frequency / harmonic / 440.0).log2();
        let nearest = pitch.round();
        // cos² of the distance: 1 at the pitch, 0 half way to the next.
        let near = (std::f64::consts::PI * (pitch - nearest)).cos().powi(2);
        if let Some(class) = classes.get_mut(class_of(nearest)) {
            *class += strength * weight * near;
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 11")]
fn class_of(pitch: f64) -> usize {
    pitch.rem_euclid(12.0) as usize
}

/// Pearson's correlation of the classes, seen from a tonic, with a profile.
fn correlation(classes: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let seen: Vec<f64> = (0..12).map(|step| classes[(tonic + step) % 12]).collect();
    let (mean, other) = (seen.iter().sum::<f64>() / 12.0, profile.iter().sum::<f64>() / 12.0);
    let product: f64 = seen.iter().zip(profile).map(|(a, b)| (a - mean) * (b - other)).sum();
    let squares = |values: &[f64], mean: f64| values.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
    product / (squares(&seen, mean) * squares(profile, other)).sqrt().max(1e-12)
}
