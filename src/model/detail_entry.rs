//! How the fields of a form of details are entered: each value of the record as a text, and back.

use super::contributor::Contributor;
use super::release::{AiUse, UsedSample};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What stands between a sample and who cleared it.
const CLEARED: &str = "; cleared by ";

/// Where a release stands, by its names in the record.
const STATUSES: &[(&str, &str)] =
    &[("draft", "Draft"), ("scheduled", "Scheduled"), ("released", "Released"), ("withdrawn", "Withdrawn")];

const YES_OR_NO: &[(&str, &str)] = &[("no", "No"), ("yes", "Yes")];

/// What may have been made by artificial intelligence: the parts by their names in the record.
const AI_USES: &[(&str, &str)] = &[
    ("none", "Nothing"),
    ("vocals", "Vocals"),
    ("instrumentation", "Instruments"),
    ("post", "Mixing and mastering"),
    ("vocals,instrumentation", "Vocals and instruments"),
    ("vocals,post", "Vocals, mixing and mastering"),
    ("instrumentation,post", "Instruments, mixing and mastering"),
    ("vocals,instrumentation,post", "Vocals, instruments, mixing and mastering"),
];

/// How a field is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A text in one line.
    Text,
    /// A day such as 2026-12-04.
    Day,
    /// A length such as 3:05.
    Length,
    /// Where a release stands.
    Status,
    /// Yes or no.
    YesOrNo,
    /// What was made by artificial intelligence.
    AiUse,
    /// A name in each line.
    Names,
    /// Who did what for the recording, one in each line.
    Contributors,
    /// A part of another recording in each line, with who cleared it.
    Samples,
}

impl Entry {
    /// What there is to choose from, by its name and in words; none where a text is typed.
    pub fn choices(self) -> Option<&'static [(&'static str, &'static str)]> {
        match self {
            Entry::Status => Some(STATUSES),
            Entry::YesOrNo => Some(YES_OR_NO),
            Entry::AiUse => Some(AI_USES),
            _ => None,
        }
    }

    /// Whether several lines are typed.
    pub fn has_lines(self) -> bool {
        matches!(self, Entry::Names | Entry::Contributors | Entry::Samples)
    }

    /// A stored value as the form has it; empty where nothing is known.
    pub fn text(self, value: &Value) -> String {
        match self {
            Entry::Text | Entry::Day | Entry::Status => value.as_str().unwrap_or_default().to_owned(),
            Entry::Length => value.as_u64().map(as_length).unwrap_or_default(),
            Entry::YesOrNo => {
                value.as_bool().map(|yes| if yes { "yes" } else { "no" }).unwrap_or_default().to_owned()
            }
            Entry::AiUse => read::<AiUse>(value).map(ai_text).unwrap_or_default(),
            Entry::Names => read::<Vec<String>>(value).unwrap_or_default().join("\n"),
            Entry::Contributors => {
                let contributors = read::<Vec<Contributor>>(value).unwrap_or_default();
                contributors.iter().map(Contributor::to_string).collect::<Vec<_>>().join("\n")
            }
            Entry::Samples => {
                let samples = read::<Vec<UsedSample>>(value).unwrap_or_default();
                samples.iter().map(sample_text).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// What is typed as a value of the record.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn value(self, text: &str) -> Result<Value, String> {
        match self {
            Entry::Text => Ok(json!(text)),
            Entry::Day if text.is_empty() || text.parse::<Date>().is_ok() => Ok(json!(text)),
            Entry::Day => Err(format!("a day is written as 2027-01-31; this is {text:?}")),
            Entry::Length => seconds(text).map(Value::from).ok_or_else(|| {
                format!("a length is written in minutes and seconds, such as 3:05; this is {text:?}")
            }),
            Entry::Status | Entry::YesOrNo => match self.chosen(text)? {
                "yes" => Ok(json!(true)),
                "no" => Ok(json!(false)),
                status => Ok(json!(status)),
            },
            Entry::AiUse => {
                let chosen = self.chosen(text)?;
                let has = |part: &str| chosen.split(',').any(|made| made == part);
                Ok(json!({
                    "vocals": has("vocals"), "instrumentation": has("instrumentation"), "post": has("post")
                }))
            }
            Entry::Names => Ok(text.lines().map(Value::from).collect()),
            Entry::Contributors => {
                let read: Result<Vec<Contributor>, _> = text.lines().map(str::parse::<Contributor>).collect();
                read.map(|contributors| json!(contributors)).map_err(|error| error.to_string())
            }
            Entry::Samples => Ok(text.lines().map(sample).collect()),
        }
    }

    /// The choice that a text names.
    fn chosen(self, text: &str) -> Result<&'static str, String> {
        let known = self.choices().unwrap_or_default().iter().find(|(name, _)| *name == text);
        known.map(|(name, _)| *name).ok_or_else(|| "choose one of the answers".to_owned())
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn as_length(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The seconds of a length such as `3:05`.
fn seconds(text: &str) -> Option<u32> {
    let (minutes, seconds) = text.split_once(':')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(minutes) || !is_number(seconds) || seconds.len() != 2 {
        return None;
    }
    let (minutes, seconds) = (minutes.parse::<u32>().ok()?, seconds.parse::<u32>().ok()?);
    if seconds > 59 {
        return None;
    }
    minutes.checked_mul(60)?.checked_add(seconds)
}

fn ai_text(ai: AiUse) -> String {
    let parts = [(ai.vocals, "vocals"), (ai.instrumentation, "instrumentation"), (ai.post, "post")];
    let made: Vec<&str> = parts.into_iter().filter(|(is_made, _)| *is_made).map(|(_, part)| part).collect();
    if made.is_empty() { "none".to_owned() } else { made.join(",") }
}

fn sample_text(sample: &UsedSample) -> String {
    match &sample.cleared_by {
        Some(by) => format!("{}{CLEARED}{by}", sample.recording),
        None => sample.recording.clone(),
    }
}

fn sample(line: &str) -> Value {
    match line.rsplit_once(CLEARED) {
        Some((recording, by)) => json!({ "recording": recording.trim(), "clearedBy": by.trim() }),
        None => json!({ "recording": line }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::release::ReleaseStatus;
    use proptest::prelude::*;

    #[test]
    fn every_status_can_be_chosen() {
        let known: Vec<_> =
            ReleaseStatus::ALL.iter().map(|status| (status.id(), status.to_string())).collect();
        let offered: Vec<_> = STATUSES.iter().map(|(name, word)| (*name, (*word).to_owned())).collect();
        assert_eq!(offered, known);
    }

    proptest! {
        #[test]
        fn lengths_are_read_as_they_are_written(length in 0_u32..=600_000) {
            prop_assert_eq!(seconds(&as_length(u64::from(length))), Some(length));
        }
    }
}
