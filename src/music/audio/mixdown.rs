//! All channels as one, in frames of a fixed length for Fourier transforms.

use super::decode::Block;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::PI;
use std::sync::Arc;

/// The mean of all channels of each frame.
pub(super) fn mix(block: &Block, into: &mut Vec<f32>) {
    into.clear();
    into.resize(block.frames(), 0.0);
    let share = block.channels.iter().fold(0.0_f32, |count, _| count + 1.0).max(1.0).recip();
    for channel in &block.channels {
        for (sum, sample) in into.iter_mut().zip(channel) {
            *sum += sample * share;
        }
    }
}

/// Cuts a stream of samples into windows and transforms each.
pub(super) struct Transform {
    plan: Arc<dyn RealToComplex<f32>>,
    hann: Vec<f32>,
    hop: usize,
    waiting: Vec<f32>,
    windowed: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    powers: Vec<f32>,
}

impl Transform {
    pub(super) fn new(length: usize, hop: usize) -> Self {
        let plan = RealFftPlanner::new().plan_fft_forward(length);
        let spectrum = plan.make_output_vec();
        Self {
            hann: hann(length),
            hop,
            waiting: Vec::with_capacity(length * 2),
            windowed: plan.make_input_vec(),
            powers: vec![0.0; spectrum.len()],
            spectrum,
            plan,
        }
    }

    /// Takes samples, and gives the power of each bin for every window that they fill.
    pub(super) fn feed(&mut self, samples: &[f32], mut each: impl FnMut(&[f32])) {
        self.waiting.extend_from_slice(samples);
        let mut from = 0;
        while self.waiting.len() - from >= self.hann.len() {
            for ((out, sample), weight) in self.windowed.iter_mut().zip(&self.waiting[from..]).zip(&self.hann)
            {
                *out = sample * weight;
            }
            // Both lengths are those of the plan, so it never fails.
            if self.plan.process(&mut self.windowed, &mut self.spectrum).is_ok() {
                for (power, bin) in self.powers.iter_mut().zip(&self.spectrum) {
                    *power = bin.norm_sqr();
                }
                each(&self.powers);
            }
            from += self.hop;
        }
        self.waiting.drain(..from);
    }
}

/// A Hann window whose weights add up to 2, so that a sine of full scale has the power 1 in its bin.
#[expect(clippy::cast_possible_truncation, reason = "weights from 0 to 1")]
fn hann(length: usize) -> Vec<f32> {
    let whole = super::time::real_length(length);
    (0..length)
        .map(|at| {
            let angle = 2.0 * PI * super::time::real_length(at) / whole;
            ((1.0 - angle.cos()) / 2.0 * 4.0 / whole) as f32
        })
        .collect()
}
