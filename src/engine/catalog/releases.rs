//! The repository of releases, with updates that never overwrite an unseen change.

use super::item::{self, Item, table_resource};
use super::item_page::ItemPage;
use super::records::Records;
use super::roster::ROSTER_AGE;
use super::versioned::{Named, Update};
use super::{Catalog, CatalogError, Cursor};
use crate::engine::aws::AwsFailure;
use crate::engine::config::TableRole;
use crate::model::artist::Artist;
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::release::Release;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How old a list may be: 5 s on a page, of which the roster may take the last. Changes made by this
/// process are seen at once, others' after this time.
const LIST_AGE: Duration = Duration::from_secs(5).saturating_sub(ROSTER_AGE);

/// How a release is named.
const RELEASE: Named = Named { what: "release", key: "releaseId" };

/// The lists that pages show, kept for some seconds.
///
/// They are kept by generation: a list that was being read while something changed belongs to the
/// generation before, and is not found afterwards.
#[derive(Debug)]
pub(super) struct ListCaches {
    generation: AtomicU64,
    artists: Cache<u64, Arc<Records<Artist>>>,
    releases: Cache<u64, Arc<Records<Release>>>,
}

impl Default for ListCaches {
    fn default() -> Self {
        Self {
            generation: AtomicU64::new(0),
            artists: Cache::builder().max_capacity(4).time_to_live(LIST_AGE).build(),
            releases: Cache::builder().max_capacity(4).time_to_live(LIST_AGE).build(),
        }
    }
}

impl ListCaches {
    /// After a change: what is known is old.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// The list of artists, read if it is not known.
    pub(super) async fn artists(
        &self,
        load: impl Future<Output = Result<Arc<Records<Artist>>, CatalogError>>,
    ) -> Result<Arc<Records<Artist>>, CatalogError> {
        let generation = self.generation();
        self.artists.try_get_with(generation, load).await.map_err(|error| (*error).clone())
    }

    /// The list of releases, read if it is not known.
    pub(super) async fn releases(
        &self,
        load: impl Future<Output = Result<Arc<Records<Release>>, CatalogError>>,
    ) -> Result<Arc<Records<Release>>, CatalogError> {
        let generation = self.generation();
        self.releases.try_get_with(generation, load).await.map_err(|error| (*error).clone())
    }
}

/// A release after a change that was made.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangedRelease {
    /// The new record.
    Record(Box<Release>),
    /// The change is stored, but the record as a whole cannot be read.
    Unreadable {
        /// The new version.
        version: u32,
        /// What is wrong with the record.
        detail: String,
    },
}

impl Catalog {
    /// One release.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn release(&self, table: &str, id: &ReleaseId) -> Result<Release, CatalogError> {
        item::read("release", id.as_str(), self.release_item(table, id).await?)
    }

    /// One release as stored, also with attributes that Patchline does not know.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn stored_release(&self, table: &str, id: &ReleaseId) -> Result<ItemPage, CatalogError> {
        ItemPage::from_items("release", vec![self.release_item(table, id).await?], None, 1)
    }

    async fn release_item(&self, table: &str, id: &ReleaseId) -> Result<Item, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(table)
            .key("releaseId", AttributeValue::S(id.to_string()))
            // Changes are written from what is read here.
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("GetItem", table), &e))?;
        answer.item.ok_or_else(|| CatalogError::NotFound { what: "release", id: id.to_string() })
    }

    /// Every release of the default table, newest date first. At most some seconds old.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn releases(&self) -> Result<Arc<Records<Release>>, CatalogError> {
        let table = self.table(TableRole::Releases);
        let load = async {
            let releases = Records::<Release>::read("release", "releaseId", self.scan_all(table).await?);
            Ok(Arc::new(
                releases
                    .sorted_by(|a, b| (b.release_date, &a.release_id).cmp(&(a.release_date, &b.release_id))),
            ))
        };
        self.lists.releases(load).await
    }

    /// A page of releases as stored; of one artist by the index, else of all.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn release_page(
        &self,
        table: &str,
        artist: Option<&ArtistId>,
        limit: u32,
        start: Option<Cursor>,
    ) -> Result<ItemPage, CatalogError> {
        let Some(artist) = artist else { return self.scan_page(table, limit, start, None).await };
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(table)
            .index_name(super::schema::RELEASES_BY_ARTIST)
            .key_condition_expression("artistId = :artist")
            .expression_attribute_values(":artist", AttributeValue::S(artist.to_string()))
            .scan_index_forward(false)
            .limit(limit.try_into().unwrap_or(i32::MAX))
            .set_exclusive_start_key(start.map(Cursor::into_start_key))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("Query", table), &e))?;
        ItemPage::from_items(
            "release",
            answer.items.unwrap_or_default(),
            answer.last_evaluated_key,
            answer.scanned_count,
        )
    }

    /// Changes a release if it still has the expected version, and answers with the new record.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` with the stored version; or what AWS says. Nothing was changed then, as far
    /// as is known.
    pub async fn update_release(
        &self,
        table: &str,
        id: &ReleaseId,
        update: Update,
    ) -> Result<ChangedRelease, CatalogError> {
        let next = update.expected_version.saturating_add(1);
        let changed = self.change_record(table, RELEASE, id.as_str(), update).await?;
        self.lists.forget();
        Ok(match serde_dynamo::from_item(changed) {
            Ok(release) => ChangedRelease::Record(Box::new(release)),
            Err(error) => {
                tracing::error!(release = id.as_str(), %error, "a release was changed, and cannot be read");
                ChangedRelease::Unreadable { version: next, detail: error.to_string() }
            }
        })
    }
}
