//! Makes recordings: samples, and WAVs of them.

use crate::music::audio::{Analysis, AudioError, analyze};
use std::f64::consts::TAU;
use std::io::Cursor;

/// A sine for so many seconds at a level in dBFS, in two channels that are the same.
pub(crate) fn tone(rate: u32, seconds: f64, hertz: f64, level: f64) -> Vec<[f64; 2]> {
    let amplitude = 10.0_f64.powf(level / 20.0);
    let frames = crate::music::audio::frames(seconds, rate);
    (0..frames)
        .map(|at| {
            let at = f64::from(u32::try_from(at).expect("short"));
            [amplitude * (TAU * hertz * at / f64::from(rate)).sin(); 2]
        })
        .collect()
}

/// Noise that nobody would find anything wrong with: falling towards high pitches, two channels that have much
/// in common, faded at both ends. Always the same.
pub(crate) fn music(rate: u32, seconds: f64) -> Vec<[f64; 2]> {
    let frames = crate::music::audio::frames(seconds, rate);
    let mut state = 0x2545_f491_u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        f64::from(state) / f64::from(u32::MAX) - 0.5
    };
    let (mut left, mut right) = (0.0, 0.0);
    let fade = f64::from(rate) / 20.0;
    (0..frames)
        .map(|at| {
            let (common, own, other) = (noise(), noise(), noise());
            left = 0.7 * left + 0.3 * (common + 0.4 * own);
            right = 0.7 * right + 0.3 * (common + 0.4 * other);
            let near = f64::from(u32::try_from(at.min(frames - 1 - at)).expect("short"));
            let gain = (near / fade).min(1.0) * 0.7;
            [left * gain, right * gain]
        })
        .collect()
}

/// A WAV of PCM.
pub(crate) fn wav(rate: u32, bits: u16, frames: &[[f64; 2]]) -> Vec<u8> {
    let full = f64::from(1_u32 << (bits - 1));
    let mut data = Vec::new();
    for sample in frames.iter().flatten() {
        #[expect(clippy::cast_possible_truncation, reason = "within the range by the clamp")]
        let value = (sample * full).round().clamp(-full, full - 1.0) as i32;
        data.extend(&value.to_le_bytes()[..usize::from(bits / 8)]);
    }
    container(1, 2, rate, bits, &data)
}

/// A WAV with these bytes as its audio.
pub(crate) fn container(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let block = channels * (bits / 8);
    let length = u32::try_from(data.len()).expect("short");
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate.wrapping_mul(u32::from(block))).to_le_bytes());
    bytes.extend(block.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(data);
    bytes
}

pub(crate) fn analysis(bytes: &[u8]) -> Result<Analysis, AudioError> {
    analyze(&mut Cursor::new(bytes), |_, _| true)
}
