//! `patchline audit verify`: compares everything in the audit log with its signed checkpoints, with the copies of it
//! in the bucket, and with the lines of the audit log group.

mod group;

use super::aws::{AwsClients, Embedded};
use super::catalog::audit::KeptCheckpoint;
use super::catalog::{Catalog, CatalogError};
use super::config::Config;
use super::sealing::{
    self, CheckpointCopy, CopiedRecord, GroupLine, Horizon, Line, LogReport, PublicKey, ToldRecord,
};
use crate::model::audit::instance_of;
use group::Group;
use jiff::{SignedDuration, Timestamp};
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
    /// What is known of the audit log group; none where calls leave no lines.
    pub group: Option<GroupReport>,
}

/// What came of reading the audit log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupReport {
    /// Its name.
    pub name: String,
    /// How many lines tell of records.
    pub lines: u64,
    /// How many lines of calls tell of none: of an older version, or of records that were lost.
    pub without_record: u64,
    /// Why the lines could not be compared.
    pub problem: Option<String>,
}

impl AuditReport {
    /// How many things do not fit.
    pub fn problems(&self) -> usize {
        let of_group = self.group.as_ref().is_some_and(|group| group.problem.is_some());
        let of_logs = self.logs.iter().map(|log| log.problems.len()).sum::<usize>();
        of_logs + self.unreadable.len() + usize::from(of_group)
    }
}

/// What is known of a log.
#[derive(Default)]
struct Parts {
    checkpoints: Vec<KeptCheckpoint>,
    copies: Vec<CheckpointCopy>,
    copied_records: Vec<CopiedRecord>,
    lines: Vec<Line>,
    told: Vec<ToldRecord>,
    group_lines: Vec<GroupLine>,
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
                let parts = logs.entry(log).or_default();
                parts.lines.push(Line::from(&record));
                if catalog.audit_has_lines {
                    parts.told.push(ToldRecord::from(&record));
                }
            }
            Err(name) => unreadable.push(name),
        })
        .await?;
    // The lines last: the records of those from before are there by then.
    let (group, horizon) = Box::pin(add_lines(catalog, &mut logs, &mut unreadable, now)).await;
    let logs = logs.into_iter().map(|(log, parts)| {
        let Parts { mut checkpoints, copies, copied_records, lines, told, group_lines } = parts;
        checkpoints.sort_by(|one, other| one.id.cmp(&other.id));
        let segments: Vec<_> = checkpoints.iter().map(KeptCheckpoint::segment).collect();
        // Without a key nothing was ever signed here; a checkpoint that is there all the same is not believed.
        let key = key.unwrap_or_default();
        let report = sealing::examine(&log, &segments, &copies, &lines, &key, now);
        let report = sealing::compare_records(report, &copied_records, &lines, now);
        match horizon {
            Some(horizon) => sealing::compare_lines(report, &group_lines, &told, &segments, horizon),
            None => report,
        }
    });
    Ok(AuditReport { logs: logs.collect(), unreadable, key, group })
}

/// Adds what stands in the audit log group to what is known of each log. Answers with what is said of the group,
/// and from when on lines and records have to be there; none where the lines cannot be compared.
async fn add_lines(
    catalog: &Catalog,
    logs: &mut BTreeMap<String, Parts>,
    unreadable: &mut Vec<String>,
    now: Timestamp,
) -> (Option<GroupReport>, Option<Horizon>) {
    if !catalog.audit_has_lines {
        return (None, None);
    }
    let name = catalog.monitoring.audit_group.clone();
    let mut report = GroupReport { name, lines: 0, without_record: 0, problem: None };
    let group = match Group::read(&catalog.aws, &report.name, now).await {
        Ok(group) => group,
        Err(failure) => {
            report.problem = Some(format!("its lines cannot be read: {failure}"));
            return (Some(report), None);
        }
    };
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let Group { of_logs, without_record, unreadable: not_read, since } = group;
    let Some(lines_since) = since else {
        let is_missed = logs.values().flat_map(|parts| &parts.told).any(|record| record.has_line);
        report.problem = is_missed.then(|| "there is no such log group: removed, or never made".to_owned());
        return (Some(report), None);
    };
    report.lines = count(of_logs.values().map(Vec::len).sum());
    report.without_record = count(without_record.len());
    unreadable.extend(not_read);
    for (log, lines) in of_logs {
        logs.entry(log).or_default().group_lines = lines;
    }
    for record in logs.values_mut().flat_map(|parts| &mut parts.told) {
        // Its line is there, and tells nothing of it.
        record.has_line &= !without_record.contains(&record.request_id);
    }
    // Those of reads go first.
    let kept = SignedDuration::from_hours(i64::from(catalog.audit_retention.reads) * 24);
    let records = now.checked_sub(kept).unwrap_or(Timestamp::MIN);
    (Some(report), Some(Horizon { now, records, lines: lines_since }))
}
