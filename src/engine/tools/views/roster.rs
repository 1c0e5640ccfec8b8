//! Makes the roster from the lists of artists and releases and the figures of each artist.

use super::figures::{LabelFigures, release_counts};
use crate::engine::catalog::roster::{Roster, RosterEntry};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::music::Label;
use crate::engine::tools::names::folded;
use crate::model::artist::{Artist, ArtistRow, Standing};
use crate::model::identifier::ArtistId;
use crate::model::list::ArtistQuery;
use std::collections::HashMap;
use std::sync::Arc;

impl Roster {
    /// Reads what it is made from, most of which the catalogue knows already.
    pub(super) async fn read(catalog: &Catalog) -> Result<Self, CatalogError> {
        let (artists, releases) = (catalog.artists().await?, catalog.releases().await?);
        let figures = LabelFigures::read(catalog, &artists).await?;
        let counts = release_counts(&releases);
        let mut standings = standings(Label::read(catalog).await?).await?;
        let mut entries: Vec<_> = artists
            .iter()
            .map(|artist| RosterEntry {
                row: Arc::new(ArtistRow {
                    standing: standings.remove(&artist.artist_id),
                    ..figures.row(artist, &counts)
                }),
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
        let standing = self.row.standing.as_ref();
        let band = query.band.is_none_or(|band| standing.is_some_and(|standing| standing.band == band));
        let stage = query.stage.as_ref();
        let stage =
            stage.is_none_or(|stage| standing.is_some_and(|found| found.stage.as_ref() == Some(stage)));
        genre && band && stage && self.searched.iter().any(|text| text.contains(search))
    }
}

/// How all artists stand, worked out on a thread of its own: everybody is compared with everybody.
async fn standings(label: Label) -> Result<HashMap<ArtistId, Standing>, CatalogError> {
    let found = tokio::task::spawn_blocking(move || label.standings()).await;
    found.map_err(|error| CatalogError::Unreadable {
        what: "standing of the artists",
        id: "all".to_owned(),
        detail: error.to_string(),
    })
}

fn searched(artist: &Artist) -> Vec<String> {
    std::iter::once(&artist.name).chain(&artist.disambiguation).map(|text| folded(text)).collect()
}
