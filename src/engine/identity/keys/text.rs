//! The text of a key: `pl_<id>_<secret><check digits>`, all of it in small letters and digits.
//!
//! The beginning lets scanners of secrets find a key that was published by mistake. The check digits are a
//! CRC-32 of everything before them: a key that is mistyped or cut off is refused without a read of the store.

use super::error::KeyError;
use crate::engine::catalog::keys::KeyHash;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// How a key begins.
const BEGINNING: &str = "pl_";

/// The bytes of the id, and of the secret; each byte is two digits.
const ID_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;

/// The digits at the end.
const CHECK_DIGITS: usize = 8;

/// The characters before the check digits: beginning, id, a line, secret.
const CHECKED: usize = BEGINNING.len() + 2 * ID_BYTES + 1 + 2 * SECRET_BYTES;

/// A key of the right form. Whether there is such a key is another matter.
#[derive(Debug, Clone)]
pub struct KeyText {
    id: String,
    text: SecretString,
}

impl KeyText {
    /// A new one.
    pub(super) fn generate() -> Result<Self, KeyError> {
        let (mut id, mut secret) = ([0_u8; ID_BYTES], [0_u8; SECRET_BYTES]);
        for bytes in [&mut id[..], &mut secret[..]] {
            getrandom::fill(bytes).map_err(|error| KeyError::NoRandomness(error.to_string()))?;
        }
        let id = hex::encode(id);
        let checked = format!("{BEGINNING}{id}_{}", hex::encode(secret));
        let text = format!("{checked}{}", check_digits(&checked));
        Ok(Self { id, text: SecretString::from(text) })
    }

    /// Whether a text is meant as such a key, right or wrong.
    pub(super) fn is_meant(text: &str) -> bool {
        text.starts_with(BEGINNING)
    }

    /// Reads what somebody brings.
    pub(super) fn parse(text: &str) -> Result<Self, KeyError> {
        let (checked, digits) = text.split_at_checked(CHECKED).ok_or(KeyError::Mistyped)?;
        let rest = checked.strip_prefix(BEGINNING).ok_or(KeyError::Mistyped)?;
        let (id, secret) = rest.split_once('_').ok_or(KeyError::Mistyped)?;
        let fits = id.len() == 2 * ID_BYTES
            && digits.len() == CHECK_DIGITS
            && [id, secret, digits].iter().all(|part| part.bytes().all(is_digit))
            && digits == check_digits(checked);
        if !fits {
            return Err(KeyError::Mistyped);
        }
        Ok(Self { id: id.to_owned(), text: SecretString::from(text) })
    }

    /// The id: no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The whole key, to be shown once.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// What is kept. One round of SHA-256 is enough: of 256 random bits nobody guesses any part, however fast
    /// guesses are, so a slow hash would only slow down every call. Passwords need Argon2id because people
    /// choose them.
    pub(super) fn hash(&self) -> KeyHash {
        KeyHash::new(hex::encode(Sha256::digest(self.expose())))
    }
}

fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn check_digits(text: &str) -> String {
    format!("{:08x}", crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use proptest::prelude::*;

    #[test]
    fn a_new_key_has_its_form_is_read_again_and_is_like_no_other() {
        let (one, other) = (KeyText::generate().expect("a key"), KeyText::generate().expect("a key"));
        assert_ne!(one.expose(), other.expose());
        assert_ne!(one.id(), other.id());
        assert_eq!(one.expose().len(), CHECKED + CHECK_DIGITS);
        assert!(one.expose().starts_with(&format!("pl_{}_", one.id())), "{}", one.expose());
        let read = KeyText::parse(one.expose()).expect("it is of the right form");
        assert_eq!((read.id(), read.hash()), (one.id(), one.hash()));
        assert!(!one.hash().is_that_of(&other.hash()));
    }

    #[test]
    fn a_key_shows_in_no_message() {
        let key = KeyText::generate().expect("a key");
        let shown = format!("{key:?} {:?}", key.hash());
        assert!(!shown.contains(&key.expose()[BEGINNING.len() + 2 * ID_BYTES..]), "{shown}");
    }

    #[test]
    fn what_is_no_key_is_none_whatever_its_length() {
        let key = KeyText::generate().expect("a key");
        let text = key.expose();
        let umlaut = format!("{}ä{}", &text[..40], &text[42..]);
        let cut = &text[..text.len() - 1];
        let more = format!("{text}0");
        let large = text.to_uppercase();
        let spaced = format!(" {text}");
        let others = [more.as_str(), large.as_str(), umlaut.as_str(), spaced.as_str()];
        for wrong in ["", "pl_", "pl_live_1", "Bearer", cut].into_iter().chain(others) {
            assert!(KeyText::parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        /// CRC-32 finds every change of a single byte, in the checked part and in the digits themselves.
        #[test]
        fn any_single_changed_character_is_refused(
            place in 0..CHECKED + CHECK_DIGITS,
            put in prop_oneof![
                prop::char::range('0', '9'),
                prop::char::range('a', 'f'),
                any::<char>(),
            ],
        ) {
            let key = KeyText::generate().expect("a key");
            let mut characters: Vec<char> = key.expose().chars().collect();
            prop_assume!(characters[place] != put);
            characters[place] = put;
            let changed: String = characters.into_iter().collect();
            prop_assert!(KeyText::parse(&changed).is_err(), "{} was taken", changed);
        }

        #[test]
        fn two_characters_in_the_wrong_order_are_refused(place in 0..CHECKED + CHECK_DIGITS - 1) {
            let key = KeyText::generate().expect("a key");
            let mut characters: Vec<char> = key.expose().chars().collect();
            prop_assume!(characters[place] != characters[place + 1]);
            characters.swap(place, place + 1);
            let changed: String = characters.into_iter().collect();
            prop_assert!(KeyText::parse(&changed).is_err(), "{} was taken", changed);
        }
    }

    #[test]
    fn fuzz_text_of_a_key() {
        let checked = format!("{BEGINNING}0123456789ab_{}", "5".repeat(2 * SECRET_BYTES));
        let key = format!("{checked}{}", check_digits(&checked));
        fuzzing::text(500, &[&key, "pl_", "Bearer pl_0"], &["pl_", "_", "0", "F"], |text| {
            let Ok(read) = KeyText::parse(text) else { return };
            assert_eq!(read.expose(), text);
            assert_eq!(text.len(), CHECKED + CHECK_DIGITS);
            assert!(
                text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            );
            assert_eq!(text.get(CHECKED..), Some(check_digits(&text[..CHECKED]).as_str()));
            assert!(!format!("{read:?}").contains(&"5".repeat(SECRET_BYTES)), "it shows in no message");
        });
    }
}
