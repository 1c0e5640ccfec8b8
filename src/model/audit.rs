//! Records of the audit log: what they hold, and what of it is sealed.

mod proof;
mod question;
mod retention;

pub use proof::{Checked, RecordProof};
pub use question::{AuditPage, AuditQuestion};
pub use retention::{READS_RETENTION_DAYS, RETENTION_DAYS, Retention};

use super::merkle::{self, Hash};
use super::role::Role;
use super::tool::AwsResource;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How the error of an outcome begins that a process has recorded for another one, which did not report any
/// more.
pub const UNKNOWN_OUTCOME: &str = "unknownOutcome";

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

impl Decision {
    /// All of them.
    pub const ALL: [Decision; 4] =
        [Decision::Allowed, Decision::WouldDeny, Decision::Denied, Decision::Invalid];

    /// The word in records.
    pub fn id(self) -> &'static str {
        match self {
            Decision::Allowed => "allowed",
            Decision::WouldDeny => "wouldDeny",
            Decision::Denied => "denied",
            Decision::Invalid => "invalid",
        }
    }

    /// The words that people read.
    pub fn title(self) -> &'static str {
        match self {
            Decision::Allowed => "Allowed",
            Decision::WouldDeny => "Allowed on trial",
            Decision::Denied => "Denied",
            Decision::Invalid => "Not understood",
        }
    }
}

/// What has become of the part of a record that can be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Payload {
    /// It is as it was when the record was made.
    Whole,
    /// It has been erased.
    Erased,
    /// It is not what it was.
    Changed,
}

/// What is sealed of a record itself. What joins later is left out where it is empty, so that the hashes of
/// older records stay.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sealed<'a> {
    log_hour: &'a str,
    id: &'a str,
    time: &'a str,
    phase: Phase,
    decision: Decision,
    principal: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<&'a str>,
    role: Role,
    authenticated: &'a str,
    channel: &'a str,
    request_id: &'a str,
    session: Option<&'a str>,
    passed_on: Option<&'a str>,
    operation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    definition: Option<&'a str>,
    policies: &'a [String],
    would_deny: &'a [String],
    reason: Option<&'a str>,
    aws_request_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    error_kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_sent: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_received: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_micro_dollars: Option<u64>,
    duration_micros: u64,
    expires_at: i64,
    payload_sha256: &'a str,
}

/// What of a record can be erased.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Erasable<'a> {
    salt: Option<&'a str>,
    address: Option<&'a str>,
    arguments: &'a str,
    arguments_sha256: &'a str,
    resources: &'a [AwsResource],
    error: Option<&'a str>,
}

/// Plain structs of texts and numbers become JSON always.
fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

impl AuditRecord {
    /// Seals it: its payload with a salt, then itself. What is in it must not be changed after this.
    pub fn seal(&mut self, salt: String) -> Hash {
        self.error_kind = self.error.as_deref().map(|error| kind_of(error).to_owned());
        self.salt = Some(salt);
        self.payload_sha256 = self.digest_of_payload();
        let hash = self.hash();
        self.leaf = merkle::to_hex(&hash);
        hash
    }

    /// Its hash in the tree, from what is in it now. The place in the log is no part of it: the tree itself
    /// holds the order.
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(&bytes(&Sealed {
            log_hour: &self.log_hour,
            id: &self.id,
            time: &self.time,
            phase: self.phase,
            decision: self.decision,
            principal: &self.principal,
            on_behalf_of: self.on_behalf_of.as_deref(),
            role: self.role,
            authenticated: &self.authenticated,
            channel: &self.channel,
            request_id: &self.request_id,
            session: self.session.as_deref(),
            passed_on: self.passed_on.as_deref(),
            operation: &self.operation,
            definition: self.definition.as_deref(),
            policies: &self.policies,
            would_deny: &self.would_deny,
            reason: self.reason.as_deref(),
            aws_request_ids: &self.aws_request_ids,
            error_kind: self.error_kind.as_deref(),
            task: self.task.as_deref(),
            step: self.step.as_deref(),
            bytes_sent: self.bytes_sent,
            bytes_received: self.bytes_received,
            cost_micro_dollars: self.cost_micro_dollars,
            duration_micros: self.duration_micros,
            expires_at: self.expires_at,
            payload_sha256: &self.payload_sha256,
        }))
    }

    /// What has become of its payload.
    pub fn payload(&self) -> Payload {
        let erased = self.salt.is_none()
            && self.address.is_none()
            && self.arguments.is_empty()
            && self.arguments_sha256.is_empty()
            && self.resources.is_empty()
            && self.error.is_none();
        if erased {
            Payload::Erased
        } else if self.digest_of_payload() == self.payload_sha256 {
            Payload::Whole
        } else {
            Payload::Changed
        }
    }

    /// The same without what can be erased.
    #[must_use]
    pub fn without_payload(self) -> Self {
        Self {
            salt: None,
            address: None,
            arguments: String::new(),
            arguments_sha256: String::new(),
            resources: Vec::new(),
            error: None,
            ..self
        }
    }

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

    /// The kind of the error; none where there was no error. Older records have it in the error only.
    pub fn failure(&self) -> Option<&str> {
        self.error_kind.as_deref().or_else(|| self.error.as_deref().map(kind_of))
    }

    fn digest_of_payload(&self) -> String {
        hex::encode(Sha256::digest(bytes(&Erasable {
            salt: self.salt.as_deref(),
            address: self.address.as_deref(),
            arguments: &self.arguments,
            arguments_sha256: &self.arguments_sha256,
            resources: &self.resources,
            error: self.error.as_deref(),
        })))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::merkle::Tree;
    use std::collections::BTreeMap;

    fn record() -> AuditRecord {
        AuditRecord {
            log_hour: "log#inst#2026112609".to_owned(),
            id: "01".to_owned(),
            seq: 0,
            leaf: String::new(),
            time: "2026-11-26T09:00:00Z".to_owned(),
            phase: Phase::Outcome,
            decision: Decision::Allowed,
            principal: "usr_1".to_owned(),
            on_behalf_of: None,
            role: Role::Label,
            authenticated: "session".to_owned(),
            channel: "page".to_owned(),
            request_id: "req_1".to_owned(),
            session: None,
            passed_on: None,
            operation: "get_contract".to_owned(),
            definition: None,
            policies: vec!["role:label".to_owned()],
            would_deny: Vec::new(),
            reason: None,
            aws_request_ids: Vec::new(),
            error_kind: None,
            task: None,
            step: None,
            bytes_sent: None,
            bytes_received: None,
            cost_micro_dollars: None,
            duration_micros: 12,
            expires_at: 1_900_000_000,
            payload_sha256: String::new(),
            salt: None,
            address: Some("127.0.0.1".to_owned()),
            arguments: "{}".to_owned(),
            arguments_sha256: "44".to_owned(),
            resources: vec![AwsResource {
                service: "s3".to_owned(),
                action: "s3:GetObject".to_owned(),
                name: "patchline-contracts/a.pdf".to_owned(),
            }],
            error: None,
        }
    }

    fn proof() -> RecordProof {
        let mut record = record();
        let leaf = record.seal("salt".to_owned());
        let mut tree = Tree::default();
        tree.push(leaf);
        RecordProof {
            record,
            size: 1,
            root: merkle::to_hex(&tree.root()),
            path: Vec::new(),
            time: String::new(),
            checkpoint: String::new(),
            key: String::new(),
        }
    }

    #[test]
    fn a_record_that_was_left_alone_is_proven() {
        assert_eq!(proof().check(), Checked::Right);
    }

    #[test]
    fn a_record_that_was_changed_is_not() {
        let mut changed = proof();
        changed.record.principal = "usr_2".to_owned();
        assert_eq!(changed.check(), Checked::Wrong);
        let mut changed = proof();
        changed.record.arguments = "{\"a\":1}".to_owned();
        assert_eq!(changed.check(), Checked::PayloadChanged);
    }

    #[test]
    fn what_joined_records_later_leaves_the_hashes_of_older_ones_as_they_were() {
        let mut old = record();
        old.seal("salt".to_owned());
        assert_eq!(
            old.leaf, "3c6f77249099760340b821f9c6432a078efb13b960971d7399547c84ddcc8aff",
            "this is what was sealed before there were bytes, cost, task and step"
        );
        let written = serde_json::to_value(&old).expect("JSON");
        for later in ["task", "step", "bytesSent", "bytesReceived", "costMicroDollars"] {
            assert!(written.get(later).is_none(), "{later}");
        }
        let hash = old.hash();
        for changed in [
            AuditRecord { task: Some("run_1".to_owned()), ..old.clone() },
            AuditRecord { step: Some("2".to_owned()), ..old.clone() },
            AuditRecord { bytes_sent: Some(1), ..old.clone() },
            AuditRecord { bytes_received: Some(1), ..old.clone() },
            AuditRecord { cost_micro_dollars: Some(1), ..old.clone() },
        ] {
            assert_ne!(changed.hash(), hash, "where it is, it is sealed");
        }
    }

    #[test]
    fn erasing_the_payload_does_not_break_the_proof() {
        let mut erased = proof();
        erased.record = erased.record.without_payload();
        assert_eq!(erased.check(), Checked::Erased);
    }

    #[test]
    fn whoever_called_has_a_name_where_one_is_known() {
        let names = BTreeMap::from([("usr_1".to_owned(), "Ana".to_owned())]);
        let key =
            AuditRecord { principal: "key:a".to_owned(), on_behalf_of: Some("usr_1".to_owned()), ..record() };
        assert_eq!(AuditPage::caller(&names, &record()).as_deref(), Some("Ana"));
        assert_eq!(AuditPage::caller(&names, &key).as_deref(), Some("A key of Ana"));
        assert_eq!(AuditPage::caller(&BTreeMap::new(), &key), None);
    }

    #[test]
    fn filters_look_for_parts_of_words_and_the_way_it_ended() {
        let record = AuditRecord { on_behalf_of: Some("usr_owner".to_owned()), ..record() };
        let asks = |change: fn(&mut AuditQuestion)| {
            let mut question = AuditQuestion::default();
            change(&mut question);
            question.fits(&record)
        };
        assert!(asks(|_| {}));
        assert!(asks(|question| question.who = "USR".to_owned()));
        assert!(asks(|question| question.who = "owner".to_owned()));
        assert!(!asks(|question| question.who = "nobody".to_owned()));
        assert!(asks(|question| question.resource = "contracts".to_owned()));
        assert!(!asks(|question| question.resource = "masters".to_owned()));
        assert!(!asks(|question| question.outcome = "failed".to_owned()));
        let left_open =
            AuditRecord { error: Some(format!("{UNKNOWN_OUTCOME}: It ended.")), ..record.clone() };
        assert_eq!((record.outcome(), left_open.outcome()), ("allowed", "unknown"));
    }

    #[test]
    fn what_failed_on_trial_failed() {
        let on_trial = AuditRecord { decision: Decision::WouldDeny, ..record() };
        assert_eq!(on_trial.outcome(), "wouldDeny");
        let failed = AuditRecord { error: Some("notFound: There is none.".to_owned()), ..on_trial.clone() };
        assert_eq!(failed.outcome(), "failed");
        let unknown = AuditRecord { error: Some(format!("{UNKNOWN_OUTCOME}: Silent.")), ..on_trial };
        assert_eq!(unknown.outcome(), "unknown");
    }

    #[test]
    fn what_failed_has_failed_also_when_its_payload_is_erased() {
        for (error, outcome) in
            [("notFound: There is none.", "failed"), ("unknownOutcome: Silent.", "unknown")]
        {
            let mut failed = AuditRecord { error: Some(error.to_owned()), ..record() };
            let hash = failed.seal("salt".to_owned());
            let erased = failed.without_payload();
            assert_eq!((erased.outcome(), erased.payload()), (outcome, Payload::Erased));
            assert_eq!(erased.hash(), hash, "the kind of the error is sealed");
            assert_ne!(AuditRecord { error_kind: None, ..erased }.hash(), hash);
        }
    }

    #[test]
    fn an_error_without_a_kind_leaves_none_of_its_words() {
        let mut odd = AuditRecord { error: Some("Mira Sol said: no".to_owned()), ..record() };
        odd.seal("salt".to_owned());
        assert_eq!(odd.error_kind.as_deref(), Some("internal"));
    }
}
