//! The programs that act for somebody with access tokens, as the audit log has it.

use serde::{Deserialize, Serialize};

/// How many days are looked at.
pub const DAYS: u32 = 7;

/// A program that called with access tokens in somebody's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActingProgram {
    /// What its authorization server calls it.
    pub client: String,
    /// The authorization server; none where that is erased from the records.
    pub issuer: Option<String>,
    /// When it called first in the time that was looked at, RFC 3339 in UTC.
    pub first_used: String,
    /// When it called last.
    pub last_used: String,
    /// How many calls it made, those among them that were refused.
    pub calls: u32,
}

/// The programs that called with access tokens in somebody's name lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActingPrograms {
    /// The one that called last first.
    pub programs: Vec<ActingProgram>,
    /// Since when calls were looked at, RFC 3339 in UTC.
    pub since: String,
    /// Whether all calls since then were looked at; otherwise it is the latest.
    pub are_all: bool,
}
