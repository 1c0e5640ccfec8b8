//! The list of releases, and the page of one.

use super::figures::page_of;
use crate::engine::catalog::Catalog;
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::names::folded;
use crate::engine::tools::s3::media_url;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError, choices};
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::list::{ReleaseList, ReleaseQuery};
use crate::model::release::{Release, ReleaseDetail, ReleaseRow, ReleaseSort};
use crate::model::tool::AwsResource;
use crate::model::track_streams::TrackStreams;
use crate::music::identifier::Isrc;
use std::collections::HashMap;

/// A page of the list of releases.
pub struct BrowseReleases;

impl Operation for BrowseReleases {
    const NAME: &'static str = "browse_releases";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ReleaseQuery;
    type Output = ReleaseList;

    fn resources(_: &ReleaseQuery, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    async fn run(query: ReleaseQuery, context: Context) -> Result<ReleaseList, ToolError> {
        let catalog = &context.catalog;
        let (releases, artists) = (catalog.releases().await?, catalog.artists().await?);
        let names: HashMap<_, _> =
            artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str())).collect();
        let search = folded(&query.search);
        let shown = context.scope.of(&releases, |release| &release.artist_id);
        let mut rows: Vec<_> = shown
            .iter()
            .filter(|release| query.status.is_none_or(|status| status == release.status))
            .map(|release| (release, artist_name(&names, &release.artist_id)))
            .filter(|(release, artist)| matches(release, artist, &search))
            .map(|(release, artist)| row(release, artist, catalog))
            .collect();
        sort(&mut rows, query.sort, query.descending);
        let (rows, total, page) = page_of(rows, query.page);
        let sample = shown.iter().any(|release| release.sample);
        Ok(ReleaseList { rows, total, page, sample, unreadable: context.scope.told(releases.unreadable) })
    }
}

/// An artist's name, or the id where the artist is not in the table.
pub(super) fn artist_name<'a>(names: &HashMap<&ArtistId, &'a str>, id: &'a ArtistId) -> &'a str {
    names.get(id).copied().unwrap_or(id.as_str())
}

/// The line of a release in a list.
pub(super) fn row(release: &Release, artist: &str, catalog: &Catalog) -> ReleaseRow {
    ReleaseRow {
        release_id: release.release_id.clone(),
        title: release.title.clone(),
        artist_id: release.artist_id.clone(),
        artist_name: artist.to_owned(),
        kind: release.kind,
        status: release.status,
        release_date: release.release_date,
        track_count: u32::try_from(release.tracks.len()).unwrap_or(u32::MAX),
        artwork_url: artwork_url(release, catalog),
    }
}

fn artwork_url(release: &Release, catalog: &Catalog) -> Option<String> {
    let bucket = catalog.buckets.default_of(BucketRole::Artwork);
    release.artwork.as_ref().map(|key| media_url(bucket, key))
}

fn matches(release: &Release, artist: &str, search: &str) -> bool {
    folded(&release.title).contains(search)
        || folded(artist).contains(search)
        || release.upc == search
        || release.tracks.iter().any(|track| track.isrc.eq_ignore_ascii_case(search))
}

fn sort(rows: &mut [ReleaseRow], by: ReleaseSort, descending: bool) {
    rows.sort_by(|a, b| (a.release_date, &a.release_id).cmp(&(b.release_date, &b.release_id)));
    match by {
        ReleaseSort::Date => {}
        ReleaseSort::Title => rows.sort_by_cached_key(|row| folded(&row.title)),
        ReleaseSort::Artist => rows.sort_by_cached_key(|row| folded(&row.artist_name)),
        ReleaseSort::Status => rows.sort_by_key(|row| row.status),
    }
    if descending {
        rows.reverse();
    }
}

/// All that the page of a release shows.
pub struct ViewRelease;

impl Operation for ViewRelease {
    const NAME: &'static str = "view_release";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ReleaseId;
    type Output = ReleaseDetail;

    fn resources(_: &ReleaseId, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("GetItem", catalog.table(TableRole::Releases)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
        ])
    }

    fn subject(id: &ReleaseId) -> Subject {
        Subject::release(None, Some(id.as_str()))
    }

    async fn run(id: ReleaseId, context: Context) -> Result<ReleaseDetail, ToolError> {
        let catalog = &context.catalog;
        let release = catalog.release(catalog.table(TableRole::Releases), &id).await?;
        let artists = catalog.artists().await?;
        let names: HashMap<_, _> =
            artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str())).collect();
        let bucket = catalog.buckets.default_of(BucketRole::Audio);
        let audio = |key: &Option<String>| key.as_ref().map(|key| media_url(bucket, key));
        let own = |isrc: &str| {
            let wanted = isrc.parse::<Isrc>().ok();
            let mut tracks = release.tracks.iter();
            tracks.find(|track| wanted.is_some() && track.isrc.parse::<Isrc>().ok() == wanted)
        };
        let track_streams = match catalog.by_track(&release.artist_id).await {
            Ok(by_track) => {
                by_track.shown(|isrc| own(isrc).is_some(), |isrc| own(isrc).map(|track| track.title.clone()))
            }
            Err(error) => {
                tracing::warn!(
                    release = %id,
                    artist = %release.artist_id,
                    %error,
                    "a release is shown without the streams of its tracks"
                );
                TrackStreams::default()
            }
        };
        Ok(ReleaseDetail {
            artist_name: artist_name(&names, &release.artist_id).to_owned(),
            artwork_url: artwork_url(&release, catalog),
            track_streams,
            audio_urls: release.tracks.iter().map(|track| audio(&track.audio)).collect(),
            release,
        })
    }
}
