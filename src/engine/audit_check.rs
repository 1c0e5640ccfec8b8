//! `patchline audit verify`: compares everything in the audit log with its signed checkpoints.

use super::aws::{AwsClients, Embedded};
use super::catalog::audit::KeptCheckpoint;
use super::catalog::{Catalog, CatalogError};
use super::config::Config;
use super::sealing::{self, CheckpointCopy, CopiedRecord, Line, LogReport, PublicKey};
use crate::model::audit::instance_of;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What came of checking everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Each log that has records or checkpoints.
    pub logs: Vec<LogReport>,
    /// The names of items that cannot be read as records or checkpoints.
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
    copies: Vec<CheckpointCopy>,
    copied_records: Vec<CopiedRecord>,
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
        None => catalog.audit_key().await?,
    };
    let mut logs = BTreeMap::<String, Parts>::new();
    // What is written from now on is left for the next time.
    let now = Timestamp::now();
    // Copies first, then checkpoints: what they cover is there by then.
    for copy in catalog.checkpoint_copies().await? {
        logs.entry(copy.log.clone()).or_default().copies.push(copy);
    }
    let mut unreadable = Vec::new();
    catalog
        .for_each_copied_record(|copied| match copied {
            Ok((log, copied)) => logs.entry(log).or_default().copied_records.push(copied),
            Err(name) => unreadable.push(name),
        })
        .await?;
    catalog
        .for_each_checkpoint(|checkpoint| match checkpoint {
            Ok(checkpoint) => {
                let log = checkpoint.instance().to_owned();
                logs.entry(log).or_default().checkpoints.push(checkpoint);
            }
            Err(name) => unreadable.push(name),
        })
        .await?;
    catalog
        .for_each_audit_record(|record| match record {
            Ok(record) => {
                let log = instance_of(&record.log_hour).to_owned();
                logs.entry(log).or_default().lines.push(Line::from(&record));
            }
            Err(name) => unreadable.push(name),
        })
        .await?;
    let logs = logs.into_iter().map(|(log, parts)| {
        let Parts { mut checkpoints, copies, copied_records, lines } = parts;
        checkpoints.sort_by(|one, other| one.id.cmp(&other.id));
        let segments: Vec<_> = checkpoints.iter().map(KeptCheckpoint::segment).collect();
        // Without a key nothing was ever signed here; a checkpoint that is there all the same is not believed.
        let key = key.unwrap_or_default();
        let report = sealing::examine(&log, &segments, &copies, &lines, &key, now);
        sealing::compare_records(report, &copied_records, &lines, now)
    });
    Ok(AuditReport { logs: logs.collect(), unreadable, key })
}
