//! The list of artists and the page of one.

use super::error::AppError;
use crate::model::analysis::{ArtistAnalysis, ArtistComparison, DrawnComparison};
use crate::model::artist::ArtistDetail;
use crate::model::identifier::ArtistId;
use crate::model::list::{ArtistList, ArtistQuery};
use leptos::prelude::*;

/// How many similar artists a page shows.
#[cfg(feature = "ssr")]
const SIMILAR: u32 = 5;

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

/// What happened to an artist's figures, whether it is real, what explains it, and what may come.
///
/// # Errors
/// `NotFound` when there is no such artist.
#[server(prefix = "/fn", endpoint = "artist-analysis", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_artist_analysis(artist_id: ArtistId) -> Result<ArtistAnalysis, AppError> {
    use crate::engine::charts;
    use crate::engine::tools::music::PerformanceInput;
    use crate::engine::tools::views::ViewArtistAnalysis;
    let input = PerformanceInput {
        artist_id: artist_id.to_string(),
        from: None,
        to: None,
        compare_from: None,
        compare_to: None,
        territory: None,
    };
    let performance = super::caller::caller()?.call::<ViewArtistAnalysis>(input).await?;
    Ok(ArtistAnalysis { forecast: performance.forecast.as_ref().map(charts::of_forecast), performance })
}

/// Who resembles an artist, and why.
///
/// # Errors
/// `NotFound` when there is no such artist.
#[server(prefix = "/fn", endpoint = "similar-artists", input = leptos::server_fn::codec::Json)]
pub async fn find_similar_artists(artist_id: ArtistId) -> Result<ArtistComparison, AppError> {
    use crate::engine::tools::music::CompareArtistsInput;
    use crate::engine::tools::views::ViewComparison;
    let input = CompareArtistsInput {
        artist_ids: Vec::new(),
        artist_id: Some(artist_id.to_string()),
        similar: Some(SIMILAR),
    };
    super::caller::caller()?.call::<ViewComparison>(input).await.map(|found| found.comparison)
}

/// Artists side by side, up to eight; with `similar` one artist and those who resemble it.
///
/// # Errors
/// `NotFound` when there is no such artist, `Invalid` when there are too many.
#[server(prefix = "/fn", endpoint = "comparison", input = leptos::server_fn::codec::Json)]
pub async fn compare_side_by_side(artists: Vec<String>, similar: bool) -> Result<DrawnComparison, AppError> {
    use crate::engine::charts;
    use crate::engine::tools::music::CompareArtistsInput;
    use crate::engine::tools::views::ViewComparison;
    use crate::model::analysis::ComparedArtists;
    let input = match artists.as_slice() {
        [one] if similar => CompareArtistsInput {
            artist_ids: Vec::new(),
            artist_id: Some(one.clone()),
            similar: Some(SIMILAR),
        },
        _ => CompareArtistsInput { artist_ids: artists, artist_id: None, similar: None },
    };
    let found = super::caller::caller()?.call::<ViewComparison>(input).await?;
    let ComparedArtists { comparison, weeks, lines } = found;
    Ok(DrawnComparison { comparison, chart: charts::of_comparison(&weeks, lines) })
}
