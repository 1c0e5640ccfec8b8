//! The list of recordings, the page of one, and parts of its waveform.

use super::error::AppError;
use crate::model::recording::{
    RecordingAsked, RecordingDetail, RecordingList, RecordingQuery, WaveformAsked, WaveformPart,
};
use leptos::prelude::*;

/// One page of the list.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "recordings", input = leptos::server_fn::codec::Json)]
pub async fn browse_recordings(query: RecordingQuery) -> Result<RecordingList, AppError> {
    use crate::engine::tools::views::BrowseRecordings;
    super::caller::caller()?.call::<BrowseRecordings>(query).await
}

/// All that the page of a recording shows.
///
/// # Errors
/// `NotFound` when there is no such recording.
#[server(prefix = "/fn", endpoint = "recording", input = leptos::server_fn::codec::Json)]
pub async fn view_recording(asked: RecordingAsked) -> Result<RecordingDetail, AppError> {
    use crate::engine::tools::views::ViewRecording;
    let mut detail = super::caller::caller()?.call::<ViewRecording>(asked).await?;
    // No page draws it, and of a long recording it is as large as what is drawn.
    if let Some(report) = &mut detail.report {
        report.curve.momentary.clear();
    }
    Ok(detail)
}

/// A part of a waveform, finer than the report has it.
///
/// # Errors
/// `NotFound` when there is no such recording; `Invalid` for a part that is too fine.
#[server(prefix = "/fn", endpoint = "recording-waveform", input = leptos::server_fn::codec::Json)]
pub async fn draw_waveform(asked: WaveformAsked) -> Result<WaveformPart, AppError> {
    super::caller::caller()?.waveform(asked).await
}
