//! How often something may be tried, counted for all instances together: one item for each thing that is
//! counted, which says when its last try will have been made good.

use super::condition::held;
use super::item::{Item, table_resource};
use super::schema::SETTINGS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
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

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// It is counted.
    Taken,
    /// None is left; the next one comes after this time, which is an interval at most.
    NextIn(Duration),
}

impl Catalog {
    /// Takes one try, unless none is left.
    pub(crate) async fn take_attempt(
        &self,
        name: &str,
        pace: Pace,
        now: Timestamp,
    ) -> Result<Attempt, CatalogError> {
        let now = now.as_millisecond();
        let step = pace.interval_millis();
        let fresh = self
            .attempt(name, pace, now)
            .update_expression("SET #madeGood = :next, #expires = :expires")
            .condition_expression("attribute_not_exists(#madeGood) OR #madeGood <= :now")
            .expression_attribute_values(":next", number(now + step))
            .expression_attribute_values(":now", number(now));
        if counted(fresh).await? {
            return Ok(Attempt::Taken);
        }
        let limit = now + pace.whole_millis() - step;
        let further = self
            .attempt(name, pace, now)
            .update_expression("SET #madeGood = #madeGood + :step, #expires = :expires")
            .condition_expression("#madeGood <= :limit")
            .expression_attribute_values(":step", number(step))
            .expression_attribute_values(":limit", number(limit))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = further.send().await else { return Ok(Attempt::Taken) };
        if let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() {
            let over = failed.item().and_then(made_good_at).map(|made_good| made_good.saturating_sub(limit));
            // It would be longer where the clock of another instance is ahead.
            let wait = over.and_then(positive).map_or(pace.interval, |over| over.min(pace.interval));
            return Ok(Attempt::NextIn(wait));
        }
        Err(AwsFailure::from_sdk(table_resource("UpdateItem", SETTINGS_TABLE), &error).into())
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

/// When all tries of an item will have been made good, in milliseconds since 1970.
fn made_good_at(item: &Item) -> Option<i64> {
    item.get(MADE_GOOD)?.as_n().ok()?.parse().ok()
}

/// A number of milliseconds, where it is more than nothing.
fn positive(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().filter(|millis| *millis > 0).map(Duration::from_millis)
}

/// Whether the condition of an update held.
async fn counted(update: UpdateItemFluentBuilder) -> Result<bool, CatalogError> {
    let answer = update.send().await;
    held(answer.map_err(|error| AwsFailure::from_sdk(table_resource("UpdateItem", SETTINGS_TABLE), &error)))
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
