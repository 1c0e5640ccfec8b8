//! The label's catalogue: repositories over DynamoDB and S3. Knows AWS, not who is asking.

mod account_changes;
mod acting_programs;
pub(crate) mod activity;
pub mod analytics;
pub mod artists;
pub(crate) mod asked_models;
mod attempts;
pub mod audit;
pub(crate) mod automation;
mod batch;
pub(crate) mod budgets;
mod checkpoint_copies;
mod condition;
pub(crate) mod contracts;
mod cursor;
mod erasure;
pub(crate) mod imports;
mod item;
mod item_page;
pub(crate) mod kept_calls;
mod keyed;
pub mod keys;
pub(crate) mod landed;
pub mod long_calls;
pub mod objects;
pub(crate) mod open_changes;
pub(crate) mod ownership;
mod record_copies;
pub(crate) mod recordings;
mod records;
pub mod releases;
pub mod roster;
pub mod schema;
mod secrets;
pub mod sessions;
mod settings;
mod shelves;
mod slots;
pub(crate) mod spending;
pub(crate) mod splits;
pub(crate) mod tasks;
pub(crate) mod uploads;
pub mod users;
pub mod versioned;
pub(crate) mod waivers;

pub(crate) use attempts::{Attempt, Pace};
pub use cursor::{Cursor, CursorError};
pub(crate) use cursor::{decode_token, encode_token};
pub use item_page::ItemPage;
pub use objects::{NewObject, ObjectBody, ObjectInfo, ObjectKey, ObjectKeyError};
pub(crate) use objects::{is_own_metadata, metadata_bytes};
pub(crate) use settings::Counted;

use super::aws::{AwsClients, AwsFailure};
use super::config::{Buckets, Config, Databases, Knowledge, Monitoring, TableRole, Tables};
use crate::model::audit::Retention;
use account_changes::AccountChanges;
use analytics::AnalyticsCache;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use tokio::sync::Notify;

/// All repositories of one process, with their caches. Every cache may vanish at any time.
#[derive(Debug)]
pub struct Catalog {
    pub(crate) aws: AwsClients,
    pub(crate) buckets: Buckets,
    pub(crate) tables: Tables,
    pub(crate) monitoring: Monitoring,
    pub(crate) databases: Databases,
    pub(crate) time_zone: TimeZone,
    pub(crate) knowledge: Knowledge,
    pub(crate) largest_audio: u64,
    pub(crate) largest_import: u64,
    /// Where files lie for as long as something is found out about them.
    pub(crate) temporary: PathBuf,
    /// Says in this process that a recording was stored.
    pub(crate) stored: Notify,
    /// Counts the changes of accounts, keys and sessions by this process.
    pub(crate) account_changes: AccountChanges,
    /// Where checkpoints of the audit log are copied to.
    audit_bucket: Option<String>,
    audit_copies_records: bool,
    /// Whether each call leaves a line in the audit log group.
    pub(crate) audit_has_lines: bool,
    /// For how long records of the audit log are kept.
    pub(crate) audit_retention: Retention,
    analytics_cache: AnalyticsCache,
    lists: releases::ListCaches,
    roster: roster::RosterCache,
    shelves: shelves::ShelfCache,
}

/// Why the catalogue could not answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CatalogError {
    /// There is no such thing.
    #[error("there is no {what} {id:?}")]
    NotFound {
        /// What was looked for: `artist`, `release`, `file`.
        what: &'static str,
        /// Its id or key.
        id: String,
    },
    /// Somebody changed or made the thing meanwhile.
    #[error("the {what} {id:?} has been changed by somebody else")]
    Conflict {
        /// What was to be changed.
        what: &'static str,
        /// Its id or key.
        id: String,
        /// The version that is stored now, where known.
        current: Option<u32>,
    },
    /// The record that was to be changed has no version, so a change by somebody else would go unseen.
    #[error("the {what} {id:?} has no version")]
    WithoutVersion {
        /// What was to be changed.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The range of bytes that was asked for does not lie in the file.
    #[error("the file {id:?} has {bytes} bytes; the range that was asked for is not in it")]
    OutsideFile {
        /// Its bucket and key.
        id: String,
        /// Its size.
        bytes: u64,
    },
    /// A stored record does not have the shape it must have.
    #[error("the {what} {id:?} is stored in a form that cannot be read: {detail}")]
    Unreadable {
        /// What was read.
        what: &'static str,
        /// Its id or key.
        id: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A stream ended before the file did, or stood still for too long. Nothing was stored.
    #[error("the upload broke off: {detail}")]
    BrokenOff {
        /// How.
        detail: String,
    },
    /// A stream had more bytes than a file may have. Nothing was stored.
    #[error("the file is larger than {most_bytes} bytes")]
    TooLarge {
        /// How many it may have.
        most_bytes: u64,
    },
    /// AWS did not do what was asked.
    #[error(transparent)]
    Aws(#[from] AwsFailure),
}

impl Catalog {
    /// A catalogue over these clients.
    pub fn new(aws: AwsClients, config: &Config) -> Self {
        Self {
            aws,
            buckets: config.buckets.clone(),
            tables: config.tables.clone(),
            monitoring: config.monitoring.clone(),
            // Else nothing reaches one, whatever is configured.
            databases: if config.reads_databases() { config.databases.clone() } else { Databases::default() },
            time_zone: config.time_zone.clone(),
            knowledge: config.knowledge(),
            largest_audio: objects::MAX_AUDIO_BYTES,
            largest_import: objects::MAX_IMPORT_BYTES,
            temporary: temporary(config),
            stored: Notify::new(),
            account_changes: AccountChanges::default(),
            audit_bucket: config.audit_bucket.clone(),
            audit_copies_records: config.audit_copies_records,
            audit_has_lines: config.audit && config.servers.cloudwatch,
            audit_retention: config.audit_retention,
            analytics_cache: AnalyticsCache::default(),
            lists: releases::ListCaches::default(),
            roster: roster::RosterCache::default(),
            shelves: shelves::ShelfCache::default(),
        }
    }

    /// The same with another limit for audio that comes as a stream, which a test can reach sooner.
    #[must_use]
    pub fn with_largest_audio(self, bytes: u64) -> Self {
        Self { largest_audio: bytes, ..self }
    }

    /// The same with another limit for files that are imported, which a test can reach sooner.
    #[must_use]
    pub fn with_largest_import(self, bytes: u64) -> Self {
        Self { largest_import: bytes, ..self }
    }

    /// The default table for a purpose.
    pub fn table(&self, role: TableRole) -> &str {
        self.tables.default_of(role)
    }
}

/// Below the folder of the embedded AWS; with a real account the system's folder, which `TMPDIR` names.
fn temporary(config: &Config) -> PathBuf {
    config.embedded.as_ref().map_or_else(std::env::temp_dir, |mode| mode.data_dir.join("tmp"))
}
