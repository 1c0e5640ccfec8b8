//! Files in S3: keys that cannot escape, streams in and out, listings, presigned addresses.

mod key;
mod metadata;
mod parts;
mod upload;
mod versions;

pub use key::{ObjectKey, ObjectKeyError};
pub(crate) use metadata::{is_own as is_own_metadata, stored_bytes as metadata_bytes};
pub(crate) use upload::next_chunk;
pub use upload::{MAX_AUDIO_BYTES, MAX_IMPORT_BYTES, NewObject, PART_BYTES};
pub use versions::{ObjectVersion, ObjectVersions};

use super::item::bucket_resource;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTimeFormat};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::collections::BTreeMap;
use std::time::Duration;

/// What is known of a stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Size in bytes.
    pub bytes: u64,
    /// The media type, as stored.
    pub content_type: String,
    /// The ETag, with its quotes.
    pub etag: String,
    /// The version, where the bucket keeps versions.
    pub version_id: Option<String>,
    /// When it was stored, RFC 3339 in UTC.
    pub last_modified: Option<String>,
    /// The metadata that was stored with it.
    pub metadata: BTreeMap<String, String>,
    /// The name of the change that brought it, where it was one of Patchline's.
    pub(super) change: Option<String>,
}

impl ObjectInfo {
    /// Whether it was brought by the change of this name.
    pub(crate) fn is_of(&self, change: &str) -> bool {
        self.change.as_deref() == Some(change)
    }

    /// Whether it belongs to the sample label.
    pub(crate) fn is_sample(&self) -> bool {
        self.metadata.get("sample").is_some_and(|sample| sample == "true")
    }
}

/// A part of a file, or all of it, as a stream.
pub struct ObjectBody {
    /// The bytes.
    pub body: ByteStream,
    /// How many bytes the stream has.
    pub bytes: u64,
    /// The media type, as stored.
    pub content_type: String,
    /// The ETag, with its quotes.
    pub etag: String,
    /// `Content-Range` where only a part was asked for.
    pub content_range: Option<String>,
}

/// A line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// The key.
    pub key: String,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    pub last_modified: Option<String>,
    /// The ETag, with its quotes.
    pub etag: String,
}

impl From<aws_sdk_s3::types::Object> for ListedObject {
    fn from(object: aws_sdk_s3::types::Object) -> Self {
        Self {
            key: object.key.unwrap_or_default(),
            bytes: size(object.size),
            last_modified: object.last_modified.and_then(|time| time.fmt(DateTimeFormat::DateTime).ok()),
            etag: object.e_tag.unwrap_or_default(),
        }
    }
}

/// An address that works without credentials for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedAddress {
    /// The address.
    pub url: String,
    /// The headers that the request must carry.
    pub headers: BTreeMap<String, String>,
}

impl Catalog {
    /// What is known of a file.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn object_info(&self, bucket: &str, key: &ObjectKey) -> Result<ObjectInfo, CatalogError> {
        self.object_version_info(bucket, key, None).await
    }

    /// What is known of a version of a file; of the newest, where none is named.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn object_version_info(
        &self,
        bucket: &str,
        key: &ObjectKey,
        version: Option<&str>,
    ) -> Result<ObjectInfo, CatalogError> {
        let answer = self
            .aws
            .s3
            .head_object()
            .bucket(bucket)
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .send()
            .await
            .map_err(|e| version_failure(bucket, key, version, &e))?;
        Ok(ObjectInfo {
            bucket: bucket.to_owned(),
            key: key.to_string(),
            bytes: size(answer.content_length),
            content_type: answer.content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            etag: answer.e_tag.unwrap_or_default(),
            version_id: answer.version_id,
            last_modified: answer.last_modified.and_then(|time| time.fmt(DateTimeFormat::DateTime).ok()),
            change: answer.metadata.as_ref().and_then(|metadata| metadata.get(metadata::CHANGE).cloned()),
            metadata: metadata::from_headers(answer.metadata.unwrap_or_default()),
        })
    }

    /// Opens a version of a file, or the newest. `range` is the value of an HTTP `Range` header.
    ///
    /// # Errors
    /// `NotFound`; `OutsideFile` for a range that is not in the file; or what AWS says.
    pub async fn open_object(
        &self,
        bucket: &str,
        key: &ObjectKey,
        version: Option<&str>,
        range: Option<&str>,
    ) -> Result<ObjectBody, CatalogError> {
        let request = self.aws.s3_bodies.get_object().bucket(bucket).key(key.as_str());
        let request = request.set_version_id(version.map(str::to_owned));
        let answer = match request.set_range(range.map(str::to_owned)).send().await {
            Ok(answer) => answer,
            // Not every S3 says in this answer how large the file is.
            Err(error) if error.code() == Some("InvalidRange") => {
                let bytes = self.object_version_info(bucket, key, version).await?.bytes;
                return Err(CatalogError::OutsideFile { id: format!("{bucket}/{key}"), bytes });
            }
            Err(error) => return Err(version_failure(bucket, key, version, &error)),
        };
        Ok(ObjectBody {
            bytes: size(answer.content_length),
            content_type: answer.content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            etag: answer.e_tag.unwrap_or_default(),
            content_range: answer.content_range,
            body: answer.body,
        })
    }

    /// Removes a file; one that is not there is no error. Where the bucket keeps versions, they stay.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn delete_object(&self, bucket: &str, key: &str) -> Result<(), CatalogError> {
        self.aws
            .s3
            .delete_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("DeleteObject", bucket, key), &e))?;
        Ok(())
    }

    /// A page of a bucket's files in the order of their keys, and the token of the next page.
    ///
    /// # Errors
    /// What AWS says; `Invalid` for a token that S3 does not know.
    pub async fn list_objects(
        &self,
        bucket: &str,
        prefix: &str,
        limit: u32,
        token: Option<String>,
    ) -> Result<(Vec<ListedObject>, Option<String>), CatalogError> {
        let answer = self
            .aws
            .s3
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix)
            .max_keys(limit.try_into().unwrap_or(i32::MAX))
            .set_continuation_token(token)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("ListBucket", bucket, prefix), &e))?;
        let objects = answer.contents.unwrap_or_default().into_iter().map(ListedObject::from);
        Ok((objects.collect(), answer.next_continuation_token))
    }

    /// The same from a key on that is known: the files after it, at most a thousand, and whether there are more.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn list_objects_after(
        &self,
        bucket: &str,
        prefix: &str,
        limit: u32,
        after: Option<&str>,
    ) -> Result<(Vec<ListedObject>, bool), CatalogError> {
        let answer = self
            .aws
            .s3
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix)
            .max_keys(limit.try_into().unwrap_or(i32::MAX))
            .set_start_after(after.map(str::to_owned))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("ListBucket", bucket, prefix), &e))?;
        let objects = answer.contents.unwrap_or_default().into_iter().map(ListedObject::from);
        Ok((objects.collect(), answer.is_truncated == Some(true)))
    }

    /// An address from which a version of a file, or the newest, can be read for a while; none while the
    /// embedded AWS does not listen.
    ///
    /// # Errors
    /// When the request cannot be signed.
    pub async fn presign_get(
        &self,
        bucket: &str,
        key: &ObjectKey,
        version: Option<&str>,
        lifetime: Duration,
    ) -> Result<Option<PresignedAddress>, CatalogError> {
        let Some(client) = &self.aws.s3_public else { return Ok(None) };
        let request = client
            .get_object()
            .bucket(bucket)
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .presigned(presigning(bucket, lifetime)?)
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("GetObject", bucket, key.as_str()), &e))?;
        Ok(Some(presigned(&request)))
    }

    /// An address to which exactly `bytes` bytes of a new file can be sent for a while; none while the
    /// embedded AWS does not listen. The size is signed, and an existing file is not replaced.
    ///
    /// # Errors
    /// When the request cannot be signed.
    pub async fn presign_put(
        &self,
        bucket: &str,
        key: &ObjectKey,
        content_type: &str,
        bytes: u64,
        lifetime: Duration,
    ) -> Result<Option<PresignedAddress>, CatalogError> {
        let Some(client) = &self.aws.s3_public else { return Ok(None) };
        let request = client
            .put_object()
            .bucket(bucket)
            .key(key.as_str())
            .content_type(content_type)
            .content_length(i64::try_from(bytes).unwrap_or(i64::MAX))
            .if_none_match("*")
            .presigned(presigning(bucket, lifetime)?)
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("PutObject", bucket, key.as_str()), &e))?;
        Ok(Some(presigned(&request)))
    }
}

fn size(bytes: Option<i64>) -> u64 {
    bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default()
}

fn presigning(bucket: &str, lifetime: Duration) -> Result<PresigningConfig, CatalogError> {
    PresigningConfig::expires_in(lifetime).map_err(|error| {
        CatalogError::Aws(AwsFailure {
            kind: FailureKind::Invalid,
            resource: bucket_resource("PutObject", bucket, ""),
            code: "InvalidExpiry".to_owned(),
            message: error.to_string(),
        })
    })
}

fn presigned(request: &aws_sdk_s3::presigning::PresignedRequest) -> PresignedAddress {
    let headers = request.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    PresignedAddress { url: request.uri().to_owned(), headers }
}

/// What IAM calls reading a file, or one of its versions.
pub(crate) fn reading(version: Option<&str>) -> &'static str {
    if version.is_some() { "GetObjectVersion" } else { "GetObject" }
}

/// The failure of reading a version of a file. S3 refuses ids that it never gave as wrong, and deletions,
/// which are versions, too, as not to be read: to whoever asks, all of them are not there.
fn version_failure<E>(
    bucket: &str,
    key: &ObjectKey,
    version: Option<&str>,
    error: &SdkError<E, Response>,
) -> CatalogError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let failure = object_failure(reading(version), bucket, key, error);
    let is_absent = match &failure {
        CatalogError::NotFound { .. } => true,
        CatalogError::Aws(failure) => failure.kind == FailureKind::Invalid,
        _ => false,
    };
    match version.filter(|_| is_absent) {
        Some(version) => {
            CatalogError::NotFound { what: "version", id: format!("{version} of {bucket}/{key}") }
        }
        None => failure,
    }
}

/// The failure of an operation on one file: absence gets its own name.
fn object_failure<E>(
    action: &str,
    bucket: &str,
    key: &ObjectKey,
    error: &SdkError<E, Response>,
) -> CatalogError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let failure = AwsFailure::from_sdk(bucket_resource(action, bucket, key.as_str()), error);
    let id = || format!("{bucket}/{key}");
    match failure.kind {
        FailureKind::NotFound => CatalogError::NotFound { what: "file", id: id() },
        FailureKind::Condition => CatalogError::Conflict { what: "file", id: id(), current: None },
        _ => failure.into(),
    }
}
