//! ISRC, the code that names one recording (ISO 3901:2019).

use std::fmt;
use std::str::FromStr;

/// Characters of an ISRC without hyphens.
const LENGTH: usize = 12;
/// Where the three hyphens of the written form stand: `US-RC1-76-07839`.
const HYPHENS: [usize; 3] = [2, 6, 9];

/// An International Standard Recording Code: prefix of five characters (two letters, three letters or
/// digits), two digits for the year of reference, five digits for the recording.
///
/// Capital letters without hyphens inside. The code has no check digit, so a valid ISRC is only one
/// that is well formed; whether it was ever given to a recording, the text cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isrc([u8; LENGTH]);

/// Why a text is not an ISRC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IsrcError {
    /// Too few or too many characters, hyphens not counted.
    #[error("an ISRC has {LENGTH} characters without hyphens, this has {0}")]
    Length(usize),
    /// Hyphens are written as in `US-RC1-76-07839`, or not at all.
    #[error("the hyphens of an ISRC stand as in US-RC1-76-07839, or are left out")]
    Hyphens,
    /// A character that may not stand at its place.
    #[error("character {position} of an ISRC is {expected}, this has {found:?}")]
    Character {
        /// The place from 1, hyphens not counted.
        position: usize,
        /// What may stand there.
        expected: &'static str,
        /// What stands there.
        found: char,
    },
}

impl Isrc {
    /// The first five characters, which name who gave the code.
    pub fn prefix(&self) -> &str {
        self.part(0, 5)
    }

    /// The two digits of the year in which the code was given.
    pub fn year(&self) -> &str {
        self.part(5, 7)
    }

    /// The five digits that tell apart the recordings of one prefix and year.
    pub fn designation(&self) -> &str {
        self.part(7, LENGTH)
    }

    /// The twelve characters without hyphens, as stored and delivered.
    pub fn as_str(&self) -> &str {
        self.part(0, LENGTH)
    }

    /// The form for reading, `US-RC1-76-07839`.
    pub fn hyphenated(&self) -> String {
        format!("{}-{}-{}-{}", self.part(0, 2), self.part(2, 5), self.year(), self.designation())
    }

    fn part(&self, from: usize, to: usize) -> &str {
        // All bytes are ASCII by construction, so this never falls back.
        std::str::from_utf8(&self.0[from..to]).unwrap_or_default()
    }
}

impl FromStr for Isrc {
    type Err = IsrcError;

    /// Reads `USRC17607839` or `US-RC1-76-07839`; small letters are raised to capitals.
    fn from_str(text: &str) -> Result<Self, IsrcError> {
        let length = text.chars().filter(|character| *character != '-').count();
        if length != LENGTH {
            return Err(IsrcError::Length(length));
        }
        let hyphens: Vec<usize> = text.char_indices().filter(|(_, c)| *c == '-').map(|(at, _)| at).collect();
        if !hyphens.is_empty() && hyphens != HYPHENS {
            return Err(IsrcError::Hyphens);
        }
        let mut code = [0; LENGTH];
        for (index, found) in text.chars().filter(|character| *character != '-').enumerate() {
            code[index] = character_at(index, found)?;
        }
        Ok(Self(code))
    }
}

/// The character as it is stored, if it may stand at this place (from 0).
fn character_at(index: usize, found: char) -> Result<u8, IsrcError> {
    let (expected, allowed) = match index {
        0 | 1 => ("a letter", found.is_ascii_alphabetic()),
        2..=4 => ("a letter or a digit", found.is_ascii_alphanumeric()),
        _ => ("a digit", found.is_ascii_digit()),
    };
    match u8::try_from(found.to_ascii_uppercase()) {
        Ok(byte) if allowed => Ok(byte),
        _ => Err(IsrcError::Character { position: index + 1, expected, found }),
    }
}

impl fmt::Display for Isrc {
    /// Without hyphens.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_both_written_forms_as_the_same_code() {
        let plain: Isrc = "USRC17607839".parse().unwrap();
        assert_eq!("US-RC1-76-07839".parse(), Ok(plain));
        assert_eq!("us-rc1-76-07839".parse(), Ok(plain));
        assert_eq!((plain.prefix(), plain.year(), plain.designation()), ("USRC1", "76", "07839"));
    }

    #[test]
    fn says_how_many_characters_are_missing() {
        assert_eq!("USRC1760783".parse::<Isrc>(), Err(IsrcError::Length(11)));
        assert_eq!("".parse::<Isrc>(), Err(IsrcError::Length(0)));
    }

    #[test]
    fn says_which_character_is_wrong_and_what_belongs_there() {
        let error = "U1RC17607839".parse::<Isrc>().unwrap_err();
        assert_eq!(error.to_string(), "character 2 of an ISRC is a letter, this has '1'");
        let error = "USRC1760783O".parse::<Isrc>().unwrap_err();
        assert_eq!(error.to_string(), "character 12 of an ISRC is a digit, this has 'O'");
        assert!("ÜSRC17607839".parse::<Isrc>().is_err());
    }

    #[test]
    fn refuses_hyphens_in_other_places() {
        assert_eq!("USRC-176-07-839".parse::<Isrc>(), Err(IsrcError::Hyphens));
        assert_eq!("US-RC17607839".parse::<Isrc>(), Err(IsrcError::Hyphens));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(code in "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}") {
            let isrc: Isrc = code.parse().unwrap();
            prop_assert_eq!(isrc.to_string(), code);
            prop_assert_eq!(isrc.hyphenated().parse(), Ok(isrc));
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC{0,16}") {
            let _ = text.parse::<Isrc>();
        }
    }
}
