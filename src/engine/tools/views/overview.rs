//! The figures of the first page.

use super::figures::{LabelFigures, calendar, release_counts, shares};
use super::releases::{artist_name, row as release_row};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Scope, ToolError, choices};
use crate::model::analytics::{DayTotal, Freshness};
use crate::model::artist::{Artist, ArtistRow};
use crate::model::overview::Overview;
use crate::model::release::ReleaseStatus;
use crate::model::tool::AwsResource;
use crate::music::window::{WINDOW_DAYS, window_change};
use std::collections::{BTreeMap, HashMap};

/// Days of the label's curve.
const OVERVIEW_DAYS: usize = 90;

/// Rows of the lists of rising and falling artists.
const MOVERS: usize = 5;

/// Rows of the list of releases to come.
const UPCOMING: usize = 6;

/// The label at a glance.
pub struct LabelOverview;

impl Operation for LabelOverview {
    const NAME: &'static str = "label_overview";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ();
    type Output = Overview;

    fn resources((): &(), catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
        ])
    }

    /// `preparing` and `trouble` are left to the caller, who knows whether the sample label is still being written.
    async fn run((): (), context: Context) -> Result<Overview, ToolError> {
        let catalog = &context.catalog;
        let (artists, releases) = (catalog.artists().await?, catalog.releases().await?);
        let artists = context.scope.of(&artists, |artist| &artist.artist_id);
        let releases = context.scope.of(&releases, |release| &release.artist_id);
        let figures = LabelFigures::read(catalog, &artists).await?;
        let days = label_days(&figures, &artists);
        let streams: Vec<_> = days.iter().map(|day| day.streams).collect();
        let change = window_change(&streams);
        let counts = release_counts(&releases);
        let rows: Vec<_> = artists.iter().map(|artist| figures.row(artist, &counts)).collect();
        let names: HashMap<_, _> =
            artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str())).collect();
        let today = context.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let open = [ReleaseStatus::Draft, ReleaseStatus::Scheduled];
        let mut upcoming: Vec<_> = releases
            .iter()
            .filter(|release| release.release_date >= today && open.contains(&release.status))
            .map(|release| release_row(release, artist_name(&names, &release.artist_id), catalog))
            .collect();
        upcoming.sort_by_key(|row| row.release_date);
        upcoming.truncate(UPCOMING);
        let table = catalog.table(TableRole::Analytics);
        let whose = if context.scope == Scope::Everything { "all artists" } else { "your artists" };
        Ok(Overview {
            artists: u32::try_from(artists.len()).unwrap_or(u32::MAX),
            releases: u32::try_from(releases.len()).unwrap_or(u32::MAX),
            streams28: change.sum,
            change28: change.change,
            platforms: shares(by_platform(&figures)),
            rising: movers(&rows, |change| change > 0.0, true),
            falling: movers(&rows, |change| change < 0.0, false),
            upcoming,
            preparing: false,
            trouble: None,
            freshness: Freshness {
                as_of: figures.as_of,
                source: format!("table {table}, {whose}, newest {OVERVIEW_DAYS} days"),
                sample: artists.iter().any(|artist| artist.sample),
            },
            days,
        })
    }
}

/// The label's streams of each day; none where no artist has data.
fn label_days(figures: &LabelFigures, artists: &[Artist]) -> Vec<DayTotal> {
    let Some(as_of) = figures.as_of else { return Vec::new() };
    let mut days: Vec<_> =
        calendar(as_of, OVERVIEW_DAYS).map(|date| DayTotal { date, streams: None }).collect();
    for artist in artists {
        for (day, total) in days.iter_mut().zip(figures.totals(&artist.artist_id, OVERVIEW_DAYS)) {
            if let Some(streams) = total.streams {
                *day.streams.get_or_insert(0) += streams;
            }
        }
    }
    days
}

fn by_platform(figures: &LabelFigures) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    let Some(begin) = figures.as_of.and_then(|as_of| calendar(as_of, WINDOW_DAYS).next()) else {
        return sums;
    };
    for recent in figures.recent.values() {
        for (_, day) in recent.days.range(begin..) {
            for (platform, streams) in day.told() {
                *sums.entry(platform.label().to_owned()).or_default() += streams;
            }
        }
    }
    sums
}

fn movers(rows: &[ArtistRow], wanted: impl Fn(f64) -> bool, descending: bool) -> Vec<ArtistRow> {
    let mut movers: Vec<_> = rows.iter().filter(|row| row.change28.is_some_and(&wanted)).cloned().collect();
    movers.sort_by(|a, b| a.change28.unwrap_or_default().total_cmp(&b.change28.unwrap_or_default()));
    if descending {
        movers.reverse();
    }
    movers.truncate(MOVERS);
    movers
}
