//! Where rights hold: the world, the world without some territories, or some territories.

mod names;
mod region;

pub use names::TERRITORIES;
pub use region::Region;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// How texts say all territories.
const WORLD: [&str; 5] = ["world", "the world", "worldwide", "whole world", "universe"];
/// How texts say that some of them do not belong to it.
const WITHOUT: [&str; 4] = [" except ", " excluding ", " without ", " ex "];

/// Territories, by their codes in ISO 3166-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Territories {
    /// All but these.
    WorldExcept(BTreeSet<String>),
    /// These.
    Only(BTreeSet<String>),
}

/// Why a text does not say territories.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("territories are written as \"world\", \"world except Japan\" or \"NO, SE\"; this has {0:?}")]
pub struct TerritoryError(String);

impl Territories {
    /// Those of others that are not among these, as people read them.
    pub fn outside(&self, others: &Territories) -> Vec<String> {
        use Territories::{Only, WorldExcept};
        let codes: BTreeSet<&String> = match (self, others) {
            (WorldExcept(gone), WorldExcept(also)) => gone.difference(also).collect(),
            (WorldExcept(gone), Only(wanted)) => gone.intersection(wanted).collect(),
            (Only(known), Only(wanted)) => wanted.difference(known).collect(),
            (Only(_), WorldExcept(_)) => return vec!["the rest of the world".to_owned()],
        };
        codes.into_iter().map(|code| name(code).to_owned()).collect()
    }
}

/// The name of a code; the code itself where it is not known.
fn name(code: &str) -> &str {
    TERRITORIES.iter().find(|(known, ..)| *known == code).map_or(code, |(_, name, _)| *name)
}

impl FromStr for Territories {
    type Err = TerritoryError;

    fn from_str(text: &str) -> Result<Self, TerritoryError> {
        let lower = format!("{} ", text.trim().trim_end_matches('.').to_lowercase());
        let parts = WITHOUT.iter().find_map(|word| lower.split_once(word));
        let (whole, gone) = parts.unwrap_or((&lower, ""));
        let is_world = WORLD.contains(&whole.trim().trim_end_matches(','));
        match (is_world, parts.is_some()) {
            (true, true) => codes(gone).map(Territories::WorldExcept),
            (true, false) => Ok(Territories::WorldExcept(BTreeSet::new())),
            (false, true) => Err(TerritoryError(whole.trim().to_owned())),
            (false, false) => codes(whole).map(Territories::Only),
        }
    }
}

/// The codes of a list of names and codes.
fn codes(list: &str) -> Result<BTreeSet<String>, TerritoryError> {
    let mut found = BTreeSet::new();
    for entry in list.split([',', ';']).map(str::trim).filter(|entry| !entry.is_empty()) {
        // Some names have an `and` of their own.
        match code(entry) {
            Some(code) => {
                found.insert(code);
            }
            None => {
                for part in entry.split(" and ").map(|part| part.trim().trim_start_matches("and ")) {
                    found.insert(code(part).ok_or_else(|| TerritoryError(part.to_owned()))?);
                }
            }
        }
    }
    if found.is_empty() { Err(TerritoryError(list.trim().to_owned())) } else { Ok(found) }
}

/// The code of a name or of a code, in lower case.
fn code(entry: &str) -> Option<String> {
    let is_code = entry.len() == 2 && entry.bytes().all(|letter| letter.is_ascii_lowercase());
    let plain = entry.strip_prefix("the ").unwrap_or(entry);
    let known = TERRITORIES.iter().find(|(code, name, others)| {
        code.eq_ignore_ascii_case(plain)
            || name.eq_ignore_ascii_case(plain)
            || others.split(';').any(|other| !other.is_empty() && other == plain)
    });
    // Codes of small territories that have no name here are taken as they are.
    known.map(|(code, ..)| (*code).to_owned()).or_else(|| is_code.then(|| entry.to_uppercase()))
}

impl fmt::Display for Territories {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |codes: &BTreeSet<String>| codes.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        match self {
            Territories::WorldExcept(gone) if gone.is_empty() => formatter.write_str("world"),
            Territories::WorldExcept(gone) => write!(formatter, "world except {}", list(gone)),
            Territories::Only(codes) => formatter.write_str(&list(codes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Territories {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn texts_of_contracts_are_read() {
        for (text, stored) in [
            ("world", "world"),
            ("Worldwide.", "world"),
            ("World except Japan", "world except JP"),
            ("the world, excluding the United States and Canada", "world except CA, US"),
            ("Norway and Sweden", "NO, SE"),
            ("no, SE; Bosnia and Herzegovina", "BA, NO, SE"),
            ("GI", "GI"),
        ] {
            assert_eq!(read(text).to_string(), stored, "{text}");
        }
        for text in ["", "the moon", "world except", "Norway except Oslo", "Norway and the moon"] {
            assert!(text.parse::<Territories>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_lies_outside_is_told_by_name() {
        let outside = |contract: &str, release: &str| read(contract).outside(&read(release)).join(", ");
        assert_eq!(outside("world", "world"), "");
        assert_eq!(outside("world except Japan", "world"), "Japan");
        assert_eq!(outside("world except Japan", "world except Japan, China"), "");
        assert_eq!(outside("world except Japan", "NO, JP"), "Japan");
        assert_eq!(outside("Norway and Sweden", "NO"), "");
        assert_eq!(outside("Norway and Sweden", "NO, DK, GI"), "Denmark, GI");
        assert_eq!(outside("Norway", "world except Norway"), "the rest of the world");
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(text in "(world( except )?)?\\PC{0,12}|[A-Z]{2}(, [A-Z]{2}){0,3}") {
            if let Ok(territories) = text.parse::<Territories>() {
                prop_assert_eq!(read(&territories.to_string()), territories);
            }
        }
    }
}
