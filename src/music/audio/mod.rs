//! What a recording is and how it sounds: one pass through the file feeds everything that measures, block by
//! block, so that an hour takes no more memory than a minute.

mod decode;
mod error;
mod fingerprint;
mod key;
pub mod kind;
mod levels;
mod loudness;
mod mixdown;
pub mod riff;
mod runs;
mod spectrogram;
mod spectrum;
pub mod tags;
mod tempo;
mod time;
mod waveform;

#[cfg(test)]
pub(crate) mod tests;

pub use decode::{Damage, Damages, Fingerprint, HIGHEST_RATE, LONGEST_SECONDS, MOST_CHANNELS, Properties};
pub use error::AudioError;
pub use fingerprint::{AcousticPrint, SAME_RECORDING, similarity};
pub use key::Key;
pub use kind::Kind;
pub use levels::Levels;
pub use loudness::{Loudness, LoudnessCurve, gain};
pub use riff::Riff;
pub use runs::Silence;
pub use spectrogram::{FLOOR, Spectrogram, spectrogram};
pub use spectrum::Spectrum;
pub use tags::Tags;
pub use tempo::Tempo;
pub use time::{Places, Span, decibels, frames, seconds};
pub use waveform::{Bits, FINEST, Waveform, WaveformJson, height, samples_per_pixel};

use decode::{Block, Decoder, Ending};
use fingerprint::PrintMaker;
use key::KeyFinder;
use levels::LevelMeter;
use loudness::LoudnessMeter;
use runs::{ClippingFinder, DropoutFinder, SilenceFinder};
use spectrum::SpectrumMeter;
use std::io::{Read, Seek};
use std::ops::Range;
use tempo::TempoFinder;
use time::count;
use waveform::WaveformDrawer;

/// Everything that was found out about a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// What the header says.
    pub properties: Properties,
    /// The container of a WAV.
    pub riff: Option<Riff>,
    /// Frames that could be read.
    pub frames: u64,
    /// Whether it is longer than what is looked at.
    pub is_cut: bool,
    /// What could not be read.
    pub damages: Damages,
    /// Whether the fingerprint of a FLAC is right; none for other kinds.
    pub fingerprint: Option<Fingerprint>,
    /// How loud it is.
    pub loudness: Loudness,
    /// How loud it is over time.
    pub curve: LoudnessCurve,
    /// The waveform, 256 frames a point.
    pub waveform: Waveform,
    /// The waveforms of left and right, as fine; none where there are more or fewer than two channels.
    pub sides: Vec<Waveform>,
    /// Where it is silent.
    pub silence: Silence,
    /// Gaps within sound.
    pub dropouts: Places,
    /// Samples at full scale in a row.
    pub clipping: Places,
    /// Levels of channels.
    pub levels: Levels,
    /// The long-term spectrum.
    pub spectrum: Spectrum,
    /// The tempo, where one was found.
    pub tempo: Option<Tempo>,
    /// The key, where one was found.
    pub key: Option<Key>,
    /// What it sounds like, to be known again.
    pub print: AcousticPrint,
}

impl Analysis {
    /// How long it is, in seconds.
    pub fn seconds(&self) -> f64 {
        seconds(self.frames, self.properties.rate)
    }
}

/// Everything that listens to the blocks.
struct Listeners {
    loudness: LoudnessMeter,
    waveform: WaveformDrawer,
    sides: Vec<WaveformDrawer>,
    silence: SilenceFinder,
    dropouts: DropoutFinder,
    clipping: ClippingFinder,
    levels: LevelMeter,
    spectrum: SpectrumMeter,
    tempo: TempoFinder,
    key: KeyFinder,
    print: PrintMaker,
    mono: Vec<f32>,
}

impl Listeners {
    fn new(properties: &Properties) -> Result<Self, AudioError> {
        let (channels, rate) = (properties.channels, properties.rate);
        let is_float = properties.is_float || properties.is_lossy;
        let sides = (0..channels).filter(|_| channels == 2);
        let sides = sides.map(|_| WaveformDrawer::new(rate, FINEST, is_float));
        Ok(Self {
            loudness: LoudnessMeter::new(channels, rate)?,
            waveform: WaveformDrawer::new(rate, FINEST, is_float),
            sides: sides.collect(),
            silence: SilenceFinder::new(rate),
            dropouts: DropoutFinder::new(channels, rate),
            clipping: ClippingFinder::new(channels),
            levels: LevelMeter::new(channels, rate),
            spectrum: SpectrumMeter::new(rate),
            tempo: TempoFinder::new(rate),
            key: KeyFinder::new(rate),
            print: PrintMaker::new(rate),
            mono: Vec::new(),
        })
    }

    fn feed(&mut self, block: &Block) -> Result<(), AudioError> {
        self.loudness.feed(block)?;
        self.waveform.feed(block);
        for (side, channel) in self.sides.iter_mut().zip(&block.channels) {
            side.feed_channel(channel);
        }
        self.silence.feed(block);
        self.dropouts.feed(block);
        self.clipping.feed(block);
        self.levels.feed(block);
        mixdown::mix(block, &mut self.mono);
        self.spectrum.feed(&self.mono);
        self.tempo.feed(&self.mono);
        self.key.feed(&self.mono);
        self.print.feed(&self.mono);
        Ok(())
    }
}

/// Finds out everything about a recording. `watch` is told how many frames were read and how many there should
/// be, and answers whether to go on.
///
/// # Errors
/// [`AudioError`], where nothing could be read, or `watch` stopped it.
pub fn analyze<R>(
    source: &mut R,
    mut watch: impl FnMut(u64, Option<u64>) -> bool,
) -> Result<Analysis, AudioError>
where
    R: Read + Seek + Send + Sync,
{
    let kind = kind::recognise(source)?;
    let (mut decoder, riff) = Decoder::open(source, kind)?;
    let properties = decoder.properties().clone();
    let mut listeners = Listeners::new(&properties)?;
    let (frames, is_cut) = pass(&mut decoder, &properties, |block, done| {
        listeners.feed(block)?;
        if watch(done, properties.expected) { Ok(true) } else { Err(AudioError::Stopped) }
    })?;
    let Ending { damages, fingerprint } = decoder.finish();
    let (loudness, curve) = listeners.loudness.finish()?;
    Ok(Analysis {
        riff,
        frames,
        is_cut,
        damages,
        fingerprint: fingerprint.filter(|_| !is_cut),
        loudness,
        curve,
        waveform: listeners.waveform.finish(),
        sides: listeners.sides.into_iter().map(WaveformDrawer::finish).collect(),
        silence: listeners.silence.finish(),
        dropouts: listeners.dropouts.finish(),
        clipping: listeners.clipping.finish(),
        levels: listeners.levels.finish(),
        spectrum: listeners.spectrum.finish(),
        tempo: listeners.tempo.finish(),
        key: listeners.key.finish(),
        print: listeners.print.finish(),
        properties,
    })
}

/// Draws the waveform of a recording or of a part of it, in seconds, and nothing else: of one channel, from 1, or of
/// all of them mixed. Soon after `most_points` it stops, so that whoever asks can see that there are more.
///
/// # Errors
/// [`AudioError`], where nothing could be read, there is no such channel, or `watch` stopped it.
pub fn draw<R>(
    source: &mut R,
    samples_per_pixel: u32,
    most_points: usize,
    part: Range<f64>,
    channel: Option<u32>,
    mut watch: impl FnMut(u64, Option<u64>) -> bool,
) -> Result<Waveform, AudioError>
where
    R: Read + Seek + Send + Sync,
{
    let kind = kind::recognise(source)?;
    let (mut decoder, _) = Decoder::open(source, kind)?;
    let properties = decoder.properties().clone();
    let place = channel.map(|wanted| {
        let place = usize::try_from(wanted).ok().and_then(|wanted| wanted.checked_sub(1));
        let there = place.filter(|place| *place < usize::from(properties.channels));
        there.ok_or(AudioError::NoChannel { wanted, channels: properties.channels })
    });
    let place = place.transpose()?;
    let (from, to) = (frames(part.start, properties.rate), frames(part.end, properties.rate));
    let is_float = properties.is_float || properties.is_lossy;
    let mut drawer = WaveformDrawer::new(properties.rate, samples_per_pixel, is_float);
    pass(&mut decoder, &properties, |block, done| {
        let start = done - count(block.frames());
        let length = block.frames();
        let within = |at: u64| usize::try_from(at.saturating_sub(start)).unwrap_or(length).min(length);
        block.truncate(within(to));
        block.channels.iter_mut().for_each(|channel| {
            channel.drain(..within(from).min(channel.len()));
        });
        match place {
            Some(place) => {
                drawer.feed_channel(block.channels.get(place).map(Vec::as_slice).unwrap_or_default());
            }
            None => drawer.feed(block),
        }
        if watch(done, properties.expected) {
            Ok(done < to && drawer.points() <= most_points)
        } else {
            Err(AudioError::Stopped)
        }
    })?;
    Ok(drawer.finish())
}

/// Hands over every block with the frames that were read so far, until there are no more, too many, or no more
/// are wanted; gives the frames, and whether there would have been more than are looked at.
fn pass<R>(
    decoder: &mut Decoder<'_, R>,
    properties: &Properties,
    mut each: impl FnMut(&mut Block, u64) -> Result<bool, AudioError>,
) -> Result<(u64, bool), AudioError>
where
    R: Read + Seek + Send + Sync,
{
    let longest = u64::from(LONGEST_SECONDS) * u64::from(properties.rate);
    let (mut block, mut done) = (Block::default(), 0_u64);
    while decoder.next(&mut block)? {
        let room = usize::try_from(longest - done).unwrap_or(usize::MAX);
        let is_cut = block.frames() > room;
        block.truncate(room);
        done += count(block.frames());
        if is_cut {
            each(&mut block, done)?;
            return Ok((done, true));
        }
        if !each(&mut block, done)? {
            break;
        }
    }
    Ok((done, false))
}
