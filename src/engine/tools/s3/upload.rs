//! What the tools that store a file given whole share: their arguments, and how the file is stored.

use super::audio::to_be_processed;
use super::file::{self, StoredFile};
use super::in_use;
use crate::engine::catalog::{Catalog, NewObject};
use crate::engine::config::BucketRole;
use crate::engine::tools::content::{self, MAX_BASE64_LENGTH};
use crate::engine::tools::{Context, ToolError};
use crate::model::tool::AwsResource;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A file, given whole. Each tool says in its schema which files it takes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The name it gets in the bucket.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// The file, at most 16 MiB.
    #[schemars(title = "File", length(min = 1, max = MAX_BASE64_LENGTH), extend("contentEncoding" = "base64"))]
    pub file_content: String,
    /// What to keep with the file.
    #[schemars(title = "Metadata")]
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Replace a file of the same name, for every release that names it. Its older version is kept.
    #[schemars(title = "Replace")]
    #[serde(default)]
    pub overwrite: bool,
}

/// How large a file in base64 is at most: four characters are three bytes.
pub(super) fn size(file_content: &str) -> u64 {
    const CHARACTERS: usize = 4;
    const BYTES: usize = 3;
    u64::try_from(file_content.len() / CHARACTERS * BYTES).unwrap_or(u64::MAX)
}

impl UploadInput {
    /// The file, as a resource that is written.
    pub(super) fn resource(
        &self,
        role: BucketRole,
        catalog: &Catalog,
    ) -> Result<Vec<AwsResource>, ToolError> {
        file::written_resource(self.bucket_name.as_deref(), &self.file_name, role, catalog)
    }

    /// How large the file is at most.
    pub(super) fn size(&self) -> u64 {
        size(&self.file_content)
    }

    /// The bytes of the file. `instead` is what to do with a file that is too large.
    pub(super) fn content(&self, instead: &str) -> Result<Bytes, ToolError> {
        content::decode(&self.file_content, instead)
    }

    /// Stores the file as what its bytes were found to be, and describes it.
    pub(super) async fn store(
        self,
        bytes: Bytes,
        content_type: &str,
        role: BucketRole,
        context: &Context,
    ) -> Result<StoredFile, ToolError> {
        file::check_metadata(&self.metadata)?;
        let (bucket, key) =
            file::locate(self.bucket_name.as_deref(), &self.file_name, role, &context.catalog)?;
        let new = NewObject {
            bucket: bucket.to_owned(),
            key,
            content_type: content_type.to_owned(),
            metadata: self.metadata,
            overwrite: self.overwrite,
            change: context.change.clone(),
        };
        let info = match context.catalog.store_object(&new, bytes).await {
            Ok(info) => info,
            Err(error) => return Err(in_use::or_exists(error, role, &context.catalog).await),
        };
        if role == BucketRole::Audio {
            to_be_processed(&info, context).await;
        }
        file::describe(info, context).await
    }
}
