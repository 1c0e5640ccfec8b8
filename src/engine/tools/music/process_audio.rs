//! `process_audio`: everything that can be found out about a stored recording, with the quality check.

use super::audio_report;
use super::spool::Spooled;
use super::stated::{put_stated, stated_of};
use crate::engine::catalog::{Catalog, ObjectInfo, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Progress, Server, Tool, ToolError, choices,
};
use crate::model::audio::AudioReport;
use crate::model::recording::RecordingReport;
use crate::model::tool::AwsResource;
use crate::music::audio::{AcousticPrint, AudioError, Tags, analyze, tags};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek};

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
        let mut found = examine(catalog, bucket, &key, context.progress.clone()).await?.report;
        if let Some(said) = stated_of(catalog, bucket, key.as_str(), &found.report.sha256).await? {
            put_stated(&mut found, &said);
        }
        let RecordingReport { report, profiles, .. } = found;
        Ok(audio_report::with_profile(report, &profiles, Some(profile)))
    }
}

/// What was found out about a stored recording.
pub(crate) struct Examined {
    /// What the bucket says of the file that was listened to.
    pub(crate) info: ObjectInfo,
    /// The report.
    pub(crate) report: RecordingReport,
    /// What it sounds like, to be known again; empty where nothing could be read.
    pub(crate) print: AcousticPrint,
    /// Why it is no recording at all, where it is none.
    pub(crate) unreadable: Option<String>,
}

/// Finds out everything about a stored recording.
pub(crate) async fn examine(
    catalog: &Catalog,
    bucket: &str,
    key: &ObjectKey,
    progress: Progress,
) -> Result<Examined, ToolError> {
    let spooled = Spooled::fetch(catalog, bucket, key, progress).await?;
    let info = spooled.info.clone();
    let found = spooled.with(|file, watch| -> Result<_, AudioError> {
        let sha256 = digest(file)?;
        let analysis = analyze(file, watch);
        let tags = if analysis.is_ok() { tags::read(file)? } else { (Tags::default(), None) };
        Ok((sha256, analysis, tags))
    });
    let (sha256, analysis, tags) = found.await?.map_err(|error| unread(&error))?;
    match analysis {
        Ok(analysis) => {
            let report = audio_report::full(&info, sha256, &analysis, &tags);
            Ok(Examined { info, report, print: analysis.print, unreadable: None })
        }
        Err(error @ (AudioError::Read(_) | AudioError::Stopped)) => Err(unread(&error)),
        Err(error) => {
            let report = audio_report::unreadable(&info, sha256, &error);
            let print = AcousticPrint::default();
            Ok(Examined { info, report, print, unreadable: Some(error.to_string()) })
        }
    }
}

fn unread(error: &AudioError) -> ToolError {
    ToolError::NotAvailable(format!("The recording could not be read: {error}. Try again."))
}

/// The SHA-256 of a file in hex. It is left at its start.
fn digest<R: Read + Seek>(file: &mut R) -> io::Result<String> {
    const PIECE: usize = 256 * 1024;
    let (mut sha256, mut piece) = (Sha256::new(), vec![0; PIECE]);
    file.rewind()?;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        sha256.update(&piece[..read]);
    }
    file.rewind()?;
    Ok(hex::encode(sha256.finalize()))
}

impl Tool for ProcessAudio {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Check a recording";
    const DESCRIPTION: &'static str = "Listens to a stored recording from the first to the last sample: format, \
        tags, loudness and true peak, what each store will add or take away, tempo and key as measured and as somebody \
        has stated them, and the quality check with places, limits and remedies for a store. It changes nothing.";

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
