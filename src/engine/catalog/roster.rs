//! The roster: every artist with the figures that lists show, kept ready for all who ask in the same second.

use super::{Catalog, CatalogError};
use crate::model::artist::ArtistRow;
use jiff::civil::Date;
use moka::future::Cache;
use std::sync::Arc;
use std::time::Duration;

/// How long it is kept: so short that it adds little to the age of what it is made from, and long
/// enough to be made once for many pages.
pub(super) const ROSTER_AGE: Duration = Duration::from_secs(1);

/// Every artist of the default table as a row of the list.
#[derive(Debug)]
pub struct Roster {
    /// By name.
    pub entries: Vec<RosterEntry>,
    /// All genres, each once, from A.
    pub genres: Vec<String>,
    /// The newest day with figures.
    pub as_of: Option<Date>,
    /// Whether some of it is generated sample data.
    pub sample: bool,
    /// How many artists are stored in a form that cannot be read.
    pub unreadable: u32,
}

/// An artist in the roster.
#[derive(Debug)]
pub struct RosterEntry {
    /// The row.
    pub row: Arc<ArtistRow>,
    /// What is searched: the name and what tells namesakes apart, as a search compares them.
    pub searched: Vec<String>,
}

/// Kept by the generations of lists and figures: what was made from older ones is not found any more.
#[derive(Debug)]
pub(super) struct RosterCache(Cache<(u64, u64), Arc<Roster>>);

impl Default for RosterCache {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(4).time_to_live(ROSTER_AGE).build())
    }
}

impl Catalog {
    /// The roster, made by `make` if it is not known. At most a second older than what it is made from.
    ///
    /// # Errors
    /// What `make` says.
    pub async fn roster(
        &self,
        make: impl Future<Output = Result<Roster, CatalogError>>,
    ) -> Result<Arc<Roster>, CatalogError> {
        let generations = (self.lists.generation(), self.analytics_cache.generation());
        let make = async { make.await.map(Arc::new) };
        let answer: Result<_, Arc<CatalogError>> = self.roster.0.try_get_with(generations, make).await;
        answer.map_err(|error| (*error).clone())
    }
}
