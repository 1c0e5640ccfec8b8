//! The repository of API keys: an item for each, without what opens anything.

use super::item::{self, table_resource};
use super::schema::{KEYS_BY_OWNER, KEYS_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::key::{KeyScope, KeyState, KeyView};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use subtle::ConstantTimeEq;

/// What one is called in messages.
const WHAT: &str = "key";

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The id, which stands in the key itself, too.
    pub id: String,
    /// The id of the person to whom it belongs.
    pub owner: String,
    /// What it is called.
    pub name: String,
    /// The digest of the key.
    pub hash: KeyHash,
    /// The role beyond which it has nothing, whatever its owner becomes.
    pub role: Role,
    /// What it may be used for.
    pub scope: KeyScope,
    /// From which networks it may be used; none for everywhere.
    pub addresses: Vec<String>,
    /// When it was made, in seconds since 1970, as the next.
    pub created_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// When it was used last, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<i64>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<i64>,
}

/// The SHA-256 of a key, in hexadecimal digits. Never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash(String);

impl KeyHash {
    /// A digest.
    pub(crate) fn new(digits: String) -> Self {
        Self(digits)
    }

    /// Compares without telling by the time it takes how much of it is right.
    pub(crate) fn is_that_of(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyHash(hidden)")
    }
}

impl ApiKey {
    /// Whether its time is over.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        now.as_second() >= self.ends_at
    }

    /// The key as people see it.
    pub fn view(&self, now: Timestamp) -> KeyView {
        let state = if self.revoked_at.is_some() {
            KeyState::Revoked
        } else if self.has_ended(now) {
            KeyState::Expired
        } else {
            KeyState::Works
        };
        KeyView {
            id: self.id.clone(),
            name: self.name.clone(),
            owner: self.owner.clone(),
            owner_name: None,
            role: self.role,
            scope: self.scope.clone(),
            addresses: self.addresses.clone(),
            created_at: moment(self.created_at),
            expires_at: moment(self.ends_at),
            used_at: self.used_at.map(moment),
            state,
        }
    }
}

/// RFC 3339; a number that is no moment stays a number.
fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |moment| moment.to_string())
}

impl Catalog {
    /// A key by its id.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn key(&self, id: &str) -> Result<Option<ApiKey>, CatalogError> {
        self.keyed_record(WHAT, KEYS_TABLE, "id", id).await
    }

    /// Keeps a new one.
    ///
    /// # Errors
    /// `Conflict` when there is one of this id; else what AWS says.
    pub async fn add_key(&self, key: &ApiKey) -> Result<(), CatalogError> {
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(KEYS_TABLE)
            .set_item(Some(item::write(WHAT, &key.id, key)?))
            .condition_expression("attribute_not_exists(#id)")
            .expression_attribute_names("#id", "id");
        let Err(error) = put.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(resource("PutItem"), &error);
        match failure.kind {
            FailureKind::Condition => {
                Err(CatalogError::Conflict { what: WHAT, id: key.id.clone(), current: None })
            }
            _ => Err(failure.into()),
        }
    }

    /// Those of a person, the newest first.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn keys_of(&self, owner: &str) -> Result<Vec<ApiKey>, CatalogError> {
        let mut keys = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .aws
                .dynamodb
                .query()
                .table_name(KEYS_TABLE)
                .index_name(KEYS_BY_OWNER)
                .key_condition_expression("#owner = :owner")
                .expression_attribute_names("#owner", "owner")
                .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            for found in page.items.unwrap_or_default() {
                let id = item::text(&found, "id").to_owned();
                keys.push(item::read::<ApiKey>(WHAT, &id, found)?);
            }
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                break;
            }
        }
        keys.sort_by(newest_first);
        Ok(keys)
    }

    /// Those of everybody, the newest first.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, CatalogError> {
        let mut keys = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .aws
                .dynamodb
                .scan()
                .table_name(KEYS_TABLE)
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(resource("Scan"), &error))?;
            for found in page.items.unwrap_or_default() {
                let id = item::text(&found, "id").to_owned();
                keys.push(item::read::<ApiKey>(WHAT, &id, found)?);
            }
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                break;
            }
        }
        keys.sort_by(newest_first);
        Ok(keys)
    }

    /// Revokes a key, that of anybody or only if it belongs to `owner`. One that was revoked stays as it was.
    ///
    /// # Errors
    /// `NotFound` when there is no such key, or it belongs to somebody else; else what AWS says.
    pub async fn revoke_key(
        &self,
        id: &str,
        owner: Option<&str>,
        now: Timestamp,
    ) -> Result<ApiKey, CatalogError> {
        let request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(KEYS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .update_expression("SET #revoked = if_not_exists(#revoked, :now)")
            .expression_attribute_names("#revoked", "revokedAt")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .return_values(ReturnValue::AllNew);
        let request = match owner {
            Some(owner) => request
                .condition_expression("#owner = :owner")
                .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned())),
            None => request.condition_expression("attribute_exists(#owner)"),
        };
        let not_found = || CatalogError::NotFound { what: WHAT, id: id.to_owned() };
        let _change = self.account_changes.making();
        match request.send().await {
            Ok(answer) => item::read(WHAT, id, answer.attributes.ok_or_else(not_found)?),
            Err(error) => {
                let failure = AwsFailure::from_sdk(resource("UpdateItem"), &error);
                match failure.kind {
                    FailureKind::Condition => Err(not_found()),
                    _ => Err(failure.into()),
                }
            }
        }
    }

    /// Writes down that a key is used, unless somebody else has done so since `earlier`.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn note_use_of_key(&self, id: &str, now: Timestamp, earlier: i64) -> Result<(), CatalogError> {
        let noted = self
            .aws
            .dynamodb
            .update_item()
            .table_name(KEYS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .update_expression("SET #used = :now")
            .condition_expression(
                "attribute_exists(#owner) AND (attribute_not_exists(#used) OR #used <= :earlier)",
            )
            .expression_attribute_names("#used", "usedAt")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .expression_attribute_values(":earlier", AttributeValue::N(earlier.to_string()))
            .send()
            .await;
        let Err(error) = noted else { return Ok(()) };
        let failure = AwsFailure::from_sdk(resource("UpdateItem"), &error);
        match failure.kind {
            FailureKind::Condition => Ok(()),
            _ => Err(failure.into()),
        }
    }
}

fn newest_first(a: &ApiKey, b: &ApiKey) -> std::cmp::Ordering {
    b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id))
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, KEYS_TABLE)
}
