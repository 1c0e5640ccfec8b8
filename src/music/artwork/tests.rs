//! For each rule a clean picture that was damaged so: that rule fires, and no other. And what is taken out of what
//! is shown.

use super::{Likeness, header, likeness, look, size_for, thumbnail, without_traces};
use crate::fuzzing;
use crate::music::quality::artwork::{Neighbour, RULES, check, to_be_seen, unreadable};
use flate2::Crc;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, blur, resize};
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};
use std::collections::BTreeSet;
use std::io::Cursor;

const SIDE: u32 = 720;

/// A picture with large shapes and fine grain, always the same.
pub(crate) fn drawn(width: u32, height: u32) -> RgbImage {
    let mut state = 0x9e37_79b9_u32;
    RgbImage::from_fn(width, height, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let grain = u8::try_from(state % 48).expect("small");
        let spot = |value: u32| u8::try_from(value % 200).expect("small");
        let shape = if (x / 90 + y / 130) % 3 == 0 { 150 } else { 20 };
        image::Rgb([shape + grain, spot(x * 200 / width) + grain, spot(y * 180 / height) + grain])
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

/// A chunk of a PNG.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(&name);
    crc.update(content);
    let length = u32::try_from(content.len()).expect("short");
    [&length.to_be_bytes()[..], &name, content, &crc.sum().to_be_bytes()].concat()
}

/// With a chunk after the first.
fn with_chunk(png: &[u8], name: [u8; 4], content: &[u8]) -> Vec<u8> {
    const FIRST: usize = 8 + 25;
    [&png[..FIRST], &chunk(name, content), &png[FIRST..]].concat()
}

/// A PNG that says that its colours are those of screens.
pub(crate) fn png(picture: RgbImage) -> Vec<u8> {
    with_chunk(&encoded(&DynamicImage::ImageRgb8(picture), ImageFormat::Png), *b"sRGB", &[0])
}

/// With a segment after the beginning.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8).expect("a picture");
    with_segment(&bytes, 0xe2, &[b"ICC_PROFILE\0\x01\x01".as_slice(), &[0; 16], b"RGB XYZ ....sRGB"].concat())
}

/// The type of entries of a TIFF: bytes, numbers of two and of four bytes.
const BYTES: u16 = 7;
const SHORT: u16 = 3;
const LONG: u16 = 4;

/// A TIFF without compression that says that its colours are those of screens, with further entries: tag, type, and
/// what they hold; and then with another page where there is one.
fn tiff(picture: &RgbImage, more: &[(u16, u16, &[u8])], is_followed: bool) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let long = |number: usize| u32::try_from(number).expect("short");
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    bytes.extend(picture.as_raw());
    let mut entries = vec![
        (256, LONG, 1, width),
        (257, LONG, 1, height),
        (259, SHORT, 1, 1),
        (262, SHORT, 1, 2),
        (273, LONG, 1, 8),
        (277, SHORT, 1, 3),
        (278, LONG, 1, height),
        (279, LONG, 1, 3 * width * height),
    ];
    let profile = [&[0; 16][..], b"RGB XYZ ....sRGB"].concat();
    let always: [(u16, u16, &[u8]); 2] = [(258, SHORT, b"\x08\0\x08\0\x08\0"), (34_675, BYTES, &profile)];
    for (tag, kind, content) in always.iter().chain(more) {
        let size = match *kind {
            SHORT => 2,
            LONG => 4,
            _ => 1,
        };
        let mut inside = [0; 4];
        let value = if content.len() <= 4 {
            inside[..content.len()].copy_from_slice(content);
            u32::from_le_bytes(inside)
        } else {
            let place = bytes.len();
            bytes.extend_from_slice(content);
            long(place)
        };
        entries.push((*tag, *kind, long(content.len() / size), value));
    }
    entries.sort_unstable();
    let directory = long(bytes.len());
    bytes[4..8].copy_from_slice(&directory.to_le_bytes());
    bytes.extend(u16::try_from(entries.len()).expect("few").to_le_bytes());
    for (tag, kind, count, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(if is_followed { directory.to_le_bytes() } else { [0; 4] });
    bytes
}

/// What a telephone writes: to be turned by a quarter, and taken at 59 degrees north.
fn camera() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    tiff.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0");
    tiff.extend([0; 4]);
    tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0");
    tiff.extend([0; 4]);
    tiff
}

fn codes(bytes: &[u8], profile: &str, neighbours: &[Neighbour]) -> BTreeSet<&'static str> {
    let findings = match look(bytes) {
        Ok(picture) => check(&picture, neighbours, profile),
        Err(error) => vec![unreadable(&error)],
    };
    findings.iter().map(|finding| finding.rule.code).collect()
}

fn raises(code: &'static str, bytes: &[u8]) {
    assert_eq!(codes(bytes, "spotify", &[]), BTreeSet::from([code]));
}

#[test]
fn codes_are_in_order() {
    assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
}

#[test]
fn what_only_a_person_can_see_is_asked_of_each_cover_before_delivery() {
    assert_eq!(to_be_seen().rule.code, "R07");
}

#[test]
fn clean_covers_raise_nothing() {
    let picture = drawn(SIDE, SIDE);
    assert_eq!(codes(&png(picture.clone()), "spotify", &[]), BTreeSet::new());
    assert_eq!(codes(&jpeg(&picture), "spotify", &[]), BTreeSet::new());
}

#[test]
fn what_is_no_picture_for_stores() {
    raises("R01", b"GIF89a.....");
    raises("R01", b"II*\0....");
    raises("R01", b"MZ, an executable");
    raises("R01", b"");
    let bytes = png(drawn(SIDE, SIDE));
    raises("R01", &bytes[..bytes.len() / 2]);
    raises("R01", &with_chunk(&bytes, *b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]));
}

#[test]
fn a_tiff_is_checked_like_others_where_the_store_takes_it() {
    let clean = tiff(&drawn(SIDE, SIDE), &[], false);
    assert_eq!(codes(&clean, "spotify", &[]), BTreeSet::new());
    assert_eq!(codes(&clean, "distributor", &[]), BTreeSet::from(["R01", "R03"]));
    raises("R01", &tiff(&drawn(SIDE, SIDE), &[], true));
    raises("R01", &clean[..clean.len() / 2]);
    raises("R01", &tiff(&drawn(SIDE, SIDE), &[(274, SHORT, &[1, 0]), (274, SHORT, &[6, 0])], false));
    raises("R01", b"II+\0\x08\0\0\0");
    raises("R02", &tiff(&drawn(SIDE, SIDE + 1), &[], false));
    let taken: [(u16, u16, &[u8]); 2] = [(274, SHORT, &[6, 0]), (34_853, LONG, &[8, 0, 0, 0])];
    raises("R06", &tiff(&drawn(SIDE, SIDE), &taken, false));
    let deep = DynamicImage::ImageRgb8(drawn(SIDE, SIDE)).to_rgb16();
    raises("R04", &encoded(&DynamicImage::ImageRgb16(deep), ImageFormat::Tiff));
    let mut bomb = tiff(&drawn(8, 8), &[], false);
    let directory = bomb.len() - 4 - 10 * 12;
    for side in [directory + 8, directory + 20] {
        bomb[side..side + 4].copy_from_slice(&60_000_u32.to_le_bytes());
    }
    raises("R03", &bomb);
}

#[test]
fn a_tiff_is_shown_written_anew_turned_and_without_what_it_tells() {
    let taken: [(u16, u16, &[u8]); 3] =
        [(274, SHORT, &[6, 0]), (34_853, LONG, &[8, 0, 0, 0]), (700, BYTES, b"<exif:GPSLatitude>59,20N")];
    let taken = tiff(&drawn(90, 60), &taken, false);
    assert!(header(&taken).expect("a header").has_position);
    assert!(without_traces(&taken).is_err(), "it is never shown as it is");
    for (side, sides) in [(40, (27, 40)), (u32::MAX, (60, 90))] {
        let shown = thumbnail(&taken, side).expect("a picture");
        let after = header(&shown.bytes).expect("a header");
        assert_eq!((after.width, after.height), sides);
        assert_eq!((shown.media_type, after.has_position, after.orientation), ("image/jpeg", false, None));
        assert!(!shown.bytes.windows(3).any(|part| part == b"GPS"));
    }
}

#[test]
fn sides_that_stores_do_not_take() {
    raises("R02", &png(drawn(SIDE, SIDE + 1)));
    raises("R03", &png(drawn(600, 600)));
    let bytes = png(drawn(SIDE, SIDE));
    assert_eq!(codes(&bytes, "apple", &[]), BTreeSet::from(["R03"]));
}

#[test]
fn a_small_file_that_claims_gigabytes_is_refused_before_it_is_decoded() {
    let mut bomb = png(drawn(8, 8));
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    raises("R03", &bomb);
}

#[test]
fn colours_that_stores_do_not_take() {
    let picture = DynamicImage::ImageRgb8(drawn(SIDE, SIDE));
    raises("R04", &encoded(&picture, ImageFormat::Png));
    let deep = DynamicImage::ImageRgb16(picture.to_rgb16());
    raises("R04", &with_chunk(&encoded(&deep, ImageFormat::Png), *b"sRGB", &[0]));
    let clear = DynamicImage::ImageRgba8(picture.to_rgba8());
    raises("R04", &with_chunk(&encoded(&clear, ImageFormat::Png), *b"sRGB", &[0]));
    // A frame with four colours.
    let mut inks = jpeg(&drawn(SIDE, SIDE));
    let frame = inks.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    inks[frame + 9] = 4;
    raises("R04", &inks);
}

#[test]
fn what_is_enlarged_or_blurred() {
    for filter in [FilterType::CatmullRom, FilterType::Triangle, FilterType::Lanczos3] {
        let small = resize(&drawn(SIDE, SIDE), SIDE / 3, SIDE / 3, filter);
        raises("R05", &png(resize(&small, SIDE, SIDE, filter)));
    }
    raises("R05", &png(blur(&drawn(SIDE, SIDE), 4.0)));
}

#[test]
fn what_a_camera_writes() {
    let picture = drawn(SIDE, SIDE);
    raises("R06", &with_segment(&jpeg(&picture), 0xe1, &[b"Exif\0\0".as_slice(), &camera()].concat()));
    raises("R06", &with_chunk(&png(picture), *b"eXIf", &camera()));
}

#[test]
fn covers_that_look_alike() {
    let picture = drawn(SIDE, SIDE);
    let smaller = likeness(&jpeg(&resize(&picture, 300, 300, FilterType::Triangle))).expect("a picture");
    let this = look(&png(picture.clone())).expect("a picture").likeness.expect("pixels");
    let turned = likeness(&png(image::imageops::rotate90(&picture))).expect("a picture");
    let near = |other: Likeness| {
        let other = Neighbour { name: "Night Drive".to_owned(), distance: this.distance(other) };
        codes(&png(picture.clone()), "spotify", &[other])
    };
    assert_eq!(near(smaller), BTreeSet::from(["R08"]));
    assert_eq!(near(turned), BTreeSet::new());
}

#[test]
fn a_border_is_told() {
    let mut picture = drawn(SIDE, SIDE);
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        if !(40..SIDE - 40).contains(&x) {
            *pixel = image::Rgb([0, 0, 0]);
        }
    }
    raises("R09", &png(picture));
}

#[test]
fn what_is_shown_says_not_where_it_was_taken_and_is_turned_all_the_same() {
    let picture = drawn(90, 60);
    let taken = with_segment(&jpeg(&picture), 0xe1, &[b"Exif\0\0".as_slice(), &camera()].concat());
    let before = header(&taken).expect("a header");
    assert!(before.has_position);
    let shown = without_traces(&taken).expect("a picture").expect("it had traces");
    let after = header(&shown).expect("a header");
    assert_eq!((after.has_position, after.orientation, after.profile), (false, Some(6), before.profile));
    assert_eq!(without_traces(&jpeg(&picture)), Ok(None));
    let taken = with_chunk(&png(picture), *b"eXIf", &camera());
    let shown = without_traces(&taken).expect("a picture").expect("it had traces");
    assert!(!header(&shown).expect("a header").has_position);
    let small = thumbnail(&taken, 40).expect("a smaller picture");
    let small = header(&small.bytes).expect("a header");
    assert_eq!((small.width, small.height, small.has_position), (27, 40, false));
}

#[test]
fn what_stands_behind_the_end_of_a_picture_or_in_comments_is_not_shown() {
    let picture = drawn(90, 60);
    let (plain_jpeg, plain_png) = (jpeg(&picture), png(picture));
    let telling = [&b"MPF\0"[..], &camera()].concat();
    let noted = with_segment(&with_segment(&plain_jpeg, 0xfe, b"at home"), 0xe2, &telling);
    for (plain, noted) in [(&plain_jpeg, &noted), (&plain_jpeg, &plain_jpeg), (&plain_png, &plain_png)] {
        let noted = [noted.as_slice(), &with_segment(&plain_jpeg, 0xe1, &camera())].concat();
        assert_eq!(without_traces(&noted).as_ref(), Ok(&Some(plain.clone())));
    }
    let cut = &plain_jpeg[..plain_jpeg.len() - 9];
    assert_eq!(without_traces(cut), Ok(None), "it is shown as far as it goes");
}

#[test]
fn smaller_pictures_come_in_few_sizes() {
    assert_eq!([1, 80, 81, 640, 9000].map(size_for), [80, 80, 320, 640, 640]);
}

#[test]
fn fuzz_pictures() {
    let seeds = [
        png(drawn(20, 20)),
        jpeg(&drawn(20, 20)),
        with_chunk(&png(drawn(9, 9)), *b"eXIf", &camera()),
        tiff(&drawn(9, 9), &[(274, SHORT, &[6, 0])], false),
    ];
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    fuzzing::bytes(300, &seeds, &["IHDR", "iCCP", "Exif\0\0", "acTL", "ICC_PROFILE\0"], |bytes| {
        if let Ok(picture) = look(bytes) {
            assert!(picture.header.width > 0 && picture.header.height > 0);
        }
        if let Ok(Some(shown)) = without_traces(bytes) {
            assert!(header(&shown).is_ok_and(|header| !header.has_position));
        }
    });
}
