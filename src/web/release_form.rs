//! What the forms of a release change: its details, those of one of its tracks, and the order of these
//! (`POST /releases/{id}/edit`).

use super::details_form::{Details, Sender};
use crate::engine::gateway::CallError;
use crate::engine::tools::dynamodb::{
    UpdateReleaseData, UpdateReleaseInput, UpdateTrackData, UpdateTrackInput,
};
use crate::engine::tools::views::ViewRelease;
use crate::model::details_form::{DetailsForm, fields_of, stored};
use crate::model::identifier::{ReleaseId, TrackId};
use crate::model::track_order;
use crate::pages::releases::track_order::{CHANGE, ORDER};
use serde_json::{Map, Value};

/// The largest form: a track with every name that is kept.
pub(super) const LARGEST_FORM: usize = 256 * 1024;

/// Releases and their tracks.
pub(super) struct ReleaseDetails;

impl Details for ReleaseDetails {
    const FORM: &'static str = "POST /releases/edit";
    const LIST: &'static str = "/releases";

    async fn keep(sender: &Sender<'_>, id: &str, form: &DetailsForm) -> Result<(), CallError> {
        let release_id = id
            .parse::<ReleaseId>()
            .map_err(|error| nowhere(sender, format!("There is no such release: {error}.")))?;
        if form.value(CHANGE) == ORDER {
            return keep_order(sender, release_id, form).await;
        }
        let track_id = match form.track.as_str() {
            "" => None,
            id => Some(
                id.parse::<TrackId>()
                    .map_err(|error| nowhere(sender, format!("There is no such track: {error}.")))?,
            ),
        };
        let now = sender.call::<ViewRelease>(release_id.clone()).await?;
        let Some(stored) = stored(&now.release, track_id.as_ref()) else {
            return Err(nowhere(sender, "The release has no such track any more.".to_owned()));
        };
        let fields = fields_of(track_id.is_some());
        let Some(changes) = sender.changes(form, fields, &stored)? else { return Ok(()) };
        match track_id {
            None => keep_release(sender, release_id, form.version, changes).await,
            Some(track_id) => keep_track(sender, release_id, track_id, form.version, changes).await,
        }
    }
}

/// Keeps a new order of the tracks. Nothing is changed where they stand so already, or somebody else was faster.
async fn keep_order(sender: &Sender<'_>, release_id: ReleaseId, form: &DetailsForm) -> Result<(), CallError> {
    let tracks = sender.call::<ViewRelease>(release_id.clone()).await?.release.tracks;
    let ordered = track_order::ordered(&tracks, &form.values).map_err(|wrong| {
        sender.refused("The order is not valid.".to_owned(), "Correct what is marked.", wrong)
    })?;
    if !track_order::is_new(&tracks, &ordered) {
        return Ok(());
    }
    let order: Vec<&str> = ordered.iter().map(|track| track.track_id.as_str()).collect();
    let changes = Map::from_iter([("trackOrder".to_owned(), Value::from(order))]);
    keep_release(sender, release_id, form.version, changes).await
}

async fn keep_release(
    sender: &Sender<'_>,
    release_id: ReleaseId,
    expected_version: u32,
    changes: Map<String, Value>,
) -> Result<(), CallError> {
    let input = UpdateReleaseInput {
        table_name: None,
        release_id: release_id.to_string(),
        expected_version,
        update_data: sender.new_values(changes)?,
    };
    sender.call::<UpdateReleaseData>(input).await.map(drop)
}

async fn keep_track(
    sender: &Sender<'_>,
    release_id: ReleaseId,
    track_id: TrackId,
    expected_version: u32,
    changes: Map<String, Value>,
) -> Result<(), CallError> {
    let input = UpdateTrackInput {
        table_name: None,
        release_id: release_id.to_string(),
        track_id: track_id.to_string(),
        expected_version,
        update_data: sender.new_values(changes)?,
    };
    sender.call::<UpdateTrackData>(input).await.map(drop)
}

/// The error for an address of nothing.
fn nowhere(sender: &Sender<'_>, message: String) -> CallError {
    sender.refused(message, "Go back to the list of releases.", Vec::new())
}
