//! What a person or a program is to the label.

use serde::{Deserialize, Serialize};

/// What a caller is to the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Own data, own uploads.
    Artist,
    /// Audio, artwork, quality.
    Producer,
    /// Their artists.
    Manager,
    /// The whole catalogue.
    Label,
    /// Everything, and the admin pages.
    Admin,
}

impl Role {
    /// All of them, from the one that may do least.
    pub const ALL: [Role; 5] = [Role::Artist, Role::Producer, Role::Manager, Role::Label, Role::Admin];

    /// The word in records.
    pub fn id(self) -> &'static str {
        match self {
            Role::Artist => "artist",
            Role::Producer => "producer",
            Role::Manager => "manager",
            Role::Label => "label",
            Role::Admin => "admin",
        }
    }

    /// The role with this [`Role::id`].
    pub fn from_id(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.id() == id)
    }

    /// The word that people read.
    pub fn title(self) -> &'static str {
        match self {
            Role::Artist => "Artist",
            Role::Producer => "Producer",
            Role::Manager => "Manager",
            Role::Label => "Label",
            Role::Admin => "Admin",
        }
    }

    /// What it is for, in a few words.
    pub fn purpose(self) -> &'static str {
        match self {
            Role::Artist => "own figures and own uploads",
            Role::Producer => "audio, artwork and their quality",
            Role::Manager => "the artists they look after",
            Role::Label => "all artists, releases and contracts",
            Role::Admin => "everything, and the people who may sign in",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_role_is_found_by_the_word_in_records() {
        for role in Role::ALL {
            assert_eq!(Role::from_id(role.id()), Some(role));
        }
        assert_eq!(Role::from_id("Admin"), None);
    }
}
