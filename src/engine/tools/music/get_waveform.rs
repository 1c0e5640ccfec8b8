//! `get_waveform`: the waveform of a stored recording or of a part of it, as audiowaveform's JSON.

use super::process_audio::locate;
use super::spool::Spooled;
use crate::engine::catalog::{Catalog, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use crate::music::audio::{AudioError, Bits, FINEST, LONGEST_SECONDS, Waveform, draw};
use moka::future::Cache;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// Points that are given when nobody says how fine they should be.
const USUAL_POINTS: usize = 4000;
/// Points that are given at most.
const MOST_POINTS: usize = 50_000;
/// Points at the finest usual resolution of the longest recording that is read.
const FINEST_POINTS: usize = 20_000_000;
/// The most that waveforms which were drawn lately may take, in bytes: some twenty hours of sound.
const LARGEST_KEPT: u64 = 64 * 1024 * 1024;
/// What a point takes, in bytes.
const POINT_BYTES: usize = 4;

/// What was drawn lately, by place and fingerprint of the file, and channel.
static DRAWN: LazyLock<Cache<String, Arc<Waveform>>> = LazyLock::new(|| {
    let bytes = |drawn: &Waveform| drawn.points.len().saturating_mul(POINT_BYTES);
    Cache::builder()
        .max_capacity(LARGEST_KEPT)
        .weigher(move |_: &String, drawn: &Arc<Waveform>| u32::try_from(bytes(drawn)).unwrap_or(u32::MAX))
        .build()
});

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
    /// Where it begins, in seconds; at the beginning unless given. With points of 256, 512, 1024 … samples it begins
    /// with the 256 samples in which that lies.
    #[schemars(title = "From", range(min = 0, max = 10_800))]
    pub from: Option<f64>,
    /// Where it ends, in seconds; at the end unless given.
    #[schemars(title = "To", range(min = 0, max = 10_800))]
    pub to: Option<f64>,
    /// Which channel is drawn alone, from 1; all mixed unless given.
    #[schemars(title = "Channel", range(min = 1, max = 8))]
    pub channel: Option<u32>,
}

impl WaveformInput {
    /// So many samples of a point, or fewer, that the waveform is drawn from what is kept of it. What is finer than
    /// that stays as it is.
    pub(in crate::engine) fn quickly_drawn(samples: u32) -> u32 {
        let times = samples / FINEST;
        if times == 0 { samples.max(2) } else { FINEST << times.ilog2() }
    }
}

/// A waveform in the format of the BBC's audiowaveform, whose names have underscores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaveformData {
    /// The version of the format: 2.
    pub version: u32,
    /// How many channels are drawn: 1, all mixed or one alone.
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
        if let Some(halvings) = halvings(wanted.unwrap_or(FINEST)) {
            let mut waveform = whole(bucket, &key, input.channel, &context).await?.part(part);
            for _ in 0..halvings {
                waveform = waveform.coarser();
            }
            return written(&if wanted.is_some() { waveform } else { usual(waveform) });
        }
        let samples = wanted.unwrap_or(FINEST);
        let spooled = Spooled::fetch(catalog, bucket, &key, context.progress.clone()).await?;
        let channel = input.channel;
        let drawn =
            spooled.with(move |file, watch| draw(file, samples, MOST_POINTS, part, channel, watch)).await?;
        written(&drawn.map_err(|error| undrawn(&error))?)
    }
}

/// How often the finest usual waveform has to be made coarser by half for so many samples of a point; none where
/// that cannot be reached so.
fn halvings(samples: u32) -> Option<u32> {
    let times = samples / FINEST;
    (samples.is_multiple_of(FINEST) && times.is_power_of_two()).then(|| times.ilog2())
}

/// The finest usual waveform of a whole recording or of a channel of it, drawn once for each content: whoever zooms
/// asks again and again.
async fn whole(
    bucket: &str,
    key: &ObjectKey,
    channel: Option<u32>,
    context: &Context,
) -> Result<Arc<Waveform>, ToolError> {
    let catalog = &context.catalog;
    // All mixed has the number of no channel.
    let name = |etag: &str| format!("{bucket}/{key} {etag} {}", channel.unwrap_or(0));
    let info = catalog.object_info(bucket, key).await?;
    if let Some(known) = DRAWN.get(&name(&info.etag)).await {
        return Ok(known);
    }
    let spooled = Spooled::fetch(catalog, bucket, key, context.progress.clone()).await?;
    let name = name(&spooled.info.etag);
    let everything = 0.0..f64::from(LONGEST_SECONDS);
    let drawn = spooled
        .with(move |file, watch| draw(file, FINEST, FINEST_POINTS, everything, channel, watch))
        .await?;
    let drawn = Arc::new(drawn.map_err(|error| undrawn(&error))?);
    DRAWN.insert(name, Arc::clone(&drawn)).await;
    Ok(drawn)
}

fn undrawn(error: &AudioError) -> ToolError {
    match error {
        AudioError::Read(error) => {
            ToolError::NotAvailable(format!("The recording could not be read: {error}. Try again."))
        }
        error @ AudioError::NoChannel { .. } => ToolError::field("channel", error.to_string()),
        error => ToolError::field("fileName", error.to_string()),
    }
}

impl Tool for GetWaveform {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Draw a recording";
    const DESCRIPTION: &'static str = "The waveform of a stored recording, or of a part of it, as the JSON of the \
        BBC's audiowaveform: the lowest and the highest value of every so many samples, all channels mixed or one \
        alone.";

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
