//! Loudness by ITU-R BS.1770 and EBU Tech 3341, loudness range by EBU Tech 3342, true peak.

use super::AudioError;
use super::decode::{Block, MOST_CHANNELS};
use super::time::real_length;
use ebur128::{EbuR128, Mode};
use std::collections::VecDeque;

/// Steps of 100 ms in the momentary window of 400 ms.
const MOMENTARY_STEPS: usize = 4;
/// Steps in the short-term window of 3 s.
const SHORT_TERM_STEPS: usize = 30;
/// Parts of a step, of 10 ms each. The highest momentary loudness is looked for at the end of each: at the ends of
/// steps only, a tone of 400 ms that begins between two reads up to half an LU too low (EBU Tech 3341, no. 13).
const PARTS: usize = 10;
/// Short-term values below this do not count for the range, in LUFS.
const ABSOLUTE_GATE: f64 = -70.0;
/// Nor do those that are so much below the mean of the others, in LU.
const RELATIVE_GATE: f64 = -20.0;

/// How loud a recording is. What is silent has no loudness.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Loudness {
    /// Integrated loudness, in LUFS.
    pub integrated: Option<f64>,
    /// Loudness range, in LU; none for what is shorter than 3 s or silent.
    pub range: Option<f64>,
    /// The highest true peak of all channels, in dBTP.
    pub true_peak: Option<f64>,
    /// The highest momentary loudness, in LUFS, looked for every 10 ms.
    pub momentary_max: Option<f64>,
    /// The highest short-term loudness, in LUFS.
    pub short_term_max: Option<f64>,
}

/// How loud a recording is over time: a value at the end of each 100 ms, in LUFS. Silence, and what is shorter than
/// the window so far, is negative infinity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LoudnessCurve {
    /// Momentary loudness, of the last 400 ms.
    pub momentary: Vec<f64>,
    /// Short-term loudness, of the last 3 s.
    pub short_term: Vec<f64>,
}

impl LoudnessCurve {
    /// The same with at most so many values: the highest of as many steps as are joined for each. How many steps
    /// that are is the second part.
    pub fn at_most(&self, values: usize) -> (Self, usize) {
        let steps = self.momentary.len().div_ceil(values.max(1)).max(1);
        let joined = |all: &[f64]| {
            all.chunks(steps).map(|part| part.iter().copied().fold(f64::NEG_INFINITY, f64::max)).collect()
        };
        (Self { momentary: joined(&self.momentary), short_term: joined(&self.short_term) }, steps)
    }
}

/// Listens to the blocks of a recording.
pub(super) struct LoudnessMeter {
    meter: EbuR128,
    /// Frames of 100 ms.
    step: usize,
    /// Frames of the present step that were heard.
    heard: usize,
    /// Parts of the present step that were heard to their ends.
    parts: usize,
    /// The energy of the last 400 ms, part by part.
    part_energies: VecDeque<f64>,
    /// The energy of the last 3 s, step by step.
    energies: VecDeque<f64>,
    /// Every value, ten a second: the library has one a second, which is fewer than EBU Tech 3342 asks for, and
    /// reads short music several LU too low.
    curve: LoudnessCurve,
    momentary_max: f64,
    short_term_max: f64,
}

impl LoudnessMeter {
    pub(super) fn new(channels: u16, rate: u32) -> Result<Self, AudioError> {
        let meter = EbuR128::new(channels.into(), rate, Mode::I | Mode::TRUE_PEAK).map_err(unmeasurable)?;
        let step = usize::try_from((rate + 5) / 10).unwrap_or(usize::MAX);
        Ok(Self {
            meter,
            step,
            heard: 0,
            parts: 0,
            part_energies: VecDeque::with_capacity(MOMENTARY_STEPS * PARTS),
            energies: VecDeque::with_capacity(SHORT_TERM_STEPS),
            curve: LoudnessCurve::default(),
            momentary_max: f64::NEG_INFINITY,
            short_term_max: f64::NEG_INFINITY,
        })
    }

    pub(super) fn feed(&mut self, block: &Block) -> Result<(), AudioError> {
        let mut from = 0;
        while from < block.frames() {
            let end = self.step * (self.parts + 1) / PARTS;
            let to = block.frames().min(from + end - self.heard);
            self.add(block, from, to)?;
            self.heard += to - from;
            if self.heard == end {
                self.end_part()?;
            }
            from = to;
        }
        Ok(())
    }

    fn add(&mut self, block: &Block, from: usize, to: usize) -> Result<(), AudioError> {
        let mut parts: [&[f32]; MOST_CHANNELS as usize] = [&[]; MOST_CHANNELS as usize];
        for (part, channel) in parts.iter_mut().zip(&block.channels) {
            *part = &channel[from..to];
        }
        self.meter.add_frames_planar_f32(&parts[..block.channels.len()]).map_err(unmeasurable)
    }

    fn end_part(&mut self) -> Result<(), AudioError> {
        let energy = self.energy_of_last(10)?;
        push(&mut self.part_energies, MOMENTARY_STEPS * PARTS, energy);
        let momentary = mean_of_last(&self.part_energies, MOMENTARY_STEPS * PARTS);
        self.momentary_max = self.momentary_max.max(momentary);
        self.parts += 1;
        if self.parts == PARTS {
            (self.heard, self.parts) = (0, 0);
            self.end_step()?;
        }
        Ok(())
    }

    fn end_step(&mut self) -> Result<(), AudioError> {
        let energy = self.energy_of_last(100)?;
        push(&mut self.energies, SHORT_TERM_STEPS, energy);
        let momentary = mean_of_last(&self.energies, MOMENTARY_STEPS);
        let short_term = mean_of_last(&self.energies, SHORT_TERM_STEPS);
        self.momentary_max = self.momentary_max.max(momentary);
        self.short_term_max = self.short_term_max.max(short_term);
        self.curve.momentary.push(momentary);
        self.curve.short_term.push(short_term);
        Ok(())
    }

    fn energy_of_last(&self, milliseconds: u32) -> Result<f64, AudioError> {
        Ok(energy(self.meter.loudness_window(milliseconds).map_err(unmeasurable)?))
    }

    pub(super) fn finish(self) -> Result<(Loudness, LoudnessCurve), AudioError> {
        let integrated = self.meter.loudness_global().map_err(unmeasurable)?;
        let mut peak = 0.0_f64;
        for channel in 0..self.meter.channels() {
            peak = peak.max(self.meter.true_peak(channel).map_err(unmeasurable)?);
        }
        let loudness = Loudness {
            integrated: finite(integrated),
            range: range(&self.curve.short_term),
            true_peak: finite(20.0 * peak.log10()),
            momentary_max: finite(self.momentary_max),
            short_term_max: finite(self.short_term_max),
        };
        Ok((loudness, self.curve))
    }
}

/// Adds the newest of at most so many energies.
fn push(energies: &mut VecDeque<f64>, most: usize, newest: f64) {
    if energies.len() == most {
        energies.pop_front();
    }
    energies.push_back(newest);
}

/// The loudness of the last so many energies; negative infinity while there are fewer.
fn mean_of_last(energies: &VecDeque<f64>, wanted: usize) -> f64 {
    match energies.len().checked_sub(wanted) {
        Some(skip) => loudness(energies.iter().skip(skip).sum::<f64>() / real_length(wanted)),
        None => f64::NEG_INFINITY,
    }
}

/// The range between the 10th and the 95th percentile of what passes both gates (EBU Tech 3342).
fn range(short_term: &[f64]) -> Option<f64> {
    let loud: Vec<f64> = short_term.iter().copied().filter(|value| *value >= ABSOLUTE_GATE).collect();
    if loud.is_empty() {
        return None;
    }
    let mean = loudness(loud.iter().map(|value| energy(*value)).sum::<f64>() / real_length(loud.len()));
    let mut counted: Vec<f64> = loud.into_iter().filter(|value| *value >= mean + RELATIVE_GATE).collect();
    counted.sort_by(f64::total_cmp);
    Some(percentile(&counted, 95) - percentile(&counted, 10))
}

/// The nearest value at a percentile of a sorted list that is not empty.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last * percent + 50) / 100).copied().unwrap_or(f64::NAN)
}

/// The mean square behind a loudness (BS.1770).
fn energy(loudness: f64) -> f64 {
    10.0_f64.powf((loudness + 0.691) / 10.0)
}

fn loudness(energy: f64) -> f64 {
    10.0 * energy.log10() - 0.691
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn unmeasurable(error: ebur128::Error) -> AudioError {
    let detail = format!("its loudness cannot be measured: {error}");
    AudioError::Header { kind: "audio", detail }
}

/// What a store that plays at `target` LUFS adds, in dB. It takes away what is too much; it adds only as much as
/// leaves 1 dB below full scale (Spotify; of other stores it is not certain that they add at all).
pub fn gain(loudness: &Loudness, target: f64) -> Option<f64> {
    let wanted = target - loudness.integrated?;
    if wanted <= 0.0 {
        return Some(wanted);
    }
    Some(wanted.min((-1.0 - loudness.true_peak?).max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_master_is_raised_only_as_far_as_its_peak_allows() {
        let of = |integrated, peak| Loudness {
            integrated: Some(integrated),
            true_peak: Some(peak),
            ..Loudness::default()
        };
        assert_eq!(gain(&of(-20.0, -5.0), -14.0), Some(4.0), "it plays at -16");
        assert_eq!(gain(&of(-8.0, 0.3), -14.0), Some(-6.0));
        assert_eq!(gain(&of(-16.0, -0.2), -14.0), Some(0.0));
        assert_eq!(gain(&Loudness::default(), -14.0), None);
    }

    #[test]
    fn a_curve_with_fewer_values_keeps_the_loudest() {
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        let curve = LoudnessCurve { momentary: values.clone(), short_term: values };
        let (fewer, steps) = curve.at_most(4);
        assert_eq!((fewer.momentary, steps), (vec![2.0, 5.0, 8.0, 9.0], 3));
        assert_eq!(curve.at_most(10), (curve.clone(), 1));
        assert_eq!(LoudnessCurve::default().at_most(4).1, 1);
    }

    #[test]
    fn percentiles_are_the_nearest_values() {
        let values: Vec<f64> = (0..101).map(f64::from).collect();
        assert!((percentile(&values, 95) - 95.0).abs() < 1e-9);
        assert!((percentile(&values, 10) - 10.0).abs() < 1e-9);
        assert!((percentile(&[3.0], 95) - 3.0).abs() < 1e-9);
    }
}
