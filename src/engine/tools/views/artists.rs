//! The list of artists, and the page of one.

use super::engagement;
use super::figures::{LabelFigures, calendar, page_of, release_counts, shares, without_seldom};
use super::recordings::recording_id;
use super::releases::row as release_row;
use super::saved_views::kept_views;
use crate::engine::catalog::analytics::HISTORY_DAYS;
use crate::engine::catalog::roster::Roster;
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::names::folded;
use crate::engine::tools::{Class, Context, Effect, Operation, Scope, Subject, ToolError, choices};
use crate::model::analytics::{DailyAnalytics, DayTotal, Freshness};
use crate::model::artist::{ArtistDetail, ArtistRow, ArtistSort, ArtistTrack, NetworkFollowers};
use crate::model::identifier::ArtistId;
use crate::model::list::{ArtistList, ArtistQuery};
use crate::model::release::Release;
use crate::model::tool::AwsResource;
use crate::music::identifier::Isrc;
use crate::music::window::{WINDOW_DAYS, WindowChange, window_change};
use jiff::civil::Date;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A page of the list of artists.
pub struct BrowseArtists;

impl Operation for BrowseArtists {
    const NAME: &'static str = "browse_artists";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ArtistQuery;
    type Output = ArtistList;

    fn resources(query: &ArtistQuery, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let mut resources = vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
        ];
        if query.with_views {
            resources.push(choices::dynamodb("GetItem", SETTINGS_TABLE));
        }
        Ok(resources)
    }

    async fn run(query: ArtistQuery, context: Context) -> Result<ArtistList, ToolError> {
        let catalog = &context.catalog;
        let roster = catalog.roster(Roster::read(catalog)).await?;
        let search = folded(&query.search);
        let scope = &context.scope;
        let shown = roster.entries.iter().filter(|entry| scope.covers(&entry.row.artist_id));
        let wanted = shown.filter(|entry| entry.fits(&query, &search));
        let mut rows: Vec<_> = wanted.map(|entry| Arc::clone(&entry.row)).collect();
        sort(&mut rows, query.sort, query.descending);
        let (rows, total, page) = page_of(rows, query.page);
        let source = format!("table {}, newest 98 days", catalog.table(TableRole::Analytics));
        let freshness = Freshness { as_of: roster.as_of, source, sample: roster.sample };
        let (genres, unreadable) = (genres(&roster, scope), scope.told(roster.unreadable));
        let views = if query.with_views { kept_views(&context).await } else { Vec::new() };
        Ok(ArtistList { rows, total, page, genres, freshness, unreadable, views })
    }
}

/// The genres of the artists of whom data may be shown, each once, from A.
fn genres(roster: &Roster, scope: &Scope) -> Vec<String> {
    if *scope == Scope::Everything {
        return roster.genres.clone();
    }
    let shown = roster.entries.iter().filter(|entry| scope.covers(&entry.row.artist_id));
    let genres: BTreeSet<&String> = shown.map(|entry| &entry.row.genre).collect();
    genres.into_iter().cloned().collect()
}

/// Orders rows that are in the order of their names.
fn sort(rows: &mut [Arc<ArtistRow>], by: ArtistSort, descending: bool) {
    match by {
        ArtistSort::Name => {}
        ArtistSort::Streams => rows.sort_by_key(|row| row.streams28),
        ArtistSort::Genre => rows.sort_by(|a, b| a.genre.cmp(&b.genre)),
        ArtistSort::Change => rows.sort_by(|a, b| known_first(a.change28, b.change28, descending)),
        ArtistSort::Momentum => {
            let momentum = |row: &ArtistRow| row.standing.as_ref().and_then(|standing| standing.momentum);
            rows.sort_by(|a, b| known_first(momentum(a), momentum(b), descending));
        }
    }
    if descending {
        rows.reverse();
    }
}

/// What is not known goes last in both directions; the rows are turned round afterwards where they descend.
fn known_first(a: Option<f64>, b: Option<f64>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) if descending => Ordering::Greater,
        (None, Some(_)) if descending => Ordering::Less,
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// All that the page of an artist shows.
pub struct ViewArtist;

impl Operation for ViewArtist {
    const NAME: &'static str = "view_artist";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ArtistId;
    type Output = ArtistDetail;

    fn resources(_: &ArtistId, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
        ])
    }

    fn subject(id: &ArtistId) -> Subject {
        Subject::artist(Some(id.as_str()))
    }

    async fn run(id: ArtistId, context: Context) -> Result<ArtistDetail, ToolError> {
        let catalog = &context.catalog;
        let artists = catalog.artists().await?;
        let artist = artists
            .iter()
            .find(|artist| artist.artist_id == id)
            .ok_or_else(|| CatalogError::NotFound { what: "artist", id: id.to_string() })?;
        let (releases, history) = (catalog.releases().await?, catalog.history(&id).await?);
        let (by_track, social) = (catalog.by_track(&id).await?, catalog.social(&id).await?);
        let namesakes: Vec<_> = artists
            .iter()
            .filter(|other| other.artist_id != id && folded(&other.name) == folded(&artist.name))
            .filter(|other| context.scope.covers(&other.artist_id))
            .cloned()
            .collect();
        let figures = LabelFigures::read(catalog, &namesakes).await?;
        let counts = release_counts(&releases);
        let as_of = history.last().map(|row| row.date);
        let days = as_of.map(|as_of| days(&history, as_of)).unwrap_or_default();
        let streams: Vec<_> = days.iter().map(|day| day.streams).collect();
        let change = change(&history, as_of, window_change(&streams));
        let window = newest_window(&history, as_of);
        let newest_social = social.last().map(|row| row.date);
        let counted: Vec<_> = window.iter().copied().chain(newest_window(&social, newest_social)).collect();
        let table = catalog.table(TableRole::Analytics);
        let titles = titles(&releases, &context.scope);
        let title_of = |isrc: &str| isrc.parse::<Isrc>().ok().and_then(|isrc| titles.get(&isrc).copied());
        Ok(ArtistDetail {
            artist: artist.clone(),
            namesakes: namesakes.iter().map(|other| figures.row(other, &counts)).collect(),
            streams28: change.sum,
            change28: change.change,
            saves28: saves(&window),
            followers: followers(&history),
            social_followers: network_followers(&social),
            platforms: shares(sum_by(&window, |row, sums| {
                *sums.entry(row.platform.label().to_owned()).or_default() += row.streams;
            })),
            territories: shares(sum_by(&window, |row, sums| {
                for (territory, streams) in &row.territories {
                    *sums.entry(territory.clone()).or_default() += streams;
                }
            })),
            releases: releases
                .iter()
                .filter(|release| release.artist_id == id)
                .map(|release| release_row(release, &artist.name, catalog))
                .collect(),
            tracks: tracks_of(&id, &releases, catalog),
            track_streams: by_track.shown(|_| true, |isrc| title_of(isrc).map(str::to_owned)),
            engagement: engagement::rows_of(&counted),
            engagement_rates: engagement::rates_of(history.iter().chain(social.iter())),
            freshness: Freshness {
                as_of: as_of.or(newest_social),
                source: format!("table {table}, artistId = {id}, newest {HISTORY_DAYS} days"),
                sample: history.iter().any(|row| row.source == "sample"),
            },
            days,
        })
    }
}

/// The saves on the platforms that tell them: some never do. None where one that does is silent on a day.
fn saves(window: &[&DailyAnalytics]) -> Option<u64> {
    let telling: BTreeSet<_> =
        window.iter().filter(|row| row.saves.is_some()).map(|row| row.platform).collect();
    let told = window.iter().filter(|row| telling.contains(&row.platform)).map(|row| row.saves);
    told.sum::<Option<u64>>().filter(|_| !telling.is_empty())
}

/// The followers that each social network told last.
fn network_followers(social: &[DailyAnalytics]) -> Vec<NetworkFollowers> {
    let told = social.iter().filter_map(|row| Some((row.platform, (row.followers?, row.date))));
    let newest: BTreeMap<_, _> = told.collect();
    let found = newest.into_iter();
    found.map(|(platform, (followers, as_of))| NetworkFollowers { platform, followers, as_of }).collect()
}

/// The recordings of an artist's releases. Releases name files of the default bucket.
fn tracks_of(id: &ArtistId, releases: &[Release], catalog: &Catalog) -> Vec<ArtistTrack> {
    let bucket = catalog.buckets.default_of(BucketRole::Audio);
    let own = releases.iter().filter(|release| release.artist_id == *id);
    let tracks = own.flat_map(|release| release.tracks.iter().map(move |track| (release, track)));
    let shown = tracks.map(|(release, track)| ArtistTrack {
        title: track.title.clone(),
        isrc: track.isrc.clone(),
        duration_seconds: track.duration_seconds,
        release_id: release.release_id.clone(),
        release_title: release.title.clone(),
        is_delivered: track.audio.is_some(),
        recording: track.audio.as_deref().map(|key| recording_id(bucket, key)),
    });
    shown.collect()
}

/// The titles of recordings, as the newest release says that has each of them and may be shown.
fn titles<'r>(releases: &'r [Release], scope: &Scope) -> HashMap<Isrc, &'r str> {
    let mut titles = HashMap::new();
    let shown = releases.iter().filter(|release| scope.covers(&release.artist_id));
    for track in shown.flat_map(|release| &release.tracks) {
        if let Ok(isrc) = track.isrc.parse::<Isrc>() {
            titles.entry(isrc).or_insert(track.title.as_str());
        }
    }
    titles
}

/// Every calendar day from the first to the newest, also those without data.
fn days(history: &[DailyAnalytics], as_of: Date) -> Vec<DayTotal> {
    let mut totals: BTreeMap<Date, u64> = BTreeMap::new();
    for row in history {
        *totals.entry(row.date).or_default() += row.streams;
    }
    let first = totals.keys().next().copied().unwrap_or(as_of);
    calendar(as_of, HISTORY_DAYS)
        .filter(|date| *date >= first)
        .map(|date| DayTotal { date, streams: totals.get(&date).copied() })
        .collect()
}

/// The newest window with the change of those platforms that report daily.
fn change(history: &[DailyAnalytics], as_of: Option<Date>, all: WindowChange) -> WindowChange {
    let Some(as_of) = as_of else { return all };
    let Some(begin) = calendar(as_of, 2 * WINDOW_DAYS).next() else { return all };
    let told = history.iter().filter(|row| row.date >= begin);
    without_seldom(all, as_of, told.map(|row| (row.date, row.platform, row.streams)))
}

fn newest_window(history: &[DailyAnalytics], as_of: Option<Date>) -> Vec<&DailyAnalytics> {
    let Some(begin) = as_of.and_then(|as_of| calendar(as_of, WINDOW_DAYS).next()) else { return Vec::new() };
    history.iter().filter(|row| row.date >= begin).collect()
}

/// The followers that each platform reported last, added up; none where none ever did.
fn followers(history: &[DailyAnalytics]) -> Option<u64> {
    let told = history.iter().filter_map(|row| Some((row.platform, row.followers?)));
    let newest: BTreeMap<_, u64> = told.collect();
    (!newest.is_empty()).then(|| newest.values().sum())
}

fn sum_by(
    rows: &[&DailyAnalytics],
    add: impl Fn(&DailyAnalytics, &mut BTreeMap<String, u64>),
) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        add(row, &mut sums);
    }
    sums
}
