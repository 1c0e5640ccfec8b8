//! How wide the letters of a font are: PDF 1.7 (ISO 32000-1), sections 9.2.4 and 9.7.4.3.

use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeMap;

/// The widths of a font's letters, in thousandths of the font size.
pub(super) struct Widths {
    /// How many bytes stand for a letter.
    bytes: usize,
    by_code: BTreeMap<u32, f32>,
    /// That of all other letters.
    other: f32,
}

impl Widths {
    /// Those that a font tells; none where it leaves them to the reader, or counts them in units of its own.
    pub(super) fn of(pdf: &Document, font: &Dictionary) -> Option<Self> {
        match font.get(b"Subtype").and_then(Object::as_name).ok()? {
            b"Type0" => Self::of_composite(pdf, font),
            b"Type3" => None,
            _ => Self::of_simple(pdf, font),
        }
    }

    /// How far shown text leads, in thousandths of the font size.
    pub(super) fn advance(&self, text: &[u8]) -> f32 {
        let codes = text
            .chunks(self.bytes)
            .map(|code| code.iter().fold(0, |code, byte| (code << 8) | u32::from(*byte)));
        codes.map(|code| self.by_code.get(&code).copied().unwrap_or(self.other)).sum()
    }

    fn of_simple(pdf: &Document, font: &Dictionary) -> Option<Self> {
        let first = u32::try_from(font.get_deref(b"FirstChar", pdf).and_then(Object::as_i64).ok()?).ok()?;
        let listed = font.get_deref(b"Widths", pdf).and_then(Object::as_array).ok()?;
        let by_code =
            (first..).zip(listed).filter_map(|(code, width)| Some((code, float(pdf, width)?))).collect();
        let descriptor = font.get_deref(b"FontDescriptor", pdf).and_then(Object::as_dict).ok();
        let missing = descriptor.and_then(|descriptor| descriptor.get(b"MissingWidth").ok());
        let other = missing.and_then(|width| float(pdf, width)).unwrap_or_default();
        Some(Self { bytes: 1, by_code, other })
    }

    /// A font of glyphs that are named by two bytes each, as programs write it today.
    fn of_composite(pdf: &Document, font: &Dictionary) -> Option<Self> {
        let is_by_glyph =
            font.get(b"Encoding").and_then(Object::as_name).is_ok_and(|name| name == b"Identity-H");
        if !is_by_glyph {
            return None;
        }
        let descendants = font.get_deref(b"DescendantFonts", pdf).and_then(Object::as_array).ok()?;
        let (_, descendant) = pdf.dereference(descendants.first()?).ok()?;
        let descendant = descendant.as_dict().ok()?;
        let other = descendant.get(b"DW").ok().and_then(|width| float(pdf, width)).unwrap_or(1000.0);
        let listed = descendant.get_deref(b"W", pdf).and_then(Object::as_array);
        Some(Self {
            bytes: 2,
            by_code: listed.map(|listed| by_glyph(pdf, listed)).unwrap_or_default(),
            other,
        })
    }
}

/// `first [width …]` and `first last width`, one after the other.
fn by_glyph(pdf: &Document, listed: &[Object]) -> BTreeMap<u32, f32> {
    /// Glyphs are named by two bytes.
    const LAST: u32 = u16::MAX as u32;
    let glyph =
        |place: usize| u32::try_from(listed.get(place)?.as_i64().ok()?).ok().filter(|glyph| *glyph <= LAST);
    let mut widths = BTreeMap::new();
    let mut place = 0;
    while let Some(first) = glyph(place) {
        let following = listed.get(place + 1).and_then(|object| pdf.dereference(object).ok());
        if let Some((_, Object::Array(each))) = following {
            widths.extend((first..).zip(each).filter_map(|(glyph, width)| Some((glyph, float(pdf, width)?))));
            place += 2;
        } else {
            let width = listed.get(place + 2).and_then(|width| float(pdf, width));
            let (Some(last), Some(width)) = (glyph(place + 1), width) else { break };
            widths.extend((first..=last).map(|glyph| (glyph, width)));
            place += 3;
        }
    }
    widths
}

fn float(pdf: &Document, object: &Object) -> Option<f32> {
    pdf.dereference(object).ok()?.1.as_float().ok()
}
