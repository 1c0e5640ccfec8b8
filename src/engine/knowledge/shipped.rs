//! The knowledge base that comes with Patchline: the files of `knowledge/`, built into the program and
//! read into strict types.
//!
//! The rules are those of `knowledge/README.md`; an error names the file and the entry.

mod parse;
mod problem;

pub use parse::parse;
pub use problem::{Problem, ShippedError};

use super::entry::Entry;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A file that is built in.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its name in the folder `knowledge/`.
    pub name: &'static str,
    /// Its content.
    pub text: &'static str,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(File { name: $name, text: include_str!(concat!("../../../knowledge/", $name)) }),*]
    };
}

/// The topics.
const TOPICS: &[File] = files![
    "charts.toml",
    "contracts.toml",
    "delivery.toml",
    "fake-streams.toml",
    "identifiers.toml",
    "loudness.toml",
    "metadata.toml",
    "metrics.toml",
    "pitching.toml",
    "rates.toml",
    "release-timing.toml",
    "rights.toml",
    "royalties.toml",
    "waterfall.toml",
];

/// The outlines of contracts.
pub const OUTLINES: &[File] = files![
    "contracts/distribution.md",
    "contracts/licence.md",
    "contracts/management.md",
    "contracts/producer.md",
    "contracts/split-sheet.md",
    "contracts/sync.md",
];

/// Words that people say for each other.
pub const SYNONYMS: File =
    File { name: "synonyms.toml", text: include_str!("../../../knowledge/synonyms.toml") };

static ENTRIES: LazyLock<Result<Vec<Entry>, ShippedError>> = LazyLock::new(|| {
    let topics: Vec<(&str, &str)> = TOPICS.iter().map(|file| (file.name, file.text)).collect();
    parse(&topics)
});

/// The entries that come with Patchline, in the order of their files.
///
/// # Errors
/// The first rule that is broken; the tests keep that from being shipped.
pub fn entries() -> Result<&'static [Entry], ShippedError> {
    ENTRIES.as_deref().map_err(Clone::clone)
}

/// Reads a group of words that people say for each other.
///
/// # Errors
/// When the file is not of its form.
pub fn synonyms(text: &str) -> Result<Vec<Vec<String>>, ShippedError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Groups {
        groups: Vec<Vec<String>>,
    }
    let wrong = |problem| ShippedError { file: SYNONYMS.name.to_owned(), entry: None, problem };
    let file: Groups = toml::from_str(text).map_err(|error| wrong(Problem::Form(error.to_string())))?;
    let lonely = file.groups.iter().find(|group| group.iter().collect::<HashSet<_>>().len() < 2);
    match lonely {
        Some(group) => Err(wrong(Problem::Form(format!("the group {group:?} has fewer than two words")))),
        None => Ok(file.groups),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::knowledge::entry::Confidence;

    #[test]
    fn what_is_shipped_keeps_every_rule() {
        let entries = entries().expect("the shipped entries are right");
        assert!(entries.len() >= 150, "{} entries", entries.len());
        assert!(synonyms(SYNONYMS.text).is_ok());
        for File { name, text } in OUTLINES {
            assert!(text.to_lowercase().contains("not legal advice"), "{name}");
            // What every contract needs: a law, a court, and who signs where and when.
            for part in [
                "{governing_law}",
                "{court_or_arbitration}",
                "warrants",
                "{assignment_rule}",
                "{signed_on_1}",
            ] {
                assert!(text.contains(part), "{name} has no {part}");
            }
        }
    }

    #[test]
    fn no_entry_is_about_one_week_of_its_own_making() {
        for entry in entries().expect("they are right") {
            if let (Some(from), Some(to)) = (entry.effect.from, entry.effect.to) {
                let days = from.until(to).map_or(0, |span| span.get_days());
                assert!(days >= 14, "{} would be out of date after {days} days", entry.id);
            }
        }
    }

    #[test]
    fn the_mechanical_rates_follow_from_the_formula_that_is_told() {
        let entries = entries().expect("they are right");
        let entry = |id: &str| entries.iter().find(|entry| entry.id == id).expect("it is there");
        let value = |id: &str| entry(id).amount.as_ref().expect("it has a value").value;
        let base = value("cola-formula");
        // The indices of October 2023 and, since that of October 2025 was not published, September 2025.
        for (year, index) in [("2024", 307.671), ("2026", 324.8)] {
            for (series, places) in [("us-mechanical-work", 10.0), ("us-mechanical-minute", 100.0)] {
                let row = format!("{series}-{year}");
                let worked_out = value(&format!("{series}-2023")) * index / base;
                let rounded = (worked_out * places).round() / places;
                assert!((rounded - value(&row)).abs() < 1e-9, "{row}: {worked_out}");
                assert_ne!(entry(&row).confidence, Confidence::Unsettled, "{row}");
            }
        }
        for id in ["us-mechanical-work-2027", "us-mechanical-minute-2027", "cola-formula"] {
            let told = &entry(id).statement;
            assert!(told.contains("normally that of October") && !told.contains("November"), "{told}");
        }
    }

    #[test]
    fn every_file_of_the_folder_is_built_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/knowledge");
        let names = |folder: &str, ending: &str| {
            let files = std::fs::read_dir(folder).expect("the folder is there");
            let mut names: Vec<String> = files
                .filter_map(|file| file.ok()?.file_name().into_string().ok())
                .filter(|name| name.ends_with(ending) && name != SYNONYMS.name)
                .collect();
            names.sort();
            names
        };
        let built_in = |files: &[File]| -> Vec<String> {
            files.iter().map(|file| file.name.rsplit('/').next().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(names(folder, ".toml"), built_in(TOPICS));
        assert_eq!(names(&format!("{folder}/contracts"), ".md"), built_in(OUTLINES));
    }
}
