//! Somebody's own account, as they see it.

use super::role::Role;
use serde::{Deserialize, Serialize};

/// Who somebody is, and where they are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnAccount {
    /// The name that people read.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// What they are to the label.
    pub role: Role,
    /// Whether there is a password that can be changed; accounts of the demo have none.
    pub has_password: bool,
    /// How many keys of theirs work.
    pub keys: u32,
    /// Their sessions, the one that was used last first.
    pub sessions: Vec<OwnSession>,
}

/// Where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    /// Names it; opens nothing.
    pub id: String,
    /// With what, in words: `Firefox on Linux`.
    pub device: String,
    /// From where.
    pub address: Option<String>,
    /// When it began, RFC 3339 in UTC.
    pub signed_in_at: String,
    /// When it was used last, to the minute.
    pub seen_at: String,
    /// Whether it is the one by which the list is seen.
    pub is_this: bool,
}

/// What somebody does with their own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnChange {
    /// Another password.
    Password,
    /// The end of one session.
    EndSession,
    /// The end of all of them.
    SignOutEverywhere,
}

impl OwnChange {
    /// All of them.
    pub const ALL: [OwnChange; 3] =
        [OwnChange::Password, OwnChange::EndSession, OwnChange::SignOutEverywhere];

    /// The word in forms and addresses, as it is serialised.
    pub fn id(self) -> &'static str {
        match self {
            OwnChange::Password => "password",
            OwnChange::EndSession => "endSession",
            OwnChange::SignOutEverywhere => "signOutEverywhere",
        }
    }

    /// The change with this [`OwnChange::id`].
    pub fn from_id(id: &str) -> Option<OwnChange> {
        OwnChange::ALL.into_iter().find(|change| change.id() == id)
    }

    /// What was done.
    pub fn in_words(self) -> &'static str {
        match self {
            OwnChange::Password => "Your password is changed. You are signed out everywhere else.",
            OwnChange::EndSession => "That session has ended.",
            OwnChange::SignOutEverywhere => "You are signed out everywhere.",
        }
    }
}

/// Something that somebody did, as the audit log has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deed {
    /// Names the call in the audit log.
    pub request_id: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// What, in words.
    pub words: String,
    /// By which way, in words.
    pub way: String,
    /// From where.
    pub address: Option<String>,
    /// How it ended.
    pub end: DeedEnd,
    /// Why it was not done.
    pub reason: Option<String>,
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeedEnd {
    /// It was done.
    Done,
    /// It went wrong.
    Failed,
    /// It was not allowed, or could not be understood.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_say_a_change_as_it_is_serialised() {
        for change in OwnChange::ALL {
            assert_eq!(serde_json::to_value(change).expect("JSON"), change.id());
            assert_eq!(OwnChange::from_id(change.id()), Some(change));
        }
    }
}
