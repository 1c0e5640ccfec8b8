//! The repository of what was spent of a budget in a day, counted for all instances together.
//!
//! An item holds the sum, and beside it each amount that is set aside for something under way, under a name of
//! its own. So asking again for what was done already changes nothing, and an amount whose owner died stays
//! counted: never is more admitted than the budget has.

use super::item::{Item, table_resource};
use super::schema::LIMITS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::money::MicroDollars;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

/// The attribute with the sum.
const SPENT: &str = "spentMicros";

/// How long a day's sum is kept after something was set aside from it: until no clock doubts that the day is
/// over.
const KEPT_SECONDS: i64 = 3 * 24 * 60 * 60;

/// What came of setting an amount aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetAside {
    /// It is.
    Done,
    /// It does not fit any more. So much is spent, or set aside for others.
    NotWith(MicroDollars),
}

/// The attribute of an amount that is set aside.
fn attribute(name: &str) -> String {
    format!("aside-{name}")
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn spent_in(item: &Item) -> MicroDollars {
    let spent = item.get(SPENT).and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok());
    MicroDollars(spent.unwrap_or(0))
}

impl Catalog {
    /// Sets an amount aside in a budget, under a name that nothing else has.
    pub(crate) async fn set_aside(
        &self,
        id: &str,
        name: &str,
        amount: MicroDollars,
        budget: MicroDollars,
        now: Timestamp,
    ) -> Result<SetAside, CatalogError> {
        let attribute = attribute(name);
        let Some(room) = budget.0.checked_sub(amount.0) else {
            return self.spent_of(id).await.map(SetAside::NotWith);
        };
        let request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(LIMITS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .update_expression(
                "SET #spent = if_not_exists(#spent, :zero) + :amount, #aside = :amount, #expires = :expires",
            )
            .condition_expression(
                "attribute_not_exists(#aside) AND (attribute_not_exists(#spent) OR #spent <= :room)",
            )
            .expression_attribute_names("#spent", SPENT)
            .expression_attribute_names("#aside", &attribute)
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":amount", number(amount.0))
            .expression_attribute_values(":room", number(room))
            .expression_attribute_values(
                ":expires",
                AttributeValue::N(now.as_second().saturating_add(KEPT_SECONDS).to_string()),
            );
        let Err(error) = request.send().await else { return Ok(SetAside::Done) };
        if let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error()
            && let Some(item) = failed.item()
        {
            // The answer to an earlier try got lost.
            if item.contains_key(&attribute) {
                return Ok(SetAside::Done);
            }
            return Ok(SetAside::NotWith(spent_in(item)));
        }
        let failure = AwsFailure::from_sdk(table_resource("UpdateItem", LIMITS_TABLE), &error);
        match failure.kind {
            FailureKind::Condition => self.spent_of(id).await.map(SetAside::NotWith),
            _ => Err(failure.into()),
        }
    }

    /// Puts what something did cost in the place of what was set aside for it, once.
    pub(crate) async fn settle(
        &self,
        id: &str,
        name: &str,
        aside: MicroDollars,
        cost: MicroDollars,
    ) -> Result<(), CatalogError> {
        let request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(LIMITS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .condition_expression("attribute_exists(#aside)")
            .expression_attribute_names("#spent", SPENT)
            .expression_attribute_names("#aside", attribute(name));
        let request = if cost <= aside {
            request
                .update_expression("SET #spent = #spent - :change REMOVE #aside")
                .expression_attribute_values(":change", number(aside.0 - cost.0))
        } else {
            request
                .update_expression("SET #spent = #spent + :change REMOVE #aside")
                .expression_attribute_values(":change", number(cost.0 - aside.0))
        };
        let Err(error) = request.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(table_resource("UpdateItem", LIMITS_TABLE), &error);
        match failure.kind {
            // It is settled already.
            FailureKind::Condition => Ok(()),
            _ => Err(failure.into()),
        }
    }

    /// How much of a budget is spent or set aside.
    pub(crate) async fn spent_of(&self, id: &str) -> Result<MicroDollars, CatalogError> {
        Ok(self.counted(id).await?.as_ref().map(spent_in).unwrap_or_default())
    }
}
