//! Opening a file of the label, whole or in part, for players and pictures.

use crate::engine::catalog::objects::reading;
use crate::engine::catalog::{Catalog, ObjectBody, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::pictures::{self, Wanted};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices, quarantine};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Which file, and which part of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenFileInput {
    /// The bucket.
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: ObjectKey,
    /// Which version of it; the newest where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// The value of the HTTP header `Range`.
    pub range: Option<String>,
    /// The longest side of a picture in pixels; as large as it is where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Whether whoever asks may hear what nobody has listened to yet.
    #[serde(skip)]
    pub before_release: bool,
    /// The fingerprints of what whoever asks has already.
    #[serde(skip)]
    pub known: Vec<String>,
}

/// Opens a file.
pub struct OpenFile;

impl Operation for OpenFile {
    const NAME: &'static str = "open_file";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = OpenFileInput;
    type Output = ObjectBody;

    fn resources(input: &OpenFileInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if catalog.buckets.role_of(&input.bucket_name).is_none() {
            return Err(ToolError::NotConfigured {
                what: "bucket",
                field: "bucketName",
                name: input.bucket_name.clone(),
                allowed: catalog.buckets.all().map(str::to_owned).collect(),
            });
        }
        let action = reading(input.version_id.as_deref());
        Ok(vec![choices::s3(action, &input.bucket_name, input.file_name.as_str())])
    }

    async fn run(input: OpenFileInput, context: Context) -> Result<ObjectBody, ToolError> {
        let OpenFileInput { bucket_name, file_name, version_id, range, size, before_release, known } = input;
        let (version, range) = (version_id.as_deref(), range.as_deref());
        if context.catalog.buckets.role_of(&bucket_name) == Some(BucketRole::Artwork) {
            let wanted =
                Wanted { bucket: &bucket_name, key: &file_name, version, range, side: size, known: &known };
            return pictures::open(wanted, &context).await;
        }
        let catalog = &context.catalog;
        let opened = catalog.open_object(&bucket_name, &file_name, version, range).await?;
        if !before_release {
            let (key, etag) = (file_name.as_str(), opened.etag.as_str());
            quarantine::check_release(catalog, &bucket_name, key, etag, &context.owner).await?;
        }
        Ok(opened)
    }
}
