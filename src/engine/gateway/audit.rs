//! The audit log: a record of each decision and each outcome, in DynamoDB.
//!
//! Changes wait until their record is durable, and so does what shows something confidential. Records of other reads
//! and of refusals are written in groups, at most [`writer::GROUP_WAIT`] later, or when the table can be written again;
//! a crash may lose those that still wait, never one of a change that was made.
//!
//! The records of a process are a log without gaps whose tree of hashes is signed now and then.

mod copies;
mod log;
mod open;
mod order;
mod programs;
mod record_copies;
mod silence;
mod watch;
mod writer;

use super::authorise::Verdict;
use super::error::CallError;
use super::principal::{Channel, Origin, Principal};
use super::redaction;
use crate::engine::aws::Noted;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::telemetry::PendingLine;
pub use crate::model::audit::AuditRecord as Record;
use crate::model::audit::Retention;
pub(super) use crate::model::audit::{Decision, Phase};
use crate::model::money::MicroDollars;
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use order::Ids;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use ulid::Ulid;
use writer::{Entry, Writer};

/// What a record is made of.
pub(super) struct NewRecord<'a> {
    pub(super) phase: Phase,
    pub(super) decision: Decision,
    pub(super) principal: &'a Principal,
    pub(super) origin: &'a Origin,
    pub(super) operation: &'a str,
    pub(super) definition: Option<String>,
    pub(super) arguments: &'a Value,
    pub(super) resources: &'a [AwsResource],
    pub(super) verdict: &'a Verdict,
    pub(super) error: Option<&'a CallError>,
    /// How many bytes it is to store, where that is known.
    pub(super) size: Option<u64>,
    /// What is known of its requests to AWS so far.
    pub(super) requests: Noted,
    /// What its calls of models cost so far.
    pub(super) cost: MicroDollars,
    /// Whether it belongs to a read that is no administration.
    pub(super) only_reads: bool,
    pub(super) duration: Duration,
}

impl NewRecord<'_> {
    /// For how many days it is kept. What was refused, failed or is tried is looked for longest.
    fn kept_for(&self, retention: Retention) -> u16 {
        let as_wanted = self.decision == Decision::Allowed && self.verdict.would_deny.is_empty();
        if self.only_reads && as_wanted && self.error.is_none() { retention.reads } else { retention.all }
    }
}

/// The audit log of this process. Cloning is cheap.
#[derive(Clone)]
pub struct AuditLog {
    instance: Arc<str>,
    ids: Arc<Ids>,
    retention: Retention,
    writer: Option<Writer>,
}

impl AuditLog {
    /// Starts the log over a catalogue's audit table; without `enabled` nothing is written.
    pub fn start(catalog: Arc<Catalog>, enabled: bool) -> Self {
        let instance = Ulid::new().to_string().to_lowercase();
        let (ids, retention) = (Arc::<Ids>::default(), catalog.audit_retention);
        let writer = enabled.then(|| Writer::start(catalog, &instance, Arc::clone(&ids)));
        Self { instance: instance.into(), ids, retention, writer }
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

    /// The same at the end of the process, whose log ends with this.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }

    /// A record as it is handed over; the writer gives it its place and seals it.
    pub(super) fn record(&self, new: NewRecord<'_>) -> Record {
        let now = Timestamp::now();
        let kept_for = new.kept_for(self.retention);
        let arguments = new.arguments.to_string();
        let task = new.origin.task.as_ref();
        Record {
            log_hour: log_hour(&self.instance, now),
            id: self.ids.next().to_string(),
            seq: 0,
            leaf: String::new(),
            time: now.to_string(),
            phase: new.phase,
            decision: match new.decision {
                Decision::Allowed if !new.verdict.would_deny.is_empty() => Decision::WouldDeny,
                decision => decision,
            },
            principal: new.principal.id.clone(),
            on_behalf_of: new.principal.key.as_ref().map(|key| key.owner.clone()),
            role: new.principal.effective_role(),
            authenticated: authentication(new.principal, new.origin).to_owned(),
            channel: new.origin.channel.id().to_owned(),
            session: new.origin.session.clone(),
            address: new.origin.address.map(|address| address.to_string()),
            request_id: new.origin.request_id.clone(),
            passed_on: new
                .origin
                .passed_on
                .as_ref()
                .map(|mark| redaction::visible(&format!("{}/{}", mark.instance, mark.request_id))),
            operation: named(new.operation),
            definition: new.definition,
            arguments_sha256: redaction::digest(arguments.as_bytes()),
            arguments,
            resources: new.resources.to_vec(),
            policies: texts(&new.verdict.policies),
            would_deny: texts(&new.verdict.would_deny),
            reason: new.verdict.reason.map(str::to_owned),
            error: new
                .error
                .map(|error| redaction::without_keys(&format!("{}: {}", error.kind.id(), error.message))),
            bearer: new.principal.bearer.as_deref().cloned(),
            aws_request_ids: new.requests.ids,
            error_kind: None,
            payload_sha256: String::new(),
            salt: None,
            task: task.map(|task| named(&task.task)),
            step: task.map(|task| named(&task.step)),
            bytes_sent: above_zero(new.requests.bytes_sent),
            bytes_received: above_zero(new.requests.bytes_received),
            size: new.size,
            cost_micro_dollars: above_zero(new.cost.0),
            duration_micros: u64::try_from(new.duration.as_micros()).unwrap_or(u64::MAX),
            expires_at: expires_at(now, kept_for),
        }
    }

    /// Writes a record and waits until it is durable. Its line in the audit log group, where it has one, tells
    /// the record's place and hash.
    pub(super) async fn write(&self, record: Record, line: Option<PendingLine>) -> Result<(), CatalogError> {
        match &self.writer {
            Some(writer) => writer.write(record, line).await,
            None => Ok(()),
        }
    }

    /// Hands a record over to be written soon, with its line in the audit log group.
    pub(super) fn note(&self, record: Record, line: Option<PendingLine>) {
        if let Some(writer) = &self.writer {
            writer.note(Entry::without_answer(record, line));
        }
    }

    /// The same for what has been read: while too many records wait already, it waits until there is room.
    pub(super) async fn note_in_turn(&self, record: Record, line: Option<PendingLine>) {
        if let Some(writer) = &self.writer {
            writer.note_in_turn(Entry::without_answer(record, line)).await;
        }
    }
}

/// Where the records of an instance at a moment are.
fn log_hour(instance: &str, moment: Timestamp) -> String {
    format!("log#{instance}#{}", moment.strftime("%Y%m%d%H"))
}

/// When a record of a moment may be removed that is kept for some days, epoch seconds.
fn expires_at(moment: Timestamp, days: u16) -> i64 {
    moment.as_second() + i64::from(days) * 24 * 60 * 60
}

/// How it is known who calls.
fn authentication(principal: &Principal, origin: &Origin) -> &'static str {
    if origin.passed_on.is_some() {
        "instance"
    } else if origin.channel == Channel::Command {
        "command"
    } else if origin.channel == Channel::Schedule {
        "schedule"
    } else if principal.id.starts_with("key:") {
        "key"
    } else if principal.id.starts_with("token:") {
        "token"
    } else if origin.session.is_some() {
        "session"
    } else {
        "none"
    }
}

/// A name as it is recorded.
fn named(text: &str) -> String {
    redaction::visible(&text.chars().take(128).collect::<String>())
}

/// A figure where there is one: records without it have the hash that they always had.
fn above_zero(figure: u64) -> Option<u64> {
    (figure > 0).then_some(figure)
}

fn texts(names: &[Arc<str>]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
