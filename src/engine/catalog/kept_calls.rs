//! The repository of calls with an idempotency key: running or done, with the result.

use super::item::{self, table_resource};
use super::schema::IDEMPOTENCY_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A call with a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptCall {
    /// The digest of caller, tool and key.
    pub(crate) id: String,
    /// The digest of the arguments.
    pub(crate) arguments_sha256: String,
    /// How far it is.
    pub(crate) state: State,
    /// Who is doing it.
    pub(crate) lease: String,
    /// When it counts as given up, in milliseconds since 1970.
    pub(crate) lease_ends: i64,
    /// The result as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<String>,
    /// What its calls of models have taken, as JSON; none where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spent: Option<String>,
    /// When it may be removed, in seconds since 1970.
    pub(crate) expires_at: i64,
}

/// How far a call with a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum State {
    /// Somebody is doing it.
    Running,
    /// It was done.
    Done,
}

/// The right to end a call that was begun.
pub(crate) struct Lease {
    id: String,
    holder: String,
}

impl KeptCall {
    pub(crate) fn into_lease(self) -> Lease {
        Lease { id: self.id, holder: self.lease }
    }
}

impl Catalog {
    /// Begins a call. None when it is begun; else the call that has the key already. A call that was
    /// given up is begun anew where it may be, with the same arguments only.
    pub(crate) async fn begin_kept_call(
        &self,
        call: &KeptCall,
        may_be_begun_anew: bool,
        now: Timestamp,
    ) -> Result<Option<KeptCall>, CatalogError> {
        let number = |value: i64| AttributeValue::N(value.to_string());
        let mut put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IDEMPOTENCY_TABLE)
            .set_item(Some(item::write("kept call", &call.id, call)?))
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_values(":now", number(now.as_second()));
        put = if may_be_begun_anew {
            put.condition_expression(
                "attribute_not_exists(#id) OR #expires <= :now \
                 OR (#state = :running AND #ends <= :nowMillis AND #arguments = :arguments)",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#ends", "leaseEnds")
            .expression_attribute_names("#arguments", "argumentsSha256")
            .expression_attribute_values(":nowMillis", number(now.as_millisecond()))
            .expression_attribute_values(":running", AttributeValue::S("running".to_owned()))
            .expression_attribute_values(":arguments", AttributeValue::S(call.arguments_sha256.clone()))
        } else {
            put.condition_expression("attribute_not_exists(#id) OR #expires <= :now")
        };
        let Err(error) = put.send().await else { return Ok(None) };
        let failure = AwsFailure::from_sdk(table_resource("PutItem", IDEMPOTENCY_TABLE), &error);
        if failure.kind != FailureKind::Condition {
            return Err(failure.into());
        }
        match self.kept_call(&call.id).await? {
            // The SDK tries again when an answer is lost: then the item is our own.
            Some(known) if known.lease == call.lease => Ok(None),
            Some(known) => Ok(Some(known)),
            // It was running a moment ago and is free now; whoever asks again begins it.
            None => Ok(Some(call.clone())),
        }
    }

    async fn kept_call(&self, id: &str) -> Result<Option<KeptCall>, CatalogError> {
        self.keyed_record("kept call", IDEMPOTENCY_TABLE, "id", id).await
    }

    /// Says that a call is still being done.
    pub(crate) async fn renew_kept_call(&self, lease: &Lease, until: i64) -> Result<(), CatalogError> {
        let update = self
            .held(lease)
            .update_expression("SET #ends = :ends")
            .expression_attribute_names("#ends", "leaseEnds")
            .expression_attribute_values(":ends", AttributeValue::N(until.to_string()));
        update.send().await.map_err(|e| failed("UpdateItem", &e))?;
        Ok(())
    }

    /// Keeps that a call was done, its result where there is one to keep, and what it has taken.
    pub(crate) async fn finish_kept_call(
        &self,
        lease: &Lease,
        result: Option<&str>,
        spent: Option<&str>,
    ) -> Result<(), CatalogError> {
        let mut update = self
            .held(lease)
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":done", AttributeValue::S("done".to_owned()));
        let mut set = "SET #state = :done".to_owned();
        for (name, value) in [("result", result), ("spent", spent)] {
            let Some(value) = value else { continue };
            set.push_str(", #");
            set.push_str(name);
            set.push_str(" = :");
            set.push_str(name);
            update = update
                .expression_attribute_names(["#", name].concat(), name)
                .expression_attribute_values([":", name].concat(), AttributeValue::S(value.to_owned()));
        }
        update.update_expression(set).send().await.map_err(|e| failed("UpdateItem", &e))?;
        Ok(())
    }

    /// Gives a key free that led to nothing.
    pub(crate) async fn forget_kept_call(&self, lease: &Lease) -> Result<(), CatalogError> {
        self.aws
            .dynamodb
            .delete_item()
            .table_name(IDEMPOTENCY_TABLE)
            .key("id", AttributeValue::S(lease.id.clone()))
            .condition_expression("#lease = :lease")
            .expression_attribute_names("#lease", "lease")
            .expression_attribute_values(":lease", AttributeValue::S(lease.holder.clone()))
            .send()
            .await
            .map_err(|e| failed("DeleteItem", &e))?;
        Ok(())
    }

    /// An update that happens only while the lease is ours.
    fn held(
        &self,
        lease: &Lease,
    ) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder {
        self.aws
            .dynamodb
            .update_item()
            .table_name(IDEMPOTENCY_TABLE)
            .key("id", AttributeValue::S(lease.id.clone()))
            .condition_expression("#lease = :lease")
            .expression_attribute_names("#lease", "lease")
            .expression_attribute_values(":lease", AttributeValue::S(lease.holder.clone()))
    }
}

fn failed<E>(
    action: &str,
    error: &aws_sdk_dynamodb::error::SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>,
) -> CatalogError
where
    E: aws_sdk_dynamodb::error::ProvideErrorMetadata + std::error::Error + 'static,
{
    AwsFailure::from_sdk(table_resource(action, IDEMPOTENCY_TABLE), error).into()
}
