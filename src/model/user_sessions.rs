//! Where somebody is signed in, as an admin sees it.

use super::own_account::OwnSession;
use serde::{Deserialize, Serialize};

/// Somebody's sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSessions {
    /// The id of the person.
    pub user: String,
    /// How they are called.
    pub name: String,
    /// Their sessions, the one that was used last first.
    pub sessions: Vec<OwnSession>,
}
