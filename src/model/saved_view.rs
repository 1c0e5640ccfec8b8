//! Lists as a person keeps them: a name, and the filters and order as the address says them.

use serde::{Deserialize, Serialize};

/// The most views that a person keeps.
pub const MAX_SAVED_VIEWS: usize = 50;

/// The longest name, in characters.
pub const MAX_VIEW_NAME: usize = 60;

/// The longest query string, in characters.
pub const MAX_VIEW_QUERY: usize = 500;

/// A list that a person keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    /// The name, unique for the person.
    pub name: String,
    /// The query string of the list's address, without its question mark; empty for the whole list.
    pub query: String,
}
