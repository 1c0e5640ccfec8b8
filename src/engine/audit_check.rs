//! `patchline audit verify`: compares everything in the audit log with its signed checkpoints.

use super::aws::{AwsClients, Embedded};
use super::catalog::audit::KeptCheckpoint;
use super::catalog::{Catalog, CatalogError};
use super::config::Config;
use super::sealing::{self, Line, LogReport, PublicKey, SECRET, Segment, SigningKey};
use crate::model::audit::instance_of;
use crate::model::merkle::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What came of checking everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Each log that has records or checkpoints.
    pub logs: Vec<LogReport>,
    /// The names of items that cannot be read as records.
    pub unreadable: Vec<String>,
    /// The key that was checked against; none where there is none yet.
    pub key: Option<PublicKey>,
}

impl AuditReport {
    /// How many things do not fit.
    pub fn problems(&self) -> usize {
        self.logs.iter().map(|log| log.problems.len()).sum::<usize>() + self.unreadable.len()
    }
}

/// What is known of a log.
#[derive(Default)]
struct Parts {
    checkpoints: Vec<KeptCheckpoint>,
    lines: Vec<Line>,
}

/// Checks the stores of a configuration.
///
/// # Errors
/// What AWS says.
pub async fn verify(
    config: &Config,
    embedded: Option<&Embedded>,
    pinned: Option<PublicKey>,
) -> Result<AuditReport, CatalogError> {
    let catalog = Catalog::new(AwsClients::connect(config, embedded).await, config);
    if embedded.is_some() {
        catalog.create_missing().await?;
    }
    verify_in(&catalog, pinned).await
}

/// Checks the stores behind a catalogue.
///
/// # Errors
/// What AWS says.
pub async fn verify_in(catalog: &Catalog, pinned: Option<PublicKey>) -> Result<AuditReport, CatalogError> {
    let key = match pinned {
        Some(key) => Some(key),
        None => public_key(catalog).await?,
    };
    let mut logs = BTreeMap::<String, Parts>::new();
    // Checkpoints first: what they cover is in the table by then.
    for checkpoint in catalog.all_checkpoints().await? {
        let log = checkpoint.instance().to_owned();
        logs.entry(log).or_default().checkpoints.push(checkpoint);
    }
    let mut unreadable = Vec::new();
    catalog
        .for_each_audit_record(|record| match record {
            Ok(record) => {
                let log = instance_of(&record.log_hour).to_owned();
                logs.entry(log).or_default().lines.push(Line::from(&record));
            }
            Err(name) => unreadable.push(name),
        })
        .await?;
    let now = Timestamp::now();
    let logs = logs.into_iter().map(|(log, parts)| {
        let Parts { mut checkpoints, lines } = parts;
        checkpoints.sort_by(|one, other| one.id.cmp(&other.id));
        let segments: Vec<_> = checkpoints.iter().map(segment).collect();
        // Without a key nothing was ever signed here; a checkpoint that is there all the same is not believed.
        let key = key.unwrap_or_default();
        sealing::examine(&log, &segments, &lines, &key, now)
    });
    Ok(AuditReport { logs: logs.collect(), unreadable, key })
}

/// The key that the instances over a store sign with; none where there is none yet.
///
/// # Errors
/// What AWS says.
pub async fn public_key(catalog: &Catalog) -> Result<Option<PublicKey>, CatalogError> {
    let Some(seed) = catalog.existing_secret(SECRET).await? else { return Ok(None) };
    let key = SigningKey::from_seed(&seed).map_err(|error| CatalogError::Unreadable {
        what: "secret",
        id: SECRET.to_owned(),
        detail: error.to_string(),
    })?;
    Ok(Some(key.public()))
}

/// A checkpoint as it is compared. What cannot be decoded does not lead to any root.
fn segment(kept: &KeptCheckpoint) -> Segment {
    Segment {
        from: kept.from,
        peaks: hashes(&kept.peaks),
        leaves: hashes(&kept.leaves),
        note: kept.note.clone(),
    }
}

fn hashes(encoded: &str) -> Vec<Hash> {
    let bytes = STANDARD.decode(encoded).unwrap_or_default();
    bytes.chunks(32).filter_map(|chunk| Hash::try_from(chunk).ok()).collect()
}
