//! Objects: put, read, copied, deleted and tagged.

use std::fs::File;
use std::io;

use rusqlite::{Transaction, params};

use super::blobs::BlobId;
use super::buckets::{Versioning, versioning};
use super::checksums::Checksum;
use super::index::unnamed;
use super::versions::{self, Attributes, NewVersion, Tags, Version};
use super::{Received, Store, StoreError};

/// How often a read starts again because the version it found was overwritten before its file was
/// opened.
const READ_ATTEMPTS: usize = 16;

/// A key in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectName {
    /// The bucket.
    pub(crate) bucket: String,
    /// The key.
    pub(crate) key: String,
}

/// Under what condition a write takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Always.
    None,
    /// Only when there is no such object: `If-None-Match: *`.
    Absent,
    /// Only over some object: `If-Match: *`.
    Present,
    /// Only over the object with that `ETag`: `If-Match`.
    Etag(String),
}

impl Precondition {
    /// Checks against what plain reads see.
    pub(super) fn check(&self, current: Option<&Version>) -> Result<(), StoreError> {
        let current = current.filter(|version| !version.delete_marker);
        match (self, current) {
            (Self::None, _) | (Self::Absent, None) | (Self::Present, Some(_)) => Ok(()),
            (Self::Present | Self::Etag(_), None) => Err(StoreError::NoSuchKey { hidden_by: None }),
            (Self::Etag(etag), Some(version)) if version.etag == *etag => Ok(()),
            (Self::Absent | Self::Etag(_), Some(_)) => Err(StoreError::PreconditionFailed),
        }
    }
}

/// What a copy becomes, and under what condition.
#[derive(Debug)]
pub(crate) struct CopyAs<'a> {
    /// Its headers and metadata.
    pub(crate) attributes: &'a Attributes,
    /// Its tags.
    pub(crate) tags: &'a Tags,
    /// Its checksum.
    pub(crate) checksum: Option<&'a Checksum>,
    /// What has to be at its place.
    pub(crate) precondition: &'a Precondition,
}

/// What a write made.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The `ETag`, without quotes.
    pub(crate) etag: String,
    /// The version id, in a bucket that has versions.
    pub(crate) version_id: Option<String>,
    /// The checksum.
    pub(crate) checksum: Option<Checksum>,
}

/// What a copy made, and from what.
#[derive(Debug, Clone)]
pub(crate) struct Copied {
    /// The new version.
    pub(crate) written: Written,
    /// When it was written.
    pub(crate) modified: jiff::Timestamp,
    /// The version id of the source, in a bucket that has versions.
    pub(crate) source_version_id: Option<String>,
}

/// What a deletion did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deleted {
    /// Whether a delete marker was made or removed.
    pub(crate) delete_marker: bool,
    /// The version removed, or the delete marker made.
    pub(crate) version_id: Option<String>,
}

impl Store {
    /// Stores content that has arrived as a new version of an object.
    pub(crate) fn put(
        &self,
        name: &ObjectName,
        received: Received,
        attributes: &Attributes,
        tags: &Tags,
        precondition: &Precondition,
    ) -> Result<Written, StoreError> {
        let etag = received.hashes.etag();
        let blob = self.blobs.keep(received.incoming)?;
        let new = NewVersion {
            bucket: &name.bucket,
            key: &name.key,
            size: received.size,
            etag: &etag,
            blob: Some(&blob),
            attributes,
            checksum: Some(&received.hashes.checksum),
            part_sizes: &[],
            tags,
        };
        let written = self.index.write(|transaction| write_version(transaction, &new, precondition));
        self.settle(&blob, written)
    }

    /// Removes the blobs that a write made superfluous: its own when it failed.
    pub(super) fn settle(
        &self,
        own: &BlobId,
        written: Result<(Written, Vec<BlobId>), StoreError>,
    ) -> Result<Written, StoreError> {
        match written {
            Ok((written, released)) => {
                self.remove_blobs(&released);
                Ok(written)
            }
            Err(error) => {
                self.blobs.remove(own);
                Err(error)
            }
        }
    }

    /// The version with that id, or the one that plain reads see.
    pub(crate) fn head(
        &self,
        name: &ObjectName,
        version_id: Option<&str>,
    ) -> Result<(Version, Versioning), StoreError> {
        self.index.read(|transaction| {
            let versioning = versioning(transaction, &name.bucket)?;
            Ok((find(transaction, name, version_id)?, versioning))
        })
    }

    /// The same with its content, which stays readable when the version is deleted meanwhile.
    pub(crate) fn open_object(
        &self,
        name: &ObjectName,
        version_id: Option<&str>,
    ) -> Result<(Version, Versioning, File), StoreError> {
        for _ in 0..READ_ATTEMPTS {
            let (version, versioning) = self.head(name, version_id)?;
            match self.blobs.read(blob_of(&version)?) {
                Ok(file) => return Ok((version, versioning, file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Damaged(format!("the content of {}/{} is missing", name.bucket, name.key)))
    }

    /// Makes a copy of a version that [`Store::head`] found. Both share their content.
    pub(crate) fn copy(
        &self,
        source: &ObjectName,
        version: &Version,
        target: &ObjectName,
        wanted: &CopyAs<'_>,
    ) -> Result<Copied, StoreError> {
        let (copied, released) = self.index.write(|transaction| {
            let source_versioning = versioning(transaction, &source.bucket)?;
            let current = find(transaction, source, Some(&version.version_id))?;
            if current.number != version.number {
                return Err(StoreError::NoSuchKey { hidden_by: None });
            }
            let new = NewVersion {
                bucket: &target.bucket,
                key: &target.key,
                size: version.size,
                etag: &version.etag,
                blob: Some(blob_of(version)?),
                attributes: wanted.attributes,
                checksum: wanted.checksum,
                part_sizes: &version.part_sizes,
                tags: wanted.tags,
            };
            let (written, released) = write_version(transaction, &new, wanted.precondition)?;
            let modified = versions::latest(transaction, &target.bucket, &target.key)?
                .map_or_else(jiff::Timestamp::now, |version| version.modified);
            let source_version_id = source_versioning.shown(&version.version_id);
            Ok((Copied { written, modified, source_version_id }, released))
        })?;
        self.remove_blobs(&released);
        Ok(copied)
    }

    /// Deletes a version for good or, without an id, the object: for good when the bucket has no
    /// versions, else by a delete marker on top of them.
    pub(crate) fn delete(
        &self,
        name: &ObjectName,
        version_id: Option<&str>,
        precondition: &Precondition,
    ) -> Result<Deleted, StoreError> {
        let (deleted, released) = self.index.write(|transaction| {
            let (deleted, released) = delete(transaction, name, version_id, precondition)?;
            Ok((deleted, unnamed(transaction, released)?))
        })?;
        self.remove_blobs(&released);
        Ok(deleted)
    }

    /// Deletes many at once, each with its own result.
    pub(crate) fn delete_many(
        &self,
        objects: &[(ObjectName, Option<String>, Precondition)],
    ) -> Result<Vec<Result<Deleted, StoreError>>, StoreError> {
        let (results, released) = self.index.write(|transaction| {
            let mut results = Vec::with_capacity(objects.len());
            let mut released = Vec::new();
            for (name, version_id, precondition) in objects {
                match delete(transaction, name, version_id.as_deref(), precondition) {
                    Ok((deleted, blob)) => {
                        released.extend(blob);
                        results.push(Ok(deleted));
                    }
                    Err(error @ (StoreError::PreconditionFailed | StoreError::NoSuchKey { .. })) => {
                        results.push(Err(error));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok((results, unnamed(transaction, released)?))
        })?;
        self.remove_blobs(&released);
        Ok(results)
    }

    /// Replaces the tags of a version and returns its id, in a bucket that has versions.
    pub(crate) fn set_tags(
        &self,
        name: &ObjectName,
        version_id: Option<&str>,
        tags: &Tags,
    ) -> Result<Option<String>, StoreError> {
        let json = serde_json::to_string(tags)?;
        self.index.write(|transaction| {
            let versioning = versioning(transaction, &name.bucket)?;
            let version = find(transaction, name, version_id)?;
            let sql = "UPDATE versions SET tags = ?2 WHERE number = ?1";
            transaction.execute(sql, params![version.number, json])?;
            Ok(versioning.shown(&version.version_id))
        })
    }
}

fn blob_of(version: &Version) -> Result<&BlobId, StoreError> {
    version.blob.as_ref().ok_or(StoreError::IsDeleteMarker)
}

/// Writes a version under a condition. Returns it, and the blobs to remove after the commit.
pub(super) fn write_version(
    transaction: &Transaction<'_>,
    new: &NewVersion<'_>,
    precondition: &Precondition,
) -> Result<(Written, Vec<BlobId>), StoreError> {
    let versioning = versioning(transaction, new.bucket)?;
    precondition.check(versions::latest(transaction, new.bucket, new.key)?.as_ref())?;
    let (version_id, replaced) = versions::insert(transaction, versioning, new)?;
    let written = Written {
        etag: new.etag.to_owned(),
        version_id: versioning.shown(&version_id),
        checksum: new.checksum.cloned(),
    };
    Ok((written, unnamed(transaction, replaced)?))
}

/// The version to read. The bucket is known to exist.
fn find(
    transaction: &Transaction<'_>,
    name: &ObjectName,
    version_id: Option<&str>,
) -> Result<Version, StoreError> {
    let Some(version_id) = version_id else {
        return match versions::latest(transaction, &name.bucket, &name.key)? {
            Some(version) if version.delete_marker => {
                Err(StoreError::NoSuchKey { hidden_by: Some(version.version_id) })
            }
            Some(version) => Ok(version),
            None => Err(StoreError::NoSuchKey { hidden_by: None }),
        };
    };
    match versions::by_id(transaction, &name.bucket, &name.key, version_id)? {
        Some(version) if version.delete_marker => Err(StoreError::IsDeleteMarker),
        Some(version) => Ok(version),
        None => Err(StoreError::NoSuchVersion),
    }
}

fn delete(
    transaction: &Transaction<'_>,
    name: &ObjectName,
    version_id: Option<&str>,
    precondition: &Precondition,
) -> Result<(Deleted, Option<BlobId>), StoreError> {
    let versioning = versioning(transaction, &name.bucket)?;
    let (bucket, key) = (name.bucket.as_str(), name.key.as_str());
    precondition.check(versions::latest(transaction, bucket, key)?.as_ref())?;
    let to_remove = match (version_id, versioning) {
        (Some(id), _) => versions::by_id(transaction, bucket, key, id)?,
        (None, Versioning::Never) => versions::latest(transaction, bucket, key)?,
        (None, Versioning::Enabled | Versioning::Suspended) => {
            let marker = NewVersion {
                bucket,
                key,
                size: 0,
                etag: "",
                blob: None,
                attributes: &Attributes::default(),
                checksum: None,
                part_sizes: &[],
                tags: &Tags::new(),
            };
            let (version_id, replaced) = versions::insert(transaction, versioning, &marker)?;
            return Ok((Deleted { delete_marker: true, version_id: Some(version_id) }, replaced));
        }
    };
    // What is not there counts as deleted: deleting again must succeed.
    let Some(version) = to_remove else {
        return Ok((Deleted { delete_marker: false, version_id: version_id.map(str::to_owned) }, None));
    };
    versions::remove(transaction, bucket, &version)?;
    let deleted = Deleted {
        delete_marker: version.delete_marker,
        version_id: version_id.map(str::to_owned).or_else(|| versioning.shown(&version.version_id)),
    };
    Ok((deleted, version.blob))
}
