//! The runs of tasks that are open, all in one partition: at any moment there are few. Each has a lease; one that
//! has lapsed, because its process died or gave it back, is free for whoever takes it first.

use super::resource;
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::condition::held;
use crate::engine::catalog::records::Records;
use crate::engine::catalog::schema::TASKS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "open task";

/// The partition of all of them. No owner has a blank in the id.
const PARTITION: &str = "open runs";

/// A run that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenTask {
    owner: String,
    /// The task.
    pub(crate) id: String,
    /// Whose task it is.
    pub(crate) of: String,
    /// The epoch of whoever holds the lease.
    pub(crate) epoch: u32,
    /// Who holds it; empty where nobody does yet.
    pub(crate) holder: String,
    /// Until when its holder counts as alive, in milliseconds since 1970.
    pub(crate) alive_until: i64,
    expires_at: i64,
}

impl OpenTask {
    /// One that nobody has begun yet.
    pub(crate) fn waiting(of: &str, id: &str, epoch: u32, expires_at: i64) -> Self {
        Self {
            owner: PARTITION.to_owned(),
            id: id.to_owned(),
            of: of.to_owned(),
            epoch,
            holder: String::new(),
            alive_until: 0,
            expires_at,
        }
    }

    /// Whether nobody is known to be at it.
    pub(crate) fn is_free(&self, now: Timestamp) -> bool {
        self.alive_until < now.as_millisecond()
    }
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

impl Catalog {
    /// All runs that are open, the oldest task first. What cannot be read as one is logged and left out.
    pub(crate) async fn open_tasks(&self) -> Result<Records<OpenTask>, CatalogError> {
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(TASKS_TABLE)
            .key_condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", text(PARTITION))
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            found.extend(page.items.unwrap_or_default());
        }
        Ok(Records::read(WHAT, "id", found))
    }

    fn change_of_lease(&self, id: &str) -> UpdateItemFluentBuilder {
        let change = self.aws.dynamodb.update_item().table_name(TASKS_TABLE);
        change
            .key("owner", text(PARTITION))
            .key("id", text(id))
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_names("#until", "aliveUntil")
    }

    fn end_of_lease(&self, id: &str) -> DeleteItemFluentBuilder {
        let end = self.aws.dynamodb.delete_item().table_name(TASKS_TABLE);
        let end = end.key("owner", text(PARTITION)).key("id", text(id));
        end.expression_attribute_names("#epoch", "epoch")
    }

    /// Takes the lease of a run as it was read. None where somebody else was faster.
    pub(crate) async fn claim_task(
        &self,
        open: &OpenTask,
        holder: &str,
        alive_until: i64,
    ) -> Result<Option<OpenTask>, CatalogError> {
        let claimed =
            OpenTask { epoch: open.epoch + 1, holder: holder.to_owned(), alive_until, ..open.clone() };
        let answer = self
            .change_of_lease(&open.id)
            .update_expression("SET #epoch = :next, #holder = :holder, #until = :until")
            .condition_expression("#epoch = :epoch AND #until = :before")
            .expression_attribute_values(":next", number(claimed.epoch.into()))
            .expression_attribute_values(":holder", text(holder))
            .expression_attribute_values(":until", number(alive_until))
            .expression_attribute_values(":epoch", number(open.epoch.into()))
            .expression_attribute_values(":before", number(open.alive_until))
            .send()
            .await;
        held(answer.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error)))
            .map(|held| held.then_some(claimed))
    }

    /// Says until when the holder of a lease is alive; a moment that has passed gives it back. False where
    /// somebody else has it.
    pub(crate) async fn renew_task(&self, open: &OpenTask, alive_until: i64) -> Result<bool, CatalogError> {
        let answer = self
            .change_of_lease(&open.id)
            .update_expression("SET #until = :until")
            .condition_expression("#epoch = :epoch AND #holder = :holder")
            .expression_attribute_values(":until", number(alive_until))
            .expression_attribute_values(":epoch", number(open.epoch.into()))
            .expression_attribute_values(":holder", text(&open.holder))
            .send()
            .await;
        held(answer.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error)))
    }

    /// Says that the run of a lease is open no more. Where somebody else has it by now, nothing happens.
    pub(crate) async fn close_task(&self, open: &OpenTask) -> Result<(), CatalogError> {
        let delete = self
            .end_of_lease(&open.id)
            .condition_expression("#epoch = :epoch AND #holder = :holder")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":epoch", number(open.epoch.into()))
            .expression_attribute_values(":holder", text(&open.holder));
        held(delete.send().await.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error)))
            .map(drop)
    }

    /// Says that no run of a task is open up to an epoch, whoever holds it.
    pub(crate) async fn close_runs_of(&self, id: &str, epoch: u32) -> Result<(), CatalogError> {
        let delete = self
            .end_of_lease(id)
            .condition_expression("#epoch <= :epoch")
            .expression_attribute_values(":epoch", number(epoch.into()));
        held(delete.send().await.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error)))
            .map(drop)
    }
}
