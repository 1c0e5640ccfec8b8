//! The signals of EBU Tech 3341 and 3342, synthesised, within the standards' tolerances.

use super::support::tone;
use crate::music::audio::Loudness;
use crate::music::audio::decode::Block;
use crate::music::audio::loudness::LoudnessMeter;

const RATE: u32 = 48_000;

/// The loudness of two channels.
fn heard(frames: &[[f64; 2]]) -> Loudness {
    let mut meter = LoudnessMeter::new(2, RATE).expect("a meter");
    for few in frames.chunks(4096) {
        #[expect(clippy::cast_possible_truncation, reason = "samples from -1 to 1")]
        let channel = |at: usize| few.iter().map(|frame| frame[at] as f32).collect();
        meter.feed(&Block { channels: vec![channel(0), channel(1)] }).expect("it is heard");
    }
    meter.finish().expect("a loudness").0
}

/// Tones of 1 kHz one after another: level in dBFS and seconds.
fn loudness(parts: &[(f64, f64)]) -> Loudness {
    let frames: Vec<[f64; 2]> =
        parts.iter().flat_map(|(level, seconds)| tone(RATE, *seconds, 1000.0, *level)).collect();
    heard(&frames)
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
    // A quarter of the rate, 45 degrees off: samples reach -3 dB of the peak (Tech 3341, no. 16).
    let frames: Vec<[f64; 2]> = (0_u32..96_000)
        .map(|at| {
            let angle = f64::from(at) * std::f64::consts::FRAC_PI_2 + std::f64::consts::FRAC_PI_4;
            [0.5 * angle.sin(); 2]
        })
        .collect();
    let peak = heard(&frames).true_peak.expect("a peak");
    assert!((-6.4..=-5.8).contains(&peak), "{peak}");
}

#[test]
fn silence_has_no_loudness() {
    assert_eq!(heard(&vec![[0.0; 2]; 192_000]), Loudness::default());
}
