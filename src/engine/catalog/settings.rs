//! Small facts that all instances share, one item each.

use super::item::{self, table_resource};
use super::schema::SETTINGS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
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

    /// Adds records that are not there yet, by their key attribute; those that are stay as they are.
    pub(crate) async fn add_missing<T: Serialize>(
        &self,
        table: &str,
        what: &'static str,
        key: &str,
        records: &[T],
    ) -> Result<(), CatalogError> {
        for record in records {
            let request = self
                .aws
                .dynamodb_bulk
                .put_item()
                .table_name(table)
                .set_item(Some(item::write(what, "?", record)?))
                .condition_expression("attribute_not_exists(#key)")
                .expression_attribute_names("#key", key);
            if let Err(error) = request.send().await {
                let failure = AwsFailure::from_sdk(table_resource("PutItem", table), &error);
                if failure.kind != FailureKind::Condition {
                    return Err(failure.into());
                }
            }
        }
        Ok(())
    }
}
