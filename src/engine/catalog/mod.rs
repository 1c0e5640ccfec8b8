//! The label's catalogue: repositories over DynamoDB and S3. Knows AWS, not who is asking.

pub mod analytics;
pub mod artists;
mod batch;
mod cursor;
mod item;
mod item_page;
pub mod objects;
pub mod releases;
pub mod roster;
pub mod schema;
mod settings;

pub(crate) use batch::BATCH;
pub use cursor::{Cursor, CursorError};
pub(crate) use cursor::{decode_token, encode_token};
pub use item_page::ItemPage;
pub use objects::{NewObject, ObjectBody, ObjectInfo, ObjectKey, ObjectKeyError};

use super::aws::{AwsClients, AwsFailure};
use super::config::{Buckets, Config, Databases, Monitoring, TableRole, Tables};
use super::knowledge::Settings;
use analytics::AnalyticsCache;
use jiff::tz::TimeZone;

/// All repositories of one process, with their caches. Every cache may vanish at any time.
#[derive(Debug)]
pub struct Catalog {
    pub(crate) aws: AwsClients,
    pub(crate) buckets: Buckets,
    pub(crate) tables: Tables,
    pub(crate) monitoring: Monitoring,
    pub(crate) databases: Databases,
    pub(crate) time_zone: TimeZone,
    pub(crate) knowledge: Settings,
    analytics_cache: AnalyticsCache,
    lists: releases::ListCaches,
    roster: roster::RosterCache,
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
            databases: config.databases.clone(),
            time_zone: config.time_zone.clone(),
            knowledge: Settings::new(config),
            analytics_cache: AnalyticsCache::default(),
            lists: releases::ListCaches::default(),
            roster: roster::RosterCache::default(),
        }
    }

    /// The default table for a purpose.
    pub fn table(&self, role: TableRole) -> &str {
        self.tables.default_of(role)
    }
}
