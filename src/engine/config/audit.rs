//! The audit log: where it is copied to, and for how long its records are kept.

use super::values::{Environment, boolean, number, wrong};
use super::{ConfigError, table};
use crate::model::audit::{READS_RETENTION_DAYS, Retention};

/// The longest time for which records of the audit log can be kept, in days.
const LONGEST_RETENTION_DAYS: u16 = 3650;

/// Whether records are copied, for which a bucket is needed.
pub(super) fn audit_copies_records(environment: &Environment<'_>) -> Result<bool, ConfigError> {
    let copies = environment.required(&table::AUDIT_COPIES_RECORDS, boolean)?;
    if copies && environment.text(&table::AUDIT_BUCKET).is_none() {
        let allowed = format!("it is of use only together with {}", table::AUDIT_BUCKET.name);
        return Err(wrong(&table::AUDIT_COPIES_RECORDS, "true", allowed));
    }
    Ok(copies)
}

/// A bucket that no tool reaches.
pub(super) fn audit_bucket(environment: &Environment<'_>) -> Result<Option<String>, ConfigError> {
    let others = environment.text(&table::BUCKETS).unwrap_or_default();
    environment.parse(&table::AUDIT_BUCKET, |name| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if !(3..=63).contains(&name.len()) || !name.chars().all(fits) {
            return Err("a bucket has 3 to 63 small letters, digits, points and hyphens".to_owned());
        }
        if others.split(',').any(|other| other.trim() == name) || name == super::KNOWLEDGE_BUCKET {
            return Err("a bucket of its own is needed, which no tool can write".to_owned());
        }
        Ok(name.to_owned())
    })
}

/// For how long records are kept, those of reads at most as long as the others.
pub(super) fn audit_retention(environment: &Environment<'_>) -> Result<Retention, ConfigError> {
    let all = environment.required(&table::AUDIT_RETENTION, number(1, LONGEST_RETENTION_DAYS))?;
    let reads = environment.parse(&table::AUDIT_READS_RETENTION, number(1, all))?;
    Ok(Retention { all, reads: reads.unwrap_or(READS_RETENTION_DAYS.min(all)) })
}
