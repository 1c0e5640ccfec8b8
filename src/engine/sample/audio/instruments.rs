//! Oscillators, envelopes and drums, and the stereo mix into which they play.

use super::super::portable::{exp, rounded, sine};
use super::super::random::Random;

/// Frames for each second.
pub(super) const SAMPLE_RATE: u32 = 44_100;
/// Entries of a wave table; a power of two, so that a phase of 32 bits finds its entry by a shift.
const TABLE_LENGTH: u32 = 1 << TABLE_BITS;
const TABLE_BITS: u32 = 11;
/// The loudest sample after mixing: about -3 dB.
const PEAK: f32 = 0.7;
/// Seconds over which the end fades out.
const FADE: f64 = 0.4;

/// A kind of tone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sound {
    /// Soft, for chords: five overtones that fall with their square.
    Pad,
    /// Round, for the bass: three overtones.
    Bass,
    /// Clear, for melodies: two far overtones.
    Bell,
}

impl Sound {
    /// The strength of each multiple of the base frequency, from 1.
    fn partials(self) -> &'static [f64] {
        match self {
            Sound::Pad => &[1.0, 0.25, 0.11, 0.06, 0.04],
            Sound::Bass => &[1.0, 0.45, 0.2],
            Sound::Bell => &[1.0, 0.0, 0.0, 0.3, 0.0, 0.0, 0.12],
        }
    }
}

/// A stereo mix: frames of left and right, each between -1 and 1 when finished.
pub(super) struct Mix {
    /// Left and right.
    pub(super) frames: Vec<[f32; 2]>,
    tables: [Vec<f32>; 3],
    noise: Random,
}

/// The gain of each side for a place between -1 (left) and 1 (right).
fn sides(pan: f64) -> [f32; 2] {
    [gain(0.5 - pan / 2.0), gain(0.5 + pan / 2.0)]
}

/// A gain calculated in f64, as the mix uses it.
#[expect(clippy::cast_possible_truncation, reason = "24 bits are more than the 16 that are written")]
fn gain(value: f64) -> f32 {
    value as f32
}

/// The frame at a time in seconds.
fn frame(seconds: f64) -> usize {
    usize::try_from(rounded(seconds * f64::from(SAMPLE_RATE))).unwrap_or_default()
}

/// The factor that halves a level within so many seconds, applied frame after frame.
fn halving(seconds: f64) -> f32 {
    gain(exp(-std::f64::consts::LN_2 / (seconds * f64::from(SAMPLE_RATE))))
}

/// How far the phase moves in a frame, where a whole turn is 2³²: equal temperament, 69 is 440 Hz.
fn phase_step(note: u8) -> u32 {
    let hertz = 440.0 * exp((f64::from(note) - 69.0) / 12.0 * std::f64::consts::LN_2);
    u32::try_from(rounded(hertz / f64::from(SAMPLE_RATE) * 4_294_967_296.0)).unwrap_or_default()
}

fn table(sound: Sound) -> Vec<f32> {
    let partials = sound.partials();
    let total: f64 = partials.iter().sum();
    let value = |entry: u32| {
        let turns = f64::from(entry) / f64::from(TABLE_LENGTH);
        let waves =
            partials.iter().zip(1..).map(|(strength, multiple)| strength * sine(turns * f64::from(multiple)));
        gain(waves.sum::<f64>() / total)
    };
    (0..TABLE_LENGTH).map(value).collect()
}

impl Mix {
    /// Silence of this length.
    pub(super) fn new(seconds: f64) -> Self {
        Self {
            frames: vec![[0.0; 2]; frame(seconds)],
            tables: [Sound::Pad, Sound::Bass, Sound::Bell].map(table),
            noise: Random::new(0, "noise of drums"),
        }
    }

    /// Adds a note: it rises in a line, falls by halves, and ends after `length` seconds.
    #[expect(
        clippy::too_many_arguments,
        reason = "a note has as many sides; each call is one line of a score"
    )]
    pub(super) fn note(
        &mut self,
        sound: Sound,
        note: u8,
        start: f64,
        length: f64,
        strength: f64,
        pan: f64,
        (rise, half_life): (f64, f64),
    ) {
        let table = &self.tables[sound as usize];
        let [left, right] = sides(pan);
        let (step, decay, rise_step) =
            (phase_step(note), halving(half_life), gain(1.0 / (rise * f64::from(SAMPLE_RATE))));
        let (mut phase, mut risen, mut level) = (0_u32, 0.0_f32, gain(strength));
        let (from, to) = (frame(start), frame(start + length).min(self.frames.len()));
        let release = frame(0.02);
        for (index, place) in self.frames[from.min(to)..to].iter_mut().enumerate() {
            let left_over = to - from - index;
            if risen < 1.0 {
                risen = (risen + rise_step).min(1.0);
            } else {
                level *= decay;
            }
            let mut value = table[(phase >> (32 - TABLE_BITS)) as usize] * level * risen;
            if left_over < release {
                value *= gain(
                    f64::from(u32::try_from(left_over).unwrap_or_default())
                        / f64::from(u32::try_from(release).unwrap_or(1)),
                );
            }
            place[0] += value * left;
            place[1] += value * right;
            phase = phase.wrapping_add(step);
        }
    }

    /// A bass drum: a sine that falls from 150 to 45 Hz.
    pub(super) fn kick(&mut self, start: f64) {
        let (mut turns, mut hertz, mut level) = (0.0, 150.0, 0.55_f32);
        let (fall, decay) = (f64::from(halving(0.02)), halving(0.07));
        self.drum(start, 0.3, |_| {
            turns += hertz / f64::from(SAMPLE_RATE);
            hertz = 45.0 + (hertz - 45.0) * fall;
            level *= decay;
            let value = gain(sine(turns)) * level;
            [value, value]
        });
    }

    /// A snare: noise that falls fast, a little to the left.
    pub(super) fn snare(&mut self, start: f64) {
        let (mut level, decay) = (0.2_f32, halving(0.035));
        self.drum(start, 0.18, |noise| {
            level *= decay;
            [noise * level, noise * level * 0.8]
        });
    }

    /// A closed hi-hat: the highest part of noise, a little to the right.
    pub(super) fn hat(&mut self, start: f64) {
        let (mut level, decay, mut before) = (0.09_f32, halving(0.012), 0.0);
        self.drum(start, 0.07, |noise| {
            level *= decay;
            let value = (noise - before) * level;
            before = noise;
            [value * 0.75, value]
        });
    }

    /// Adds what `next` gives for each frame; it is handed white noise.
    fn drum(&mut self, start: f64, length: f64, mut next: impl FnMut(f32) -> [f32; 2]) {
        let (from, to) = (frame(start), frame(start + length).min(self.frames.len()));
        for place in &mut self.frames[from.min(to)..to] {
            let [left, right] = next(gain(self.noise.between(-1.0, 1.0)));
            place[0] += left;
            place[1] += right;
        }
    }

    /// Takes out what drums leave of a constant level, fades the end out and brings the loudest sample to
    /// [`PEAK`].
    pub(super) fn finish(&mut self) {
        let count = f64::from(u32::try_from(self.frames.len().max(1)).unwrap_or(u32::MAX));
        for side in [0, 1] {
            let sum: f64 = self.frames.iter().map(|place| f64::from(place[side])).sum();
            let constant = gain(sum / count);
            self.frames.iter_mut().for_each(|place| place[side] -= constant);
        }
        let fade = frame(FADE);
        let step = 1.0 / f64::from(u32::try_from(fade).unwrap_or(1));
        for (place, count) in self.frames.iter_mut().rev().take(fade).zip(0_u32..) {
            let level = gain(f64::from(count) * step);
            *place = [place[0] * level, place[1] * level];
        }
        let loudest = self.frames.iter().flatten().fold(0.0_f32, |loudest, value| loudest.max(value.abs()));
        if loudest > 0.0 {
            let factor = PEAK / loudest;
            for place in &mut self.frames {
                *place = [place[0] * factor, place[1] * factor];
            }
        }
    }
}
