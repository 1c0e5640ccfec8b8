//! `upload_audio_file`, `get_audio_file`, and the streaming upload behind `/upload/audio`.

use super::describe::{DescribeFile, FilesTool};
use super::file::{self, StoredFile};
use super::in_use;
use super::upload::UploadInput;
use crate::engine::catalog::objects::{MAX_AUDIO_BYTES, next_chunk};
use crate::engine::catalog::recordings::Uploader;
use crate::engine::catalog::{Catalog, NewObject, ObjectInfo, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::content::{self, AUDIO_IN_WORDS, SNIFF_BYTES};
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::tool::AwsResource;
use bytes::{Bytes, BytesMut};
use futures::stream::{self, BoxStream, StreamExt};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Stores a small audio file.
pub struct UploadAudioFile;

impl Operation for UploadAudioFile {
    const NAME: &'static str = "upload_audio_file";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = UploadInput;
    type Output = StoredFile;

    fn resources(input: &UploadInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.resource(BucketRole::Audio, catalog)
    }

    fn subject(input: &UploadInput) -> Subject {
        Subject::bytes(Some(input.size()))
    }

    async fn run(input: UploadInput, context: Context) -> Result<StoredFile, ToolError> {
        let bytes = input.content("use create_upload_url instead")?;
        let content_type = content::audio_type(&bytes).ok_or_else(|| not_audio("fileContent"))?;
        input.store(bytes, content_type, BucketRole::Audio, &context).await
    }
}

impl Tool for UploadAudioFile {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Upload an audio file";
    const DESCRIPTION: &'static str = "Stores an audio file of at most 16 MiB in the label's audio bucket. \
        The content decides what it is, not its name. For larger files use create_upload_url.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Audio, catalog);
        let name = "The name it gets in the bucket, for instance `masters/night-drive.wav`.";
        choices::refine(schema, "fileName", &json!({ "description": name }));
        let content = "The file, at most 16 MiB in a call. Larger ones go to `PUT /upload/audio`, or to an \
                       address of `create_upload_url`.";
        choices::refine(
            schema,
            "fileContent",
            &json!({ "description": content, "contentMediaType": "audio/*" }),
        );
        let metadata = "What to keep with the file, for instance its ISRC.";
        choices::refine(schema, "metadata", &json!({ "description": metadata }));
    }
}

/// Describes a stored audio file.
pub type GetAudioFile = DescribeFile<OneAudioFile>;

/// One audio file.
pub struct OneAudioFile;

impl FilesTool for OneAudioFile {
    const ROLE: BucketRole = BucketRole::Audio;
    const NAME: &'static str = "get_audio_file";
    const TITLE: &'static str = "Get an audio file";
    const DESCRIPTION: &'static str = "Describes an audio file and gives addresses to play or download it: \
        one in Patchline, and, once it has been checked, one that works for 15 minutes without sign-in. \
        With includeVersions it lists the versions that are kept; with versionId it describes one of them.";
}

/// An audio file of any size, as a stream. The stream itself is not recorded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamAudioInput {
    /// The bucket; none for the default.
    pub bucket_name: Option<String>,
    /// The name it gets.
    pub file_name: String,
    /// The size that the sender announced.
    pub announced_bytes: Option<u64>,
    /// What to keep with the file.
    pub metadata: BTreeMap<String, String>,
    /// Whether a file of the same name is replaced.
    pub overwrite: bool,
    /// The bytes.
    #[serde(skip)]
    pub content: BoxStream<'static, Result<Bytes, String>>,
}

/// Stores an audio file of any size without holding it in memory.
pub struct StreamAudio;

impl Operation for StreamAudio {
    const NAME: &'static str = "upload_audio_stream";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Transfer;
    type Input = StreamAudioInput;
    type Output = StoredFile;

    fn resources(input: &StreamAudioInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        file::written_resource(input.bucket_name.as_deref(), &input.file_name, BucketRole::Audio, catalog)
    }

    fn subject(input: &StreamAudioInput) -> Subject {
        Subject::bytes(input.announced_bytes)
    }

    async fn run(input: StreamAudioInput, context: Context) -> Result<StoredFile, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) =
            file::locate(input.bucket_name.as_deref(), &input.file_name, BucketRole::Audio, catalog)?;
        file::check_metadata(&input.metadata)?;
        if input.announced_bytes.is_some_and(|bytes| bytes > MAX_AUDIO_BYTES) {
            let detail =
                "at most 5 GiB are allowed; send it at a lower resolution, or as one file for each track"
                    .to_owned();
            return Err(ToolError::TooLarge { field: "file", detail });
        }
        let (head, whole) = with_head(input.content).await?;
        let content_type = content::audio_type(&head).ok_or_else(|| not_audio("file"))?;
        let new = NewObject {
            bucket: bucket.to_owned(),
            key,
            content_type: content_type.to_owned(),
            metadata: input.metadata,
            overwrite: input.overwrite,
            change: context.change.clone(),
        };
        refuse_existing(&new, catalog).await?;
        let info = match catalog.store_stream(&new, catalog.largest_audio, whole).await {
            Ok(info) => info,
            Err(error) => return Err(in_use::or_exists(error, BucketRole::Audio, catalog).await),
        };
        to_be_processed(&info, &context).await;
        file::describe(info, &context).await
    }
}

/// Says that a recording was stored, so that somebody listens to it. Where that cannot be said now, the next look at
/// the bucket finds it.
pub(super) async fn to_be_processed(info: &ObjectInfo, context: &Context) {
    let uploader = Uploader { name: &context.actor, id: &context.owner };
    if let Err(error) = context.catalog.recording_stored(info, Some(uploader)).await {
        tracing::warn!(%error, key = info.key, "a recording waits for the next look at its bucket");
    }
}

/// Reads enough of a stream to recognise it, and gives it back whole.
async fn with_head(
    mut content: BoxStream<'static, Result<Bytes, String>>,
) -> Result<(Bytes, BoxStream<'static, Result<Bytes, String>>), ToolError> {
    let mut head = BytesMut::new();
    while head.len() < SNIFF_BYTES {
        match next_chunk(&mut content).await? {
            Some(chunk) => head.extend_from_slice(&chunk),
            None => break,
        }
    }
    if head.is_empty() {
        return Err(ToolError::field("file", "the file is empty"));
    }
    let head = head.freeze();
    let first = head.clone();
    Ok((head, stream::once(async { Ok(first) }).chain(content).boxed()))
}

/// Says early that a file exists, before gigabytes are sent in vain. The condition of the last request
/// still decides.
pub(super) async fn refuse_existing(new: &NewObject, catalog: &Catalog) -> Result<(), ToolError> {
    use crate::engine::catalog::CatalogError;
    if new.overwrite {
        return Ok(());
    }
    match catalog.object_info(&new.bucket, &new.key).await {
        Ok(_) => {
            let exists = CatalogError::Conflict { what: "file", id: exists(new, &new.key), current: None };
            Err(in_use::or_exists(exists, BucketRole::Audio, catalog).await)
        }
        Err(CatalogError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn exists(new: &NewObject, key: &ObjectKey) -> String {
    format!("{}/{key}", new.bucket)
}

pub(super) fn not_audio(field: &str) -> ToolError {
    ToolError::field(field, format!("the content is not audio that Patchline knows; {AUDIO_IN_WORDS}"))
}
