//! Reads everything that is not WAV, with symphonia.

use super::{Block, Damages, Ending, Fingerprint, Properties, check, frames_of};
use crate::music::audio::{AudioError, Kind};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use symphonia::core::codecs::audio::well_known as codec;
use symphonia::core::codecs::audio::{
    AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions, VerificationCheck,
};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

/// Damaged packets in a row after which the rest is given up.
const MOST_FAILURES: u32 = 1000;

/// Bytes of metadata that the reader may keep: tags are read elsewhere.
const METADATA_BYTES: usize = 1024 * 1024;

/// A source of bytes as symphonia wants it.
struct Source<'s, R> {
    inner: &'s mut R,
    length: u64,
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for Source<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Source<'_, R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

pub(in crate::music::audio) struct StreamDecoder<'s> {
    format: Box<dyn FormatReader + 's>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    properties: Properties,
    /// Whether the file carries a fingerprint of its audio; none where its kind has no such thing.
    has_fingerprint: Option<bool>,
    done: u64,
    /// Frames that should have come in between, and were told as damage.
    lost: u64,
    failures: u32,
    damages: Damages,
}

impl<'s> StreamDecoder<'s> {
    pub(super) fn open<R>(source: &'s mut R, kind: Kind) -> Result<Self, AudioError>
    where
        R: Read + Seek + Send + Sync,
    {
        let length = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let stream = MediaSourceStream::new(
            Box::new(Source { inner: source, length }),
            MediaSourceStreamOptions::default(),
        );
        let mut hint = Hint::new();
        hint.with_extension(kind.extensions()[0]);
        let metadata = MetadataOptions::default()
            .limit_tag_bytes(Limit::Maximum(METADATA_BYTES))
            .limit_visual_bytes(Limit::Maximum(METADATA_BYTES));
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), metadata)
            .map_err(|error| failed(kind, &error))?;
        let track = format.default_track(TrackType::Audio).ok_or_else(|| AudioError::Header {
            kind: kind.name(),
            detail: "it holds no audio".to_owned(),
        })?;
        let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let Some(parameters) = parameters.cloned() else {
            return Err(AudioError::Unsupported {
                kind: kind.name(),
                detail: "it holds an unknown coding".to_owned(),
            });
        };
        let (id, expected) = (track.id, track.num_frames);
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(&parameters, &AudioDecoderOptions::default().verify(kind == Kind::Flac))
            .map_err(|error| failed(kind, &error))?;
        let known = decoder.codec_params().clone();
        let mut opened = Self {
            format,
            decoder,
            track: id,
            properties: properties(kind, &known, expected),
            has_fingerprint: (kind == Kind::Flac)
                .then_some(matches!(known.verification_check, Some(VerificationCheck::Md5(_)))),
            done: 0,
            lost: 0,
            failures: 0,
            damages: Damages::default(),
        };
        opened.complete()?;
        Ok(opened)
    }

    /// What only the first packet tells for some kinds: rate and channels. The packet is not lost.
    fn complete(&mut self) -> Result<(), AudioError> {
        let properties = &self.properties;
        check(properties.kind, properties.channels.into(), properties.rate)
    }

    pub(super) fn properties(&self) -> &Properties {
        &self.properties
    }

    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, AudioError> {
        loop {
            block.reset(usize::from(self.properties.channels));
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(self.at_end()),
                Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                    self.damages.add(self.done, "the file ends here, within a frame");
                    return Ok(false);
                }
                Err(Error::IoError(error)) => return Err(error.into()),
                Err(Error::DecodeError(what)) if self.failures < MOST_FAILURES => {
                    self.failures += 1;
                    self.damages.add(self.done, what);
                    continue;
                }
                Err(error) => {
                    self.damages.add(self.done, format!("the rest cannot be read: {error}"));
                    return Ok(false);
                }
            };
            if packet.track_id != self.track {
                continue;
            }
            self.notice_gap(packet.pts.get());
            match self.decoder.decode(&packet) {
                Ok(decoded) if decoded.spec().channels().count() == block.channels.len() => {
                    decoded.copy_to_vecs_planar(&mut block.channels);
                    let finite = |sample: &mut f32| {
                        if !sample.is_finite() {
                            *sample = 0.0;
                        }
                    };
                    block.channels.iter_mut().for_each(|channel| channel.iter_mut().for_each(finite));
                }
                Ok(_) => self.damages.add(self.done, "the number of channels changes here"),
                Err(Error::DecodeError(what)) if self.failures < MOST_FAILURES => {
                    self.failures += 1;
                    self.damages.add(self.done, what);
                }
                Err(error) => {
                    self.damages.add(self.done, format!("the rest cannot be decoded: {error}"));
                    return Ok(false);
                }
            }
            if block.frames() > 0 {
                self.failures = 0;
                self.done += frames_of(block);
                return Ok(true);
            }
        }
    }

    /// A reader skips frames of a FLAC whose check is wrong: the next one tells that it comes too late.
    fn notice_gap(&mut self, at: i64) {
        let expected = self.done + self.lost;
        let missing = u64::try_from(at).unwrap_or(0).saturating_sub(expected);
        if self.properties.kind == Kind::Flac && missing > 0 {
            self.lost += missing;
            self.damages.add(self.done, format!("{missing} frames are damaged here"));
        }
    }

    /// At the end it shows whether all frames came that the header promised.
    fn at_end(&mut self) -> bool {
        let missing = self.properties.expected.unwrap_or(0).saturating_sub(self.done + self.lost);
        if missing > 0 && !self.properties.is_lossy {
            self.damages.add(self.done, format!("{missing} frames that the header promises are missing"));
        }
        false
    }

    pub(super) fn finish(mut self) -> Ending {
        let fingerprint = match self.has_fingerprint {
            None => None,
            Some(false) => Some(Fingerprint::Absent),
            Some(true) if self.decoder.finalize().verify_ok == Some(true) => Some(Fingerprint::Right),
            Some(true) => Some(Fingerprint::Wrong),
        };
        Ending { damages: self.damages, fingerprint }
    }
}

fn properties(kind: Kind, known: &AudioCodecParameters, expected: Option<u64>) -> Properties {
    let (codec, is_lossy) = coding(known.codec);
    let channels = known.channels.as_ref().map_or(0, symphonia::core::audio::Channels::count);
    let told = known.bits_per_coded_sample.or(known.bits_per_sample);
    let bits = told.or_else(|| alac_bits(known));
    Properties {
        kind,
        codec: codec.to_owned(),
        is_lossy,
        rate: known.sample_rate.unwrap_or(0),
        channels: u16::try_from(channels).unwrap_or(u16::MAX),
        bits: bits.and_then(|bits| u16::try_from(bits).ok()).filter(|_| !is_lossy),
        is_float: matches!(known.codec, codec::CODEC_ID_PCM_F32BE | codec::CODEC_ID_PCM_F64BE),
        expected,
    }
}

/// The bits of a sample by the cookie of ALAC, whose sixth byte they are.
fn alac_bits(known: &AudioCodecParameters) -> Option<u32> {
    let cookie = known.extra_data.as_ref().filter(|_| known.codec == codec::CODEC_ID_ALAC)?;
    cookie.get(5).copied().map(u32::from).filter(|bits| matches!(bits, 16 | 20 | 24 | 32))
}

/// What people call a coding, and whether it loses something.
fn coding(id: AudioCodecId) -> (&'static str, bool) {
    match id {
        codec::CODEC_ID_FLAC => ("FLAC", false),
        codec::CODEC_ID_ALAC => ("ALAC", false),
        codec::CODEC_ID_MP3 => ("MP3", true),
        codec::CODEC_ID_AAC => ("AAC", true),
        codec::CODEC_ID_VORBIS => ("Vorbis", true),
        codec::CODEC_ID_PCM_ALAW | codec::CODEC_ID_PCM_MULAW => ("PCM, logarithmic", true),
        codec::CODEC_ID_PCM_F32BE | codec::CODEC_ID_PCM_F64BE => ("PCM, floating point", false),
        _ => ("PCM", false),
    }
}

fn failed(kind: Kind, error: &Error) -> AudioError {
    match error {
        Error::Unsupported(what) => AudioError::Unsupported { kind: kind.name(), detail: (*what).to_owned() },
        other => AudioError::Header { kind: kind.name(), detail: other.to_string() },
    }
}
