//! The repository of questions to models that must not be paid for twice: asked, or answered.
//!
//! A call with an idempotency key may be made anew when its process is not heard of any more. A question to a model
//! may not: whoever died after it was sent may have paid for it. So it stays asked until the day is over.

use super::item::{self, table_resource};
use super::schema::IDEMPOTENCY_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a question is known again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A question that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AskedModel {
    /// What names the question.
    id: String,
    /// Names this asking.
    asker: String,
    /// The answer as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    /// When it may be removed, in seconds since 1970.
    expires_at: i64,
}

/// What is known of a question that is about to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asking {
    /// It was not asked before; now it counts as asked.
    First,
    /// It was answered so.
    Before(String),
    /// It was asked, and no answer was kept: somebody waits for it, or has died meanwhile.
    Unanswered,
}

impl Catalog {
    /// Marks a question as asked, before it is.
    pub(crate) async fn begin_asking(&self, id: &str, now: Timestamp) -> Result<Asking, CatalogError> {
        let asked = AskedModel {
            id: id.to_owned(),
            asker: ulid::Ulid::new().to_string(),
            result: None,
            expires_at: (now + KEPT).as_second(),
        };
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IDEMPOTENCY_TABLE)
            .set_item(Some(item::write("question to a model", id, &asked)?))
            .condition_expression("attribute_not_exists(#id) OR #expires <= :now")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()));
        let Err(error) = put.send().await else { return Ok(Asking::First) };
        let failure = AwsFailure::from_sdk(table_resource("PutItem", IDEMPOTENCY_TABLE), &error);
        if failure.kind != FailureKind::Condition {
            return Err(failure.into());
        }
        Ok(match self.asked_model(id).await? {
            // The SDK tries again when an answer is lost: then the mark is our own.
            Some(known) if known.asker == asked.asker => Asking::First,
            Some(AskedModel { result: Some(result), .. }) => Asking::Before(result),
            _ => Asking::Unanswered,
        })
    }

    async fn asked_model(&self, id: &str) -> Result<Option<AskedModel>, CatalogError> {
        self.keyed_record("question to a model", IDEMPOTENCY_TABLE, "id", id).await
    }

    /// Keeps the answer to a question that was begun.
    pub(crate) async fn keep_asked(&self, id: &str, result: &str) -> Result<(), CatalogError> {
        self.aws
            .dynamodb
            .update_item()
            .table_name(IDEMPOTENCY_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .update_expression("SET #result = :result")
            .condition_expression("attribute_exists(#id)")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#result", "result")
            .expression_attribute_values(":result", AttributeValue::S(result.to_owned()))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("UpdateItem", IDEMPOTENCY_TABLE), &error))?;
        Ok(())
    }

    /// Takes the mark of a question back that no model has heard.
    pub(crate) async fn forget_asked(&self, id: &str) -> Result<(), CatalogError> {
        self.aws
            .dynamodb
            .delete_item()
            .table_name(IDEMPOTENCY_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("DeleteItem", IDEMPOTENCY_TABLE), &error))?;
        Ok(())
    }
}
