//! Records of the audit log: what they hold, and what of it is sealed.

mod bearer;
mod decision;
mod proof;
mod question;
mod retention;
mod sealed;
#[cfg(test)]
mod tests;

pub use bearer::TokenBearer;
pub use decision::{Decision, Phase};
pub use proof::{Checked, RecordProof};
pub use question::{AuditPage, AuditQuestion};
pub use retention::{READS_RETENTION_DAYS, RETENTION_DAYS, Retention};
pub use sealed::Payload;

use super::role::Role;
use super::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// How the error of an outcome begins that a process has recorded for another one, which did not report any
/// more.
pub const UNKNOWN_OUTCOME: &str = "unknownOutcome";

/// The reason of what the role has no permission for, which no single rule says.
pub const NOT_PERMITTED: &str = "not permitted to this role";

/// Records on a page.
pub const AUDIT_PAGE: usize = 50;

/// A record of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// The instance and the hour: `log#<instance>#<yyyymmddhh>`.
    pub log_hour: String,
    /// A ULID: the order in which the instance made its records, also within a millisecond.
    pub id: String,
    /// Its place in the log of the instance, from 0, without gaps.
    #[serde(default)]
    pub seq: u64,
    /// Its hash in the tree of the log.
    #[serde(default)]
    pub leaf: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// Before or after.
    pub phase: Phase,
    /// What was decided.
    pub decision: Decision,
    /// Who.
    pub principal: String,
    /// For whom, where a key of theirs called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// As what.
    pub role: Role,
    /// How it is known who: `session`, `key`, `instance`, `command`, `none`.
    #[serde(default)]
    pub authenticated: String,
    /// By which face: `page`, `rest`, `mcp`, `command`.
    pub channel: String,
    /// The call; the intent and the outcome of one call share it.
    pub request_id: String,
    /// The session, by the beginning of the digest of its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The call at the instance that let it in, where that was another one: `<instance>/<request id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<String>,
    /// What was asked.
    pub operation: String,
    /// The SHA-256 of the tool's definition; none where it is no tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The policies that decided, by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The rules that would have denied it, and were only to say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub would_deny: Vec<String>,
    /// Why it was decided so, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The ids that AWS gave to its requests, by which `CloudTrail` is searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aws_request_ids: Vec<String>,
    /// The kind of the error, in one word, which stays when the error itself is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_kind: Option<String>,
    /// The work of an agent that it was a part of: the id of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The step of that work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The bytes that its requests to AWS had as contents; none where there were none, or it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_sent: Option<u64>,
    /// The bytes that the answers of AWS had as contents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_received: Option<u64>,
    /// How many bytes it was to store, where that was known when it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// What its calls of models cost, as far as that is known, in millionths of a US dollar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_micro_dollars: Option<u64>,
    /// How long it took, in microseconds.
    pub duration_micros: u64,
    /// When the record may be removed, epoch seconds.
    pub expires_at: i64,
    /// The digest of what can be erased: everything below, with its salt.
    #[serde(default)]
    pub payload_sha256: String,
    /// Keeps the digest from being guessed when the rest is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The arguments, redacted, as JSON.
    #[serde(default)]
    pub arguments: String,
    /// The SHA-256 of the redacted arguments.
    #[serde(default)]
    pub arguments_sha256: String,
    /// What it touches.
    #[serde(default)]
    pub resources: Vec<AwsResource>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whose access token called, in the words of its authorization server; none where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<TokenBearer>,
}

impl AuditRecord {
    /// Whether it is kept for a shorter time than others of its log.
    pub fn is_short_lived(&self, retention: Retention) -> bool {
        let made = self.time.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second);
        made.is_ok_and(|made| self.expires_at < made + i64::from(retention.all) * 24 * 60 * 60)
    }

    /// The instance whose log it stands in.
    pub fn instance(&self) -> &str {
        instance_of(&self.log_hour)
    }

    /// Names it in addresses.
    pub fn name(&self) -> String {
        format!("{}/{}", self.log_hour, self.id)
    }

    /// How it ended, in one word for filters: `failed` for what was allowed and did not succeed, `unknown` for
    /// what nobody knows the end of.
    pub fn outcome(&self) -> &'static str {
        let was_begun = matches!(self.decision, Decision::Allowed | Decision::WouldDeny);
        match self.failure() {
            Some(UNKNOWN_OUTCOME) if was_begun => "unknown",
            Some(_) if was_begun => "failed",
            _ => self.decision.id(),
        }
    }

    /// Why it was denied, or would be, in a few words. None where it was not, or nothing more is known.
    pub fn why_denied(&self) -> Option<String> {
        match self.decision {
            Decision::WouldDeny if !self.would_deny.is_empty() => {
                Some(format!("against the rule {}", self.would_deny.join(", ")))
            }
            Decision::Denied => self.denial(),
            _ => None,
        }
    }

    fn denial(&self) -> Option<String> {
        // What the policy permitted was refused by a later stage of the door.
        let decided = self.reason.as_deref().filter(|reason| !reason.starts_with("permitted"));
        match (self.failure(), decided) {
            (Some("tooManyRequests"), _) => Some("a limit was reached".to_owned()),
            (Some("unauthenticated"), _) => Some("not known who asks".to_owned()),
            (Some("unavailable"), None) => Some("not possible at that moment".to_owned()),
            (_, Some(NOT_PERMITTED)) => Some(NOT_PERMITTED.to_owned()),
            (_, Some(reason)) if self.policies.is_empty() => Some(reason.to_owned()),
            (_, Some(reason)) => Some(format!("{reason}: {}", self.policies.join(", "))),
            (_, None) => None,
        }
    }

    /// The kind of the error; none where there was no error. Older records have it in the error only.
    pub fn failure(&self) -> Option<&str> {
        self.error_kind.as_deref().or_else(|| self.error.as_deref().map(kind_of))
    }
}

/// The kind of an error that is written as `kind: message`. Whatever else stands there is no kind, and may be
/// personal.
fn kind_of(error: &str) -> &str {
    match error.split_once(':') {
        Some((kind, _)) if kind.chars().all(|character| character.is_ascii_alphanumeric()) => kind,
        _ => "internal",
    }
}

/// The instance of a `log#<instance>#<yyyymmddhh>`.
pub fn instance_of(log_hour: &str) -> &str {
    log_hour.split('#').nth(1).unwrap_or_default()
}
