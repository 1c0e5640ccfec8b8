//! Rules that somebody has laid down beside the roles: by the environment, or on the page.

use super::permissions::{self, Part};
use super::{Kind, PolicyError};
use crate::engine::catalog::schema::{
    AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE, AUTOMATION_TABLE, CONTRACT_TERMS_TABLE, IDEMPOTENCY_TABLE,
    IMPORTS_TABLE, KEYS_TABLE, LIMITS_TABLE, LONG_CALLS_TABLE, RECORDING_REPORTS_TABLE, RECORDINGS_TABLE,
    ROLLUPS_TABLE, SESSIONS_TABLE, SETTINGS_TABLE, SPLITS_TABLE, TASKS_TABLE, UPLOADS_TABLE, USERS_TABLE,
    WAIVERS_TABLE,
};
use crate::engine::config::{Config, ConfigError, Schedule, TableRole};
use crate::engine::gateway::Role;
use ipnet::{IpNet, Ipv4Net};
use std::fmt;
use std::str::FromStr;

/// The tables of Patchline itself, which no variable names.
const OWN_TABLES: [&str; 19] = [
    AUTOMATION_TABLE,
    IMPORTS_TABLE,
    ROLLUPS_TABLE,
    WAIVERS_TABLE,
    SPLITS_TABLE,
    CONTRACT_TERMS_TABLE,
    KEYS_TABLE,
    AUDIT_TABLE,
    AUDIT_CHECKPOINTS_TABLE,
    SETTINGS_TABLE,
    IDEMPOTENCY_TABLE,
    LONG_CALLS_TABLE,
    TASKS_TABLE,
    RECORDINGS_TABLE,
    RECORDING_REPORTS_TABLE,
    UPLOADS_TABLE,
    LIMITS_TABLE,
    USERS_TABLE,
    SESSIONS_TABLE,
];

/// The longest name of a rule.
const LONGEST_ID: usize = 64;

/// A rule: what it says, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Names it in records.
    pub id: RuleId,
    /// What it says.
    pub says: Says,
    /// For whom; empty for everybody.
    pub roles: Vec<Role>,
    /// Whether it is only tried: it never denies, and what it would deny is on record.
    pub shadow: bool,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// Only these tools may be used.
    OnlyTools(Vec<String>),
    /// These tools may not be used.
    NoTools(Vec<String>),
    /// The supervisor may not use these tools for anybody.
    NotForAgents(Vec<String>),
    /// Of this kind of places, only these may be used.
    OnlyPlaces(Kind, Vec<Pattern>),
    /// Of this kind of places, these may not be used.
    NoPlaces(Kind, Vec<Pattern>),
    /// Only files with such names.
    OnlyFiles(Vec<Pattern>),
    /// Files of at most so many bytes are stored.
    AtMostBytes(u64),
    /// Only calls from these networks.
    OnlyFrom(Vec<IpNet>),
    /// No calls from these networks.
    NotFrom(Vec<IpNet>),
    /// Only calls within these hours.
    OnlyAt(Schedule),
}

impl Says {
    /// Whether it is about when and from where somebody calls, not about what for: then it may be allowed later.
    pub(in crate::engine::gateway) fn is_of_circumstances(&self) -> bool {
        matches!(self, Self::OnlyFrom(_) | Self::NotFrom(_) | Self::OnlyAt(_))
    }
}

/// The name of a rule: small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(String);

impl RuleId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for RuleId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("the name of a rule has 1 to {LONGEST_ID} small letters, digits and hyphens"))
        }
    }
}

/// A name, in which `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The texts between the stars, of which there is one fewer.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        self.0.split('*')
    }

    /// The name, where nothing in it stands for anything else.
    pub(super) fn exact(&self) -> Option<&str> {
        (!self.0.contains('*')).then_some(self.0.as_str())
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const LONGEST: usize = 1024;
        if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(format!("a name of 1 to {LONGEST} bytes is needed, in which * stands for anything"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Rule {
    /// The rules of the environment.
    ///
    /// # Errors
    /// The first variable that names a tool that there is not.
    pub fn of(config: &Config) -> Result<Vec<Self>, ConfigError> {
        let third_parties = Self::third_parties(config);
        let known = |variable: &'static str, tools: &[String]| {
            let unknown = tools.iter().find(|tool| !is_a_tool(tool, &third_parties));
            unknown.map_or(Ok(()), |tool| {
                let allowed =
                    format!("there is no tool {tool:?}; GET /api/tools lists the tools that there are");
                Err(ConfigError { variable, value: tools.join(","), allowed })
            })
        };
        known("MCP_ALLOWED_TOOLS", &config.allowed_tools)?;
        known("MCP_DENIED_TOOLS", &config.denied_tools)?;
        let limited = config.allowances.others.iter().filter_map(|limit| limit.tool.clone());
        known("MCP_RATE_LIMITS", &limited.collect::<Vec<_>>())?;
        let rule =
            |id: &str, says| Rule { id: RuleId(id.to_owned()), says, roles: Vec::new(), shadow: false };
        let mut rules = Vec::new();
        if !config.allowed_tools.is_empty() {
            rules.push(rule("allowed-tools", Says::OnlyTools(config.allowed_tools.clone())));
        }
        if !config.denied_tools.is_empty() {
            rules.push(rule("denied-tools", Says::NoTools(config.denied_tools.clone())));
        }
        if !config.ip_whitelist.is_empty() {
            rules.push(rule("allowed-addresses", Says::OnlyFrom(config.ip_whitelist.clone())));
        }
        if let Some(hours) = &config.hours {
            rules.push(rule("allowed-hours", Says::OnlyAt(hours.clone())));
        }
        let tables = [TableRole::Artists, TableRole::Releases, TableRole::Analytics];
        let tables = tables.into_iter().flat_map(|role| config.tables.of(role));
        for (id, kind, names) in [
            ("allowed-buckets", Kind::Bucket, exactly(config.buckets.all())),
            ("allowed-tables", Kind::Table, exactly(tables.chain(OWN_TABLES))),
            ("allowed-models", Kind::Model, exactly(config.models.iter().map(String::as_str))),
            (
                "allowed-knowledge-bases",
                Kind::KnowledgeBase,
                exactly(config.knowledge_bases.iter().map(String::as_str)),
            ),
            ("allowed-log-groups", Kind::LogGroup, exactly(config.monitoring.groups.all())),
            (
                "allowed-databases",
                Kind::Database,
                exactly(config.databases.all().map(|database| database.name.as_str())),
            ),
        ] {
            if !names.is_empty() {
                rules.push(rule(id, Says::OnlyPlaces(kind, names)));
            }
        }
        Ok(rules)
    }

    /// How the names of third parties' tools begin.
    pub(in crate::engine::gateway) fn third_parties(config: &Config) -> Vec<String> {
        config.upstreams.third_parties.iter().map(|party| format!("{}_", party.prefix)).collect()
    }

    /// Whether something is the name of a tool.
    pub(in crate::engine::gateway) fn names_a_tool(name: &str, third_parties: &[String]) -> bool {
        is_a_tool(name, third_parties)
    }

    /// A tool that it names and that there is not: the rule would not do what its writer means.
    pub(in crate::engine::gateway) fn unknown_tool(&self, third_parties: &[String]) -> Option<&str> {
        match &self.says {
            Says::OnlyTools(tools) | Says::NoTools(tools) | Says::NotForAgents(tools) => {
                tools.iter().map(String::as_str).find(|tool| !is_a_tool(tool, third_parties))
            }
            _ => None,
        }
    }

    /// Finds what is wrong with a rule before it is compiled: a list of nothing would be a rule that denies
    /// everything or nothing, which nobody means.
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let empty = match &self.says {
            Says::OnlyTools(list) | Says::NoTools(list) | Says::NotForAgents(list) => list.is_empty(),
            Says::OnlyPlaces(_, list) | Says::NoPlaces(_, list) | Says::OnlyFiles(list) => list.is_empty(),
            Says::OnlyFrom(list) | Says::NotFrom(list) => list.is_empty(),
            Says::AtMostBytes(_) | Says::OnlyAt(_) => false,
        };
        let no_place = match &self.says {
            Says::OnlyPlaces(kind, _) | Says::NoPlaces(kind, _) => {
                matches!(kind, Kind::Person | Kind::Key | Kind::Agent | Kind::Operation | Kind::Label)
            }
            _ => false,
        };
        let wrong =
            |detail: &str| Err(PolicyError::Rule { id: self.id.to_string(), detail: detail.to_owned() });
        match (empty, no_place) {
            (true, _) => wrong("it names nothing; name at least one, or remove the rule"),
            (_, true) => wrong(
                "places are buckets, tables, models, knowledge bases, log groups, databases and metrics",
            ),
            _ => Ok(()),
        }
    }

    /// Whether it takes tools out of lists.
    pub(super) fn is_about_tools(&self) -> bool {
        matches!(self.says, Says::OnlyTools(_) | Says::NoTools(_))
    }
}

fn exactly<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Pattern> {
    names.map(|name| Pattern(name.to_owned())).collect()
}

/// Whether a name is one of Patchline's tools, or begins as those of a third party do.
fn is_a_tool(name: &str, third_parties: &[String]) -> bool {
    let own = permissions::of(name).is_some_and(|permission| is_of_a_server(permission.part));
    own || third_parties.iter().any(|beginning| name.starts_with(beginning))
}

/// Whether operations of a part are tools.
pub(super) fn is_of_a_server(part: Part) -> bool {
    !matches!(part, Part::Pages | Part::Administration)
}

/// A network as it is compared with addresses, which never are IPv4 addresses in the form of IPv6.
pub(super) fn plain(network: IpNet) -> IpNet {
    const MAPPED_BITS: u8 = 96;
    let IpNet::V6(six) = network else { return network };
    let mapped = six.addr().to_ipv4_mapped().filter(|_| six.prefix_len() >= MAPPED_BITS);
    let four = mapped.and_then(|four| Ipv4Net::new(four, six.prefix_len() - MAPPED_BITS).ok());
    four.map_or(network, IpNet::V4)
}
