//! What rules would have done to the calls of the last days, as the page of the policy tells it.

use super::policy::{CedarPolicy, PolicyMode};
use serde::{Deserialize, Serialize};

/// How many days are looked at.
pub const DAYS: u32 = 7;

/// A change of the policy before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPreview {
    /// What would be changed, in a few words each.
    pub changes: Vec<String>,
    /// The rules that it is about, each in a sentence.
    pub words: Vec<String>,
    /// The same in Cedar's own language.
    pub cedar: Vec<CedarPolicy>,
    /// What does not fit together with it, a sentence each.
    #[serde(default)]
    pub findings: Vec<String>,
    /// What was proven of it, a sentence each.
    #[serde(default)]
    pub proven: Vec<String>,
    /// The mode that would hold.
    pub mode: PolicyMode,
    /// What it would have done to real calls; none where that could not be found out.
    pub review: Option<PolicyReview>,
    /// Why it could not be found out; empty where it was.
    pub unknown: String,
}

/// Calls of the last days, of which rules say something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyReview {
    /// Since when, RFC 3339 in UTC.
    pub since: String,
    /// How many calls were looked at.
    pub judged: u32,
    /// Whether these are all that were made since.
    pub are_all: bool,
    /// The calls, grouped; those that are denied first, and of them the most frequent.
    pub groups: Vec<CallGroup>,
    /// How many groups are not shown because there are too many.
    pub groups_left_out: u32,
    /// What could not be judged, a sentence each.
    pub not_judged: Vec<String>,
}

/// Calls of one person with one tool on one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallGroup {
    /// What becomes of them.
    pub fate: Fate,
    /// Whose they are: the name, or the id where nobody has a name for it.
    pub person: String,
    /// The operation.
    pub operation: String,
    /// What they touched; empty where that is not on record.
    pub place: String,
    /// The rules that say so.
    pub rules: Vec<String>,
    /// How many.
    pub calls: u32,
    /// When the last was made, RFC 3339 in UTC.
    pub last: String,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// It would be denied, and is not now.
    Denied,
    /// It would be allowed, and is not now.
    Allowed,
    /// It would be done, and be on record as one that a rule would deny.
    Noted,
    /// It would be no longer on record as that.
    NoLongerNoted,
}

impl Fate {
    /// The word for it.
    pub fn in_words(self) -> &'static str {
        match self {
            Fate::Denied => "Newly denied",
            Fate::Allowed => "Newly allowed",
            Fate::Noted => "Done, and noted",
            Fate::NoLongerNoted => "No longer noted",
        }
    }
}

impl PolicyReview {
    /// How many of the calls shown meet a fate.
    pub fn count(&self, fate: Fate) -> u32 {
        self.groups.iter().filter(|group| group.fate == fate).map(|group| group.calls).sum()
    }
}
