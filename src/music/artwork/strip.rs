//! Takes out of a picture what says where, when, by whom and with what it was made. What is stored stays as it is;
//! this is for what is shown. How to turn the picture is kept, and so is its profile of colours.

use super::jpeg::{self, APP1, APP13, EXIF};
use super::{Format, header, png};

/// The chunks of a PNG that tell about its making.
const TRACES: [&[u8; 4]; 5] = [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"];

/// The picture without traces of its making; none where there are none, or where it is no picture that is known.
pub fn without_traces(bytes: &[u8]) -> Option<Vec<u8>> {
    let header = header(bytes).ok()?;
    let turned = header.orientation.filter(|turn| (2..=8).contains(turn));
    match header.format {
        Format::Jpeg => of_jpeg(bytes, turned),
        // Browsers do not turn a PNG, so nothing is lost without that.
        Format::Png => of_png(bytes),
    }
}

fn of_jpeg(bytes: &[u8], turned: Option<u8>) -> Option<Vec<u8>> {
    let segments = jpeg::segments(bytes).ok()?;
    let is_trace = |marker: u8| matches!(marker, APP1 | APP13);
    if !segments.iter().any(|segment| is_trace(segment.marker)) {
        return None;
    }
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend(&bytes[..2]);
    if let Some(turn) = turned {
        let tiff = only_orientation(turn);
        let length = u16::try_from(2 + EXIF.len() + tiff.len()).ok()?;
        kept.extend([0xff, APP1]);
        kept.extend(length.to_be_bytes());
        kept.extend(EXIF);
        kept.extend(tiff);
    }
    for segment in segments.iter().filter(|segment| !is_trace(segment.marker)) {
        kept.extend(&bytes[segment.whole.clone()]);
    }
    let pixels = segments.last().map_or(2, |segment| segment.whole.end);
    kept.extend(&bytes[pixels..]);
    Some(kept)
}

fn of_png(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_trace = |name: &[u8; 4]| TRACES.contains(&name);
    if !png::chunks(bytes).any(|chunk| is_trace(&chunk.name)) {
        return None;
    }
    let mut kept = bytes[..png::SIGNATURE.len()].to_vec();
    for chunk in png::chunks(bytes).filter(|chunk| !is_trace(&chunk.name)) {
        kept.extend(&bytes[chunk.whole]);
    }
    Some(kept)
}

/// A TIFF that says how to turn the picture, and nothing else: one entry, tag 0x0112, one short number.
fn only_orientation(turn: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([turn, 0, 0, 0]);
    tiff.extend([0; 4]);
    tiff
}
