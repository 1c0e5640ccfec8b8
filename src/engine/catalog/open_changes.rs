//! Changes whose intent is on record and whose outcome is not yet. What a process that died has left of them
//! is found by others.

use super::condition::held;
use super::item::{self, table_resource};
use super::records::Records;
use super::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use crate::model::audit::{AuditRecord, instance_of};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "open change";

/// The partition of all of them: at any moment there are few.
const PARTITION: &str = "open";

/// How far ahead a process writes that it is alive. Others look only whether it writes something new.
const ALIVE: SignedDuration = SignedDuration::from_secs(30);

/// A change that has been begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenChange {
    log: String,
    /// `<instance>#<request id>`.
    pub(crate) id: String,
    /// Where its intent is.
    pub(crate) log_hour: String,
    /// The id of its intent.
    pub(crate) record: String,
    /// The call.
    pub(crate) request_id: String,
    /// Until when its process says that it is alive, by its own clock, in milliseconds since 1970.
    pub(crate) alive_until: i64,
    expires_at: i64,
}

impl OpenChange {
    /// The one that an intent begins.
    pub(crate) fn of(intent: &AuditRecord, now: Timestamp) -> Self {
        Self {
            log: PARTITION.to_owned(),
            id: format!("{}#{}", instance_of(&intent.log_hour), intent.request_id),
            log_hour: intent.log_hour.clone(),
            record: intent.id.clone(),
            request_id: intent.request_id.clone(),
            alive_until: alive_until(now),
            expires_at: intent.expires_at,
        }
    }

    /// The same, of which its process says that it is still being made.
    pub(crate) fn alive(self, now: Timestamp) -> Self {
        Self { alive_until: alive_until(now), ..self }
    }
}

fn alive_until(now: Timestamp) -> i64 {
    now.as_millisecond() + i64::try_from(ALIVE.as_millis()).unwrap_or(i64::MAX)
}

impl Catalog {
    /// All changes that are open, of all processes. What cannot be read as one is logged and left out.
    pub(crate) async fn open_changes(&self) -> Result<Records<OpenChange>, CatalogError> {
        Ok(Records::read(WHAT, "id", self.query_beside_audit(PARTITION).await?))
    }

    /// Says of a change that its process is alive.
    pub(crate) async fn keep_open(&self, change: &OpenChange) -> Result<(), CatalogError> {
        self.put_beside_audit(item::write(WHAT, &change.id, change)?).await
    }

    /// Takes it on to find out what became of a change. False where somebody else was faster.
    pub(crate) async fn take_on(&self, change: &OpenChange, now: Timestamp) -> Result<bool, CatalogError> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        let answer = self
            .aws
            .dynamodb
            .update_item()
            .table_name(AUDIT_CHECKPOINTS_TABLE)
            .key("log", AttributeValue::S(change.log.clone()))
            .key("id", AttributeValue::S(change.id.clone()))
            .update_expression("SET #until = :now")
            .condition_expression("#until = :before")
            .expression_attribute_names("#until", "aliveUntil")
            .expression_attribute_values(":now", number(alive_until(now)))
            .expression_attribute_values(":before", number(change.alive_until))
            .send()
            .await;
        held(answer.map_err(|error| {
            AwsFailure::from_sdk(table_resource("UpdateItem", AUDIT_CHECKPOINTS_TABLE), &error)
        }))
    }

    /// Forgets a change that is not open any more.
    pub(crate) async fn close_change(&self, change: &OpenChange) -> Result<(), CatalogError> {
        let delete = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(AUDIT_CHECKPOINTS_TABLE)
            .key("log", AttributeValue::S(change.log.clone()))
            .key("id", AttributeValue::S(change.id.clone()));
        delete.send().await.map_err(|error| {
            AwsFailure::from_sdk(table_resource("DeleteItem", AUDIT_CHECKPOINTS_TABLE), &error)
        })?;
        Ok(())
    }

    /// Whether the outcome of a call is on record in an hour of an instance, later than its intent.
    pub(crate) async fn has_outcome(
        &self,
        log_hour: &str,
        intent: &str,
        request_id: &str,
    ) -> Result<bool, CatalogError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_TABLE)
            .key_condition_expression("#hour = :hour AND #id > :id")
            .filter_expression("#request = :request AND #phase = :phase")
            .expression_attribute_names("#hour", "logHour")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#request", "requestId")
            .expression_attribute_names("#phase", "phase")
            .expression_attribute_values(":hour", text(log_hour))
            .expression_attribute_values(":id", text(intent))
            .expression_attribute_values(":request", text(request_id))
            .expression_attribute_values(":phase", text("outcome"))
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
            if page.items.is_some_and(|items| !items.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
