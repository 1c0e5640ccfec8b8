//! Small facts that all instances share, one item each.

use super::item::{self, table_resource};
use super::schema::SETTINGS_TABLE;
use super::{BATCH, Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Catalog {
    /// A fact, or none where it has not been set.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(SETTINGS_TABLE)
            .key("name", AttributeValue::S(name.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("GetItem", SETTINGS_TABLE), &e))?;
        answer.item.map(|found| item::read("setting", name, found)).transpose()
    }

    /// Sets a fact.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn set_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), CatalogError> {
        let mut found = item::write("setting", name, value)?;
        found.insert("name".to_owned(), AttributeValue::S(name.to_owned()));
        self.aws
            .dynamodb
            .put_item()
            .table_name(SETTINGS_TABLE)
            .set_item(Some(found))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("PutItem", SETTINGS_TABLE), &e))?;
        Ok(())
    }

    /// Writes any number of records into a table.
    pub(crate) async fn write_all<T: Serialize>(
        &self,
        table: &str,
        what: &'static str,
        records: &[T],
    ) -> Result<(), CatalogError> {
        for group in records.chunks(BATCH) {
            let items =
                group.iter().map(|record| item::write(what, "?", record)).collect::<Result<_, _>>()?;
            self.write_batch(table, items).await?;
        }
        Ok(())
    }
}
