//! Multipart uploads: begun, filled part by part, completed or aborted.
//!
//! Each part is a blob of its own. Completion writes them one after the other into a new blob, so
//! that an object is always one file and any range of it one read.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::blobs::BlobId;
use super::buckets::versioning;
use super::checksums::{Algorithm, Checksum, ChecksumKind, multipart_checksum, multipart_etag};
use super::index::unnamed;
use super::listing::read_rows;
use super::objects::{ObjectName, Precondition, Written, write_version};
use super::versions::{Attributes, NewVersion, Tags};
use super::{Received, Store, StoreError, time};

/// The least size of all parts but the last, in bytes.
const MINIMUM_PART: u64 = 5 * 1024 * 1024;
/// The greatest size of an object, in bytes (50 TB since December 2025).
const MAXIMUM_OBJECT: u64 = 50 * 1024 * 1024 * 1024 * 1024;

/// An upload as its requests name it: all three must fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UploadName {
    /// Bucket and key.
    pub(crate) object: ObjectName,
    /// The id given when it was begun.
    pub(crate) id: String,
}

/// An unfinished upload.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// The headers of the object to be.
    pub(crate) attributes: Attributes,
    /// Its tags.
    pub(crate) tags: Tags,
    /// The checksum of parts and object.
    pub(crate) algorithm: Algorithm,
    /// What the checksum of the object covers.
    pub(crate) kind: ChecksumKind,
    /// Whether the client chose the algorithm, and must keep to it with every part.
    pub(crate) chosen: bool,
}

/// A part that was uploaded.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Its number, from 1.
    pub(crate) number: u16,
    /// When it was uploaded.
    pub(crate) modified: Timestamp,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// Its `ETag`, without quotes.
    pub(crate) etag: String,
    /// Its checksum.
    pub(crate) checksum: Checksum,
    /// The checksum of another algorithm that the client promised and that was verified.
    pub(crate) promised: Option<Checksum>,
    blob: BlobId,
}

/// A part as the client names it at completion.
#[derive(Debug, Clone)]
pub(crate) struct CompletedPart {
    /// Its number.
    pub(crate) number: u16,
    /// The `ETag` the client was given for it.
    pub(crate) etag: String,
    /// Its checksum, when the client says it.
    pub(crate) checksum: Option<(Algorithm, String)>,
}

/// How an upload is to be completed.
#[derive(Debug, Clone)]
pub(crate) struct Completion {
    /// The parts, in the order of their numbers.
    pub(crate) parts: Vec<CompletedPart>,
    /// Under what condition.
    pub(crate) precondition: Precondition,
    /// The checksum that the client expects of the object.
    pub(crate) checksum: Option<(Algorithm, String)>,
    /// The size that the client expects of the object.
    pub(crate) size: Option<u64>,
}

impl Store {
    /// Begins an upload and returns its id.
    pub(crate) fn create_upload(&self, object: &ObjectName, upload: &Upload) -> Result<String, StoreError> {
        let id = ulid::Ulid::new().to_string();
        self.index.write(|transaction| {
            versioning(transaction, &object.bucket)?;
            let sql = "INSERT INTO uploads (id, bucket, key, initiated, attributes, tags, algorithm, kind, \
                       chosen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
            transaction.execute(
                sql,
                params![
                    id,
                    object.bucket,
                    object.key,
                    Timestamp::now().as_millisecond(),
                    serde_json::to_string(&upload.attributes)?,
                    serde_json::to_string(&upload.tags)?,
                    upload.algorithm.name(),
                    kind_name(upload.kind),
                    upload.chosen,
                ],
            )?;
            Ok(())
        })?;
        Ok(id)
    }

    /// The upload of that name.
    pub(crate) fn upload(&self, name: &UploadName) -> Result<Upload, StoreError> {
        self.index.read(|transaction| find_upload(transaction, name))
    }

    /// Stores a part that has arrived, in place of a former one with its number.
    pub(crate) fn put_part(
        &self,
        name: &UploadName,
        number: u16,
        received: Received,
    ) -> Result<Part, StoreError> {
        let part = Part {
            number,
            modified: Timestamp::now(),
            size: received.size,
            etag: received.hashes.etag(),
            checksum: received.hashes.checksum,
            promised: received.hashes.other,
            blob: self.blobs.keep(received.incoming)?,
        };
        let written = self.index.write(|transaction| {
            find_upload(transaction, name)?;
            let sql = "SELECT blob FROM parts WHERE upload = ?1 AND number = ?2";
            let replaced: Option<String> =
                transaction.query_row(sql, params![name.id, number], |row| row.get(0)).optional()?;
            let sql = "INSERT OR REPLACE INTO parts (upload, number, modified, size, etag, checksum, promised, \
                       blob) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            transaction.execute(
                sql,
                params![
                    name.id,
                    number,
                    part.modified.as_millisecond(),
                    part.size,
                    part.etag,
                    serde_json::to_string(&part.checksum)?,
                    part.promised.as_ref().map(serde_json::to_string).transpose()?,
                    part.blob.as_str(),
                ],
            )?;
            unnamed(transaction, replaced.map(BlobId::from_index))
        });
        match written {
            Ok(released) => {
                self.remove_blobs(&released);
                Ok(part)
            }
            Err(error) => {
                self.blobs.remove(&part.blob);
                Err(error)
            }
        }
    }

    /// At most `limit` parts with numbers greater than `after`, in order.
    pub(crate) fn list_parts(
        &self,
        name: &UploadName,
        after: u32,
        limit: usize,
    ) -> Result<(Upload, Vec<Part>), StoreError> {
        self.index.read(|transaction| {
            Ok((find_upload(transaction, name)?, find_parts(transaction, name, after, limit)?))
        })
    }

    /// Ends an upload and removes its parts.
    pub(crate) fn abort_upload(&self, name: &UploadName) -> Result<(), StoreError> {
        let released = self.index.write(|transaction| {
            find_upload(transaction, name)?;
            let parts = find_parts(transaction, name, 0, usize::from(u16::MAX))?;
            transaction.execute("DELETE FROM uploads WHERE id = ?1", params![name.id])?;
            unnamed(transaction, parts.into_iter().map(|part| part.blob))
        })?;
        self.remove_blobs(&released);
        Ok(())
    }

    /// Makes an object of the parts.
    pub(crate) fn complete_upload(
        &self,
        name: &UploadName,
        completion: &Completion,
    ) -> Result<Written, StoreError> {
        let (upload, parts) = self.index.read(|transaction| {
            let upload = find_upload(transaction, name)?;
            let parts = find_parts(transaction, name, 0, usize::from(u16::MAX))?;
            Ok((upload, select_parts(parts, &completion.parts)?))
        })?;
        let assembled = Assembled::of(&upload, &parts)?;
        assembled.verify(completion)?;

        let mut incoming = self.blobs.create()?;
        for part in &parts {
            let copied = incoming.append(&mut self.blobs.read(&part.blob)?)?;
            if copied != part.size {
                return Err(StoreError::Damaged(format!("part {} of upload {}", part.number, name.id)));
            }
        }
        let blob = self.blobs.keep(incoming)?;
        let written = self.index.write(|transaction| {
            // Parts may have been replaced and the upload aborted while their content was copied.
            find_upload(transaction, name)?;
            let all = find_parts(transaction, name, 0, usize::from(u16::MAX))?;
            for part in &parts {
                if !all.iter().any(|now| now.number == part.number && now.blob == part.blob) {
                    return Err(StoreError::InvalidPart { number: part.number });
                }
            }
            let new = NewVersion {
                bucket: &name.object.bucket,
                key: &name.object.key,
                size: assembled.size,
                etag: &assembled.etag,
                blob: Some(&blob),
                attributes: &upload.attributes,
                checksum: Some(&assembled.checksum),
                part_sizes: &assembled.part_sizes,
                tags: &upload.tags,
            };
            let (written, mut released) = write_version(transaction, &new, &completion.precondition)?;
            transaction.execute("DELETE FROM uploads WHERE id = ?1", params![name.id])?;
            released.extend(unnamed(transaction, all.into_iter().map(|part| part.blob))?);
            Ok((written, released))
        });
        self.settle(&blob, written)
    }
}

/// What the object of some parts will be.
struct Assembled {
    size: u64,
    etag: String,
    checksum: Checksum,
    part_sizes: Vec<u64>,
}

impl Assembled {
    fn of(upload: &Upload, parts: &[Part]) -> Result<Self, StoreError> {
        let mut hashes = Vec::with_capacity(parts.len());
        for part in parts {
            let mut md5 = [0; 16];
            hex::decode_to_slice(&part.etag, &mut md5)
                .map_err(|_| StoreError::Damaged(format!("entity tag {}", part.etag)))?;
            hashes.push(md5);
        }
        let checksums: Vec<(&str, u64)> =
            parts.iter().map(|part| (part.checksum.value.as_str(), part.size)).collect();
        let part_sizes: Vec<u64> = parts.iter().map(|part| part.size).collect();
        Ok(Self {
            size: part_sizes.iter().sum(),
            etag: multipart_etag(&hashes),
            checksum: multipart_checksum(upload.algorithm, upload.kind, &checksums)?,
            part_sizes,
        })
    }

    fn verify(&self, completion: &Completion) -> Result<(), StoreError> {
        if self.size > MAXIMUM_OBJECT {
            return Err(StoreError::TooLarge);
        }
        if completion.size.is_some_and(|size| size != self.size) {
            return Err(StoreError::SizeMismatch);
        }
        match &completion.checksum {
            // Clients write a composite checksum with or without the number of parts.
            Some((algorithm, value))
                if *algorithm != self.checksum.algorithm
                    || (*value != self.checksum.value
                        && self.checksum.value.split_once('-').is_none_or(|(hash, _)| hash != value)) =>
            {
                Err(StoreError::BadDigest { algorithm: algorithm.name() })
            }
            _ => Ok(()),
        }
    }
}

/// The parts that the client named, which must be there as it knows them.
fn select_parts(parts: Vec<Part>, named: &[CompletedPart]) -> Result<Vec<Part>, StoreError> {
    let mut selected = Vec::with_capacity(named.len());
    let mut parts = parts.into_iter();
    for wanted in named {
        let invalid = || StoreError::InvalidPart { number: wanted.number };
        let part = parts.find(|part| part.number == wanted.number).ok_or_else(invalid)?;
        let fits = part.etag == wanted.etag
            && wanted.checksum.as_ref().is_none_or(|(algorithm, value)| {
                let mut known = std::iter::once(&part.checksum).chain(&part.promised);
                known.any(|checksum| checksum.algorithm == *algorithm && checksum.value == *value)
            });
        if !fits {
            return Err(invalid());
        }
        selected.push(part);
    }
    let all_but_last = &selected[..selected.len().saturating_sub(1)];
    match all_but_last.iter().find(|part| part.size < MINIMUM_PART) {
        Some(part) => {
            Err(StoreError::PartTooSmall { number: part.number, size: part.size, minimum: MINIMUM_PART })
        }
        None => Ok(selected),
    }
}

fn find_upload(transaction: &Transaction<'_>, name: &UploadName) -> Result<Upload, StoreError> {
    versioning(transaction, &name.object.bucket)?;
    let sql = "SELECT attributes, tags, algorithm, kind, chosen FROM uploads \
               WHERE id = ?1 AND bucket = ?2 AND key = ?3";
    let read = |row: &Row<'_>| -> rusqlite::Result<(String, String, String, String, bool)> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    };
    let values = params![name.id, name.object.bucket, name.object.key];
    let found = transaction.prepare_cached(sql)?.query_row(values, read).optional()?;
    let (attributes, tags, algorithm, kind, chosen) = found.ok_or(StoreError::NoSuchUpload)?;
    Ok(Upload {
        attributes: serde_json::from_str(&attributes)?,
        tags: serde_json::from_str(&tags)?,
        algorithm: algorithm_of(&algorithm)?,
        kind: kind_of(&kind)?,
        chosen,
    })
}

fn find_parts(
    transaction: &Transaction<'_>,
    name: &UploadName,
    after: u32,
    limit: usize,
) -> Result<Vec<Part>, StoreError> {
    let sql = "SELECT number, modified, size, etag, checksum, promised, blob FROM parts \
               WHERE upload = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
    read_rows(transaction, sql, params![name.id, after, limit], |row| {
        let promised: Option<String> = row.get(5)?;
        Ok(Part {
            number: row.get(0)?,
            modified: time(row.get(1)?)?,
            size: row.get(2)?,
            etag: row.get(3)?,
            checksum: serde_json::from_str(&row.get::<_, String>(4)?)?,
            promised: promised.map(|json| serde_json::from_str(&json)).transpose()?,
            blob: BlobId::from_index(row.get(6)?),
        })
    })
}

pub(super) fn algorithm_of(name: &str) -> Result<Algorithm, StoreError> {
    Algorithm::from_name(name).ok_or_else(|| StoreError::Damaged(format!("algorithm {name}")))
}

fn kind_name(kind: ChecksumKind) -> &'static str {
    match kind {
        ChecksumKind::FullObject => "FULL_OBJECT",
        ChecksumKind::Composite => "COMPOSITE",
    }
}

pub(super) fn kind_of(name: &str) -> Result<ChecksumKind, StoreError> {
    [ChecksumKind::FullObject, ChecksumKind::Composite]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
        .ok_or_else(|| StoreError::Damaged(format!("checksum type {name}")))
}
