//! What a cover is: read from its header first, so that a small file cannot claim gigabytes of pixels, and then
//! from its pixels.

mod detail;
mod error;
mod header;
mod jpeg;
mod likeness;
mod png;
mod strip;
#[cfg(test)]
pub(crate) mod tests;
mod thumbnail;
mod tiff;

pub use detail::{Border, Detail};
pub use error::ArtworkError;
pub use header::{Colour, Format, Header, Profile, header};
pub use likeness::{ALIKE, Likeness};
pub use strip::without_traces;
pub use thumbnail::{SIZES, Thumbnail, size_for, thumbnail};

use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longest side that is decoded, in pixels.
pub const LONGEST_SIDE: u32 = 10_000;
/// The most pixels that are decoded: three bytes for each are 150 MB.
pub const MOST_PIXELS: u64 = 50_000_000;

/// Everything that was found out about a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// What the header says.
    pub header: Header,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// What its pixels show; none where they were not looked at.
    pub detail: Option<Detail>,
    /// How it looks in 64 bits, to be compared with others; none where its pixels were not looked at.
    pub likeness: Option<Likeness>,
}

/// Finds out everything about a picture. Pixels of pictures for print (CMYK) are not looked at.
///
/// # Errors
/// [`ArtworkError`], where it is no picture that can be read, or claims more pixels than are decoded.
pub fn look(bytes: &[u8]) -> Result<Picture, ArtworkError> {
    let header = header(bytes)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if header.colour == Colour::Cmyk {
        return Ok(Picture { header, bytes: size, detail: None, likeness: None });
    }
    let luma = decode(bytes, &header)?.to_luma8();
    let detail = detail::of(&luma);
    Ok(Picture { header, bytes: size, detail: Some(detail), likeness: Some(Likeness::of(&luma)) })
}

/// How a picture looks, without all else.
///
/// # Errors
/// As [`look`].
pub fn likeness(bytes: &[u8]) -> Result<Likeness, ArtworkError> {
    let header = header(bytes)?;
    Ok(Likeness::of(&decode(bytes, &header)?.to_luma8()))
}

/// The pixels, within the limits.
fn decode(bytes: &[u8], header: &Header) -> Result<DynamicImage, ArtworkError> {
    let (width, height) = (header.width, header.height);
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE || pixels > MOST_PIXELS {
        return Err(ArtworkError::TooLarge { width, height });
    }
    let format = match header.format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Tiff => ImageFormat::Tiff,
    };
    // Where the decoder finds another size than was measured, it is not decoded.
    let mut limits = Limits::default();
    limits.max_image_width = Some(width);
    limits.max_image_height = Some(height);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.decode().map_err(|error| ArtworkError::Undecodable(error.to_string()))
}
