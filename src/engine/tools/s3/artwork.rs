//! `upload_artwork` and `get_artwork`.

use super::file::{self, FileInput, StoredFile};
use crate::engine::catalog::{Catalog, NewObject};
use crate::engine::config::BucketRole;
use crate::engine::tools::content::{self, MAX_BASE64_LENGTH};
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use image::{ImageFormat, ImageReader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Cursor;

/// The longest side that is accepted, in pixels.
const MAX_SIDE: u32 = 10_000;

/// A cover or portrait, given whole.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadArtworkInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The name it gets in the bucket, for instance `covers/night-drive.png`.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// A PNG or JPEG of at most 16 MiB and 10,000 pixels a side.
    #[schemars(title = "Image", length(min = 1, max = MAX_BASE64_LENGTH), extend("contentEncoding" = "base64", "contentMediaType" = "image/*"))]
    pub file_content: String,
    /// What to keep with the file.
    #[schemars(title = "Metadata")]
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Replace a file of the same name. Its older version is kept.
    #[schemars(title = "Replace")]
    #[serde(default)]
    pub overwrite: bool,
}

/// Stores a cover or portrait.
pub struct UploadArtwork;

impl Operation for UploadArtwork {
    const NAME: &'static str = "upload_artwork";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Call;
    type Input = UploadArtworkInput;
    type Output = StoredFile;

    fn resources(input: &UploadArtworkInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) =
            file::locate(input.bucket_name.as_deref(), &input.file_name, BucketRole::Artwork, catalog)?;
        Ok(vec![choices::s3("PutObject", bucket, key.as_str())])
    }

    async fn run(mut input: UploadArtworkInput, context: Context) -> Result<StoredFile, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) =
            file::locate(input.bucket_name.as_deref(), &input.file_name, BucketRole::Artwork, catalog)?;
        let bytes = content::decode(&input.file_content, "export the cover with fewer pixels")?;
        let (content_type, width, height) = inspect(&bytes)?;
        input.metadata.insert("width".to_owned(), width.to_string());
        input.metadata.insert("height".to_owned(), height.to_string());
        file::check_metadata(&input.metadata)?;
        let new = NewObject {
            bucket: bucket.to_owned(),
            key,
            content_type: content_type.to_owned(),
            metadata: input.metadata,
            overwrite: input.overwrite,
        };
        file::store(&new, bytes, &context).await
    }
}

impl Tool for UploadArtwork {
    const SERVER: Server = Server::S3;
    const TITLE: &'static str = "Upload artwork";
    const DESCRIPTION: &'static str = "Stores a cover or portrait (PNG or JPEG) in the label's artwork \
        bucket, with its width and height in pixels.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Artwork, catalog);
    }
}

/// Describes stored artwork.
pub struct GetArtwork;

impl Operation for GetArtwork {
    const NAME: &'static str = "get_artwork";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = FileInput;
    type Output = StoredFile;

    fn resources(input: &FileInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.read_resource(BucketRole::Artwork, catalog)
    }

    async fn run(input: FileInput, context: Context) -> Result<StoredFile, ToolError> {
        input.describe(BucketRole::Artwork, &context).await
    }
}

impl Tool for GetArtwork {
    const SERVER: Server = Server::S3;
    const TITLE: &'static str = "Get artwork";
    const DESCRIPTION: &'static str =
        "Describes a cover or portrait and gives addresses to see or download it.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Artwork, catalog);
    }
}

/// The media type and the sides in pixels, from the header only, so that a small file cannot claim
/// gigabytes of pixels.
fn inspect(bytes: &[u8]) -> Result<(&'static str, u32, u32), ToolError> {
    let wrong = |message: String| ToolError::field("fileContent", message);
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| wrong(format!("the image cannot be read: {error}")))?;
    let content_type = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::Jpeg) => "image/jpeg",
        _ => return Err(wrong("the content is not a PNG or JPEG image".to_owned())),
    };
    let (width, height) =
        reader.into_dimensions().map_err(|error| wrong(format!("the image cannot be read: {error}")))?;
    if width == 0 || height == 0 || width.max(height) > MAX_SIDE {
        return Err(wrong(format!(
            "the image has {width} × {height} pixels; 1 to {MAX_SIDE} a side are allowed"
        )));
    }
    Ok((content_type, width, height))
}
