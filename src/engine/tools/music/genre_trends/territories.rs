//! The same genres in the territories in which the label's artists are heard most.

use super::members::Member;
use crate::engine::catalog::analytics::ByTerritory;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::Scope;
use crate::engine::tools::music::figures::in_territory;
use crate::model::analysis::GenreTrend;
use crate::model::artist::Artist;
use crate::music::analysis::comparison::Period;
use crate::music::analysis::daily::days_between;
use futures::{StreamExt, TryStreamExt, stream};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most territories that are looked at.
pub(super) const MOST: usize = 8;

/// How many artists' figures are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// What figures call the rest of the world.
const REST: &str = "ZZ";

/// An artist with the streams by territory.
pub(super) type Heard = (Artist, Arc<ByTerritory>);

/// Reads where the artists are heard.
pub(super) async fn read(catalog: &Catalog, artists: &[&Artist]) -> Result<Vec<Heard>, CatalogError> {
    let artists: Vec<Artist> = artists.iter().map(|artist| (*artist).clone()).collect();
    stream::iter(artists)
        .map(|artist| async move {
            let streams = catalog.by_territory(&artist.artist_id).await?;
            Ok::<_, CatalogError>((artist, streams))
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await
}

/// The rows of each of these territories that have streams, the fastest first, and what is to be said of those that are
/// left out.
pub(super) fn rows(heard: &[Heard], scope: &Scope, period: Period) -> (Vec<GenreTrend>, Option<String>) {
    let length = days_between(period.from, period.to) + 1;
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    for code in largest(heard, scope, period) {
        let members = heard.iter().map(|(artist, streams)| Member {
            artist: artist.clone(),
            streams: in_territory(streams, &code, length),
        });
        let members: Vec<Member> = members.collect();
        found.extend(super::rows(&members, scope, Some(&code), period, &mut notes));
    }
    found.retain(|row| row.streams > 0);
    super::fastest_first(&mut found);
    // They all say the same.
    (found, notes.pop())
}

/// The territories with the most streams of artists that may be seen, the largest first.
fn largest(heard: &[Heard], scope: &Scope, period: Period) -> Vec<String> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, streams) in heard.iter().filter(|(artist, _)| scope.covers(&artist.artist_id)) {
        for (date, _, code, streams) in streams.streams() {
            if code != REST && (period.from..=period.to).contains(&date) {
                *sums.entry(code).or_default() += streams;
            }
        }
    }
    let mut codes: Vec<(&str, u64)> = sums.into_iter().collect();
    codes.sort_by_key(|(_, streams)| Reverse(*streams));
    codes.into_iter().take(MOST).map(|(code, _)| code.to_owned()).collect()
}
