//! Writing many items at once, until DynamoDB has taken all of them.

use super::analytics::ROWS_AT_ONCE;
use super::item::{self, Item, table_resource};
use super::schema::AUDIT_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Put, PutRequest, TransactWriteItem, WriteRequest};
use serde::Serialize;
use std::time::Duration;

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

    /// Writes at most [`ROWS_AT_ONCE`] items, all or none, where nobody waits at a page. What is there
    /// already is replaced. A quarter of the requests, and of the waits for the disk, that batches take.
    pub(crate) async fn write_items(&self, table: &str, items: Vec<Item>) -> Result<(), CatalogError> {
        self.put_together(&self.aws.dynamodb_bulk, table, items).await
    }

    /// Writes at most [`ROWS_AT_ONCE`] items, all or none. What is there already is replaced.
    pub(super) async fn put_together(
        &self,
        client: &aws_sdk_dynamodb::Client,
        table: &str,
        items: Vec<Item>,
    ) -> Result<(), CatalogError> {
        let mut request = client.transact_write_items();
        for found in items {
            let put = Put::builder()
                .table_name(table)
                .set_item(Some(found))
                .build()
                .map_err(|error| build_failure(table, &error.to_string()))?;
            request = request.transact_items(TransactWriteItem::builder().put(put).build());
        }
        let resource = || table_resource("PutItem", table);
        request.send().await.map_err(|error| AwsFailure::from_transaction(resource(), &error))?;
        Ok(())
    }

    /// Adds those of at most [`ROWS_AT_ONCE`] items that are not there yet, by their key attribute; those
    /// that are stay as they are, also when somebody writes them at the same moment.
    pub(crate) async fn add_missing_items(
        &self,
        table: &str,
        key: &str,
        mut items: Vec<Item>,
    ) -> Result<(), CatalogError> {
        debug_assert!(items.len() <= ROWS_AT_ONCE, "DynamoDB takes no more in a transaction");
        let resource = || table_resource("PutItem", table);
        for attempt in 0..TRIES {
            let mut request = self.aws.dynamodb_bulk.transact_write_items();
            for found in &items {
                let put = Put::builder()
                    .table_name(table)
                    .set_item(Some(found.clone()))
                    .condition_expression("attribute_not_exists(#key)")
                    .expression_attribute_names("#key", key)
                    .build()
                    .map_err(|error| build_failure(table, &error.to_string()))?;
                request = request.transact_items(TransactWriteItem::builder().put(put).build());
            }
            let Err(error) = request.send().await else { return Ok(()) };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    cancelled.cancellation_reasons()
                }
                _ => &[],
            };
            let has = |reason: &CancellationReason, code: &str| reason.code() == Some(code);
            let in_the_way = reasons.iter().any(|reason| has(reason, "TransactionConflict"));
            let is_there = |at: usize| reasons.get(at).is_some_and(|r| has(r, "ConditionalCheckFailed"));
            let sent = items.len();
            let missing = items.into_iter().enumerate().filter(|(at, _)| !is_there(*at));
            items = missing.map(|(_, found)| found).collect();
            if items.is_empty() {
                return Ok(());
            }
            if items.len() == sent && !in_the_way {
                return Err(AwsFailure::from_transaction(resource(), &error).into());
            }
            if in_the_way {
                tokio::time::sleep(pause(attempt)).await;
            }
        }
        let message = format!("{} items were left over after {TRIES} tries", items.len());
        let code = "TransactionConflict".to_owned();
        Err(AwsFailure { kind: FailureKind::Unavailable, resource: resource(), code, message }.into())
    }

    /// What DynamoDB leaves over under load is sent again, more slowly.
    async fn send_batch(
        &self,
        client: &aws_sdk_dynamodb::Client,
        table: &str,
        items: Vec<Item>,
    ) -> Result<(), CatalogError> {
        let mut requests = Vec::with_capacity(items.len());
        for found in items {
            let put = PutRequest::builder()
                .set_item(Some(found))
                .build()
                .map_err(|error| build_failure(table, &error.to_string()))?;
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
            tokio::time::sleep(pause(attempt)).await;
        }
        let message = format!("{} items were left over after {TRIES} tries", requests.len());
        let code = "ThrottlingException".to_owned();
        let resource = table_resource("BatchWriteItem", table);
        Err(AwsFailure { kind: FailureKind::Throttled, resource, code, message }.into())
    }
}

fn pause(attempt: u32) -> Duration {
    Duration::from_millis(50 << attempt)
}

fn build_failure(table: &str, message: &str) -> CatalogError {
    CatalogError::Aws(AwsFailure {
        kind: FailureKind::Invalid,
        resource: table_resource("PutItem", table),
        code: "BuildError".to_owned(),
        message: message.to_owned(),
    })
}
