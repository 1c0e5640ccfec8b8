//! What is measured besides loudness.

use super::support::{analysis, music, tone, wav};
use crate::music::audio::{AudioError, FINEST, draw};
use std::io::Cursor;

#[test]
fn a_clean_recording_has_nothing_to_tell() {
    let found = analysis(&wav(44_100, 24, &music(44_100, 3.0))).expect("audio");
    assert_eq!((found.damages.count, found.dropouts.count, found.clipping.count), (0, 0, 0));
    assert!(found.levels.correlation.is_some_and(|correlation| correlation > 0.5));
    assert!(found.levels.used_bits & 0xff != 0);
}

#[test]
fn left_and_right_are_drawn_each_for_itself() {
    let frames: Vec<[f64; 2]> = tone(44_100, 0.1, 440.0, -6.0).iter().map(|[left, _]| [*left, 0.0]).collect();
    let file = wav(44_100, 16, &frames);
    let found = analysis(&file).expect("audio");
    let [left, right] = found.sides.as_slice() else { panic!("two channels") };
    assert!(left.points.iter().any(|(_, high)| *high > 16_000));
    assert!(right.points.iter().all(|point| *point == (0, 0)));
    assert_eq!(left.points.len(), found.waveform.points.len());
    let alone = |channel: u32| {
        draw(&mut Cursor::new(file.clone()), FINEST, 10_000, 0.0..1.0, Some(channel), |_, _| true)
    };
    assert_eq!(&alone(1).expect("left"), left);
    assert_eq!(&alone(2).expect("right"), right);
    assert!(matches!(alone(3), Err(AudioError::NoChannel { wanted: 3, channels: 2 })));
    assert!(alone(0).is_err());
}

#[test]
fn tempo_of_a_click_at_120() {
    let mut frames = vec![[0.0; 2]; 44_100 * 10];
    for beat in 0..20 {
        let click = tone(44_100, 0.03, 1500.0, -6.0);
        frames[beat * 22_050..beat * 22_050 + click.len()].copy_from_slice(&click);
    }
    let tempo = analysis(&wav(44_100, 16, &frames)).expect("audio").tempo.expect("a tempo");
    assert!((tempo.bpm - 120.0).abs() < 2.0, "{tempo:?}");
}

#[test]
fn key_of_a_cadence_in_g_major() {
    // G, C, D and G as triads, a second each.
    let chords =
        [[196.0, 246.94, 293.66], [261.63, 329.63, 392.0], [293.66, 369.99, 440.0], [196.0, 246.94, 293.66]];
    let mut frames = Vec::new();
    for chord in chords {
        let tones = chord.map(|hertz| tone(44_100, 1.0, hertz, -18.0));
        frames.extend((0..tones[0].len()).map(|at| [tones.iter().map(|tone| tone[at][0]).sum::<f64>(); 2]));
    }
    let key = analysis(&wav(44_100, 16, &frames)).expect("audio").key.expect("a key");
    assert_eq!(key.name, "G major");
}
