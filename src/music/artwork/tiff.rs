//! The directory of a TIFF, which says what its first page is (Adobe, TIFF 6.0).

use super::header::tells_position;
use super::{ArtworkError, Colour, Format, Header, Profile};
use std::ops::Range;

/// What those begin with that are written with the smallest digit first, and with the largest.
pub(super) const SIGNATURES: [&[u8]; 2] = [b"II*\0", b"MM\0*"];
/// The most bytes of a profile that are looked at.
const LARGEST_PROFILE: usize = 4 * 1024 * 1024;

/// What the numbers of entries mean.
mod tag {
    pub(super) const KIND_OF_PAGE: u16 = 254;
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COLOURS: u16 = 262;
    pub(super) const ORIENTATION: u16 = 274;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const XMP: u16 = 700;
    pub(super) const PROFILE: u16 = 34_675;
    pub(super) const POSITION: u16 = 34_853;
}

/// An entry of a directory: what it is about, the type and number of its values, and where they or their place stand.
struct Entry {
    tag: u16,
    kind: u16,
    count: usize,
    at: usize,
}

/// A directory, and where the next one lies.
struct Directory {
    entries: Vec<Entry>,
    next: Option<usize>,
}

/// The bytes with their order.
struct File<'a> {
    bytes: &'a [u8],
    smallest_first: bool,
}

impl File<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        let pair: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.smallest_first { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.smallest_first { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn place(&self, at: usize) -> Option<usize> {
        usize::try_from(self.long(at)?).ok()
    }

    /// The directory at this place, as far as it is there.
    fn directory(&self, at: usize) -> Option<Directory> {
        const ENTRY: usize = 12;
        let count = usize::from(self.short(at)?);
        let first = at.checked_add(2)?;
        let entries = (0..count).map_while(|number| {
            let at = first.checked_add(number * ENTRY)?;
            let (tag, kind) = (self.short(at)?, self.short(at.checked_add(2)?)?);
            Some(Entry { tag, kind, count: self.place(at.checked_add(4)?)?, at: at.checked_add(8)? })
        });
        let entries: Vec<Entry> = entries.collect();
        let next = first.checked_add(count * ENTRY).and_then(|at| self.place(at));
        Some(Directory { entries, next: next.filter(|next| *next > 0) })
    }

    /// Where the values of an entry lie: in it, where they fit there.
    fn values(&self, entry: &Entry) -> Option<Range<usize>> {
        let size: usize = match entry.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = size.checked_mul(entry.count)?;
        let begins = if length <= 4 { entry.at } else { self.place(entry.at)? };
        let end = begins.checked_add(length)?;
        (end <= self.bytes.len()).then_some(begins..end)
    }

    /// The first value of what a directory says about this, where that is a whole number.
    fn number(&self, directory: &Directory, tag: u16) -> Option<u32> {
        let entry = directory.entry(tag)?;
        let values = self.values(entry).filter(|values| !values.is_empty())?;
        match entry.kind {
            1 => self.bytes.get(values.start).copied().map(u32::from),
            3 => self.short(values.start).map(u32::from),
            4 => self.long(values.start),
            _ => None,
        }
    }

    fn content(&self, directory: &Directory, tag: u16) -> Option<&[u8]> {
        self.bytes.get(self.values(directory.entry(tag)?)?)
    }

    /// Whether there is a second page that is more than a preview of the first.
    fn has_pages(&self, directory: &Directory) -> bool {
        let second = directory.next.and_then(|at| self.directory(at));
        second.is_some_and(|second| self.number(&second, tag::KIND_OF_PAGE).is_none_or(|kind| kind & 1 == 0))
    }
}

impl Directory {
    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// Whether it says something twice: readers do not agree then which of both holds.
    fn contradicts_itself(&self) -> bool {
        let mut tags: Vec<u16> = self.entries.iter().map(|entry| entry.tag).collect();
        tags.sort_unstable();
        tags.windows(2).any(|pair| pair[0] == pair[1])
    }
}

pub(super) fn header(bytes: &[u8]) -> Result<Header, ArtworkError> {
    let file = File { bytes, smallest_first: bytes.starts_with(SIGNATURES[0]) };
    let directory = file.place(4).and_then(|at| file.directory(at));
    let directory = directory.ok_or(ArtworkError::Broken("its directory is missing"))?;
    if directory.contradicts_itself() {
        return Err(ArtworkError::Broken("its directory has an entry twice"));
    }
    let side = |tag| file.number(&directory, tag).ok_or(ArtworkError::Broken("its size is missing"));
    let (colour, channels) = match file.number(&directory, tag::COLOURS) {
        Some(0 | 1) => (Colour::Grey, 1),
        Some(2 | 6) => (Colour::Rgb, 3),
        Some(3) => (Colour::Palette, 1),
        Some(5) => (Colour::Cmyk, 4),
        _ => return Err(ArtworkError::Broken("its kind of colours is not one that is read")),
    };
    let profile = file.content(&directory, tag::PROFILE);
    let orientation = file.number(&directory, tag::ORIENTATION);
    Ok(Header {
        format: Format::Tiff,
        width: side(tag::WIDTH)?,
        height: side(tag::HEIGHT)?,
        bits: file.number(&directory, tag::BITS).map_or(1, |bits| u8::try_from(bits).unwrap_or(u8::MAX)),
        colour,
        has_alpha: file.number(&directory, tag::SAMPLES).is_some_and(|samples| samples > channels),
        profile: profile.map_or(Profile::Absent, |profile| {
            Profile::of_icc(profile.get(..LARGEST_PROFILE).unwrap_or(profile))
        }),
        is_animated: file.has_pages(&directory),
        orientation: orientation.and_then(|turn| u8::try_from(turn).ok()),
        has_position: directory.entry(tag::POSITION).is_some()
            || file.content(&directory, tag::XMP).is_some_and(tells_position),
    })
}
