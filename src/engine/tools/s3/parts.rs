//! Uploads in parts: `begin_upload`, `upload_part`, `finish_upload`, `cancel_upload`. Whoever loses the connection
//! begins once more with the same file, and is told which parts are there.

use super::audio::{not_audio, to_be_processed};
use super::file::{self, StoredFile};
use super::in_use;
use crate::engine::catalog::objects::{MAX_AUDIO_BYTES, PART_BYTES};
use crate::engine::catalog::uploads::KeptUpload;
use crate::engine::catalog::{Catalog, CatalogError, NewObject, ObjectInfo, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::content;
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, Subject, ToolError};
use crate::model::tool::AwsResource;
use crate::model::upload::{NewUpload, UploadSoFar};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::SignedDuration;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How long an upload can be taken up again.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long it is known of one that is finished what file it became: whoever did not hear the answer asks again.
const FINISHED_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The longest that a sender may write about when a file was changed, in characters.
const LONGEST_MODIFIED: usize = 64;

/// Begins an upload, or takes one up again.
pub struct BeginUpload;

impl Operation for BeginUpload {
    const NAME: &'static str = "begin_upload";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Call;
    type Input = NewUpload;
    type Output = UploadSoFar;

    fn resources(input: &NewUpload, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        file::written_resource(input.bucket_name.as_deref(), &input.file_name, BucketRole::Audio, catalog)
    }

    fn subject(input: &NewUpload) -> Subject {
        Subject::bytes(Some(input.size_bytes))
    }

    async fn run(input: NewUpload, context: Context) -> Result<UploadSoFar, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) =
            file::locate(input.bucket_name.as_deref(), &input.file_name, BucketRole::Audio, catalog)?;
        if input.size_bytes > MAX_AUDIO_BYTES.min(catalog.largest_audio) {
            let detail = "at most 5 GiB are allowed; send it as one file for each track".to_owned();
            return Err(ToolError::TooLarge { field: "sizeBytes", detail });
        }
        if input.size_bytes == 0 {
            return Err(ToolError::field("file", "the file is empty"));
        }
        if input.modified.trim().is_empty() || input.modified.len() > LONGEST_MODIFIED {
            let message = "say when the file was changed last, so that no other file is taken for it";
            return Err(ToolError::field("modified", message));
        }
        let head = STANDARD
            .decode(&input.head)
            .map_err(|error| ToolError::field("head", format!("this is not base64: {error}")))?;
        let content_type = content::audio_type(&head).ok_or_else(|| not_audio("file"))?;
        let id = name(&context.owner, bucket, &key, &input);
        if let Some(known) = catalog.upload(&id).await?
            && known.content_type == content_type
        {
            // Of one that is finished whoever begins again is told so, unless its file is not there any more.
            if known.finished.is_none() || file_of(&known, catalog).await?.is_some() {
                return Ok(so_far(&known));
            }
            catalog.forget_upload(&known.id).await?;
        }
        let new = NewObject {
            bucket: bucket.to_owned(),
            key,
            content_type: content_type.to_owned(),
            metadata: BTreeMap::new(),
            overwrite: input.overwrite,
            change: context.change.clone(),
        };
        super::audio::refuse_existing(&new, catalog).await?;
        let upload = KeptUpload {
            id,
            owner: context.owner.clone(),
            upload: catalog.begin_parts(&new).await?,
            bucket: new.bucket,
            key: new.key.to_string(),
            content_type: new.content_type,
            bytes: input.size_bytes,
            overwrite: input.overwrite,
            change: new.change,
            parts: BTreeMap::new(),
            expires_at: until(&context, KEPT),
            finished: None,
        };
        catalog.keep_upload(&upload).await?;
        Ok(so_far(&upload))
    }
}

/// The name of an upload: the same for the same file of the same person, so that it is found again.
fn name(owner: &str, bucket: &str, key: &ObjectKey, input: &NewUpload) -> String {
    let mut sha256 = Sha256::new();
    let overwrite = if input.overwrite { "replaces" } else { "adds" };
    let bytes = input.size_bytes.to_string();
    for part in
        [owner, bucket, key.as_str(), bytes.as_str(), input.modified.as_str(), input.head.as_str(), overwrite]
    {
        sha256.update(part.len().to_le_bytes());
        sha256.update(part);
    }
    hex::encode(sha256.finalize())
}

fn until(context: &Context, kept: SignedDuration) -> i64 {
    context.now.checked_add(kept).map_or(i64::MAX, jiff::Timestamp::as_second)
}

/// The file that a finished upload became, where it still is that file.
async fn file_of(upload: &KeptUpload, catalog: &Catalog) -> Result<Option<ObjectInfo>, ToolError> {
    let object = upload.object()?;
    match catalog.object_info(&object.bucket, &object.key).await {
        Ok(info) => Ok(Some(info).filter(|info| upload.finished.as_ref() == Some(&info.etag))),
        Err(CatalogError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn part_bytes() -> u64 {
    PART_BYTES as u64
}

fn so_far(upload: &KeptUpload) -> UploadSoFar {
    let (there, checksums) =
        upload.numbered().into_iter().map(|(number, part)| (number, part.sha256)).unzip();
    UploadSoFar {
        upload_id: upload.id.clone(),
        bucket_name: upload.bucket.clone(),
        file_name: upload.key.clone(),
        part_bytes: part_bytes(),
        parts: u32::try_from(upload.bytes.div_ceil(part_bytes())).unwrap_or(u32::MAX),
        there,
        checksums,
    }
}

/// Which upload. The file is named, too, so that the door can decide about it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadNamed {
    /// The upload.
    pub upload_id: String,
    /// The bucket; none for the default.
    pub bucket_name: Option<String>,
    /// The file's name in the bucket.
    pub file_name: String,
}

impl UploadNamed {
    fn resources(&self, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        file::written_resource(self.bucket_name.as_deref(), &self.file_name, BucketRole::Audio, catalog)
    }

    /// The upload, where it is the caller's and of this file.
    async fn find(&self, context: &Context) -> Result<(KeptUpload, NewObject), ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) =
            file::locate(self.bucket_name.as_deref(), &self.file_name, BucketRole::Audio, catalog)?;
        let found = catalog.upload(&self.upload_id).await?;
        let own = found.filter(|upload| {
            upload.owner == context.owner && upload.bucket == bucket && upload.key == key.as_str()
        });
        let id = self.upload_id.chars().take(100).collect();
        let upload = own.ok_or(CatalogError::NotFound { what: "upload", id })?;
        let object = upload.object()?;
        Ok((upload, object))
    }
}

/// A part of a file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadPartInput {
    /// Of which upload.
    #[serde(flatten)]
    pub upload: UploadNamed,
    /// The number of the part, from 1.
    pub number: u32,
    /// The SHA-256 of its content in base64, as the sender has calculated it.
    pub sha256: Option<String>,
    /// Its content.
    #[serde(skip)]
    pub content: Bytes,
}

/// Stores a part of a file.
pub struct UploadPart;

impl Operation for UploadPart {
    const NAME: &'static str = "upload_part";
    const EFFECT: Effect = Effect::Adds;
    // What is sent was limited when it was begun.
    const CLASS: Class = Class::Page;
    type Input = UploadPartInput;
    type Output = UploadSoFar;

    fn resources(input: &UploadPartInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.upload.resources(catalog)
    }

    fn subject(input: &UploadPartInput) -> Subject {
        Subject::bytes(u64::try_from(input.content.len()).ok())
    }

    async fn run(input: UploadPartInput, context: Context) -> Result<UploadSoFar, ToolError> {
        let catalog = &context.catalog;
        let UploadPartInput { upload: named, number, sha256: given, content } = input;
        let (mut upload, object) = named.find(&context).await?;
        if upload.finished.is_some() {
            return Err(given_up(catalog, &upload).await);
        }
        check_size(&upload, number, content.len() as u64)?;
        let sha256 = digest(content.clone()).await?;
        if given.is_some_and(|given| given != sha256) {
            let message = "this part did not arrive as it was sent; send it again";
            return Err(ToolError::field("sha256", message));
        }
        let sent = catalog.send_one_part(&object, &upload.upload, number, &sha256, content).await;
        let part = match sent {
            Err(CatalogError::NotFound { .. }) => return Err(given_up(catalog, &upload).await),
            sent => sent?,
        };
        if !catalog.keep_part(&upload, number, &part).await? {
            return Err(given_up(catalog, &upload).await);
        }
        upload.parts.insert(number.to_string(), part);
        Ok(so_far(&upload))
    }
}

fn check_size(upload: &KeptUpload, number: u32, bytes: u64) -> Result<(), ToolError> {
    let before = u64::from(number).checked_sub(1).map(|before| before * part_bytes());
    let left = before.and_then(|before| upload.bytes.checked_sub(before)).unwrap_or_default();
    let wanted = left.min(part_bytes());
    if wanted == 0 {
        return Err(ToolError::field("number", "the file has no such part"));
    }
    if bytes != wanted {
        return Err(ToolError::field(
            "content",
            format!("this part has to have {wanted} bytes, not {bytes}"),
        ));
    }
    Ok(())
}

/// The SHA-256 in base64, on a thread that may be busy for a while.
async fn digest(content: Bytes) -> Result<String, ToolError> {
    let digest = tokio::task::spawn_blocking(move || STANDARD.encode(Sha256::digest(&content)));
    digest.await.map_err(|error| ToolError::NotAvailable(format!("The part could not be checked: {error}.")))
}

/// Forgets an upload that S3 does not know any more, or whose file is not what it became, and says so.
async fn given_up(catalog: &Catalog, upload: &KeptUpload) -> ToolError {
    if let Err(error) = catalog.forget_upload(&upload.id).await {
        return error.into();
    }
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Conflict,
        message: "This upload was given up meanwhile, and its parts are gone.".to_owned(),
        remedy: "Begin it again.".to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}

/// Makes a file of the parts.
pub struct FinishUpload;

impl Operation for FinishUpload {
    const NAME: &'static str = "finish_upload";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = UploadNamed;
    type Output = StoredFile;

    fn resources(input: &UploadNamed, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.resources(catalog)
    }

    fn subject(_: &UploadNamed) -> Subject {
        // It brings nothing: the size of the file was decided about when it was begun.
        Subject::bytes(Some(0))
    }

    async fn run(input: UploadNamed, context: Context) -> Result<StoredFile, ToolError> {
        let catalog = &context.catalog;
        let (upload, object) = input.find(&context).await?;
        if upload.finished.is_some() {
            return match file_of(&upload, catalog).await? {
                Some(info) => file::describe(info, &context).await,
                None => Err(given_up(catalog, &upload).await),
            };
        }
        let missing = so_far(&upload).missing();
        if let Some(first) = missing.first() {
            let message = format!("{} parts are missing, the first of them part {first}", missing.len());
            return Err(ToolError::field("uploadId", message));
        }
        let info = match catalog.join_parts(&object, &upload.upload, &upload.numbered()).await {
            Ok(info) => info,
            Err(CatalogError::NotFound { .. }) => return Err(given_up(catalog, &upload).await),
            Err(error) => return Err(in_use::or_exists(error, BucketRole::Audio, catalog).await),
        };
        let (finished, expires_at) = (Some(info.etag.clone()), until(&context, FINISHED_KEPT));
        catalog.keep_upload(&KeptUpload { expires_at, finished, ..upload }).await?;
        to_be_processed(&info, &context).await;
        file::describe(info, &context).await
    }
}

/// Gives an upload up.
pub struct CancelUpload;

impl Operation for CancelUpload {
    const NAME: &'static str = "cancel_upload";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = UploadNamed;
    type Output = ();

    fn resources(input: &UploadNamed, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.resources(catalog)
    }

    fn subject(_: &UploadNamed) -> Subject {
        // It brings nothing: the size of the file was decided about when it was begun.
        Subject::bytes(Some(0))
    }

    async fn run(input: UploadNamed, context: Context) -> Result<(), ToolError> {
        let (upload, object) = input.find(&context).await?;
        // Of one that is finished there is nothing to be given up but what is known of it.
        if upload.finished.is_some() {
            return Ok(context.catalog.forget_upload(&upload.id).await?);
        }
        context.catalog.give_up_parts(&object, &upload.upload).await?;
        context.catalog.forget_upload(&upload.id).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(bytes: u64) -> KeptUpload {
        KeptUpload {
            id: "u".to_owned(),
            owner: "usr_1".to_owned(),
            bucket: "patchline-audio".to_owned(),
            key: "a.wav".to_owned(),
            upload: "s3".to_owned(),
            content_type: "audio/wav".to_owned(),
            bytes,
            overwrite: false,
            change: "c".to_owned(),
            parts: BTreeMap::new(),
            expires_at: 0,
            finished: None,
        }
    }

    #[test]
    fn each_part_has_its_size_and_there_is_no_other_part() {
        let upload = upload(part_bytes() + 5);
        assert_eq!(so_far(&upload).parts, 2);
        assert!(check_size(&upload, 1, part_bytes()).is_ok());
        assert!(check_size(&upload, 2, 5).is_ok());
        for (number, bytes) in [(0, 5), (1, 5), (2, part_bytes()), (3, 0), (3, 5)] {
            assert!(check_size(&upload, number, bytes).is_err(), "part {number} of {bytes}");
        }
    }
}
