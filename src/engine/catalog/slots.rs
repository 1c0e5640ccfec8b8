//! The repository of slots: how many of something one owner has under way at the same time, at all instances
//! together.
//!
//! Each slot is an item that is there while somebody holds it. A counter would stay too high for ever once a
//! process died; a slot comes free when it is not held on to any more.

use super::condition::held;
use super::item::table_resource;
use super::schema::LIMITS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use std::time::Duration;

/// How long an item stays after its slot came free, in seconds.
const KEPT_SECONDS: i64 = 60;

const MILLIS_PER_SECOND: i64 = 1_000;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Until when a slot is held, in milliseconds since 1970.
fn until(now: Timestamp, lease: Duration) -> i64 {
    now.as_millisecond().saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX))
}

impl Catalog {
    /// Takes the slot of an id that nobody holds, for as long as a lease. False where somebody does.
    pub(crate) async fn take_slot(
        &self,
        id: &str,
        holder: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<bool, CatalogError> {
        let until = until(now, lease);
        let sent = self
            .aws
            .dynamodb
            .put_item()
            .table_name(LIMITS_TABLE)
            .item("id", text(id))
            .item("holder", text(holder))
            .item("heldUntil", number(until))
            .item("expiresAt", number(until / MILLIS_PER_SECOND + KEPT_SECONDS))
            // Its own holder may have taken it with a try whose answer got lost.
            .condition_expression("attribute_not_exists(#id) OR #until < :now OR #holder = :holder")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#until", "heldUntil")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":holder", text(holder))
            .send()
            .await;
        held(sent.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("PutItem", LIMITS_TABLE), &e)))
    }

    /// Holds on to a slot for as long as a lease from now on. False where it is lost.
    pub(crate) async fn hold_slot(
        &self,
        id: &str,
        holder: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<bool, CatalogError> {
        let until = until(now, lease);
        let sent = self
            .aws
            .dynamodb
            .update_item()
            .table_name(LIMITS_TABLE)
            .key("id", text(id))
            .update_expression("SET #until = :until, #expires = :expires")
            .condition_expression("#holder = :holder")
            .expression_attribute_names("#until", "heldUntil")
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":expires", number(until / MILLIS_PER_SECOND + KEPT_SECONDS))
            .expression_attribute_values(":holder", text(holder))
            .send()
            .await;
        held(sent.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("UpdateItem", LIMITS_TABLE), &e)))
    }

    /// Lets a slot go. One that somebody else has taken since is left alone.
    pub(crate) async fn free_slot(&self, id: &str, holder: &str) -> Result<(), CatalogError> {
        let sent = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(LIMITS_TABLE)
            .key("id", text(id))
            .condition_expression("#holder = :holder")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":holder", text(holder))
            .send()
            .await;
        let sent = sent.map(drop);
        held(sent.map_err(|e| AwsFailure::from_sdk(table_resource("DeleteItem", LIMITS_TABLE), &e))).map(drop)
    }
}
