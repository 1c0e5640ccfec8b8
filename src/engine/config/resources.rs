//! Which buckets and tables there are, and what each is for.

use serde::{Deserialize, Serialize};

/// What a bucket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BucketRole {
    /// Masters and other audio.
    Audio,
    /// Covers and portraits.
    Artwork,
    /// Contracts.
    Contracts,
}

impl BucketRole {
    const ALL: [BucketRole; 3] = [BucketRole::Audio, BucketRole::Artwork, BucketRole::Contracts];

    /// The word that a bucket's name contains.
    pub fn word(self) -> &'static str {
        match self {
            BucketRole::Audio => "audio",
            BucketRole::Artwork => "artwork",
            BucketRole::Contracts => "contracts",
        }
    }
}

/// What a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableRole {
    /// The artists.
    Artists,
    /// The releases.
    Releases,
    /// Daily figures.
    Analytics,
}

impl TableRole {
    const ALL: [TableRole; 3] = [TableRole::Artists, TableRole::Releases, TableRole::Analytics];

    /// The word that a table's name contains.
    pub fn word(self) -> &'static str {
        match self {
            TableRole::Artists => "artists",
            TableRole::Releases => "releases",
            TableRole::Analytics => "analytics",
        }
    }
}

/// The allowed buckets by role. Each role has at least one; the first is the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets(Vec<(BucketRole, String)>);

impl Buckets {
    pub(super) fn from_names(names: Vec<String>) -> Result<Self, String> {
        by_role(names, &BucketRole::ALL, BucketRole::word, "bucket").map(Self)
    }

    /// The buckets for a purpose, the default first.
    pub fn of(&self, role: BucketRole) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| *known == role).map(|(_, name)| name.as_str())
    }

    /// The default bucket for a purpose.
    pub fn default_of(&self, role: BucketRole) -> &str {
        self.of(role).next().unwrap_or_default()
    }

    /// What a bucket is for; none when it is not configured.
    pub fn role_of(&self, bucket: &str) -> Option<BucketRole> {
        self.0.iter().find(|(_, name)| name == bucket).map(|(role, _)| *role)
    }

    /// All of them, in the order of the configuration.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, name)| name.as_str())
    }
}

/// The allowed tables by role. Each role has at least one; the first is the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables(Vec<(TableRole, String)>);

impl Tables {
    pub(super) fn from_names(names: Vec<String>) -> Result<Self, String> {
        by_role(names, &TableRole::ALL, TableRole::word, "table").map(Self)
    }

    /// The tables for a purpose, the default first.
    pub fn of(&self, role: TableRole) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| *known == role).map(|(_, name)| name.as_str())
    }

    /// The default table for a purpose.
    pub fn default_of(&self, role: TableRole) -> &str {
        self.of(role).next().unwrap_or_default()
    }
}

fn by_role<R: Copy + PartialEq>(
    names: Vec<String>,
    roles: &[R],
    word: fn(R) -> &'static str,
    what: &str,
) -> Result<Vec<(R, String)>, String> {
    let mut known = Vec::with_capacity(names.len());
    for name in names {
        let mut fitting = roles.iter().copied().filter(|role| name.contains(word(*role)));
        match (fitting.next(), fitting.next()) {
            (Some(role), None) => known.push((role, name)),
            (None, _) => return Err(format!("what the {what} {name:?} is for cannot be read from its name")),
            (Some(_), Some(_)) => return Err(format!("the name of the {what} {name:?} says two purposes")),
        }
    }
    match roles.iter().find(|role| !known.iter().any(|(r, _)| r == *role)) {
        Some(role) => Err(format!("a {what} whose name contains {:?} is missing", word(*role))),
        None => Ok(known),
    }
}
