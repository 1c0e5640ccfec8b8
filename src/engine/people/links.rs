//! What admins do that makes a link: inviting somebody, and helping those who forgot their password.

use super::everybody::{Somebody, changeable};
use super::refusal::{of_disabled, refusal};
use super::table;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::{SETTINGS_TABLE, USERS_TABLE};
use crate::engine::identity::{Identity, Link, User};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Adds somebody, with the link by which they choose a password.
pub(super) struct AddUser;

/// Whom, and as what.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AddUserInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    #[serde(skip)]
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: Role,
}

impl Operation for AddUser {
    const NAME: &'static str = "add_user";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Page;
    type Input = AddUserInput;
    type Output = (User, Link);

    fn resources(_: &AddUserInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", USERS_TABLE), table("PutItem", SETTINGS_TABLE)])
    }

    async fn run(input: AddUserInput, _: Context) -> Result<(User, Link), ToolError> {
        let AddUserInput { identity, name, email, role } = input;
        let user = identity.add(&name, &email, role).await.map_err(refusal)?;
        let link = identity.link_for_password(&user).await.map_err(refusal)?;
        Ok((user, link))
    }
}

/// Makes a new link by which somebody chooses a password.
pub(super) struct MakePasswordLink;

impl Operation for MakePasswordLink {
    const NAME: &'static str = "make_password_link";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Page;
    type Input = Somebody;
    type Output = (User, Link);

    fn resources(_: &Somebody, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("GetItem", USERS_TABLE), table("PutItem", SETTINGS_TABLE)])
    }

    async fn run(input: Somebody, _: Context) -> Result<(User, Link), ToolError> {
        let user = changeable(&input.identity, &input.user).await?;
        if user.disabled {
            return Err(of_disabled(&user.name));
        }
        let link = input.identity.link_for_password(&user).await.map_err(refusal)?;
        Ok((user, link))
    }
}
