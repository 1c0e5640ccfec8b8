//! The signals of EBU Tech 3341 and 3342, synthesised, within the standards' tolerances. Left out: no. 7 and 8 of the
//! one and no. 5 and 6 of the other, which are programmes that the EBU has the rights in.

use super::support::tone;
use crate::music::audio::Loudness;
use crate::music::audio::decode::Block;
use crate::music::audio::loudness::{LoudnessCurve, LoudnessMeter};
use std::f64::consts::{PI, TAU};

const RATE: u32 = 48_000;

/// What comes before and after a tone.
const SILENCE: f64 = f64::NEG_INFINITY;

/// The loudness of two channels.
fn heard(frames: &[[f64; 2]]) -> Loudness {
    measured(frames).0
}

/// The loudness of two channels, as a whole and over time.
fn measured(frames: &[[f64; 2]]) -> (Loudness, LoudnessCurve) {
    let mut meter = LoudnessMeter::new(2, RATE).expect("a meter");
    for few in frames.chunks(4096) {
        #[expect(clippy::cast_possible_truncation, reason = "samples from -1 to 1")]
        let channel = |at: usize| few.iter().map(|frame| frame[at] as f32).collect();
        meter.feed(&Block { channels: vec![channel(0), channel(1)] }).expect("it is heard");
    }
    meter.finish().expect("a loudness")
}

/// Tones of 1 kHz one after another: level in dBFS and seconds.
fn tones(parts: &[(f64, f64)]) -> Vec<[f64; 2]> {
    parts.iter().flat_map(|(level, seconds)| tone(RATE, *seconds, 1000.0, *level)).collect()
}

fn loudness(parts: &[(f64, f64)]) -> Loudness {
    heard(&tones(parts))
}

fn near(value: Option<f64>, expected: f64, tolerance: f64) {
    let value = value.expect("a value");
    assert!((value - expected).abs() <= tolerance, "{value} instead of {expected} ± {tolerance}");
}

/// Tones of so many seconds, each 1 dB louder than the last, in segments of twice the length. Each begins `later`
/// in its segment than the last.
fn rising(length: f64, later: f64) -> Vec<(f64, f64)> {
    (0_u32..20)
        .map(|times| (f64::from(times) - 38.0, f64::from(times) * later))
        .flat_map(|(level, before)| [(SILENCE, before), (level, length), (SILENCE, length - before)])
        .collect()
}

/// The true peak is within the tolerance of Tech 3341.
fn peaks_at(frames: &[[f64; 2]], expected: f64) {
    let peak = heard(frames).true_peak.expect("a peak");
    assert!((expected - 0.4..=expected + 0.2).contains(&peak), "{peak} instead of {expected}");
}

#[test]
fn integrated_loudness_of_tech_3341() {
    near(loudness(&[(-23.0, 20.0)]).integrated, -23.0, 0.1);
    near(loudness(&[(-33.0, 20.0)]).integrated, -33.0, 0.1);
    near(loudness(&[(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]).integrated, -23.0, 0.1);
    let gated = [(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)];
    near(loudness(&gated).integrated, -23.0, 0.1);
    near(loudness(&[(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]).integrated, -23.0, 0.1);
}

#[test]
fn integrated_loudness_of_five_channels() {
    // No. 6: left, right, centre, and both surrounds, which count more.
    #[expect(clippy::cast_possible_truncation, reason = "samples from -1 to 1")]
    let channel = |level: f64| -> Vec<f32> {
        tone(RATE, 20.0, 1000.0, level).into_iter().map(|frame| frame[0] as f32).collect()
    };
    let channels = [-28.0, -28.0, -24.0, -30.0, -30.0].map(channel).to_vec();
    let mut meter = LoudnessMeter::new(5, RATE).expect("a meter");
    meter.feed(&Block { channels }).expect("it is heard");
    near(meter.finish().expect("a loudness").0.integrated, -23.0, 0.1);
}

#[test]
fn loudness_over_time_of_what_repeats_within_the_window_is_constant() {
    // No. 9 in 3 s, no. 12 in 400 ms.
    let short_term = measured(&tones(&[(-20.0, 1.34), (-30.0, 1.66)].repeat(5))).1.short_term;
    let momentary = measured(&tones(&[(-20.0, 0.18), (-30.0, 0.22)].repeat(25))).1.momentary;
    for (values, window) in [(short_term, 30), (momentary, 4)] {
        assert!(values.len() > window);
        for value in values.into_iter().skip(window - 1) {
            near(Some(value), -23.0, 0.1);
        }
    }
}

#[test]
fn short_term_loudness_of_three_seconds_wherever_they_begin() {
    // No. 10.
    for before in (0_u32..20).step_by(3).map(|times| 0.15 * f64::from(times)) {
        let found = loudness(&[(SILENCE, before), (-23.0, 3.0), (SILENCE, 1.0)]);
        near(found.short_term_max, -23.0, 0.1);
    }
}

#[test]
fn short_term_loudness_of_tones_that_become_louder() {
    // No. 11: the highest of each segment of 6 s, from one run.
    let short_term = measured(&tones(&rising(3.0, 0.15))).1.short_term;
    for (segment, expected) in short_term.chunks(60).zip(-38_i32..=-19) {
        near(segment.iter().copied().reduce(f64::max), expected.into(), 0.1);
    }
    assert_eq!(short_term.len().div_ceil(60), 20);
}

#[test]
fn momentary_loudness_of_400_ms_wherever_they_begin() {
    // No. 13.
    for before in (0_u32..20).map(|times| 0.02 * f64::from(times)) {
        let found = loudness(&[(SILENCE, before), (-23.0, 0.4), (SILENCE, 1.0)]);
        near(found.momentary_max, -23.0, 0.1);
    }
}

#[test]
fn momentary_loudness_of_tones_that_become_louder() {
    // No. 14, which is for meters that are looked at meanwhile: what is the highest so far, after some of the tones.
    let segments = rising(0.4, 0.02);
    for tone in (0..20).step_by(4) {
        near(loudness(&segments[..3 * tone + 3]).momentary_max, segments[3 * tone + 1].0, 0.1);
    }
}

#[test]
fn short_term_and_momentary_loudness_of_a_steady_tone() {
    let steady = loudness(&[(-23.0, 5.0)]);
    near(steady.short_term_max, -23.0, 0.1);
    near(steady.momentary_max, -23.0, 0.1);
}

#[test]
fn loudness_range_of_tech_3342() {
    near(loudness(&[(-20.0, 20.0), (-30.0, 20.0)]).range, 10.0, 1.0);
    near(loudness(&[(-20.0, 20.0), (-15.0, 20.0)]).range, 5.0, 1.0);
    near(loudness(&[(-40.0, 20.0), (-20.0, 20.0)]).range, 20.0, 1.0);
    let four = [(-50.0, 20.0), (-35.0, 20.0), (-20.0, 20.0), (-35.0, 20.0), (-50.0, 20.0)];
    near(loudness(&four).range, 15.0, 1.0);
}

#[test]
fn a_full_scale_sine_in_one_channel() {
    let mut frames = tone(RATE, 5.0, 997.0, 0.0);
    for frame in &mut frames {
        frame[1] = 0.0;
    }
    let found = heard(&frames);
    near(found.integrated, -3.01, 0.05);
    near(found.true_peak, 0.0, 0.2);
}

#[test]
fn true_peak_between_samples() {
    // No. 15 to 19: amplitude, samples of a period, and degrees by which the samples miss its peak.
    for (amplitude, period, degrees, expected) in [
        (0.5, 4.0, 0.0, -6.0),
        (0.5, 4.0, 45.0, -6.0),
        (0.5, 6.0, 60.0, -6.0),
        (0.5, 8.0, 67.5, -6.0),
        (1.41, 4.0, 45.0, 3.0),
    ] {
        let frames: Vec<[f64; 2]> = (0_u32..48_000)
            .map(|at| {
                let fade = (f64::from(at.min(47_999 - at)) / 4_800.0).min(1.0);
                let turn = f64::from(at) / period + degrees / 360.0;
                [amplitude * fade * (TAU * turn).sin(); 2]
            })
            .collect();
        peaks_at(&frames, expected);
    }
}

#[test]
fn true_peak_of_a_single_louder_period() {
    // No. 20 to 23.
    let finer = single_louder_period();
    for offset in 0..4 {
        let frames: Vec<[f64; 2]> = low_passed(&finer, offset).map(|sample| [sample; 2]).collect();
        peaks_at(&frames, 0.0);
    }
}

/// A sine of a sixth of the rate at half of full scale, in its middle a single period of a quarter of the rate at
/// full scale, and no jump of the phase around it; at four times the rate.
fn single_louder_period() -> Vec<f64> {
    let period = |amplitude: f64, samples: u32| {
        (0..samples).map(move |at| amplitude * (TAU * f64::from(at) / f64::from(samples)).sin())
    };
    let around = period(0.5, 24).cycle().take(4800);
    let mut all: Vec<f64> = around.clone().chain(period(1.0, 16)).chain(around).collect();
    let last = all.len() - 1;
    for (at, gain) in (0_u32..1920).map(|at| f64::from(at) / 1920.0).enumerate() {
        all[at] *= gain;
        all[last - at] *= gain;
    }
    all
}

/// Every fourth sample from `offset` on of what is left below 0.45 of the rate; the standard leaves the filter open.
fn low_passed(finer: &[f64], offset: usize) -> impl Iterator<Item = f64> {
    let taps: Vec<f64> = (-128_i32..=128)
        .map(|tap| {
            let blackman = 0.42
                + 0.5 * (PI * f64::from(tap) / 128.0).cos()
                + 0.08 * (TAU * f64::from(tap) / 128.0).cos();
            let angle = TAU * 0.45 / 4.0 * f64::from(tap);
            blackman * if tap == 0 { 0.225 } else { angle.sin() / (PI * f64::from(tap)) }
        })
        .collect();
    (offset..finer.len()).step_by(4).map(move |centre| {
        let near =
            (centre..).map(|at| at.checked_sub(128).and_then(|at| finer.get(at)).copied().unwrap_or(0.0));
        taps.iter().zip(near).map(|(tap, sample)| tap * sample).sum()
    })
}

#[test]
fn silence_has_no_loudness() {
    assert_eq!(heard(&vec![[0.0; 2]; 192_000]), Loudness::default());
}
