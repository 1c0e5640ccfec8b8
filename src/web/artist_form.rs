//! What the form of an artist changes: what tells them from others (`POST /artists/{id}/edit`).

use super::details_form::{Details, Sender};
use crate::engine::gateway::CallError;
use crate::engine::tools::dynamodb::{UpdateArtistData, UpdateArtistInput};
use crate::engine::tools::views::ViewArtist;
use crate::model::details_form::{ARTIST_FIELDS, DetailsForm};
use crate::model::identifier::ArtistId;

/// Artists.
pub(super) struct ArtistDetails;

impl Details for ArtistDetails {
    const FORM: &'static str = "POST /artists/edit";
    const LIST: &'static str = "/artists";

    async fn keep(sender: &Sender<'_>, id: &str, form: &DetailsForm) -> Result<(), CallError> {
        let artist_id = id.parse::<ArtistId>().map_err(|error| {
            let message = format!("There is no such artist: {error}.");
            sender.refused(message, "Go back to the list of artists.", Vec::new())
        })?;
        let now = sender.call::<ViewArtist>(artist_id.clone()).await?;
        // What is no record says nothing, so that all that was typed is new.
        let stored = serde_json::to_value(&now.artist).unwrap_or_default();
        let Some(changes) = sender.changes(form, ARTIST_FIELDS, &stored)? else { return Ok(()) };
        let input = UpdateArtistInput {
            table_name: None,
            artist_id: artist_id.to_string(),
            expected_version: form.version,
            update_data: sender.new_values(changes)?,
        };
        sender.call::<UpdateArtistData>(input).await.map(drop)
    }
}
