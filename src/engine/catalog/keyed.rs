//! Records that are read by the one attribute that is their key.

use super::item::{self, table_resource};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;

impl Catalog {
    /// The record of a table whose key is this, with all that was written before; none where there is none. `what` is
    /// what one is called in messages.
    ///
    /// # Errors
    /// `Unreadable` where it is stored in another form; else what AWS says.
    pub(super) async fn keyed_record<T: DeserializeOwned>(
        &self,
        what: &'static str,
        table: &str,
        key: &str,
        id: &str,
    ) -> Result<Option<T>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(table)
            .key(key, AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("GetItem", table), &error))?;
        answer.item.map(|found| item::read(what, id, found)).transpose()
    }
}
