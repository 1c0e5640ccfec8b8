//! Who may do what, in words and forms that people read and change.

use serde::{Deserialize, Serialize};

/// What violations of rules come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyMode {
    /// Calls that violate a rule are refused.
    Enforcing,
    /// They are done, with a warning in the log and a record that says so.
    Logging,
    /// They are done and counted.
    Permissive,
}

impl PolicyMode {
    /// In a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            PolicyMode::Enforcing => "Enforcing: calls that violate a rule are refused.",
            PolicyMode::Logging => "Logging: calls that violate a rule are done, with a warning in the log.",
            PolicyMode::Permissive => "Permissive: calls that violate a rule are done and counted.",
        }
    }
}

/// Rules and mode as they were from one change to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyVersion {
    /// Counts the changes. 0: nobody has changed anything, and the environment alone holds.
    pub version: u32,
    /// Who made the change.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub since: String,
    /// Why, in the words of whoever made it.
    pub note: String,
    /// The mode; none where that of the environment holds.
    pub mode: Option<PolicyMode>,
    /// The rules beside those of the environment.
    pub rules: Vec<RuleDocument>,
}

/// A rule as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleDocument {
    /// Its name in records: small letters, digits and hyphens.
    pub id: String,
    /// What it says.
    pub says: RuleSays,
    /// The roles for which it holds; empty for everybody.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Whether it is only tried: it denies nothing, and what it would deny is on record.
    #[serde(default)]
    pub shadow: bool,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RuleSays {
    /// Only these tools may be used.
    OnlyTools {
        /// Their names.
        names: Vec<String>,
    },
    /// These tools may not be used.
    NoTools {
        /// Their names.
        names: Vec<String>,
    },
    /// The supervisor may not use these tools for anybody.
    NotForSupervisor {
        /// Their names.
        names: Vec<String>,
    },
    /// Of this kind of places, only these may be used.
    OnlyPlaces {
        /// The kind.
        place: PlaceKind,
        /// Their names, in which `*` stands for anything.
        names: Vec<String>,
    },
    /// Of this kind of places, these may not be used.
    NoPlaces {
        /// The kind.
        place: PlaceKind,
        /// Their names, in which `*` stands for anything.
        names: Vec<String>,
    },
    /// Only files with such names.
    OnlyFiles {
        /// Their names, in which `*` stands for anything.
        names: Vec<String>,
    },
    /// Files of at most so many bytes are stored.
    AtMostBytes {
        /// The bytes.
        bytes: u64,
    },
    /// Only calls from these networks.
    OnlyFrom {
        /// CIDR blocks or addresses.
        networks: Vec<String>,
    },
    /// No calls from these networks.
    NotFrom {
        /// CIDR blocks or addresses.
        networks: Vec<String>,
    },
    /// Only calls within these hours.
    OnlyAt {
        /// Such as `Mon-Fri 09:00-18:30`.
        hours: String,
    },
}

/// The kinds of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlaceKind {
    /// A bucket.
    Bucket,
    /// A table.
    Table,
    /// A model.
    Model,
    /// A knowledge base.
    KnowledgeBase,
    /// A log group.
    LogGroup,
    /// A database.
    Database,
    /// A namespace of metrics.
    Metrics,
}

/// What an admin sees of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    /// The mode that holds.
    pub mode: PolicyMode,
    /// What is stored now.
    pub current: PolicyVersion,
    /// Every rule that holds.
    pub rules: Vec<RuleView>,
    /// Who may use what.
    pub permissions: Vec<PermissionView>,
    /// The policies in Cedar's own language.
    pub cedar: Vec<CedarPolicy>,
    /// Former versions, the newest first.
    pub history: Vec<PolicyVersion>,
}

/// A rule that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Its name in records.
    pub id: String,
    /// What it says, in a sentence.
    pub words: String,
    /// Whether it is only tried.
    pub shadow: bool,
    /// Whether a variable of the environment says it, so that it cannot be changed here.
    pub from_environment: bool,
    /// How many calls violated it, since this instance knows it.
    pub violations: u64,
}

/// A row of the table of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    /// The operation.
    pub operation: String,
    /// What each role may do with it, in the order of [`ROLES`]: `yes`, `own`, `no`.
    pub access: Vec<String>,
}

/// The roles, as tables show them.
pub const ROLES: [&str; 5] = ["artist", "producer", "manager", "label", "admin"];

/// A policy in Cedar's own language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CedarPolicy {
    /// Its name in records.
    pub name: String,
    /// The text.
    pub text: String,
}

/// May somebody do something? Every field but role and operation may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyQuestion {
    /// The role.
    pub role: String,
    /// The operation.
    pub operation: String,
    /// The bucket, table or the like.
    pub place: String,
    /// The file in the bucket.
    pub file: String,
    /// Of how many bytes it is.
    pub bytes: Option<u64>,
    /// The address of the caller; empty for the one who asks.
    pub address: String,
    /// The day, such as `Wed`; empty for now.
    pub day: String,
    /// The time, such as `22:00`; empty for now.
    pub time: String,
    /// Whether the supervisor does it for somebody.
    pub by_supervisor: bool,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyAnswer {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why, in a few words.
    pub reason: String,
    /// The policies that decided.
    pub policies: Vec<String>,
    /// The rules that would deny it, and are only to say so.
    pub would_deny: Vec<String>,
}
