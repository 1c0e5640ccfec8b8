//! The repository of artists.

use super::item::{self, Item, table_resource};
use super::item_page::ItemPage;
use super::records::Records;
use super::versioned::{Named, Update};
use super::{Catalog, CatalogError, Cursor};
use crate::engine::aws::AwsFailure;
use crate::engine::config::TableRole;
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use aws_sdk_dynamodb::types::AttributeValue;
use std::sync::Arc;

/// How an artist is named.
const ARTIST: Named = Named { what: "artist", key: "artistId" };

impl Catalog {
    /// One artist.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn artist(&self, table: &str, id: &ArtistId) -> Result<Artist, CatalogError> {
        item::read("artist", id.as_str(), self.artist_item(table, id).await?)
    }

    /// One artist as stored, also with attributes that Patchline does not know.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn stored_artist(&self, table: &str, id: &ArtistId) -> Result<ItemPage, CatalogError> {
        ItemPage::from_items("artist", vec![self.artist_item(table, id).await?], None, 1)
    }

    async fn artist_item(&self, table: &str, id: &ArtistId) -> Result<Item, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(table)
            .key("artistId", AttributeValue::S(id.to_string()))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("GetItem", table), &e))?;
        answer.item.ok_or_else(|| CatalogError::NotFound { what: "artist", id: id.to_string() })
    }

    /// Changes an artist if they still have the expected version, and answers with the new record as it is stored.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` with the stored version; or what AWS says. Nothing was changed then, as far as is known.
    pub async fn update_artist(
        &self,
        table: &str,
        id: &ArtistId,
        update: Update,
    ) -> Result<ItemPage, CatalogError> {
        let changed = self.change_record(table, ARTIST, id.as_str(), update).await?;
        self.lists.forget();
        ItemPage::from_items("artist", vec![changed], None, 1)
    }

    /// Every artist of the default table, by name. At most some seconds old.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn artists(&self) -> Result<Arc<Records<Artist>>, CatalogError> {
        let table = self.table(TableRole::Artists);
        let load = async {
            let artists = Records::<Artist>::read("artist", "artistId", self.scan_all(table).await?);
            Ok(Arc::new(artists.sorted_by(|a, b| {
                (a.name.to_lowercase(), &a.artist_id).cmp(&(b.name.to_lowercase(), &b.artist_id))
            })))
        };
        self.lists.artists(load).await
    }

    /// A page of artists as stored.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn artist_page(
        &self,
        table: &str,
        limit: u32,
        start: Option<Cursor>,
    ) -> Result<ItemPage, CatalogError> {
        self.scan_page(table, limit, start, None).await
    }
}
