//! One pass through a file: blocks of samples, whatever the coding.

mod stream;
mod wave;

use super::riff::{self, Riff};
use super::time::count;
use super::{AudioError, Kind};
use std::io::{Read, Seek};

pub(super) use stream::StreamDecoder;
pub(super) use wave::WaveDecoder;

/// The most channels that are read.
pub const MOST_CHANNELS: u16 = 8;
/// The highest rate that is read, in frames a second.
pub const HIGHEST_RATE: u32 = 384_000;
/// The longest recording that is read, in seconds; of what is longer the rest is not looked at.
pub const LONGEST_SECONDS: u32 = 3 * 60 * 60;

/// What a file holds, as told before the first sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// The kind of file.
    pub kind: Kind,
    /// The coding, as people call it.
    pub codec: String,
    /// Whether the coding loses something.
    pub is_lossy: bool,
    /// Frames a second.
    pub rate: u32,
    /// How many channels.
    pub channels: u16,
    /// Bits of a sample; none for lossy codings, which have no such number.
    pub bits: Option<u16>,
    /// Whether samples are floating point.
    pub is_float: bool,
    /// How many frames there should be, where the file says so.
    pub expected: Option<u64>,
}

/// A block of samples of all channels, from -1 to 1. Integers of up to 24 bits are exact.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// A list for each channel, all of one length.
    pub(super) channels: Vec<Vec<f32>>,
}

impl Block {
    pub(super) fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    pub(super) fn truncate(&mut self, frames: usize) {
        self.channels.iter_mut().for_each(|channel| channel.truncate(frames));
    }

    fn reset(&mut self, channels: usize) {
        self.channels.resize_with(channels, Vec::new);
        self.channels.iter_mut().for_each(Vec::clear);
    }
}

/// Something in a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The frame at which it was met.
    pub at: u64,
    /// What is wrong there.
    pub what: String,
}

/// Damages that are kept; beyond that they are counted only.
const MOST_DAMAGES: usize = 100;

/// What could not be read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damages {
    /// The first hundred.
    pub first: Vec<Damage>,
    /// All of them.
    pub count: u64,
}

impl Damages {
    pub(super) fn add(&mut self, at: u64, what: impl Into<String>) {
        self.count += 1;
        if self.first.len() < MOST_DAMAGES {
            self.first.push(Damage { at, what: what.into() });
        }
    }
}

/// Whether the fingerprint that a FLAC carries is that of its audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fingerprint {
    /// It is.
    Right,
    /// It is another.
    Wrong,
    /// There is none: all zero.
    Absent,
}

/// What is known after the last block.
#[derive(Debug, Default)]
pub(super) struct Ending {
    pub(super) damages: Damages,
    pub(super) fingerprint: Option<Fingerprint>,
}

/// Reads a file block by block.
pub(super) enum Decoder<'s, R> {
    Wave(WaveDecoder<'s, R>),
    Stream(StreamDecoder<'s>),
}

impl<'s, R: Read + Seek + Send + Sync> Decoder<'s, R> {
    /// Opens a file of this kind; a WAV with its container.
    pub(super) fn open(source: &'s mut R, kind: Kind) -> Result<(Self, Option<Riff>), AudioError> {
        source.rewind()?;
        if kind == Kind::Wav {
            let riff = riff::read(source)?;
            let decoder = WaveDecoder::open(source, &riff)?;
            return Ok((Self::Wave(decoder), Some(riff)));
        }
        Ok((Self::Stream(StreamDecoder::open(source, kind)?), None))
    }

    pub(super) fn properties(&self) -> &Properties {
        match self {
            Self::Wave(decoder) => decoder.properties(),
            Self::Stream(decoder) => decoder.properties(),
        }
    }

    /// Reads the next block; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, AudioError> {
        match self {
            Self::Wave(decoder) => decoder.next(block),
            Self::Stream(decoder) => decoder.next(block),
        }
    }

    pub(super) fn finish(self) -> Ending {
        match self {
            Self::Wave(decoder) => decoder.finish(),
            Self::Stream(decoder) => decoder.finish(),
        }
    }
}

/// Whether channels and rate are those of a recording.
fn check(kind: Kind, channels: u64, rate: u32) -> Result<(), AudioError> {
    let wrong = |detail: String| Err(AudioError::Header { kind: kind.name(), detail });
    if channels == 0 || channels > u64::from(MOST_CHANNELS) {
        return wrong(format!("{channels} channels, where 1 to {MOST_CHANNELS} are read"));
    }
    if rate == 0 || rate > HIGHEST_RATE {
        return wrong(format!("{rate} Hz, where up to {HIGHEST_RATE} Hz are read"));
    }
    Ok(())
}

fn frames_of(block: &Block) -> u64 {
    count(block.frames())
}
