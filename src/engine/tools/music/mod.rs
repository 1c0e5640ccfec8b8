//! The server `music`: what the label's figures, files and dates mean. Its tools read through the catalogue
//! and calculate with `music`, which knows nothing of AWS.

mod audio_report;
mod get_waveform;
mod process_audio;
mod spool;

pub use get_waveform::GetWaveform;
pub use process_audio::ProcessAudio;
