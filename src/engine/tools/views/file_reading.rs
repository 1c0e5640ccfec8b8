//! Files for programs: a list of any bucket of the label, and the whole content of a file that is not large.

use crate::engine::catalog::{Catalog, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::pictures::{self, Wanted};
use crate::engine::tools::s3::{FileList, FileOrder, ListInput};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices, quarantine};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// The largest content that is read whole.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Which files.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListFilesInput {
    /// The bucket.
    pub bucket_name: String,
    /// How their names begin.
    pub prefix: String,
    /// How many at most.
    pub most: u32,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Lists the files of a bucket, whatever it is for.
pub struct ListFiles;

impl Operation for ListFiles {
    const NAME: &'static str = "list_files";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = ListFilesInput;
    type Output = FileList;

    fn resources(input: &ListFilesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        role(&input.bucket_name, catalog)?;
        Ok(vec![choices::s3("ListBucket", &input.bucket_name, &input.prefix)])
    }

    async fn run(input: ListFilesInput, context: Context) -> Result<FileList, ToolError> {
        let role = role(&input.bucket_name, &context.catalog)?;
        let ListFilesInput { bucket_name, prefix, most, cursor } = input;
        let list = ListInput {
            bucket_name: Some(bucket_name),
            prefix,
            max_keys: most,
            order: FileOrder::Name,
            cursor,
        };
        list.list(role, &context).await
    }
}

/// Which file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadFileInput {
    /// The bucket.
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: ObjectKey,
    /// Whether whoever asks may hear what nobody has listened to yet.
    #[serde(skip)]
    pub before_release: bool,
}

/// A file with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// The media type.
    pub content_type: String,
    /// The content.
    pub content: Vec<u8>,
}

/// Reads a file whole.
pub struct ReadFile;

impl Operation for ReadFile {
    const NAME: &'static str = "read_file";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ReadFileInput;
    type Output = FileContent;

    fn resources(input: &ReadFileInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        role(&input.bucket_name, catalog)?;
        Ok(vec![choices::s3("GetObject", &input.bucket_name, input.file_name.as_str())])
    }

    async fn run(input: ReadFileInput, context: Context) -> Result<FileContent, ToolError> {
        let catalog = &context.catalog;
        let info = catalog.object_info(&input.bucket_name, &input.file_name).await?;
        if info.bytes > LARGEST {
            let detail = format!(
                "it has {} bytes, and at most 8 MiB are read whole; get_audio_file, get_artwork and \
                 get_contract give an address to download it",
                info.bytes
            );
            return Err(ToolError::TooLarge { field: "fileName", detail });
        }
        let is_picture = catalog.buckets.role_of(&input.bucket_name) == Some(BucketRole::Artwork);
        let opened = if is_picture {
            let (bucket, key) = (input.bucket_name.as_str(), &input.file_name);
            let wanted = Wanted { bucket, key, version: None, range: None, side: None, known: &[] };
            pictures::open(wanted, &context).await?
        } else {
            catalog.open_object(&input.bucket_name, &input.file_name, None, None).await?
        };
        if !input.before_release {
            let (key, etag) = (input.file_name.as_str(), opened.etag.as_str());
            quarantine::check_release(catalog, &input.bucket_name, key, etag, &context.owner).await?;
        }
        let content_type = opened.content_type;
        let bytes = opened.body.collect().await;
        let bytes = bytes
            .map_err(|error| ToolError::NotAvailable(format!("The file could not be read: {error}.")))?;
        Ok(FileContent { content_type, content: bytes.to_vec() })
    }
}

fn role(bucket: &str, catalog: &Catalog) -> Result<BucketRole, ToolError> {
    catalog.buckets.role_of(bucket).ok_or_else(|| ToolError::NotConfigured {
        what: "bucket",
        field: "bucketName",
        name: bucket.to_owned(),
        allowed: catalog.buckets.all().map(str::to_owned).collect(),
    })
}
