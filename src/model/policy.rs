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
    /// All of them, the strictest first.
    pub const ALL: [PolicyMode; 3] = [PolicyMode::Enforcing, PolicyMode::Logging, PolicyMode::Permissive];

    /// The word in forms, as it is serialised.
    pub fn id(self) -> &'static str {
        match self {
            PolicyMode::Enforcing => "enforcing",
            PolicyMode::Logging => "logging",
            PolicyMode::Permissive => "permissive",
        }
    }

    /// The mode with this [`PolicyMode::id`].
    pub fn from_id(id: &str) -> Option<PolicyMode> {
        PolicyMode::ALL.into_iter().find(|mode| mode.id() == id)
    }

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

impl PolicyVersion {
    /// What was changed from an older version to this one, in a few words each.
    pub fn changes_since(&self, older: &PolicyVersion) -> Vec<String> {
        let find = |rules: &[RuleDocument], id: &str| rules.iter().find(|rule| rule.id == id).cloned();
        let mut changes = Vec::new();
        for rule in &self.rules {
            match find(&older.rules, &rule.id) {
                None => changes.push(format!("Added {}", rule.id)),
                Some(before) if before != *rule => changes.push(format!("Changed {}", rule.id)),
                Some(_) => {}
            }
        }
        let gone = older.rules.iter().filter(|rule| find(&self.rules, &rule.id).is_none());
        changes.extend(gone.map(|rule| format!("Removed {}", rule.id)));
        if self.mode != older.mode {
            let mode = self.mode.map_or("that of the environment", PolicyMode::id);
            changes.push(format!("Mode: {mode}"));
        }
        changes
    }
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

impl PlaceKind {
    /// All of them.
    pub const ALL: [PlaceKind; 7] = [
        PlaceKind::Bucket,
        PlaceKind::Table,
        PlaceKind::Model,
        PlaceKind::KnowledgeBase,
        PlaceKind::LogGroup,
        PlaceKind::Database,
        PlaceKind::Metrics,
    ];

    /// The word in forms, as it is serialised.
    pub fn id(self) -> &'static str {
        match self {
            PlaceKind::Bucket => "bucket",
            PlaceKind::Table => "table",
            PlaceKind::Model => "model",
            PlaceKind::KnowledgeBase => "knowledgeBase",
            PlaceKind::LogGroup => "logGroup",
            PlaceKind::Database => "database",
            PlaceKind::Metrics => "metrics",
        }
    }

    /// The kind with this [`PlaceKind::id`].
    pub fn from_id(id: &str) -> Option<PlaceKind> {
        PlaceKind::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Several of them, for people.
    pub fn title(self) -> &'static str {
        match self {
            PlaceKind::Bucket => "Buckets",
            PlaceKind::Table => "Tables",
            PlaceKind::Model => "Models",
            PlaceKind::KnowledgeBase => "Knowledge bases",
            PlaceKind::LogGroup => "Log groups",
            PlaceKind::Database => "Databases",
            PlaceKind::Metrics => "Namespaces of metrics",
        }
    }
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
    /// The tools that rules may name.
    pub tools: Vec<String>,
    /// The time zone by whose clock hours are meant.
    pub time_zone: String,
    /// The day and the time there, such as `Thu 19:45`.
    pub clock: String,
    /// From where the viewer comes, as rules about networks see it; none where that is not known.
    pub viewer_address: Option<String>,
    /// Whether the viewer may change the rules.
    pub may_change: bool,
    /// Whether the viewer may change the mode.
    pub may_change_mode: bool,
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

/// May somebody do something? Every field but the operation and one of person and role may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyQuestion {
    /// The id or the e-mail address of somebody; empty to ask about a role.
    pub person: String,
    /// The role, where nobody is named.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, tool: &str) -> RuleDocument {
        let says = RuleSays::NoTools { names: vec![tool.to_owned()] };
        RuleDocument { id: id.to_owned(), says, roles: Vec::new(), shadow: false }
    }

    #[test]
    fn a_version_tells_what_was_changed_since_another() {
        let older = PolicyVersion {
            rules: vec![rule("one", "a"), rule("two", "a"), rule("three", "a")],
            ..PolicyVersion::default()
        };
        let newer = PolicyVersion {
            rules: vec![rule("one", "a"), rule("two", "b"), rule("four", "a")],
            mode: Some(PolicyMode::Permissive),
            ..PolicyVersion::default()
        };
        let changes = newer.changes_since(&older);
        assert_eq!(changes, ["Changed two", "Added four", "Removed three", "Mode: permissive"]);
        assert!(older.changes_since(&older).is_empty());
    }

    #[test]
    fn forms_say_a_mode_as_it_is_serialised() {
        for mode in PolicyMode::ALL {
            assert_eq!(serde_json::to_value(mode).expect("JSON"), mode.id());
            assert_eq!(PolicyMode::from_id(mode.id()), Some(mode));
        }
    }
}
