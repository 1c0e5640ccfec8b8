//! Names of files in a bucket: checked once, so that no name can mean another place.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest key in bytes (a limit of S3).
pub(super) const MAX_BYTES: usize = 1024;

/// A key such as `masters/night-drive.wav`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectKey(String);

/// Why a text cannot name a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectKeyError {
    /// Nothing was given.
    #[error("a file name is needed")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("the name has {0} bytes; at most {MAX_BYTES} are allowed")]
    TooLong(usize),
    /// `..` or `.` as a part of the path.
    #[error("the name must not contain the part {0:?}")]
    DotPart(String),
    /// A part of the path is empty: two slashes in a row, or one at the beginning or the end.
    #[error("the name must not begin or end with '/' or contain '//'")]
    EmptyPart,
    /// A backslash or a character that cannot be seen.
    #[error("the name must not contain the character {0:?}")]
    Character(char),
}

impl ObjectKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ObjectKey {
    type Err = ObjectKeyError;

    fn from_str(text: &str) -> Result<Self, ObjectKeyError> {
        if text.is_empty() {
            return Err(ObjectKeyError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(ObjectKeyError::TooLong(text.len()));
        }
        if let Some(character) = text.chars().find(|c| c.is_control() || is_invisible(*c) || *c == '\\') {
            return Err(ObjectKeyError::Character(character));
        }
        for part in text.split('/') {
            match part {
                "" => return Err(ObjectKeyError::EmptyPart),
                "." | ".." => return Err(ObjectKeyError::DotPart(part.to_owned())),
                _ => {}
            }
        }
        Ok(Self(text.to_owned()))
    }
}

/// Characters that turn the reading direction or take no room: they make a name look like another. And two that
/// are none, which no XML can hold.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

impl TryFrom<String> for ObjectKey {
    type Error = ObjectKeyError;

    fn try_from(text: String) -> Result<Self, ObjectKeyError> {
        text.parse()
    }
}

impl From<ObjectKey> for String {
    fn from(key: ObjectKey) -> String {
        key.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use proptest::prelude::*;

    #[test]
    fn ordinary_names_pass_in_any_script() {
        for name in ["night-drive.wav", "masters/2026/Ásta Lind – Høst.wav", "カバー.png", "a...b"] {
            assert!(name.parse::<ObjectKey>().is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_could_mean_another_place_are_refused() {
        let refused = |name: &str| name.parse::<ObjectKey>().expect_err(name);
        assert_eq!(refused("../secrets.wav"), ObjectKeyError::DotPart("..".to_owned()));
        assert_eq!(refused("a/./b"), ObjectKeyError::DotPart(".".to_owned()));
        assert_eq!(refused("/etc/passwd"), ObjectKeyError::EmptyPart);
        assert_eq!(refused("a\\b"), ObjectKeyError::Character('\\'));
        assert_eq!(refused("a\u{202E}vaw.exe"), ObjectKeyError::Character('\u{202E}'));
        assert_eq!(refused(&"x".repeat(1025)), ObjectKeyError::TooLong(1025));
    }

    proptest! {
        #[test]
        fn no_accepted_name_has_a_part_that_climbs(name in "[a-z./\\\\]{1,12}") {
            if let Ok(key) = name.parse::<ObjectKey>() {
                prop_assert!(key.as_str().split('/').all(|part| !matches!(part, "" | "." | "..")));
            }
        }
    }

    #[test]
    fn fuzz_object_key() {
        let seeds = ["masters/2026/Ásta Lind – Høst.wav", "a/../b", "カバー.png", "a\u{202E}vaw.exe"];
        fuzzing::text(500, &seeds, &["./", "../", "//", "%2e%2e", "\u{200B}"], |text| {
            let Ok(key) = text.parse::<ObjectKey>() else { return };
            assert_eq!(key.as_str(), text, "a name is taken as it is, or not at all");
            assert!((1..=MAX_BYTES).contains(&text.len()));
            assert!(text.split('/').all(|part| !matches!(part, "" | "." | "..")));
            assert!(!text.chars().any(|c| c.is_control() || is_invisible(c) || c == '\\'));
        });
    }
}
