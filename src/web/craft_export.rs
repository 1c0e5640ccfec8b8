//! The tables of the pages of artists, market, calendar and report as CSV: the same operations behind the door,
//! numbers as they are and days as `2026-11-22`.

use super::caller::Caller;
use super::error::RestError;
use super::export::{csv_lines, file, harmless};
use super::rest::wrong_address;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::music::planning::ViewReleaseCalendar;
use crate::engine::tools::music::{CompareArtistsInput, GenreTrendsInput, PerformanceInput};
use crate::engine::tools::views::{
    BrowseArtists, ViewArtist, ViewArtistAnalysis, ViewComparison, ViewMarket, ViewWeeklyReport,
};
use crate::model::analysis::{
    ArtistComparison, ArtistPerformance, Band, DriverDimension, GenreTrends, Verdict,
};
use crate::model::artist::{ArtistDetail, ArtistRow};
use crate::model::engagement::EngagementRate;
use crate::model::identifier::ArtistId;
use crate::model::list::ArtistQuery;
use crate::model::release_calendar::{CalendarQuestion, ReleaseCalendar};
use crate::model::track_streams::TRACK_PERIODS;
use crate::model::weekly_report::{WeekQuestion, WeeklyReport};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Response;
use serde::Deserialize;

const CSV: &str = "text/csv; charset=utf-8";

/// The rows of a table, without its head.
type Rows = Vec<Vec<String>>;

fn table(name: &str, head: &[&str], rows: Rows) -> Response {
    let head = head.iter().map(|cell| (*cell).to_owned()).collect();
    file(name, CSV, csv_lines(std::iter::once(head).chain(rows)))
}

/// A number that may not be known.
fn known(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Anything that may not be known.
fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn verdict(verdict: Verdict) -> String {
    let word = match verdict {
        Verdict::Proven => "proven",
        Verdict::NotProven => "not proven",
        Verdict::NotEnoughData => "not enough data",
    };
    word.to_owned()
}

/// What the list of artists is narrowed to, as its address says it.
#[derive(Debug, Deserialize)]
pub(super) struct RosterExport {
    search: Option<String>,
    genre: Option<String>,
    momentum: Option<String>,
    stage: Option<String>,
}

/// `GET /export/artists.csv`: the whole list, not one page of it.
pub(super) async fn artists(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<RosterExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name filters as the list of artists does: GET /export/artists.csv?genre=…";
    let asked = caller.asked(&engine, BrowseArtists::NAME, query, remedy)?;
    let mut query = ArtistQuery {
        search: asked.search.unwrap_or_default(),
        genre: asked.genre.filter(|genre| !genre.is_empty()),
        band: asked.momentum.as_deref().and_then(Band::from_id),
        stage: asked.stage.filter(|stage| !stage.is_empty()),
        page: 1,
        ..ArtistQuery::default()
    };
    let mut rows = Rows::new();
    loop {
        let answer = engine.gateway.call::<BrowseArtists>(&caller.principal, &caller.origin, query.clone());
        let list = answer.await?.output;
        rows.extend(list.rows.iter().map(|row| roster_row(row)));
        // A list that has become shorter meanwhile answers with its last page.
        let is_last = rows.len() >= usize::try_from(list.total).unwrap_or(usize::MAX);
        if is_last || list.rows.is_empty() || list.page < query.page {
            break;
        }
        query.page += 1;
    }
    let head = [
        "artist id",
        "name",
        "genre",
        "country",
        "streams 28 days",
        "change",
        "momentum",
        "band",
        "peers",
        "size",
        "figures up to",
        "releases",
    ];
    Ok(table("artists.csv", &head, rows))
}

fn roster_row(row: &ArtistRow) -> Vec<String> {
    let standing = row.standing.as_ref();
    vec![
        row.artist_id.to_string(),
        harmless(&row.name),
        harmless(&row.genre),
        row.country.clone(),
        text(row.known_streams28()),
        known(row.change28),
        known(standing.and_then(|standing| standing.momentum)),
        text(standing.map(|standing| standing.band.id())),
        text(standing.map(|standing| standing.peers)),
        text(standing.and_then(|standing| standing.stage.as_deref())),
        text(standing.and_then(|standing| standing.as_of)),
        row.release_count.to_string(),
    ]
}

/// `GET /export/artists/{id}.csv`: metrics, drivers, unusual days and forecast of an artist, what is counted beside
/// listening, engagement rates, and streams by recording.
pub(super) async fn artist(
    State(engine): State<Engine>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, RestError> {
    let Path(name) = name
        .map_err(|rejection| caller.refused(&engine, ViewArtistAnalysis::NAME, wrong_address(&rejection)))?;
    let Some(id) = name.strip_suffix(".csv") else {
        let error = CallError::new(
            CallErrorKind::NotFound,
            "There is no such file.",
            "Ask for the artist's id and .csv: GET /export/artists/art_1.csv",
        );
        return Err(caller.refused(&engine, ViewArtistAnalysis::NAME, error));
    };
    let input = PerformanceInput {
        artist_id: id.to_owned(),
        from: None,
        to: None,
        compare_from: None,
        compare_to: None,
        territory: None,
    };
    let answer = engine.gateway.call::<ViewArtistAnalysis>(&caller.principal, &caller.origin, input).await?;
    let head = ["table", "name", "unit", "now", "before", "change", "low", "high", "verdict"];
    let mut rows = performance_rows(&answer.output);
    // The analysis has found the artist, so the id is one.
    if let Ok(id) = id.parse::<ArtistId>() {
        let answer = engine.gateway.call::<ViewArtist>(&caller.principal, &caller.origin, id).await?;
        rows.extend(engagement_rows(&answer.output));
        rows.extend(answer.output.engagement_rates.iter().flat_map(rate_rows));
        rows.extend(track_rows(&answer.output));
    }
    Ok(table("artist.csv", &head, rows))
}

/// A row with a value and no comparison. What is not known has none, and says so.
fn plain<T: ToString>(table: &str, name: String, unit: &str, now: Option<T>) -> Vec<String> {
    let verdict = if now.is_none() { "not known" } else { "" };
    let mut row = vec![table.to_owned(), name, unit.to_owned(), text(now)];
    row.extend(std::iter::repeat_n(String::new(), 4));
    row.push(verdict.to_owned());
    row
}

/// What is counted beside listening, by platform and added up where that may be done.
fn engagement_rows(found: &ArtistDetail) -> Rows {
    const TABLE: &str = "playlists and social, 28 days";
    let mut rows = Rows::new();
    for metric in &found.engagement {
        let of_platforms = metric.platforms.iter().map(|one| {
            plain(TABLE, format!("{}, {}", metric.label, one.platform.label()), &metric.unit, Some(one.value))
        });
        rows.extend(of_platforms);
        if !metric.metric.is_level() || metric.platforms.is_empty() {
            rows.push(plain(TABLE, metric.label.clone(), &metric.unit, metric.sum));
        }
    }
    let followers = found.social_followers.iter().map(|one| {
        plain(TABLE, format!("Followers, {}", one.platform.label()), "people", Some(one.followers))
    });
    rows.extend(followers);
    rows
}

/// The engagement rate on a platform, and what it is made of.
fn rate_rows(found: &EngagementRate) -> Rows {
    let table = format!("engagement rate, {} days up to {}", EngagementRate::DAYS, found.as_of);
    let of_platform = |name: &str| format!("{name}, {}", found.platform.label());
    vec![
        plain(&table, of_platform("Engagement rate"), "ratio", Some(found.rate)),
        plain(&table, of_platform("Likes and comments"), "likes and comments", Some(found.reactions)),
        plain(&table, of_platform("Followers"), "people", Some(found.followers)),
        plain(&table, of_platform("Known days"), "days", Some(found.days)),
    ]
}

/// Streams and saves by recording and period, and the listeners of a day, which are never added up.
fn track_rows(found: &ArtistDetail) -> Rows {
    let mut rows = Rows::new();
    for track in &found.track_streams.rows {
        let title = track.title.as_deref().unwrap_or("not in the catalogue");
        for (days, streams) in TRACK_PERIODS.iter().zip(track.streams) {
            let table = format!("track, {days} days");
            rows.push(plain(&table, harmless(&format!("{} {title}", track.isrc)), "streams", streams));
        }
        for (days, saves) in TRACK_PERIODS.iter().zip(track.saves).filter(|(_, saves)| saves.is_some()) {
            let table = format!("track, {days} days");
            rows.push(plain(&table, harmless(&format!("{} {title}", track.isrc)), "saves", saves));
        }
        for told in &track.listeners {
            let table = format!("track, {} on {}", told.platform.label(), told.date);
            let name = harmless(&format!("{} {title}", track.isrc));
            rows.push(plain(&table, name, "listeners", Some(told.listeners)));
        }
    }
    rows
}

fn performance_rows(found: &ArtistPerformance) -> Rows {
    let metrics = found.metrics.iter().map(|metric| {
        vec![
            "metric".to_owned(),
            metric.label.clone(),
            metric.unit.clone(),
            known(metric.current),
            known(metric.before),
            known(metric.change),
            known(metric.low),
            known(metric.high),
            verdict(metric.verdict),
        ]
    });
    let short = |table: &str, name: String, unit: &str, now: String, change: String, why: String| {
        let empty = String::new;
        vec![table.to_owned(), name, unit.to_owned(), now, empty(), change, empty(), empty(), why]
    };
    let drivers = found.drivers.iter().map(|driver| {
        let dimension = match driver.dimension {
            DriverDimension::Platform => "platform",
            DriverDimension::Territory => "territory",
        };
        let share = driver.share_of_change.to_string();
        short(dimension, harmless(&driver.name), "streams", driver.change.to_string(), share, String::new())
    });
    let anomalies = found.anomalies.iter().map(|day| {
        let why = day.explained_by.as_deref().map_or_else(String::new, harmless);
        short("unusual day", day.date.to_string(), "ratio", String::new(), day.effect.to_string(), why)
    });
    let days = found.forecast.iter().flat_map(|forecast| &forecast.days);
    let forecast = days.map(|day| {
        vec![
            "forecast".to_owned(),
            day.date.to_string(),
            "streams".to_owned(),
            day.middle.to_string(),
            String::new(),
            String::new(),
            day.low.to_string(),
            day.high.to_string(),
            String::new(),
        ]
    });
    metrics.chain(drivers).chain(anomalies).chain(forecast).collect()
}

/// `GET /export/comparison.csv?artist=…&artist=…`: artists side by side.
pub(super) async fn comparison(
    State(engine): State<Engine>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, RestError> {
    let query = query.unwrap_or_default();
    // Ids have no character that is written otherwise in an address.
    let ids = query.split('&').filter_map(|pair| pair.strip_prefix("artist="));
    let artists: Vec<String> = ids.filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let similar = query.split('&').any(|pair| pair == "similar=1");
    let input = match artists.as_slice() {
        [one] if similar => {
            CompareArtistsInput { artist_ids: Vec::new(), artist_id: Some(one.clone()), similar: None }
        }
        _ => CompareArtistsInput { artist_ids: artists, artist_id: None, similar: None },
    };
    let answer = engine.gateway.call::<ViewComparison>(&caller.principal, &caller.origin, input).await?;
    let head = [
        "artist id",
        "name",
        "genre",
        "country",
        "streams 28 days",
        "change",
        "saves for each listener",
        "followers",
        "momentum",
        "top territory",
    ];
    Ok(table("comparison.csv", &head, comparison_rows(&answer.output.comparison)))
}

fn comparison_rows(found: &ArtistComparison) -> Rows {
    let row = |artist: &crate::model::analysis::ComparedArtist| {
        vec![
            artist.artist_id.clone(),
            harmless(&artist.name),
            harmless(&artist.genre),
            artist.country.clone(),
            text(artist.streams),
            known(artist.change),
            known(artist.save_rate),
            text(artist.followers),
            known(artist.momentum),
            text(artist.top_territory.as_deref()),
        ]
    };
    found.artists.iter().map(row).collect()
}

/// What the market is asked.
#[derive(Debug, Deserialize)]
pub(super) struct MarketExport {
    genre: Option<String>,
    territory: Option<String>,
    days: Option<u32>,
}

/// `GET /export/market.csv`: the genres.
pub(super) async fn market(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<MarketExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name days and territory: GET /export/market.csv?territory=NO&days=90";
    let asked = caller.asked(&engine, ViewMarket::NAME, query, remedy)?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let input = GenreTrendsInput {
        genre: given(asked.genre),
        territory: given(asked.territory),
        days: asked.days.unwrap_or(90).clamp(56, 120),
        by_territory: false,
    };
    let answer = engine.gateway.call::<ViewMarket>(&caller.principal, &caller.origin, input).await?;
    let head = ["genre", "territory", "streams", "percent a day", "low", "high", "verdict"];
    Ok(table("market.csv", &head, market_rows(&answer.output)))
}

fn market_rows(found: &GenreTrends) -> Rows {
    let row = |trend: &crate::model::analysis::GenreTrend| {
        vec![
            harmless(&trend.genre),
            text(trend.territory.as_deref()),
            trend.streams.to_string(),
            known(trend.percent_per_day),
            known(trend.low),
            known(trend.high),
            verdict(trend.verdict),
        ]
    };
    found.rows.iter().map(row).collect()
}

/// Which month, and of whom.
#[derive(Debug, Deserialize)]
pub(super) struct CalendarExport {
    month: Option<String>,
    artist: Option<String>,
}

/// `GET /export/calendar.csv?month=2026-12`: a month of the calendar.
pub(super) async fn calendar(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<CalendarExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name the month: GET /export/calendar.csv?month=2026-12";
    let asked = caller.asked(&engine, ViewReleaseCalendar::NAME, query, remedy)?;
    let question = CalendarQuestion {
        month: asked.month.and_then(|month| format!("{month}-01").parse().ok()),
        artist: asked.artist.and_then(|artist| artist.parse().ok()),
    };
    let call = engine.gateway.call::<ViewReleaseCalendar>(&caller.principal, &caller.origin, question);
    Ok(table("calendar.csv", &["day", "kind", "what", "note", "rule"], calendar_rows(&call.await?.output)))
}

fn calendar_rows(found: &ReleaseCalendar) -> Rows {
    let row = |entry: &crate::model::release_calendar::CalendarEntry| {
        vec![
            entry.date.to_string(),
            entry.kind.word().to_lowercase(),
            harmless(&entry.title),
            harmless(&entry.note),
            text(entry.source.as_deref()),
        ]
    };
    found.entries.iter().map(row).collect()
}

/// Which week.
#[derive(Debug, Deserialize)]
pub(super) struct ReportExport {
    week: Option<String>,
}

/// `GET /export/report.csv?week=2026-11-16`: the artists' week.
pub(super) async fn report(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<ReportExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name the week: GET /export/report.csv?week=2026-11-16";
    let asked = caller.asked(&engine, ViewWeeklyReport::NAME, query, remedy)?;
    let question = WeekQuestion { week: asked.week.and_then(|week| week.parse().ok()) };
    let answer = engine.gateway.call::<ViewWeeklyReport>(&caller.principal, &caller.origin, question).await?;
    let head = ["artist id", "name", "streams", "week before", "change"];
    Ok(table("report.csv", &head, report_rows(&answer.output)))
}

fn report_rows(found: &WeeklyReport) -> Rows {
    let row = |week: &crate::model::weekly_report::ArtistWeek| {
        vec![
            week.artist_id.clone(),
            harmless(&week.name),
            week.streams.to_string(),
            week.before.to_string(),
            known(week.change),
        ]
    };
    found.artists.iter().map(row).collect()
}
