//! Storing files: small ones at once, streams in parts, so that memory does not grow with the file.

use super::{Catalog, CatalogError, ObjectInfo, ObjectKey, metadata, object_failure};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::item::bucket_resource;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// The size of a part. Two are in memory at most: the one that fills and the one that is sent.
pub const PART_BYTES: usize = 8 * 1024 * 1024;

/// How long an upload may send nothing.
const STALLED: Duration = Duration::from_secs(30);

/// How long S3 may take to join the parts of an upload; for gigabytes that takes minutes.
const JOINING: Duration = Duration::from_mins(10);

/// Parts of one upload (a limit of S3).
const MAX_PARTS: i32 = 10_000;

/// The largest audio file: one that still fits a single S3 request.
pub const MAX_AUDIO_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// The largest file that is imported. It goes on to the store in parts, so that no more than two of them are in memory.
pub const MAX_IMPORT_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// A file that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewObject {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: ObjectKey,
    /// The media type, as found in the content.
    pub content_type: String,
    /// Metadata to keep with it.
    pub metadata: BTreeMap<String, String>,
    /// Whether a file of the same name is replaced (its older version is kept).
    pub overwrite: bool,
    /// The name of the change, the same for every attempt at it.
    pub change: String,
}

impl NewObject {
    /// `If-None-Match` of the request.
    fn only_if_new(&self) -> Option<String> {
        (!self.overwrite).then(|| "*".to_owned())
    }

    fn metadata(&self) -> HashMap<String, String> {
        metadata::to_headers(&self.metadata, &self.change)
    }
}

impl Catalog {
    /// Stores a file that is in memory.
    ///
    /// # Errors
    /// `Conflict` when it exists and may not be replaced; or what AWS says.
    pub async fn store_object(&self, new: &NewObject, content: Bytes) -> Result<ObjectInfo, CatalogError> {
        let bytes = content.len() as u64;
        let answer = self
            .aws
            .s3_bodies
            .put_object()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .content_type(&new.content_type)
            .set_metadata(Some(new.metadata()))
            .set_if_none_match(new.only_if_new())
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(|e| object_failure("PutObject", &new.bucket, &new.key, &e));
        match answer {
            Ok(answer) => Ok(self.stored(new, bytes, answer.e_tag, answer.version_id).await),
            Err(error) => self.own_object(new, error).await,
        }
    }

    /// The stored file, where it is our own: the SDK sends a request again when its answer is late, and a
    /// caller repeats a change whose instance was killed before it could say that it is made. Both then hear
    /// of the first one that the file is there already, or that its upload has ended.
    async fn own_object(&self, new: &NewObject, error: CatalogError) -> Result<ObjectInfo, CatalogError> {
        let may_be_own = match &error {
            CatalogError::Conflict { .. } | CatalogError::NotFound { .. } => true,
            CatalogError::Aws(failure) => failure.kind == FailureKind::Condition,
            _ => false,
        };
        if !may_be_own {
            return Err(error);
        }
        match self.object_info(&new.bucket, &new.key).await {
            Ok(found) if found.is_of(&new.change) => Ok(found),
            Ok(_) | Err(_) => Err(error),
        }
    }

    /// What is known of a file that was just stored. It is stored, whatever a further question says:
    /// without an answer only the time is not known.
    async fn stored(
        &self,
        new: &NewObject,
        bytes: u64,
        etag: Option<String>,
        version_id: Option<String>,
    ) -> ObjectInfo {
        let own = ObjectInfo {
            bucket: new.bucket.clone(),
            key: new.key.to_string(),
            bytes,
            content_type: new.content_type.clone(),
            etag: etag.unwrap_or_default(),
            version_id,
            last_modified: None,
            metadata: new.metadata.clone(),
            change: None,
        };
        match self.object_info(&new.bucket, &new.key).await {
            Ok(found) if found.etag == own.etag => found,
            Ok(_) => own,
            Err(error) => {
                tracing::warn!(%error, key = own.key, "a file that was stored could not be asked about");
                own
            }
        }
    }

    /// Stores a small file without asking afterwards what is known of it; one of the same key is replaced.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn replace_object(
        &self,
        bucket: &str,
        key: &str,
        content_type: &str,
        content: Bytes,
    ) -> Result<(), CatalogError> {
        self.aws
            .s3_bodies
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("PutObject", bucket, key), &e))?;
        Ok(())
    }

    /// Stores a stream in parts. When it fails or ends early, nothing is listed and the parts are removed.
    ///
    /// # Errors
    /// `Conflict` when it exists and may not be replaced; `BrokenOff` when the stream ends early;
    /// `TooLarge` above `most_bytes`; or what AWS says.
    pub async fn store_stream<S, E>(
        &self,
        new: &NewObject,
        most_bytes: u64,
        content: S,
    ) -> Result<ObjectInfo, CatalogError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let upload_id = self.begin_multipart(new, ChecksumAlgorithm::Crc32).await?;
        let mut guard = AbortOnDrop::new(self, new, &upload_id);
        let (parts, bytes) = self.send_parts(new, &upload_id, most_bytes, content).await?;
        let stored = self.complete_multipart(new, &upload_id, parts, bytes).await?;
        guard.done();
        Ok(stored)
    }

    /// Begins an upload in parts, each with a checksum of this kind. The name that S3 gives it.
    ///
    /// # Errors
    /// What AWS says.
    pub(super) async fn begin_multipart(
        &self,
        new: &NewObject,
        checksum: ChecksumAlgorithm,
    ) -> Result<String, CatalogError> {
        let begun = self
            .aws
            .s3
            .create_multipart_upload()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .content_type(&new.content_type)
            .set_metadata(Some(new.metadata()))
            .checksum_algorithm(checksum)
            .send()
            .await
            .map_err(|e| object_failure("PutObject", &new.bucket, &new.key, &e))?;
        Ok(begun.upload_id.unwrap_or_default())
    }

    async fn send_parts<S, E>(
        &self,
        new: &NewObject,
        upload_id: &str,
        most_bytes: u64,
        mut content: S,
    ) -> Result<(Vec<CompletedPart>, u64), CatalogError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let mut parts = Vec::new();
        let mut filling = BytesMut::with_capacity(PART_BYTES);
        let mut total = 0_u64;
        while let Some(mut chunk) = next_chunk(&mut content).await? {
            total += chunk.len() as u64;
            if total > most_bytes {
                return Err(CatalogError::TooLarge { most_bytes });
            }
            while !chunk.is_empty() {
                let room = PART_BYTES - filling.len();
                filling.extend_from_slice(&chunk.split_to(room.min(chunk.len())));
                if filling.len() == PART_BYTES {
                    let full = std::mem::replace(&mut filling, BytesMut::with_capacity(PART_BYTES));
                    parts.push(self.send_part(new, upload_id, parts.len(), full.freeze()).await?);
                }
            }
        }
        // S3 wants at least one part, also for an empty file.
        if !filling.is_empty() || parts.is_empty() {
            parts.push(self.send_part(new, upload_id, parts.len(), filling.freeze()).await?);
        }
        Ok((parts, total))
    }

    async fn send_part(
        &self,
        new: &NewObject,
        upload_id: &str,
        sent: usize,
        content: Bytes,
    ) -> Result<CompletedPart, CatalogError> {
        let number = i32::try_from(sent + 1).unwrap_or(i32::MAX);
        if number > MAX_PARTS {
            let most_bytes = (PART_BYTES as u64) * u64::from(MAX_PARTS.unsigned_abs());
            return Err(CatalogError::TooLarge { most_bytes });
        }
        let answer = self
            .aws
            .s3_bodies
            .upload_part()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .upload_id(upload_id)
            .part_number(number)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(|e| object_failure("PutObject", &new.bucket, &new.key, &e))?;
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(answer.e_tag)
            .set_checksum_crc32(answer.checksum_crc32)
            .build())
    }

    /// Joins the parts of an upload to a file of so many bytes.
    ///
    /// # Errors
    /// `Conflict` when it exists and may not be replaced; `NotFound` where S3 does not know the upload any more; or
    /// what AWS says.
    pub(super) async fn complete_multipart(
        &self,
        new: &NewObject,
        upload_id: &str,
        parts: Vec<CompletedPart>,
        bytes: u64,
    ) -> Result<ObjectInfo, CatalogError> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let joining = TimeoutConfig::builder().read_timeout(JOINING).operation_timeout(JOINING).build();
        let answer = self
            .aws
            .s3_bodies
            .complete_multipart_upload()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .upload_id(upload_id)
            .set_if_none_match(new.only_if_new())
            .multipart_upload(parts)
            .customize()
            .config_override(aws_sdk_s3::config::Builder::new().timeout_config(joining))
            .send()
            .await
            .map_err(|e| object_failure("PutObject", &new.bucket, &new.key, &e));
        match answer {
            Ok(answer) => Ok(self.stored(new, bytes, answer.e_tag, answer.version_id).await),
            Err(error) => self.own_object(new, error).await,
        }
    }
}

/// Removes the parts of an upload that did not finish, also when the caller goes away in the middle.
struct AbortOnDrop {
    request:
        Option<aws_sdk_s3::operation::abort_multipart_upload::builders::AbortMultipartUploadFluentBuilder>,
}

impl AbortOnDrop {
    fn new(catalog: &Catalog, new: &NewObject, upload_id: &str) -> Self {
        let request = catalog
            .aws
            .s3
            .abort_multipart_upload()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .upload_id(upload_id);
        Self { request: Some(request) }
    }

    fn done(&mut self) {
        self.request = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let (Some(request), Ok(runtime)) = (self.request.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = request.send().await {
                    tracing::warn!(%error, "parts of an unfinished upload could not be removed");
                }
            });
        }
    }
}

/// The next bytes of an upload; none at its end.
///
/// # Errors
/// `BrokenOff` when the stream ends before the file does, or nothing comes for [`STALLED`].
pub(crate) async fn next_chunk<S, E>(content: &mut S) -> Result<Option<Bytes>, CatalogError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    next_chunk_within(STALLED, content).await
}

async fn next_chunk_within<S, E>(patience: Duration, content: &mut S) -> Result<Option<Bytes>, CatalogError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let broken_off = |detail: String| CatalogError::BrokenOff { detail };
    match tokio::time::timeout(patience, content.next()).await {
        Err(_) => Err(broken_off(format!("nothing arrived for {} s", patience.as_secs()))),
        Ok(chunk) => chunk.transpose().map_err(|error| broken_off(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    #[tokio::test]
    async fn an_upload_that_stands_still_is_given_up() {
        let mut silent = stream::pending::<Result<Bytes, std::io::Error>>();
        let error = next_chunk_within(Duration::ZERO, &mut silent).await.unwrap_err();
        assert_eq!(error, CatalogError::BrokenOff { detail: "nothing arrived for 0 s".to_owned() });
    }
}
