//! Words that people say for each other, from the object `synonyms.toml` of the bucket.
//!
//! The file has one key, `groups`: lists of words and short phrases that mean the same.

use std::collections::HashMap;

use serde::Deserialize;

use super::analysis::words;

/// The most words of a phrase that are recognised.
const LONGEST_PHRASE: usize = 5;

/// Why a file of synonyms cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("synonyms.toml cannot be used: {reason}")]
pub(crate) struct SynonymsError {
    reason: String,
}

/// Groups of phrases that mean the same.
#[derive(Debug, Default, Clone)]
pub(crate) struct Synonyms {
    /// Phrases as stems, by their group.
    groups: Vec<Vec<Vec<String>>>,
    /// The groups that each phrase is in.
    by_phrase: HashMap<Vec<String>, Vec<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    groups: Vec<Vec<String>>,
}

impl Synonyms {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of the form.
    pub(crate) fn parse(toml: &str) -> Result<Self, SynonymsError> {
        let file: File =
            toml::from_str(toml).map_err(|error| SynonymsError { reason: error.message().to_owned() })?;
        let mut synonyms = Self::default();
        for group in file.groups {
            let mut phrases: Vec<Vec<String>> = Vec::new();
            for phrase in group {
                let stems: Vec<String> = stems(&phrase);
                if !stems.is_empty() && !phrases.contains(&stems) {
                    phrases.push(stems);
                }
            }
            let number = synonyms.groups.len();
            for phrase in &phrases {
                synonyms.by_phrase.entry(phrase.clone()).or_default().push(number);
            }
            synonyms.groups.push(phrases);
        }
        Ok(synonyms)
    }

    /// The phrases of the question that are in a group: where each begins, how many words it has,
    /// and what else may be said for it. Of phrases that begin at the same word, all are returned.
    pub(super) fn of<'a>(&'a self, stems: &'a [String]) -> impl Iterator<Item = Match<'a>> {
        (0..stems.len()).flat_map(move |start| {
            (1..=LONGEST_PHRASE).filter_map(move |length| {
                let phrase = stems.get(start..start + length)?;
                let groups = self.by_phrase.get(phrase)?;
                let others = groups.iter().filter_map(|number| self.groups.get(*number)).flatten();
                let others = others.filter(|other| other.as_slice() != phrase).map(Vec::as_slice).collect();
                Some(Match { start, length, others })
            })
        })
    }
}

/// A phrase of a question for which other words may be said.
pub(super) struct Match<'a> {
    /// The place of its first word.
    pub(super) start: usize,
    /// How many words it has.
    pub(super) length: usize,
    /// What else may be said.
    pub(super) others: Vec<&'a [String]>,
}

/// The stems of a phrase, one for each place.
fn stems(phrase: &str) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    let mut last = None;
    for word in words(phrase) {
        if last != Some(word.position) {
            last = Some(word.position);
            stems.push(word.stem);
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_find_the_others_of_their_groups() {
        let synonyms = Synonyms::parse(
            "groups = [[\"song\", \"musical work\"], [\"song\", \"tune\"], [\"performing rights organisation\", \"PRO\"]]",
        )
        .unwrap();
        let question = stems("which performing rights organisation pays for a song");
        let found: Vec<(usize, usize, usize)> =
            synonyms.of(&question).map(|found| (found.start, found.length, found.others.len())).collect();
        assert_eq!(found, [(0, 3, 1), (4, 1, 2)]);
    }

    #[test]
    fn a_wrong_file_is_refused() {
        assert!(Synonyms::parse("groups = 5").is_err());
        assert!(Synonyms::parse("group = []").is_err());
    }
}
