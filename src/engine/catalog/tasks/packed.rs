//! Long texts in items: as they are where they are short, else compressed.

use super::CatalogError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read, Write};

/// The longest text that is kept as it is, in bytes.
const SHORT: usize = 16 * 1024;

/// The most bytes that a compressed text may have: an item of `DynamoDB` has 400 KB.
const MOST: usize = 360 * 1024;

/// The longest text that is read from a compressed one, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A text as an attribute.
pub(in crate::engine::catalog) fn pack(
    what: &'static str,
    id: &str,
    text: &str,
) -> Result<AttributeValue, CatalogError> {
    if text.len() <= SHORT {
        return Ok(AttributeValue::S(text.to_owned()));
    }
    let failed = |detail: String| CatalogError::Unreadable { what, id: id.to_owned(), detail };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).map_err(|error| failed(error.to_string()))?;
    let bytes = encoder.finish().map_err(|error| failed(error.to_string()))?;
    if bytes.len() > MOST {
        return Err(CatalogError::TooLarge { most_bytes: u64::try_from(MOST).unwrap_or(u64::MAX) });
    }
    Ok(AttributeValue::B(Blob::new(bytes)))
}

/// The text that an attribute has.
pub(in crate::engine::catalog) fn unpack(
    what: &'static str,
    id: &str,
    value: Option<&AttributeValue>,
) -> Result<String, CatalogError> {
    let failed = |detail: String| CatalogError::Unreadable { what, id: id.to_owned(), detail };
    match value {
        Some(AttributeValue::S(text)) => Ok(text.clone()),
        Some(AttributeValue::B(bytes)) => {
            let mut text = String::new();
            let mut decoder = GzDecoder::new(bytes.as_ref()).take(LONGEST);
            decoder.read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
            Ok(text)
        }
        _ => Err(failed("its text is missing".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_as_they_are_and_long_ones_come_back_whole() {
        for (text, is_text) in [("short".to_owned(), true), ("long ".repeat(200_000), false)] {
            let value = pack("task", "01", &text).expect("it fits");
            assert_eq!(value.is_s(), is_text);
            assert_eq!(unpack("task", "01", Some(&value)).expect("it is read"), text);
        }
    }

    #[test]
    fn what_no_item_holds_is_refused() {
        // Nothing repeats, so nothing gets shorter.
        let mut state = 1_u64;
        let text: String = (0..3_000_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap_or_default())
            })
            .collect();
        assert!(matches!(pack("task", "01", &text), Err(CatalogError::TooLarge { .. })));
    }
}
