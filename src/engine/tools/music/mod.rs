//! The server `music`: what the label's figures, files and dates mean. Its tools read through the catalogue
//! and calculate with `music`, which knows nothing of AWS.

mod artist_performance;
mod audio_report;
mod check_artwork;
mod compare_artists;
mod explain_change;
mod figures;
mod find_breakouts;
mod genre_trends;
mod get_waveform;
mod heard;
mod label;
mod markets;
mod periods;
pub mod planning;
mod process_audio;
pub mod royalties;
mod spectrogram;
mod spool;
mod stated;
mod stream_authenticity;

pub use artist_performance::{AnalyzeArtistPerformance, PerformanceInput};
pub use check_artwork::CheckArtwork;
pub use compare_artists::{CompareArtists, CompareArtistsInput};
pub use explain_change::ExplainChange;
pub use find_breakouts::{BreakoutsInput, FindBreakouts};
pub use genre_trends::{GenreTrendsInput, IdentifyGenreTrends};
pub use get_waveform::{GetWaveform, WaveformInput};
pub use process_audio::ProcessAudio;
pub(crate) use process_audio::{Examined, examine};
pub use spectrogram::{OpenSpectrogram, OpenSpectrogramInput, OpenedSpectrogram};
pub use stream_authenticity::AssessStreamAuthenticity;

pub(super) use figures::{number, whole};
pub(super) use genre_trends::breakouts_at;
pub(super) use label::Label;
pub(super) use stated::put_stated;

use super::ToolError;
use crate::model::analysis;
use crate::music::analysis::Verdict;
use crate::music::analysis::momentum::Band;

/// Does a calculation on a thread of its own, so that requests are answered meanwhile.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ToolError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a calculation ended unexpectedly");
        ToolError::NotAvailable("A calculation ended unexpectedly. Try again.".to_owned())
    })
}

/// The verdict as answers have it.
fn verdict(verdict: Verdict) -> analysis::Verdict {
    match verdict {
        Verdict::Proven => analysis::Verdict::Proven,
        Verdict::NotProven => analysis::Verdict::NotProven,
        Verdict::NotEnoughData => analysis::Verdict::NotEnoughData,
    }
}

/// The band of a momentum as answers have it.
fn band(value: Option<f64>) -> analysis::Band {
    match value.map(Band::of) {
        None => analysis::Band::NotEnoughData,
        Some(Band::Explosive) => analysis::Band::Explosive,
        Some(Band::High) => analysis::Band::High,
        Some(Band::Moderate) => analysis::Band::Moderate,
        Some(Band::Steady) => analysis::Band::Steady,
        Some(Band::Declining) => analysis::Band::Declining,
    }
}

/// A count as answers have it.
fn counted(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
