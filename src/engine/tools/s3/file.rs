//! What the tools for audio, artwork and contracts share: naming a file and describing it.

use crate::engine::catalog::objects::{ObjectVersion, reading};
use crate::engine::catalog::{Catalog, CatalogError, ObjectInfo, ObjectKey, is_own_metadata, metadata_bytes};
use crate::engine::config::BucketRole;
use crate::engine::tools::{Context, ToolError, choices, quarantine};
use crate::model::tool::AwsResource;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
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
    /// Which version of the file, by its `versionId`; the newest unless given.
    #[schemars(title = "Version of the file", length(min = 1, max = 1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// List the versions that are kept of the file.
    #[schemars(title = "List its versions")]
    #[serde(default)]
    pub include_versions: bool,
}

/// A stored file, with its versions where they were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundFile {
    /// The file.
    #[serde(flatten)]
    pub file: StoredFile,
    /// The versions that are kept, the newest first, at most 1,000; only with `includeVersions`.
    #[schemars(title = "Versions")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<Vec<KeptVersion>>,
    /// Whether there may be older versions than those listed; only with `includeVersions`.
    #[schemars(title = "Older ones are left out")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more_versions: Option<bool>,
}

/// A version of a file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptVersion {
    /// When it was stored, RFC 3339 in UTC.
    #[schemars(title = "Stored")]
    pub last_modified: Option<String>,
    /// Size in bytes.
    #[schemars(title = "Size")]
    pub size_bytes: u64,
    /// Whether it is the one that is read when no version is named.
    #[schemars(title = "Newest")]
    pub is_newest: bool,
    /// The address of this version in Patchline.
    #[schemars(title = "Address")]
    pub url: String,
    /// Names it as an argument.
    #[schemars(title = "Version of the file")]
    pub version_id: String,
    /// The `ETag` of its content.
    #[schemars(title = "Fingerprint")]
    pub etag: String,
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
    /// Why there is no download address, where it is withheld.
    #[schemars(title = "Why there is no download address")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url_withheld: Option<String>,
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
        let mut resources = vec![choices::s3(reading(self.version_id.as_deref()), bucket, key.as_str())];
        if self.include_versions {
            resources.push(choices::s3("ListBucketVersions", bucket, key.as_str()));
        }
        Ok(resources)
    }

    /// What is known of the stored file that is named.
    pub(super) async fn info(&self, role: BucketRole, context: &Context) -> Result<ObjectInfo, ToolError> {
        let (bucket, key) = self.locate(role, &context.catalog)?;
        Ok(context.catalog.object_version_info(bucket, &key, self.version_id.as_deref()).await?)
    }

    /// Describes the stored file that is named, of which this is known.
    pub(super) async fn found(
        &self,
        role: BucketRole,
        info: ObjectInfo,
        context: &Context,
    ) -> Result<FoundFile, ToolError> {
        let (bucket, key) = self.locate(role, &context.catalog)?;
        let listed = if self.include_versions {
            Some(context.catalog.object_versions(bucket, &key).await?)
        } else {
            None
        };
        let (versions, has_more_versions) =
            listed.map(|listed| (kept(bucket, &key, listed.versions), listed.has_more)).unzip();
        let withheld = withheld(role, &info, context).await?;
        let mut file = describe_version(info, self.version_id.as_deref(), context).await?;
        if withheld.is_some() {
            (file.download_url, file.download_url_expires_at) = (None, None);
            file.download_url_withheld = withheld;
        }
        Ok(FoundFile { file, versions, has_more_versions })
    }
}

/// Why no address is given that works for everybody, where that is so.
async fn withheld(
    role: BucketRole,
    info: &ObjectInfo,
    context: &Context,
) -> Result<Option<String>, ToolError> {
    if role == BucketRole::Artwork {
        let why =
            "The stored picture may say where it was taken. The address in Patchline shows it without that.";
        return Ok(Some(why.to_owned()));
    }
    let ObjectInfo { bucket, key, etag, .. } = info;
    match quarantine::check_release(&context.catalog, bucket, key, etag, &context.owner).await {
        Ok(()) => Ok(None),
        Err(ToolError::Refused(held)) => Ok(Some(format!("{} {}", held.message, held.remedy))),
        Err(error) => Err(error),
    }
}

fn kept(bucket: &str, key: &ObjectKey, versions: Vec<ObjectVersion>) -> Vec<KeptVersion> {
    let kept = versions.into_iter().map(|version| KeptVersion {
        url: version_url(bucket, key.as_str(), &version.version_id),
        version_id: version.version_id,
        size_bytes: version.bytes,
        last_modified: version.last_modified,
        is_newest: version.is_newest,
        etag: version.etag,
    });
    kept.collect()
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
        if is_own_metadata(name) {
            let message = "names that begin with 'patchline-' are Patchline's own; choose another";
            return Err(ToolError::field(format!("metadata.{name}"), message));
        }
        if value.chars().any(char::is_control) {
            return Err(ToolError::field(format!("metadata.{name}"), "control characters are not allowed"));
        }
    }
    Ok(())
}

/// Describes the newest version of a file, with an address to download it where one can be made.
pub(super) async fn describe(info: ObjectInfo, context: &Context) -> Result<StoredFile, ToolError> {
    describe_version(info, None, context).await
}

/// The same for a version that was named: its addresses stay with it when a newer one is stored.
async fn describe_version(
    info: ObjectInfo,
    version: Option<&str>,
    context: &Context,
) -> Result<StoredFile, ToolError> {
    let key: ObjectKey = info.key.parse().map_err(|error| CatalogError::Unreadable {
        what: "file",
        id: info.key.clone(),
        detail: format!("{error}"),
    })?;
    let download = context.catalog.presign_get(&info.bucket, &key, version, DOWNLOAD_LIFETIME).await?;
    let expires = download.as_ref().map(|_| (context.now + DOWNLOAD_LIFETIME).to_string());
    Ok(StoredFile {
        url: match version {
            Some(version) => version_url(&info.bucket, &info.key, version),
            None => media_url(&info.bucket, &info.key),
        },
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
        download_url_withheld: None,
    })
}

/// The address of a file in Patchline itself.
pub(crate) fn media_url(bucket: &str, key: &str) -> String {
    format!("/media/{}/{}", utf8_percent_encode(bucket, PATH), utf8_percent_encode(key, PATH))
}

/// The address of a version of a file in Patchline itself.
pub(crate) fn version_url(bucket: &str, key: &str, version: &str) -> String {
    format!("{}?versionId={}", media_url(bucket, key), utf8_percent_encode(version, NON_ALPHANUMERIC))
}
