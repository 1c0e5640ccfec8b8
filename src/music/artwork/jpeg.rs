//! The segments of a JPEG up to its first pixel (ITU-T T.81, annex B).

use super::header::{camera, tells_position};
use super::{ArtworkError, Colour, Format, Header, Profile};
use std::ops::Range;

pub(super) const SIGNATURE: &[u8] = b"\xff\xd8\xff";
/// What begins the segment of EXIF.
pub(super) const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
const JFIF: &[u8] = b"JFIF\0";
const ADOBE: &[u8] = b"Adobe";

/// How long the mark of the beginning is.
const SOI: usize = 2;
/// Segment markers.
const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;
const APP0: u8 = 0xe0;
pub(super) const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;
const APP15: u8 = 0xef;
const COMMENT: u8 = 0xfe;

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

    /// Whether the picture looks the same without it: comments, and all that programs keep in it but what tells its
    /// colours and its resolution. Previews, captions and places are of that kind.
    pub(super) fn is_trace(&self, bytes: &[u8]) -> bool {
        let needed = match self.marker {
            APP0 => JFIF,
            APP2 => ICC,
            APP14 => ADOBE,
            marker => return marker == COMMENT || (APP0..=APP15).contains(&marker),
        };
        !self.content(bytes).starts_with(needed)
    }
}

/// The segments before the pixels.
pub(super) fn segments(bytes: &[u8]) -> Result<Vec<Segment>, ArtworkError> {
    let mut segments = Vec::new();
    let mut at = SOI;
    loop {
        let segment = next(bytes, at)?;
        if matches!(segment.marker, START_OF_SCAN | END) {
            return Ok(segments);
        }
        at = segment.whole.end;
        segments.push(segment);
    }
}

/// All segments up to the mark of its end, each scan with its pixels. What comes after that is no part of the picture.
pub(super) fn to_the_end(bytes: &[u8]) -> Result<Vec<Segment>, ArtworkError> {
    let mut segments = Vec::new();
    let mut at = SOI;
    loop {
        let mut segment = next(bytes, at)?;
        if segment.marker == START_OF_SCAN {
            segment.whole.end = end_of_scan(bytes, segment.whole.end);
        }
        at = segment.whole.end;
        // A picture that is cut off within its pixels is shown as far as it goes.
        let is_last = segment.marker == END || (segment.marker == START_OF_SCAN && at >= bytes.len());
        segments.push(segment);
        if is_last {
            return Ok(segments);
        }
    }
}

/// The next segment from a place on.
fn next(bytes: &[u8], mut at: usize) -> Result<Segment, ArtworkError> {
    const CUT: ArtworkError = ArtworkError::Broken("it ends within the header");
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
            END => return Ok(Segment { marker, whole: at..at + 2 }),
            _ => {
                let length = bytes.get(at + 2..at + 4).ok_or(CUT)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                let end = at + 2 + length;
                if length < 2 || end > bytes.len() {
                    return Err(CUT);
                }
                return Ok(Segment { marker, whole: at..end });
            }
        }
    }
}

/// Where the pixels of a scan end that begin here: at the next mark that is neither an escaped byte nor a restart.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let pairs = bytes.get(from..).unwrap_or_default().windows(2);
    let mark =
        pairs.zip(from..).find(|(pair, _)| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff));
    mark.map_or(bytes.len(), |(_, at)| at)
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
