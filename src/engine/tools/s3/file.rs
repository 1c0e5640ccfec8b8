//! What the tools for audio, artwork and contracts share: naming a file and describing it.

use crate::engine::catalog::{Catalog, CatalogError, ObjectInfo, ObjectKey, metadata_bytes};
use crate::engine::config::BucketRole;
use crate::engine::tools::{Context, ToolError, choices};
use crate::model::tool::AwsResource;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a download address works.
const DOWNLOAD_LIFETIME: Duration = Duration::from_mins(15);

/// Metadata that a caller can keep with a file, in bytes of names and values: the 2 KB of S3 without what
/// Patchline itself keeps.
const MAX_METADATA_BYTES: usize = 2048 - 64;

const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Names a stored file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The file's name in the bucket, for instance `masters/night-drive.wav`.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredFile {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: String,
    /// The media type: found in the content, or as announced for what was sent to an upload address.
    #[schemars(title = "Media type")]
    pub content_type: String,
    /// Size in bytes.
    #[schemars(title = "Size")]
    pub size_bytes: u64,
    /// The `ETag` of this content.
    #[schemars(title = "Fingerprint")]
    pub etag: String,
    /// The version in the bucket, where it keeps versions.
    #[schemars(title = "Version of the file")]
    pub version_id: Option<String>,
    /// When it was stored, RFC 3339 in UTC.
    #[schemars(title = "Stored")]
    pub last_modified: Option<String>,
    /// What was stored with it.
    #[schemars(title = "Kept with it")]
    pub metadata: BTreeMap<String, String>,
    /// The address in Patchline, for people who may see it there.
    #[schemars(title = "Address")]
    pub url: String,
    /// An address that needs no sign-in, for a while.
    #[schemars(title = "Download address")]
    pub download_url: Option<String>,
    /// Until when the download address works, RFC 3339 in UTC.
    #[schemars(title = "Download address works until")]
    pub download_url_expires_at: Option<String>,
}

impl FileInput {
    /// The bucket and the key, checked.
    pub(super) fn locate<'a>(
        &'a self,
        role: BucketRole,
        catalog: &'a Catalog,
    ) -> Result<(&'a str, ObjectKey), ToolError> {
        locate(self.bucket_name.as_deref(), &self.file_name, role, catalog)
    }

    /// The file, as a resource that is read.
    pub(super) fn read_resource(
        &self,
        role: BucketRole,
        catalog: &Catalog,
    ) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = self.locate(role, catalog)?;
        Ok(vec![choices::s3("GetObject", bucket, key.as_str())])
    }

    /// The stored file that is named.
    pub(super) async fn describe(
        &self,
        role: BucketRole,
        context: &Context,
    ) -> Result<StoredFile, ToolError> {
        let (bucket, key) = self.locate(role, &context.catalog)?;
        let info = context.catalog.object_info(bucket, &key).await?;
        describe(info, context).await
    }
}

/// The bucket and the key that arguments name, checked.
pub(super) fn locate<'a>(
    bucket_name: Option<&'a str>,
    file_name: &str,
    role: BucketRole,
    catalog: &'a Catalog,
) -> Result<(&'a str, ObjectKey), ToolError> {
    let bucket = choices::bucket(bucket_name, role, catalog)?;
    let key = file_name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))?;
    Ok((bucket, key))
}

/// The file that arguments name, as a resource that is written.
pub(super) fn written_resource(
    bucket_name: Option<&str>,
    file_name: &str,
    role: BucketRole,
    catalog: &Catalog,
) -> Result<Vec<AwsResource>, ToolError> {
    let (bucket, key) = locate(bucket_name, file_name, role, catalog)?;
    Ok(vec![choices::s3("PutObject", bucket, key.as_str())])
}

/// Metadata that S3 can take: header names and values of limited size.
pub(super) fn check_metadata(metadata: &BTreeMap<String, String>) -> Result<(), ToolError> {
    let bytes: usize = metadata.iter().map(|(name, value)| metadata_bytes(name, value)).sum();
    if bytes > MAX_METADATA_BYTES {
        let message =
            format!("names and values take {bytes} bytes in S3; at most {MAX_METADATA_BYTES} are allowed");
        return Err(ToolError::field("metadata", message));
    }
    for (name, value) in metadata {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(plain) {
            let message = "a name may have letters, digits, '-', '_' and '.' only";
            return Err(ToolError::field(format!("metadata.{name}"), message));
        }
        if value.chars().any(char::is_control) {
            return Err(ToolError::field(format!("metadata.{name}"), "control characters are not allowed"));
        }
    }
    Ok(())
}

/// Describes a file, with an address to download it where one can be made.
pub(super) async fn describe(info: ObjectInfo, context: &Context) -> Result<StoredFile, ToolError> {
    let key: ObjectKey = info.key.parse().map_err(|error| CatalogError::Unreadable {
        what: "file",
        id: info.key.clone(),
        detail: format!("{error}"),
    })?;
    let download = context.catalog.presign_get(&info.bucket, &key, DOWNLOAD_LIFETIME).await?;
    let expires = download.as_ref().map(|_| (context.now + DOWNLOAD_LIFETIME).to_string());
    Ok(StoredFile {
        url: media_url(&info.bucket, &info.key),
        bucket_name: info.bucket,
        file_name: info.key,
        content_type: info.content_type,
        size_bytes: info.bytes,
        etag: info.etag,
        version_id: info.version_id,
        last_modified: info.last_modified,
        metadata: info.metadata,
        download_url: download.map(|address| address.url),
        download_url_expires_at: expires,
    })
}

/// The address of a file in Patchline itself.
pub(crate) fn media_url(bucket: &str, key: &str) -> String {
    format!("/media/{}/{}", utf8_percent_encode(bucket, PATH), utf8_percent_encode(key, PATH))
}

/// The error for storing a file that exists, with the way out.
pub(super) fn or_exists(error: CatalogError) -> ToolError {
    match error {
        CatalogError::Conflict { what: "file", id, .. } => {
            ToolError::Catalog(CatalogError::Conflict { what: "file of this name", id, current: None })
        }
        other => other.into(),
    }
}
