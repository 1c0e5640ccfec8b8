//! The repository of long calls: those that go on after their client has been answered.

use super::item::{self, table_resource};
use super::schema::LONG_CALLS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one is called in messages: the word of the protocol.
const WHAT: &str = "task";

/// How often a change is tried when somebody else changes the item at the same moment.
const TRIES: u32 = 8;

/// A long call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LongCall {
    /// Whose it is. Nobody else finds it.
    pub owner: String,
    /// Its name among the calls of its owner.
    pub id: String,
    /// The tool that was called.
    pub tool: String,
    /// How far it is.
    pub state: LongCallState,
    /// When it was begun, RFC 3339 in UTC.
    pub created_at: String,
    /// When it changed last, RFC 3339 in UTC.
    pub updated_at: String,
    /// Until when its process counts as alive, in milliseconds since 1970.
    pub alive_until: i64,
    /// Whether its owner wants it to stop.
    pub stop_wanted: bool,
    /// The questions that are open, as a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questions: Option<String>,
    /// The answers that came, as a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// Who gave them last, as JSON: the call goes on with what they may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// What it came to, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Counts its changes.
    pub version: u32,
    /// When it is forgotten, in seconds since 1970.
    pub expires_at: i64,
}

/// How far a long call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LongCallState {
    /// It is being done.
    Working,
    /// It waits for answers of its owner.
    Asking,
    /// It was done, or its tool said why not.
    Done,
    /// It could not be done.
    Failed,
    /// It was stopped because its owner wanted that.
    Cancelled,
    /// Its process ended before it did, or its time.
    Interrupted,
}

impl LongCallState {
    /// Whether nothing will change any more.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Working | Self::Asking)
    }
}

impl Catalog {
    /// Keeps a new one.
    pub(crate) async fn add_long_call(&self, call: &LongCall) -> Result<(), CatalogError> {
        let put = self.put_long_call(call)?;
        let put =
            put.condition_expression("attribute_not_exists(#id)").expression_attribute_names("#id", "id");
        match put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error)) {
            Ok(_) => Ok(()),
            // The SDK tries again when an answer is lost: the id is new, so the item is this one.
            Err(failure) if failure.kind == FailureKind::Condition => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The call of an owner; `NotFound` where the owner has none of that id.
    pub(crate) async fn long_call(&self, owner: &str, id: &str) -> Result<LongCall, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(LONG_CALLS_TABLE)
            .key("owner", AttributeValue::S(owner.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        let found = answer.item.map(|found| item::read::<LongCall>(WHAT, id, found)).transpose()?;
        // AWS removes what has expired some hours later.
        let found = found.filter(|call| call.expires_at > Timestamp::now().as_second());
        found.ok_or_else(|| CatalogError::NotFound { what: WHAT, id: id.to_owned() })
    }

    /// Changes one that has not ended; one that has stays as it is. Answers with what is stored then.
    pub(crate) async fn change_long_call(
        &self,
        owner: &str,
        id: &str,
        change: impl Fn(&mut LongCall),
    ) -> Result<LongCall, CatalogError> {
        let mut tries = 0;
        loop {
            let read = self.long_call(owner, id).await?;
            let mut changed = read.clone();
            if !read.state.has_ended() {
                change(&mut changed);
            }
            if changed == read {
                return Ok(read);
            }
            changed.version += 1;
            changed.updated_at = Timestamp::now().to_string();
            tries += 1;
            let put = self
                .put_long_call(&changed)?
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", AttributeValue::N(read.version.to_string()));
            match put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error)) {
                Ok(_) => return Ok(changed),
                Err(failure) if failure.kind != FailureKind::Condition => return Err(failure.into()),
                Err(_) if tries < TRIES => {}
                Err(_) => {
                    return Err(CatalogError::Conflict { what: WHAT, id: id.to_owned(), current: None });
                }
            }
        }
    }

    fn put_long_call(&self, call: &LongCall) -> Result<PutItemFluentBuilder, CatalogError> {
        let item = item::write(WHAT, &call.id, call)?;
        Ok(self.aws.dynamodb.put_item().table_name(LONG_CALLS_TABLE).set_item(Some(item)))
    }
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, LONG_CALLS_TABLE)
}
