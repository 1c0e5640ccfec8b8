//! API keys: what one may be used for, what a form asks for, and what pages show of those that there are.

use super::role::Role;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a key works where nobody says otherwise, in days.
pub const USUAL_DAYS: u16 = 90;

/// How long a key works at most, in days.
pub const MOST_DAYS: u16 = 365;

/// What a key may be used for, of what its owner may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyScope {
    /// The tools that only read.
    ReadTools,
    /// All tools.
    AllTools,
    /// The tools of these servers.
    Servers(Vec<String>),
    /// Each of these: what the scopes of an access token come to together.
    AnyOf(Vec<KeyScope>),
}

impl KeyScope {
    /// The words for people.
    pub fn in_words(&self) -> String {
        match self {
            Self::ReadTools => "Tools that only read".to_owned(),
            Self::AllTools => "All tools".to_owned(),
            Self::Servers(servers) => format!("The tools of {}", servers.join(", ")),
            Self::AnyOf(scopes) => scopes.iter().map(Self::in_words).collect::<Vec<_>>().join("; "),
        }
    }
}

/// The wish for a key, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyRequest {
    /// What the key is called.
    pub name: String,
    /// `read`, `all` or `servers`.
    pub scope: String,
    /// The servers, where the scope is theirs.
    pub servers: Vec<String>,
    /// The role beyond which the key has nothing; empty for that of the owner.
    pub role: String,
    /// For how many days it works; empty for the usual.
    pub days: String,
    /// From where it may be used, separated by commas or spaces; empty for everywhere.
    pub addresses: String,
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyState {
    /// It does.
    Works,
    /// Its time is over.
    Expired,
    /// Somebody has revoked it.
    Revoked,
    /// Its owner may not sign in any more.
    OwnerAway,
}

impl KeyState {
    /// The word for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Works => "Works",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::OwnerAway => "Owner may not sign in",
        }
    }
}

/// A key as people see it. What opens something is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// The id, which stands in the key and in the audit log.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The id of the person to whom it belongs.
    pub owner: String,
    /// The name of that person, where it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_name: Option<String>,
    /// The role beyond which it has nothing.
    pub role: Role,
    /// What it may be used for.
    pub scope: KeyScope,
    /// From which networks it may be used; none for everywhere.
    pub addresses: Vec<String>,
    /// When it was made, RFC 3339 in UTC, as the next.
    pub created_at: String,
    /// Until when it works.
    pub expires_at: String,
    /// When it was used last, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<String>,
    /// Whether it works.
    pub state: KeyState,
}

/// A key that was made just now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MadeKey {
    /// The key as people see it from now on.
    pub key: KeyView,
    /// The key itself. It is shown once, and kept nowhere.
    pub text: String,
}

impl fmt::Debug for MadeKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MadeKey").field("key", &self.key).field("text", &"(hidden)").finish()
    }
}

/// Somebody's own keys, and what they may choose from for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnKeys {
    /// The keys, the newest first.
    pub keys: Vec<KeyView>,
    /// The servers that have tools.
    pub servers: Vec<String>,
    /// Whether the keys of everybody may be seen, too.
    pub sees_all: bool,
}

#[cfg(test)]
mod tests {
    use super::{KeyScope, KeyState, KeyView, MadeKey};
    use crate::model::role::Role;

    #[test]
    fn what_opens_something_is_not_in_what_is_logged() {
        let key = KeyView {
            id: "0123456789ab".to_owned(),
            name: "Nightly report".to_owned(),
            owner: "usr_1".to_owned(),
            owner_name: None,
            role: Role::Label,
            scope: KeyScope::ReadTools,
            addresses: Vec::new(),
            created_at: "2026-11-24T09:00:00Z".to_owned(),
            expires_at: "2027-02-22T09:00:00Z".to_owned(),
            used_at: None,
            state: KeyState::Works,
        };
        let made = MadeKey { key, text: "pl_0123456789ab_secret".to_owned() };
        let logged = format!("{made:?}");
        assert!(logged.contains("Nightly report") && !logged.contains("secret"), "{logged}");
    }

    #[test]
    fn a_scope_has_words_and_one_spelling_on_the_wire() {
        let servers = KeyScope::Servers(vec!["s3".to_owned(), "dynamodb".to_owned()]);
        for (scope, words, wire) in [
            (KeyScope::ReadTools, "Tools that only read", r#""readTools""#),
            (KeyScope::AllTools, "All tools", r#""allTools""#),
            (servers, "The tools of s3, dynamodb", r#"{"servers":["s3","dynamodb"]}"#),
        ] {
            assert_eq!(scope.in_words(), words);
            assert_eq!(serde_json::to_string(&scope).expect("JSON"), wire);
        }
    }
}
