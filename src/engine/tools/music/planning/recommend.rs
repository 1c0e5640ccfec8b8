//! `recommend_release_date`: hard limits, three scored dates, and what would change them.

mod gates;
mod masters;
mod views;

use super::deadlines;
use super::figures::{Figures, came_out, today};
use super::insights::parsed;
use super::rules::{self, Shelf};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::{RECORDINGS_TABLE, SPLITS_TABLE};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::music::markets::main_territories;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Scope, Server, Subject, Tool, ToolError, choices,
};
use crate::model::analytics::DailyAnalytics;
use crate::model::artist::{Artist, EventKind};
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::release::{Release, ReleaseKind, ReleaseStatus};
use crate::model::release_dates::{CandidateView, ImpossibleView, RecommendedDates, TaskView};
use crate::model::splits::ReleaseSplits;
use crate::model::territory::territory_name;
use crate::model::tool::AwsResource;
use crate::music::release::calendar::backwards;
use crate::music::release::rules::{Rules, plus};
use crate::music::release::timing::{Advice, Asked, Occasion, Planned, Territory, advise};
use gates::OfRelease;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// So many days after everything is ready the last span may begin: two years.
const MOST_AHEAD: i32 = 730;

/// The longest lead time that may be given.
const MOST_LEAD: i32 = 180;

/// The newest days that tell where the artist is heard.
const MARKET_DAYS: i32 = 28;

/// What is to come out, and by when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendDateInput {
    /// The release. Not together with an artist's id.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: Option<String>,
    /// The artist, where there is no release yet.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: Option<String>,
    /// `single`, `ep` or `album`. Without it that of the release, else a single.
    #[schemars(title = "Kind")]
    pub kind: Option<Kind>,
    /// The day on which everything can be delivered, such as `2026-11-22`. Without it today.
    #[schemars(title = "Ready on", extend("format" = "date"))]
    pub ready_on: Option<String>,
    /// No date before this day. Without it today.
    #[schemars(title = "Earliest", extend("format" = "date"))]
    pub earliest: Option<String>,
    /// No date after this day. Without it twelve weeks after the first possible one.
    #[schemars(title = "Latest", extend("format" = "date"))]
    pub latest: Option<String>,
    /// Days from delivery to release that your distributor asks for. Without them the least that is usual.
    #[schemars(title = "Lead time in days", range(min = 0, max = MOST_LEAD))]
    pub lead_days: Option<i32>,
}

/// What sort of product it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub enum Kind {
    /// One to three tracks.
    Single,
    /// Four to six tracks.
    Ep,
    /// Seven tracks or more.
    Album,
}

/// Advises on a release date.
pub struct RecommendReleaseDate;

impl Operation for RecommendReleaseDate {
    const NAME: &'static str = "recommend_release_date";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = RecommendDateInput;
    type Output = RecommendedDates;

    fn resources(_: &RecommendDateInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let artists = choices::dynamodb("Scan", catalog.table(TableRole::Artists));
        let splits = choices::dynamodb("GetItem", SPLITS_TABLE);
        let recordings = choices::dynamodb("GetItem", RECORDINGS_TABLE);
        let masters = choices::s3("GetObject", catalog.buckets.default_of(BucketRole::Audio), "");
        Ok(super::what_is_read(catalog).into_iter().chain([artists, splits, recordings, masters]).collect())
    }

    fn subject(input: &RecommendDateInput) -> Subject {
        Subject {
            artists: input.artist_id.clone().map(|id| vec![id]),
            ..Subject::release(None, input.release_id.as_deref())
        }
    }

    async fn run(input: RecommendDateInput, context: Context) -> Result<RecommendedDates, ToolError> {
        let catalog = &context.catalog;
        let now = today(context.now, catalog);
        let span = Span::read(&input, now)?;
        let (artist, release) = who(&input, catalog).await?;
        let kind = kind(&input, release.as_ref());
        let (all, artists) = (catalog.releases().await?, catalog.artists().await?);
        let history = catalog.history(&artist.artist_id).await?;
        let figures = Figures::of(&history, &artist.artist_id, catalog);
        let shelf = Shelf::of(span.ready)?;
        let rules = shelf.rules(kind);
        let roster = roster(&context.scope, &all, &artists, &artist, release.as_ref());
        let occasions = occasions(&artist, span.ready);
        let territories = territories(&artist, &history);
        let asked = Asked {
            ready: span.ready,
            earliest: Some(span.earliest),
            latest: span.latest,
            own_lead: input.lead_days,
            genre: release.as_ref().map_or(artist.genre.as_str(), |release| release.genre.as_str()),
            roster: &roster,
            occasions: &occasions,
            days_of_figures: figures.count(),
            territories: &territories,
        };
        let advice = advise(&asked, &rules);
        let planned = release.as_ref().map(|release| release.release_date);
        let best = advice.candidates.first().map(|candidate| candidate.date);
        let splits = splits(release.as_ref(), catalog).await?;
        let day = planned.filter(|day| *day > now).or(best);
        let masters = masters::read(release.as_ref(), catalog).await?;
        let of_release = release.as_ref().map(|release| OfRelease { release, masters, splits });
        let gates = gates::of(&asked, &rules, of_release.as_ref(), day);
        let calendar = calendar(&shelf, &rules, input.lead_days, best);
        Ok(RecommendedDates {
            rules: shelf.named(&cited(&rules, &calendar)),
            notes: notes(&context.scope, &rules, &advice, release.as_ref(), input.lead_days),
            sample: artist.sample || figures.sample,
            as_of: figures.as_of.map(|day| day.to_string()),
            source: format!(
                "tables {} and {}, dates of the label's releases; tables {SPLITS_TABLE} and \
                 {RECORDINGS_TABLE}; {}",
                catalog.table(TableRole::Releases),
                catalog.table(TableRole::Artists),
                figures.source
            ),
            gates,
            candidates: advice.candidates.into_iter().map(CandidateView::from).collect(),
            impossible: advice.impossible.into_iter().map(ImpossibleView::from).collect(),
            would_change: advice.would_change,
            calendar,
        })
    }
}

/// The days that are asked about.
struct Span {
    ready: Date,
    earliest: Date,
    latest: Option<Date>,
}

impl Span {
    fn read(input: &RecommendDateInput, now: Date) -> Result<Self, ToolError> {
        let day = |field: &str, text: &Option<String>| -> Result<Option<Date>, ToolError> {
            text.as_deref().map(|text| parsed(field, text)).transpose()
        };
        let ready = day("readyOn", &input.ready_on)?.unwrap_or(now);
        // Nobody releases in the past; who asks about a day by name gets an answer about it.
        let earliest = day("earliest", &input.earliest)?.unwrap_or(now).max(ready);
        if earliest > plus(ready, MOST_AHEAD) {
            let message =
                format!("more than two years after everything is ready ({ready}); take a nearer day");
            let field = if input.earliest.is_some() { "earliest" } else { "readyOn" };
            return Err(ToolError::field(field, message));
        }
        let latest = day("latest", &input.latest)?;
        if latest.is_some_and(|latest| latest < earliest) {
            return Err(ToolError::field("latest", format!("this day is before {earliest}, the first one")));
        }
        Ok(Self { ready, earliest, latest })
    }
}

/// What was entered of who shares in the release.
async fn splits(release: Option<&Release>, catalog: &Catalog) -> Result<ReleaseSplits, ToolError> {
    let Some(release) = release else { return Ok(ReleaseSplits::default()) };
    let kept = catalog.splits(release.release_id.as_str()).await?;
    Ok(kept.map(|kept| kept.splits).unwrap_or_default())
}

/// The artist, and the release where one is named.
async fn who(input: &RecommendDateInput, catalog: &Catalog) -> Result<(Artist, Option<Release>), ToolError> {
    let table = catalog.table(TableRole::Artists);
    match (&input.release_id, &input.artist_id) {
        (Some(release), None) => {
            let id: ReleaseId = parsed("releaseId", release)?;
            let release = catalog.release(catalog.table(TableRole::Releases), &id).await?;
            Ok((catalog.artist(table, &release.artist_id).await?, Some(release)))
        }
        (None, Some(artist)) => {
            let id: ArtistId = parsed("artistId", artist)?;
            Ok((catalog.artist(table, &id).await?, None))
        }
        (Some(_), Some(_)) => {
            Err(ToolError::field("artistId", "give the release's id or the artist's, not both"))
        }
        (None, None) => {
            Err(ToolError::field("releaseId", "give the release's id, or the artist's as artistId"))
        }
    }
}

fn kind(input: &RecommendDateInput, release: Option<&Release>) -> ReleaseKind {
    match input.kind {
        Some(Kind::Single) => ReleaseKind::Single,
        Some(Kind::Ep) => ReleaseKind::Ep,
        Some(Kind::Album) => ReleaseKind::Album,
        None => release.map_or(ReleaseKind::Single, |release| release.kind),
    }
}

/// The other releases that may be seen, planned and out.
fn roster(
    scope: &Scope,
    all: &[Release],
    artists: &[Artist],
    artist: &Artist,
    release: Option<&Release>,
) -> Vec<Planned> {
    let others = all.iter().filter(|other| scope.covers(&other.artist_id));
    let others = others.filter(|other| release.is_none_or(|own| own.release_id != other.release_id));
    let others = others.filter(|other| other.status != ReleaseStatus::Withdrawn);
    let name = |id: &ArtistId| {
        artists
            .iter()
            .find(|one| one.artist_id == *id)
            .map_or(id.as_str(), |one| one.name.as_str())
            .to_owned()
    };
    let planned = |other: &Release| Planned {
        title: other.title.clone(),
        artist: name(&other.artist_id),
        date: other.release_date,
        genre: other.genre.clone(),
        is_own: other.artist_id == artist.artist_id,
    };
    others.map(planned).collect()
}

fn occasions(artist: &Artist, after: Date) -> Vec<Occasion> {
    let follows = artist.events.iter().filter(|event| event.date > after);
    let shows = follows.filter(|event| matches!(event.kind, EventKind::Tour | EventKind::Sync));
    shows.map(|event| Occasion { date: event.date, title: event.title.clone() }).collect()
}

/// Where the artist was heard most on the newest days.
fn territories<'a>(artist: &'a Artist, history: &'a [DailyAnalytics]) -> Vec<Territory<'a>> {
    let newest = history.iter().map(|row| row.date).max();
    let rows =
        history.iter().filter(|row| newest.is_some_and(|newest| row.date > plus(newest, -MARKET_DAYS)));
    let codes = main_territories(&artist.country, rows);
    codes.into_iter().map(|code| Territory { code, name: territory_name(code) }).collect()
}

fn calendar(shelf: &Shelf, rules: &Rules, own_lead: Option<i32>, best: Option<Date>) -> Vec<TaskView> {
    let Some(best) = best else { return Vec::new() };
    let deadlines = deadlines::of(shelf, rules, own_lead);
    let tasks = backwards(best, &deadlines, rules.closed.map(|rule| rule.value));
    tasks.into_iter().map(TaskView::from).collect()
}

/// The entries of the limits and of the calendar.
fn cited<'a>(rules: &Rules, calendar: &'a [TaskView]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = calendar.iter().filter_map(|task| task.source.as_deref()).collect();
    ids.extend(rules::ids(rules));
    ids.extend(["midweek-releases", "lead-gates"]);
    ids
}

fn notes(
    scope: &Scope,
    rules: &Rules,
    advice: &Advice,
    release: Option<&Release>,
    own_lead: Option<i32>,
) -> Vec<String> {
    let mut notes = rules::missing(rules);
    notes.push(
        "A score is the points of the known parts out of the most that these can give, in percent. The weights \
         of the parts are Patchline's own."
            .to_owned(),
    );
    notes.push(
        "Releases of other labels are not known here, and the closed weeks are a caution: read this year's \
         notices of your distributor."
            .to_owned(),
    );
    if scope.artists().is_some() {
        notes.push("Only releases of your own artists were compared for clashes.".to_owned());
    }
    if own_lead.is_none() {
        notes.push(
            "The least lead time is the usual one; give your distributor's own as leadDays, some ask for two \
             weeks."
                .to_owned(),
        );
    }
    if advice.candidates.is_empty() {
        notes.push("No day of the span is possible, so there is no calendar.".to_owned());
    }
    if release.is_some_and(came_out) {
        notes.push("This release is out already; the dates are those of a new one.".to_owned());
    }
    notes
}

impl Tool for RecommendReleaseDate {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Recommend a release date";
    const DESCRIPTION: &'static str = "Proposes three release dates with a score that shows its arithmetic, says \
        which days are impossible and why, what must be in order first, what would change the answer, and what \
        must be done by when.";
}
