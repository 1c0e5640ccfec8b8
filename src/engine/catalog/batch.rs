//! Writing many items at once, until DynamoDB has taken all of them.

use super::item::{self, Item, table_resource};
use super::schema::AUDIT_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use serde::Serialize;
use std::time::Duration;

/// Items in one request (a limit of DynamoDB).
pub(crate) const BATCH: usize = 25;

/// How often what DynamoDB left over is sent again.
const TRIES: u32 = 6;

impl Catalog {
    /// Writes audit records: at most 25.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn write_audit<T: Serialize>(&self, records: &[T]) -> Result<(), CatalogError> {
        let items = records.iter().map(|record| item::write("audit record", "?", record));
        self.send_batch(&self.aws.dynamodb, AUDIT_TABLE, items.collect::<Result<_, _>>()?).await
    }

    /// Writes at most [`BATCH`] items where nobody waits at a page.
    pub(crate) async fn write_batch(&self, table: &str, items: Vec<Item>) -> Result<(), CatalogError> {
        self.send_batch(&self.aws.dynamodb_bulk, table, items).await
    }

    /// What DynamoDB leaves over under load is sent again, more slowly.
    async fn send_batch(
        &self,
        client: &aws_sdk_dynamodb::Client,
        table: &str,
        items: Vec<Item>,
    ) -> Result<(), CatalogError> {
        let failure = |kind, code: &str, message: String| {
            let resource = table_resource("BatchWriteItem", table);
            CatalogError::Aws(AwsFailure { kind, resource, code: code.to_owned(), message })
        };
        let mut requests = Vec::with_capacity(items.len());
        for found in items {
            let put = PutRequest::builder()
                .set_item(Some(found))
                .build()
                .map_err(|error| failure(FailureKind::Invalid, "BuildError", error.to_string()))?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        for attempt in 0..TRIES {
            let answer = client
                .batch_write_item()
                .request_items(table, requests)
                .send()
                .await
                .map_err(|e| AwsFailure::from_sdk(table_resource("BatchWriteItem", table), &e))?;
            requests = answer.unprocessed_items.and_then(|mut left| left.remove(table)).unwrap_or_default();
            if requests.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        let message = format!("{} items were left over after {TRIES} tries", requests.len());
        Err(failure(FailureKind::Unavailable, "ThrottlingException", message))
    }
}
