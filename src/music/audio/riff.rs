//! What the container of a WAV says and what it holds: the format, the chunks, and where their sizes lie
//! (Multimedia Programming Interface 1.0; EBU Tech 3306 for RF64; EBU Tech 3285 for BWF).

use super::AudioError;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

/// Chunks that are listed; a file with more is walked no further.
const MOST_CHUNKS: usize = 1000;

/// A size that says that the true one stands elsewhere, or was not known when the file was begun.
const UNKNOWN: u64 = 0xffff_ffff;

/// The tag of PCM.
pub const TAG_PCM: u16 = 0x0001;
/// The tag of floating point.
pub const TAG_FLOAT: u16 = 0x0003;
/// The tag of `WAVE_FORMAT_EXTENSIBLE`, which names the true one further on.
pub const TAG_EXTENSIBLE: u16 = 0xfffe;

/// The container of a WAV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Riff {
    /// `RIFF`, `RF64` or `BW64`.
    pub form: String,
    /// The size of the whole file by its header.
    pub declared: u64,
    /// The size that it has.
    pub actual: u64,
    /// The format.
    pub format: WaveFormat,
    /// The first byte of the audio.
    pub data_start: u64,
    /// The bytes of audio by the header.
    pub data_declared: u64,
    /// The bytes of audio that are there.
    pub data_actual: u64,
    /// The ids of the chunks before the audio.
    pub before: Vec<String>,
    /// The ids of the chunks after the audio.
    pub after: Vec<String>,
    /// Whether the audio has an odd number of bytes and the byte that fills it up is missing.
    pub is_pad_missing: bool,
}

/// The chunk `fmt `.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaveFormat {
    /// The tag as it stands there.
    pub tag: u16,
    /// The tag of the coding, also where the first is that of extensible.
    pub coding: u16,
    /// How many channels.
    pub channels: u16,
    /// Frames a second.
    pub rate: u32,
    /// Bytes of a frame.
    pub block: u16,
    /// Bits of a sample as stored.
    pub bits: u16,
    /// Bits of a sample that count.
    pub valid_bits: u16,
}

impl Riff {
    /// Whether the sizes in the header are those of the file.
    pub fn is_size_right(&self) -> bool {
        let odd = self.declared % 2;
        (self.declared == self.actual || self.declared + odd == self.actual)
            && self.data_declared == self.data_actual
    }
}

/// A chunk's id and size.
struct Header {
    id: [u8; 4],
    size: u64,
}

/// Walks through the chunks of a WAV.
///
/// # Errors
/// [`AudioError::Header`] where there is no usable `fmt ` before the audio or no audio, or a failed read.
pub fn read<R: Read + Seek>(source: &mut R) -> Result<Riff, AudioError> {
    let actual = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut top = [0; 12];
    source.read_exact(&mut top).map_err(|_| wrong("it ends within its first 12 bytes"))?;
    let form = String::from_utf8_lossy(&top[..4]).into_owned();
    let mut walk = Walk { actual, declared: little(&top[4..8]), data64: None, format: None };
    let (data, before) = walk.until_data(source)?;
    let format = walk.format.ok_or_else(|| wrong("the audio begins before its format is told"))?;
    let start = source.stream_position()?;
    let is_open = form == "RIFF" && matches!(data.size, 0 | UNKNOWN);
    let declared = walk.data64.filter(|_| data.size == UNKNOWN).unwrap_or(data.size);
    let there = actual.saturating_sub(start);
    let data_actual = if is_open { there } else { declared.min(there) };
    let mut riff = Riff {
        form,
        declared: walk.declared.saturating_add(8),
        actual,
        format,
        data_start: start,
        data_declared: declared,
        data_actual,
        before,
        after: Vec::new(),
        is_pad_missing: false,
    };
    if riff.data_declared == riff.data_actual {
        after_data(source, &mut riff)?;
    }
    Ok(riff)
}

struct Walk {
    actual: u64,
    declared: u64,
    data64: Option<u64>,
    format: Option<WaveFormat>,
}

impl Walk {
    /// Reads chunks up to the audio, whose header it gives with the ids of those before.
    fn until_data<R: Read + Seek>(&mut self, source: &mut R) -> Result<(Header, Vec<String>), AudioError> {
        let mut before = Vec::new();
        while before.len() < MOST_CHUNKS {
            let Some(header) = next_header(source)? else { return Err(wrong("it holds no audio")) };
            if &header.id == b"data" {
                return Ok((header, before));
            }
            let start = source.stream_position()?;
            before.push(name(header.id));
            match &header.id {
                b"fmt " => self.format = Some(read_format(source, header.size)?),
                b"ds64" => self.read_sizes(source, header.size)?,
                _ => {}
            }
            let next = start.saturating_add(header.size).saturating_add(header.size % 2);
            if next > self.actual {
                return Err(wrong("it holds no audio: a chunk before it is larger than the file"));
            }
            source.seek(SeekFrom::Start(next))?;
        }
        Err(wrong("it has more than a thousand chunks before the audio"))
    }

    /// The 64-bit sizes of RF64.
    fn read_sizes<R: Read>(&mut self, source: &mut R, size: u64) -> Result<(), AudioError> {
        let mut sizes = [0; 16];
        if size < 28 || source.read_exact(&mut sizes).is_err() {
            return Err(wrong("its chunk ds64 is too short"));
        }
        self.data64 = Some(little(&sizes[8..]));
        if self.declared == UNKNOWN {
            self.declared = little(&sizes[..8]);
        }
        Ok(())
    }
}

fn read_format<R: Read>(source: &mut R, size: u64) -> Result<WaveFormat, AudioError> {
    let mut bytes = [0; 40];
    let length = usize::try_from(size.min(40)).unwrap_or(40);
    if length < 16 || source.read_exact(&mut bytes[..length]).is_err() {
        return Err(wrong("its format is too short"));
    }
    let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let (tag, bits) = (word(0), word(14));
    let is_extensible = tag == TAG_EXTENSIBLE && length == 40;
    let valid_bits = if is_extensible && word(18) > 0 { word(18) } else { bits };
    Ok(WaveFormat {
        tag,
        coding: if is_extensible { word(24) } else { tag },
        channels: word(2),
        rate: u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
        block: word(12),
        bits,
        valid_bits,
    })
}

/// Lists what follows the audio, and finds out whether the byte that fills up an odd number is there.
fn after_data<R: Read + Seek>(source: &mut R, riff: &mut Riff) -> Result<(), AudioError> {
    let end = riff.data_start + riff.data_actual;
    let is_odd = riff.data_actual % 2 == 1;
    riff.is_pad_missing = is_odd && end == riff.actual;
    let mut next = end + u64::from(is_odd);
    while next < riff.actual && riff.after.len() < MOST_CHUNKS {
        source.seek(SeekFrom::Start(next))?;
        let Some(header) = next_header(source)? else { break };
        riff.after.push(name(header.id));
        next = next.saturating_add(8).saturating_add(header.size).saturating_add(header.size % 2);
    }
    Ok(())
}

/// The next chunk's header; none at the end of the file.
fn next_header<R: Read>(source: &mut R) -> Result<Option<Header>, AudioError> {
    let mut bytes = [0; 8];
    match source.read_exact(&mut bytes) {
        Ok(()) => {
            let id = [bytes[0], bytes[1], bytes[2], bytes[3]];
            Ok(Some(Header { id, size: little(&bytes[4..]) }))
        }
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// An id as text; bytes that no text has are shown as such.
fn name(id: [u8; 4]) -> String {
    id.escape_ascii().to_string().trim_end().to_owned()
}

/// A number of up to eight bytes, the least first.
fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn wrong(detail: &str) -> AudioError {
    AudioError::Header { kind: "WAV", detail: detail.to_owned() }
}
