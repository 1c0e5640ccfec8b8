//! Buckets: made, listed, configured and deleted.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::blobs::BlobId;
use super::cors::CorsRule;
use super::index::unnamed;
use super::{Store, StoreError, time};

/// Whether a bucket keeps former versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versioning {
    /// Was never asked to: versions have no ids.
    Never,
    /// Keeps each version under an id of its own.
    Enabled,
    /// Keeps the versions it has, and overwrites the one with the id `null`.
    Suspended,
}

impl Versioning {
    fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Enabled => "enabled",
            Self::Suspended => "suspended",
        }
    }

    fn from_name(name: &str) -> Result<Self, StoreError> {
        [Self::Never, Self::Enabled, Self::Suspended]
            .into_iter()
            .find(|versioning| versioning.name() == name)
            .ok_or_else(|| StoreError::Damaged(format!("versioning {name}")))
    }

    /// A version id as clients get to see it: not at all in a bucket without versioning.
    pub(crate) fn shown(self, version_id: &str) -> Option<String> {
        (self != Self::Never).then(|| version_id.to_owned())
    }
}

/// A bucket in a listing.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    /// Its name.
    pub(crate) name: String,
    /// When it was made.
    pub(crate) created: Timestamp,
}

impl Store {
    /// Makes an empty bucket without versioning.
    pub(crate) fn create_bucket(&self, name: &str) -> Result<(), StoreError> {
        self.index.write(|transaction| {
            let sql = "INSERT INTO buckets (name, created, versioning) VALUES (?1, ?2, ?3) \
                       ON CONFLICT DO NOTHING";
            let values = params![name, Timestamp::now().as_millisecond(), Versioning::Never.name()];
            match transaction.execute(sql, values)? {
                0 => Err(StoreError::BucketExists),
                _ => Ok(()),
            }
        })
    }

    /// Deletes a bucket that holds no version, and the unfinished uploads in it.
    pub(crate) fn delete_bucket(&self, name: &str) -> Result<(), StoreError> {
        let released = self.index.write(|transaction| {
            versioning(transaction, name)?;
            let sql = "SELECT 1 FROM versions WHERE bucket = ?1 LIMIT 1";
            if transaction.query_row(sql, params![name], |_| Ok(())).optional()?.is_some() {
                return Err(StoreError::BucketNotEmpty);
            }
            let sql = "SELECT blob FROM parts JOIN uploads ON id = upload WHERE bucket = ?1";
            let blobs: Vec<BlobId> = transaction
                .prepare(sql)?
                .query_map(params![name], |row| Ok(BlobId::from_index(row.get(0)?)))?
                .collect::<Result<_, _>>()?;
            transaction.execute("DELETE FROM uploads WHERE bucket = ?1", params![name])?;
            transaction.execute("DELETE FROM buckets WHERE name = ?1", params![name])?;
            unnamed(transaction, blobs)
        })?;
        self.remove_blobs(&released);
        Ok(())
    }

    /// The buckets whose name begins with `prefix` and comes after `after`, in order of their names.
    pub(crate) fn list_buckets(
        &self,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Bucket>, StoreError> {
        self.index.read(|transaction| {
            let sql = "SELECT name, created FROM buckets \
                       WHERE name > ?1 AND substr(name, 1, length(?2)) = ?2 ORDER BY name LIMIT ?3";
            let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            let mut statement = transaction.prepare_cached(sql)?;
            let rows = statement.query_map(params![after, prefix, limit], read)?;
            rows.map(|row| {
                let (name, created) = row?;
                Ok(Bucket { name, created: time(created)? })
            })
            .collect()
        })
    }

    /// Whether the bucket keeps versions; an error when there is no such bucket.
    pub(crate) fn versioning(&self, bucket: &str) -> Result<Versioning, StoreError> {
        self.index.read(|transaction| versioning(transaction, bucket))
    }

    /// Turns versioning on or suspends it. Once on, it can only be suspended.
    pub(crate) fn set_versioning(&self, bucket: &str, to: Versioning) -> Result<(), StoreError> {
        self.index.write(|transaction| {
            let sql = "UPDATE buckets SET versioning = ?2 WHERE name = ?1";
            match transaction.execute(sql, params![bucket, to.name()])? {
                0 => Err(StoreError::NoSuchBucket),
                _ => Ok(()),
            }
        })
    }

    /// The rules by which pages of other origins may use the bucket; none when there are no rules.
    pub(crate) fn cors(&self, bucket: &str) -> Result<Option<Vec<CorsRule>>, StoreError> {
        self.index.read(|transaction| {
            let sql = "SELECT cors FROM buckets WHERE name = ?1";
            let rules: Option<Option<String>> =
                transaction.prepare_cached(sql)?.query_row(params![bucket], |row| row.get(0)).optional()?;
            let rules = rules.ok_or(StoreError::NoSuchBucket)?;
            Ok(rules.map(|json| serde_json::from_str(&json)).transpose()?)
        })
    }

    /// Replaces or removes those rules.
    pub(crate) fn set_cors(&self, bucket: &str, rules: Option<&[CorsRule]>) -> Result<(), StoreError> {
        let json = rules.map(serde_json::to_string).transpose()?;
        self.index.write(|transaction| {
            let sql = "UPDATE buckets SET cors = ?2 WHERE name = ?1";
            match transaction.execute(sql, params![bucket, json])? {
                0 => Err(StoreError::NoSuchBucket),
                _ => Ok(()),
            }
        })
    }
}

/// Whether the bucket keeps versions; an error when there is no such bucket.
pub(super) fn versioning(transaction: &Transaction<'_>, bucket: &str) -> Result<Versioning, StoreError> {
    let sql = "SELECT versioning FROM buckets WHERE name = ?1";
    let name: Option<String> =
        transaction.prepare_cached(sql)?.query_row(params![bucket], |row| row.get(0)).optional()?;
    Versioning::from_name(&name.ok_or(StoreError::NoSuchBucket)?)
}
