//! Opaque marks of where a page of results ended, bound to the question they belong to.

use super::item::Item;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor(Item);

/// Why a text is not a cursor of this question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It was not made by Patchline.
    #[error("this is not a cursor that Patchline gave out; leave it away to begin at the first page")]
    Unreadable,
    /// It belongs to another table or other conditions.
    #[error("this cursor belongs to another question; leave it away to begin at the first page")]
    OtherQuestion,
}

#[derive(Serialize, Deserialize)]
struct Written {
    question: String,
    key: BTreeMap<String, KeyPart>,
}

#[derive(Serialize, Deserialize)]
enum KeyPart {
    S(String),
    N(String),
}

impl Cursor {
    /// The cursor for `LastEvaluatedKey`; none on the last page.
    pub(crate) fn from_last_key(key: Option<Item>) -> Option<Self> {
        key.filter(|key| !key.is_empty()).map(Self)
    }

    /// The cursor after a row of a table, made of the row's own key attributes.
    pub fn after_row(row: &serde_json::Map<String, serde_json::Value>, key: &[&str]) -> Self {
        let parts = key.iter().filter_map(|name| {
            let text = row.get(*name)?.as_str()?;
            Some(((*name).to_owned(), AttributeValue::S(text.to_owned())))
        });
        Self(parts.collect())
    }

    /// An attribute of the key at which the page ended.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_s().ok().map(String::as_str)
    }

    /// The key for `ExclusiveStartKey`.
    pub(crate) fn into_start_key(self) -> Item {
        self.0
    }

    /// As text for the caller. `question` says what was asked, so that the cursor fits nothing else.
    pub fn encode(&self, question: &str) -> String {
        let key = self.0.iter().filter_map(|(name, value)| {
            let part = match value {
                AttributeValue::S(text) => KeyPart::S(text.clone()),
                AttributeValue::N(text) => KeyPart::N(text.clone()),
                _ => return None,
            };
            Some((name.clone(), part))
        });
        let written = Written { question: digest(question), key: key.collect() };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&written).unwrap_or_default())
    }

    /// Reads the caller's text.
    ///
    /// # Errors
    /// When it is not a cursor, or one of another question.
    pub fn decode(text: &str, question: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Unreadable)?;
        let written: Written = serde_json::from_slice(&bytes).map_err(|_| CursorError::Unreadable)?;
        if written.question != digest(question) {
            return Err(CursorError::OtherQuestion);
        }
        let key = written.key.into_iter().map(|(name, part)| {
            let value = match part {
                KeyPart::S(text) => AttributeValue::S(text),
                KeyPart::N(text) => AttributeValue::N(text),
            };
            (name, value)
        });
        Ok(Self(key.collect()))
    }
}

/// A service's own token as a cursor of a question.
pub(crate) fn encode_token(token: &str, question: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{token}", digest(question)))
}

/// The service's token of a cursor.
pub(crate) fn decode_token(text: &str, question: &str) -> Result<String, CursorError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Unreadable)?;
    let written = String::from_utf8(bytes).map_err(|_| CursorError::Unreadable)?;
    let (known, token) = written.split_once('.').ok_or(CursorError::Unreadable)?;
    if known == digest(question) { Ok(token.to_owned()) } else { Err(CursorError::OtherQuestion) }
}

fn digest(question: &str) -> String {
    hex::encode(&Sha256::digest(question.as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    fn cursor() -> Cursor {
        Cursor(Item::from([("artistId".to_owned(), AttributeValue::S("art_1".to_owned()))]))
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_given_out() {
        assert_eq!(Cursor::decode(&cursor().encode("artists"), "artists"), Ok(cursor()));
    }

    #[test]
    fn a_cursor_of_another_question_is_refused() {
        let text = cursor().encode("artists");
        assert_eq!(Cursor::decode(&text, "releases"), Err(CursorError::OtherQuestion));
    }

    #[test]
    fn a_token_fits_its_own_question_only() {
        let text = encode_token("t.1", "files of a");
        assert_eq!(decode_token(&text, "files of a"), Ok("t.1".to_owned()));
        assert_eq!(decode_token(&text, "files of b"), Err(CursorError::OtherQuestion));
        assert_eq!(decode_token("t.1", "files of a"), Err(CursorError::Unreadable));
    }

    #[test]
    fn any_other_text_is_refused() {
        assert_eq!(Cursor::decode("page-2", "artists"), Err(CursorError::Unreadable));
    }

    #[test]
    fn fuzz_cursor_of_a_question() {
        let seed = URL_SAFE_NO_PAD.decode(cursor().encode("artists")).expect("it was encoded");
        let number = br#"{"question":"0123456789abcdef","key":{"a":{"N":"1"}}}"#;
        fuzzing::bytes(500, &[&seed, number], &["\"S\"", "{\"N\":", "}", "\"key\":"], |written| {
            let text = URL_SAFE_NO_PAD.encode(written);
            if let Ok(cursor) = Cursor::decode(&text, "artists") {
                assert_eq!(Cursor::decode(&text, "releases"), Err(CursorError::OtherQuestion));
                assert_eq!(Cursor::decode(&cursor.encode("artists"), "artists"), Ok(cursor));
            }
            if let Ok(token) = decode_token(&text, "artists") {
                assert_eq!(decode_token(&text, "releases"), Err(CursorError::OtherQuestion));
                assert_eq!(encode_token(&token, "artists"), text);
            }
        });
    }
}
