//! Makes the roster from the lists of artists and releases and the figures of each artist.

use super::figures::{LabelFigures, release_counts};
use crate::engine::catalog::roster::{Roster, RosterEntry};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::names::folded;
use crate::model::artist::Artist;
use crate::model::list::ArtistQuery;
use std::sync::Arc;

impl Roster {
    /// Reads what it is made from, most of which the catalogue knows already.
    pub(super) async fn read(catalog: &Catalog) -> Result<Self, CatalogError> {
        let (artists, releases) = (catalog.artists().await?, catalog.releases().await?);
        let figures = LabelFigures::read(catalog, &artists).await?;
        let counts = release_counts(&releases);
        let mut entries: Vec<_> = artists
            .iter()
            .map(|artist| RosterEntry {
                row: Arc::new(figures.row(artist, &counts)),
                searched: searched(artist),
            })
            .collect();
        entries.sort_by_cached_key(|entry| (folded(&entry.row.name), entry.row.artist_id.clone()));
        let mut genres: Vec<_> = artists.iter().map(|artist| artist.genre.clone()).collect();
        genres.sort_unstable();
        genres.dedup();
        let sample = artists.iter().any(|artist| artist.sample);
        Ok(Self { entries, genres, as_of: figures.as_of, sample, unreadable: artists.unreadable })
    }
}

impl RosterEntry {
    /// Whether the artist is one of those that are asked for. `search` is folded already.
    pub(super) fn fits(&self, query: &ArtistQuery, search: &str) -> bool {
        let genre = query.genre.as_ref().is_none_or(|genre| *genre == self.row.genre);
        genre && self.searched.iter().any(|text| text.contains(search))
    }
}

fn searched(artist: &Artist) -> Vec<String> {
    std::iter::once(&artist.name).chain(&artist.disambiguation).map(|text| folded(text)).collect()
}
