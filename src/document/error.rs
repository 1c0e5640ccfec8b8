//! Why a document cannot be read, in words for the person who added it.

use std::time::Duration;

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Larger than is read at all.
    #[error("the file has {} MB; documents of up to {} MB are read", bytes.div_ceil(1024 * 1024), limit / (1024 * 1024))]
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The largest size in bytes.
        limit: u64,
    },
    /// The file has no bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// Not one of the formats that are read.
    #[error("this is {what}; Markdown, plain text, PDF and Word (.docx) can be read")]
    UnknownFormat {
        /// What it seems to be.
        what: &'static str,
    },
    /// Text in an encoding that cannot be told for certain.
    #[error(
        "the text is not UTF-8 (line {line} has a byte that is not); save it as UTF-8, since its encoding cannot be told for certain"
    )]
    Encoding {
        /// The first line with such a byte, from 1.
        line: usize,
    },
    /// Protected by a password.
    #[error("the file is encrypted; save it without a password")]
    Encrypted,
    /// Nothing in it is text.
    #[error("the file has no text in it")]
    NoText,
    /// Pages without text, but with pictures: a scan.
    #[error(
        "the {pages} pages hold pictures only, as a scan does; run text recognition (OCR) over the file first"
    )]
    ScannedOnly {
        /// How many pages it has.
        pages: usize,
    },
    /// Against the rules of its format.
    #[error("the file is damaged: {reason}")]
    Broken {
        /// What is wrong with it.
        reason: String,
    },
    /// Unpacks to more than any honest document does.
    #[error("the file unpacks to more than {megabytes} MB; that is not read")]
    UnpacksTooLarge {
        /// The limit.
        megabytes: usize,
    },
    /// Has more pages than are read.
    #[error("the file has {pages} pages; up to {limit} are read")]
    TooManyPages {
        /// How many pages it has.
        pages: usize,
        /// The limit.
        limit: usize,
    },
    /// Takes too long.
    #[error("the file could not be read within {} s", limit.as_secs())]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
}
