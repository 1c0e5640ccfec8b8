//! Why a file could not be analysed at all. What could be read in part is no error, but damage.

use std::io;

/// A file that cannot be analysed.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// Not one byte.
    #[error("the file is empty")]
    Empty,
    /// Something else than audio, or audio that nobody delivers.
    #[error("this is {what}; WAV, AIFF, FLAC, ALAC, MP3, AAC and Ogg Vorbis are read")]
    NotAudio {
        /// What it is, in words that finish the sentence.
        what: &'static str,
    },
    /// The header contradicts itself, lacks something, or asks for what no recording has.
    #[error("the {kind} header cannot be right: {detail}")]
    Header {
        /// The kind of file.
        kind: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// A coding that is not read.
    #[error("this {kind} cannot be read: {detail}")]
    Unsupported {
        /// The kind of file.
        kind: &'static str,
        /// The coding.
        detail: String,
    },
    /// The file itself could not be read.
    #[error("the file could not be read: {0}")]
    Read(#[from] io::Error),
    /// A channel was asked for that it does not have.
    #[error("it has {channels} channels, and none of the number {wanted}")]
    NoChannel {
        /// Which was asked for, from 1.
        wanted: u32,
        /// How many there are.
        channels: u16,
    },
    /// Whoever asked does not want the result any more.
    #[error("the analysis was stopped")]
    Stopped,
}
