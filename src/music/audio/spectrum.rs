//! The long-term spectrum: where it ends, and whether it ends as that of a lossy coding does.

use super::mixdown::Transform;
use super::time::{real, real_length};

/// Samples of a window.
const LENGTH: usize = 8192;
/// The width of a band, in Hz.
const BAND: f64 = 1000.0;
/// How far apart the borders of bands are that are compared, in Hz.
const STEP: f64 = 100.0;
/// Lossy codings cut between these borders, in Hz.
const LOWEST_CUT: f64 = 10_000.0;
/// Above this the filters of converters cut, too.
const HIGHEST_CUT: f64 = 20_500.0;
/// What recordings at the usual rates can hold at most, and a margin for filters, in Hz.
const UPSAMPLED_FROM: f64 = 23_000.0;

/// What the long-term spectrum shows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spectrum {
    /// The largest drop from one band of 1 kHz to the next between 10 and 20.5 kHz, in dB.
    pub step: Option<f64>,
    /// The border of these bands, in Hz.
    pub cut_off: Option<f64>,
    /// The level of all above 23 kHz, in dBFS; none where the rate has no such thing.
    pub above_23_khz: Option<f64>,
}

pub(super) struct SpectrumMeter {
    transform: Transform,
    rate: u32,
    sums: Vec<f64>,
    windows: u64,
}

impl SpectrumMeter {
    pub(super) fn new(rate: u32) -> Self {
        let transform = Transform::new(LENGTH, LENGTH);
        Self { transform, rate, sums: vec![0.0; LENGTH / 2 + 1], windows: 0 }
    }

    pub(super) fn feed(&mut self, mono: &[f32]) {
        let (sums, windows) = (&mut self.sums, &mut self.windows);
        self.transform.feed(mono, |powers| {
            *windows += 1;
            for (sum, power) in sums.iter_mut().zip(powers) {
                *sum += f64::from(*power);
            }
        });
    }

    pub(super) fn finish(self) -> Spectrum {
        if self.windows == 0 {
            return Spectrum::default();
        }
        let half = f64::from(self.rate) / 2.0;
        let (step, cut_off) = self.largest_step(half).unzip();
        let above_23_khz = (half > UPSAMPLED_FROM * 1.5).then(|| self.level(UPSAMPLED_FROM, half));
        Spectrum { step, cut_off, above_23_khz }
    }

    fn largest_step(&self, half: f64) -> Option<(f64, f64)> {
        let mut largest: Option<(f64, f64)> = None;
        let mut border = LOWEST_CUT;
        while border <= HIGHEST_CUT && border + BAND <= half {
            let drop = self.level(border - BAND, border) - self.level(border, border + BAND);
            if drop.is_finite() && largest.is_none_or(|(most, _)| drop > most) {
                largest = Some((drop, border));
            }
            border += STEP;
        }
        largest
    }

    /// The power between two frequencies in dBFS, and never less than -160.
    fn level(&self, from: f64, to: f64) -> f64 {
        let bin = f64::from(self.rate) / real_length(LENGTH);
        let within = |index: usize| (from..to).contains(&(real_length(index) * bin));
        let sum: f64 =
            self.sums.iter().enumerate().filter(|(index, _)| within(*index)).map(|(_, sum)| sum).sum();
        10.0 * (sum / real(self.windows)).max(1e-16).log10()
    }
}
