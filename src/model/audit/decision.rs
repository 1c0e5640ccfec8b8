//! What was decided about a call, and when a record was made of it.

use serde::{Deserialize, Serialize};

/// Whether a record was made before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Before a change.
    Intent,
    /// After a call.
    Outcome,
}

/// What was decided about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// It was done.
    Allowed,
    /// It was done, in spite of a rule that was only to say so.
    WouldDeny,
    /// It was not permitted, or beyond a limit.
    Denied,
    /// It could not be understood.
    Invalid,
}

impl Decision {
    /// All of them.
    pub const ALL: [Decision; 4] =
        [Decision::Allowed, Decision::WouldDeny, Decision::Denied, Decision::Invalid];

    /// The word in records.
    pub fn id(self) -> &'static str {
        match self {
            Decision::Allowed => "allowed",
            Decision::WouldDeny => "wouldDeny",
            Decision::Denied => "denied",
            Decision::Invalid => "invalid",
        }
    }

    /// The words that people read.
    pub fn title(self) -> &'static str {
        match self {
            Decision::Allowed => "Allowed",
            Decision::WouldDeny => "Allowed on trial",
            Decision::Denied => "Denied",
            Decision::Invalid => "Not understood",
        }
    }
}
