//! What one principal did, as the audit table has it.

use super::item::table_resource;
use super::records::Records;
use super::schema::{AUDIT_BY_PRINCIPAL, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;

impl Catalog {
    /// The newest records of a principal, the newest first: `most` of them, or fewer where they are large.
    pub(crate) async fn records_of<T: DeserializeOwned>(
        &self,
        principal: &str,
        most: i32,
    ) -> Result<Records<T>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_TABLE)
            .index_name(AUDIT_BY_PRINCIPAL)
            .key_condition_expression("#principal = :principal")
            .expression_attribute_names("#principal", "principal")
            .expression_attribute_values(":principal", AttributeValue::S(principal.to_owned()))
            .scan_index_forward(false)
            .limit(most)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
        Ok(Records::read("audit record", "id", answer.items.unwrap_or_default()))
    }
}
