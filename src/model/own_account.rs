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
    /// Who did it.
    pub by: DeedBy,
    /// What the key is called that did it, where one did.
    pub key: Option<String>,
    /// What it was done on: tables, buckets with their files.
    pub on: Vec<String>,
}

/// What was done in somebody's name lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deeds {
    /// The newest first.
    pub deeds: Vec<Deed>,
    /// How many keys there are beside those that were looked at: the ones that were used longest ago.
    pub keys_left_out: u32,
}

/// Who did something in somebody's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeedBy {
    /// They themselves.
    Me,
    /// A key of theirs.
    Keys,
    /// An agent or an automation for them.
    Agent,
}

impl DeedBy {
    /// All of them.
    pub const ALL: [DeedBy; 3] = [DeedBy::Me, DeedBy::Keys, DeedBy::Agent];

    /// The word in addresses and files, as it is serialised.
    pub fn id(self) -> &'static str {
        match self {
            DeedBy::Me => "me",
            DeedBy::Keys => "keys",
            DeedBy::Agent => "agent",
        }
    }

    /// Who is meant by a [`DeedBy::id`].
    pub fn from_id(id: &str) -> Option<DeedBy> {
        DeedBy::ALL.into_iter().find(|by| by.id() == id)
    }

    /// What a choice of it says.
    pub fn title(self) -> &'static str {
        match self {
            DeedBy::Me => "By me",
            DeedBy::Keys => "By my keys",
            DeedBy::Agent => "By an agent for me",
        }
    }
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

    #[test]
    fn addresses_say_who_did_something_as_it_is_serialised() {
        for by in DeedBy::ALL {
            assert_eq!(serde_json::to_value(by).expect("JSON"), by.id());
            assert_eq!(DeedBy::from_id(by.id()), Some(by));
        }
    }
}
