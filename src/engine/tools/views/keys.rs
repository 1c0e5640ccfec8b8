//! API keys: one's own, and for admins those of everybody.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::keys::ApiKey;
use crate::engine::catalog::schema::{KEYS_TABLE, USERS_TABLE};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::key::{KeyState, KeyView};
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashMap;

/// How many keys somebody may have that work.
const MOST_KEYS: usize = 50;

fn resources(action: &str) -> Vec<AwsResource> {
    vec![choices::dynamodb(action, KEYS_TABLE)]
}

/// Keeps a new key of the caller.
pub struct CreateKey;

impl Operation for CreateKey {
    const NAME: &'static str = "create_key";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Page;
    type Input = CreateKeyInput;
    type Output = KeyView;

    fn resources(_: &CreateKeyInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: CreateKeyInput, context: Context) -> Result<KeyView, ToolError> {
        let CreateKeyInput { key, kept } = input;
        if kept.owner != context.owner {
            return Err(ToolError::field("owner", "keys are made for oneself only"));
        }
        let known = context.catalog.keys_of(&context.owner).await?;
        let working = known.iter().filter(|key| key.view(context.now).state == KeyState::Works).count();
        if working >= MOST_KEYS {
            let message = format!("there are {MOST_KEYS} keys that work already; revoke one first");
            return Err(ToolError::field("name", message));
        }
        context.catalog.add_key(&kept).await?;
        Ok(key)
    }
}

/// A new key.
#[derive(Debug, Clone, Serialize)]
pub struct CreateKeyInput {
    /// The key as people see it, and as it is recorded.
    pub key: KeyView,
    /// The key as it is kept.
    #[serde(skip)]
    pub kept: ApiKey,
}

impl CreateKeyInput {
    /// A key that is to be kept.
    pub fn of(kept: ApiKey, now: Timestamp) -> Self {
        Self { key: kept.view(now), kept }
    }
}

/// The keys of the caller, the newest first.
pub struct ListOwnKeys;

impl Operation for ListOwnKeys {
    const NAME: &'static str = "list_own_keys";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<KeyView>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("Query"))
    }

    async fn run((): (), context: Context) -> Result<Vec<KeyView>, ToolError> {
        let keys = context.catalog.keys_of(&context.owner).await?;
        Ok(keys.iter().map(|key| key.view(context.now)).collect())
    }
}

/// Revokes a key of the caller.
pub struct RevokeOwnKey;

impl Operation for RevokeOwnKey {
    const NAME: &'static str = "revoke_own_key";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = KeyView;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("UpdateItem"))
    }

    async fn run(id: String, context: Context) -> Result<KeyView, ToolError> {
        let revoked = context.catalog.revoke_key(&id, Some(&context.owner), context.now).await?;
        Ok(revoked.view(context.now))
    }
}

/// The keys of everybody, with the names of those to whom they belong.
pub struct ListKeys;

impl Operation for ListKeys {
    const NAME: &'static str = "list_keys";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<KeyView>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok([resources("Scan"), vec![choices::dynamodb("Scan", USERS_TABLE)]].concat())
    }

    async fn run((): (), context: Context) -> Result<Vec<KeyView>, ToolError> {
        let keys = context.catalog.keys().await?;
        let users = context.catalog.users().await?;
        let users: HashMap<_, _> =
            users.into_iter().map(|user| (user.id, (user.name, user.disabled))).collect();
        let view = |key: &ApiKey| {
            let shown = key.view(context.now);
            let (name, away) = users
                .get(&key.owner)
                .map_or((None, true), |(name, disabled)| (Some(name.clone()), *disabled));
            let state =
                if away && shown.state == KeyState::Works { KeyState::OwnerAway } else { shown.state };
            KeyView { owner_name: name, state, ..shown }
        };
        Ok(keys.iter().map(view).collect())
    }
}

/// Revokes a key of anybody.
pub struct RevokeKey;

impl Operation for RevokeKey {
    const NAME: &'static str = "revoke_key";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = KeyView;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("UpdateItem"))
    }

    async fn run(id: String, context: Context) -> Result<KeyView, ToolError> {
        let revoked = context.catalog.revoke_key(&id, None, context.now).await?;
        Ok(revoked.view(context.now))
    }
}
