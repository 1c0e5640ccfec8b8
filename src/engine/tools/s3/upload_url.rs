//! `create_upload_url`: an address to which a large audio file can be sent directly.

use super::file;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::objects::MAX_AUDIO_BYTES;
use crate::engine::catalog::recordings::Uploader;
use crate::engine::config::BucketRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// What will be uploaded.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadUrlInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The name the file gets in the bucket.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// The exact size of the file in bytes, at most 5 GiB. The address takes no other size.
    #[schemars(title = "Size", range(min = 1))]
    pub size_bytes: u64,
    /// The media type of the file.
    #[schemars(title = "Media type", regex(pattern = r"^audio/[a-z0-9.+-]{1,60}$"))]
    #[serde(default = "default_type")]
    pub content_type: String,
    /// For how many seconds the address works.
    #[schemars(title = "Lifetime", range(min = 60, max = 3600))]
    #[serde(default = "default_lifetime")]
    pub expires_in_seconds: u32,
}

fn default_type() -> String {
    "audio/wav".to_owned()
}

fn default_lifetime() -> u32 {
    900
}

/// How to send the file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadUrl {
    /// The address.
    #[schemars(title = "Address")]
    pub url: String,
    /// The HTTP method: `PUT`.
    pub method: String,
    /// The headers that the request must carry.
    pub headers: BTreeMap<String, String>,
    /// Until when it works, RFC 3339 in UTC.
    #[schemars(title = "Works until")]
    pub expires_at: String,
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: String,
}

/// Makes an upload address.
pub struct CreateUploadUrl;

impl Operation for CreateUploadUrl {
    const NAME: &'static str = "create_upload_url";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Call;
    type Input = UploadUrlInput;
    type Output = UploadUrl;

    fn resources(input: &UploadUrlInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        file::written_resource(input.bucket_name.as_deref(), &input.file_name, BucketRole::Audio, catalog)
    }

    fn subject(input: &UploadUrlInput) -> Subject {
        Subject::bytes(Some(input.size_bytes))
    }

    async fn run(input: UploadUrlInput, context: Context) -> Result<UploadUrl, ToolError> {
        if input.size_bytes > MAX_AUDIO_BYTES {
            let detail = "at most 5 GiB are allowed; split the recording".to_owned();
            return Err(ToolError::TooLarge { field: "sizeBytes", detail });
        }
        let (bucket, key) = file::locate(
            input.bucket_name.as_deref(),
            &input.file_name,
            BucketRole::Audio,
            &context.catalog,
        )?;
        let lifetime = Duration::from_secs(input.expires_in_seconds.into());
        let address = context
            .catalog
            .presign_put(bucket, &key, &input.content_type, input.size_bytes, lifetime)
            .await?
            .ok_or_else(|| {
                ToolError::NotAvailable(
                    "The embedded AWS does not listen, so there is no address to upload to. \
                     Set PATCHLINE_EMBEDDED_AWS_ADDR to 127.0.0.1:0, or send the file to PUT /upload/audio."
                        .to_owned(),
                )
            })?;
        let uploader = Uploader { name: &context.actor, id: &context.owner };
        if let Err(error) = context.catalog.recording_announced(bucket, &key, uploader).await {
            tracing::warn!(%error, %key, "it will not be known who sent this recording");
        }
        Ok(UploadUrl {
            url: address.url,
            method: "PUT".to_owned(),
            headers: address.headers,
            expires_at: (context.now + lifetime).to_string(),
            bucket_name: bucket.to_owned(),
            file_name: key.to_string(),
        })
    }
}

impl Tool for CreateUploadUrl {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Create an upload address";
    const DESCRIPTION: &'static str = "Makes an address to which an audio file of up to 5 GiB can be sent \
        with HTTP PUT for a while, without sign-in. It takes exactly the announced size and never \
        replaces a file.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Audio, catalog);
    }
}
