//! For each rule a clean file that was damaged so: that rule fires, and no other.

use super::{Severity, Subject, check, profile};
use crate::music::audio::Tags;
use crate::music::audio::tests::support::{analysis, container, music, wav};
use crate::music::quality::RULES;
use std::collections::BTreeSet;

const RATE: u32 = 44_100;

/// The codes that weigh more than an information.
fn codes_as(bytes: &[u8], name: &str, store: &str) -> BTreeSet<&'static str> {
    let analysis = analysis(bytes).expect("audio");
    let tags = Tags::default();
    let subject = Subject { analysis: &analysis, tags: &tags, file_name: name, media_type: None };
    let findings = check(&subject, profile(store).expect("a profile"));
    findings
        .iter()
        .filter(|found| found.severity > Severity::Information)
        .map(|found| found.rule.code)
        .collect()
}

fn codes(bytes: &[u8]) -> BTreeSet<&'static str> {
    codes_as(bytes, "master.wav", "spotify")
}

fn clean() -> Vec<[f64; 2]> {
    music(RATE, 31.0)
}

/// A change of the clean recording, and the one code that it raises.
fn raises(code: &'static str, change: impl FnOnce(&mut Vec<[f64; 2]>)) {
    let mut frames = clean();
    change(&mut frames);
    assert_eq!(codes(&wav(RATE, 24, &frames)), BTreeSet::from([code]));
}

fn changed(code: &'static str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = wav(RATE, 24, &clean());
    change(&mut bytes);
    assert_eq!(codes(&bytes), BTreeSet::from([code]));
}

fn grow(bytes: &mut [u8], by: u32) {
    let size = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    bytes[4..8].copy_from_slice(&(size + by).to_le_bytes());
}

#[test]
fn codes_are_unique_and_in_order() {
    assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
}

#[test]
fn clean_files_raise_nothing() {
    for (rate, bits) in [(44_100, 16), (44_100, 24), (48_000, 24), (96_000, 24)] {
        let bytes = wav(rate, bits, &music(rate, 31.0));
        assert_eq!(codes(&bytes), BTreeSet::new(), "{rate} Hz, {bits} bits");
    }
}

#[test]
fn rules_about_the_file() {
    let frames = clean();
    let bytes = wav(RATE, 24, &frames);
    assert_eq!(codes_as(&bytes, "master.flac", "spotify"), BTreeSet::from(["A02"]));
    assert_eq!(codes(&wav(32_000, 24, &music(32_000, 31.0))), BTreeSet::from(["A04"]));
    assert_eq!(codes(&wav(50_000, 24, &music(50_000, 31.0))), BTreeSet::from(["A04"]));
    let mono: Vec<u8> = bytes[44..].chunks(6).flat_map(|frame| frame[..3].to_vec()).collect();
    let mono = &mono[..mono.len() / 2 * 2];
    assert_eq!(codes(&container(1, 1, RATE, 24, mono)), BTreeSet::from(["A06"]));
    let floats: Vec<u8> = frames.iter().flatten().flat_map(|sample| (*sample).to_le_bytes()).collect();
    assert_eq!(
        codes_as(&container(3, 2, RATE, 64, &floats), "a.wav", "distributor"),
        BTreeSet::from(["A05"])
    );
    changed("A08", |bytes| grow(bytes, 10));
    changed("A07", |bytes| {
        grow(bytes, 12);
        bytes.extend(b"junk\x04\0\0\0....");
    });
    changed("A09", |bytes| {
        grow(bytes, 12);
        bytes.splice(36..36, *b"LIST\x04\0\0\0INFO");
    });
}

#[test]
fn the_extensible_tag_is_refused_by_spotify_only() {
    let plain = wav(RATE, 24, &clean());
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(u32::try_from(plain.len() + 16).expect("short").to_le_bytes());
    bytes.extend(b"WAVEfmt \x28\0\0\0\xfe\xff");
    bytes.extend(&plain[22..36]);
    bytes.extend([22, 0, 24, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]);
    bytes.extend(&plain[36..]);
    assert_eq!(codes(&bytes), BTreeSet::from(["A07"]));
    assert_eq!(codes_as(&bytes, "master.wav", "apple"), BTreeSet::new());
}

#[test]
fn rules_about_silence_and_length() {
    let silence = |seconds: usize| vec![[0.0; 2]; seconds * RATE as usize];
    raises("S01", |frames| drop(frames.splice(0..0, silence(3))));
    raises("S01", |frames| frames.extend(silence(6)));
    raises("S01", |frames| frames.fill([0.0; 2]));
    raises("S02", |frames| {
        let more = frames.clone();
        frames.extend(silence(5));
        frames.extend(more);
    });
    assert_eq!(codes(&wav(RATE, 24, &music(RATE, 20.0))), BTreeSet::from(["S14"]));
}

#[test]
fn rules_about_levels() {
    raises("S03", |frames| frames[500_000..500_400].fill([0.0; 2]));
    raises("S07", |frames| {
        let fade = |near: usize| f64::from(u32::try_from(near.min(40_000)).expect("short")) / 40_000.0;
        let length = frames.len();
        for (at, frame) in frames.iter_mut().enumerate() {
            frame[0] += 0.005 * fade(at.min(length - 1 - at));
        }
    });
    raises("S08", |frames| frames.iter_mut().for_each(|frame| frame[1] = frame[0]));
    raises("S08", |frames| frames.iter_mut().for_each(|frame| frame[1] = 0.0));
    raises("S09", |frames| frames.iter_mut().for_each(|frame| frame[1] = -frame[1]));
    raises("S13", |frames| drop(frames.drain(..10_000)));
    let mut clipped = clean();
    clipped[600_000..600_010].fill([1.0, 1.0]);
    assert!(codes(&wav(RATE, 24, &clipped)).is_subset(&BTreeSet::from(["S04", "S05"])));
    assert!(codes(&wav(RATE, 24, &clipped)).contains("S04"), "clipping brings a high true peak with it");
    raises("S05", |frames| frames[600_000] = [0.99, 0.99]);
}

#[test]
fn rules_about_where_it_comes_from() {
    let sixteen = wav(RATE, 16, &clean());
    let padded: Vec<u8> = sixteen[44..].chunks(2).flat_map(|sample| [0, sample[0], sample[1]]).collect();
    assert_eq!(codes(&container(1, 2, RATE, 24, &padded)), BTreeSet::from(["S12"]));
    raises("S10", |frames| low_pass(frames, 16_000.0 / f64::from(RATE)));
    let mut upsampled = music(96_000, 31.0);
    low_pass(&mut upsampled, 21_800.0 / 96_000.0);
    assert_eq!(codes(&wav(96_000, 24, &upsampled)), BTreeSet::from(["S11"]));
}

/// A steep filter: a sinc of 255 points with Blackman's window, at a share of the rate, applied twice.
fn low_pass(frames: &mut Vec<[f64; 2]>, share: f64) {
    use std::f64::consts::PI;
    let taps: Vec<f64> = (-127_i32..=127)
        .map(|at| {
            let at = f64::from(at);
            let sinc = if at == 0.0 { 2.0 * share } else { (2.0 * PI * share * at).sin() / (PI * at) };
            let angle = PI * (at + 127.0) / 127.0;
            sinc * (0.42 - 0.5 * angle.cos() + 0.08 * (2.0 * angle).cos())
        })
        .collect();
    for _ in 0..2 {
        let padded: Vec<[f64; 2]> = std::iter::repeat_n([0.0; 2], 127)
            .chain(frames.iter().copied())
            .chain(std::iter::repeat_n([0.0; 2], 127))
            .collect();
        *frames = padded
            .windows(taps.len())
            .map(|window| {
                window
                    .iter()
                    .zip(&taps)
                    .fold([0.0; 2], |sum, (frame, tap)| [sum[0] + frame[0] * tap, sum[1] + frame[1] * tap])
            })
            .collect();
    }
}
