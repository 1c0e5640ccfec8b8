//! The signals of EBU Tech 3341 and 3342, synthesised, within the standards' tolerances.

use super::support::tone;
use crate::music::audio::Loudness;
use crate::music::audio::decode::Block;
use crate::music::audio::loudness::{LoudnessCurve, LoudnessMeter};

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
                [amplitude * fade * (std::f64::consts::TAU * turn).sin(); 2]
            })
            .collect();
        let peak = heard(&frames).true_peak.expect("a peak");
        assert!((expected - 0.4..=expected + 0.2).contains(&peak), "{peak} instead of {expected}");
    }
}

#[test]
fn silence_has_no_loudness() {
    assert_eq!(heard(&vec![[0.0; 2]; 192_000]), Loudness::default());
}
