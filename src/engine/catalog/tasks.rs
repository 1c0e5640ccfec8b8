//! The repository of tasks: what was asked and how far it is, and what each of its steps has found.
//!
//! A task is written by whoever has its epoch: the run that holds its lease, or a person who decides something.
//! Each write names the epoch and the version that it was made from, so that a run which has lost its lease can
//! write nothing any more.

pub(crate) mod open;
mod packed;
pub(crate) mod results;
pub(crate) mod shares;
pub(crate) mod starts;

pub(super) use packed::{pack, unpack};

use super::condition::held;
use super::item::{self, Item, table_resource};
use super::schema::TASKS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use jiff::Timestamp;
use open::OpenTask;
use std::collections::HashMap;

/// What one is called in messages.
const WHAT: &str = "task";

/// The longest id that is looked for, in bytes; those that there are have 26.
const LONGEST_ID: usize = 100;

/// A task as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptTask {
    /// Whose it is. Nobody else finds it.
    pub(crate) owner: String,
    /// Its name among the tasks of its owner: newest last in the order of text.
    pub(crate) id: String,
    /// Counts who may write: each run that takes it, and each decision of a person, has one more.
    pub(crate) epoch: u32,
    /// Counts its changes.
    pub(crate) version: u32,
    /// Its line in lists, as JSON.
    pub(crate) row: String,
    /// All of it but what its steps have found, as JSON.
    pub(crate) content: String,
    /// When it is forgotten, in seconds since 1970.
    pub(crate) expires_at: i64,
}

/// From what a task was changed: a change by somebody else meanwhile is seen by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision {
    /// The epoch that was read.
    pub(crate) epoch: u32,
    /// The version that was read.
    pub(crate) version: u32,
}

impl KeptTask {
    /// What a change of it has to name.
    pub(crate) fn revision(&self) -> Revision {
        Revision { epoch: self.epoch, version: self.version }
    }

    fn item(&self) -> Result<Item, CatalogError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let number = |number: i64| AttributeValue::N(number.to_string());
        Ok(HashMap::from([
            ("owner".to_owned(), text(&self.owner)),
            ("id".to_owned(), text(&self.id)),
            ("epoch".to_owned(), number(self.epoch.into())),
            ("version".to_owned(), number(self.version.into())),
            ("row".to_owned(), text(&self.row)),
            ("content".to_owned(), packed::pack(WHAT, &self.id, &self.content)?),
            ("expiresAt".to_owned(), number(self.expires_at)),
        ]))
    }

    fn read(found: &Item) -> Result<Self, CatalogError> {
        let id = item::text(found, "id").to_owned();
        let revision = revision(&id, found)?;
        Ok(Self {
            owner: item::text(found, "owner").to_owned(),
            epoch: revision.epoch,
            version: revision.version,
            row: item::text(found, "row").to_owned(),
            content: packed::unpack(WHAT, &id, found.get("content"))?,
            expires_at: number(&id, found, "expiresAt")?,
            id,
        })
    }
}

fn revision(id: &str, found: &Item) -> Result<Revision, CatalogError> {
    Ok(Revision { epoch: number(id, found, "epoch")?, version: number(id, found, "version")? })
}

fn number<T: std::str::FromStr>(id: &str, found: &Item, attribute: &str) -> Result<T, CatalogError> {
    let value = found.get(attribute).and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok());
    value.ok_or_else(|| unreadable(id, format!("{attribute} is no number")))
}

/// Whether a text may be the id of a task at all: `DynamoDB` refuses to look for others.
fn can_be_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID
}

fn unreadable(id: &str, detail: String) -> CatalogError {
    CatalogError::Unreadable { what: WHAT, id: id.to_owned(), detail }
}

/// A line of the list of tasks, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptRow {
    /// The task.
    pub(crate) id: String,
    /// The line, as JSON.
    pub(crate) row: String,
}

impl Catalog {
    /// Keeps a new task, and that it waits to be run where it does.
    pub(crate) async fn add_task(
        &self,
        task: &KeptTask,
        open: Option<&OpenTask>,
    ) -> Result<(), CatalogError> {
        let put = Put::builder()
            .table_name(TASKS_TABLE)
            .set_item(Some(task.item()?))
            .condition_expression("attribute_not_exists(#id)")
            .expression_attribute_names("#id", "id");
        if self.put_task(&task.id, put, open).await? {
            return Ok(());
        }
        Err(CatalogError::Conflict { what: WHAT, id: task.id.clone(), current: None })
    }

    /// Writes a change of a task that was made from a revision, and that it waits to be run where it does.
    /// False where somebody else was faster.
    pub(crate) async fn change_task(
        &self,
        task: &KeptTask,
        from: Revision,
        open: Option<&OpenTask>,
    ) -> Result<bool, CatalogError> {
        let number = |number: u32| AttributeValue::N(number.to_string());
        let put = Put::builder()
            .table_name(TASKS_TABLE)
            .set_item(Some(task.item()?))
            .condition_expression("#epoch = :epoch AND #version = :version")
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":epoch", number(from.epoch))
            .expression_attribute_values(":version", number(from.version));
        self.put_task(&task.id, put, open).await
    }

    /// Writes both or none. A transaction is known again when its answer gets lost and it is sent once more.
    async fn put_task(
        &self,
        id: &str,
        put: aws_sdk_dynamodb::types::builders::PutBuilder,
        open: Option<&OpenTask>,
    ) -> Result<bool, CatalogError> {
        let mut request = self.aws.dynamodb.transact_write_items().transact_items(written(id, put)?);
        if let Some(open) = open {
            let put =
                Put::builder().table_name(TASKS_TABLE).set_item(Some(item::write("open task", id, open)?));
            request = request.transact_items(written(id, put)?);
        }
        let answer = request.send().await;
        held(answer.map_err(|error| AwsFailure::from_transaction(resource("PutItem"), &error)))
    }

    /// The task of an owner; `NotFound` where the owner has none of that id.
    pub(crate) async fn task(&self, owner: &str, id: &str) -> Result<KeptTask, CatalogError> {
        if !can_be_id(id) {
            return Err(CatalogError::NotFound { what: WHAT, id: id.to_owned() });
        }
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(TASKS_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        let found = answer.item.map(|found| KeptTask::read(&found)).transpose()?;
        // AWS removes what has expired some hours later.
        let found = found.filter(|task| task.expires_at > Timestamp::now().as_second());
        found.ok_or_else(|| CatalogError::NotFound { what: WHAT, id: id.to_owned() })
    }

    /// How far a task is, without what it says; none where there is none.
    pub(crate) async fn revision_of_task(
        &self,
        owner: &str,
        id: &str,
    ) -> Result<Option<Revision>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(TASKS_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()))
            .projection_expression("#epoch, #version")
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_names("#version", "version")
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        answer.item.map(|found| revision(id, &found)).transpose()
    }

    /// The tasks of an owner before an id, the newest first, at most so many. True beside them where there may
    /// be more.
    pub(crate) async fn tasks_of(
        &self,
        owner: &str,
        before: Option<&str>,
        most: i32,
    ) -> Result<(Vec<KeptRow>, bool), CatalogError> {
        let before = before.filter(|id| can_be_id(id));
        let condition = match before {
            Some(_) => "#owner = :owner AND #id < :before",
            None => "#owner = :owner",
        };
        let mut request = self
            .aws
            .dynamodb
            .query()
            .table_name(TASKS_TABLE)
            .key_condition_expression(condition)
            .projection_expression("#id, #row")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#row", "row")
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(most);
        if let Some(before) = before {
            request = request.expression_attribute_values(":before", AttributeValue::S(before.to_owned()));
        }
        let answer = request.send().await.map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
        let more = answer.last_evaluated_key.is_some_and(|key| !key.is_empty());
        let text = |found: &Item, attribute: &str| item::text(found, attribute).to_owned();
        let rows = answer.items.unwrap_or_default();
        let rows = rows.iter().map(|found| KeptRow { id: text(found, "id"), row: text(found, "row") });
        Ok((rows.collect(), more))
    }
}

/// A write as a part of a transaction.
fn written(
    id: &str,
    put: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> Result<TransactWriteItem, CatalogError> {
    let put = put.build().map_err(|error| unreadable(id, error.to_string()))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, TASKS_TABLE)
}
