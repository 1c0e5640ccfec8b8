//! The proof that a record stands in its log.

use super::{AuditRecord, Payload};
use crate::model::merkle::{self, Hash};
use serde::{Deserialize, Serialize};

/// What it takes to check that a record stands in its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordProof {
    /// The record as it is stored now.
    pub record: AuditRecord,
    /// How many records the log had at the checkpoint.
    pub size: u64,
    /// The root of its tree there.
    pub root: String,
    /// The hashes that lead from the record to the root.
    pub path: Vec<String>,
    /// When the checkpoint was made.
    pub time: String,
    /// The checkpoint as it was signed.
    pub checkpoint: String,
    /// The public key that signed it.
    pub key: String,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Checked {
    /// It is what was written, where it was written.
    Right,
    /// The same, and its payload has been erased since.
    Erased,
    /// Its payload is not what was written.
    PayloadChanged,
    /// It is not what was written at its place.
    Wrong,
}

impl RecordProof {
    /// Computes everything anew from the record itself.
    pub fn check(&self) -> Checked {
        let path: Option<Vec<Hash>> = self.path.iter().map(|hash| merkle::from_hex(hash)).collect();
        let (Some(path), Some(root)) = (path, merkle::from_hex(&self.root)) else { return Checked::Wrong };
        if !merkle::is_in(&self.record.hash(), self.record.seq, self.size, &path, &root) {
            return Checked::Wrong;
        }
        match self.record.payload() {
            Payload::Whole => Checked::Right,
            Payload::Erased => Checked::Erased,
            Payload::Changed => Checked::PayloadChanged,
        }
    }
}
