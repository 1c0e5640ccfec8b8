//! Keys with which tasks were started: whoever sends the same once more gets the task that there is.

use super::resource;
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::schema::TASKS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError, item};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "start of a task";

/// That a task is being started with a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Start {
    owner: String,
    id: String,
    /// The task that is started.
    pub(crate) task: String,
    /// The digest of the request.
    pub(crate) request_sha256: String,
    /// When it was begun, in milliseconds since 1970.
    pub(crate) begun_at: i64,
    expires_at: i64,
}

impl Start {
    /// One that begins now. `key` is the digest of the key; it is known until `expires_at`, in seconds since 1970.
    pub(crate) fn new(
        of: &str,
        key: String,
        task: String,
        request_sha256: String,
        now: Timestamp,
        expires_at: i64,
    ) -> Self {
        let owner = format!("{of}#starts");
        Self { owner, id: key, task, request_sha256, begun_at: now.as_millisecond(), expires_at }
    }
}

impl Catalog {
    /// Begins a start. None when it is begun; else the one that has the key.
    pub(crate) async fn begin_start(
        &self,
        start: &Start,
        now: Timestamp,
    ) -> Result<Option<Start>, CatalogError> {
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(TASKS_TABLE)
            .set_item(Some(item::write(WHAT, &start.id, start)?))
            .condition_expression("attribute_not_exists(#id) OR #expires <= :now")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()));
        let Err(error) = put.send().await else { return Ok(None) };
        let failure = AwsFailure::from_sdk(resource("PutItem"), &error);
        if failure.kind != FailureKind::Condition {
            return Err(failure.into());
        }
        let get = self.aws.dynamodb.get_item().table_name(TASKS_TABLE).consistent_read(true);
        let get = get.key("owner", AttributeValue::S(start.owner.clone()));
        let answer = get.key("id", AttributeValue::S(start.id.clone())).send().await;
        let answer = answer.map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        let known = answer.item.map(|found| item::read::<Start>(WHAT, &start.id, found)).transpose()?;
        // The SDK tries again when an answer is lost: then the item is our own. One that has gone meanwhile led to
        // nothing, and whoever looks again begins it.
        Ok(known.filter(|known| known.task != start.task))
    }

    /// Gives a key free that led to no task. Where somebody else has it by now, nothing happens.
    pub(crate) async fn forget_start(&self, start: &Start) -> Result<(), CatalogError> {
        let delete = self.aws.dynamodb.delete_item().table_name(TASKS_TABLE);
        let delete = delete
            .key("owner", AttributeValue::S(start.owner.clone()))
            .key("id", AttributeValue::S(start.id.clone()))
            .condition_expression("#task = :task")
            .expression_attribute_names("#task", "task")
            .expression_attribute_values(":task", AttributeValue::S(start.task.clone()));
        let Err(error) = delete.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(resource("DeleteItem"), &error);
        if failure.kind == FailureKind::Condition { Ok(()) } else { Err(failure.into()) }
    }
}
