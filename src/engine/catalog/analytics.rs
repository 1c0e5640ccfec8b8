//! The repository of daily figures: recent totals for lists, whole histories for pages, pages of rows for tools.

mod by_territory;
mod by_track;
mod changing;
mod listening;
mod newest;
mod recent;
mod renewed;
mod rollup;
mod source;

pub use by_territory::ByTerritory;
pub use by_track::ByTrack;
pub(crate) use changing::ChangingFigures;
pub use listening::Listening;
pub use recent::{DayStreams, Recent};

use super::item::{self, Item, table_resource};
use super::item_page::ItemPage;
use super::roster::ROSTER_AGE;
use super::{Catalog, CatalogError, Cursor};
use crate::engine::aws::AwsFailure;
use crate::engine::config::TableRole;
use crate::model::analytics::DailyAnalytics;
use crate::model::identifier::ArtistId;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use moka::future::Cache;
use renewed::{Key, Renewed};
use rollup::Rollup;
use source::Source;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Days that lists, the overview and comparisons with other artists look back: fourteen weeks, as momentum
/// needs 91 days.
pub const RECENT_DAYS: usize = 98;

/// Days that are read by territory: the longest that trends look back.
pub const TERRITORY_DAYS: usize = 120;

/// Days that an artist's page looks back.
pub const HISTORY_DAYS: usize = 400;

/// Rows that one transaction can write (a limit of DynamoDB).
pub const ROWS_AT_ONCE: usize = 100;

/// How old figures may be: a minute on a page, of which the roster may take the last second. They change
/// once a day; what this process records is seen at once.
const FIGURES_AGE: Duration = Duration::from_mins(1).saturating_sub(ROSTER_AGE);

/// The latest day that it can be anywhere at a moment: that of the islands at UTC+14.
pub fn latest_day(now: Timestamp) -> Date {
    const EASTERNMOST: Offset = Offset::constant(14);
    EASTERNMOST.to_datetime(now).date()
}

/// All figures of an artist's newest days, those of recordings added up.
#[derive(Debug, Clone)]
struct History {
    rows: Arc<Vec<DailyAnalytics>>,
    /// Those of social networks.
    social: Arc<Vec<DailyAnalytics>>,
    tracks: Arc<ByTrack>,
}

/// Figures that pages ask for again and again.
#[derive(Debug)]
pub(super) struct AnalyticsCache {
    /// Counts the changes: figures that were being read meanwhile belong to the generation before.
    generation: AtomicU64,
    recent: Renewed<Recent>,
    history: Cache<Key, History>,
    territories: Renewed<ByTerritory>,
}

impl Default for AnalyticsCache {
    fn default() -> Self {
        Self {
            generation: AtomicU64::new(0),
            recent: Renewed::new(10_000, FIGURES_AGE),
            history: Cache::builder().max_capacity(200).time_to_live(FIGURES_AGE).build(),
            territories: Renewed::new(1_000, FIGURES_AGE),
        }
    }
}

impl AnalyticsCache {
    /// After a change: what is known is old.
    fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.recent.forget();
        self.territories.forget();
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    fn key(&self, artist: &ArtistId) -> Key {
        (self.generation(), artist.clone())
    }
}

/// A condition on the attributes of rows, already checked and compiled.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// The artist whose rows are wanted, if the condition asks for exactly one: then no scan is needed.
    pub artist: Option<String>,
    /// `DynamoDB`'s filter expression; empty for no condition beyond the artist.
    pub expression: String,
    /// The names that stand for attributes in it.
    pub names: HashMap<String, String>,
    /// The values that stand in it.
    pub values: HashMap<String, AttributeValue>,
}

impl Condition {
    pub(super) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        Some(self.values.clone()).filter(|values| !values.is_empty())
    }
}

impl Catalog {
    /// The streams of an artist's newest [`TERRITORY_DAYS`] days by territory, however long the history is. At most a
    /// minute old; what another program corrects in them is seen as `rollup` says.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn by_territory(&self, artist: &ArtistId) -> Result<Arc<ByTerritory>, CatalogError> {
        self.rolled_up(&self.analytics_cache.territories, artist).await
    }

    /// The streams of an artist's newest [`RECENT_DAYS`] days, and how people listened on them. As old as those by
    /// territory.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn recent(&self, artist: &ArtistId) -> Result<Arc<Recent>, CatalogError> {
        self.rolled_up(&self.analytics_cache.recent, artist).await
    }

    async fn rolled_up<T: Rollup>(
        &self,
        kept: &Renewed<T>,
        artist: &ArtistId,
    ) -> Result<Arc<T>, CatalogError> {
        let read = |oldest| {
            let (source, artist) = (self.source(), artist.clone());
            async move { source.rolled_up(&artist, oldest).await }
        };
        kept.get(self.analytics_cache.key(artist), read).await
    }

    /// All figures of an artist's newest [`HISTORY_DAYS`] days on streaming services, oldest first, without those of
    /// recordings, which [`Catalog::by_track`] tells. At most a minute old.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn history(&self, artist: &ArtistId) -> Result<Arc<Vec<DailyAnalytics>>, CatalogError> {
        Ok(self.whole_history(artist).await?.rows)
    }

    /// What social networks tell of an artist, oldest first, from the same reading as [`Catalog::history`]. What they
    /// call streams belongs into no sum of streams.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn social(&self, artist: &ArtistId) -> Result<Arc<Vec<DailyAnalytics>>, CatalogError> {
        Ok(self.whole_history(artist).await?.social)
    }

    /// The streams of an artist's recordings, from the same reading as [`Catalog::history`].
    ///
    /// # Errors
    /// What AWS says.
    pub async fn by_track(&self, artist: &ArtistId) -> Result<Arc<ByTrack>, CatalogError> {
        Ok(self.whole_history(artist).await?.tracks)
    }

    async fn whole_history(&self, artist: &ArtistId) -> Result<History, CatalogError> {
        let load = async {
            let mut rows: Vec<DailyAnalytics> = self.source().newest_rows(artist, HISTORY_DAYS).await?;
            rows.reverse();
            let social: Vec<_> = rows.extract_if(.., |row| row.platform.is_social()).collect();
            let tracks = Arc::new(ByTrack::taken_from(&mut rows));
            Ok(History { rows: Arc::new(rows), social: Arc::new(social), tracks })
        };
        let answer: Result<_, Arc<CatalogError>> =
            self.analytics_cache.history.try_get_with(self.analytics_cache.key(artist), load).await;
        answer.map_err(|error| (*error).clone())
    }

    /// A page of rows as stored that fulfil a condition.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn analytics_page(
        &self,
        table: &str,
        condition: &Condition,
        limit: u32,
        start: Option<Cursor>,
    ) -> Result<ItemPage, CatalogError> {
        let Some(artist) = &condition.artist else {
            let condition = Some(condition).filter(|condition| !condition.expression.is_empty());
            return self.scan_page(table, limit, start, condition).await;
        };
        let mut values = condition.values.clone();
        values.insert(":artist".to_owned(), AttributeValue::S(artist.clone()));
        let mut request = self
            .aws
            .dynamodb
            .query()
            .table_name(table)
            .key_condition_expression("artistId = :artist")
            .set_expression_attribute_values(Some(values))
            .limit(limit.try_into().unwrap_or(i32::MAX))
            .set_exclusive_start_key(start.map(Cursor::into_start_key));
        if !condition.expression.is_empty() {
            request = request
                .filter_expression(&condition.expression)
                .set_expression_attribute_names(Some(condition.names.clone()));
        }
        let answer =
            request.send().await.map_err(|e| AwsFailure::from_sdk(table_resource("Query", table), &e))?;
        ItemPage::from_items(
            "row of figures",
            answer.items.unwrap_or_default(),
            answer.last_evaluated_key,
            answer.scanned_count,
        )
    }

    /// Writes rows, all or none. A row for the same artist, day and platform is replaced.
    ///
    /// # Errors
    /// What AWS says. More than [`ROWS_AT_ONCE`] rows are refused by DynamoDB.
    pub async fn record(&self, table: &str, rows: &[DailyAnalytics]) -> Result<(), CatalogError> {
        let items = rows.iter().map(row_item).collect::<Result<_, _>>()?;
        let mut changing = ChangingFigures::default();
        // Of other tables nothing is rolled up.
        if table == self.table(TableRole::Analytics) {
            self.begin_change(&mut changing, rows.iter().map(|row| row.artist_id.as_str())).await?;
        }
        let written = self.put_together(&self.aws.dynamodb, table, items).await;
        if written.is_ok() {
            self.end_change(changing).await;
        }
        self.analytics_cache.forget();
        written
    }

    fn source(&self) -> Source {
        Source {
            dynamodb: self.aws.dynamodb_lists.clone(),
            table: self.table(TableRole::Analytics).to_owned(),
        }
    }

    /// Forgets all cached figures and lists, after the sample label was written.
    pub(crate) fn forget_caches(&self) {
        self.analytics_cache.forget();
        self.lists.forget();
    }
}

/// A row as an item, with its sort key.
pub(crate) fn row_item(row: &DailyAnalytics) -> Result<Item, CatalogError> {
    let mut found = item::write("row of figures", row.artist_id.as_str(), row)?;
    found.insert("dayPlatform".to_owned(), AttributeValue::S(row.sort_key()));
    Ok(found)
}
