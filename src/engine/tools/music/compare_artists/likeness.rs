//! Who resembles an artist: by genre, territories and size, among those whose data may be shown.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::Scope;
use crate::engine::tools::music::figures::{number, whole};
use crate::engine::tools::music::label::Label;
use crate::engine::tools::music::periods::USUAL_DAYS;
use crate::model::analysis::SimilarArtist;
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use crate::model::number::grouped;
use crate::model::territory::territory_name;
use crate::music::analysis::daily::after;
use crate::music::analysis::momentum::{Stage, usual_day};
use crate::music::analysis::similarity::{Portrait, common_territory, cosine, vectors, words_of};
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;

/// How many artists' figures are read side by side.
const SIDE_BY_SIDE: usize = 8;
/// No more candidates' territories are read than these, those nearest in size.
const MOST_CANDIDATES: usize = 60;

/// The most similar artists of a size that is the same or next to it, most first.
pub(super) async fn similar(
    label: &Label,
    scope: &Scope,
    of: &[ArtistId],
    wanted: usize,
    catalog: &Catalog,
) -> Result<Vec<SimilarArtist>, CatalogError> {
    let Some(first) = of.first() else { return Ok(Vec::new()) };
    let artist = label.artist(first)?;
    let (Some(stage), Some(size)) = (label.stage(artist), streams_per_day(label, artist)) else {
        return Ok(Vec::new());
    };
    let mut candidates: Vec<(f64, &Artist)> = label
        .artists
        .iter()
        .filter(|other| other.artist_id != *first && scope.covers(&other.artist_id))
        .filter(|other| label.stage(other).is_some_and(|other| other.is_near(stage)))
        .filter_map(|other| Some(((streams_per_day(label, other)?.ln_1p() - size.ln_1p()).abs(), other)))
        .collect();
    candidates.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    candidates.truncate(MOST_CANDIDATES);
    let artists: Vec<&Artist> =
        std::iter::once(artist).chain(candidates.into_iter().map(|(_, other)| other)).collect();
    let ids: Vec<ArtistId> = artists.iter().map(|artist| artist.artist_id.clone()).collect();
    let territories: Vec<BTreeMap<String, f64>> = stream::iter(ids)
        .map(|id| async move { territories(catalog, &id).await })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let portraits: Vec<Portrait> = artists
        .iter()
        .zip(territories)
        .map(|(artist, territories)| Portrait {
            genres: words_of(&artist.genre),
            territories,
            streams_per_day: streams_per_day(label, artist).unwrap_or_default(),
        })
        .collect();
    Ok(nearest(&artists, &portraits, wanted))
}

fn streams_per_day(label: &Label, artist: &Artist) -> Option<f64> {
    usual_day(label.streams(&artist.artist_id)?, label.as_of?)
}

/// The part of each territory in an artist's newest streams.
async fn territories(catalog: &Catalog, id: &ArtistId) -> Result<BTreeMap<String, f64>, CatalogError> {
    let found = catalog.by_territory(id).await?;
    let Some((newest, _)) = found.days().last() else { return Ok(BTreeMap::new()) };
    let from = after(newest, 1 - USUAL_DAYS);
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (_, _, code, streams) in found.streams().filter(|(date, ..)| *date >= from) {
        *sums.entry(code.to_owned()).or_default() += streams;
    }
    let whole = number(sums.values().sum::<u64>().max(1));
    Ok(sums.into_iter().map(|(code, streams)| (code, number(streams) / whole)).collect())
}

/// The nearest to the first of them.
fn nearest(artists: &[&Artist], portraits: &[Portrait], wanted: usize) -> Vec<SimilarArtist> {
    let vectors = vectors(portraits);
    let (Some((artist, others)), Some(own)) = (artists.split_first(), vectors.first()) else {
        return Vec::new();
    };
    let mut rows: Vec<SimilarArtist> = others
        .iter()
        .zip(&portraits[1..])
        .zip(&vectors[1..])
        .map(|((other, portrait), vector)| SimilarArtist {
            artist_id: other.artist_id.to_string(),
            name: other.name.clone(),
            similarity: cosine(own, vector),
            reasons: reasons((artist, &portraits[0]), (other, portrait)),
        })
        .collect();
    rows.sort_by(|one, other| {
        other.similarity.total_cmp(&one.similarity).then_with(|| one.artist_id.cmp(&other.artist_id))
    });
    rows.truncate(wanted);
    rows
}

fn reasons((artist, own): (&Artist, &Portrait), (other, portrait): (&Artist, &Portrait)) -> Vec<String> {
    let mut reasons = Vec::new();
    if artist.genre == other.genre {
        reasons.push(format!("Both are {}.", artist.genre));
    } else if let Some(word) = own.genres.iter().find(|word| portrait.genres.contains(word)) {
        reasons.push(format!("{} and {} have “{word}” in common.", artist.genre, other.genre));
    }
    if let Some((code, part)) = common_territory(own, portrait) {
        reasons.push(format!(
            "Both have at least {:.0} % of their streams in {}.",
            100.0 * part,
            territory_name(code)
        ));
    }
    let stage = Stage::of(portrait.streams_per_day);
    reasons.push(format!(
        "Similar size: {} and {} streams a day ({}).",
        grouped(whole(own.streams_per_day)),
        grouped(whole(portrait.streams_per_day)),
        stage.label()
    ));
    reasons
}
