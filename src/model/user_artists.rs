//! The artists that are somebody's own, as an admin chooses them.

use super::role::Role;
use serde::{Deserialize, Serialize};

/// What was typed while artists are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistsForm {
    /// Whose artists.
    pub user: String,
    /// Those that are chosen; none where the ones that are noted are meant.
    pub chosen: Option<Vec<String>>,
    /// What is looked for: parts of names or beginnings of ids, with commas between them.
    pub find: String,
}

/// Somebody's artists, and those that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserArtists {
    /// The id.
    pub user: String,
    /// How they are called.
    pub name: String,
    /// What they are to the label.
    pub role: Role,
    /// The artists that are chosen.
    pub chosen: Vec<ArtistChoice>,
    /// What was looked for.
    pub find: String,
    /// Others that were found.
    pub found: Vec<ArtistChoice>,
    /// How many more were found, and are not shown.
    pub found_more: u32,
}

/// An artist who can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistChoice {
    /// The id.
    pub id: String,
    /// The name, which others may have, too; the id where there is no such artist.
    pub name: String,
    /// What tells them from others of the name.
    pub about: String,
}
