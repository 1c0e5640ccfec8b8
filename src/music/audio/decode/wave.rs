//! Reads the samples of a WAV: integers of 8, 16, 24 and 32 bits, floating point of 32 and 64.

use super::{Block, Damages, Ending, Properties, check, frames_of};
use crate::music::audio::riff::{Riff, TAG_FLOAT, TAG_PCM};
use crate::music::audio::{AudioError, Kind};
use std::io::{ErrorKind, Read, Seek, SeekFrom};

/// Frames of a block.
const BLOCK_FRAMES: usize = 4096;

/// How a sample is stored.
#[derive(Debug, Clone, Copy)]
enum Coding {
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
}

pub(in crate::music::audio) struct WaveDecoder<'s, R> {
    source: &'s mut R,
    properties: Properties,
    coding: Coding,
    bytes: Vec<u8>,
    /// Bytes of audio that were not read yet.
    left: u64,
    /// Frames that were read.
    done: u64,
    damages: Damages,
}

impl Coding {
    fn of(tag: u16, bits: u16) -> Option<Self> {
        match (tag, bits) {
            (TAG_PCM, 8) => Some(Self::Unsigned8),
            (TAG_PCM, 16) => Some(Self::Signed16),
            (TAG_PCM, 24) => Some(Self::Signed24),
            (TAG_PCM, 32) => Some(Self::Signed32),
            (TAG_FLOAT, 32) => Some(Self::Float32),
            (TAG_FLOAT, 64) => Some(Self::Float64),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Unsigned8 => 1,
            Self::Signed16 => 2,
            Self::Signed24 => 3,
            Self::Signed32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// A sample from its bytes; what is no number is silence.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "24 bits are exact; more are finer than any analysis needs"
    )]
    fn sample(self, bytes: &[u8]) -> f32 {
        let value = match (self, bytes) {
            (Self::Unsigned8, [a]) => (f32::from(*a) - 128.0) / 128.0,
            (Self::Signed16, [a, b]) => f32::from(i16::from_le_bytes([*a, *b])) / 32_768.0,
            (Self::Signed24, [a, b, c]) => (i32::from_le_bytes([0, *a, *b, *c]) >> 8) as f32 / 8_388_608.0,
            (Self::Signed32, [a, b, c, d]) => i32::from_le_bytes([*a, *b, *c, *d]) as f32 / 2_147_483_648.0,
            (Self::Float32, [a, b, c, d]) => f32::from_le_bytes([*a, *b, *c, *d]),
            (Self::Float64, bytes) => {
                <[u8; 8]>::try_from(bytes).map_or(0.0, |bytes| f64::from_le_bytes(bytes) as f32)
            }
            _ => 0.0,
        };
        if value.is_finite() { value } else { 0.0 }
    }
}

impl<'s, R: Read + Seek> WaveDecoder<'s, R> {
    pub(super) fn open(source: &'s mut R, riff: &Riff) -> Result<Self, AudioError> {
        let format = riff.format;
        check(Kind::Wav, format.channels.into(), format.rate)?;
        let coding = Coding::of(format.coding, format.bits).ok_or_else(|| AudioError::Unsupported {
            kind: "WAV",
            detail: format!("the coding {:#06x} with {} bits", format.coding, format.bits),
        })?;
        let block = coding.bytes() * usize::from(format.channels);
        if usize::from(format.block) != block {
            let detail = format!("a frame of {} bytes, where its samples take {block}", format.block);
            return Err(AudioError::Header { kind: "WAV", detail });
        }
        source.seek(SeekFrom::Start(riff.data_start))?;
        let frame = u64::from(format.block);
        let is_float = format.coding == TAG_FLOAT;
        let properties = Properties {
            kind: Kind::Wav,
            codec: if is_float { "PCM, floating point" } else { "PCM" }.to_owned(),
            is_lossy: false,
            rate: format.rate,
            channels: format.channels,
            bits: Some(format.valid_bits.min(format.bits)),
            is_float,
            expected: Some(riff.data_declared / frame).filter(|_| riff.data_declared == riff.data_actual),
        };
        let mut damages = Damages::default();
        let is_open = riff.form == "RIFF" && riff.data_declared == 0xffff_ffff;
        if riff.data_declared > riff.data_actual && !is_open {
            let missing = riff.data_declared - riff.data_actual;
            damages.add(riff.data_actual / frame, format!("the file ends here; {missing} bytes are missing"));
        }
        let bytes = vec![0; block * BLOCK_FRAMES];
        Ok(Self { source, properties, coding, bytes, left: riff.data_actual, done: 0, damages })
    }

    pub(super) fn properties(&self) -> &Properties {
        &self.properties
    }

    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, AudioError> {
        let channels = usize::from(self.properties.channels);
        block.reset(channels);
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.bytes.len());
        let read = read_up_to(self.source, &mut self.bytes[..wanted])?;
        self.left -= super::count(read);
        if read < wanted {
            self.damages.add(self.done, "the file ends here, before its audio does");
            self.left = 0;
        }
        let size = self.coding.bytes();
        for frame in self.bytes[..read].chunks_exact(size * channels) {
            for (channel, bytes) in block.channels.iter_mut().zip(frame.chunks_exact(size)) {
                channel.push(self.coding.sample(bytes));
            }
        }
        self.done += frames_of(block);
        Ok(block.frames() > 0)
    }

    pub(super) fn finish(self) -> Ending {
        Ending { damages: self.damages, fingerprint: None }
    }
}

/// Reads until the buffer is full or the source ends.
fn read_up_to<R: Read>(source: &mut R, buffer: &mut [u8]) -> Result<usize, AudioError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}
