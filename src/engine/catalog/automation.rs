//! The repository of automations: what runs by itself, what it ran, and the positions up to which it was looked for
//! what has happened.
//!
//! All of it are records of one table, each with a version. What somebody has to look at stands in an index by what
//! is looked for and from when on; what rests is not in it.

use super::condition::held;
use super::item::{self, Item, table_resource};
use super::records::Records;
use super::schema::{AUTOMATION_BY_WATCH, AUTOMATION_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "automation";

/// How many answers are counted that nobody has looked at: they stand in one item, which must not grow without end.
const MOST_UNREAD: usize = 1_000;

/// How many records are read at once.
const PAGE: i32 = 500;

/// The item of somebody that has the answers nobody has looked at yet.
const INBOX: &str = "inbox";

/// A record: an automation, a run of one, or a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AutomationRecord {
    /// Whose it is: a person, an automation whose run it is, or nobody.
    pub(crate) owner: String,
    /// Its name among those of its owner, in the order in which they are listed.
    pub(crate) id: String,
    /// Counts its changes.
    pub(crate) version: u32,
    /// What is looked for; none where nobody has to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) watch: Option<String>,
    /// From when on somebody has to look at it, RFC 3339 in UTC with seconds.
    pub(crate) due_at: String,
    /// What it says, as JSON.
    pub(crate) content: String,
    /// When it is forgotten, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<i64>,
}

/// A moment as it stands in the index: as text in the order of time.
pub(crate) fn due(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Catalog {
    /// Keeps a new record. False where there is one of its name.
    pub(crate) async fn add_automation_record(
        &self,
        record: &AutomationRecord,
    ) -> Result<bool, CatalogError> {
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(AUTOMATION_TABLE)
            .set_item(Some(written(record)?))
            .condition_expression("attribute_not_exists(#id)")
            .expression_attribute_names("#id", "id");
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error)))
    }

    /// Writes a record that was made from a version. False where somebody else was faster.
    pub(crate) async fn change_automation_record(
        &self,
        record: &AutomationRecord,
        from: u32,
    ) -> Result<bool, CatalogError> {
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(AUTOMATION_TABLE)
            .set_item(Some(written(record)?))
            .condition_expression("#version = :from")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":from", AttributeValue::N(from.to_string()));
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error)))
    }

    /// Writes an automation that was made from a version, and a new run of it, both or neither. False where
    /// somebody else was faster.
    pub(crate) async fn fire_automation(
        &self,
        automation: &AutomationRecord,
        from: u32,
        run: &AutomationRecord,
    ) -> Result<bool, CatalogError> {
        let put = |record: &AutomationRecord| {
            let builder = Put::builder().table_name(AUTOMATION_TABLE).set_item(Some(written(record)?));
            Ok::<_, CatalogError>(builder)
        };
        let changed = put(automation)?
            .condition_expression("#version = :from")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":from", AttributeValue::N(from.to_string()));
        let added = put(run)?
            .condition_expression("attribute_not_exists(#id)")
            .expression_attribute_names("#id", "id");
        let request = self
            .aws
            .dynamodb
            .transact_write_items()
            .transact_items(part(&automation.id, changed)?)
            .transact_items(part(&run.id, added)?);
        let answer = request.send().await;
        held(answer.map_err(|error| AwsFailure::from_transaction(resource("PutItem"), &error)))
    }

    /// A record; none where there is none.
    pub(crate) async fn automation_record(
        &self,
        owner: &str,
        id: &str,
    ) -> Result<Option<AutomationRecord>, CatalogError> {
        if id.is_empty() || id.len() > 200 || id == INBOX {
            return Ok(None);
        }
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(AUTOMATION_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        answer.item.map(|found| item::read(WHAT, id, found)).transpose()
    }

    /// The newest records of an owner, at most so many: the greatest ids first.
    pub(crate) async fn automation_records_of(
        &self,
        owner: &str,
        most: i32,
    ) -> Result<Records<AutomationRecord>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(AUTOMATION_TABLE)
            .key_condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(most)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
        let mut found = answer.items.unwrap_or_default();
        found.retain(|found| item::text(found, "id") != INBOX);
        Ok(Records::read(WHAT, "id", found))
    }

    /// The records that are looked at for something, those that have been due for the longest first, at most so
    /// many; up to a moment, or all.
    pub(crate) async fn watched_automations(
        &self,
        watch: &str,
        until: Option<Timestamp>,
        most: i32,
    ) -> Result<Records<AutomationRecord>, CatalogError> {
        let condition = match until {
            Some(_) => "#watch = :watch AND #due <= :until",
            None => "#watch = :watch",
        };
        let page = most.min(PAGE);
        let most = usize::try_from(most).unwrap_or_default();
        let mut request = self
            .aws
            .dynamodb
            .query()
            .table_name(AUTOMATION_TABLE)
            .index_name(AUTOMATION_BY_WATCH)
            .key_condition_expression(condition)
            .expression_attribute_names("#watch", "watch")
            .expression_attribute_values(":watch", AttributeValue::S(watch.to_owned()))
            .limit(page);
        if let Some(until) = until {
            request = request
                .expression_attribute_names("#due", "dueAt")
                .expression_attribute_values(":until", AttributeValue::S(due(until)));
        }
        let mut pages = request.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            found.extend(page.items.unwrap_or_default());
            if found.len() >= most {
                break;
            }
        }
        found.truncate(most);
        Ok(Records::read(WHAT, "id", found))
    }

    /// Removes a record.
    pub(crate) async fn remove_automation_record(&self, owner: &str, id: &str) -> Result<(), CatalogError> {
        let delete = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(AUTOMATION_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()));
        delete.send().await.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error))?;
        Ok(())
    }

    fn change_of_inbox(&self, owner: &str, answers: &[String]) -> UpdateItemFluentBuilder {
        self.aws
            .dynamodb
            .update_item()
            .table_name(AUTOMATION_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(INBOX.to_owned()))
            .expression_attribute_names("#unread", "unread")
            .expression_attribute_values(":answers", AttributeValue::Ss(answers.to_vec()))
    }

    /// Says that somebody has an answer that they have not looked at. Saying it twice is saying it once; where there
    /// are very many already, it is not counted.
    pub(crate) async fn add_to_inbox(&self, owner: &str, answer: &str) -> Result<(), CatalogError> {
        if self.inbox(owner).await?.len() >= MOST_UNREAD {
            return Ok(());
        }
        let change =
            self.change_of_inbox(owner, &[answer.to_owned()]).update_expression("ADD #unread :answers");
        change.send().await.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error))?;
        Ok(())
    }

    /// Says that somebody has looked at answers.
    pub(crate) async fn take_from_inbox(&self, owner: &str, answers: &[String]) -> Result<(), CatalogError> {
        if answers.is_empty() {
            return Ok(());
        }
        let change = self.change_of_inbox(owner, answers).update_expression("DELETE #unread :answers");
        change.send().await.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error))?;
        Ok(())
    }

    /// The answers that somebody has not looked at.
    pub(crate) async fn inbox(&self, owner: &str) -> Result<Vec<String>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(AUTOMATION_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(INBOX.to_owned()))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        let unread = answer.item.and_then(|mut found| found.remove("unread"));
        Ok(unread.and_then(|unread| unread.as_ss().ok().cloned()).unwrap_or_default())
    }
}

fn written(record: &AutomationRecord) -> Result<Item, CatalogError> {
    item::write(WHAT, &record.id, record)
}

/// A write as a part of a transaction.
fn part(id: &str, put: PutBuilder) -> Result<TransactWriteItem, CatalogError> {
    let unwritable = |detail: String| CatalogError::Unreadable { what: WHAT, id: id.to_owned(), detail };
    let put = put.build().map_err(|error| unwritable(error.to_string()))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, AUTOMATION_TABLE)
}
