//! Splits: who shares in what a release earns, from its recordings and from its works, as people have entered it.

use super::contract::{basis_points, percent};
use super::field::FieldError;
use serde::{Deserialize, Serialize};

/// All parts together, in hundredths of a percent.
pub const WHOLE: u32 = 10_000;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;
/// The most lines of a list.
const MOST_LINES: usize = 40;

/// Who shares in what a release earns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseSplits {
    /// In what its recordings earn; empty where nobody has entered it.
    pub recordings: Vec<SplitShare>,
    /// In what its works earn, which is publishing; empty where nobody has entered it.
    pub publishing: Vec<SplitShare>,
}

/// Somebody's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SplitShare {
    /// Whose it is.
    pub payee: String,
    /// Hundredths of a percent.
    pub basis_points: u32,
}

/// What parts come to, in hundredths of a percent; none where there are none.
pub fn total(shares: &[SplitShare]) -> Option<u32> {
    let sum = shares.iter().fold(0_u32, |sum, share| sum.saturating_add(share.basis_points));
    (!shares.is_empty()).then_some(sum)
}

/// What is to be said of the sum of parts that are not the whole.
pub fn gap(total: u32) -> Option<String> {
    match total {
        WHOLE => None,
        less if less < WHOLE => Some(format!("{} are missing", percent(WHOLE - less))),
        more => Some(format!("{} are too many", percent(more - WHOLE))),
    }
}

/// The splits as a form has them: a line for each part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SplitsForm {
    /// A line for each who shares in the recordings: `Name: 50.00 %`.
    pub recordings: String,
    /// A line for each who shares in the works.
    pub publishing: String,
    /// The version of the splits that was shown; 0 where there were none.
    pub version: u32,
}

impl SplitsForm {
    /// The splits as a form shows them.
    pub fn of(splits: &ReleaseSplits, version: u32) -> Self {
        let lines = |shares: &[SplitShare]| {
            let lines =
                shares.iter().map(|share| format!("{}: {}", share.payee, percent(share.basis_points)));
            lines.collect::<Vec<_>>().join("\n")
        };
        Self { recordings: lines(&splits.recordings), publishing: lines(&splits.publishing), version }
    }

    /// From the fields of a form as it was sent.
    pub fn of_fields(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "recordings" => form.recordings = value,
                "publishing" => form.publishing = value,
                "version" => form.version = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        form
    }

    /// What it says. Parts that are not the whole are kept, because people agree on them one after the other: the
    /// check before delivery refuses them.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn read(&self) -> Result<ReleaseSplits, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let splits = ReleaseSplits {
            recordings: shares("recordings", &self.recordings, &mut wrong),
            publishing: shares("publishing", &self.publishing, &mut wrong),
        };
        if wrong.is_empty() { Ok(splits) } else { Err(wrong) }
    }
}

fn shares(field: &str, value: &str, wrong: &mut Vec<FieldError>) -> Vec<SplitShare> {
    let lines: Vec<&str> = value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_LINES {
        wrong.push(FieldError::new(field, format!("at most {MOST_LINES} lines are kept")));
        return Vec::new();
    }
    let mut found: Vec<SplitShare> = Vec::new();
    for line in lines {
        match share(line) {
            Ok(share) if found.iter().any(|known| known.payee == share.payee) => {
                let message = format!("{:?} has two parts; add them up", share.payee);
                wrong.push(FieldError::new(field, message));
            }
            Ok(share) => found.push(share),
            Err(message) => wrong.push(FieldError::new(field, message)),
        }
    }
    found
}

fn share(line: &str) -> Result<SplitShare, String> {
    let read = line.rsplit_once(':').and_then(|(payee, part)| {
        let payee = payee.trim();
        Some(SplitShare { payee: payee.to_owned(), basis_points: basis_points(part)? })
            .filter(|share| !payee.is_empty() && share.basis_points > 0)
    });
    let Some(share) = read else {
        return Err(format!("{line:?} is not of the form `Name: 50.00 %`, from 0.01 % to 100.00 %"));
    };
    if share.payee.chars().count() > LONGEST_NAME || share.payee.chars().any(char::is_control) {
        return Err(format!("a name has at most {LONGEST_NAME} characters in one line"));
    }
    Ok(share)
}

/// What the page of a release shows of its splits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownSplits {
    /// The splits; none where nobody has entered them.
    pub splits: Option<ReleaseSplits>,
    /// Counts the changes; 0 where nobody has entered them.
    pub version: u32,
    /// Who has changed them last, and when, RFC 3339 in UTC.
    pub changed: Option<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(recordings: &str) -> SplitsForm {
        SplitsForm { recordings: recordings.to_owned(), publishing: String::new(), version: 1 }
    }

    #[test]
    fn a_form_is_read_and_shown_again() {
        let splits = form("Mira Sund: 87.5 %\n\nIda: the producer: 12.50%\n").read().expect("splits");
        assert_eq!(splits.recordings[1].payee, "Ida: the producer");
        assert_eq!((total(&splits.recordings), total(&splits.publishing)), (Some(WHOLE), None));
        assert_eq!(SplitsForm::of(&splits, 1).read(), Ok(splits));
    }

    #[test]
    fn what_is_no_part_is_told_at_its_field() {
        for text in ["Mira", "Mira: half", "Mira: 100.01 %", "Mira: 0", ": 50 %", "Mira: 50 %\nMira: 50 %"] {
            let wrong = form(text).read().expect_err("wrong");
            assert_eq!((wrong.len(), wrong[0].field.as_str()), (1, "recordings"), "{text}");
        }
        assert!(form(&"Mira: 1 %\n".repeat(41)).read().is_err());
    }

    #[test]
    fn parts_that_are_not_the_whole_say_by_how_much() {
        assert_eq!(gap(WHOLE), None);
        assert_eq!(gap(9_950).as_deref(), Some("0.50 % are missing"));
        assert_eq!(gap(12_000).as_deref(), Some("20.00 % are too many"));
    }

    proptest! {
        #[test]
        fn every_text_is_read_or_told(text in "\\PC{0,40}(: [0-9]{1,3}(\\.[0-9]{1,2})? ?%?\n?)?") {
            if let Ok(splits) = form(&text).read() {
                prop_assert_eq!(SplitsForm::of(&splits, 1).read(), Ok(splits));
            }
        }
    }
}
