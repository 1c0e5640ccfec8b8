//! Covers of the sample releases: quiet geometry in the colours of the genre, our own design.

use super::genre::Genre;
use super::portable::{rounded, sine};
use super::random::Random;
use super::roster::ROSTER;
use super::{BucketRole, SampleObject};
use crate::model::release::Release;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

/// Length of a side in pixels: the least that Spotify accepts.
const SIDE: u32 = 640;

/// A colour: red, green, blue.
type Colour = [u8; 3];

/// The cover of a release, if it has one.
pub(super) fn cover(seed: u64, release: &Release) -> Option<SampleObject> {
    let key = release.artwork.clone()?;
    let mut random = Random::new(seed, &format!("cover of {}", release.release_id));
    let bytes = encode(&draw(palette(&release.genre), &mut random));
    let metadata = [("release-id", release.release_id.as_str())];
    Some(SampleObject::new(BucketRole::Artwork, key, "image/png", bytes, &metadata))
}

#[expect(clippy::expect_used, reason = "writing to memory cannot fail, and the buffer has the stated size")]
fn encode(canvas: &Canvas) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(60_000);
    // Measured on these flat pictures: without a filter, level 1 is both the fastest and small enough.
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Level(1), FilterType::NoFilter)
        .write_image(canvas.pixels.as_flattened(), SIDE, SIDE, ExtendedColorType::Rgb8)
        .expect("a picture of fixed size is written to memory");
    bytes
}

/// Two colours for the background, two for shapes, one for the accent.
struct Palette {
    background: [Colour; 2],
    shapes: [Colour; 2],
    accent: Colour,
}

const fn colours(background: [Colour; 2], shapes: [Colour; 2], accent: Colour) -> Palette {
    Palette { background, shapes, accent }
}

/// The palette of a genre, and a grey one for genres that the sample label does not have.
fn palette(genre: &str) -> Palette {
    let known = ROSTER.iter().map(|profile| profile.genre).find(|known| known.label() == genre);
    match known {
        Some(Genre::Ambient) => {
            colours([[22, 44, 60], [92, 128, 138]], [[54, 86, 104], [146, 174, 176]], [232, 220, 188])
        }
        Some(Genre::Electronic) => {
            colours([[16, 14, 40], [62, 32, 98]], [[98, 56, 150], [36, 92, 150]], [255, 132, 92])
        }
        Some(Genre::Folk) => {
            colours([[72, 84, 62], [176, 166, 118]], [[48, 62, 52], [206, 190, 144]], [196, 92, 56])
        }
        Some(Genre::HipHop) => {
            colours([[24, 22, 22], [84, 60, 44]], [[52, 46, 44], [148, 98, 56]], [246, 194, 68])
        }
        Some(Genre::IndiePop) => {
            colours([[244, 196, 178], [250, 232, 210]], [[226, 122, 112], [104, 142, 170]], [52, 62, 96])
        }
        Some(Genre::Jazz) => {
            colours([[14, 38, 64], [30, 78, 100]], [[188, 92, 48], [226, 178, 108]], [244, 234, 214])
        }
        Some(Genre::Latin) => {
            colours([[236, 120, 66], [250, 196, 92]], [[190, 48, 72], [20, 116, 122]], [255, 242, 214])
        }
        Some(Genre::Neoclassical) => {
            colours([[226, 222, 212], [194, 190, 184]], [[236, 234, 228], [122, 122, 128]], [40, 42, 54])
        }
        Some(Genre::RhythmAndBlues) => {
            colours([[58, 20, 52], [140, 52, 84]], [[92, 36, 78], [190, 92, 104]], [250, 206, 170])
        }
        None => colours([[70, 70, 74], [130, 130, 134]], [[100, 100, 104], [160, 160, 164]], [220, 220, 220]),
    }
}

/// A picture of rows of pixels.
struct Canvas {
    pixels: Vec<Colour>,
}

/// Draws one of five designs.
fn draw(palette: Palette, random: &mut Random) -> Canvas {
    let mut canvas = Canvas::gradient(palette.background);
    match random.below(5) {
        0 => rings(&mut canvas, &palette, random),
        1 => waveform(&mut canvas, &palette, random),
        2 => horizon(&mut canvas, &palette, random),
        3 => hills(&mut canvas, &palette, random),
        _ => tiles(&mut canvas, &palette, random),
    }
    canvas
}

/// Rings around one point, with a disc in the accent colour.
fn rings(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let centre = (random.between(160.0, 480.0), random.between(160.0, 480.0));
    let step = random.between(34.0, 56.0);
    for ring in (1..=6_u32).rev() {
        let radius = f64::from(ring) * step;
        canvas.disc(centre, radius, palette.shapes[(ring % 2) as usize]);
        canvas.disc(centre, radius - step * 0.45, mixed(palette.background[0], palette.background[1], 0.5));
    }
    canvas.disc(centre, step * 0.7, palette.accent);
}

/// Bars of a waveform around the middle.
fn waveform(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let (beats, middle) = (random.between(1.0, 3.0), random.between(260.0, 380.0));
    let marked = random.below(32);
    for bar in 0..32 {
        let x = 32.0 + 18.0 * f64::from(bar);
        let swell = 0.35 + 0.65 * sine(f64::from(bar) / 64.0 * beats).abs();
        let height = 190.0 * swell * random.between(0.4, 1.0);
        let colour = if bar == marked { palette.accent } else { palette.shapes[1] };
        canvas.rectangle((x, middle - height), (x + 10.0, middle + height), colour);
    }
}

/// A sun behind stripes that widen towards the viewer.
fn horizon(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let line = random.between(360.0, 440.0);
    let centre = (random.between(200.0, 440.0), line - random.between(0.0, 120.0));
    canvas.disc(centre, random.between(110.0, 170.0), palette.accent);
    canvas.rectangle((0.0, line), (f64::from(SIDE), f64::from(SIDE)), palette.shapes[0]);
    let (mut y, mut thickness) = (line + 8.0, 3.0);
    while y < f64::from(SIDE) {
        canvas.rectangle((0.0, y), (f64::from(SIDE), y + thickness), palette.shapes[1]);
        y += thickness * 3.2;
        thickness *= 1.35;
    }
}

/// Arcs of hills, one before the other, under a small moon.
fn hills(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    canvas.disc((random.between(120.0, 520.0), random.between(90.0, 190.0)), 44.0, palette.accent);
    for hill in 0..5 {
        let depth = f64::from(hill) / 4.0;
        let radius = random.between(260.0, 420.0);
        let centre = (random.between(0.0, 640.0), 330.0 + 70.0 * f64::from(hill) + radius);
        canvas.disc(centre, radius, mixed(palette.shapes[1], palette.shapes[0], depth));
    }
}

/// A grid of quarter circles, turned by chance.
fn tiles(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let side = 128.0;
    for tile in 0..25 {
        let (left, top) = (side * f64::from(tile % 5), side * f64::from(tile / 5));
        let colour = match random.below(7) {
            0 => palette.accent,
            1..=3 => palette.shapes[0],
            _ => palette.shapes[1],
        };
        let corner = (left + side * f64::from(random.below(2)), top + side * f64::from(random.below(2)));
        canvas.disc_within(corner, side * 0.94, (left, top), (left + side, top + side), colour);
    }
}

impl Canvas {
    /// A gradient from the top to the bottom.
    fn gradient([top, bottom]: [Colour; 2]) -> Self {
        let mut pixels = Vec::with_capacity((SIDE * SIDE) as usize);
        for y in 0..SIDE {
            let colour = mixed(top, bottom, f64::from(y) / f64::from(SIDE - 1));
            pixels.extend_from_slice(&[colour; SIDE as usize]);
        }
        Self { pixels }
    }

    fn rectangle(&mut self, (left, top): (f64, f64), (right, bottom): (f64, f64), colour: Colour) {
        let line = [colour; SIDE as usize];
        for y in rows(top, bottom) {
            self.span(y, left, right, &line);
        }
    }

    fn disc(&mut self, centre: (f64, f64), radius: f64, colour: Colour) {
        let side = f64::from(SIDE);
        self.disc_within(centre, radius, (0.0, 0.0), (side, side), colour);
    }

    /// The part of a disc that lies inside a rectangle.
    fn disc_within(
        &mut self,
        (x, y): (f64, f64),
        radius: f64,
        (left, top): (f64, f64),
        (right, bottom): (f64, f64),
        colour: Colour,
    ) {
        let line = [colour; SIDE as usize];
        for row in rows(top.max(y - radius), bottom.min(y + radius)) {
            let away = f64::from(row) + 0.5 - y;
            let half = (radius * radius - away * away).max(0.0).sqrt();
            self.span(row, left.max(x - half), right.min(x + half), &line);
        }
    }

    /// Copies a line of one colour into a row from `left` to `right`. Pixels that are covered in part are
    /// mixed, so that edges are smooth.
    fn span(&mut self, row: u32, left: f64, right: f64, line: &[Colour; SIDE as usize]) {
        let colour = line[0];
        let (left, right) = (left.clamp(0.0, f64::from(SIDE)), right.clamp(0.0, f64::from(SIDE)));
        if right <= left {
            return;
        }
        let (first, last) = (pixel(left.ceil()), pixel(right.floor()));
        let row = &mut self.pixels[(row * SIDE) as usize..((row + 1) * SIDE) as usize];
        if first > last {
            row[last] = mixed(row[last], colour, right - left);
            return;
        }
        row[first..last].copy_from_slice(&line[first..last]);
        if first > 0 {
            row[first - 1] = mixed(row[first - 1], colour, left.ceil() - left);
        }
        if last < row.len() {
            row[last] = mixed(row[last], colour, right - right.floor());
        }
    }
}

/// The rows whose middle lies between two heights.
fn rows(top: f64, bottom: f64) -> std::ops::Range<u32> {
    let row = |y: f64| u32::try_from(rounded(y)).unwrap_or(SIDE).min(SIDE);
    row(top)..row(bottom)
}

fn pixel(x: f64) -> usize {
    usize::try_from(rounded(x)).unwrap_or_default()
}

/// A colour between two: the first at 0, the second at 1.
fn mixed(from: Colour, to: Colour, part: f64) -> Colour {
    let channel = |index: usize| {
        let value = f64::from(from[index]) + (f64::from(to[index]) - f64::from(from[index])) * part;
        u8::try_from(rounded(value)).unwrap_or(u8::MAX)
    };
    [channel(0), channel(1), channel(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_has_the_area_of_a_disc() {
        let mut canvas = Canvas::gradient([[0; 3]; 2]);
        canvas.disc((320.0, 320.0), 100.0, [255; 3]);
        let area: f64 = canvas.pixels.iter().map(|pixel| f64::from(pixel[0]) / 255.0).sum();
        assert!((area / (std::f64::consts::PI * 10_000.0) - 1.0).abs() < 0.005, "area {area}");
    }

    #[test]
    fn a_span_narrower_than_a_pixel_is_mixed() {
        let mut canvas = Canvas::gradient([[0; 3]; 2]);
        canvas.span(0, 10.25, 10.75, &[[200; 3]; SIDE as usize]);
        assert_eq!(canvas.pixels[9..12], [[0; 3], [100; 3], [0; 3]]);
    }

    #[test]
    fn every_design_and_palette_is_a_small_square_png_without_alpha() {
        for (number, profile) in ROSTER.iter().enumerate() {
            let mut random = Random::new(1, &format!("design {number}"));
            let bytes = encode(&draw(palette(profile.genre.label()), &mut random));
            assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
            let picture = image::load_from_memory(&bytes).unwrap();
            assert_eq!((picture.width(), picture.height()), (SIDE, SIDE));
            assert_eq!(picture.color(), image::ColorType::Rgb8);
        }
    }
}
