//! The artists of genres with their streams, everywhere or in one territory.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::music::figures::{ArtistFigures, in_territory, whole};
use crate::engine::tools::music::label::Label;
use crate::model::artist::Artist;
use crate::music::analysis::cohort;
use crate::music::analysis::comparison::Period;
use crate::music::analysis::daily::{Daily, days_between};
use futures::{StreamExt, TryStreamExt, stream};

/// How many artists' figures are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// An artist with the streams that count.
pub(super) struct Member {
    pub(super) artist: Artist,
    pub(super) streams: Daily,
}

impl Member {
    /// Whether enough days are known to count in an index.
    pub(super) fn is_covered(&self, period: Period) -> bool {
        cohort::is_covered(&self.streams, period.from, period.to)
    }

    /// The streams of the known days.
    pub(super) fn sum(&self, period: Period) -> u64 {
        whole(self.streams.between(period.from, period.to).known().iter().sum())
    }
}

/// Reads what is needed: territories of the newest days, which cost the same however long a history is; days before
/// the newest that are kept at hand are in the whole histories only.
pub(super) async fn read(
    catalog: &Catalog,
    label: &Label,
    artists: &[&Artist],
    territory: Option<&str>,
    period: Period,
) -> Result<Vec<Member>, CatalogError> {
    let at_hand =
        |artist: &Artist| label.streams(&artist.artist_id).is_some_and(|days| days.first <= period.from);
    if territory.is_none() && artists.iter().all(|artist| at_hand(artist)) {
        let member = |artist: &&Artist| {
            let streams = label.streams(&artist.artist_id)?.clone();
            Some(Member { artist: (*artist).clone(), streams })
        };
        return Ok(artists.iter().filter_map(member).collect());
    }
    let length = days_between(period.from, period.to) + 1;
    let artists: Vec<Artist> = artists.iter().map(|artist| (*artist).clone()).collect();
    stream::iter(artists)
        .map(|artist| async move {
            let streams = match territory {
                None => ArtistFigures::read(catalog, &artist.artist_id, length).await?.streams(),
                Some(code) => {
                    let kept = catalog.by_territory(&artist.artist_id).await?;
                    in_territory(&kept, code, length)
                }
            };
            Ok::<_, CatalogError>(Member { artist, streams })
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await
}
