//! What is sealed of a record: itself with a digest of what of it is personal, which can be erased.

use super::{AuditRecord, Decision, Phase, TokenBearer, kind_of};
use crate::model::merkle::{self, Hash};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_micro_dollars: Option<u64>,
    duration_micros: u64,
    expires_at: i64,
    payload_sha256: &'a str,
}

/// What of a record can be erased. What joins later is left out where it is empty, as above.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Erasable<'a> {
    salt: Option<&'a str>,
    address: Option<&'a str>,
    arguments: &'a str,
    arguments_sha256: &'a str,
    resources: &'a [AwsResource],
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bearer: Option<&'a TokenBearer>,
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
            size: self.size,
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
            && self.error.is_none()
            && self.bearer.is_none();
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
            bearer: None,
            ..self
        }
    }

    fn digest_of_payload(&self) -> String {
        hex::encode(Sha256::digest(bytes(&Erasable {
            salt: self.salt.as_deref(),
            address: self.address.as_deref(),
            arguments: &self.arguments,
            arguments_sha256: &self.arguments_sha256,
            resources: &self.resources,
            error: self.error.as_deref(),
            bearer: self.bearer.as_ref(),
        })))
    }
}
