//! Levels of channels and how they go together: DC, silent channels, dual mono, phase, abrupt ends, padded bits.

use super::decode::Block;
use super::time::{Places, Span, count, frames, real};
use std::collections::VecDeque;

/// Seconds of a window in which the correlation is measured.
const WINDOW: f64 = 0.1;
/// Seconds at the start and the end that are looked at.
const EDGE: f64 = 0.005;
/// The correlation below which channels work against each other.
const OPPOSED: f64 = -0.3;
/// Seconds of that which are noticed.
const OPPOSED_SECONDS: f64 = 5.0;
/// -60 dBFS: what is quieter has no phase.
const QUIET: f64 = 0.001;
/// The smallest step of 16 bits: channels that differ by no more are the same.
const SAME: f32 = 1.0 / 32_768.0;

/// Levels of a recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Levels {
    /// The mean of each channel, as a share of full scale.
    pub dc: Vec<f64>,
    /// The peak of each channel, from 0 to 1.
    pub peaks: Vec<f64>,
    /// Whether both channels of a stereo recording are the same.
    pub is_dual_mono: bool,
    /// The correlation of both channels, from -1 to 1; none where there are not two, or one is silent.
    pub correlation: Option<f64>,
    /// What is lost when both channels are mixed to one, in dB; none where there are not two, or all is silent.
    pub mono_loss: Option<f64>,
    /// Where both channels work against each other for more than 5 s.
    pub opposed: Places,
    /// The level of the first 5 ms and of the last, as a share of full scale.
    pub edges: (f64, f64),
    /// Every bit that any sample has set, of 24.
    pub used_bits: u32,
}

/// Sums over a stretch of two channels.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    left: f64,
    right: f64,
    both: f64,
    frames: u64,
}

impl Sums {
    fn add(&mut self, left: &[f32], right: &[f32]) {
        self.left += sum_of(left, left, |left, again| left * again);
        self.right += sum_of(right, right, |right, again| right * again);
        self.both += sum_of(left, right, |left, right| left * right);
        self.frames += count(left.len());
    }

    fn join(&mut self, other: Sums) {
        self.left += other.left;
        self.right += other.right;
        self.both += other.both;
        self.frames += other.frames;
    }

    /// None where one of the channels is quiet.
    fn correlation(self) -> Option<f64> {
        let least = QUIET * QUIET * real(self.frames);
        (self.left > least && self.right > least).then(|| self.both / (self.left * self.right).sqrt())
    }

    fn mono_loss(self) -> Option<f64> {
        let stereo = f64::midpoint(self.left, self.right);
        let mono = (self.left + self.right + 2.0 * self.both) / 4.0;
        (stereo > QUIET * QUIET * real(self.frames))
            .then(|| (10.0 * (stereo / mono.max(stereo * 1e-12)).log10()).max(0.0))
    }
}

/// Measures levels.
pub(super) struct LevelMeter {
    sums: Vec<f64>,
    peaks: Vec<f32>,
    at: u64,
    window: u64,
    longest: u64,
    edge: usize,
    present: Sums,
    whole: Sums,
    differs: bool,
    /// Where the channels began to work against each other.
    opposed_since: Option<u64>,
    opposed: Places,
    first: Vec<f64>,
    last: VecDeque<f64>,
    used_bits: u32,
}

impl LevelMeter {
    pub(super) fn new(channels: u16, rate: u32) -> Self {
        let edge = usize::try_from(frames(EDGE, rate)).unwrap_or(0).max(1);
        Self {
            sums: vec![0.0; usize::from(channels)],
            peaks: vec![0.0; usize::from(channels)],
            at: 0,
            window: frames(WINDOW, rate).max(1),
            longest: frames(OPPOSED_SECONDS, rate),
            edge,
            present: Sums::default(),
            whole: Sums::default(),
            differs: false,
            opposed_since: None,
            opposed: Places::default(),
            first: Vec::with_capacity(edge),
            last: VecDeque::with_capacity(edge + 1),
            used_bits: 0,
        }
    }

    pub(super) fn feed(&mut self, block: &Block) {
        for ((sum, peak), samples) in self.sums.iter_mut().zip(&mut self.peaks).zip(&block.channels) {
            *sum += sum_of(samples, samples, |sample, _| sample);
            *peak = peak_of(samples).max(*peak);
            self.used_bits |= samples.iter().fold(0, |bits, sample| bits | bits_of(*sample));
        }
        self.feed_edges(block);
        if let [left, right] = block.channels.as_slice() {
            self.feed_stereo(left, right);
        } else {
            self.at += count(block.frames());
        }
    }

    fn feed_stereo(&mut self, mut left: &[f32], mut right: &[f32]) {
        while !left.is_empty() {
            let missing = usize::try_from(self.window - self.present.frames).unwrap_or(usize::MAX);
            let (part_of_left, rest_of_left) = left.split_at(left.len().min(missing));
            let (part_of_right, rest_of_right) = right.split_at(part_of_left.len().min(right.len()));
            (left, right) = (rest_of_left, rest_of_right);
            self.differs |= part_of_left
                .iter()
                .zip(part_of_right)
                .fold(false, |differs, (left, right)| differs | ((left - right).abs() > SAME));
            self.present.add(part_of_left, part_of_right);
            self.at += count(part_of_left.len());
            if self.present.frames == self.window {
                self.end_window();
            }
        }
    }

    fn feed_edges(&mut self, block: &Block) {
        let frames = block.frames();
        let energy = |frame: usize| {
            block.channels.iter().map(|channel| f64::from(channel[frame]).powi(2)).fold(0.0, f64::max)
        };
        let missing = (self.edge - self.first.len()).min(frames);
        self.first.extend((0..missing).map(energy));
        for frame in frames.saturating_sub(self.edge)..frames {
            if self.last.len() == self.edge {
                self.last.pop_front();
            }
            self.last.push_back(energy(frame));
        }
    }

    fn end_window(&mut self) {
        let window = std::mem::take(&mut self.present);
        self.whole.join(window);
        let is_opposed = window.correlation().is_some_and(|correlation| correlation < OPPOSED);
        match self.opposed_since {
            None if is_opposed => self.opposed_since = Some(self.at - window.frames),
            Some(from) if !is_opposed => self.end_opposed(Span { from, to: self.at - window.frames }),
            _ => {}
        }
    }

    fn end_opposed(&mut self, span: Span) {
        self.opposed_since = None;
        if span.frames() > self.longest {
            self.opposed.add(span);
        }
    }

    pub(super) fn finish(mut self) -> Levels {
        self.whole.join(self.present);
        if let Some(from) = self.opposed_since {
            self.end_opposed(Span { from, to: self.at });
        }
        let is_stereo = self.sums.len() == 2;
        let frames = real(self.at.max(1));
        Levels {
            dc: self.sums.iter().map(|sum| sum / frames).collect(),
            peaks: self.peaks.iter().map(|peak| f64::from(*peak)).collect(),
            is_dual_mono: is_stereo && self.at > 0 && !self.differs,
            correlation: self.whole.correlation().filter(|_| is_stereo),
            mono_loss: self.whole.mono_loss().filter(|_| is_stereo),
            opposed: self.opposed,
            edges: (level(self.first.iter()), level(self.last.iter())),
            used_bits: self.used_bits,
        }
    }
}

/// The root of the mean of energies.
fn level<'a>(energies: impl ExactSizeIterator<Item = &'a f64>) -> f64 {
    let length = real(count(energies.len().max(1)));
    (energies.sum::<f64>() / length).sqrt()
}

/// The sum of what is made of each pair. Eight sums side by side, which a processor adds at once; one alone it has to
/// wait for at each step.
fn sum_of(left: &[f32], right: &[f32], each: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0_f64; 8];
    let (lefts, rights) = (left.chunks_exact(sums.len()), right.chunks_exact(sums.len()));
    let rest = lefts.remainder().iter().zip(rights.remainder());
    let rest: f64 = rest.map(|(left, right)| each(f64::from(*left), f64::from(*right))).sum();
    for (left, right) in lefts.zip(rights) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += each(f64::from(*left), f64::from(*right));
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The highest level, side by side as well.
fn peak_of(samples: &[f32]) -> f32 {
    let mut peaks = [0.0_f32; 8];
    let eights = samples.chunks_exact(peaks.len());
    let rest = eights.remainder().iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    for eight in eights {
        for (peak, sample) in peaks.iter_mut().zip(eight) {
            *peak = peak.max(sample.abs());
        }
    }
    peaks.into_iter().fold(rest, f32::max)
}

/// The bits of a sample in 24, as two's complement.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "24 bits fit, and only the pattern counts"
)]
fn bits_of(sample: f32) -> u32 {
    ((sample * 8_388_608.0) as i32 as u32) & 0x00ff_ffff
}
