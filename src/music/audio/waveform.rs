//! The waveform as lows and highs, as the BBC's audiowaveform defines it: its JSON, and version 2 of its `.dat`.

use super::decode::Block;
use super::time::{frames, real_length};
use serde::Serialize;
use std::ops::Range;

/// The finest waveform that an analysis keeps, in frames a point; the others are made of it.
pub const FINEST: u32 = 256;

/// A waveform of one channel, all channels mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waveform {
    /// Frames a second.
    pub sample_rate: u32,
    /// Frames of a point; the last may have fewer.
    pub samples_per_pixel: u32,
    /// The low and the high of each point.
    pub points: Vec<(i16, i16)>,
}

/// How exact the points are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bits {
    /// From -128 to 127.
    Eight,
    /// From -32768 to 32767.
    Sixteen,
}

/// The JSON of audiowaveform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveformJson {
    /// The version of the format: 2.
    pub version: u32,
    /// How many channels: 1.
    pub channels: u32,
    /// Frames a second.
    pub sample_rate: u32,
    /// Frames of a point.
    pub samples_per_pixel: u32,
    /// 8 or 16.
    pub bits: u32,
    /// How many points.
    pub length: u32,
    /// Low, high, low, high …
    pub data: Vec<i16>,
}

impl Waveform {
    /// The same with points of twice as many frames.
    #[must_use]
    pub fn coarser(&self) -> Self {
        let points = self.points.chunks(2).map(|pair| match pair {
            [(low, high), (other_low, other_high)] => ((*low).min(*other_low), (*high).max(*other_high)),
            [one] => *one,
            _ => (0, 0),
        });
        Self {
            sample_rate: self.sample_rate,
            samples_per_pixel: self.samples_per_pixel.saturating_mul(2),
            points: points.collect(),
        }
    }

    /// The points in which a part of it lies, in seconds.
    #[must_use]
    pub fn part(&self, part: Range<f64>) -> Self {
        let samples = u64::from(self.samples_per_pixel.max(1));
        let point = |count: u64| usize::try_from(count).unwrap_or(usize::MAX).min(self.points.len());
        let first = point(frames(part.start, self.sample_rate) / samples);
        let last = point(frames(part.end, self.sample_rate).div_ceil(samples));
        let points = self.points.get(first..last).unwrap_or_default().to_vec();
        Self { points, ..*self }
    }

    /// A pyramid for zooming: this one, then each with half as many points, down to one of at most `fewest`.
    pub fn pyramid(&self, fewest: usize) -> Vec<Self> {
        let mut levels = vec![self.clone()];
        while let Some(last) = levels.last().filter(|last| last.points.len() > fewest.max(1)) {
            let coarser = last.coarser();
            levels.push(coarser);
        }
        levels
    }

    /// As audiowaveform's JSON.
    pub fn json(&self, bits: Bits) -> WaveformJson {
        WaveformJson {
            version: 2,
            channels: 1,
            sample_rate: self.sample_rate,
            samples_per_pixel: self.samples_per_pixel,
            bits: if bits == Bits::Eight { 8 } else { 16 },
            length: u32::try_from(self.points.len()).unwrap_or(u32::MAX),
            data: self.points.iter().flat_map(|(low, high)| [*low, *high]).map(|v| bits.of(v)).collect(),
        }
    }

    /// As version 2 of audiowaveform's `.dat`: little endian, the points from byte 24 on.
    pub fn dat(&self, bits: Bits) -> Vec<u8> {
        let signed = |number: u32| i32::try_from(number).unwrap_or(i32::MAX).to_le_bytes();
        let length = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(24 + self.points.len() * 4);
        bytes.extend(2_i32.to_le_bytes());
        bytes.extend(u32::from(bits == Bits::Eight).to_le_bytes());
        bytes.extend(signed(self.sample_rate));
        bytes.extend(signed(self.samples_per_pixel));
        bytes.extend(length.to_le_bytes());
        bytes.extend(1_i32.to_le_bytes());
        for value in self.points.iter().flat_map(|(low, high)| [*low, *high]) {
            match bits {
                Bits::Eight => bytes.push(bits.of(value).to_le_bytes()[0]),
                Bits::Sixteen => bytes.extend(value.to_le_bytes()),
            }
        }
        bytes
    }
}

impl Bits {
    /// A value of 16 bits at this exactness: divided and cut towards zero; a shift would round down.
    fn of(self, value: i16) -> i16 {
        if self == Bits::Eight { value / 256 } else { value }
    }
}

/// Draws the waveform of the blocks that it is fed with.
pub(super) struct WaveformDrawer {
    waveform: Waveform,
    is_float: bool,
    /// Frames of the present point.
    filled: usize,
    low: i16,
    high: i16,
    /// All channels of a block as one.
    mixed: Vec<i32>,
    /// What is drawn of a block, in 16 bits.
    values: Vec<i16>,
}

impl WaveformDrawer {
    /// `samples_per_pixel` is at least 2.
    pub(super) fn new(sample_rate: u32, samples_per_pixel: u32, is_float: bool) -> Self {
        let samples_per_pixel = samples_per_pixel.max(2);
        let waveform = Waveform { sample_rate, samples_per_pixel, points: Vec::new() };
        Self {
            waveform,
            is_float,
            filled: 0,
            low: i16::MAX,
            high: i16::MIN,
            mixed: Vec::new(),
            values: Vec::new(),
        }
    }

    pub(super) fn feed(&mut self, block: &Block) {
        let is_float = self.is_float;
        self.mixed.clear();
        self.mixed.resize(block.frames(), 0);
        for channel in &block.channels {
            for (sum, sample) in self.mixed.iter_mut().zip(channel) {
                *sum += i32::from(sixteen(*sample, is_float));
            }
        }
        // Cut towards zero, as audiowaveform mixes. Two channels are told apart because a division by a number that
        // is known before is a shift.
        self.values.clear();
        match i32::try_from(block.channels.len()).unwrap_or(1).max(1) {
            2 => self.values.extend(self.mixed.iter().map(|sum| narrow(sum / 2))),
            channels => self.values.extend(self.mixed.iter().map(|sum| narrow(sum / channels))),
        }
        self.draw();
    }

    /// Draws one channel alone.
    pub(super) fn feed_channel(&mut self, channel: &[f32]) {
        let is_float = self.is_float;
        self.values.clear();
        self.values.extend(channel.iter().map(|sample| sixteen(*sample, is_float)));
        self.draw();
    }

    /// Draws the values, point by point.
    fn draw(&mut self) {
        let whole = usize::try_from(self.waveform.samples_per_pixel).unwrap_or(usize::MAX);
        let values = std::mem::take(&mut self.values);
        let mut rest = values.as_slice();
        while !rest.is_empty() {
            let (point, after) = rest.split_at(rest.len().min(whole - self.filled));
            self.low = point.iter().copied().fold(self.low, i16::min);
            self.high = point.iter().copied().fold(self.high, i16::max);
            self.filled += point.len();
            rest = after;
            if self.filled == whole {
                self.end_point();
            }
        }
        self.values = values;
    }

    fn end_point(&mut self) {
        self.waveform.points.push((self.low, self.high));
        (self.filled, self.low, self.high) = (0, i16::MAX, i16::MIN);
    }

    /// How many points are drawn so far.
    pub(super) fn points(&self) -> usize {
        self.waveform.points.len()
    }

    pub(super) fn finish(mut self) -> Waveform {
        if self.filled > 0 {
            self.end_point();
        }
        self.waveform
    }
}

/// A sample in 16 bits. Of integers the upper bits are taken, as libsndfile does; floating point is scaled to
/// 32767 and cut.
#[expect(clippy::cast_possible_truncation, reason = "it is brought into the range of 16 bits first")]
fn sixteen(sample: f32, is_float: bool) -> i16 {
    if is_float {
        (sample * 32_767.0).clamp(-32_768.0, 32_767.0) as i16
    } else {
        // Cut towards zero and then one less where that was more: the processors that this is built for have no
        // instruction that rounds down.
        let value = (sample * 32_768.0).clamp(-32_768.0, 32_767.0);
        let cut = value as i16;
        cut - i16::from(f32::from(cut) > value)
    }
}

/// The mean of values of 16 bits is one itself.
fn narrow(mean: i32) -> i16 {
    i16::try_from(mean).unwrap_or(0)
}

/// How many frames a point must have so that a recording has about so many points.
pub fn samples_per_pixel(frames: u64, points: usize) -> u32 {
    let points = u64::try_from(points.max(1)).unwrap_or(u64::MAX);
    u32::try_from(frames.div_ceil(points)).unwrap_or(u32::MAX).max(2)
}

/// The share of the full height that a point takes, from 0 to 1.
pub fn height(point: (i16, i16)) -> f64 {
    real_length(usize::from(point.0.unsigned_abs().max(point.1.unsigned_abs()))) / 32_768.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draw(channels: &[&[f32]], per_pixel: u32) -> Waveform {
        let mut drawer = WaveformDrawer::new(48_000, per_pixel, false);
        drawer.feed(&Block { channels: channels.iter().map(|samples| samples.to_vec()).collect() });
        drawer.finish()
    }

    fn samples(values: &[i16]) -> Vec<f32> {
        values.iter().map(|value| f32::from(*value) / 32_768.0).collect()
    }

    #[test]
    fn the_last_point_may_have_fewer_frames() {
        let drawn = draw(&[&samples(&[1, -2, 3, -4, 5])], 2);
        assert_eq!(drawn.points, [(-2, 1), (-4, 3), (5, 5)]);
    }

    #[test]
    fn channels_are_mixed_and_cut_towards_zero() {
        let drawn = draw(&[&samples(&[1, -1]), &samples(&[2, -2])], 2);
        assert_eq!(drawn.points, [(-1, 1)]);
    }

    #[test]
    fn eight_bits_are_cut_towards_zero() {
        let drawn = draw(&[&samples(&[-255, 255, -32_768, 32_767])], 4);
        assert_eq!(drawn.json(Bits::Eight).data, [-128, 127]);
        assert_eq!(draw(&[&samples(&[-255, 255])], 2).json(Bits::Eight).data, [0, 0]);
    }

    #[test]
    fn the_binary_form_has_its_points_from_byte_24_on() {
        let dat = draw(&[&samples(&[-256, 512])], 2).dat(Bits::Sixteen);
        assert_eq!(dat[..8], [2, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(dat[8..12], 48_000_i32.to_le_bytes());
        assert_eq!(dat[12..24], [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(dat[24..], [0, 255, 0, 2]);
        assert_eq!(draw(&[&samples(&[-256, 512])], 2).dat(Bits::Eight)[4..8], [1, 0, 0, 0]);
        assert_eq!(draw(&[&samples(&[-256, 512])], 2).dat(Bits::Eight)[24..], [255, 2]);
    }

    proptest! {
        #[test]
        fn a_coarser_waveform_is_the_one_that_would_have_been_drawn(
            values in proptest::collection::vec(any::<i16>(), 0..200)
        ) {
            let values = samples(&values);
            let levels = draw(&[&values], 4).pyramid(1);
            for (level, per_pixel) in levels.iter().zip([4, 8, 16, 32]) {
                prop_assert_eq!(level, &draw(&[&values], per_pixel));
            }
        }
    }
}
