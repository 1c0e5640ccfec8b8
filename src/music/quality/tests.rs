//! For each rule a clean file that was damaged so: that rule fires, and no other.

use super::{Severity, Subject, check, profile};
use crate::music::audio::Tags;
use crate::music::audio::tests::support::{analysis, buzz, container, music, wav};
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

/// Short, so that the tests are; that it is short is what [`codes_but_length`] leaves out.
fn clean() -> Vec<[f64; 2]> {
    music(RATE, 3.0)
}

fn codes_but_length(bytes: &[u8]) -> BTreeSet<&'static str> {
    let mut codes = codes(bytes);
    assert!(codes.remove("S14"), "it is short");
    codes
}

/// A change of the clean recording, and the one code that it raises.
fn raises(code: &'static str, change: impl FnOnce(&mut Vec<[f64; 2]>)) {
    let mut frames = clean();
    change(&mut frames);
    assert_eq!(codes_but_length(&wav(RATE, 24, &frames)), BTreeSet::from([code]));
}

fn changed(code: &'static str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = wav(RATE, 24, &clean());
    change(&mut bytes);
    assert_eq!(codes_but_length(&bytes), BTreeSet::from([code]));
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
    assert_eq!(codes(&wav(44_100, 16, &music(44_100, 30.1))), BTreeSet::new());
    assert_eq!(codes_but_length(&wav(48_000, 24, &music(48_000, 3.0))), BTreeSet::new());
    assert_eq!(codes_but_length(&wav(96_000, 24, &music(96_000, 3.0))), BTreeSet::new());
}

#[test]
fn rules_about_the_file() {
    let frames = clean();
    let bytes = wav(RATE, 24, &frames);
    assert_eq!(codes_as(&bytes, "master.flac", "spotify"), BTreeSet::from(["A02", "S14"]));
    assert_eq!(codes_but_length(&wav(32_000, 24, &music(32_000, 3.0))), BTreeSet::from(["A04"]));
    assert_eq!(codes_but_length(&wav(50_000, 24, &music(50_000, 3.0))), BTreeSet::from(["A04"]));
    let mono: Vec<u8> = bytes[44..].chunks(6).flat_map(|frame| frame[..3].to_vec()).collect();
    let mono = &mono[..mono.len() / 2 * 2];
    assert_eq!(codes_but_length(&container(1, 1, RATE, 24, mono)), BTreeSet::from(["A06"]));
    let floats: Vec<u8> = frames.iter().flatten().flat_map(|sample| (*sample).to_le_bytes()).collect();
    assert_eq!(
        codes_as(&container(3, 2, RATE, 64, &floats), "a.wav", "distributor"),
        BTreeSet::from(["A05", "S14"])
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
    assert_eq!(codes_but_length(&bytes), BTreeSet::from(["A07"]));
    assert_eq!(codes_as(&bytes, "master.wav", "apple"), BTreeSet::from(["S14"]));
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
    assert_eq!(codes(&wav(RATE, 24, &music(RATE, 3.0))), BTreeSet::from(["S14"]));
}

#[test]
fn rules_about_levels() {
    raises("S03", |frames| frames[60_000..60_400].fill([0.0; 2]));
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
    clipped[70_000..70_010].fill([1.0, 1.0]);
    // Clipping brings a high true peak with it.
    assert_eq!(codes_but_length(&wav(RATE, 24, &clipped)), BTreeSet::from(["S04", "S05"]));
    raises("S05", |frames| frames[70_000] = [0.99, 0.99]);
}

#[test]
fn rules_about_where_it_comes_from() {
    let sixteen = wav(RATE, 16, &clean());
    let padded: Vec<u8> = sixteen[44..].chunks(2).flat_map(|sample| [0, sample[0], sample[1]]).collect();
    assert_eq!(codes_but_length(&container(1, 2, RATE, 24, &padded)), BTreeSet::from(["S12"]));
    let of_harmonics = |rate, highest| codes_but_length(&wav(rate, 24, &buzz(rate, 3.0, highest)));
    assert_eq!(of_harmonics(RATE, 22_000), BTreeSet::new());
    assert_eq!(of_harmonics(RATE, 16_000), BTreeSet::from(["S10"]));
    assert_eq!(of_harmonics(96_000, 47_000), BTreeSet::new());
    assert_eq!(of_harmonics(96_000, 22_000), BTreeSet::from(["S11"]));
}
