//! `get_waveform`: the waveform of a stored recording or of a part of it, as audiowaveform's JSON.

use super::process_audio::locate;
use super::spool::Spooled;
use crate::engine::catalog::Catalog;
use crate::engine::config::BucketRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use crate::music::audio::{AudioError, Bits, FINEST, LONGEST_SECONDS, Waveform, draw};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Points that are given when nobody says how fine they should be.
const USUAL_POINTS: usize = 4000;
/// Points that are given at most.
const MOST_POINTS: usize = 50_000;
/// Points at the finest usual resolution of the longest recording that is read.
const FINEST_POINTS: usize = 20_000_000;

/// Names a recording, and what of it is drawn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WaveformInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The file's name in the bucket, for instance `masters/night-drive.wav`.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// How many samples a point stands for; unless given, as many as make at most 4,000 points.
    #[schemars(title = "Samples of a point", range(min = 2, max = 10_000_000))]
    pub samples_per_pixel: Option<u32>,
    /// Where it begins, in seconds; at the beginning unless given.
    #[schemars(title = "From", range(min = 0, max = 10_800))]
    pub from: Option<f64>,
    /// Where it ends, in seconds; at the end unless given.
    #[schemars(title = "To", range(min = 0, max = 10_800))]
    pub to: Option<f64>,
}

/// A waveform in the format of the BBC's audiowaveform, whose names have underscores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaveformData {
    /// The version of the format: 2.
    pub version: u32,
    /// How many channels: 1, all mixed.
    pub channels: u32,
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Frames of a point.
    pub samples_per_pixel: u32,
    /// Bits of a value: 16.
    pub bits: u32,
    /// How many points.
    pub length: u32,
    /// The low and the high of each point, one after the other.
    pub data: Vec<i16>,
}

/// Draws a recording.
pub struct GetWaveform;

impl Operation for GetWaveform {
    const NAME: &'static str = "get_waveform";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Transfer;
    type Input = WaveformInput;
    type Output = WaveformData;

    fn resources(input: &WaveformInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = locate(input.bucket_name.as_deref(), &input.file_name, catalog)?;
        part(input)?;
        Ok(vec![choices::s3("GetObject", bucket, key.as_str())])
    }

    async fn run(input: WaveformInput, context: Context) -> Result<WaveformData, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = locate(input.bucket_name.as_deref(), &input.file_name, catalog)?;
        let part = part(&input)?;
        let wanted = input.samples_per_pixel;
        let most = if wanted.is_some() { MOST_POINTS } else { FINEST_POINTS };
        let spooled = Spooled::fetch(catalog, bucket, &key, context.progress.clone()).await?;
        let drawn =
            spooled.with(move |file, watch| draw(file, wanted.unwrap_or(FINEST), most, part, watch)).await?;
        match drawn {
            Ok(waveform) if wanted.is_some() => written(&waveform),
            Ok(waveform) => written(&usual(waveform)),
            Err(AudioError::Read(error)) => {
                Err(ToolError::NotAvailable(format!("The recording could not be read: {error}. Try again.")))
            }
            Err(error) => Err(ToolError::field("fileName", error.to_string())),
        }
    }
}

impl Tool for GetWaveform {
    const SERVER: Server = Server::Music;
    const TITLE: &'static str = "Draw a recording";
    const DESCRIPTION: &'static str = "The waveform of a stored recording, or of a part of it, as the JSON of the \
        BBC's audiowaveform: the lowest and the highest value of every so many samples, all channels mixed.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Audio, catalog);
    }
}

/// The part that is drawn, in seconds.
fn part(input: &WaveformInput) -> Result<std::ops::Range<f64>, ToolError> {
    let (from, to) = (input.from.unwrap_or(0.0), input.to.unwrap_or(f64::from(LONGEST_SECONDS)));
    if from >= 0.0 && to > from {
        return Ok(from..to);
    }
    Err(ToolError::field("to", "the part must end after it begins"))
}

/// A waveform with so few points as are usual.
fn usual(mut waveform: Waveform) -> Waveform {
    while waveform.points.len() > USUAL_POINTS {
        waveform = waveform.coarser();
    }
    waveform
}

fn written(waveform: &Waveform) -> Result<WaveformData, ToolError> {
    if waveform.points.len() > MOST_POINTS {
        let message = "this makes more than 50,000 points; take more samples for each, or a shorter part";
        return Err(ToolError::field("samplesPerPixel", message));
    }
    let json = waveform.json(Bits::Sixteen);
    Ok(WaveformData {
        version: json.version,
        channels: json.channels,
        sample_rate: json.sample_rate,
        samples_per_pixel: json.samples_per_pixel,
        bits: json.bits,
        length: json.length,
        data: json.data,
    })
}
