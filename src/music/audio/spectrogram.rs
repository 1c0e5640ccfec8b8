//! A picture of a recording: time to the right, pitch upwards, loudness as light. As long as the recording may be,
//! the picture is of a bounded size: columns are joined two by two when there are too many.

use super::decode::{Block, Decoder};
use super::mixdown::{Transform, mix};
use super::time::{real, real_length};
use super::{AudioError, kind, pass};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::io::{Read, Seek};

/// Samples of a window.
const LENGTH: usize = 2048;
/// Rows of the picture; each has some bins of the transform.
const ROWS: usize = 256;
/// The most columns of the picture.
pub(super) const MOST_COLUMNS: usize = 2048;
/// The quietest that can be seen, in dBFS.
pub const FLOOR: f64 = -120.0;

/// From silence to full scale, as the tokens of the style sheet have them: night, blue, magenta, amber, light.
const PALETTE: [[f64; 3]; 5] = [
    [16.0, 18.0, 27.0],
    [44.0, 58.0, 122.0],
    [148.0, 52.0, 122.0],
    [236.0, 140.0, 48.0],
    [255.0, 244.0, 214.0],
];

/// A picture of a recording, with what its axes mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrogram {
    /// The file, a PNG.
    pub png: Vec<u8>,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// How long a column is, in seconds.
    pub seconds_per_column: f64,
    /// How many Hz a row has; the lowest row begins at 0.
    pub hertz_per_row: f64,
}

/// Draws a recording. `watch` is told how many frames were read and how many there should be, and answers whether
/// to go on.
///
/// # Errors
/// [`AudioError`], where nothing could be read, or `watch` stopped it.
pub fn spectrogram<R>(
    source: &mut R,
    mut watch: impl FnMut(u64, Option<u64>) -> bool,
) -> Result<Spectrogram, AudioError>
where
    R: Read + Seek + Send + Sync,
{
    let kind = kind::recognise(source)?;
    let (mut decoder, _) = Decoder::open(source, kind)?;
    let properties = decoder.properties().clone();
    let mut drawer = Drawer::new(properties.rate);
    pass(&mut decoder, &properties, |block, done| {
        drawer.feed(block);
        if watch(done, properties.expected) { Ok(true) } else { Err(AudioError::Stopped) }
    })?;
    drawer.finish()
}

struct Drawer {
    transform: Transform,
    rate: u32,
    mono: Vec<f32>,
    /// The power of each row, column by column.
    columns: Vec<[f32; ROWS]>,
    /// How many windows a column has.
    windows: u32,
    /// The column that fills, and how many windows are in it.
    filling: [f32; ROWS],
    filled: u32,
}

impl Drawer {
    fn new(rate: u32) -> Self {
        Self {
            transform: Transform::new(LENGTH, LENGTH),
            rate,
            mono: Vec::new(),
            columns: Vec::new(),
            windows: 1,
            filling: [0.0; ROWS],
            filled: 0,
        }
    }

    fn feed(&mut self, block: &Block) {
        mix(block, &mut self.mono);
        let Self { transform, mono, columns, windows, filling, filled, .. } = self;
        transform.feed(mono, |powers| {
            for (row, bins) in filling.iter_mut().zip(powers.chunks(LENGTH / 2 / ROWS)) {
                *row = row.max(bins.iter().copied().fold(0.0, f32::max));
            }
            *filled += 1;
            if *filled < *windows {
                return;
            }
            columns.push(std::mem::replace(filling, [0.0; ROWS]));
            *filled = 0;
            if columns.len() >= MOST_COLUMNS {
                *columns = columns.chunks(2).map(joined).collect();
                *windows *= 2;
            }
        });
    }

    fn finish(mut self) -> Result<Spectrogram, AudioError> {
        if self.filled > 0 || self.columns.is_empty() {
            self.columns.push(self.filling);
        }
        let width = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        let height = u32::try_from(ROWS).unwrap_or(u32::MAX);
        let mut pixels = Vec::with_capacity(self.columns.len() * ROWS * 3);
        for row in (0..ROWS).rev() {
            pixels.extend(self.columns.iter().flat_map(|column| colour(column[row])));
        }
        let mut png = Vec::new();
        PngEncoder::new(&mut png)
            .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
            .map_err(|error| AudioError::Read(std::io::Error::other(error)))?;
        let rate = f64::from(self.rate);
        Ok(Spectrogram {
            png,
            width,
            height,
            seconds_per_column: real_length(LENGTH) * real(u64::from(self.windows)) / rate,
            hertz_per_row: rate / 2.0 / real_length(ROWS),
        })
    }
}

fn joined(pair: &[[f32; ROWS]]) -> [f32; ROWS] {
    let mut both = [0.0_f32; ROWS];
    for column in pair {
        both.iter_mut().zip(column).for_each(|(most, power)| *most = most.max(*power));
    }
    both
}

/// The colour of a power.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places within the palette and colours from 0 to 255, by the clamp"
)]
fn colour(power: f32) -> [u8; 3] {
    let level = (10.0 * f64::from(power).max(1e-20).log10()).clamp(FLOOR, 0.0);
    let place = (1.0 - level / FLOOR) * real_length(PALETTE.len() - 1);
    let below = (place.floor() as usize).min(PALETTE.len() - 2);
    let part = place - real_length(below);
    let mix = |at: usize| {
        let (from, to) = (PALETTE[below][at], PALETTE[below + 1][at]);
        (from + (to - from) * part).round().clamp(0.0, 255.0) as u8
    };
    [mix(0), mix(1), mix(2)]
}

#[cfg(test)]
mod tests {
    use super::{MOST_COLUMNS, ROWS, Spectrogram, spectrogram};
    use crate::music::audio::AudioError;
    use crate::music::audio::tests::support::{tone, wav};
    use std::io::Cursor;

    fn drawn(frames: &[[f64; 2]]) -> Spectrogram {
        spectrogram(&mut Cursor::new(wav(44_100, 16, frames)), |_, _| true).expect("a picture")
    }

    #[test]
    fn a_tone_is_a_bright_line_at_its_pitch() {
        let picture = drawn(&tone(44_100, 2.0, 10_000.0, -6.0));
        let pixels = image::load_from_memory(&picture.png).expect("a PNG").to_luma8();
        assert_eq!(pixels.dimensions(), (picture.width, picture.height));
        let column = picture.width / 2;
        let bright = (0..picture.height).max_by_key(|row| pixels.get_pixel(column, *row).0[0]).expect("rows");
        let hertz = f64::from(picture.height - 1 - bright) * picture.hertz_per_row;
        assert!((hertz - 10_000.0).abs() < 2.0 * picture.hertz_per_row, "{hertz}");
        let seconds = f64::from(picture.width) * picture.seconds_per_column;
        assert!((seconds - 2.0).abs() < 0.1, "{seconds}");
    }

    #[test]
    fn a_long_recording_makes_no_larger_picture() {
        let picture = drawn(&vec![[0.0; 2]; 2048 * (MOST_COLUMNS + 10)]);
        assert!(usize::try_from(picture.width).expect("small") <= MOST_COLUMNS);
        assert_eq!(usize::try_from(picture.height), Ok(ROWS));
    }

    #[test]
    fn it_ends_when_nobody_waits() {
        let bytes = wav(44_100, 16, &tone(44_100, 1.0, 440.0, -6.0));
        assert!(matches!(spectrogram(&mut Cursor::new(bytes), |_, _| false), Err(AudioError::Stopped)));
    }
}
