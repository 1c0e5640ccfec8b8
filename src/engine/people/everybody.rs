//! What admins do with an account that is there.

use super::refusal::{of_demo, refusal};
use super::table;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::USERS_TABLE;
use crate::engine::identity::{Identity, User};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Whose account it is.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Somebody {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) user: String,
}

/// Somebody whose account may be changed: those that the demo shares stay as the page of sign-in
/// offers them.
pub(super) async fn changeable(identity: &Identity, id: &str) -> Result<User, ToolError> {
    let user = identity.account(id).await.map_err(refusal)?;
    if user.is_shared() { Err(of_demo(&user.name)) } else { Ok(user) }
}

fn resources() -> Vec<AwsResource> {
    vec![table("PutItem", USERS_TABLE)]
}

/// Gives somebody another role, which ends their sessions.
pub(super) struct SetUserRole;

/// Whom, and which role.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SetUserRoleInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) user: String,
    pub(super) role: Role,
}

impl Operation for SetUserRole {
    const NAME: &'static str = "set_user_role";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = SetUserRoleInput;
    type Output = User;

    fn resources(_: &SetUserRoleInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources())
    }

    async fn run(input: SetUserRoleInput, _: Context) -> Result<User, ToolError> {
        let user = changeable(&input.identity, &input.user).await?;
        input.identity.set_role(&user.id, input.role).await.map_err(refusal)
    }
}

/// Lets somebody sign in no more, which ends their sessions.
pub(super) struct DisableUser;

impl Operation for DisableUser {
    const NAME: &'static str = "disable_user";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = Somebody;
    type Output = User;

    fn resources(_: &Somebody, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources())
    }

    async fn run(input: Somebody, _: Context) -> Result<User, ToolError> {
        let user = changeable(&input.identity, &input.user).await?;
        input.identity.set_disabled(&user.id, true).await.map_err(refusal)
    }
}

/// Lets somebody sign in again.
pub(super) struct EnableUser;

impl Operation for EnableUser {
    const NAME: &'static str = "enable_user";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = Somebody;
    type Output = User;

    fn resources(_: &Somebody, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources())
    }

    async fn run(input: Somebody, _: Context) -> Result<User, ToolError> {
        let user = changeable(&input.identity, &input.user).await?;
        input.identity.set_disabled(&user.id, false).await.map_err(refusal)
    }
}

/// Ends all sessions of somebody.
pub(super) struct EndUserSessions;

impl Operation for EndUserSessions {
    const NAME: &'static str = "end_user_sessions";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = Somebody;
    type Output = User;

    fn resources(_: &Somebody, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources())
    }

    async fn run(input: Somebody, _: Context) -> Result<User, ToolError> {
        input.identity.sign_out_everywhere(&input.user).await.map_err(refusal)
    }
}
