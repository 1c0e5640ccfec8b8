//! Asks the server for parts of a waveform that are finer than the report has them.

use crate::api::audio::draw_waveform;
use crate::components::player::Finer;
use std::sync::Arc;

/// What the player asks. Where the server cannot draw now, the coarser waveform stays.
pub(super) fn draw() -> Finer {
    Arc::new(|asked| Box::pin(async move { draw_waveform(asked).await.ok() }))
}
