//! Takes out of a picture what says where, when, by whom and with what it was made. What is stored stays as it is;
//! this is for what is shown. How to turn the picture is kept, and so is its profile of colours.

use super::jpeg::{self, APP1, EXIF};
use super::{ArtworkError, Format, header, png};

/// The chunks of a PNG that tell about its making.
const TRACES: [&[u8; 4]; 5] = [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"];

/// The picture without traces of its making, and without what stands behind its end; none where there is nothing of
/// that.
///
/// # Errors
/// [`ArtworkError`], where it is no picture that can be followed to its end, and for each TIFF: few browsers show one,
/// and it can keep traces anywhere, so that it is written anew to be shown.
pub fn without_traces(bytes: &[u8]) -> Result<Option<Vec<u8>>, ArtworkError> {
    let header = header(bytes)?;
    let turned = header.orientation.filter(|turn| (2..=8).contains(turn));
    let kept = match header.format {
        Format::Jpeg => of_jpeg(bytes, turned)?,
        // Browsers do not turn a PNG, so nothing is lost without that.
        Format::Png => of_png(bytes),
        Format::Tiff => return Err(ArtworkError::ShownAnew),
    };
    Ok(Some(kept).filter(|kept| kept != bytes))
}

fn of_jpeg(bytes: &[u8], turned: Option<u8>) -> Result<Vec<u8>, ArtworkError> {
    let segments = jpeg::to_the_end(bytes)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend(&bytes[..2]);
    if let Some(turn) = turned {
        let tiff = only_orientation(turn);
        let length = u16::try_from(2 + EXIF.len() + tiff.len())
            .map_err(|_| ArtworkError::Unwritable("its orientation is too long".to_owned()))?;
        kept.extend([0xff, APP1]);
        kept.extend(length.to_be_bytes());
        kept.extend(EXIF);
        kept.extend(tiff);
    }
    for segment in segments.into_iter().filter(|segment| !segment.is_trace(bytes)) {
        kept.extend(&bytes[segment.whole]);
    }
    Ok(kept)
}

fn of_png(bytes: &[u8]) -> Vec<u8> {
    let mut kept = bytes[..png::SIGNATURE.len()].to_vec();
    for chunk in png::chunks(bytes) {
        let is_last = &chunk.name == png::LAST;
        if !TRACES.contains(&&chunk.name) {
            kept.extend(&bytes[chunk.whole]);
        }
        if is_last {
            break;
        }
    }
    kept
}

/// A TIFF that says how to turn the picture, and nothing else: one entry, tag 0x0112, one short number.
fn only_orientation(turn: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([turn, 0, 0, 0]);
    tiff.extend([0; 4]);
    tiff
}
