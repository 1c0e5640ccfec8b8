//! One version of an object as the index keeps it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::blobs::BlobId;
use super::buckets::Versioning;
use super::checksums::Checksum;
use super::{StoreError, time};

/// The id of the version that is overwritten while versioning is not enabled.
pub(super) const NULL_VERSION: &str = "null";

/// Tags by their keys.
pub(crate) type Tags = BTreeMap<String, String>;

/// The headers that travel with an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Attributes {
    /// `Content-Type`
    pub(crate) content_type: Option<String>,
    /// `Cache-Control`
    pub(crate) cache_control: Option<String>,
    /// `Content-Disposition`
    pub(crate) content_disposition: Option<String>,
    /// `Content-Encoding`
    pub(crate) content_encoding: Option<String>,
    /// `Content-Language`
    pub(crate) content_language: Option<String>,
    /// `Expires`
    pub(crate) expires: Option<Timestamp>,
    /// `x-amz-meta-…`, without that prefix.
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A version of an object, or a delete marker.
#[expect(clippy::struct_field_names, reason = "the version id is what S3 calls it")]
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// Its place in the order of all versions; higher is newer.
    pub(super) number: i64,
    /// Its key.
    pub(crate) key: String,
    /// Its id, `null` when it was written while versioning was not enabled.
    pub(crate) version_id: String,
    /// Whether it is the one that plain reads see.
    pub(crate) latest: bool,
    /// Whether it says that the object is deleted, and has no content.
    pub(crate) delete_marker: bool,
    /// When it was written.
    pub(crate) modified: Timestamp,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// Its `ETag`, without quotes.
    pub(crate) etag: String,
    pub(super) blob: Option<BlobId>,
    /// Its headers.
    pub(crate) attributes: Attributes,
    /// Its checksum.
    pub(crate) checksum: Option<Checksum>,
    /// The sizes of its parts in bytes; empty when it was uploaded in one piece.
    pub(crate) part_sizes: Vec<u64>,
    /// Its tags.
    pub(crate) tags: Tags,
}

/// What is written as a new version.
pub(super) struct NewVersion<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) size: u64,
    pub(super) etag: &'a str,
    /// None makes a delete marker.
    pub(super) blob: Option<&'a BlobId>,
    pub(super) attributes: &'a Attributes,
    pub(super) checksum: Option<&'a Checksum>,
    pub(super) part_sizes: &'a [u64],
    pub(super) tags: &'a Tags,
}

pub(super) const COLUMNS: &str = "number, key, version_id, latest, delete_marker, modified, size, etag, \
                                  blob, attributes, checksum, part_sizes, tags";

impl Version {
    /// Reads the [`COLUMNS`] of a row.
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let attributes: String = row.get(9)?;
        let checksum: Option<String> = row.get(10)?;
        let part_sizes: String = row.get(11)?;
        let tags: String = row.get(12)?;
        Ok(Self {
            number: row.get(0)?,
            key: row.get(1)?,
            version_id: row.get(2)?,
            latest: row.get(3)?,
            delete_marker: row.get(4)?,
            modified: time(row.get(5)?)?,
            size: row.get(6)?,
            etag: row.get(7)?,
            blob: row.get::<_, Option<String>>(8)?.map(BlobId::from_index),
            attributes: serde_json::from_str(&attributes)?,
            checksum: checksum.map(|json| serde_json::from_str(&json)).transpose()?,
            part_sizes: serde_json::from_str(&part_sizes)?,
            tags: serde_json::from_str(&tags)?,
        })
    }

    /// The range of bytes that a part of the object has; parts count from 1, and an object uploaded
    /// in one piece is its own part 1.
    pub(crate) fn part_range(&self, part: u32) -> Option<std::ops::Range<u64>> {
        let index = usize::try_from(part).ok()?.checked_sub(1)?;
        if self.part_sizes.is_empty() {
            return (index == 0).then_some(0..self.size);
        }
        let size = self.part_sizes.get(index)?;
        let start: u64 = self.part_sizes[..index].iter().sum();
        Some(start..start + size)
    }
}

/// The version that plain reads see, be it a delete marker.
pub(super) fn latest(
    transaction: &Transaction<'_>,
    bucket: &str,
    key: &str,
) -> Result<Option<Version>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM versions WHERE bucket = ?1 AND key = ?2 AND latest = 1");
    let mut statement = transaction.prepare_cached(&sql)?;
    statement.query_row(params![bucket, key], |row| Ok(Version::from_row(row))).optional()?.transpose()
}

/// The version with that id, be it a delete marker.
pub(super) fn by_id(
    transaction: &Transaction<'_>,
    bucket: &str,
    key: &str,
    version_id: &str,
) -> Result<Option<Version>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM versions WHERE bucket = ?1 AND key = ?2 AND version_id = ?3");
    let mut statement = transaction.prepare_cached(&sql)?;
    let values = params![bucket, key, version_id];
    statement.query_row(values, |row| Ok(Version::from_row(row))).optional()?.transpose()
}

/// Writes a version that becomes the latest, in place of the `null` version unless versioning is
/// enabled. Returns its id, and the blob that lost its name.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    versioning: Versioning,
    new: &NewVersion<'_>,
) -> Result<(String, Option<BlobId>), StoreError> {
    let (version_id, replaced) = if versioning == Versioning::Enabled {
        (ulid::Ulid::new().to_string(), None)
    } else {
        let replaced = by_id(transaction, new.bucket, new.key, NULL_VERSION)?;
        if let Some(replaced) = &replaced {
            transaction.execute("DELETE FROM versions WHERE number = ?1", params![replaced.number])?;
        }
        (NULL_VERSION.to_owned(), replaced.and_then(|version| version.blob))
    };
    transaction
        .prepare_cached("UPDATE versions SET latest = 0 WHERE bucket = ?1 AND key = ?2 AND latest = 1")?
        .execute(params![new.bucket, new.key])?;
    let sql = "INSERT INTO versions (bucket, key, version_id, latest, delete_marker, modified, size, etag, \
               blob, attributes, checksum, part_sizes, tags) \
               VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    transaction.prepare_cached(sql)?.execute(params![
        new.bucket,
        new.key,
        version_id,
        new.blob.is_none(),
        Timestamp::now().as_millisecond(),
        new.size,
        new.etag,
        new.blob.map(BlobId::as_str),
        serde_json::to_string(new.attributes)?,
        new.checksum.map(serde_json::to_string).transpose()?,
        serde_json::to_string(new.part_sizes)?,
        serde_json::to_string(new.tags)?,
    ])?;
    Ok((version_id, replaced))
}

/// Removes a version for good; the newest that remains becomes the latest.
pub(super) fn remove(
    transaction: &Transaction<'_>,
    bucket: &str,
    version: &Version,
) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM versions WHERE number = ?1", params![version.number])?;
    if version.latest {
        let sql = "UPDATE versions SET latest = 1 WHERE number = \
                   (SELECT max(number) FROM versions WHERE bucket = ?1 AND key = ?2)";
        transaction.execute(sql, params![bucket, version.key])?;
    }
    Ok(())
}
