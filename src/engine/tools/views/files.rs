//! Opening a file of the label, whole or in part, for players and pictures.

use crate::engine::catalog::{Catalog, ObjectBody, ObjectKey};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
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
    /// The value of the HTTP header `Range`.
    pub range: Option<String>,
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
        Ok(vec![choices::s3("GetObject", &input.bucket_name, input.file_name.as_str())])
    }

    async fn run(input: OpenFileInput, context: Context) -> Result<ObjectBody, ToolError> {
        let range = input.range.as_deref();
        Ok(context.catalog.open_object(&input.bucket_name, &input.file_name, range).await?)
    }
}
