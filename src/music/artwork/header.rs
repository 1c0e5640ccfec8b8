//! What a file says of its picture before the first pixel.

use super::{ArtworkError, jpeg, png, tiff};
use exif::{Context, In, Reader, Tag};

/// The kinds of pictures that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// TIFF.
    Tiff,
}

impl Format {
    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::Tiff => "TIFF",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Png => "image/png",
            Format::Jpeg => "image/jpeg",
            Format::Tiff => "image/tiff",
        }
    }
}

/// How colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Shades of grey.
    Grey,
    /// Red, green and blue.
    Rgb,
    /// Red, green and blue out of a list.
    Palette,
    /// Inks, for print.
    Cmyk,
}

impl Colour {
    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Colour::Grey => "grey",
            Colour::Rgb => "RGB",
            Colour::Palette => "RGB from a palette",
            Colour::Cmyk => "CMYK",
        }
    }
}

/// What the numbers of colours mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Nothing is said.
    Absent,
    /// The colours of screens.
    Srgb,
    /// Another ICC profile for RGB or grey.
    Other,
    /// An ICC profile for print.
    Print,
}

impl Profile {
    /// What an ICC profile is: its space of colours stands at byte 16 (ICC.1:2010, 7.2.6), and those for screens
    /// have the name in their description, in ASCII or in UTF-16.
    pub(super) fn of_icc(profile: &[u8]) -> Self {
        const WIDE: &[u8] = b"s\0R\0G\0B";
        if profile.get(16..20) == Some(b"CMYK") {
            return Profile::Print;
        }
        let has = |name: &[u8]| profile.windows(name.len()).any(|part| part == name);
        if has(b"sRGB") || has(WIDE) { Profile::Srgb } else { Profile::Other }
    }
}

/// What a file says of its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The kind of file.
    pub format: Format,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bits of each colour of a pixel.
    pub bits: u8,
    /// How colours are written.
    pub colour: Colour,
    /// Whether it can be seen through.
    pub has_alpha: bool,
    /// What the numbers of colours mean.
    pub profile: Profile,
    /// Whether it moves, or has several pages.
    pub is_animated: bool,
    /// How a viewer has to turn it, from 1 (not at all) to 8, where the file says so.
    pub orientation: Option<u8>,
    /// Whether it says where it was taken.
    pub has_position: bool,
}

/// What pictures of other kinds begin with.
const OTHERS: [(&[u8], &str); 7] = [
    (b"GIF8", "a GIF"),
    (b"II+\0", "a TIFF of the kind for more than 4 GB"),
    (b"MM\0+", "a TIFF of the kind for more than 4 GB"),
    (b"BM", "a BMP"),
    (b"8BPS", "a Photoshop document"),
    (b"%PDF", "a PDF"),
    (b"<svg", "an SVG"),
];

/// Reads what a file says of its picture.
///
/// # Errors
/// [`ArtworkError`], where it is no PNG, JPEG or TIFF, or ends before its header does.
pub fn header(bytes: &[u8]) -> Result<Header, ArtworkError> {
    let header = if bytes.starts_with(png::SIGNATURE) {
        png::header(bytes)?
    } else if bytes.starts_with(jpeg::SIGNATURE) {
        jpeg::header(bytes)?
    } else if tiff::SIGNATURES.iter().any(|signature| bytes.starts_with(signature)) {
        tiff::header(bytes)?
    } else {
        return Err(ArtworkError::OtherFormat(other(bytes)));
    };
    if header.width == 0 || header.height == 0 {
        return Err(ArtworkError::Broken("it has no pixels"));
    }
    Ok(header)
}

fn other(bytes: &[u8]) -> &'static str {
    if bytes.get(..4) == Some(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return "a WebP";
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return "a HEIF or AVIF, or a film";
    }
    let known = OTHERS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    known.map_or("no picture that is known", |(_, name)| name)
}

/// What cameras write: how to turn the picture, and whether it says where it was taken.
pub(super) fn camera(tiff: &[u8]) -> (Option<u8>, bool) {
    let read = Reader::new().continue_on_error(true).read_raw(tiff.to_vec());
    let Ok(exif) = read.or_else(|error| error.distill_partial_result(drop)) else { return (None, false) };
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    let orientation = orientation.and_then(|field| field.value.get_uint(0));
    let has_position = exif.fields().any(|field| field.tag.context() == Context::Gps);
    (orientation.and_then(|turn| u8::try_from(turn).ok()), has_position)
}

/// Whether a text in XMP says where the picture was taken.
pub(super) fn tells_position(xmp: &[u8]) -> bool {
    const NAME: &[u8] = b"GPSLatitude";
    xmp.windows(NAME.len()).any(|part| part == NAME)
}
