//! Changes of records that count their changes: made only where the record still has the version that was seen.

use super::item::{self, Item, table_resource};
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use aws_smithy_runtime_api::client::result::SdkError;
use serde_json::{Map, Value};

/// The attribute in which a record keeps the name of the change that it had last.
pub(super) const CHANGE: &str = "lastChange";

/// How records of a sort are named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    /// What one is called in messages.
    pub(super) what: &'static str,
    /// Its key attribute.
    pub(super) key: &'static str,
}

/// A change of a record: attributes and their new values.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The version that the change was made from.
    pub expected_version: u32,
    /// New values by attribute name. An attribute whose new value is null is taken away.
    pub values: Map<String, Value>,
    /// Who changes it.
    pub updated_by: String,
    /// When, RFC 3339 in UTC.
    pub updated_at: String,
    /// The name of the change, the same for every attempt at it.
    pub change: String,
}

impl Catalog {
    /// Changes a record if it still has the expected version, and answers with the new one.
    ///
    /// # Errors
    /// `Unreadable` where the values cannot be stored; `NotFound`; `Conflict` with the stored version; or what
    /// AWS says. Nothing was changed then, as far as is known.
    pub(super) async fn change_record(
        &self,
        table: &str,
        named: Named,
        id: &str,
        update: Update,
    ) -> Result<Item, CatalogError> {
        let values = item::write(named.what, id, &update.values)?;
        let next = update.expected_version.saturating_add(1);
        let fixed = ["#version = :next", "#updatedBy = :by", "#updatedAt = :at", "#change = :change"];
        let mut assignments = fixed.map(str::to_owned).to_vec();
        let mut request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(table)
            .key(named.key, AttributeValue::S(id.to_owned()))
            .condition_expression(format!("attribute_exists({}) AND #version = :expected", named.key))
            .expression_attribute_names("#version", "version")
            .expression_attribute_names("#updatedBy", "updatedBy")
            .expression_attribute_names("#updatedAt", "updatedAt")
            .expression_attribute_names("#change", CHANGE)
            .expression_attribute_values(":change", AttributeValue::S(update.change.clone()))
            .expression_attribute_values(":expected", number(update.expected_version))
            .expression_attribute_values(":next", number(next))
            .expression_attribute_values(":by", AttributeValue::S(update.updated_by))
            .expression_attribute_values(":at", AttributeValue::S(update.updated_at))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let mut removed = Vec::new();
        for (position, (attribute, value)) in values.into_iter().enumerate() {
            request = request.expression_attribute_names(format!("#a{position}"), attribute);
            if value.is_null() {
                removed.push(format!("#a{position}"));
            } else {
                assignments.push(format!("#a{position} = :v{position}"));
                request = request.expression_attribute_values(format!(":v{position}"), value);
            }
        }
        let mut expression = format!("SET {}", assignments.join(", "));
        if !removed.is_empty() {
            expression = format!("{expression} REMOVE {}", removed.join(", "));
        }
        let answer = request.update_expression(expression).send().await;
        match answer {
            Ok(answer) => Ok(answer.attributes.unwrap_or_default()),
            Err(error) => own_change(&error, &update.change)
                .ok_or_else(|| update_failure(named.what, id, table, &error)),
        }
    }
}

fn number(value: u32) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The stored item, where it is this very change: the SDK sends a request again when its answer is late, and
/// a caller repeats a change whose instance was killed before it could say that it is made. Both then find
/// the condition broken by the first attempt.
fn own_change(
    error: &SdkError<UpdateItemError, aws_smithy_runtime_api::http::Response>,
    change: &str,
) -> Option<Item> {
    let UpdateItemError::ConditionalCheckFailedException(check) = error.as_service_error()? else {
        return None;
    };
    let stored = check.item()?;
    let ours = item::text(stored, CHANGE) == change;
    ours.then(|| stored.clone())
}

fn update_failure(
    what: &'static str,
    id: &str,
    table: &str,
    error: &SdkError<UpdateItemError, aws_smithy_runtime_api::http::Response>,
) -> CatalogError {
    if let Some(UpdateItemError::ConditionalCheckFailedException(check)) = error.as_service_error() {
        let Some(stored) = check.item().filter(|item| !item.is_empty()) else {
            return CatalogError::NotFound { what, id: id.to_owned() };
        };
        let current = stored.get("version").and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok());
        return match current {
            Some(version) => CatalogError::Conflict { what, id: id.to_owned(), current: Some(version) },
            None => CatalogError::WithoutVersion { what, id: id.to_owned() },
        };
    }
    let failure = AwsFailure::from_sdk(table_resource("UpdateItem", table), error);
    debug_assert_ne!(failure.kind, FailureKind::Condition);
    failure.into()
}
