//! The servers of tools as people watch them: how they are, why, and since when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many days of history are kept and shown.
pub const HISTORY_DAYS: i32 = 90;

/// A server in words; one from elsewhere keeps its name.
pub fn server_title(server: &str) -> String {
    match server {
        "s3" => "Files (S3)",
        "dynamodb" => "Catalogue and figures (DynamoDB)",
        "bedrock" => "Knowledge (Bedrock)",
        "cloudwatch" => "Logs and metrics (CloudWatch)",
        "rds" => "Databases (RDS)",
        "music" => "Analysis and planning",
        other => other,
    }
    .to_owned()
}

/// How a server or a replica is.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Health {
    /// Not looked at yet.
    #[default]
    Unknown,
    /// As it should be.
    Healthy,
    /// It works, with trouble.
    Degraded,
    /// It does not work.
    Failing,
    /// An admin keeps new calls away from it.
    Drained,
}

impl fmt::Display for Health {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Health::Unknown => "Not checked yet",
            Health::Healthy => "Healthy",
            Health::Degraded => "Degraded",
            Health::Failing => "Failing",
            Health::Drained => "Drained",
        })
    }
}

/// All servers together, in words for the top of every page.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Overall {
    /// The worst that there is.
    pub health: Health,
    /// `All 5 servers work`.
    pub words: String,
}

impl Overall {
    /// As an attribute of the page, for the browser to read.
    pub fn to_attribute(&self) -> String {
        // Two texts: writing them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Overall::to_attribute`] wrote.
    pub fn from_attribute(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Says how servers are, given their names.
    pub fn of<'a>(servers: impl IntoIterator<Item = (&'a str, Health)>) -> Self {
        let servers: Vec<_> = servers.into_iter().collect();
        let in_state = |health: Health| -> Vec<&str> {
            servers.iter().filter(|(_, one)| *one == health).map(|(name, _)| *name).collect()
        };
        for (health, verb) in [
            (Health::Failing, "not working"),
            (Health::Degraded, "with trouble"),
            (Health::Drained, "drained"),
        ] {
            let names = in_state(health);
            match names.as_slice() {
                [] => {}
                [only] => return Self { health, words: format!("{only}: {verb}") },
                several => {
                    let words = format!("{} of {} servers {verb}", several.len(), servers.len());
                    return Self { health, words };
                }
            }
        }
        if servers.is_empty() {
            return Self { health: Health::Healthy, words: "No servers switched on".to_owned() };
        }
        if !in_state(Health::Unknown).is_empty() {
            return Self { health: Health::Unknown, words: "Servers are being checked".to_owned() };
        }
        Self { health: Health::Healthy, words: "All servers work".to_owned() }
    }
}

/// The fleet as one instance sees it.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FleetView {
    /// All servers in words.
    pub overall: Overall,
    /// The servers that are switched on.
    pub servers: Vec<ServerView>,
    /// When this was seen, RFC 3339 in UTC.
    pub seen_at: String,
    /// Names the instance.
    pub instance: String,
    /// How often servers are checked, in seconds.
    pub check_seconds: u32,
    /// Why there is no history, when it cannot be read.
    pub history_trouble: Option<String>,
}

/// A server.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerView {
    /// The name in addresses: `s3`.
    pub id: String,
    /// How it is.
    pub health: Health,
    /// Why it is not healthy; a full sentence.
    pub reason: Option<String>,
    /// Who keeps calls away from it.
    pub drained: Option<Drained>,
    /// Whether calls are refused for a moment, because most of the last ones failed.
    pub resting: bool,
    /// What its calls are like.
    pub figures: ServerFigures,
    /// How calls are spread over its replicas, in words.
    pub strategy: String,
    /// The replicas.
    pub replicas: Vec<ReplicaView>,
    /// What the last check looked at.
    pub checks: Vec<CheckView>,
    /// When it was last checked, RFC 3339 in UTC.
    pub checked_at: Option<String>,
    /// The newest failures, newest first.
    pub failures: Vec<FailureView>,
    /// The names of its tools.
    pub tools: Vec<String>,
    /// Definitions of a third party's tools that wait for an admin. Not in what is sent live.
    #[serde(default)]
    pub reviews: Vec<DefinitionReview>,
    /// The days of the last 90 of which something is known, oldest first. Not in what is sent live.
    pub history: Vec<DayView>,
}

/// What the calls of the last minute were like, at one instance.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerFigures {
    /// Calls under way.
    pub connections: u32,
    /// How many may be under way.
    pub most_connections: u32,
    /// Calls that ended in the last minute.
    pub requests_a_minute: u32,
    /// The share of them that failed by the server's fault; none without calls.
    pub error_rate: Option<f64>,
    /// Half of them took at most this, in milliseconds.
    pub median_ms: Option<f64>,
    /// 95 of 100 took at most this.
    pub p95_ms: Option<f64>,
}

/// The definition of a third party's tool that is not called before an admin has approved it.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionReview {
    /// Its name at the third party.
    pub tool: String,
    /// Its name here, with the prefix.
    pub name: String,
    /// Why it waits.
    pub standing: Standing,
    /// The SHA-256 of the definition that it has now.
    pub sha256: String,
    /// The definition that it has now, as JSON.
    pub now: String,
    /// The definition that was approved, where one is kept.
    pub before: Option<String>,
    /// Who approved that one.
    pub approved_by: Option<String>,
}

/// Whether the definition of a third party's tool is approved.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// It is the one that an admin has approved.
    Approved,
    /// Nobody has approved one so far.
    New,
    /// It is another one than the approved one.
    Changed,
}

/// A replica of a server.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaView {
    /// Its name.
    pub name: String,
    /// Names it to whoever drains it.
    #[serde(default)]
    pub id: String,
    /// Who keeps calls away from it.
    #[serde(default)]
    pub drained: Option<Drained>,
    /// The revision of MCP that it speaks; none for this process, and before the first answer.
    #[serde(default)]
    pub era: Option<String>,
    /// How it is.
    pub health: Health,
    /// Why it is not healthy.
    pub reason: Option<String>,
    /// Calls under way.
    pub connections: u32,
    /// How much it should get, compared with others.
    pub weight: u32,
    /// The moving average of its response time, in milliseconds.
    pub latency_ms: Option<f64>,
    /// How good it looks to the balancer, 0 to 1.
    pub score: f64,
}

/// One thing that a check looked at.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// What: `table artists`.
    pub what: String,
    /// What is wrong with it, and what to do.
    pub problem: Option<String>,
    /// How long the answer took, in milliseconds.
    pub took_ms: f64,
}

/// A call that failed by the server's fault.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureView {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The tool; `check` for a failed check.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Names the call in the audit log; none for a check.
    pub request_id: Option<String>,
}

/// Who keeps new calls away from a server, and since when.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Drained {
    /// The name of the person.
    pub by: String,
    /// RFC 3339 in UTC.
    pub since: String,
}

/// The checks of a day, of all instances.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayView {
    /// The day, UTC.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub date: Date,
    /// Checks that found the server healthy.
    pub healthy: u32,
    /// Checks that found it with trouble.
    pub degraded: u32,
    /// Checks that found it failing.
    pub failing: u32,
    /// The newest reason.
    pub reason: Option<String>,
}

impl DayView {
    /// The share of checks at which the server worked, with trouble or without.
    pub fn uptime(&self) -> Option<f64> {
        let checks = self.healthy + self.degraded + self.failing;
        (checks > 0).then(|| 1.0 - f64::from(self.failing) / f64::from(checks))
    }

    /// The day in one word: failing from one check in a hundred on.
    pub fn health(&self) -> Health {
        match self.uptime() {
            None => Health::Unknown,
            Some(uptime) if uptime <= 0.99 => Health::Failing,
            Some(uptime) if uptime < 1.0 || self.degraded > 0 => Health::Degraded,
            Some(_) => Health::Healthy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn says_the_worst_first() {
        let words = |servers: &[(&'static str, Health)]| Overall::of(servers.iter().copied()).words;
        assert_eq!(words(&[("s3", Health::Healthy), ("rds", Health::Healthy)]), "All servers work");
        assert_eq!(words(&[("s3", Health::Failing), ("rds", Health::Drained)]), "s3: not working");
        assert_eq!(
            words(&[("s3", Health::Degraded), ("rds", Health::Degraded), ("bedrock", Health::Healthy)]),
            "2 of 3 servers with trouble"
        );
        assert_eq!(words(&[("s3", Health::Unknown)]), "Servers are being checked");
    }

    #[test]
    fn a_day_is_as_good_as_its_checks() {
        let day = |healthy, degraded, failing| {
            DayView { date: date(2026, 11, 25), healthy, degraded, failing, reason: None }.health()
        };
        assert_eq!(day(0, 0, 0), Health::Unknown);
        assert_eq!(day(1000, 0, 0), Health::Healthy);
        assert_eq!(day(999, 1, 0), Health::Degraded);
        assert_eq!(day(999, 0, 1), Health::Degraded);
        assert_eq!(day(90, 0, 10), Health::Failing);
    }
}
