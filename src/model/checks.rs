//! The check of a release before delivery: what was found in its data, its cover and its masters, what of that
//! somebody has waived, and what it comes to for each store.

use super::audio::{AudioFinding, FindingSeverity, ProfileVerdict};
use super::identifier::ReleaseId;
use serde::{Deserialize, Serialize};

/// What the check of a release came to.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseCheck {
    /// The release.
    pub release_id: String,
    /// Its title.
    pub title: String,
    /// The main artist's name.
    pub artist_name: String,
    /// The profile whose findings are shown.
    pub profile: String,
    /// What the findings that nobody has waived come to, for each profile.
    pub verdicts: Vec<ProfileVerdict>,
    /// The findings, by what they are about: the release, its cover, its masters.
    pub groups: Vec<CheckGroup>,
    /// The day on which it was checked.
    pub as_of: String,
    /// Where the figures come from.
    pub source: String,
    /// Whether the release belongs to the sample label.
    pub sample: bool,
    /// What could not be seen, and limits of the methods.
    pub notes: Vec<String>,
}

/// What was found in one thing.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckGroup {
    /// Names the thing: `release`, `cover`, or the id of a track.
    pub subject: String,
    /// What people call it.
    pub name: String,
    /// Where it is mended or heard, where there is such a place.
    pub address: Option<String>,
    /// What was found, the weightiest first.
    pub findings: Vec<CheckFinding>,
}

/// Something that was found, and who has waived it.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckFinding {
    /// The finding.
    #[serde(flatten)]
    pub finding: AudioFinding,
    /// Tells it from other findings of the same rule, and from the same one in another content.
    pub fingerprint: String,
    /// Who has waived it; none where nobody has.
    pub waiver: Option<Waiver>,
    /// Where a person mends it, where Patchline has such a place.
    pub address: Option<String>,
}

impl CheckFinding {
    /// Whether it stands against delivery, or wants to be looked at: heavy, and waived by nobody.
    pub fn is_open(&self) -> bool {
        self.waiver.is_none() && self.finding.severity != FindingSeverity::Information
    }
}

/// Who has waived a finding, when and why.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiver {
    /// Who.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// What a form asks about a finding: to waive it, or to take that back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WaiverForm {
    /// `waive` or `takeBack`.
    pub change: String,
    /// What the finding is about: `release`, `cover`, or the id of a track.
    pub subject: String,
    /// The code of the rule.
    pub code: String,
    /// Which finding of that rule, as the check gives it.
    pub fingerprint: String,
    /// Why; only to waive.
    pub reason: String,
    /// The profile that the page showed.
    pub profile: String,
}

/// What is asked of the check of a release on its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckQuestion {
    /// The release.
    pub release_id: ReleaseId,
    /// The profile: `distributor`, `spotify` or `apple`.
    pub profile: String,
}
