//! Whom and what the label knows, for reading files.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::music::import::directory::Directory;
use std::collections::BTreeSet;

/// All artists, recordings and releases of the catalogue, and the artists of whom something may be brought; none
/// where they are all.
pub(super) async fn of(catalog: &Catalog, own: Option<&BTreeSet<String>>) -> Result<Directory, CatalogError> {
    let mut directory = Directory::default();
    for artist in catalog.artists().await?.iter() {
        directory.add_artist(artist.artist_id.as_str(), &artist.name);
    }
    for release in catalog.releases().await?.iter() {
        directory.add_release(&release.upc, release.artist_id.as_str());
        for track in &release.tracks {
            directory.add_recording(&track.isrc, release.artist_id.as_str(), &track.title);
        }
    }
    if let Some(own) = own {
        directory.limit_to(own.clone());
    }
    Ok(directory)
}
