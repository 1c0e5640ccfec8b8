//! Writing many items at once, until DynamoDB has taken all of them.

use super::analytics::ROWS_AT_ONCE;
use super::item::{self, Item, table_resource};
use super::open_changes::OpenChange;
use super::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::audit::{AuditRecord, Phase};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Put, PutRequest, TransactWriteItem, WriteRequest};
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// Items in one batch (a limit of DynamoDB).
const BATCH: usize = 25;

/// How often what DynamoDB left over is sent again.
const TRIES: u32 = 6;

impl Catalog {
    /// Writes audit records. With each intent goes that a change is open, before it is begun.
    pub(crate) async fn write_audit(&self, records: &[AuditRecord]) -> Result<(), CatalogError> {
        let mut requests = Vec::with_capacity(records.len());
        let now = Timestamp::now();
        for intent in records.iter().filter(|record| record.phase == Phase::Intent) {
            let open = item::write("open change", &intent.request_id, &OpenChange::of(intent, now))?;
            requests.push((AUDIT_CHECKPOINTS_TABLE, open));
        }
        for record in records {
            requests.push((AUDIT_TABLE, item::write("audit record", &record.id, record)?));
        }
        let mut requests = requests.into_iter();
        loop {
            let batch: Vec<_> = requests.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            self.send_batch(batch).await?;
        }
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
    async fn send_batch(&self, items: Vec<(&'static str, Item)>) -> Result<(), CatalogError> {
        let mut requests = HashMap::<String, Vec<WriteRequest>>::new();
        for (table, found) in items {
            let put = PutRequest::builder()
                .set_item(Some(found))
                .build()
                .map_err(|error| build_failure(table, &error.to_string()))?;
            let request = WriteRequest::builder().put_request(put).build();
            requests.entry(table.to_owned()).or_default().push(request);
        }
        for attempt in 0..TRIES {
            let answer = self
                .aws
                .dynamodb
                .batch_write_item()
                .set_request_items(Some(requests))
                .send()
                .await
                .map_err(|e| AwsFailure::from_sdk(table_resource("BatchWriteItem", AUDIT_TABLE), &e))?;
            requests = answer.unprocessed_items.unwrap_or_default();
            requests.retain(|_, left| !left.is_empty());
            if requests.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        let left: usize = requests.values().map(Vec::len).sum();
        let message = format!("{left} items were left over after {TRIES} tries");
        let code = "ThrottlingException".to_owned();
        let resource = table_resource("BatchWriteItem", AUDIT_TABLE);
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
