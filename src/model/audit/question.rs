//! Which records are asked for, and the page of them.

use super::{AuditRecord, TokenBearer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which records an admin asks for. What is empty does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditQuestion {
    /// Part of the principal's id, or of the id of whom a key belongs to, or of what an authorization server
    /// calls whoever a token is of. Whoever knows the people also takes it
    /// for part of a name or an e-mail address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// Part of the operation's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// How it ended: a word of [`Decision::id`], `failed` or `unknown`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// Part of the name of something that it touched.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// Part of what names the call: the id of its request, here or at the instance that let it in, of a request to
    /// AWS that it made, or of the task that it was a part of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub call: String,
    /// Not before this, RFC 3339 or `2026-11-26T09:30` in UTC; seven days before the end unless given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Not after this; now unless given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Only records that were made before the one of this id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// The record that is shown whole, by its [`AuditRecord::name`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub record: String,
}

impl AuditQuestion {
    /// Whether a record is one of those that are asked for, apart from its time.
    pub fn fits(&self, record: &AuditRecord) -> bool {
        let has = |text: &str, part: &str| {
            part.is_empty() || text.to_lowercase().contains(&part.trim().to_lowercase())
        };
        let who = [Some(&record.principal), record.on_behalf_of.as_ref()];
        let bearer = record.bearer.as_ref().map(TokenBearer::in_words);
        (who.into_iter().flatten().any(|who| has(who, &self.who))
            || bearer.is_some_and(|bearer| has(&bearer, &self.who)))
            && has(&record.operation, &self.operation)
            && (self.call.is_empty() || ids_of(record).any(|id| has(id, &self.call)))
            && (self.outcome.is_empty() || self.outcome == record.outcome())
            && (self.resource.is_empty()
                || record.resources.iter().any(|resource| has(&resource.name, &self.resource)))
    }
}

/// What names the call of a record.
fn ids_of(record: &AuditRecord) -> impl Iterator<Item = &String> {
    let others = record.passed_on.iter().chain(&record.task).chain(&record.aws_request_ids);
    std::iter::once(&record.request_id).chain(others)
}

/// A page of records, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// The records.
    pub records: Vec<AuditRecord>,
    /// The `before` of the next page; none where nothing older was left to look at.
    pub next: Option<String>,
    /// How many records were looked through to find these.
    pub looked_through: u32,
    /// Since when, RFC 3339.
    pub from: String,
    /// Until when, RFC 3339.
    pub to: String,
    /// The record that is shown whole; none where none was asked for, or there is none of that name.
    pub open: Option<AuditRecord>,
    /// What people are called, by their ids.
    pub names: BTreeMap<String, String>,
}

impl AuditPage {
    /// What whoever made a call is called; none where nobody knows a name.
    pub fn caller(names: &BTreeMap<String, String>, record: &AuditRecord) -> Option<String> {
        let owner = record.on_behalf_of.as_ref().and_then(|owner| names.get(owner));
        let owner = owner.map(|owner| format!("A key of {owner}"));
        names.get(&record.principal).cloned().or(owner)
    }
}
