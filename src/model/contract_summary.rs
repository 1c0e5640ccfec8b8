//! What a contract says, in short: its terms as somebody has entered them, and what was found in its text.

use super::contract::{ContractTerms, Proposal, percent};
use serde::{Deserialize, Serialize};

/// A contract in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ContractSummary {
    /// The file's name in the bucket.
    #[cfg_attr(feature = "ssr", schemars(title = "Contract"))]
    pub file_name: String,
    /// The artist that its folder names, by name where it is known.
    pub artist: Option<String>,
    /// The address in Patchline, for people who may see it there.
    #[cfg_attr(feature = "ssr", schemars(title = "Address"))]
    pub url: String,
    /// The media type.
    #[cfg_attr(feature = "ssr", schemars(title = "Media type"))]
    pub content_type: String,
    /// The terms; none where nobody has entered them.
    pub terms: Option<SummarizedTerms>,
    /// What was found in the text that may be a term, each with its words. Nobody has checked it.
    #[cfg_attr(feature = "ssr", schemars(title = "Found in the text"))]
    pub found: Vec<Proposal>,
    /// How many pages of text were read.
    #[cfg_attr(feature = "ssr", schemars(title = "Pages read"))]
    pub pages_read: u32,
    /// How many versions of it are kept.
    #[cfg_attr(feature = "ssr", schemars(title = "Versions"))]
    pub versions: u32,
    /// When the newest version was stored, RFC 3339 in UTC.
    #[cfg_attr(feature = "ssr", schemars(title = "Stored"))]
    pub stored_at: Option<String>,
    /// The day on which it was read.
    #[cfg_attr(feature = "ssr", schemars(title = "As of"))]
    pub as_of: String,
    /// The file and the table in words.
    #[cfg_attr(feature = "ssr", schemars(title = "Source"))]
    pub source: String,
    /// What could not be read, and what has to be checked. Full sentences.
    #[cfg_attr(feature = "ssr", schemars(title = "Notes"))]
    pub notes: Vec<String>,
}

/// The terms of a contract as somebody has entered them. What is empty was not entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct SummarizedTerms {
    /// What sort of contract.
    pub kind: String,
    /// Who has made it.
    pub parties: Vec<String>,
    /// Where it holds.
    pub territory: String,
    /// The first day.
    #[cfg_attr(feature = "ssr", schemars(title = "First day"))]
    pub starts_on: Option<String>,
    /// The last day; none where it has no end.
    #[cfg_attr(feature = "ssr", schemars(title = "Last day"))]
    pub ends_on: Option<String>,
    /// How many days before its end it must be ended by whoever wants that.
    #[cfg_attr(feature = "ssr", schemars(title = "Days of notice"))]
    pub notice_days: Option<u32>,
    /// The last day on which notice can be given; none where there is no end, or no such time.
    #[cfg_attr(feature = "ssr", schemars(title = "Notice by"))]
    pub notice_on: Option<String>,
    /// Who gets what of which receipts.
    pub rates: Vec<SummarizedRate>,
    /// What somebody may ask for later.
    pub options: Vec<String>,
    /// Who has entered them last.
    #[cfg_attr(feature = "ssr", schemars(title = "Entered by"))]
    pub entered_by: Option<String>,
    /// When, RFC 3339 in UTC.
    #[cfg_attr(feature = "ssr", schemars(title = "Entered"))]
    pub entered_at: Option<String>,
}

/// Who gets what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct SummarizedRate {
    /// Of what, and whose.
    pub what: String,
    /// The share as people write it: `18.00 %`.
    pub share: String,
    /// The same in hundredths of a percent.
    #[cfg_attr(feature = "ssr", schemars(title = "Basis points"))]
    pub basis_points: u32,
}

impl SummarizedTerms {
    /// From the terms, and who has entered them when.
    pub fn of(terms: ContractTerms, entered: Option<(String, String)>) -> Self {
        let notice_on = terms.notice_on();
        let (entered_by, entered_at) = entered.unzip();
        let rates = terms.rates.into_iter().map(|rate| SummarizedRate {
            what: rate.what,
            share: percent(rate.basis_points),
            basis_points: rate.basis_points,
        });
        Self {
            kind: terms.kind,
            parties: terms.parties,
            territory: terms.territory,
            starts_on: terms.starts_on.map(|day| day.to_string()),
            ends_on: terms.ends_on.map(|day| day.to_string()),
            notice_days: terms.notice_days,
            notice_on: notice_on.map(|day| day.to_string()),
            rates: rates.collect(),
            options: terms.options,
            entered_by,
            entered_at,
        }
    }
}
