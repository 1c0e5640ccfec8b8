//! Why nothing can be said about a picture.

use super::{LONGEST_SIDE, MOST_PIXELS};

/// Why nothing can be said about a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArtworkError {
    /// It is a picture of another kind, or no picture.
    #[error("it is {0}, and no PNG, JPEG or TIFF")]
    OtherFormat(&'static str),
    /// The header is cut off, or contradicts itself.
    #[error("its header is broken: {0}")]
    Broken(&'static str),
    /// It has, or claims, more pixels than are decoded.
    #[error(
        "it has {width} × {height} pixels; at most {LONGEST_SIDE} a side and {} million in all are decoded",
        MOST_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The header is right, the pixels are not.
    #[error("its pixels cannot be decoded: {0}")]
    Undecodable(String),
    /// Data of its making are in too many places to be taken out: it is written anew to be shown.
    #[error("a TIFF is only shown written anew")]
    ShownAnew,
    /// A smaller picture could not be written.
    #[error("a smaller picture of it cannot be made: {0}")]
    Unwritable(String),
}
