//! The repository of releases, with updates that never overwrite an unseen change.

use super::item::{self, Item, table_resource};
use super::item_page::ItemPage;
use super::records::Records;
use super::roster::ROSTER_AGE;
use super::{Catalog, CatalogError, Cursor};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::config::TableRole;
use crate::model::artist::Artist;
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::release::Release;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use aws_smithy_runtime_api::client::result::SdkError;
use moka::future::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How old a list may be: 5 s on a page, of which the roster may take the last. Changes made by this
/// process are seen at once, others' after this time.
const LIST_AGE: Duration = Duration::from_secs(5).saturating_sub(ROSTER_AGE);

/// The attribute in which a record keeps the name of the change that it had last.
pub(super) const CHANGE: &str = "lastChange";

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

/// A change of a release: attributes and their new values.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseUpdate {
    /// The release.
    pub release_id: ReleaseId,
    /// The version that the change was made from.
    pub expected_version: u32,
    /// New values by attribute name.
    pub values: Item,
    /// Who changes it.
    pub updated_by: String,
    /// When, RFC 3339 in UTC.
    pub updated_at: String,
    /// The name of the change, the same for every attempt at it.
    pub change: String,
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
        update: ReleaseUpdate,
    ) -> Result<ChangedRelease, CatalogError> {
        let id = update.release_id.to_string();
        let next = update.expected_version.saturating_add(1);
        let fixed = ["#version = :next", "#updatedBy = :by", "#updatedAt = :at", "#change = :change"];
        let mut assignments = fixed.map(str::to_owned).to_vec();
        let mut request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(table)
            .key("releaseId", AttributeValue::S(id.clone()))
            .condition_expression("attribute_exists(releaseId) AND #version = :expected")
            .expression_attribute_names("#version", "version")
            .expression_attribute_names("#updatedBy", "updatedBy")
            .expression_attribute_names("#updatedAt", "updatedAt")
            .expression_attribute_names("#change", CHANGE)
            .expression_attribute_values(":change", AttributeValue::S(update.change.clone()))
            .expression_attribute_values(":expected", number(update.expected_version))
            .expression_attribute_values(":next", number(next))
            .expression_attribute_values(":by", AttributeValue::S(update.updated_by.clone()))
            .expression_attribute_values(":at", AttributeValue::S(update.updated_at.clone()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (position, (attribute, value)) in update.values.into_iter().enumerate() {
            assignments.push(format!("#a{position} = :v{position}"));
            request = request
                .expression_attribute_names(format!("#a{position}"), attribute)
                .expression_attribute_values(format!(":v{position}"), value);
        }
        let answer = request.update_expression(format!("SET {}", assignments.join(", "))).send().await;
        let changed = match answer {
            Ok(answer) => answer.attributes.unwrap_or_default(),
            Err(error) => {
                own_change(&error, &update.change).ok_or_else(|| update_failure(&id, table, &error))?
            }
        };
        self.lists.forget();
        Ok(match serde_dynamo::from_item(changed) {
            Ok(release) => ChangedRelease::Record(Box::new(release)),
            Err(error) => {
                tracing::error!(release = id, %error, "a release was changed, and cannot be read");
                ChangedRelease::Unreadable { version: next, detail: error.to_string() }
            }
        })
    }
}

fn number(value: u32) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The stored item, where it is this very change: the SDK sends a request again when its answer is late, and
/// a caller repeats a change whose instance was killed before it could say that it is made. Both then find
/// the condition broken by the first attempt.
fn own_change(
    error: &SdkError<UpdateItemError, aws_smithy_runtime_api::http::Response>,
    change: &str,
) -> Option<Item> {
    let UpdateItemError::ConditionalCheckFailedException(check) = error.as_service_error()? else {
        return None;
    };
    let stored = check.item()?;
    let ours = item::text(stored, CHANGE) == change;
    ours.then(|| stored.clone())
}

fn update_failure(
    id: &str,
    table: &str,
    error: &SdkError<UpdateItemError, aws_smithy_runtime_api::http::Response>,
) -> CatalogError {
    if let Some(UpdateItemError::ConditionalCheckFailedException(check)) = error.as_service_error() {
        let Some(stored) = check.item().filter(|item| !item.is_empty()) else {
            return CatalogError::NotFound { what: "release", id: id.to_owned() };
        };
        let current = stored.get("version").and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok());
        return match current {
            Some(version) => {
                CatalogError::Conflict { what: "release", id: id.to_owned(), current: Some(version) }
            }
            None => CatalogError::WithoutVersion { what: "release", id: id.to_owned() },
        };
    }
    let failure = AwsFailure::from_sdk(table_resource("UpdateItem", table), error);
    debug_assert_ne!(failure.kind, FailureKind::Condition);
    failure.into()
}
