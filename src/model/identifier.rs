//! Identifiers of the label's own things: opaque, checked once, never confused with one another.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest identifier that is accepted, in characters.
pub const MAX_LENGTH: usize = 64;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Nothing was given.
    #[error("the id is empty")]
    Empty,
    /// More than [`MAX_LENGTH`] characters.
    #[error("the id has {0} characters; at most {MAX_LENGTH} are allowed")]
    TooLong(usize),
    /// A character outside letters, digits, `-` and `_`.
    #[error("the id contains {0:?}; only letters, digits, '-' and '_' are allowed")]
    Character(char),
}

fn check(text: &str) -> Result<(), IdentifierError> {
    if text.is_empty() {
        return Err(IdentifierError::Empty);
    }
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(IdentifierError::TooLong(length));
    }
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')) {
        Some(character) => Err(IdentifierError::Character(character)),
        None => Ok(()),
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;

            fn from_str(text: &str) -> Result<Self, IdentifierError> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdentifierError;

            fn try_from(text: String) -> Result<Self, IdentifierError> {
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// Names one artist of the label. Two artists may share a name, never an id.
    ArtistId
);
identifier!(
    /// Names one release.
    ReleaseId
);
identifier!(
    /// Names one track of a release within the label.
    TrackId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_ids_the_label_uses() {
        assert_eq!("art_7k2m9q4x".parse::<ArtistId>().map(String::from), Ok("art_7k2m9q4x".to_owned()));
    }

    #[test]
    fn refuses_what_could_escape_a_path_or_a_key() {
        assert_eq!("../x".parse::<ArtistId>(), Err(IdentifierError::Character('.')));
        assert_eq!("".parse::<ReleaseId>(), Err(IdentifierError::Empty));
        assert_eq!("x".repeat(65).parse::<TrackId>(), Err(IdentifierError::TooLong(65)));
    }

    #[test]
    fn is_checked_when_it_is_read_from_json() {
        assert!(serde_json::from_str::<ArtistId>(r#""a b""#).is_err());
    }
}
