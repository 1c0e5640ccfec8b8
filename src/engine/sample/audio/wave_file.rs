//! Writes a mix as a RIFF WAVE file: PCM, 16 bit, stereo, 44.1 kHz.

use super::instruments::{Mix, SAMPLE_RATE};

/// `wFormatTag` of plain PCM, the only one that every platform accepts.
const FORMAT_PCM: u16 = 1;
const CHANNELS: u16 = 2;
const BITS: u16 = 16;
/// Bytes of a frame: one sample for each channel.
const FRAME_BYTES: u16 = CHANNELS * BITS / 8;
/// Bytes before the samples.
const HEADER_BYTES: u32 = 44;

/// The file: a `RIFF` chunk with `fmt ` and `data`, all numbers little endian.
pub(super) fn write(mix: &Mix) -> Vec<u8> {
    let frames = u32::try_from(mix.frames.len()).unwrap_or_default();
    let data_bytes = frames * u32::from(FRAME_BYTES);
    let mut file = Vec::with_capacity((HEADER_BYTES + data_bytes) as usize);
    file.extend(b"RIFF");
    file.extend((HEADER_BYTES - 8 + data_bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(FORMAT_PCM.to_le_bytes());
    file.extend(CHANNELS.to_le_bytes());
    file.extend(SAMPLE_RATE.to_le_bytes());
    file.extend((SAMPLE_RATE * u32::from(FRAME_BYTES)).to_le_bytes());
    file.extend(FRAME_BYTES.to_le_bytes());
    file.extend(BITS.to_le_bytes());
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    for [left, right] in &mix.frames {
        file.extend_from_slice(&sample(*left).to_le_bytes());
        file.extend_from_slice(&sample(*right).to_le_bytes());
    }
    file
}

/// A level between -1 and 1 as 16 bits.
#[expect(clippy::cast_possible_truncation, reason = "the range is that of 16 bits")]
fn sample(level: f32) -> i16 {
    (level.clamp(-1.0, 1.0) * 32_767.0).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_plain_pcm_and_the_right_sizes() {
        let file = write(&Mix::new(0.5));
        assert_eq!((&file[..4], &file[8..16], &file[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
        assert_eq!(u16::from_le_bytes([file[20], file[21]]), 1);
        let riff = u32::from_le_bytes([file[4], file[5], file[6], file[7]]);
        let data = u32::from_le_bytes([file[40], file[41], file[42], file[43]]);
        assert_eq!((riff as usize + 8, data as usize + 44), (file.len(), file.len()));
        assert_eq!(data, 22_050 * 4);
    }

    #[test]
    fn levels_beyond_full_scale_are_held() {
        assert_eq!((sample(2.0), sample(-2.0), sample(0.0)), (32_767, -32_767, 0));
    }
}
