//! Recordings: the whole analysis of a FLAC of four minutes beside ffmpeg, an hour of WAV in a running server, and
//! twenty uploads of one person.
//!
//! The recordings are noise with tones, the same each time. Where there is no ffmpeg, its figures are missing, and
//! the four minutes are a WAV.

use crate::built::Built;
use crate::measure::memory::settled;
use crate::measure::upload::with_peak;
use crate::problem::{Because, Problem};
use crate::process::{processor_time_of_children, tick};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{bytes, ratio, time};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::{TryStreamExt, stream};
use patchline::music::audio::analyze;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Frames a second.
const RATE: u32 = 44_100;

/// Between two looks whether a recording has been processed.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Uploads, how many of them one person may have under way, and their seconds.
const UPLOADS: u32 = 20;
const AT_ONCE: usize = 8;
const SHORT: u32 = 30;

/// Where `scripts/bench` says that an ffmpeg is, if it is not on the path.
const FFMPEG: &str = "PATCHLINE_FFMPEG";

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let folder = data.parent().unwrap_or(data).to_owned();
    let how = "Everything that is found out about a recording; ffmpeg does `ebur128` with true peak and a picture of \
               the waveform for the same file. Processors' time of both: the analysis goes on in one thread.";
    let mut section = Section::new("Audio", how);
    let tick = tick().await?;
    for figure in
        tokio::task::spawn_blocking(move || four_minutes(&folder, tick)).await.because("analyse")??
    {
        section = section.with(figure);
    }
    let server = Server::ready(built, data, None).await?;
    let idle = settled(server.pid).await?;
    let begun = Instant::now();
    let hour = async {
        store(&server, "bench/hour.wav", 3_600).await?;
        processed(&server, "bench/hour.wav").await
    };
    let (done, peak) = with_peak(server.pid, hour).await?;
    done?;
    let took = begun.elapsed();
    section = section.with(Figure::new("an hour of WAV, stored and analysed", time(took))).with(
        Figure::new("memory for it", bytes(peak.saturating_sub(idle))).ratio("at most 150 MB are aimed at"),
    );
    let begun = Instant::now();
    let many = async {
        let names: Vec<String> = (0..UPLOADS).map(|number| format!("bench/{number}.wav")).collect();
        let stores = names.iter().map(|name| Ok(store(&server, name, SHORT)));
        stream::iter(stores)
            .try_buffer_unordered(AT_ONCE)
            .try_for_each(|()| std::future::ready(Ok(())))
            .await?;
        let all_there = begun.elapsed();
        for name in &names {
            processed(&server, name).await?;
        }
        Ok::<_, Problem>(all_there)
    };
    let (stored, peak) = with_peak(server.pid, many).await?;
    let (stored, took) = (stored?, begun.elapsed());
    server.stop().await?;
    Ok(section
        .with(Figure::new(format!("{UPLOADS} uploads of {SHORT} s, {AT_ONCE} at once: stored"), time(stored)))
        .with(Figure::new("the same, until all are analysed", time(took)))
        .with(Figure::new("memory for them", bytes(peak.saturating_sub(idle)))))
}

/// The analysis of four minutes, and what ffmpeg takes for its part of it.
fn four_minutes(folder: &Path, tick: Duration) -> Result<Vec<Figure>, Problem> {
    let wav = folder.join("four-minutes.wav");
    std::fs::write(&wav, recording(240).flatten().collect::<Vec<u8>>()).because("write a recording")?;
    let flac = folder.join("four-minutes.flac");
    let as_flac = ["-i", &text(&wav), "-sample_fmt", "s32", "-bits_per_raw_sample", "24", &text(&flac)];
    let encoded = ffmpeg(&as_flac, tick)?;
    let (file, kind): (PathBuf, _) = if encoded.is_some() { (flac, "FLAC") } else { (wav, "WAV") };
    let begun = Instant::now();
    let opened = std::fs::File::open(&file).because("open the recording")?;
    analyze(&mut BufReader::new(opened), |_, _| true).because("analyse the recording")?;
    let own = begun.elapsed();
    let figure = Figure::new(format!("full analysis of 4 minutes of {kind}"), time(own));
    let picture = folder.join("wave.png");
    let (file, picture) = (text(&file), text(&picture));
    let measure = ["-threads", "1", "-i", &file, "-af", "ebur128=peak=true", "-f", "null", "-"];
    let draw = ["-threads", "1", "-i", &file, "-filter_complex", "showwavespic", "-frames:v", "1", &picture];
    let (loudness, drawn) = (ffmpeg(&measure, tick)?, ffmpeg(&draw, tick)?);
    let figures = match loudness.zip(drawn).map(|(loudness, drawn)| loudness + drawn) {
        Some(theirs) => vec![
            figure.ratio(format!("{} × ffmpeg", ratio(own.as_secs_f64(), theirs.as_secs_f64()))),
            Figure::new("ffmpeg: loudness and a picture of the waveform", time(theirs)),
        ],
        None => vec![figure.ratio("there is no ffmpeg to compare with")],
    };
    for made in ["four-minutes.wav", "four-minutes.flac", "wave.png"] {
        // What was not made needs not be removed.
        let _ = std::fs::remove_file(folder.join(made));
    }
    Ok(figures)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The processors' time that ffmpeg takes; none where there is none, or it cannot do it.
fn ffmpeg(arguments: &[&str], tick: Duration) -> Result<Option<Duration>, Problem> {
    let before = processor_time_of_children(tick)?;
    let mut command = Command::new(std::env::var_os(FFMPEG).unwrap_or_else(|| "ffmpeg".into()));
    let command = command.args(["-hide_banner", "-loglevel", "error", "-y", "-nostdin"]).args(arguments);
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = processor_time_of_children(tick)?.saturating_sub(before);
    Ok(ended.is_ok_and(|ended| ended.success()).then_some(took))
}

/// A recording of 16 bits and two channels, second by second: noise that is not too loud.
fn recording(seconds: u32) -> impl Iterator<Item = Vec<u8>> + Send {
    let length = seconds * RATE * 4;
    let mut head = b"RIFF".to_vec();
    head.extend((length + 36).to_le_bytes());
    head.extend(b"WAVEfmt ");
    for field in [16_u32, 0x0002_0001, RATE, RATE * 4, 0x0010_0004] {
        head.extend(field.to_le_bytes());
    }
    head.extend(b"data");
    head.extend(length.to_le_bytes());
    let mut state = 1_u64;
    let body = (0..seconds).map(move |_| {
        let samples = (0..RATE * 2).flat_map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [_, _, _, _, _, low, high, _] = state.to_le_bytes();
            (i16::from_le_bytes([low, high]) / 4).to_le_bytes()
        });
        samples.collect()
    });
    std::iter::once(head).chain(body)
}

/// Uploads a recording of so many seconds.
pub(crate) async fn store(server: &Server, name: &str, seconds: u32) -> Result<(), Problem> {
    let length = u64::from(seconds) * u64::from(RATE) * 4 + 44;
    let path = format!("/upload/audio?fileName={name}&overwrite=true");
    let content = recording(seconds).map(Bytes::from);
    server.client.put(&path, length, stream::iter(content)).await.map(drop)
}

/// The name of a recording in addresses.
pub(crate) fn id_of(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("patchline-audio/{name}"))
}

/// Whether a recording has been listened to. Right after the upload nothing may be known of it yet.
pub(crate) async fn is_processed(server: &Server, name: &str) -> bool {
    let known = server.client.json(&format!("/export/audio/{}.json", id_of(name))).await;
    known.is_ok_and(|known| known["report"].is_object())
}

/// Waits until a recording has been listened to.
pub(crate) async fn processed(server: &Server, name: &str) -> Result<(), Problem> {
    while !is_processed(server, name).await {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}
