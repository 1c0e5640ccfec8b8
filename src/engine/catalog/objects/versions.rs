//! The versions of a file that a bucket keeps.

use super::{Catalog, CatalogError, ObjectKey, size};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::bucket_resource;
use aws_sdk_s3::primitives::DateTimeFormat;

/// How many versions are listed: what S3 answers at once.
const MOST_LISTED: u16 = 1000;

/// A version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectVersion {
    /// Its id; `null` where it was stored while the bucket kept no versions.
    pub version_id: String,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    pub last_modified: Option<String>,
    /// The `ETag`, with its quotes.
    pub etag: String,
    /// Whether it is the one that is read when no version is named.
    pub is_newest: bool,
}

/// The versions of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectVersions {
    /// The newest first.
    pub versions: Vec<ObjectVersion>,
    /// Whether there may be older ones than those listed.
    pub has_more: bool,
}

impl Catalog {
    /// The kept versions of a file, the newest first, at most a thousand.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn object_versions(
        &self,
        bucket: &str,
        key: &ObjectKey,
    ) -> Result<ObjectVersions, CatalogError> {
        let answer = self
            .aws
            .s3
            .list_object_versions()
            .bucket(bucket)
            // S3 lists by the beginning of names: the versions of the name itself come first.
            .prefix(key.as_str())
            .max_keys(i32::from(MOST_LISTED))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("ListBucketVersions", bucket, ""), &e))?;
        let is_own = |name: Option<&str>| name == Some(key.as_str());
        let of_others = answer.versions().iter().any(|version| !is_own(version.key()))
            || answer.delete_markers().iter().any(|marker| !is_own(marker.key()));
        let has_more = answer.is_truncated == Some(true) && !of_others;
        let versions = answer.versions.unwrap_or_default().into_iter();
        let versions = versions.filter(|version| is_own(version.key())).map(|version| ObjectVersion {
            version_id: version.version_id.unwrap_or_default(),
            bytes: size(version.size),
            last_modified: version.last_modified.and_then(|time| time.fmt(DateTimeFormat::DateTime).ok()),
            etag: version.e_tag.unwrap_or_default(),
            is_newest: version.is_latest == Some(true),
        });
        Ok(ObjectVersions { versions: versions.collect(), has_more })
    }
}
