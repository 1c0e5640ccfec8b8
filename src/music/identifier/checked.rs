//! Identifiers that end with a check character: works, releases, parties and people.

use super::check_digit::{mod_11_2, mod_37_36, mod_101, weighted};
use std::fmt;
use std::str::FromStr;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// The wrong length, or characters that may not stand there.
    #[error("{name} is written as {example}; this has {characters} characters of which some may be wrong")]
    Form {
        /// What it should be, with its article.
        name: &'static str,
        /// A right one.
        example: &'static str,
        /// How many characters there are without separators.
        characters: usize,
    },
    /// The check character does not fit the others.
    #[error("the check character of {name} should be {expected} here, this has {found}")]
    CheckCharacter {
        /// What it should be, with its article.
        name: &'static str,
        /// What the others require.
        expected: String,
        /// What stands there.
        found: String,
    },
}

/// How an identifier is built.
struct Form {
    name: &'static str,
    example: &'static str,
    /// What it begins with.
    prefix: &'static str,
    /// Characters of the whole.
    length: usize,
    /// Characters of the check.
    check_length: usize,
    /// The check for everything before it, the prefix included; none where a character may not stand there.
    check: fn(&str) -> Option<String>,
}

impl Form {
    /// The identifier without separators and in capitals, if it is right.
    fn read(&self, text: &str) -> Result<String, IdentifierError> {
        let plain: String = text
            .trim()
            .chars()
            .filter(|character| !matches!(character, '-' | '.' | ' '))
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let characters = plain.chars().count();
        let wrong = || IdentifierError::Form { name: self.name, example: self.example, characters };
        if characters != self.length || !plain.is_ascii() || !plain.starts_with(self.prefix) {
            return Err(wrong());
        }
        let (body, found) = plain.split_at(self.length - self.check_length);
        let expected = (self.check)(body).ok_or_else(wrong)?;
        if expected != found {
            return Err(IdentifierError::CheckCharacter {
                name: self.name,
                expected,
                found: found.to_owned(),
            });
        }
        Ok(plain)
    }
}

const ISWC: Form = Form {
    name: "an ISWC",
    example: "T-034.524.680-1",
    prefix: "T",
    length: 11,
    check_length: 1,
    check: |body| weighted(&body[1..], 1).map(String::from),
};
const GRID: Form = Form {
    name: "a GRid",
    example: "A1-2425G-ABC1234002-M",
    prefix: "A1",
    length: 18,
    check_length: 1,
    check: |body| mod_37_36(body).map(String::from),
};
const DPID: Form = Form {
    name: "a DPID",
    example: "PADPIDA2007061301U",
    prefix: "PADPIDA",
    length: 18,
    check_length: 1,
    check: |body| mod_37_36(body).map(String::from),
};
const ISNI: Form = Form {
    name: "an ISNI",
    example: "0000 0001 2103 2683",
    prefix: "",
    length: 16,
    check_length: 1,
    check: |body| mod_11_2(body).map(String::from),
};
const IPI_NAME: Form = Form {
    name: "an IPI name number",
    example: "00014107338",
    prefix: "",
    length: 11,
    check_length: 2,
    check: mod_101,
};
const IPI_BASE: Form = Form {
    name: "an IPI base number",
    example: "I-000000229-7",
    prefix: "I",
    length: 11,
    check_length: 1,
    check: |body| weighted(&body[1..], 2).map(String::from),
};

/// Makes a type of a form: what it holds is always right.
macro_rules! identifier {
    ($(#[$words:meta])* $name:ident, $form:expr, |$plain:ident| $written:expr) => {
        $(#[$words])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Without separators, as stored and delivered.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The form for reading.
            pub fn written(&self) -> String {
                let $plain = self.0.as_str();
                $written
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;

            fn from_str(text: &str) -> Result<Self, IdentifierError> {
                $form.read(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            /// Without separators.
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// The International Standard Musical Work Code (ISO 15707): one composition.
    Iswc, ISWC,
    |plain| format!("T-{}.{}.{}-{}", &plain[1..4], &plain[4..7], &plain[7..10], &plain[10..])
);
identifier!(
    /// The Global Release Identifier (IFPI): one digital release.
    Grid, GRID,
    |plain| format!("{}-{}-{}-{}", &plain[..2], &plain[2..7], &plain[7..17], &plain[17..])
);
identifier!(
    /// The DDEX Party Identifier: one sender or receiver of deliveries.
    Dpid, DPID, |plain| plain.to_owned()
);
identifier!(
    /// The International Standard Name Identifier (ISO 27729): one public identity.
    Isni, ISNI,
    |plain| format!("{} {} {} {}", &plain[..4], &plain[4..8], &plain[8..12], &plain[12..])
);
identifier!(
    /// The IPI name number (CISAC): one name of a rights holder.
    IpiName, IPI_NAME, |plain| plain.to_owned()
);
identifier!(
    /// The IPI base number (CISAC): one rights holder, under whatever names.
    IpiBase, IPI_BASE, |plain| format!("I-{}-{}", &plain[1..10], &plain[10..])
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_examples_are_right_and_written_as_published() {
        assert_eq!("T-034.524.680-1".parse::<Iswc>().unwrap().written(), "T-034.524.680-1");
        assert_eq!("A1-2425G-ABC1234002-M".parse::<Grid>().unwrap().written(), "A1-2425G-ABC1234002-M");
        assert_eq!("0000000121032683".parse::<Isni>().unwrap().written(), "0000 0001 2103 2683");
        assert!("000000012146438X".parse::<Isni>().is_ok());
        assert!("PADPIDA2007061301U".parse::<Dpid>().is_ok() && "PADPIDA2013020802I".parse::<Dpid>().is_ok());
        assert_eq!(IPI_NAME.example.parse::<IpiName>().unwrap().as_str(), "00014107338");
        assert_eq!(IPI_BASE.example.parse::<IpiBase>().unwrap().written(), "I-000000229-7");
    }

    #[test]
    fn a_wrong_check_character_is_told_with_the_right_one() {
        let error = "T-034.524.680-2".parse::<Iswc>().unwrap_err();
        assert_eq!(error.to_string(), "the check character of an ISWC should be 1 here, this has 2");
        assert!("PADPIDA2013020803I".parse::<Dpid>().is_err());
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "T-034.524.680", "X0345246801", "T03452468Ä1", "T034524680١"] {
            assert!(matches!(text.parse::<Iswc>(), Err(IdentifierError::Form { .. })), "{text}");
        }
        assert!("A2-2425G-ABC1234002-M".parse::<Grid>().is_err());
    }

    proptest! {
        #[test]
        fn every_change_of_one_digit_of_an_isni_is_noticed(
            body in "[0-9]{15}", at in 0_usize..15, by in 1_u8..10
        ) {
            let isni = format!("{body}{}", mod_11_2(&body).unwrap());
            let read: Isni = isni.parse().unwrap();
            prop_assert_eq!(read.written().parse(), Ok(read));
            let mut changed = isni.into_bytes();
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            prop_assert!(String::from_utf8(changed).unwrap().parse::<Isni>().is_err());
        }

        // Of swapped neighbours ISO 7064's MOD 37,36 notices nearly all, of changed characters all.
        #[test]
        fn every_change_of_one_character_of_a_grid_is_noticed(
            body in "[A-Z0-9]{15}", at in 2_usize..18, by in 1_usize..36
        ) {
            const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
            let body = format!("A1{body}");
            let mut grid = format!("{body}{}", mod_37_36(&body).unwrap()).into_bytes();
            let place = CHARACTERS.iter().position(|&one| one == grid[at]).unwrap();
            grid[at] = CHARACTERS[(place + by) % CHARACTERS.len()];
            prop_assert!(String::from_utf8(grid).unwrap().parse::<Grid>().is_err());
        }

        #[test]
        fn what_is_written_is_read_back(work in "[0-9]{9}", name in "[0-9]{9}") {
            let iswc: Iswc = format!("T{work}{}", weighted(&work, 1).unwrap()).parse().unwrap();
            prop_assert_eq!(iswc.written().parse::<Iswc>().unwrap(), iswc);
            let ipi: IpiName = format!("{name}{}", mod_101(&name).unwrap()).parse().unwrap();
            prop_assert_eq!(ipi.written().parse::<IpiName>().unwrap(), ipi);
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC{0,20}") {
            let _ = (text.parse::<Iswc>(), text.parse::<Grid>(), text.parse::<Dpid>());
            let _ = (text.parse::<Isni>(), text.parse::<IpiName>(), text.parse::<IpiBase>());
        }
    }
}
