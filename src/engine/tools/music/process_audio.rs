//! `process_audio`: everything that can be found out about a stored recording, with the quality check.

use super::audio_report;
use super::spool::Spooled;
use crate::engine::catalog::{Catalog, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::audio::AudioReport;
use crate::model::tool::AwsResource;
use crate::music::audio::{AudioError, analyze, tags};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Names a recording, and the store for which it is checked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProcessAudioInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The file's name in the bucket, for instance `masters/night-drive.wav`.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// Whose rules are applied to the findings; those of usual distributors unless given.
    #[schemars(title = "Profile")]
    pub profile: Option<StoreProfile>,
}

/// The stores whose rules are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StoreProfile {
    /// What distributors usually ask for.
    Distributor,
    /// Spotify.
    Spotify,
    /// Apple Music.
    Apple,
}

impl StoreProfile {
    /// The profile with a name; none where there is none of it.
    pub(in crate::engine::tools) fn of_id(id: &str) -> Option<Self> {
        [Self::Distributor, Self::Spotify, Self::Apple].into_iter().find(|profile| profile.id() == id)
    }

    /// The name in the table of profiles.
    pub(in crate::engine::tools) fn id(self) -> &'static str {
        match self {
            StoreProfile::Distributor => "distributor",
            StoreProfile::Spotify => "spotify",
            StoreProfile::Apple => "apple",
        }
    }
}

/// Finds out everything about a recording.
pub struct ProcessAudio;

impl Operation for ProcessAudio {
    const NAME: &'static str = "process_audio";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Transfer;
    type Input = ProcessAudioInput;
    type Output = AudioReport;

    fn resources(input: &ProcessAudioInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = locate(input.bucket_name.as_deref(), &input.file_name, catalog)?;
        Ok(vec![choices::s3("GetObject", bucket, key.as_str())])
    }

    async fn run(input: ProcessAudioInput, context: Context) -> Result<AudioReport, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = locate(input.bucket_name.as_deref(), &input.file_name, catalog)?;
        let profile = input.profile.unwrap_or(StoreProfile::Distributor).id();
        let spooled = Spooled::fetch(catalog, bucket, &key, context.progress.clone()).await?;
        let (info, sha256) = (spooled.info.clone(), spooled.sha256.clone());
        let found = spooled.with::<Result<_, AudioError>, _>(|file, watch| {
            let analysis = analyze(file, watch)?;
            Ok((analysis, tags::read(file)?))
        });
        match found.await? {
            Ok((analysis, tags)) => Ok(audio_report::full(&info, sha256, profile, &analysis, &tags)),
            Err(AudioError::Read(error)) => {
                Err(ToolError::NotAvailable(format!("The recording could not be read: {error}. Try again.")))
            }
            Err(error) => Ok(audio_report::unreadable(&info, sha256, &error)),
        }
    }
}

impl Tool for ProcessAudio {
    const SERVER: Server = Server::Music;
    const TITLE: &'static str = "Check a recording";
    const DESCRIPTION: &'static str = "Listens to a stored recording from the first to the last sample: format, \
        tags, loudness and true peak, what each store will add or take away, tempo and key, and the quality check \
        with places, limits and remedies for a store. It changes nothing.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Audio, catalog);
    }
}

/// The bucket and the key of a recording, checked.
pub(super) fn locate<'a>(
    bucket_name: Option<&'a str>,
    file_name: &str,
    catalog: &'a Catalog,
) -> Result<(&'a str, ObjectKey), ToolError> {
    let bucket = choices::bucket(bucket_name, BucketRole::Audio, catalog)?;
    let key = file_name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))?;
    Ok((bucket, key))
}
