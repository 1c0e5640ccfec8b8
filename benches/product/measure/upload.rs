//! A large master through `PUT /upload/audio`: how fast, and how much memory the server takes for it.
//!
//! The file is made while it is sent: the head of a WAV file and noise, never whole in memory. The
//! server has stored it for good (synchronised) when it answers. Beside it stands a plain file of the
//! same size, written and synchronised in the same folder: what the disk alone can do.

use crate::built::Built;
use crate::measure::memory::{of, settled};
use crate::problem::{Because, Problem};
use crate::process::resident_bytes;
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{bytes, digits, ratio, time};
use bytes::Bytes;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// How much is sent at once.
const CHUNK: usize = 64 * 1024;

/// Between two looks at the server's memory.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

const WAV_HEAD: usize = 44;

pub(crate) async fn measure(built: &Built, data: &Path, mib: u64) -> Result<Section, Problem> {
    let length = mib * 1024 * 1024;
    let noise = noise()?;
    let plain = data.with_extension("plain");
    let (content, alone) = (chunks(noise.clone(), length), Instant::now());
    let written = tokio::task::spawn_blocking(move || write_plain(&plain, content));
    written.await.because("write a plain file")?.because("write a plain file")?;
    let alone = alone.elapsed();

    let server = Server::ready(built, data, None).await?;
    let idle = settled(server.pid).await?;
    let path = "/upload/audio?fileName=bench/master.wav&overwrite=true";
    let begun = Instant::now();
    let upload = server.client.put(path, length, futures::stream::iter(chunks(noise, length)));
    let (uploaded, peak) = with_peak(server.pid, upload).await?;
    let took = begun.elapsed();
    uploaded?;
    server.stop().await?;

    let how = format!("`PUT /upload/audio` of {mib} MiB as a stream, beside a plain file of the same size.");
    let rate = |time: Duration| format!("{} MiB/s", digits(mib_as_float(mib) / time.as_secs_f64()));
    Ok(Section::new("Upload", how)
        .with(Figure::new(format!("upload of {mib} MiB"), time(took)).ratio(format!(
            "{} × a plain file ({})",
            ratio(took.as_secs_f64(), alone.as_secs_f64()),
            time(alone)
        )))
        .with(Figure::new("throughput", rate(took)).ratio(format!("plain file: {}", rate(alone))))
        .with(Figure::new("memory before", bytes(idle)))
        .with(
            Figure::new("highest memory during it", bytes(peak))
                .ratio(format!("{} × before", of(peak, idle))),
        )
        .with(
            Figure::new("memory for it", bytes(peak.saturating_sub(idle)))
                .ratio(format!("{} × the file", of(peak.saturating_sub(idle), length))),
        ))
}

#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
fn mib_as_float(mib: u64) -> f64 {
    mib as f64
}

/// Waits for something, and looks meanwhile how much memory a process takes at most.
pub(crate) async fn with_peak<T>(pid: u32, work: impl Future<Output = T>) -> Result<(T, u64), Problem> {
    let mut work = std::pin::pin!(work);
    let mut peak = resident_bytes(pid)?;
    loop {
        tokio::select! {
            done = &mut work => return Ok((done, peak.max(resident_bytes(pid)?))),
            () = tokio::time::sleep(LOOK_AGAIN) => peak = peak.max(resident_bytes(pid)?),
        }
    }
}

/// A megabyte that cannot be compressed.
fn noise() -> Result<Bytes, Problem> {
    let mut noise = vec![0_u8; 1024 * 1024];
    getrandom::fill(&mut noise).because("make noise")?;
    Ok(noise.into())
}

/// A WAV file of `length` bytes, piece by piece.
fn chunks(noise: Bytes, length: u64) -> impl Iterator<Item = Bytes> + Send {
    let head = wav_head(u32::try_from(length - WAV_HEAD as u64).unwrap_or(u32::MAX));
    let mut left = length - WAV_HEAD as u64;
    let mut at = 0;
    let rest = std::iter::from_fn(move || {
        let size = CHUNK.min(usize::try_from(left).unwrap_or(usize::MAX));
        at = (at + CHUNK) % noise.len();
        left -= size as u64;
        (size > 0).then(|| noise.slice(at..at + size))
    });
    std::iter::once(Bytes::from(head)).chain(rest)
}

/// The head of a WAV file: 44.1 kHz, 16 bit, two channels, `data` bytes of samples.
fn wav_head(data: u32) -> Vec<u8> {
    let mut head = Vec::with_capacity(WAV_HEAD);
    head.extend_from_slice(b"RIFF");
    head.extend_from_slice(&(data.saturating_add(36)).to_le_bytes());
    head.extend_from_slice(b"WAVEfmt ");
    for field in [16_u32, 0x0002_0001, 44_100, 176_400, 0x0010_0004] {
        head.extend_from_slice(&field.to_le_bytes());
    }
    head.extend_from_slice(b"data");
    head.extend_from_slice(&data.to_le_bytes());
    head
}

/// Writes and synchronises a file, and removes it.
fn write_plain(file: &Path, content: impl Iterator<Item = Bytes>) -> std::io::Result<()> {
    let mut written = std::fs::File::create(file)?;
    for chunk in content {
        written.write_all(&chunk)?;
    }
    written.sync_all()?;
    std::fs::remove_file(file)
}
