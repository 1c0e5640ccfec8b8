//! The segments of a JPEG up to its first pixel (ITU-T T.81, annex B).

use super::header::{camera, tells_position};
use super::{ArtworkError, Colour, Format, Header, Profile};
use std::ops::Range;

pub(super) const SIGNATURE: &[u8] = b"\xff\xd8\xff";
/// What begins the segment of EXIF.
pub(super) const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

/// Segment markers.
const START_OF_SCAN: u8 = 0xda;
pub(super) const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
/// What Photoshop writes, with captions and places.
pub(super) const APP13: u8 = 0xed;

/// A segment: which, and where it lies, with its marker and its length.
pub(super) struct Segment {
    pub(super) marker: u8,
    pub(super) whole: Range<usize>,
}

impl Segment {
    /// What it holds.
    pub(super) fn content<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.whole.start + 4..self.whole.end).unwrap_or_default()
    }
}

/// The segments before the pixels. The pixels begin where the last of them ends.
pub(super) fn segments(bytes: &[u8]) -> Result<Vec<Segment>, ArtworkError> {
    const CUT: ArtworkError = ArtworkError::Broken("it ends within the header");
    let mut segments = Vec::new();
    let mut at = 2;
    loop {
        if bytes.get(at) != Some(&0xff) {
            return Err(if at >= bytes.len() { CUT } else { ArtworkError::Broken("a segment is missing") });
        }
        let marker = *bytes.get(at + 1).ok_or(CUT)?;
        match marker {
            // Filling.
            0xff => at += 1,
            // Segments without content.
            0x01 | 0xd0..=0xd8 => at += 2,
            START_OF_SCAN | 0xd9 => return Ok(segments),
            _ => {
                let length = bytes.get(at + 2..at + 4).ok_or(CUT)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                let end = at + 2 + length;
                if length < 2 || end > bytes.len() {
                    return Err(CUT);
                }
                segments.push(Segment { marker, whole: at..end });
                at = end;
            }
        }
    }
}

/// Whether a segment is the beginning of a frame, which tells size and colours.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

pub(super) fn header(bytes: &[u8]) -> Result<Header, ArtworkError> {
    let segments = segments(bytes)?;
    let frame = segments.iter().find(|segment| is_frame(segment.marker));
    let frame = frame.ok_or(ArtworkError::Broken("the size is missing"))?.content(bytes);
    let &[bits, high, low, wide, narrow, components, ..] = frame else {
        return Err(ArtworkError::Broken("the size is cut off"));
    };
    let mut header = Header {
        format: Format::Jpeg,
        height: u32::from(u16::from_be_bytes([high, low])),
        width: u32::from(u16::from_be_bytes([wide, narrow])),
        bits,
        colour: match components {
            1 => Colour::Grey,
            3 => Colour::Rgb,
            4 => Colour::Cmyk,
            _ => return Err(ArtworkError::Broken("the number of colours is not one that there is")),
        },
        has_alpha: false,
        profile: Profile::Absent,
        is_animated: false,
        orientation: None,
        has_position: false,
    };
    let mut profile: Vec<u8> = Vec::new();
    for segment in &segments {
        let content = segment.content(bytes);
        match segment.marker {
            APP1 if content.starts_with(EXIF) => {
                let (orientation, has_position) = camera(&content[EXIF.len()..]);
                header.orientation = orientation;
                header.has_position |= has_position;
            }
            APP1 if content.starts_with(XMP) => header.has_position |= tells_position(content),
            // A profile may be cut into several segments, each with its number and how many there are.
            APP2 if content.starts_with(ICC) => {
                profile.extend(content.get(ICC.len() + 2..).unwrap_or_default());
            }
            _ => {}
        }
    }
    if !profile.is_empty() {
        header.profile = Profile::of_icc(&profile);
    }
    Ok(header)
}
