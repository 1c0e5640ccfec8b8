//! The repository of artists.

use super::item::{self, table_resource};
use super::item_page::ItemPage;
use super::{Catalog, CatalogError, Cursor};
use crate::engine::aws::AwsFailure;
use crate::engine::config::TableRole;
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use aws_sdk_dynamodb::types::AttributeValue;
use std::sync::Arc;

impl Catalog {
    /// One artist.
    ///
    /// # Errors
    /// `NotFound`, or what AWS says.
    pub async fn artist(&self, table: &str, id: &ArtistId) -> Result<Artist, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(table)
            .key("artistId", AttributeValue::S(id.to_string()))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("GetItem", table), &e))?;
        let found = answer.item.ok_or(CatalogError::NotFound { what: "artist", id: id.to_string() })?;
        item::read("artist", id.as_str(), found)
    }

    /// Every artist of the default table, by name. At most some seconds old.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn artists(&self) -> Result<Arc<Vec<Artist>>, CatalogError> {
        let table = self.table(TableRole::Artists);
        let load = async {
            let items = self.scan_all(table).await?;
            let mut artists = items
                .into_iter()
                .map(|found| {
                    let id = item::text(&found, "artistId").to_owned();
                    item::read::<Artist>("artist", &id, found)
                })
                .collect::<Result<Vec<_>, _>>()?;
            artists.sort_by(|a, b| {
                (a.name.to_lowercase(), &a.artist_id).cmp(&(b.name.to_lowercase(), &b.artist_id))
            });
            Ok(Arc::new(artists))
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
