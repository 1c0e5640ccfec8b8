//! The checklist for covers: every rule with its limit, its source and what to do, the limits of stores as data,
//! and what a picture shows of them.

use super::rules::{Rule, rule_of};
use super::{Finding, Severity};
use crate::music::artwork::{ALIKE, ArtworkError, Colour, Format, Header, Picture, Profile};
use Severity::{Error, Information, Warning};

const STORES: Option<&str> =
    Some("Spotify and Apple: artwork specifications; distributors' delivery specifications");
const SPOTIFY: Option<&str> = Some("Spotify: artwork specification");

/// The rules in the order of their codes.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule_of("R01", "Not a picture that stores take", Some("PNG or JPEG that does not move; TIFF of one page where the store takes it"), STORES, "Export the cover again as PNG or JPEG in RGB."),
    rule_of("R02", "Not square", Some("1:1"), STORES, "Cut the cover to a square; do not stretch it."),
    rule_of("R03", "Unusual size", Some("3000 pixels a side advised; at most 10,000 pixels and 20 MB"), STORES, "Export the cover with 3000 × 3000 pixels from the original design."),
    rule_of("R04", "Unusual colours", Some("RGB with 8 bits a colour, sRGB, nothing to see through"), STORES, "Convert the cover to sRGB with 8 bits a colour, on a solid ground, and embed the profile."),
    rule_of("R05", "Looks enlarged or blurred", Some("detail finer than a third of the pixels: less than 45 dB kept after a reduction to that"), SPOTIFY, "Export from the original design at full size; an enlarged picture stays soft."),
    rule_of("R06", "Data of a camera inside", Some("no orientation, no place"), SPOTIFY, "Turn the picture itself and export it without metadata."),
    rule_of("R07", "Has to be looked at by a person", Some("title and artist only: no address, price, logo of a store, “Exclusive”, word for a disc"), STORES, "Look at the cover; where nothing of that is on it, waive this and say so."),
    rule_of("R08", "Looks like another cover", Some("more than 5 of the 64 bits of both prints apart"), None, "Check that it is the right cover; give each product one of its own."),
    rule_of("R09", "Border of one colour", None, None, "Nothing to mend, if it is meant; bars beside a picture that is not square are refused by some stores."),
];

/// What a store asks of covers.
#[derive(Debug, PartialEq, Eq)]
pub struct CoverLimits {
    /// The profile of the store.
    pub profile: &'static str,
    /// The shortest side that is taken, in pixels.
    pub smallest: u32,
    /// The side that is advised, in pixels.
    pub advised: u32,
    /// Whether a TIFF is taken.
    pub takes_tiff: bool,
    /// Who says so.
    pub source: &'static str,
}

/// The limits by profile, as of November 2026.
pub const COVER_LIMITS: &[CoverLimits] = &[
    CoverLimits {
        profile: "distributor",
        smallest: 1400,
        advised: 3000,
        takes_tiff: false,
        source: "Revelator and iMusician delivery specifications",
    },
    CoverLimits {
        profile: "spotify",
        smallest: 640,
        advised: 640,
        takes_tiff: true,
        source: "Spotify: artwork specification",
    },
    CoverLimits {
        profile: "apple",
        smallest: 3000,
        advised: 3000,
        takes_tiff: false,
        source: "Apple: artwork specification",
    },
];

/// The longest side that is usual, in pixels.
const LONGEST: u32 = 10_000;
/// The largest file that is usual, in bytes.
const LARGEST: u64 = 20_000_000;
/// What is left of a picture that had nothing finer than a third of its pixels, in dB.
const NOTHING_LOST: f64 = 45.0;
/// The variance of the Laplacian below which no edge is sharp.
const SOFT: f64 = 4.0;

/// Another cover, and in how many of 64 bits it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// How it is called, for instance the title of its release.
    pub name: String,
    /// How many bits differ.
    pub distance: u32,
}

/// Every rule that has something to say about a cover, the weightiest first. The limits of a profile that is not
/// known are those of distributors.
pub fn check(picture: &Picture, neighbours: &[Neighbour], profile: &str) -> Vec<Finding> {
    let limits = COVER_LIMITS.iter().find(|limits| limits.profile == profile).unwrap_or(&COVER_LIMITS[0]);
    let header = &picture.header;
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(format(header, limits));
    findings.extend(
        (header.width != header.height).then(|| Finding::new("R02", Error, sides(header)).of("size")),
    );
    findings.extend(size(picture, limits));
    findings.extend(colours(header));
    findings.extend(softness(picture));
    findings.extend(camera(header));
    let alike = neighbours.iter().filter(|other| other.distance <= ALIKE);
    findings.extend(alike.map(|other| {
        let measured = format!("{}: {} of the 64 bits of both prints differ", other.name, other.distance);
        Finding::new("R08", Warning, measured).of("picture")
    }));
    findings.extend(border(picture));
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.rule.code.cmp(b.rule.code)));
    findings
}

/// What only a person can see, and has to say of each cover before it is delivered: a waiver is that answer, with a
/// name, and holds for this content only.
pub fn to_be_seen() -> Finding {
    Finding::new("R07", Warning, "nobody has said yet that it was looked at").of("picture")
}

fn format(header: &Header, limits: &CoverLimits) -> Option<Finding> {
    let measured = match header.format {
        Format::Tiff if !limits.takes_tiff => "a TIFF, which is not taken here",
        Format::Tiff if header.is_animated => "a TIFF of several pages",
        _ if header.is_animated => "an animated PNG",
        _ => return None,
    };
    Some(Finding::new("R01", Error, measured).of("format"))
}

/// What a file is told of which nothing else can be said.
pub fn unreadable(error: &ArtworkError) -> Finding {
    match error {
        ArtworkError::TooLarge { .. } => Finding::new("R03", Error, error.to_string()).of("size"),
        _ => Finding::new("R01", Error, error.to_string()).of("format"),
    }
}

fn sides(header: &Header) -> String {
    format!("{} × {} pixels", header.width, header.height)
}

fn size(picture: &Picture, limits: &CoverLimits) -> Option<Finding> {
    let header = &picture.header;
    let (shortest, longest) = (header.width.min(header.height), header.width.max(header.height));
    let (severity, measured) = if shortest < limits.smallest {
        (Error, format!("{}; at least {} a side", sides(header), limits.smallest))
    } else if shortest < limits.advised {
        (Warning, format!("{}; {} a side are advised", sides(header), limits.advised))
    } else if longest > LONGEST {
        (Warning, sides(header))
    } else if picture.bytes > LARGEST {
        (Warning, format!("{} MB", picture.bytes / 1_000_000))
    } else {
        return None;
    };
    Some(Finding::new("R03", severity, measured).of("size"))
}

fn colours(header: &Header) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |severity, measured: String| {
        findings.push(Finding::new("R04", severity, measured).of("colours"));
    };
    if header.colour == Colour::Cmyk {
        add(Error, "CMYK, for print".to_owned());
    } else if header.profile == Profile::Print {
        add(Error, "a profile for print".to_owned());
    }
    if header.bits > 8 {
        add(Error, format!("{} bits a colour", header.bits));
    }
    if header.has_alpha {
        add(Error, "it can be seen through".to_owned());
    }
    if findings.is_empty() {
        let measured = match header.profile {
            Profile::Srgb | Profile::Print => None,
            Profile::Absent => Some("no profile of colours"),
            Profile::Other => Some("another profile than sRGB"),
        };
        findings.extend(measured.map(|measured| Finding::new("R04", Warning, measured).of("colours")));
    }
    findings
}

fn softness(picture: &Picture) -> Option<Finding> {
    let detail = picture.detail?;
    let measured = match detail.kept {
        Some(kept) if kept.is_infinite() => "no detail at all".to_owned(),
        Some(kept) if kept > NOTHING_LOST => {
            format!("{kept:.1} dB kept after a reduction to a third of the pixels")
        }
        _ if detail.sharpness < SOFT => format!("no sharp edges (variance {:.1})", detail.sharpness),
        _ => return None,
    };
    Some(Finding::new("R05", Warning, measured).of("picture"))
}

fn camera(header: &Header) -> Option<Finding> {
    let turned = header.orientation.filter(|turn| *turn != 1);
    let measured = match (turned, header.has_position) {
        (None, false) => return None,
        (Some(turn), false) => format!("to be turned (orientation {turn})"),
        (None, true) => "the place where it was taken".to_owned(),
        (Some(turn), true) => format!("to be turned (orientation {turn}), and the place where it was taken"),
    };
    Some(Finding::new("R06", Warning, measured).of("metadata"))
}

fn border(picture: &Picture) -> Option<Finding> {
    let border = picture.detail?.border?;
    let measured = match (border.sides, border.ends) {
        (0, ends) => format!("{ends} pixels at top and bottom"),
        (sides, 0) => format!("{sides} pixels at left and right"),
        (sides, ends) => format!("{sides} pixels at left and right, {ends} at top and bottom"),
    };
    Some(Finding::new("R09", Information, measured).of("picture"))
}
