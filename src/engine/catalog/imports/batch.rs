//! Writing for imports: batches that move the position of the work on in the same transaction, each entry only where
//! it still is what was read.

use super::kept::{IMPORT, KeptEntry, KeptLine, Place, Target, lines_of};
use super::{OPEN, OpenWork, Position, number, resource, text, unreadable};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::analytics::ChangingFigures;
use crate::engine::catalog::item::{self, Item, table_resource};
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Entries of one batch: DynamoDB takes a hundred writes, and one of them moves the position on.
pub(crate) const ENTRIES_AT_ONCE: usize = 99;

/// How often a batch is sent again when others write at the same moment, or there is too much to do.
const TRIES: u32 = 6;

/// A write of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryWrite {
    /// Where.
    pub(crate) place: Place,
    /// What is to stand there; none where it is to be taken away.
    pub(crate) entry: Option<KeptEntry>,
    /// What has to stand there now.
    pub(crate) expected: Expected,
}

/// What has to stand at a place before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Nothing.
    Nothing,
    /// This.
    This(Box<KeptEntry>),
    /// What this import has written.
    WrittenBy(String),
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Batch {
    /// It is written.
    Written,
    /// Somebody else does the work.
    LeaseLost,
    /// At these places of the batch stands something else. Nothing is written.
    Changed(Vec<usize>),
}

impl Catalog {
    /// The entries of a partition from one sort key to another.
    pub(crate) async fn entries_between(
        &self,
        target: Target,
        partition: &str,
        from: &str,
        to: &str,
    ) -> Result<BTreeMap<Place, KeptEntry>, CatalogError> {
        let (table, partition_key, sort_key) = target.table(self);
        let mut pages = self
            .aws
            .dynamodb_bulk
            .query()
            .table_name(table)
            .key_condition_expression("#partition = :partition AND #sort BETWEEN :from AND :to")
            .expression_attribute_names("#partition", partition_key)
            .expression_attribute_names("#sort", sort_key)
            .expression_attribute_values(":partition", text(partition))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut found = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(table_resource("Query", table), &error))?;
            for stored in page.items.unwrap_or_default() {
                let sort = item::text(&stored, sort_key).to_owned();
                let place = Place { partition: partition.to_owned(), sort };
                found.insert(place, target.read(stored)?);
            }
        }
        Ok(found)
    }

    /// Hands over the imported lines of the statements of an artist one by one, in the order of their names. No more
    /// than a page of them is in memory, however many there are.
    pub(crate) async fn each_imported_line(
        &self,
        artist: &str,
        mut take: impl FnMut(KeptLine),
    ) -> Result<(), CatalogError> {
        let (table, partition_key, sort_key) = Target::Lines.table(self);
        let mut pages = self
            .aws
            .dynamodb_bulk
            .query()
            .table_name(table)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", partition_key)
            .expression_attribute_values(":partition", text(&lines_of(artist)))
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(table_resource("Query", table), &error))?;
            for stored in page.items.unwrap_or_default() {
                let id = item::text(&stored, sort_key).to_owned();
                take(item::read("line of a statement", &id, stored)?);
            }
        }
        Ok(())
    }

    /// Writes at most [`ENTRIES_AT_ONCE`] entries and moves the work on from its position, all or nothing.
    pub(crate) async fn write_batch(
        &self,
        target: Target,
        work: &OpenWork,
        next: Position,
        writes: &[EntryWrite],
    ) -> Result<Batch, CatalogError> {
        let (table, ..) = target.table(self);
        for attempt in 0..TRIES {
            let mut request =
                self.aws.dynamodb_bulk.transact_write_items().transact_items(moved_on(work, next)?);
            for write in writes {
                request = request.transact_items(self.transact(target, write)?);
            }
            let Err(error) = request.send().await else { return Ok(Batch::Written) };
            let reasons: Vec<&str> = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled
                    .cancellation_reasons()
                    .iter()
                    .map(|reason| reason.code().unwrap_or("None"))
                    .collect(),
                _ => Vec::new(),
            };
            let refused = |code: &str| code == "ConditionalCheckFailed";
            if reasons.first().is_some_and(|code| refused(code)) {
                return self.after_refusal(work, next).await;
            }
            let changed: Vec<usize> = reasons
                .iter()
                .skip(1)
                .enumerate()
                .filter(|(_, code)| refused(code))
                .map(|(at, _)| at)
                .collect();
            if !changed.is_empty() {
                return Ok(Batch::Changed(changed));
            }
            let failure = AwsFailure::from_transaction(table_resource("PutItem", table), &error);
            let passes = matches!(failure.kind, FailureKind::Throttled | FailureKind::Unavailable)
                || reasons.contains(&"TransactionConflict");
            if !passes || attempt + 1 == TRIES {
                return Err(failure.into());
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        Ok(Batch::LeaseLost)
    }

    /// The position is another: either the lease is somebody else's, or this very batch was written before and its
    /// answer got lost.
    async fn after_refusal(&self, work: &OpenWork, next: Position) -> Result<Batch, CatalogError> {
        let now = self.open_work(&work.id).await?;
        let is_written = now.is_some_and(|now| now.epoch == work.epoch && now.position == next);
        Ok(if is_written { Batch::Written } else { Batch::LeaseLost })
    }

    fn transact(&self, target: Target, write: &EntryWrite) -> Result<TransactWriteItem, CatalogError> {
        let (table, partition, sort) = target.table(self);
        let Condition { expression, names, values } = write.expected.condition(partition);
        let unbuilt =
            |error: aws_sdk_dynamodb::error::BuildError| unreadable(&write.place.sort, error.to_string());
        let values = Some(values).filter(|values| !values.is_empty());
        let builder = TransactWriteItem::builder();
        let item = if let Some(entry) = &write.entry {
            let put = Put::builder()
                .table_name(table)
                .set_item(Some(entry.item()?))
                .condition_expression(expression)
                .set_expression_attribute_names(Some(names))
                .set_expression_attribute_values(values);
            builder.put(put.build().map_err(unbuilt)?)
        } else {
            let delete = Delete::builder()
                .table_name(table)
                .key(partition, text(&write.place.partition))
                .key(sort, text(&write.place.sort))
                .condition_expression(expression)
                .set_expression_attribute_names(Some(names))
                .set_expression_attribute_values(values);
            builder.delete(delete.build().map_err(unbuilt)?)
        };
        Ok(item.build())
    }
}

/// A condition of a write.
struct Condition {
    expression: String,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expected {
    fn condition(&self, partition: &str) -> Condition {
        let mut names = HashMap::new();
        let mut values = HashMap::new();
        let expression = match self {
            Self::Nothing => {
                names.insert("#key".to_owned(), partition.to_owned());
                "attribute_not_exists(#key)".to_owned()
            }
            Self::WrittenBy(import) => {
                names.insert("#import".to_owned(), IMPORT.to_owned());
                values.insert(":import".to_owned(), text(import));
                "#import = :import".to_owned()
            }
            Self::This(entry) => {
                names.insert("#import".to_owned(), IMPORT.to_owned());
                let mut parts = match entry.import_id() {
                    Some(import) => {
                        values.insert(":import".to_owned(), text(import));
                        vec!["#import = :import".to_owned()]
                    }
                    None => vec!["attribute_not_exists(#import)".to_owned()],
                };
                for (name, value) in entry.guards() {
                    parts.push(format!("#{name} = :{name}"));
                    names.insert(format!("#{name}"), name.to_owned());
                    values.insert(format!(":{name}"), value);
                }
                parts.join(" AND ")
            }
        };
        Condition { expression, names, values }
    }
}

/// The write that moves the work on, only from where it is and only for who holds it.
fn moved_on(work: &OpenWork, next: Position) -> Result<TransactWriteItem, CatalogError> {
    let position = |position: Position| {
        item::write("position", &work.id, &position).map(|fields: Item| AttributeValue::M(fields))
    };
    let update = Update::builder()
        .table_name(IMPORTS_TABLE)
        .key("kind", text(OPEN))
        .key("id", text(&work.id))
        .update_expression("SET #position = :next")
        .condition_expression("#epoch = :epoch AND #position = :before")
        .expression_attribute_names("#epoch", "epoch")
        .expression_attribute_names("#position", "position")
        .expression_attribute_values(":epoch", number(work.epoch.into()))
        .expression_attribute_values(":before", position(work.position)?)
        .expression_attribute_values(":next", position(next)?)
        .build()
        .map_err(|error| unreadable(&work.id, error.to_string()))?;
    Ok(TransactWriteItem::builder().update(update).build())
}

impl Catalog {
    /// Moves work on without writing anything else. False where somebody else does it.
    pub(crate) async fn move_work(&self, work: &OpenWork, next: Position) -> Result<bool, CatalogError> {
        let request = self.aws.dynamodb_bulk.transact_write_items().transact_items(moved_on(work, next)?);
        let Err(error) = request.send().await else { return Ok(true) };
        let failure = AwsFailure::from_transaction(resource("UpdateItem"), &error);
        if failure.kind == FailureKind::Condition {
            return Ok(self.after_refusal(work, next).await? == Batch::Written);
        }
        Err(failure.into())
    }

    /// After an import has written or taken back figures, whatever is kept of them is old.
    pub(crate) async fn figures_were_imported(&self, changing: ChangingFigures) {
        self.end_change(changing).await;
        self.forget_caches();
    }
}
