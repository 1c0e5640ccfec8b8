//! The audit log: a record of each decision and each outcome, in DynamoDB.
//!
//! Changes wait until their record is durable. Records of reads and of refusals are written in groups, at
//! most [`writer::GROUP_WAIT`] later, or when the table can be
//! written again; a crash may lose those that still wait, never one of a change that was made.

mod order;
mod writer;

use super::authorise::Verdict;
use super::error::CallError;
use super::principal::{Channel, Origin, Principal, Role};
use super::redaction;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use order::Ids;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use ulid::Ulid;
use writer::{Entry, Writer};

/// How long records are kept.
const RETENTION: Duration = Duration::from_hours(400 * 24);

/// A record of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The instance and the hour: `log#<instance>#<yyyymmddhh>`.
    pub log_hour: String,
    /// A ULID: the order in which the instance made its records, also within a millisecond.
    pub id: String,
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
    /// By which face.
    pub channel: Channel,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The call; the intent and the outcome of one call share it.
    pub request_id: String,
    /// The call at the instance that let it in, where that was another one: `<instance>/<request id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<String>,
    /// What was asked.
    pub operation: String,
    /// The arguments, redacted, as JSON.
    pub arguments: String,
    /// The SHA-256 of the redacted arguments.
    pub arguments_sha256: String,
    /// What it touches.
    pub resources: Vec<AwsResource>,
    /// The policies that decided, by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The rules that would have denied it, and were only to say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub would_deny: Vec<String>,
    /// Why it was decided so, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in microseconds.
    pub duration_micros: u64,
    /// When the record may be removed, epoch seconds.
    pub expires_at: i64,
}

/// Whether a record was made before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Before a change.
    Intent,
    /// After a call.
    Outcome,
}

/// What was decided about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// It was done.
    Allowed,
    /// It was done, in spite of a rule that was only to say so.
    WouldDeny,
    /// It was not permitted, or beyond a limit.
    Denied,
    /// It could not be understood.
    Invalid,
}

/// What a record is made of.
pub(super) struct NewRecord<'a> {
    pub(super) phase: Phase,
    pub(super) decision: Decision,
    pub(super) principal: &'a Principal,
    pub(super) origin: &'a Origin,
    pub(super) operation: &'a str,
    pub(super) arguments: &'a Value,
    pub(super) resources: &'a [AwsResource],
    pub(super) verdict: &'a Verdict,
    pub(super) error: Option<&'a CallError>,
    pub(super) duration: Duration,
}

/// The audit log of this process. Cloning is cheap.
#[derive(Clone)]
pub struct AuditLog {
    instance: Arc<str>,
    ids: Arc<Ids>,
    writer: Option<Writer>,
}

impl AuditLog {
    /// Starts the log over a catalogue's audit table; without `enabled` nothing is written.
    pub fn start(catalog: Arc<Catalog>, enabled: bool) -> Self {
        let instance = Ulid::new().to_string().to_lowercase();
        let writer = enabled.then(|| Writer::start(catalog));
        Self { instance: instance.into(), ids: Arc::default(), writer }
    }

    /// Names this process in the records.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Waits until everything that was noted is written.
    pub async fn flush(&self) {
        if let Some(writer) = &self.writer {
            writer.flush().await;
        }
    }

    pub(super) fn record(&self, new: NewRecord<'_>) -> Record {
        let now = Timestamp::now();
        let arguments = new.arguments.to_string();
        let hour = now.strftime("%Y%m%d%H");
        Record {
            log_hour: format!("log#{}#{hour}", self.instance),
            id: self.ids.next().to_string(),
            time: now.to_string(),
            phase: new.phase,
            decision: match new.decision {
                Decision::Allowed if !new.verdict.would_deny.is_empty() => Decision::WouldDeny,
                decision => decision,
            },
            principal: new.principal.id.clone(),
            on_behalf_of: new.principal.key.as_ref().map(|key| key.owner.clone()),
            role: new.principal.role,
            channel: new.origin.channel,
            address: new.origin.address.map(|address| address.to_string()),
            request_id: new.origin.request_id.clone(),
            passed_on: new
                .origin
                .passed_on
                .as_ref()
                .map(|mark| redaction::visible(&format!("{}/{}", mark.instance, mark.request_id))),
            operation: redaction::visible(&new.operation.chars().take(128).collect::<String>()),
            arguments_sha256: redaction::digest(arguments.as_bytes()),
            arguments,
            resources: new.resources.to_vec(),
            policies: texts(&new.verdict.policies),
            would_deny: texts(&new.verdict.would_deny),
            reason: new.verdict.reason.map(str::to_owned),
            error: new
                .error
                .map(|error| redaction::without_keys(&format!("{}: {}", error.kind.id(), error.message))),
            duration_micros: u64::try_from(new.duration.as_micros()).unwrap_or(u64::MAX),
            expires_at: now.as_second() + i64::try_from(RETENTION.as_secs()).unwrap_or(i64::MAX),
        }
    }

    /// Writes a record and waits until it is durable.
    pub(super) async fn write(&self, record: Record) -> Result<(), CatalogError> {
        match &self.writer {
            Some(writer) => writer.write(record).await,
            None => Ok(()),
        }
    }

    /// Hands a record over to be written soon.
    pub(super) fn note(&self, record: Record) {
        if let Some(writer) = &self.writer {
            writer.note(Entry::without_answer(record));
        }
    }
}

fn texts(names: &[Arc<str>]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
