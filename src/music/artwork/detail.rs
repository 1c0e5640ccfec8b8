//! What the pixels show: whether the picture was enlarged, how sharp it is, and whether it has a border.
//!
//! A picture that was enlarged has nothing in it that is finer than the pixels it was made from. So it is reduced
//! to a third and enlarged again: what then differs from the original by next to nothing had nothing to lose. The
//! measure is the ratio of peak signal to noise of the brightness; above 45 dB nobody sees a difference. The
//! second measure is the variance of the Laplacian, which is small where edges are soft everywhere.

use image::GrayImage;
use image::imageops::{FilterType, resize};

/// What the pixels show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detail {
    /// What is left of the picture after it was reduced to a third and enlarged again, in dB; infinite where
    /// nothing was lost. None where it is too small to tell.
    pub kept: Option<f64>,
    /// The variance of the Laplacian of the brightness (0 to 255).
    pub sharpness: f64,
    /// A border of one brightness at two sides that face each other.
    pub border: Option<Border>,
}

/// A border of one brightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Border {
    /// How wide it is at the left and the right, in pixels; 0 where there is none.
    pub sides: u32,
    /// How high it is at the top and the bottom, in pixels; 0 where there is none.
    pub ends: u32,
}

/// How much a picture is reduced.
const THIRD: u32 = 3;
/// The shortest side from which on it can be told whether it was enlarged, in pixels.
const SHORTEST: u32 = 96;
/// Brightness that counts as the same, of 255.
const SAME: u8 = 3;
/// A border has at least this share of the picture: one in so many.
const THINNEST: u32 = 100;

pub(super) fn of(luma: &GrayImage) -> Detail {
    Detail { kept: kept(luma), sharpness: sharpness(luma), border: border(luma) }
}

fn kept(luma: &GrayImage) -> Option<f64> {
    let (width, height) = luma.dimensions();
    if width.min(height) < SHORTEST {
        return None;
    }
    let small = resize(luma, width / THIRD, height / THIRD, FilterType::Lanczos3);
    let again = resize(&small, width, height, FilterType::Lanczos3);
    let pairs = luma.as_raw().iter().zip(again.as_raw());
    let (sum, count) = pairs.fold((0.0, 0.0), |(sum, count), (a, b)| {
        let off = f64::from(*a) - f64::from(*b);
        (sum + off * off, count + 1.0)
    });
    let error: f64 = sum / count;
    Some(if error > 0.0 { 10.0 * (255.0 * 255.0 / error).log10() } else { f64::INFINITY })
}

fn sharpness(luma: &GrayImage) -> f64 {
    let (width, height) = luma.dimensions();
    let at = |x: u32, y: u32| f64::from(luma.get_pixel(x, y).0[0]);
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0_f64);
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
            let value = around - 4.0 * at(x, y);
            sum += value;
            squares += value * value;
            count += 1.0;
        }
    }
    if count > 0.0 { squares / count - (sum / count).powi(2) } else { 0.0 }
}

fn border(luma: &GrayImage) -> Option<Border> {
    let (width, height) = luma.dimensions();
    let row = |y: u32| (0..width).map(move |x| luma.get_pixel(x, y).0[0]);
    let column = |x: u32| (0..height).map(move |y| luma.get_pixel(x, y).0[0]);
    let top = even((0..height).map(row));
    if top == height {
        // All of one brightness: a picture without detail, and no border.
        return None;
    }
    let ends = top.min(even((0..height).rev().map(row)));
    let sides = even((0..width).map(column)).min(even((0..width).rev().map(column)));
    let wide = |pixels: u32, of: u32| if pixels >= (of / THINNEST).max(2) { pixels } else { 0 };
    let found = Border { sides: wide(sides, width), ends: wide(ends, height) };
    (found.sides > 0 || found.ends > 0).then_some(found)
}

/// How many lines from the beginning on are of the brightness of the first pixel.
fn even<L: Iterator<Item = u8>>(lines: impl Iterator<Item = L>) -> u32 {
    let mut of: Option<u8> = None;
    let mut count = 0;
    for line in lines {
        for pixel in line {
            if of.get_or_insert(pixel).abs_diff(pixel) > SAME {
                return count;
            }
        }
        count += 1;
    }
    count
}
