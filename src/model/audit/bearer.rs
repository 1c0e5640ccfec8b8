//! Who stands behind an access token, as people read it in a record.

use serde::{Deserialize, Serialize};

/// Who stands behind an access token, in the words of its authorization server. It is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenBearer {
    /// The authorization server.
    pub issuer: String,
    /// The person there; none where the client calls for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The client to which the token was given.
    pub client: String,
}

impl TokenBearer {
    /// In a line: `ana-1 at https://login.example, by the client reports`.
    pub fn in_words(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{subject} at {}, by the client {}", self.issuer, self.client),
            None => format!("the client {} at {}", self.client, self.issuer),
        }
    }
}
