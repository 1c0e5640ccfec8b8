//! Lists objects, versions and unfinished uploads.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, ToSql, Transaction, params};

use super::buckets::versioning;
use super::checksums::{Algorithm, Checksum, ChecksumKind};
use super::paging::{Bound, Listed, Page, PageRequest, Position, collect};
use super::{Store, StoreError, multipart, time};

/// Where a page of objects or versions begins; versions of a key are told apart by their number.
pub(crate) type VersionPosition = Position<i64>;
/// Where a page of uploads begins; uploads to a key are told apart by their ids.
pub(crate) type UploadPosition = Position<String>;

/// A version in a listing.
#[derive(Debug, Clone)]
pub(crate) struct ListedVersion {
    number: i64,
    /// Its key.
    pub(crate) key: String,
    /// Its id.
    pub(crate) version_id: String,
    /// Whether plain reads see it.
    pub(crate) latest: bool,
    /// Whether it is a delete marker.
    pub(crate) delete_marker: bool,
    /// When it was written.
    pub(crate) modified: Timestamp,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// Its `ETag`, without quotes.
    pub(crate) etag: String,
    /// Its checksum.
    pub(crate) checksum: Option<Checksum>,
}

impl Listed for ListedVersion {
    type Minor = i64;

    fn key(&self) -> &str {
        &self.key
    }

    fn minor(&self) -> i64 {
        self.number
    }
}

/// An unfinished upload in a listing.
#[derive(Debug, Clone)]
pub(crate) struct ListedUpload {
    /// Its key.
    pub(crate) key: String,
    /// Its id.
    pub(crate) id: String,
    /// When it was begun.
    pub(crate) initiated: Timestamp,
    /// The checksum of its parts.
    pub(crate) algorithm: Algorithm,
    /// The kind of checksum it will have.
    pub(crate) kind: ChecksumKind,
}

impl Listed for ListedUpload {
    type Minor = String;

    fn key(&self) -> &str {
        &self.key
    }

    fn minor(&self) -> String {
        self.id.clone()
    }
}

impl Store {
    /// The objects of a bucket: latest versions that are not delete markers.
    pub(crate) fn list_objects(
        &self,
        bucket: &str,
        request: &PageRequest<i64>,
    ) -> Result<Page<ListedVersion>, StoreError> {
        self.list(bucket, request, "latest = 1 AND delete_marker = 0 AND", "key")
    }

    /// All versions and delete markers of a bucket, the newest of each key first.
    pub(crate) fn list_versions(
        &self,
        bucket: &str,
        request: &PageRequest<i64>,
    ) -> Result<Page<ListedVersion>, StoreError> {
        self.list(bucket, request, "", "key, number DESC")
    }

    fn list(
        &self,
        bucket: &str,
        request: &PageRequest<i64>,
        filter: &str,
        order: &str,
    ) -> Result<Page<ListedVersion>, StoreError> {
        self.index.read(|transaction| {
            versioning(transaction, bucket)?;
            collect(request, |bound, rows| {
                let (condition, key, number) = match bound {
                    Bound::AtOrAfter(key) => ("key >= ?2", key, 0),
                    Bound::After(key) => ("key > ?2", key, 0),
                    Bound::Within(key, number) => ("(key > ?2 OR (key = ?2 AND number < ?3))", key, *number),
                };
                let sql = format!(
                    "SELECT number, key, version_id, latest, delete_marker, modified, size, etag, checksum \
                     FROM versions WHERE bucket = ?1 AND {filter} {condition} AND key >= ?2 \
                     ORDER BY {order} LIMIT ?4"
                );
                read_rows(transaction, &sql, params![bucket, key, number, rows], listed_version)
            })
        })
    }

    /// The unfinished uploads of a bucket.
    pub(crate) fn list_uploads(
        &self,
        bucket: &str,
        request: &PageRequest<String>,
    ) -> Result<Page<ListedUpload>, StoreError> {
        self.index.read(|transaction| {
            versioning(transaction, bucket)?;
            collect(request, |bound: &Bound<String>, rows| {
                let (condition, key, id) = match bound {
                    Bound::AtOrAfter(key) => ("key >= ?2", key, ""),
                    Bound::After(key) => ("key > ?2", key, ""),
                    Bound::Within(key, id) => ("(key > ?2 OR (key = ?2 AND id > ?3))", key, id.as_str()),
                };
                let sql = format!(
                    "SELECT key, id, initiated, algorithm, kind FROM uploads \
                     WHERE bucket = ?1 AND {condition} AND key >= ?2 ORDER BY key, id LIMIT ?4"
                );
                read_rows(transaction, &sql, params![bucket, key, id, rows], |row| {
                    Ok(ListedUpload {
                        key: row.get(0)?,
                        id: row.get(1)?,
                        initiated: time(row.get(2)?)?,
                        algorithm: multipart::algorithm_of(&row.get::<_, String>(3)?)?,
                        kind: multipart::kind_of(&row.get::<_, String>(4)?)?,
                    })
                })
            })
        })
    }

    /// The place of a version among those of its key, for the client that names it to go on from.
    pub(crate) fn number_of(
        &self,
        bucket: &str,
        key: &str,
        version_id: &str,
    ) -> Result<Option<i64>, StoreError> {
        self.index.read(|transaction| {
            let sql = "SELECT number FROM versions WHERE bucket = ?1 AND key = ?2 AND version_id = ?3";
            let values = params![bucket, key, version_id];
            Ok(transaction.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?)
        })
    }
}

fn listed_version(row: &Row<'_>) -> Result<ListedVersion, StoreError> {
    let checksum: Option<String> = row.get(8)?;
    Ok(ListedVersion {
        number: row.get(0)?,
        key: row.get(1)?,
        version_id: row.get(2)?,
        latest: row.get(3)?,
        delete_marker: row.get(4)?,
        modified: time(row.get(5)?)?,
        size: row.get(6)?,
        etag: row.get(7)?,
        checksum: checksum.map(|json| serde_json::from_str(&json)).transpose()?,
    })
}

/// Runs a query and reads all its rows.
pub(super) fn read_rows<T>(
    transaction: &Transaction<'_>,
    sql: &str,
    values: &[&dyn ToSql],
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = transaction.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}
