//! `list_audio_files`, and the page of files that listings answer with.

use super::describe::FilesTool;
use super::own_files::OwnFiles;
use crate::engine::catalog::objects::ListedObject;
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey, ObjectKeyError, decode_token, encode_token};
use crate::engine::config::BucketRole;
use crate::engine::tools::s3::media_url;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::marker::PhantomData;

/// How many files are read at once to find the newest, and how often at most.
const PAGE: u32 = 1000;
const MOST_PAGES: u32 = 20;

/// Which files to list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// Only files whose names begin so, for instance `masters/`.
    #[schemars(title = "Begins with", length(max = 1024))]
    #[serde(default)]
    pub prefix: String,
    /// How many files at most.
    #[schemars(title = "Files on a page", range(min = 1, max = 1000))]
    #[serde(default = "default_keys")]
    pub max_keys: u32,
    /// In which order. The newest files are one page, without a cursor.
    #[schemars(title = "Order")]
    #[serde(default)]
    pub order: FileOrder,
    /// Where the page begins: `nextCursor` of the page before.
    #[schemars(title = "Cursor")]
    pub cursor: Option<String>,
}

/// In which order files are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub enum FileOrder {
    /// By their names.
    #[default]
    Name,
    /// By when they were stored, the newest first.
    Newest,
}

fn default_keys() -> u32 {
    100
}

/// A page of files.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileList {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: String,
    /// The files, in the order that was asked for.
    pub files: Vec<ListedFile>,
    /// The cursor of the next page; none on the last.
    pub next_cursor: Option<String>,
    /// What there is to know beside the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// A line of a page of files.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedFile {
    /// The file's name in the bucket.
    pub file_name: String,
    /// Size in bytes.
    #[schemars(title = "Size")]
    pub size_bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    #[schemars(title = "Stored")]
    pub last_modified: Option<String>,
    /// The `ETag` of its content.
    #[schemars(title = "Fingerprint")]
    pub etag: String,
    /// The address in Patchline.
    #[schemars(title = "Address")]
    pub url: String,
}

impl ListInput {
    fn resource(&self, role: BucketRole, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        // No file has such a name, and S3 could not write it in its answer.
        if let Err(error @ ObjectKeyError::Character(_)) = self.prefix.parse::<ObjectKey>() {
            return Err(ToolError::field("prefix", error.to_string()));
        }
        let bucket = choices::bucket(self.bucket_name.as_deref(), role, catalog)?;
        Ok(vec![choices::s3("ListBucket", bucket, &self.prefix)])
    }

    pub(in crate::engine::tools) async fn list(
        self,
        role: BucketRole,
        context: &Context,
    ) -> Result<FileList, ToolError> {
        let catalog = &context.catalog;
        let bucket = choices::bucket(self.bucket_name.as_deref(), role, catalog)?;
        if self.order == FileOrder::Newest {
            return self.newest(role, bucket, context).await;
        }
        let of = context.scope.of_cursor();
        let question = format!("files of {bucket} that begin with {}{of}", self.prefix);
        let token = self.cursor.as_deref().map(|text| decode_token(text, &question)).transpose()?;
        let (objects, next) = self.page(role, bucket, self.max_keys, token, context).await?;
        let files = objects.into_iter().map(|object| ListedFile::of(bucket, object));
        let next_cursor = next.map(|token| encode_token(&token, &question));
        Ok(FileList { bucket_name: bucket.to_owned(), files: files.collect(), next_cursor, notice: None })
    }

    /// A page in the order of names, and the token of the next: of all files, or of those of the artists in scope.
    async fn page(
        &self,
        role: BucketRole,
        bucket: &str,
        most: u32,
        token: Option<String>,
        context: &Context,
    ) -> Result<(Vec<ListedObject>, Option<String>), CatalogError> {
        match context.scope.artists() {
            Some(own) => {
                let wanted = OwnFiles { purpose: role, bucket, prefix: &self.prefix, own };
                wanted.page(&context.catalog, most, token).await
            }
            None => context.catalog.list_objects(bucket, &self.prefix, most, token).await,
        }
    }

    /// The newest files. S3 lists by name only, so all pages are read, up to a limit that is told.
    async fn newest(&self, role: BucketRole, bucket: &str, context: &Context) -> Result<FileList, ToolError> {
        if self.cursor.is_some() {
            return Err(ToolError::field("cursor", "the newest files are one page; leave the cursor out"));
        }
        let (mut files, mut token) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let (objects, next) = self.page(role, bucket, PAGE, token, context).await?;
            // What ends so is a mark of a folder.
            files.extend(objects.into_iter().filter(|object| !object.key.ends_with('/')));
            token = next;
            if token.is_none() {
                break;
            }
        }
        let notice = token.is_some().then(|| {
            let read = MOST_PAGES * PAGE;
            format!("There are more than {read} files; only the first of them by name were looked at.")
        });
        let stored = |object: &ListedObject| object.last_modified.as_deref()?.parse::<Timestamp>().ok();
        files.sort_by(|a, b| stored(b).cmp(&stored(a)).then_with(|| a.key.cmp(&b.key)));
        let files = files.into_iter().take(self.max_keys as usize);
        let files = files.map(|object| ListedFile::of(bucket, object)).collect();
        Ok(FileList { bucket_name: bucket.to_owned(), files, next_cursor: None, notice })
    }
}

impl ListedFile {
    fn of(bucket: &str, object: ListedObject) -> Self {
        Self {
            url: media_url(bucket, &object.key),
            file_name: object.key,
            size_bytes: object.bytes,
            last_modified: object.last_modified,
            etag: object.etag,
        }
    }
}

/// Lists files of one kind.
pub struct ListFiles<T>(PhantomData<T>);

impl<T: FilesTool> Operation for ListFiles<T> {
    const NAME: &'static str = T::NAME;
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = ListInput;
    type Output = FileList;

    fn resources(input: &ListInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.resource(T::ROLE, catalog)
    }

    async fn run(input: ListInput, context: Context) -> Result<FileList, ToolError> {
        input.list(T::ROLE, &context).await
    }
}

impl<T: FilesTool> Tool for ListFiles<T> {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = T::TITLE;
    const DESCRIPTION: &'static str = T::DESCRIPTION;

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, T::ROLE, catalog);
    }
}

/// Lists audio files.
pub type ListAudioFiles = ListFiles<AllAudio>;

/// All audio files.
pub struct AllAudio;

impl FilesTool for AllAudio {
    const ROLE: BucketRole = BucketRole::Audio;
    const NAME: &'static str = "list_audio_files";
    const TITLE: &'static str = "List audio files";
    const DESCRIPTION: &'static str =
        "Lists the label's audio files, page by page in the order of their names, or the newest first.";
}
