//! `BatchWriteItem` in one transaction.
//!
//! `dynoxide` commits each write of a batch by itself, and each commit waits for the disk while nobody else can
//! read. A batch may be written in any order and in parts, so all of it at once is right, too, and waits once.

use dynoxide::actions::batch_write_item::{BatchWriteItemRequest, BatchWriteItemResponse, WriteRequest};
use dynoxide::actions::transact_write_items::{
    TransactDelete, TransactPut, TransactWriteItem, TransactWriteItemsRequest,
};
use dynoxide::{Database, DynoxideError};

/// The most writes of a batch. One with more is refused, though a transaction might have more.
const MOST: usize = 25;

/// Writes a batch. What cannot be written as a whole is written one by one, and answered in the words of a batch: a
/// transaction that was refused has left nothing behind.
pub(super) fn write(
    database: &Database,
    batch: BatchWriteItemRequest,
) -> Result<BatchWriteItemResponse, DynoxideError> {
    if let Some(transaction) = as_transaction(&batch)
        && database.transact_write_items(transaction).is_ok()
    {
        return Ok(BatchWriteItemResponse::default());
    }
    database.batch_write_item(batch)
}

/// The batch as a transaction; none where it would be answered otherwise, or where that brings nothing.
fn as_transaction(batch: &BatchWriteItemRequest) -> Option<TransactWriteItemsRequest> {
    if batch.return_consumed_capacity.is_some() || batch.return_item_collection_metrics.is_some() {
        return None;
    }
    let tables = &batch.request_items;
    let writes: usize = tables.values().map(Vec::len).sum();
    if !(2..=MOST).contains(&writes) || tables.values().any(Vec::is_empty) {
        return None;
    }
    let each = tables.iter().flat_map(|(table, writes)| writes.iter().map(move |write| (table, write)));
    let transact_items = each.map(|(table, write)| as_action(table, write)).collect::<Option<Vec<_>>>()?;
    Some(TransactWriteItemsRequest { transact_items, ..TransactWriteItemsRequest::default() })
}

/// A write as a part of a transaction; none of what asks for both or for nothing.
fn as_action(table: &str, write: &WriteRequest) -> Option<TransactWriteItem> {
    let nothing = TransactWriteItem::default();
    match (&write.put_request, &write.delete_request) {
        (Some(put), None) => {
            let put = TransactPut {
                table_name: table.to_owned(),
                item: put.item.clone(),
                ..TransactPut::default()
            };
            Some(TransactWriteItem { put: Some(put), ..nothing })
        }
        (None, Some(delete)) => {
            let delete = TransactDelete {
                table_name: table.to_owned(),
                key: delete.key.clone(),
                ..TransactDelete::default()
            };
            Some(TransactWriteItem { delete: Some(delete), ..nothing })
        }
        (Some(_), Some(_)) | (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dynoxide::{AttributeValue, Item};
    use serde_json::{Value, json};

    fn database() -> Database {
        let database = Database::memory().expect("a database");
        let table = json!({
            "TableName": "things", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
            "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        });
        database.create_table(serde_json::from_value(table).expect("a table")).expect("it is made");
        database
    }

    fn batch(writes: Value) -> BatchWriteItemRequest {
        serde_json::from_value(json!({ "RequestItems": { "things": writes } })).expect("a batch")
    }

    fn put(id: &str) -> Value {
        json!({ "PutRequest": { "Item": { "id": { "S": id } } } })
    }

    fn delete(id: &str) -> Value {
        json!({ "DeleteRequest": { "Key": { "id": { "S": id } } } })
    }

    fn ids(database: &Database) -> Vec<String> {
        let scan = serde_json::from_value(json!({ "TableName": "things" })).expect("a scan");
        let items = database.scan(scan).expect("it is read").items.unwrap_or_default();
        let id = |item: &Item| match item.get("id") {
            Some(AttributeValue::S(id)) => id.clone(),
            other => panic!("{other:?}"),
        };
        let mut ids: Vec<_> = items.iter().map(id).collect();
        ids.sort();
        ids
    }

    #[test]
    fn a_batch_is_written_at_once() {
        let database = database();
        write(&database, batch(json!([put("a"), put("b")]))).expect("it is written");
        let mixed = batch(json!([delete("a"), put("c")]));
        assert!(as_transaction(&mixed).is_some());
        let answer = write(&database, mixed).expect("it is written");
        assert!(answer.unprocessed_items.is_empty());
        assert_eq!(ids(&database), ["b", "c"]);
    }

    #[test]
    fn what_no_batch_may_be_is_refused_as_a_batch_and_leaves_nothing() {
        let database = database();
        let many: Vec<_> = (0..26).map(|number| put(&number.to_string())).collect();
        for wrong in [json!(many), json!([put("a"), put("a")]), json!([put("a"), {}]), json!([])] {
            let refused = write(&database, batch(wrong.clone())).expect_err("it is refused");
            assert!(matches!(refused, DynoxideError::ValidationException(_)), "{wrong}: {refused}");
        }
        assert_eq!(ids(&database), Vec::<String>::new());
    }
}
