//! The list of artists and the page of one.

use super::error::AppError;
use crate::model::artist::ArtistDetail;
use crate::model::identifier::ArtistId;
use crate::model::list::{ArtistList, ArtistQuery};
use leptos::prelude::*;

/// One page of the list.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "artists", input = leptos::server_fn::codec::Json)]
pub async fn browse_artists(query: ArtistQuery) -> Result<ArtistList, AppError> {
    use crate::engine::tools::views::BrowseArtists;
    super::caller::caller()?.call::<BrowseArtists>(query).await
}

/// All that the page of an artist shows.
///
/// # Errors
/// `NotFound` when there is no such artist.
#[server(prefix = "/fn", endpoint = "artist", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_artist(artist_id: ArtistId) -> Result<ArtistDetail, AppError> {
    use crate::engine::tools::views::ViewArtist;
    super::caller::caller()?.call::<ViewArtist>(artist_id).await
}
