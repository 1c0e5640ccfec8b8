//! Limits and budgets as admins set them, the whole configuration as it holds, and what is left to somebody.

use super::money::MicroDollars;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Figures as they were from one change to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LimitsVersion {
    /// Counts the changes. 0: nobody has changed anything, and the environment alone holds.
    pub version: u32,
    /// Who made the change.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub since: String,
    /// Why, in the words of whoever made it.
    pub note: String,
    /// What was set, by the name of the variable in whose place it holds.
    pub set: BTreeMap<String, String>,
}

/// A form that sets figures, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LimitsForm {
    /// The version that the form shows.
    pub expected_version: u32,
    /// Why.
    pub note: String,
    /// What is to hold, by the name of the variable. What is empty is left to the environment.
    pub set: BTreeMap<String, String>,
}

impl LimitsForm {
    /// The field with the version.
    pub const VERSION: &str = "version";

    /// The field with the reason.
    pub const NOTE: &str = "note";

    /// The form of these fields. Each that is neither version nor reason is taken for a figure; what there is
    /// none of is refused later, with its name. A version that is no number is one that nobody has read.
    pub fn of_fields(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self { expected_version: u32::MAX, ..Self::default() };
        for (name, text) in fields {
            match name.as_str() {
                Self::VERSION => form.expected_version = text.trim().parse().unwrap_or(u32::MAX),
                Self::NOTE => text.trim().clone_into(&mut form.note),
                _ if text.trim().is_empty() => {}
                _ => {
                    form.set.insert(name, text.trim().to_owned());
                }
            }
        }
        form
    }
}

/// What admins see: the figures with their history, and the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// What holds in place of the environment.
    pub current: LimitsVersion,
    /// Why something else that is stored cannot be used; empty where there is nothing else.
    pub unusable: String,
    /// What held before, the newest first.
    pub history: Vec<LimitsVersion>,
    /// What can be set.
    pub figures: Vec<Figure>,
    /// Every variable with the value that holds.
    pub configuration: Vec<EffectiveValue>,
    /// The models that may be used and have no price of their own: each is charged by the price of every other
    /// model.
    pub without_price: Vec<String>,
    /// The time zone in which a day of the budgets begins.
    pub time_zone: String,
}

/// A figure that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// The name of its variable.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What is allowed.
    pub help: String,
    /// What was set here; empty where the environment holds.
    pub set: String,
    /// What holds where nothing is set here.
    pub otherwise: String,
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveValue {
    /// The variable.
    pub name: String,
    /// The value in words; of a secret, only whether there is one.
    pub value: String,
    /// Where it comes from.
    pub source: ValueSource,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ValueSource {
    /// The environment of the process.
    Environment,
    /// This page.
    Page,
    /// Nobody has set it.
    Default,
}

impl ValueSource {
    /// The word that people read.
    pub fn title(self) -> &'static str {
        match self {
            ValueSource::Environment => "Environment",
            ValueSource::Page => "This page",
            ValueSource::Default => "Default",
        }
    }
}

/// What is left to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnLimits {
    /// How many calls may be made at this moment.
    pub calls_left: u32,
    /// How many become allowed in a minute.
    pub calls_a_minute: u32,
    /// How many there may be at once.
    pub calls_at_once: u32,
    /// The budgets that model calls are paid from, the narrowest first.
    pub budgets: Vec<BudgetLeft>,
    /// When the budgets begin anew, RFC 3339 in UTC.
    pub renewed_at: String,
}

/// What is left of a budget today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetLeft {
    /// Whose it is, in words: `Your budget`.
    pub whose: String,
    /// How much it is for a day.
    pub budget: MicroDollars,
    /// How much of it is used, or set aside for calls that are under way.
    pub used: MicroDollars,
}

impl BudgetLeft {
    /// How much is left.
    pub fn left(&self) -> MicroDollars {
        self.budget.less(self.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leaves_to_the_environment_what_is_empty_and_keeps_what_it_does_not_know() {
        let fields = [
            ("version", "3"),
            ("note", " Busy week "),
            ("MCP_RATE_LIMIT", " 90 "),
            ("MCP_X", "1"),
            ("MCP_BURST_LIMIT", " "),
        ];
        let form = LimitsForm::of_fields(fields.map(|(name, text)| (name.to_owned(), text.to_owned())));
        assert_eq!((form.expected_version, form.note.as_str()), (3, "Busy week"));
        let set: Vec<_> = form.set.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(set, [("MCP_RATE_LIMIT", "90"), ("MCP_X", "1")]);
    }

    #[test]
    fn a_form_without_a_version_fits_none() {
        assert_eq!(LimitsForm::of_fields([]).expected_version, u32::MAX);
    }
}
