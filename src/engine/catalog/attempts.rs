//! How often something may be tried, counted for all instances together: one item for each thing that is
//! counted, which says when its last try will have been made good.

use super::condition::held;
use super::item::table_resource;
use super::schema::SETTINGS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use std::time::Duration;

/// The attribute with the moment when all tries are made good, in milliseconds since 1970.
const MADE_GOOD: &str = "madeGoodAt";

/// So many tries at once, and then one in each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// The time in which one try is made good.
    pub(crate) interval: Duration,
    /// How many tries there are at once.
    pub(crate) burst: u32,
}

impl Pace {
    fn interval_millis(self) -> i64 {
        i64::try_from(self.interval.as_millis()).unwrap_or(i64::MAX)
    }

    /// How long it takes until every try is made good.
    fn whole_millis(self) -> i64 {
        self.interval_millis().saturating_mul(i64::from(self.burst))
    }
}

impl Catalog {
    /// Takes one try. False when there is none left; then the next one comes within an interval.
    pub(crate) async fn take_attempt(
        &self,
        name: &str,
        pace: Pace,
        now: Timestamp,
    ) -> Result<bool, CatalogError> {
        let now = now.as_millisecond();
        let step = pace.interval_millis();
        let fresh = self
            .attempt(name, pace, now)
            .update_expression("SET #madeGood = :next, #expires = :expires")
            .condition_expression("attribute_not_exists(#madeGood) OR #madeGood <= :now")
            .expression_attribute_values(":next", number(now + step))
            .expression_attribute_values(":now", number(now));
        if counted(fresh).await? {
            return Ok(true);
        }
        let further = self
            .attempt(name, pace, now)
            .update_expression("SET #madeGood = #madeGood + :step, #expires = :expires")
            .condition_expression("#madeGood <= :limit")
            .expression_attribute_values(":step", number(step))
            .expression_attribute_values(":limit", number(now + pace.whole_millis() - step));
        counted(further).await
    }

    /// Forgets the tries of a name.
    pub(crate) async fn forget_attempts(&self, name: &str) -> Result<(), CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(SETTINGS_TABLE)
            .key("name", AttributeValue::S(name.to_owned()))
            .send()
            .await;
        answer
            .map(drop)
            .map_err(|e| AwsFailure::from_sdk(table_resource("DeleteItem", SETTINGS_TABLE), &e).into())
    }

    fn attempt(&self, name: &str, pace: Pace, now: i64) -> UpdateItemFluentBuilder {
        let expires = (now + pace.whole_millis()) / 1_000 + 1;
        self.aws
            .dynamodb
            .update_item()
            .table_name(SETTINGS_TABLE)
            .key("name", AttributeValue::S(name.to_owned()))
            .expression_attribute_names("#madeGood", MADE_GOOD)
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_values(":expires", number(expires))
    }
}

/// Whether the condition of an update held.
async fn counted(update: UpdateItemFluentBuilder) -> Result<bool, CatalogError> {
    let answer = update.send().await;
    held(answer.map_err(|error| AwsFailure::from_sdk(table_resource("UpdateItem", SETTINGS_TABLE), &error)))
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
