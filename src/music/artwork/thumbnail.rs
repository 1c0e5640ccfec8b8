//! Smaller pictures for pages: turned as the camera meant, without any metadata.

use super::{ArtworkError, decode, header};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;

/// The longest sides of smaller pictures, in pixels: for lines of lists, and for pages, at two pixels each.
pub const SIZES: [u32; 3] = [80, 320, 640];
/// How good a JPEG is, of 100.
const QUALITY: u8 = 84;

/// A smaller picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// The media type.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The smallest of [`SIZES`] that is at least as large, or the largest.
pub fn size_for(side: u32) -> u32 {
    SIZES.into_iter().find(|size| *size >= side).unwrap_or(SIZES[SIZES.len() - 1])
}

/// The picture with sides of at most so many pixels, never larger than it is.
///
/// # Errors
/// [`ArtworkError`], where it cannot be read or written.
pub fn thumbnail(bytes: &[u8], side: u32) -> Result<Thumbnail, ArtworkError> {
    let header = header(bytes)?;
    let mut picture = decode(bytes, &header)?;
    if header.width.max(header.height) > side {
        picture = picture.thumbnail(side, side);
    }
    if let Some(turn) = header.orientation.and_then(Orientation::from_exif) {
        picture.apply_orientation(turn);
    }
    let unwritable = |error: image::ImageError| ArtworkError::Unwritable(error.to_string());
    let mut small = Vec::new();
    if header.has_alpha {
        let picture = DynamicImage::ImageRgba8(picture.into_rgba8());
        picture.write_to(&mut Cursor::new(&mut small), ImageFormat::Png).map_err(unwritable)?;
        return Ok(Thumbnail { media_type: "image/png", bytes: small });
    }
    let encoder = JpegEncoder::new_with_quality(&mut small, QUALITY);
    DynamicImage::ImageRgb8(picture.into_rgb8()).write_with_encoder(encoder).map_err(unwritable)?;
    Ok(Thumbnail { media_type: "image/jpeg", bytes: small })
}
