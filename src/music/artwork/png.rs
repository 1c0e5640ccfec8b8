//! The chunks of a PNG (ISO/IEC 15948).

use super::header::{camera, tells_position};
use super::{ArtworkError, Colour, Format, Header, Profile};
use flate2::read::ZlibDecoder;
use std::io::Read;
use std::ops::Range;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The chunk at its end.
pub(super) const LAST: &[u8; 4] = b"IEND";
/// The most bytes of a profile that are looked at.
const LARGEST_PROFILE: u64 = 4 * 1024 * 1024;

/// A chunk: its name, and where it lies, with length and checksum.
pub(super) struct Chunk {
    pub(super) name: [u8; 4],
    pub(super) whole: Range<usize>,
}

impl Chunk {
    /// What it holds.
    pub(super) fn content<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.whole.start + 8..self.whole.end - 4).unwrap_or_default()
    }
}

/// The chunks in order, as far as they are whole.
pub(super) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    let mut at = SIGNATURE.len();
    std::iter::from_fn(move || {
        let &[a, b, c, d, n0, n1, n2, n3] = bytes.get(at..at.checked_add(8)?)? else { return None };
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        let end = at.checked_add(length)?.checked_add(12)?;
        if end > bytes.len() {
            return None;
        }
        let chunk = Chunk { name: [n0, n1, n2, n3], whole: at..end };
        at = end;
        Some(chunk)
    })
}

pub(super) fn header(bytes: &[u8]) -> Result<Header, ArtworkError> {
    let first = chunks(bytes).next().filter(|chunk| &chunk.name == b"IHDR");
    let first = first.ok_or(ArtworkError::Broken("its first chunk is missing"))?;
    let &[w0, w1, w2, w3, h0, h1, h2, h3, bits, kind, ..] = first.content(bytes) else {
        return Err(ArtworkError::Broken("its first chunk is cut off"));
    };
    let (colour, has_alpha) = match kind {
        0 => (Colour::Grey, false),
        2 => (Colour::Rgb, false),
        3 => (Colour::Palette, false),
        4 => (Colour::Grey, true),
        6 => (Colour::Rgb, true),
        _ => return Err(ArtworkError::Broken("its kind of colours is not one that there is")),
    };
    let mut header = Header {
        format: Format::Png,
        width: u32::from_be_bytes([w0, w1, w2, w3]),
        height: u32::from_be_bytes([h0, h1, h2, h3]),
        bits,
        colour,
        has_alpha,
        profile: Profile::Absent,
        is_animated: false,
        orientation: None,
        has_position: false,
    };
    for chunk in chunks(bytes) {
        let content = chunk.content(bytes);
        match &chunk.name {
            b"acTL" => header.is_animated = true,
            b"tRNS" => header.has_alpha = true,
            b"sRGB" => header.profile = Profile::Srgb,
            b"iCCP" => header.profile = profile(content),
            b"eXIf" => {
                let (orientation, has_position) = camera(content);
                header.orientation = orientation;
                header.has_position |= has_position;
            }
            b"iTXt" => header.has_position |= tells_position(content),
            _ => {}
        }
    }
    Ok(header)
}

/// What a packed profile is: a name, a zero, the method, the profile.
fn profile(content: &[u8]) -> Profile {
    let Some(name) = content.iter().position(|byte| *byte == 0) else { return Profile::Other };
    let packed = content.get(name + 2..).unwrap_or_default();
    let mut unpacked = Vec::new();
    match ZlibDecoder::new(packed).take(LARGEST_PROFILE).read_to_end(&mut unpacked) {
        Ok(_) => Profile::of_icc(&unpacked),
        Err(_) => Profile::Other,
    }
}
