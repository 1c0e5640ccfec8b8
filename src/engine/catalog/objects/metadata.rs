//! Metadata of files as S3 keeps it: in HTTP headers, which are ASCII. Other texts travel as RFC 2047 writes
//! them, which is also the form in which S3 gives them back.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, HashMap};

/// The most bytes of text in an encoded word: 60 characters of base64, within the 75 that a word may have.
const WORD_BYTES: usize = 45;

/// What the names of all begin with that Patchline itself keeps with a file, also those of earlier versions.
const OWN: &str = "patchline-";

/// The name under which a file keeps the name of the change that brought it. A change that is made again
/// knows its file by it.
pub(super) const CHANGE: &str = "patchline-change";

/// Whether a name is one of those that Patchline keeps for itself.
pub(crate) fn is_own(name: &str) -> bool {
    // S3 does not tell capitals and small letters apart here.
    name.get(..OWN.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(OWN))
}

/// The names and values as they go to S3, with the name of the change.
pub(super) fn to_headers(metadata: &BTreeMap<String, String>, change: &str) -> HashMap<String, String> {
    let named = (CHANGE.to_owned(), change.to_owned());
    metadata.iter().map(|(name, value)| (name.clone(), encode(value))).chain([named]).collect()
}

/// The names and values as they were before they went to S3, without those of Patchline itself.
pub(super) fn from_headers(headers: HashMap<String, String>) -> BTreeMap<String, String> {
    headers.into_iter().filter(|(name, _)| !is_own(name)).map(|(name, value)| (name, decode(value))).collect()
}

/// How many bytes S3 counts for a name and its value, of the 2 KB that all may have.
pub(crate) fn stored_bytes(name: &str, value: &str) -> usize {
    name.len() + encode(value).len()
}

/// A text as a header carries it. What looks like an encoded word is encoded, too, or it would come back as
/// something else.
fn encode(value: &str) -> String {
    if value.is_ascii() && !value.contains("=?") {
        return value.to_owned();
    }
    words(value).map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect::<Vec<_>>().join(" ")
}

/// A text in pieces that fit a word; none ends within a character.
fn words(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        let (word, after) = rest.split_at(rest.floor_char_boundary(WORD_BYTES));
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

/// The text of a header. One that only looks encoded is left as it is.
fn decode(value: String) -> String {
    if !value.contains("=?") {
        return value;
    }
    rfc2047_decoder::decode(value.as_bytes()).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::{WORD_BYTES, decode, encode};
    use proptest::prelude::*;

    #[test]
    fn a_name_with_an_umlaut_goes_as_s3_would_give_it_back() {
        assert_eq!(encode("Björk"), "=?UTF-8?B?QmrDtnJr?=");
        assert_eq!(decode("=?UTF-8?B?QmrDtnJr?=".to_owned()), "Björk");
    }

    #[test]
    fn both_encodings_of_the_standard_are_read() {
        assert_eq!(decode("=?UTF-8?Q?Bj=C3=B6rk?= live".to_owned()), "Björk live");
    }

    #[test]
    fn plain_text_goes_as_it_is() {
        assert_eq!(encode("Night Drive (live) = 4:10?"), "Night Drive (live) = 4:10?");
    }

    #[test]
    fn words_are_no_longer_than_the_standard_allows() {
        let encoded = encode(&"ü".repeat(WORD_BYTES * 3));
        assert!(encoded.split(' ').all(|word| word.len() <= 75), "{encoded}");
    }

    proptest! {
        #[test]
        fn every_text_comes_back_as_it_went(text in "[^\\p{C}]{0,200}") {
            prop_assert_eq!(decode(encode(&text)), text);
        }
    }
}
