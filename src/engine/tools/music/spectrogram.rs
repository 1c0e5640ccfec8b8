//! The spectrogram of a stored recording, for its page.

use super::process_audio::locate;
use super::spool::Spooled;
use crate::engine::catalog::Catalog;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::tool::AwsResource;
use crate::music::audio::{AudioError, Spectrogram, spectrogram};
use moka::future::Cache;
use serde::Serialize;
use std::sync::{Arc, LazyLock};

/// Spectrograms that were drawn lately, by place and fingerprint of the recording: some megabytes.
static DRAWN: LazyLock<Cache<String, Arc<Spectrogram>>> = LazyLock::new(|| Cache::new(24));

/// Names a recording.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenSpectrogramInput {
    /// The bucket.
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: String,
}

/// A spectrogram, and the fingerprint of what it is of.
#[derive(Debug, Clone)]
pub struct OpenedSpectrogram {
    /// The picture.
    pub picture: Arc<Spectrogram>,
    /// The `ETag` of the recording.
    pub etag: String,
}

/// Draws the spectrogram of a recording.
pub struct OpenSpectrogram;

impl Operation for OpenSpectrogram {
    const NAME: &'static str = "open_spectrogram";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Transfer;
    type Input = OpenSpectrogramInput;
    type Output = OpenedSpectrogram;

    fn resources(input: &OpenSpectrogramInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = locate(Some(&input.bucket_name), &input.file_name, catalog)?;
        Ok(vec![choices::s3("GetObject", bucket, key.as_str())])
    }

    async fn run(input: OpenSpectrogramInput, context: Context) -> Result<OpenedSpectrogram, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = locate(Some(&input.bucket_name), &input.file_name, catalog)?;
        let etag = catalog.object_info(bucket, &key).await?.etag;
        let name = format!("{bucket}/{key} {etag}");
        if let Some(picture) = DRAWN.get(&name).await {
            return Ok(OpenedSpectrogram { picture, etag });
        }
        let spooled = Spooled::fetch(catalog, bucket, &key, context.progress.clone()).await?;
        let drawn = spooled.with::<Result<_, AudioError>, _>(|file, watch| spectrogram(file, watch)).await?;
        let picture = Arc::new(drawn.map_err(|error| match error {
            AudioError::Read(error) => {
                ToolError::NotAvailable(format!("The recording could not be read: {error}. Try again."))
            }
            error => ToolError::field("fileName", format!("no spectrogram can be drawn: {error}")),
        })?);
        DRAWN.insert(name, Arc::clone(&picture)).await;
        Ok(OpenedSpectrogram { picture, etag })
    }
}
